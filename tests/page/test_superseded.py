"""Record tells what other snapshots said, as far as the source still has them, and how many it has not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

import smsearch
from tests.page.browsing import app_of, browse

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.searcher import Searcher

ARN = "arn:aws:sagemaker:eu-west-1:111122223333:training-job/"


def job(hour: int, status: str, name: str = "a", **members: object) -> dict[str, Any]:
    return {
        "TrainingJobName": name,
        "TrainingJobArn": ARN + name,
        "TrainingJobStatus": status,
        "CreationTime": "2024-01-01T00:00:00Z",
        "LastModifiedTime": f"2024-01-01T{hour:02}:00:00Z",
        **members,
    }


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three files: a job under way among others, the same job twice when it had ended, and a later row of a List."""
    folder = tmp_path_factory.mktemp("exports")
    row = {**job(3, "Completed"), "TrainingEndTime": "2024-01-01T02:30:00Z"}
    files = {
        "1.json": [job(1, "InProgress", HyperParameters={"lr": "0.1"}), *(job(1, "Failed", f"b{n}") for n in range(9))],
        "2.json": [job(2, "Stopped"), job(2, "Completed", BillableTimeInSeconds=7, HyperParameters={"lr": "0.1"})],
        "3.json": {"TrainingJobSummaries": [row]},
    }
    for name, content in files.items():
        (folder / name).write_bytes(orjson.dumps(content))
    return [folder / name for name in files]


@pytest.fixture(scope="module")
def stored(exports: list[Path]) -> Searcher:
    """A store to which the second file was added."""
    store = exports[0].parent / "store"
    smsearch.build(exports[:1], store)
    smsearch.build(exports[1:2], store, add=True)
    return smsearch.open(store)


def test_an_engine_gives_the_other_snapshots_that_it_has(stored: Searcher, exports: list[Path]) -> None:
    (others,) = stored.engine.snapshots("TrainingJob", "a")
    assert [one.document["TrainingJobStatus"] for one in others] == ["InProgress"]
    assert (others[0].origin.file, others[0].is_partial) == ("1.json", False)
    assert stored.engine.snapshots("TrainingJob", ARN + "a")[0][0].document == others[0].document
    assert stored.engine.snapshots("TrainingJob", "b3") == [()]
    assert stored.engine.snapshots("TrainingJob", "nobody") == []
    in_memory = smsearch.open(*exports)
    (others,) = in_memory.engine.snapshots("TrainingJob", "a")
    assert [(one.origin.file, one.is_partial) for one in others] == [("2.json", False), ("3.json", True)]


def test_record_shows_what_a_superseded_snapshot_said(stored: Searcher) -> None:
    text = browse(app_of(stored), "/record?r=TrainingJob&name=a").text
    assert "A snapshot of 1.json, line 1, at [0], modified 2024-01-01 01:00:00: 3 differences" in text
    assert "TrainingJobStatus InProgress Completed" in text
    assert "BillableTimeInSeconds (absent) 7" in text
    assert "HyperParameters.lr 0.1" not in text.partition("It said")[2].partition("JSON")[0]
    assert "Of 1 snapshot that it superseded only the number is kept" in text


def test_members_that_a_summary_leaves_out_are_no_differences(exports: list[Path]) -> None:
    text = browse(app_of(smsearch.open(*exports)), "/record?r=TrainingJob&name=a").text
    assert (
        "A summary of 3.json, line 1, at TrainingJobSummaries[0], modified 2024-01-01 03:00:00: 0 differences" in text
    )
    assert "Of 2 snapshots that it superseded only the number is kept" in text


def test_held_snapshots_are_found_beside_the_segments(exports: list[Path]) -> None:
    store = exports[0].parent / "held"
    smsearch.build(exports[:1], store)
    for file in exports[1:]:
        smsearch.build([file], store, add=True)
    (others,) = smsearch.open(store).engine.snapshots("TrainingJob", "a")
    assert [(one.origin.file, one.is_partial) for one in others][-2:] == [("2.json", False), ("3.json", True)]


def test_a_record_that_came_once_says_nothing_of_others(stored: Searcher) -> None:
    text = browse(app_of(stored), "/record?r=TrainingJob&name=b3").text
    assert "Where it was read 1.json, line 1, at [4]." in text
    assert "snapshot" not in text.partition("Where it was read")[2].partition("JSON")[0]
