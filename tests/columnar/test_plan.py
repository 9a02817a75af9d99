"""What a page looks at, as `explain` tells it: over 1,000 jobs, one an hour."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

import smsearch
from smsearch.columnar.compiled_query import segment_order, segment_query
from smsearch.columnar.plan import make_plan
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind, bind_sort
from smsearch.schema import catalogue
from smsearch.schema.names import Schema
from smsearch.store.store import Store
from smsearch.syntax.ast import Filter, SearchExpression
from smsearch.syntax.operators import Operator

if TYPE_CHECKING:
    from smsearch.searcher import Searcher

START = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("plan")
    dump = Path(folder, "jobs.jsonl")
    dump.write_bytes(b"\n".join(orjson.dumps(job(number)) for number in range(1_000)))
    smsearch.build([dump], folder / "store")
    return smsearch.open(folder / "store")


def job(number: int) -> dict[str, object]:
    """A job that was created some hours after the start, and changed some days before it the later it was created."""
    return {
        "TrainingJobName": f"job-{number:04}",
        "TrainingJobArn": f"arn:aws:sagemaker:eu-west-1:111122223333:training-job/job-{number:04}",
        "TrainingJobStatus": ("Completed", "Failed", "Stopped")[number % 3],
        "CreationTime": (START + timedelta(hours=number)).isoformat(),
        "LastModifiedTime": (START - timedelta(days=number)).isoformat(),
    }


def rows_read(searcher: Searcher, query: str) -> int:
    """How many records were looked at for the first 100 matches."""
    (found,) = re.findall(r"^read +([\d,]+) records", searcher.query(query).explain(), re.MULTILINE)
    return int(found.replace(",", ""))


WINDOW = 'CreationTime >= "2024-01-11" AND CreationTime < "2024-01-21"'


def test_a_time_window_is_one_slice_and_its_page_no_more_rows_than_it_holds(searcher: Searcher) -> None:
    told = searcher.query(f"{WINDOW} ORDER BY CreationTime").explain()
    assert re.search(r"^filter +CreationTime: 240 of 1,000 rows$", told, re.MULTILINE), told
    assert re.search(r"^slice ", told, re.MULTILINE), told
    assert rows_read(searcher, f"{WINDOW} ORDER BY CreationTime") == 101
    assert next(searcher.query(f"{WINDOW} ORDER BY CreationTime").names()) == "job-0240"


def test_equalities_of_one_property_are_counted_without_a_look(searcher: Searcher) -> None:
    told = searcher.query("status = Failed OR status = Stopped OR status = Failed").explain()
    assert re.search(r"^filter +TrainingJobStatus: 666 of 1,000 rows$", told, re.MULTILINE), told
    told = searcher.query("status = Failed AND status = Stopped").explain()
    assert re.search(r"^plan +nothing", told, re.MULTILINE), told


STATUSES = ("Completed", "Failed", "InProgress", "Stopped", None)
NEGATIVES = [
    "status != Completed",
    "status != InProgress",
    "status != Stopped",
    "NOT (status = Failed OR status = InProgress)",
    "status != Failed AND status != InProgress",
    "NOT EXISTS status",
    "NOT (EXISTS status AND status != Failed)",
]


@pytest.fixture(scope="module", params=["every job has a status", "some jobs have none"])
def twins(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Searcher, Searcher]:
    """The same jobs in memory and in a store."""
    statuses = STATUSES if request.param == "some jobs have none" else STATUSES[:-1]
    folder = tmp_path_factory.mktemp("complements")
    jobs = [job(number) | {"TrainingJobStatus": statuses[number % len(statuses)]} for number in range(1_000)]
    dump = Path(folder, "jobs.jsonl")
    dump.write_bytes(b"\n".join(orjson.dumps({name: value for name, value in one.items() if value}) for one in jobs))
    smsearch.build([dump], folder / "store")
    return smsearch.open(dump), smsearch.open(folder / "store")


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
@pytest.mark.parametrize("negative", NEGATIVES)
def test_a_negative_condition_on_the_sort_property_is_slices(
    twins: tuple[Searcher, Searcher], negative: str, direction: str
) -> None:
    """Absent values satisfy `!=` (row F8) and stand at the end of either order (row S2)."""
    live, stored = twins
    query = f"{negative} ORDER BY status {direction}"
    expected = list(live.query(query).names())
    assert list(stored.query(query).names()) == expected
    explained = stored.query(query).explain()
    if expected:
        assert re.search(r"^slice +positions ", explained, re.MULTILINE), explained
        assert re.search(rf"^filter +TrainingJobStatus: {len(expected)} of 1,000 rows$", explained, re.MULTILINE)
    if expected and "NOT EXISTS" not in negative:  # among the jobs without a status, positions of others are skipped
        assert rows_read(stored, query) <= 101


def test_a_negative_condition_is_planned_as_its_positive_twin(searcher: Searcher) -> None:
    order = "ORDER BY status"
    negative = searcher.query(f"status != Completed {order}").explain()
    positive = searcher.query(f"status IN (Failed, Stopped) {order}").explain()
    steps = re.compile(r"^(?:plan|slice|filter|read|total) .*$", re.MULTILINE)
    assert steps.findall(negative) == steps.findall(positive)


def test_a_scan_of_few_rows_among_many_positions_is_not_taken_for_cheap(tmp_path: Path) -> None:
    """A row without a status has one position in a thousand: passing the others costs more than gathering it."""
    dump = tmp_path / "jobs.jsonl"
    jobs = [job(number) for number in range(5_000)]
    for number in (7, 4_007):
        del jobs[number]["TrainingJobStatus"]
    dump.write_bytes(b"\n".join(map(orjson.dumps, jobs)))
    smsearch.build([dump], tmp_path / "store")
    searcher = smsearch.open(tmp_path / "store")
    query = "NOT EXISTS status ORDER BY status"
    assert list(searcher.query(query).names()) == ["job-0007", "job-4007"]
    explained = searcher.query(query).explain()
    assert re.search(r"^plan +gather and sort", explained, re.MULTILINE), explained
    assert re.search(r"^read +2 records for 2 matches", explained, re.MULTILINE), explained


def test_the_residual_condition_counts_the_rows_of_the_segment(tmp_path: Path) -> None:
    """Every job has the sort value, so no position is for a job without one."""
    dump = tmp_path / "jobs.jsonl"
    dump.write_bytes(b"\n".join(orjson.dumps(job(number)) for number in range(100)))
    smsearch.build([dump], tmp_path / "store")
    (reader,) = Store(tmp_path / "store").of("TrainingJob")
    schema = Schema(catalogue.resource("TrainingJob"), {})
    conditions = (
        Filter("CreationTime", Operator.GREATER_THAN, "2024-01-02"),
        Filter("TrainingJobStatus", Operator.EQUALS, "Failed"),
        Filter("TrainingJobName", Operator.CONTAINS, "job-00"),
    )
    predicate = bind(SearchExpression(conditions), schema, DEFAULT)
    segment = segment_query(reader, predicate, segment_order(reader, bind_sort("CreationTime", None, schema)))
    plan = make_plan(segment.condition, segment.order, 0, 10)
    assert plan.is_confined
    assert plan.residual is not None
    assert plan.residual.row_count == 100
    assert 0 < plan.residual.estimated_count < 100


def test_a_question_that_is_asked_again_begins_where_its_first_match_was(searcher: Searcher) -> None:
    searcher.forget()
    query = 'CreationTime >= "2024-01-31" AND CreationTime < "2024-02-10" ORDER BY LastModifiedTime DESC'
    expected = [f"job-{number:04}" for number in range(720, 960)]
    assert rows_read(searcher, query) > 720
    assert list(searcher.query(query).names()) == expected
    assert rows_read(searcher, query) <= 280
    assert list(searcher.query(query).names()) == expected
