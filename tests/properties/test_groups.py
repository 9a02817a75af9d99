"""Random groupings of random records: the reference against live, a store of one segment, and one of three."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from smsearch.columnar.engine import ColumnarEngine
from smsearch.live import grouping, reference
from smsearch.live.collection import collect
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind, bind_sort
from tests.columnar.test_engine import write_store
from tests.properties.groupings import groupings
from tests.properties.strategies import EXTENDED, expressions, record_lists, resources, schema_of


@settings(deadline=None)
@given(data=st.data())
def test_groups_of_every_engine_are_the_references(data: st.DataObject) -> None:
    resource = data.draw(resources())
    collection, _ = collect(data.draw(record_lists(resource, max_size=20)))
    schema = schema_of(resource)
    records = list(collection.records(resource, bind(None, schema, DEFAULT), bind_sort(None, None, schema)))
    if not records:
        return
    keys, aggregates = data.draw(groupings(resource))
    expression = data.draw(st.none() | expressions(resource, extended=True))
    predicate = bind(expression, schema, EXTENDED)
    matching = (record for record in records if reference.holds(predicate, record.document))
    expected = grouping.group(matching, keys, aggregates)
    assert collection.group(resource, predicate, keys, aggregates) == expected
    for segments in (1, 3):
        parts = [part for part in (records[at::segments] for at in range(segments)) if part]
        with tempfile.TemporaryDirectory() as folder:
            stored = ColumnarEngine(write_store(Path(folder), parts))
            assert stored.group(resource, predicate, keys, aggregates) == expected, segments
