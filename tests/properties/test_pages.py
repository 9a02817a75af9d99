"""Laws of the live collection, judged by the reference: rows P1, R8, S4, E1, F8, F11."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from smsearch.live import reference
from smsearch.live.collection import Collection, collect
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind
from smsearch.predicate.predicate import all_of, any_of, negation
from smsearch.schema import versions
from smsearch.syntax.ast import BooleanOperator, Filter, SearchExpression
from smsearch.syntax.operators import Operator
from tests.properties.snapshots import content, groups
from tests.properties.strategies import (
    NO_NUMERALS,
    PROFILES,
    WORDS,
    expressions,
    property_filters,
    record_lists,
    resources,
    schema_of,
    sort_keys,
)

if TYPE_CHECKING:
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.record import Record

OPPOSITE = {
    Operator.EQUALS: Operator.NOT_EQUALS,
    Operator.NOT_EQUALS: Operator.EQUALS,
    Operator.EXISTS: Operator.NOT_EXISTS,
    Operator.NOT_EXISTS: Operator.EXISTS,
}


class Shelf:
    """What a collection of one resource is, told anew from everything that arrived: the judge of its groups."""

    def __init__(self) -> None:
        self.arrived: list[Record] = []

    @property
    def records(self) -> list[Record]:
        """The records of all groups."""
        return [record for _, record in groups(self.arrived)]

    def upsert(self, record: Record) -> None:
        """Puts a record in the place of all that was known of its group."""
        own = versions.key(record)
        rest = [other for other in self.arrived if versions.key(other) != own]
        keys = next(keys for keys, _ in groups([*rest, record]) if own in keys)
        self.arrived = [*(other for other in rest if versions.key(other) not in keys), record]

    def offer(self, record: Record) -> None:
        """Takes a snapshot among the others."""
        self.arrived.append(record)

    def remove(self, name: str) -> None:
        """Drops the groups of the records of a name."""
        gone = {key for keys, record in groups(self.arrived) if record.name == name for key in keys}
        self.arrived = [record for record in self.arrived if versions.key(record) not in gone]


def walk(
    collection: Collection, resource: str, predicate: Predicate, key: SortKey, sizes: list[int]
) -> tuple[list[Record], set[int], list[int]]:
    """All records page by page, the sizes taken in turn; the totals that pages said; how full each page was."""
    found: list[Record] = []
    totals: set[int] = set()
    lengths: list[int] = []
    page = collection.page(resource, predicate, key, b"", sizes[0], None)
    while True:
        found.extend(page.records)
        totals.add(page.total)
        lengths.append(len(page.records))
        if page.next_cursor is None:
            return found, totals, lengths
        size = sizes[len(lengths) % len(sizes)]
        page = collection.page(resource, predicate, key, page.next_cursor, size, page.total)


@given(data=st.data(), resource=resources())
def test_pages_of_any_sizes_are_the_references_result(data: st.DataObject, resource: str) -> None:
    arrived = data.draw(record_lists(resource))
    predicate = bind(data.draw(st.none() | expressions(resource)), schema_of(resource), DEFAULT)
    key = data.draw(sort_keys(resource))
    sizes = data.draw(st.lists(st.integers(1, 5), min_size=1, max_size=4))
    expected = Shelf()
    for record in arrived:
        expected.offer(record)
    collection, superseded = collect(arrived)
    assert superseded == len(arrived) - len(expected.records)
    found, totals, lengths = walk(collection, resource, predicate, key, sizes)
    assert list(map(content, found)) == list(map(content, reference.select(expected.records, predicate, key)))
    assert totals == {len(found)}
    assert all(length == sizes[at % len(sizes)] for at, length in enumerate(lengths[:-1]))
    assert 0 < lengths[-1] <= sizes[(len(lengths) - 1) % len(sizes)] or lengths == [0]


@given(data=st.data(), resource=resources())
def test_pages_stay_right_while_records_come_and_go(data: st.DataObject, resource: str) -> None:
    collection, expected = Collection(), Shelf()
    for record in data.draw(record_lists(resource)):
        collection.upsert(record)
        expected.upsert(record)
    predicate = bind(data.draw(expressions(resource)), schema_of(resource), DEFAULT)
    key = data.draw(sort_keys(resource))
    before, _, _ = walk(collection, resource, predicate, key, [2])
    assert list(map(content, before)) == list(map(content, reference.select(expected.records, predicate, key)))
    for record in data.draw(record_lists(resource)):
        if data.draw(st.booleans()):
            collection.upsert(record)
            expected.upsert(record)
        else:
            gone = len(expected.records)
            expected.remove(record.name)
            assert collection.remove(resource, record.name) == gone - len(expected.records)
    found, totals, _ = walk(collection, resource, predicate, key, [3])
    assert list(map(content, found)) == list(map(content, reference.select(expected.records, predicate, key)))
    assert totals == {len(found)}
    afresh = Collection()
    # One without an ARN comes last: it stands beside others of its name only where it cannot be any one of them.
    for record in sorted(expected.records, key=lambda record: not record.arn):
        afresh.upsert(record)
    assert collection.snapshot == afresh.snapshot
    assert collection.dynamic_names(resource) == afresh.dynamic_names(resource)


@given(data=st.data(), resource=resources())
def test_every_dynamic_name_is_a_property_that_a_record_has(data: st.DataObject, resource: str) -> None:
    collection, _ = collect(data.draw(record_lists(resource)))
    for name in collection.dynamic_names(resource):
        assert schema_of(resource).property(name).name == name


def rows(arrived: list[Record], predicate: Predicate) -> set[Record]:
    return {record for record in arrived if reference.holds(predicate, record.document)}


@given(data=st.data(), resource=resources())
def test_one_more_condition_never_adds_records_to_an_and_nor_takes_any_from_an_or(
    data: st.DataObject, resource: str
) -> None:
    arrived = data.draw(record_lists(resource))
    expression, clause = data.draw(expressions(resource)), data.draw(property_filters(resource))

    def both(operator: BooleanOperator) -> set[Record]:
        joined = SearchExpression((clause,), sub_expressions=(expression,), operator=operator)
        return rows(arrived, bind(joined, schema_of(resource), DEFAULT))

    alone = rows(arrived, bind(expression, schema_of(resource), DEFAULT))
    other = rows(arrived, bind(SearchExpression((clause,)), schema_of(resource), DEFAULT))
    assert both(BooleanOperator.AND) == alone & other
    assert both(BooleanOperator.OR) == alone | other


@given(data=st.data(), resource=resources())
def test_a_negation_is_the_complement_and_follows_de_morgan(data: st.DataObject, resource: str) -> None:
    arrived = data.draw(record_lists(resource))
    first, second = (bind(data.draw(expressions(resource)), schema_of(resource), DEFAULT) for _ in range(2))
    assert rows(arrived, negation(first)) == set(arrived) - rows(arrived, first)
    either = negation(any_of([first, second]))
    assert rows(arrived, either) == rows(arrived, all_of([negation(first), negation(second)]))


@given(data=st.data(), resource=resources())
def test_opposite_operators_part_the_records(data: st.DataObject, resource: str) -> None:
    arrived = data.draw(record_lists(resource))
    clause = data.draw(property_filters(resource).filter(lambda clause: clause.operator in OPPOSITE))
    opposite = Filter(clause.name, OPPOSITE[clause.operator], clause.value)
    some, others = (
        rows(arrived, bind(SearchExpression((each,)), schema_of(resource), DEFAULT)) for each in (clause, opposite)
    )
    assert some | others == set(arrived)
    assert not some & others


@given(
    data=st.data(),
    resource=resources(),
    items=st.lists(st.sampled_from(WORDS + NO_NUMERALS[:4]), min_size=1, max_size=5),
)
def test_in_is_an_or_of_equals(data: st.DataObject, resource: str, items: list[str]) -> None:
    arrived = data.draw(record_lists(resource))
    kinds = {name: schema_of(resource).property(name).kind for name in PROFILES[resource].names}
    name = data.draw(st.sampled_from([name for name, kind in kinds.items() if kind.holds_text]))
    blank = data.draw(st.sampled_from(("", " ", "\t ")))
    within = SearchExpression((Filter(name, Operator.IN, f"{blank},{blank}".join(items)),))
    equals = tuple(Filter(name, Operator.EQUALS, item) for item in items)
    either = SearchExpression(equals, operator=BooleanOperator.OR)
    assert rows(arrived, bind(within, schema_of(resource), DEFAULT)) == rows(
        arrived, bind(either, schema_of(resource), DEFAULT)
    )
