"""Contains over entries that stand scattered in their dictionary, in stores and in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import smsearch

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.searcher import Searcher

QUERIES = (
    "FailureReason CONTAINS disk",
    "FailureReason CONTAINS disk ORDER BY FailureReason",
    "FailureReason CONTAINS disk AND TrainingJobName CONTAINS '7-y'",
    "TrainingJobName CONTAINS '-y' ORDER BY TrainingJobName DESC",
    "TrainingJobName CONTAINS '-y' OR FailureReason CONTAINS disk ORDER BY CreationTime",
    "TrainingJobName CONTAINS '-y' OR TrainingJobStatus IN (Failed, Completed)",
    "TrainingJobName CONTAINS '-y' AND TrainingJobStatus IN (Failed, Completed)",
    "InputDataConfig[ChannelName = train AND DataSource.S3DataSource.S3Uri CONTAINS '/cat/'] ORDER BY CreationTime",
    "InputDataConfig.DataSource.S3DataSource.S3Uri CONTAINS '/cat/' ORDER BY TrainingJobName",
    "HyperParameters.note CONTAINS odd",
)


def uri(number: int) -> str:
    """A place of a channel, one of seventy, every other of them below a folder for cats."""
    return f"s3://bucket/{number % 70:02}/{'cat' if number % 2 else 'dog'}/data"


def job(number: int) -> dict[str, object]:
    """A job whose reason, if it has one, is one of forty, every other of which is about disks."""
    channels = [
        {"ChannelName": name, "DataSource": {"S3DataSource": {"S3Uri": uri(number * (at + 1))}}}
        for at, name in enumerate(("train", "test"))
    ]
    reason = {"FailureReason": f"{number % 40:02} {'disk' if number % 2 else 'memory'} full"} if number % 5 else {}
    return {
        "TrainingJobName": f"job-{number:04}-{'y' if number % 3 else 'x'}",
        "TrainingJobStatus": ("Completed", "Failing", "Failed", "Stopped")[number % 4],
        "CreationTime": 1_700_000_000 - number * 7 % 1_000,
        "InputDataConfig": channels,
        "HyperParameters": {"note": "odd" if number % 2 else "even"},
        **reason,
    }


@pytest.fixture(scope="module")
def searchers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Searcher, Searcher]:
    folder: Path = tmp_path_factory.mktemp("contains")
    live = smsearch.from_records([job(number) for number in range(6_000)])
    (folder / "jobs.jsonl").write_text("\n".join(line for line in lines(live)), encoding="utf-8")
    smsearch.build([folder / "jobs.jsonl"], folder / "store")
    return live, smsearch.open(folder / "store")


def lines(searcher: Searcher) -> list[str]:
    """Every record as a line of JSON."""
    import orjson

    return [orjson.dumps(document).decode() for document in searcher.query("")]


@pytest.mark.parametrize("query", QUERIES)
def test_a_store_finds_what_a_collection_in_memory_finds(query: str, searchers: tuple[Searcher, Searcher]) -> None:
    live, stored = (searcher.query(query) for searcher in searchers)
    assert stored.total == live.total > 0
    assert list(stored.names()) == list(live.names())
    assert list(stored.limited(30).names()) == list(live.names())[:30]
