"""A result of a store is the same table as one of the same records in memory, though it is taken from columns."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import orjson
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import smsearch
from smsearch.columnar.engine import ColumnarEngine
from smsearch.frames import arrow
from smsearch.live.collection import collect
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind_sort
from smsearch.predicate.predicate import ALWAYS
from smsearch.result import Result
from smsearch.schema import catalogue
from smsearch.schema.names import Schema
from smsearch.schema.parsed import ParsedDocuments
from smsearch.syntax.ast import SearchExpression
from smsearch.syntax.query import Query
from tests.columnar.test_against_live import engines
from tests.columnar.test_engine import write_store
from tests.exports_once import stored_exports
from tests.properties.strategies import property_filters, record_lists, resources, sorts

if TYPE_CHECKING:
    import pyarrow as pa

    from smsearch.engine.engine import Engine
    from smsearch.searcher import Searcher

EXPORTS = Path(__file__).resolve().parents[2] / "data" / "exports"


def asked(records: Engine, query: Query) -> Result:
    return Result(records, records.schema(query.resource or "TrainingJob"), query, DEFAULT)


def cells(table: pa.Table) -> dict[str, tuple[Any, str]]:
    """Types and values by column; text, since NaN is not equal to itself and -0.0 is to 0.0."""
    return {
        field.name: (field.type, repr(table[field.name].to_pylist()).replace("-0.0,", "0.0,").replace("-0.0]", "0.0]"))
        for field in table.schema
    }


def assert_same(result: Result, columns: list[str] | None = None, batch_rows: int = 5) -> None:
    """The frame from columns is the frame from the documents of the very same records."""
    chosen = result._engine.columns(result.resource, result._predicate, result._key, result.query.limit)  # noqa: SLF001
    assert chosen is not None
    records = list(result.records())
    props = result._names.in_columns(chosen, columns)  # noqa: SLF001
    plain = result.columns_of(records, columns)
    taken = arrow.stream(chosen, props, batch_rows).read_all()
    assert [prop.name for prop in plain] == [prop.name for prop in props]
    # A stored document says a time beyond the year 5138 in seconds that read as milliseconds; the column knows it.
    read = [prop for prop in props if not prop.kind.is_time]
    assert cells(taken.select([prop.name for prop in read])) == cells(arrow.table(records, read))
    assert taken.num_rows == len(records)


@settings(max_examples=60, deadline=None)
@given(st.data(), resources())
def test_any_records_give_the_same_table(data: st.DataObject, resource: str) -> None:
    collection, _ = collect(data.draw(record_lists(resource)))  # a store holds one record of a resource
    records = list(collection.records(resource, ALWAYS, bind_sort(None, None, collection.schema(resource))))
    sort_by, order = data.draw(sorts(resource))
    asked_for = data.draw(st.none() | property_filters(resource))
    expression = None if asked_for is None else SearchExpression((asked_for,))
    query = Query(
        expression, resource, sort_by=sort_by, sort_order=order, limit=data.draw(st.none() | st.integers(0, 5))
    )
    split = data.draw(st.integers(0, max(len(records) - 1, 0)))
    parts = [part for part in (records[:split], records[split:]) if part]
    with tempfile.TemporaryDirectory() as folder:
        if parts:
            engine = ColumnarEngine(write_store(Path(folder), parts))
            names = {*([] if asked_for is None else [asked_for.name]), *([sort_by] if sort_by else [])}
            assume(all(map(engine.schema(resource).knows, names)))  # a field that no record has is refused (row F6)
            assert_same(asked(engine, query), batch_rows=2)


@pytest.fixture(scope="module")
def both() -> tuple[Searcher, Searcher]:
    """The made-up exports in memory, and as a store."""
    return smsearch.open(EXPORTS), smsearch.open(stored_exports())


def test_exports_give_the_same_table_in_memory_and_from_a_store(both: tuple[Searcher, Searcher]) -> None:
    live, stored = both
    for resource in catalogue.searchable():
        asked_of = [searcher.query("", resource=resource) for searcher in (live, stored)]
        tables = [result.to_arrow() for result in asked_of]
        assert cells(tables[1]) == cells(tables[0]), resource


TRANSITIONS = [
    # One list of structures as four programs write it: numbers of seconds or of milliseconds, texts in some zone.
    [{"Status": "Starting", "StartTime": 1704164645.678, "EndTime": 1704164646}],
    [{"Status": "Starting", "StartTime": 1704164645678, "EndTime": 1704164646000}],
    [{"Status": "Starting", "StartTime": "2024-01-02T03:04:05.678Z", "EndTime": "2024-01-02T03:04:06+00:00"}],
    [{"Status": "Starting", "StartTime": "2024-01-02T04:04:05.678+01:00", "EndTime": "2024-01-02 03:04:06Z"}],
]
ON_THE_WIRE = '[{"Status":"Starting","StartTime":1704164645.678,"EndTime":1704164646.0}]'


def test_times_in_structures_are_as_the_api_has_them_whoever_exported_and_holds_them(tmp_path: Path) -> None:
    jobs = [
        {"TrainingJobName": str(number), "SecondaryStatusTransitions": transitions}
        for number, transitions in enumerate(TRANSITIONS)
    ]
    names = ["SecondaryStatusTransitions", "SecondaryStatusTransitions.StartTime"]
    for searcher in engines(tmp_path, jobs, [1, 3]).values():
        result = searcher.query("ORDER BY name")
        assert result.to_arrow()["SecondaryStatusTransitions"].to_pylist() == [ON_THE_WIRE] * len(TRANSITIONS)
        structures, times = result.to_arrow(names).columns
        assert set(structures.to_pylist()) == {ON_THE_WIRE}
        assert {time.timestamp() for (time,) in times.to_pylist()} == {1704164645.678}
        assert len(searcher.query("SELECT DISTINCT SecondaryStatusTransitions")) == 1


def test_structures_of_records_from_a_stored_document_stay_as_they_are() -> None:
    members = {"TrainingJobName": "a", "SecondaryStatusTransitions": orjson.loads(ON_THE_WIRE)}
    stored = orjson.dumps({"TrainingJob": members})
    schema = Schema(catalogue.resource("TrainingJob"))
    records = ParsedDocuments("TrainingJob", [stored])
    table = arrow.table(records, [schema.property("SecondaryStatusTransitions")])
    assert table["SecondaryStatusTransitions"].to_pylist() == [ON_THE_WIRE]


def test_readers_of_the_c_stream_take_a_stored_result(both: tuple[Searcher, Searcher]) -> None:
    result = both[1].query("SELECT TrainingJobName, CreationTime, HyperParameters.* ORDER BY TrainingJobName")
    names = result.to_arrow("TrainingJobName")["TrainingJobName"].to_pylist()
    assert pl.DataFrame(result)["TrainingJobName"].to_list() == names
    relation = duckdb.sql("select TrainingJobName from result")
    assert relation is not None
    assert [row[0] for row in relation.fetchall()] == names
