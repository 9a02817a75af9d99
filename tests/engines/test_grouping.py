"""What every engine's groups have beyond the cases of conformance: their bound, and sums of every width."""

from __future__ import annotations

import random
import tracemalloc
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from smsearch.columnar.engine import ColumnarEngine
from smsearch.engine import grouping
from smsearch.engine.grouping import Aggregate, Function, GroupKey
from smsearch.errors import LimitExceededError
from smsearch.ingest import load
from smsearch.ingest.report import Report
from smsearch.live.collection import collect
from smsearch.predicate.predicate import ALWAYS
from tests.columnar.test_engine import write_store

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.engine.engine import Engine
    from smsearch.schema.record import Record

JOBS = "TrainingJob"


def jobs(*members: dict[str, Any]) -> list[Record]:
    named = ({JOBS: {"TrainingJobName": f"job-{at:03}", **one}} for at, one in enumerate(members))
    return list(load.from_objects(named, Report()))


@pytest.fixture(params=["live", "store"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """Thirty jobs of thirty names."""
    records = jobs(*[{} for _ in range(30)])
    return collect(records)[0] if request.param == "live" else ColumnarEngine(write_store(tmp_path, [records]))


def test_more_groups_than_an_answer_may_have_are_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [GroupKey(engine.schema(JOBS).property("TrainingJobName"))]
    monkeypatch.setattr(grouping, "GROUPS_MAX", 30)
    assert len(engine.group(JOBS, ALWAYS, keys, []).keys) == 30
    monkeypatch.setattr(grouping, "GROUPS_MAX", 29)
    with pytest.raises(LimitExceededError, match="30 groups, and an answer has at most 29"):
        engine.group(JOBS, ALWAYS, keys, [])


def test_a_group_takes_about_the_memory_that_is_documented(tmp_path: Path) -> None:
    """Row A9 says a kilobyte; eight numbers of each group, two of them with a name, take one and a half."""
    count = 4_000
    records = jobs(
        *[
            {"BillableTimeInSeconds": at, "FinalMetricDataList": [{"MetricName": "m", "Value": at / 7}]}
            for at in range(count)
        ]
    )
    store = ColumnarEngine(write_store(tmp_path, [records]))
    name, seconds, metric = map(store.schema(JOBS).property, ("TrainingJobName", "BillableTimeInSeconds", "Metrics.m"))
    functions = (Function.SUM, Function.AVG, Function.MEDIAN, Function.BEST)
    aggregates = [Aggregate(function, prop) for function in functions for prop in (seconds, metric)]
    store.group(JOBS, ALWAYS, [GroupKey(name)], aggregates)  # what the store keeps of its columns is no group's
    tracemalloc.start()
    grouped = store.group(JOBS, ALWAYS, [GroupKey(name)], aggregates)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(grouped.keys) == count
    assert peak < count * 1_800


@pytest.mark.parametrize("spread", [0, 20, 200, 1_000])
def test_sums_and_squares_of_doubles_are_those_of_fractions(tmp_path: Path, spread: int) -> None:
    chance = random.Random(spread)
    numbers = [chance.uniform(-1, 1) * 2.0 ** chance.randint(-spread, min(spread, 500)) for _ in range(200)]
    records = jobs(*[{"FinalMetricDataList": [{"MetricName": "loss", "Value": number}]} for number in numbers])
    store = ColumnarEngine(write_store(tmp_path, [records]))
    prop = store.schema(JOBS).property("Metrics.loss")
    asked = [Aggregate(function, prop) for function in (Function.SUM, Function.AVG, Function.STDDEV)]
    grouped = store.group(JOBS, ALWAYS, [], asked)
    assert grouped == collect(records)[0].group(JOBS, ALWAYS, [], asked)
    assert float(str(grouped.cells[0][0])) == float(sum(map(Fraction, numbers)))
