"""Samples of a result: the same from a store and from records in memory in what they promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import smsearch
from smsearch.engine.sampling import sampled_places

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.searcher import Searcher

JOBS = [
    {
        "TrainingJobName": f"job-{number:03}",
        "TrainingJobArn": f"arn:aws:sagemaker:eu-west-1:1:training-job/job-{number:03}",
        "TrainingJobStatus": "Completed" if number % 4 else "Failed",
        "BillableTimeInSeconds": number,
    }
    for number in range(200)
]


@pytest.fixture(params=["memory", "store"])
def searcher(request: pytest.FixtureRequest, tmp_path: Path) -> Searcher:
    if request.param == "memory":
        return smsearch.from_records(JOBS)
    import orjson

    (tmp_path / "jobs.json").write_bytes(orjson.dumps(JOBS))
    smsearch.build([tmp_path / "jobs.json"], tmp_path / "store")
    return smsearch.open(tmp_path / "store")


def test_a_sample_has_rows_of_the_matches_and_says_of_how_many(searcher: Searcher) -> None:
    result = searcher.query("status = Completed LIMIT 3")
    sample = result.sample(["name", "BillableTimeInSeconds"], 20, seed=5)
    assert sample.total == 150
    assert not sample.is_whole
    rows = sample.table.to_pylist()
    assert len({row["TrainingJobName"] for row in rows}) == 20
    assert all(row["TrainingJobName"] == f"job-{row['BillableTimeInSeconds']:03}" for row in rows)
    assert all(row["BillableTimeInSeconds"] % 4 for row in rows)
    assert result.sample(["name"], 20, seed=5).table["TrainingJobName"] == sample.table["TrainingJobName"]


def test_a_sample_of_few_matches_is_all_of_them(searcher: Searcher) -> None:
    sample = searcher.query("BillableTimeInSeconds < 30").sample(["BillableTimeInSeconds"], 30)
    assert sample.is_whole
    assert sorted(sample.table["BillableTimeInSeconds"].to_pylist()) == list(range(30))


def test_places_ascend_and_are_spread_over_all() -> None:
    places = sampled_places(1_000_000, 5_000, 1)
    assert len(set(places.tolist())) == 5_000
    assert places.tolist() == sorted(places.tolist())
    assert 480_000 < places.mean() < 520_000
    assert sampled_places(3, 5, 1).tolist() == [0, 1, 2]
