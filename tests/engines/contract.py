"""The contract of an engine, as tests: whatever implements `smsearch.engine.engine.Engine` passes them all.

A new engine makes a subclass of `EngineContract` and a fixture `make` that gives its engine over some records; see
`test_contract.py` for memory and stores, `tests/cluster/test_contract.py` for Spark. What is right is said by the
reference (`live/reference.py`), which judges one record at a time, and by plain counting.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING, Any, Final

import orjson
import pytest

from smsearch.engine.cursor import CURSOR_BYTES_MAX, InvalidCursorError
from smsearch.engine.engine import Engine
from smsearch.engine.value_counts import count_values
from smsearch.frames.columns import coverage
from smsearch.frozen import replace
from smsearch.ingest import load
from smsearch.ingest.report import Report
from smsearch.live import reference
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind, bind_sort
from smsearch.predicate.predicate import ALWAYS, NEVER
from smsearch.schema import catalogue, notation, read
from smsearch.schema.observe import dynamic_names
from smsearch.schema.record import Record
from smsearch.syntax.ast import SortOrder
from smsearch.syntax.text.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smsearch.engine.cursor import Cursor
    from smsearch.engine.page import Page
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property

Make = Callable[[list[Record]], Engine]
"""Gives an engine over some records."""
JOBS: Final = "TrainingJob"
OTHERS: Final = "Experiment"
POLICY: Final = replace(DEFAULT, contains_max=None)
STATUSES: Final = ("Completed", "Failed", None, "Stopped", "Completed")
RATES: Final = ("0.1", "0.10", "1e-1", "fast", None, "10", "9")
QUERIES: Final = (
    "",
    "status = Completed",
    "status != Completed",
    "status IN (Failed, Stopped) AND NOT EXISTS FailureReason",
    "NOT (status = Failed OR HyperParameters.lr = 0.1)",
    "HyperParameters.lr >= 0.1",
    "FailureReason CONTAINS 'Error'",
    "InputDataConfig[ChannelName = train AND ContentType = 'text/csv']",
    "NOT InputDataConfig.ChannelName = train",
    "CreationTime >= '2024-01-03' AND CreationTime < '2024-01-06' OR Tags.team = vision",
    "Metrics.loss < 0.5",
)
ORDERS: Final = ("TrainingJobName", "TrainingJobStatus", "HyperParameters.lr", "CreationTime")
SIZES: Final = (4, 1, 7)


def objects() -> Iterator[dict[str, Any]]:
    """Jobs of equal and absent values, numbers in several spellings, lists, families and a field of the user's own."""
    for number in range(23):
        name = f"job-{number:02}"
        status, rate = STATUSES[number % len(STATUSES)], RATES[number % len(RATES)]
        channels = [("train", "text/csv"), ("test", "application/json")][: number % 3]
        account = "111122223333" if number % 4 else "444455556666"
        job: dict[str, Any] = {
            "TrainingJobName": name,
            "TrainingJobArn": f"arn:aws:sagemaker:eu-west-1:{account}:training-job/{name}",
            "CreationTime": f"2024-01-{number % 9 + 1:02}T00:00:00Z",
            "BillableTimeInSeconds": number * 3 % 40,
            "InputDataConfig": [{"ChannelName": channel, "ContentType": kind} for channel, kind in channels],
            "FinalMetricDataList": [{"MetricName": "loss", "Value": number / 20}],
        }
        job |= {} if status is None else {"TrainingJobStatus": status}
        job |= {} if rate is None else {"HyperParameters": {"lr": rate}}
        job |= {"FailureReason": f"AlgorithmError: {number} \u00e9"} if status == "Failed" else {}
        job |= {"Tags": [{"Key": "team", "Value": ["vision", "text"][number % 2]}]} if number % 5 else {}
        job |= {"Cost": number / 2} if number % 6 == 0 else {}
        yield {JOBS: job}
    for name in ("b", "a"):
        arn = f"arn:aws:sagemaker:eu-west-1:111122223333:experiment/{name}"
        yield {OTHERS: {"ExperimentName": name, "ExperimentArn": arn}}


