"""Tallies of a store, of a collection and of plain counting: the same values, counts, ranks and bounds."""

from __future__ import annotations

import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from smsearch.columnar.engine import ColumnarEngine
from smsearch.frozen import replace
from smsearch.live import reference
from smsearch.live.collection import collect
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind, bind_sort
from smsearch.schema import read, values
from smsearch.schema.value_kinds import Kind, ValueType
from smsearch.schema.values import UNREADABLE, SpelledNumber
from tests.columnar.test_engine import write_store
from tests.properties.strategies import PROFILES, expressions, record_lists, resources, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsearch.engine.value_counts import ValueCounts
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record


def plainly(records: Iterable[Record], prop: Property) -> tuple[int, int, Counter[object]]:
    """How many records have a property, how many of them unreadably, and how many have each value."""
    having = unreadable = 0
    counts: Counter[object] = Counter()
    for record in records:
        raws = read.raw_values(record.document, prop.steps)
        having += bool(raws)
        typed = {prop.kind.read(raw) for raw in raws}
        found = {value.spelling if isinstance(value, SpelledNumber) else value for value in typed}
        unreadable += UNREADABLE in found and prop.kind.has_values
        counts.update(value for value in found if value is not UNREADABLE)
    return having, unreadable, counts


def numbers_in(counts: Counter[object], kind: Kind) -> list[Decimal | int]:
    """Every occurrence of a number or a time, sorted."""
    found: list[Decimal | int] = []
    for value, count in counts.items():
        number = (
            values.parse_number(value) if kind.type is ValueType.TEXT_OR_NUMBER and isinstance(value, str) else value
        )
        if kind.is_measured and isinstance(number, Decimal | int):
            found += [number] * count
    return sorted(found)


def told(tally: ValueCounts) -> tuple[object, ...]:
    """All that a tally says without being asked for a number."""
    return (
        tally.matching,
        tally.present,
        tally.unreadable,
        tally.distinct,
        tally.number_count,
        list(tally.items()),
    )


def assert_is(tally: ValueCounts, records: list[Record], prop: Property) -> None:
    having, unreadable, counts = plainly(records, prop)
    assert (tally.matching, tally.present, tally.unreadable) == (len(records), having, unreadable)
    items = list(tally.items())
    assert tally.distinct == len(items)
    assert dict(items) == counts
    if prop.kind.type is not ValueType.TEXT_OR_NUMBER:  # of which every spelling counts
        assert tally.distinct_numbers == len({*numbers_in(counts, prop.kind)})
    texts = [value for value, _ in items if isinstance(value, str)]
    for prefix in {text[:1] for text in texts}:
        expected = [text for text in texts if text.startswith(prefix)]
        assert [value for value, _ in tally.items(prefix) if isinstance(value, str)] == expected
    most = tally.top(3)
    assert [count for _, count in most] == sorted((count for _, count in items), reverse=True)[:3]
    assert all(dict(items)[value] == count for value, count in most)
    ordered = sorted(items, key=lambda item: -item[1])  # stable, so equals are in order
    assert most == ordered[:3]
    measures = numbers_in(counts, prop.kind)
    assert tally.number_count == len(measures)
    assert [tally.at(rank) for rank in range(tally.number_count)] == measures
    for bound in measures:
        assert tally.below(bound) == sum(number < bound for number in measures)


@settings(deadline=None)
@given(data=st.data())
def test_a_store_counts_values_as_the_records_do(data: st.DataObject) -> None:
    resource = data.draw(resources())
    collection, _ = collect(data.draw(record_lists(resource)))
    schema = schema_of(resource)
    key = bind_sort(None, None, schema)
    everything = list(collection.records(resource, bind(None, schema, DEFAULT), key))
    if not everything:
        return
    expression = data.draw(st.none() | expressions(resource))
    predicate = bind(expression, schema, replace(DEFAULT, contains_max=None))
    matching = reference.select(everything, predicate, key)
    cuts = data.draw(st.integers(1, 2))
    parts = [part for part in (everything[at::cuts] for at in range(cuts)) if part]
    dead = data.draw(st.sets(st.integers(0, len(parts[0]) - 1), max_size=1))
    superseded = [parts[0][place] for place in dead]
    props = [schema.property(name) for name in (*PROFILES[resource].names, *PROFILES[resource].derived)]
    with tempfile.TemporaryDirectory() as folder:
        stored = ColumnarEngine(write_store(Path(folder), parts, [list(dead), *([] for _ in parts[1:])]))
        alive = [record for record in matching if record not in superseded]
        tallies = stored.value_counts(resource, predicate, props)
        for tally, prop in zip(tallies, props, strict=True):
            assert_is(tally, alive, prop)
        having = [plainly(alive, prop)[0] for prop in props]
        assert stored.presence_counts(resource, predicate, props) == having
        if not superseded:  # a collection has dropped them, and who their twin was
            assert collection.presence_counts(resource, predicate, props) == having
            lives = collection.value_counts(resource, predicate, props)
            for tally, live, prop in zip(tallies, lives, props, strict=True):
                assert_is(live, alive, prop)
                assert told(tally) == told(live), prop
