"""Ranges of one column are counted among conditions on columns with few codes, along the order of the first."""

from __future__ import annotations

import operator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest

import smsearch
from smsearch.columnar.engine import ColumnarEngine
from smsearch.columnar.operators.prefix_counts import COUNTED_FROM, KEPT_MAX
from smsearch.schema import catalogue
from smsearch.schema.names import Schema
from smsearch.searcher import Searcher
from smsearch.store.address import address
from smsearch.store.bitmap import PrefixCounts
from smsearch.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.store.column import Column

COUNT = 1_000
START = datetime(2024, 1, 1, tzinfo=UTC)
STATUSES = ("Completed", "Failed", "Stopped")


def job(number: int) -> dict[str, Any]:
    """A job whose last change and loss are no more in the order of its creation; some have no loss."""
    mixed = number * 617 % COUNT
    return {
        "TrainingJobName": f"job-{number:04}",
        "TrainingJobArn": f"arn:aws:sagemaker:eu-west-1:111122223333:training-job/job-{number:04}",
        "TrainingJobStatus": STATUSES[number % 3],
        "CreationTime": (START + timedelta(hours=number)).isoformat(),
        "LastModifiedTime": (START + timedelta(hours=mixed)).isoformat(),
        "FinalMetricDataList": [{"MetricName": "loss", "Value": mixed // 2, "Timestamp": 0}] if number % 5 else [],
        "Tags": [{"Key": "team", "Value": f"team-{number % 7}"}] if number % 2 else [],
    }


JOBS = [job(number) for number in range(COUNT)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("counts")
    (folder / "jobs.jsonl").write_bytes(b"\n".join(map(orjson.dumps, JOBS)))
    smsearch.build([folder / "jobs.jsonl"], folder / "store")
    return folder / "store"


@pytest.fixture
def store(folder: Path) -> Store:
    return Store(folder)


def loss(number: int) -> int | None:
    """The loss of a job; None where it has none."""
    metrics = JOBS[number]["FinalMetricDataList"]
    return metrics[0]["Value"] if metrics else None


@pytest.mark.parametrize("order", ["Metrics.loss", "CreationTime", "LastModifiedTime"])
@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("status = Failed", {1}),
        ("status != Failed", {0, 2}),
        ("(status = Failed OR status = Stopped)", {1, 2}),
        ('status = Failed AND Tags.team != "team-3"', {1}),
    ],
)
def test_pages_and_totals_are_those_of_testing_every_row(store: Store, text: str, others: set[int], order: str) -> None:
    searcher = Searcher(ColumnarEngine(store))
    for bound in (*range(0, 520, 40), 3, 500, -1):
        for sign, compare in (("<", operator.lt), (">=", operator.ge)):
            query = searcher.query(f"{text} AND Metrics.loss {sign} {bound} ORDER BY {order}")
            expected = [
                number
                for number in range(COUNT)
                if number % 3 in others
                and (value := loss(number)) is not None
                and compare(value, bound)
                and ("team" not in text or number % 7 != 3 or number % 2 == 0)
            ]
            assert len(query) == len(expected)
            assert sorted(query.names()) == [f"job-{number:04}" for number in expected]
    counts = _column(store, "Metrics", "loss").prefix_counts
    assert [type(one) for one in counts.values()] == [PrefixCounts]


def test_conditions_that_are_asked_seldom_are_not_counted_along_an_order(store: Store) -> None:
    searcher = Searcher(ColumnarEngine(store))
    column = _column(store, "LastModifiedTime")
    for at in range(COUNTED_FROM):
        assert not any(isinstance(one, PrefixCounts) for one in column.prefix_counts.values())
        assert searcher.count(f'status = Failed AND LastModifiedTime < "2024-01-{at + 10}"') > 0
    assert [type(one) for one in column.prefix_counts.values()] == [PrefixCounts]


def test_not_more_of_them_are_kept_than_codes_would_take(store: Store) -> None:
    searcher = Searcher(ColumnarEngine(store))
    column = _column(store, "LastModifiedTime")
    for at in range(3 * KEPT_MAX):
        searcher.count(f'LastModifiedTime < "2024-01-20" AND Tags.team IN ("team-{at % 7}", "other-{at}")')
        assert len(column.prefix_counts) <= KEPT_MAX


def _column(store: Store, *names: str) -> Column:
    (reader,) = store.of("TrainingJob")
    prop = Schema(catalogue.resource("TrainingJob"), {}).property(".".join(names))
    column = reader.tables.records.at(address(prop.steps))
    assert column is not None
    return column