def identities(records: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - any iterable of records
    return [(record.arn, record.name) for record in records]


def bound(engine: Engine, query: str, sort_by: str, order: SortOrder) -> tuple[Predicate, SortKey]:
    schema = engine.schema(JOBS)
    parsed = parse(query, {}, resource=JOBS)
    expression = parsed.resolve_aliases(schema.knows, JOBS).expression
    return bind(expression, schema, POLICY), bind_sort(sort_by, order, schema)


def pages(engine: Engine, predicate: Predicate, key: SortKey) -> Iterator[tuple[Cursor, int, Page]]:
    """Each page with the cursor and the size that it was asked for."""
    cursor: Cursor | None = b""
    turn = 0
    while cursor is not None:
        size = SIZES[turn % len(SIZES)]
        page = engine.page(JOBS, predicate, key, cursor, size, None)
        yield cursor, size, page
        cursor, turn = page.next_cursor, turn + 1


class EngineContract:
    """Every test of an engine; a subclass has a fixture `make`."""

    @pytest.fixture(scope="class")
    @classmethod
    def records(cls) -> list[Record]:
        return list(load.from_objects(objects(), Report()))

    @pytest.fixture(scope="class")
    @classmethod
    def jobs(cls, records: list[Record]) -> list[Record]:
        return [record for record in records if record.resource == JOBS]

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, make: Make, records: list[Record]) -> Engine:
        return make(records)

    @pytest.fixture(scope="class")
    @classmethod
    def schema(cls, engine: Engine) -> Schema:
        return engine.schema(JOBS)

    def orders(self, query: str) -> Iterable[tuple[str, SortOrder]]:
        """The orders in which the pages of a query are asked for: all; of a slow engine some for each query."""
        assert query in QUERIES
        return product(ORDERS, SortOrder)

    def test_what_there_is(self, engine: Engine, jobs: list[Record]) -> None:
        assert engine.snapshot
        assert engine.resources() == {JOBS: len(jobs), OTHERS: 2}
        assert list(engine.resources()) == [kind for kind in catalogue.kinds() if kind in {JOBS, OTHERS}]
        assert engine.main_account() == "111122223333"
        assert engine.schema(JOBS).knows("Cost")
        assert not engine.schema(OTHERS).knows("Cost")

    @pytest.mark.parametrize("query", QUERIES)
    def test_pages_are_the_references_result(self, engine: Engine, jobs: list[Record], query: str) -> None:
        for sort_by, order in self.orders(query):
            predicate, key = bound(engine, query, sort_by, order)
            expected = identities(reference.select(jobs, predicate, key))
            found: list[tuple[str, str]] = []
            for cursor, size, page in pages(engine, predicate, key):
                assert isinstance(cursor, bytes)
                assert len(cursor) <= CURSOR_BYTES_MAX
                assert len(page.records) == size or page.next_cursor is None
                assert len(page.records) or not expected, "a cursor leads to no empty page"
                assert page.total == len(expected)
                found += identities(page.records)
            assert found == expected, (sort_by, order)
            assert engine.count(JOBS, predicate) == len(expected)

    def test_records_are_every_match_in_order_and_whole(self, engine: Engine, jobs: list[Record]) -> None:
        predicate, key = bound(engine, "status != Failed", "CreationTime", SortOrder.DESCENDING)
        expected = reference.select(jobs, predicate, key)
        found = list(engine.records(JOBS, predicate, key))
        assert identities(found) == identities(expected)
        assert list(map(_members, found)) == list(map(_members, expected))

    def test_a_cursor_is_good_after_the_engine_has_forgotten_it_and_for_any_size(self, engine: Engine) -> None:
        predicate, key = bound(engine, "status != Failed", "TrainingJobStatus", SortOrder.DESCENDING)
        whole = identities(engine.records(JOBS, predicate, key))
        given = [page.next_cursor for _, _, page in pages(engine, predicate, key) if page.next_cursor is not None]
        first = sum(SIZES[:1])
        engine.forget()
        page = engine.page(JOBS, predicate, key, given[0], 5, None)
        assert identities(page.records) == whole[first : first + 5]

    def test_other_bytes_are_no_cursor(self, engine: Engine) -> None:
        predicate, key = bound(engine, "status != Failed", "TrainingJobStatus", SortOrder.ASCENDING)
        given = engine.page(JOBS, predicate, key, b"", 3, None).next_cursor
        assert given is not None
        for forged in (b"x", b"\xff" * 8, b"\xff" * 64, given + b"\0", given * 2, bytes(7)):
            with pytest.raises(InvalidCursorError):
                engine.page(JOBS, predicate, key, forged, 3, None)
        with pytest.raises(InvalidCursorError):
            engine.page(JOBS, NEVER, key, given, 3, None)

    def test_nothing_is_an_empty_page(self, engine: Engine) -> None:
        _, key = bound(engine, "", "TrainingJobName", SortOrder.ASCENDING)
        page = engine.page(JOBS, NEVER, key, b"", 3, None)
        assert (list(page.records), page.next_cursor, page.total) == ([], None, 0)
        schema = engine.schema("Model")
        page = engine.page("Model", ALWAYS, bind_sort(None, None, schema), b"", 3, None)
        assert (list(page.records), page.next_cursor, page.total) == ([], None, 0)

    def test_stored_bytes_are_the_records(self, engine: Engine) -> None:
        predicate, key = bound(engine, "status = Failed", "TrainingJobName", SortOrder.ASCENDING)
        page = engine.page(JOBS, predicate, key, b"", 3, None)
        if page.stored is not None:
            documents = [orjson.loads(document)[JOBS] for document in page.stored]
            assert [one["TrainingJobName"] for one in documents] == [record.name for record in page.records]

    @pytest.mark.parametrize("size", [1, 5, 10_000])
    def test_values_are_counted_among_a_sample_or_among_all(self, engine: Engine, schema: Schema, size: int) -> None:
        predicate, _ = bound(engine, "status != Completed", "TrainingJobName", SortOrder.ASCENDING)
        total = engine.count(JOBS, predicate)
        prop = schema.property("TrainingJobStatus")
        (every,) = engine.value_counts(JOBS, predicate, [prop])
        (some,) = engine.value_counts(JOBS, predicate, [prop], size)
        (again,) = engine.value_counts(JOBS, predicate, [prop], size)
        assert some.matching in {min(size, total), total}
        assert sum(number for _, number in some.items()) == some.present <= some.matching
        assert all(number <= dict(every.items())[value] for value, number in some.items())
        assert list(some.items()) == list(again.items())

    @pytest.mark.parametrize("query", ["", "status != Completed"])
    def test_values_are_counted_as_they_are_in_the_records(
        self, engine: Engine, jobs: list[Record], schema: Schema, query: str
    ) -> None:
        predicate, _ = bound(engine, query, "TrainingJobName", SortOrder.ASCENDING)
        matching = [record.document for record in jobs if reference.holds(predicate, record.document)]
        names = ("TrainingJobStatus", "HyperParameters.lr", "BillableTimeInSeconds", "InputDataConfig.ChannelName")
        props = [schema.property(name) for name in (*names, "CreationTime", "Tags.team", "InputDataConfig", "Cost")]
        for prop, counts in zip(props, engine.value_counts(JOBS, predicate, props), strict=True):
            expected = count_values((read.property_values(document, prop) for document in matching), prop.kind)
            for name in ("matching", "present", "unreadable", "distinct", "number_count", "distinct_numbers"):
                assert getattr(counts, name) == getattr(expected, name), (prop.name, name)
            assert list(counts.items()) == list(expected.items())
            assert counts.top(2) == expected.top(2)
            assert [counts.at(rank) for rank in range(counts.number_count)] == [
                expected.at(rank) for rank in range(expected.number_count)
            ]
        present = [sum(bool(read.raw_values(one, prop.steps)) for one in matching) for prop in props]
        assert engine.presence_counts(JOBS, predicate, props) == present

    def test_columns_are_the_records(self, engine: Engine, jobs: list[Record], schema: Schema) -> None:
        predicate, key = bound(engine, "status != Failed", "HyperParameters.lr", SortOrder.DESCENDING)
        columns = engine.columns(JOBS, predicate, key, 9)
        if columns is None:
            return
        expected = reference.select(jobs, predicate, key)[:9]
        assert len(columns) == 9
        assert identities(columns.records(0, 9)) == identities(expected)
        for name in ("TrainingJobStatus", "BillableTimeInSeconds", "Tags.team"):
            prop = schema.property(name)
            column = columns.column(prop)
            assert column is not None
            assert column.array(0, 9).to_pylist() == [_only(record, prop) for record in expected]
        assert columns.has(schema.property("Cost")) is any("Cost" in record.document for record in expected)

    def test_a_sample_is_of_the_matches_and_the_same_for_a_seed(self, engine: Engine, jobs: list[Record]) -> None:
        predicate, key = bound(engine, "status != Failed", "CreationTime", SortOrder.ASCENDING)
        columns = engine.sample(JOBS, predicate, 7, 3)
        if columns is None:
            return
        every = set(identities(reference.select(jobs, predicate, key)))
        taken = identities(columns.records(0, 7))
        assert len(columns) == len(set(taken)) == 7
        assert set(taken) < every
        again = engine.sample(JOBS, predicate, 7, 3)
        assert again is not None
        assert identities(again.records(0, 7)) == taken
        others = [engine.sample(JOBS, predicate, 7, seed) for seed in range(4, 8)]
        assert any(identities(other.records(0, 7)) != taken for other in others if other is not None)
        whole = engine.sample(JOBS, predicate, len(every) + 1, 3)
        assert whole is not None
        assert set(identities(whole.records(0, len(whole)))) == every

    def test_every_property_that_a_record_has_is_observed(self, engine: Engine, jobs: list[Record]) -> None:
        observed = engine.observed_properties(JOBS)
        if observed is not None:
            assert set(coverage(jobs, engine.schema(JOBS), inside_lists=True)) <= set(observed)

    def test_look_ups(self, engine: Engine, jobs: list[Record], schema: Schema) -> None:
        assert identities(engine.find(JOBS, "job-03")) == identities(jobs[3:4])
        assert identities(engine.find(JOBS, jobs[4].arn)) == identities(jobs[4:5])
        assert len(engine.sources(JOBS, "job-03")) in {0, 1}
        assert engine.snapshots(JOBS, "job-03") == [()]
        assert engine.snapshots(JOBS, "job-99") == []
        assert not engine.find(JOBS, "job-99")
        assert not engine.find("Model", "job-03")
        own = {name for record in jobs for name in dynamic_names(record.document, schema)}
        assert engine.dynamic_names(JOBS) == own
        texts = engine.spellings(JOBS, schema.property("TrainingJobStatus"), "Complete", 10)
        assert sorted(set(texts)) == ["Completed", "Failed", "Stopped"]
        assert set(engine.spellings(JOBS, schema.property("HyperParameters.lr"), "1", 10)) == {"fast"}

    def test_an_explanation_has_lines(self, engine: Engine) -> None:
        predicate, key = bound(engine, "status = Failed", "TrainingJobName", SortOrder.ASCENDING)
        lines = engine.explain(JOBS, predicate, key, 10)
        assert lines
        assert all(line and "\n" not in line for line in lines)


def _members(record: Record) -> dict[str, Any]:
    """A record's document, times as text; an empty list is as good as none, since a store writes Tags of every job."""
    members = notation.document(record, notation.ISO)
    return {name: value for name, value in members.items() if value != []}


def _only(record: Record, prop: Property) -> object:
    """The one value that a record has of a property, as JSON; None where it has none."""
    return next(iter(read.raw_values(record.document, prop.steps)), None)
