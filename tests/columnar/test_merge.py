"""Rows of several segments stand in one order, as those of the live collection, however their keys are compared."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.columnar.operators import merge, sort_values
from smsearch.ingest import merging

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.searcher import Searcher

ORDERS = (
    *("TrainingJobStatus", "TrainingJobName DESC", "FailureReason", "CreationTime DESC", "BillableTimeInSeconds DESC"),
    *(
        "HyperParameters.lr",
        "HyperParameters.lr DESC",
        "Mine DESC",
        "status, BillableTimeInSeconds DESC",
        "EnableNetworkIsolation",
    ),
)
LRS = ("0.1", "0.10", "x", "", "1e400", "2", None)
BILLABLE = (1, 2.5, float("nan"), 2**53 + 1, -1, None)
MINE = (1, "1", True, "a", [1], None)


def jobs() -> list[dict[str, Any]]:
    """Jobs of which many share a value, or have none."""
    return [
        {
            "TrainingJobName": f"job-{(at * 7) % 60:02}",
            "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:111122223333:training-job/job-{(at * 7) % 60:02}",
            "TrainingJobStatus": ("Completed", "Failed")[at % 2],
            "CreationTime": 1_700_000_000 + at // 3,
            "EnableNetworkIsolation": at % 3 == 0,
            "BillableTimeInSeconds": BILLABLE[at % len(BILLABLE)],
            "FailureReason": ("é", "z", None)[at % 3],
            "HyperParameters": {} if LRS[at % len(LRS)] is None else {"lr": LRS[at % len(LRS)]},
            "Mine": MINE[at % len(MINE)],
        }
        for at in range(60)
    ]


@pytest.fixture(scope="module", name="searchers")
def _searchers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Searcher, Searcher]:
    """The jobs live, and in a store of four segments."""
    return smsearch.from_records(jobs()), _stored(tmp_path_factory.mktemp("merge"), _parts())


def _stored(folder: Path, parts: list[list[dict[str, Any]]]) -> Searcher:
    """A store with a segment for each part."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "TIER_SEGMENTS_MAX", 9)
        for part in parts:
            (folder / "dump.jsonl").write_text("".join(json.dumps(job) + "\n" for job in part), encoding="utf-8")
            smsearch.build([folder / "dump.jsonl"], folder / "store", add=True)
    return smsearch.open(folder / "store")


def _parts() -> list[list[dict[str, Any]]]:
    every = jobs()
    return [every[at : at + 15] for at in range(0, len(every), 15)]


@pytest.mark.parametrize("many_rows", [0, 2_000])
@pytest.mark.parametrize("order", ORDERS)
def test_segments_are_merged_in_the_order_of_the_live_collection(
    searchers: tuple[Searcher, Searcher], order: str, many_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge, "MANY_ROWS", many_rows)
    monkeypatch.setattr(sort_values, "MANY_ROWS", many_rows)
    live, stored = searchers
    expected = list(live.query(f"ORDER BY {order}").names())
    assert list(stored.query(f"ORDER BY {order}").names()) == expected
    assert stored.query(f"ORDER BY {order}").to_arrow(["TrainingJobName"])["TrainingJobName"].to_pylist() == expected


def test_pages_of_any_size_are_slices_of_the_whole(searchers: tuple[Searcher, Searcher]) -> None:
    live, stored = searchers
    for order, size in itertools.product(("TrainingJobStatus", "TrainingJobName"), (1, 7, 59)):
        request: dict[str, Any] = {"Resource": "TrainingJob", "SortBy": order, "MaxResults": size}
        names: list[list[str]] = []
        for searcher in (live, stored):
            token: dict[str, str] = {}
            names.append([])
            while True:
                page = searcher.search(**request, **token)
                names[-1] += [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]]
                if "NextToken" not in page:
                    break
                token = {"NextToken": page["NextToken"]}
        assert names[0] == names[1]
        assert len(names[0]) == len(jobs())


@pytest.mark.parametrize("size", range(1, 9))
def test_equal_values_that_reach_over_a_page_in_one_segment_leave_room_for_those_of_another(
    tmp_path: Path, size: int
) -> None:
    """Two segments in the order of a number: `c` has one, and of `a` and the `b`s, which have none, `a` is first."""
    parts: list[list[dict[str, Any]]] = [
        [{"TrainingJobName": f"b{at}"} for at in range(6)],
        [{"TrainingJobName": "a"}, {"TrainingJobName": "c", "BillableTimeInSeconds": 1}],
    ]
    page = _stored(tmp_path, parts).search(
        Resource="TrainingJob", SortBy="BillableTimeInSeconds", SortOrder="Ascending", MaxResults=size
    )
    names = [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]]
    assert names == ["c", "a", *(f"b{at}" for at in range(6))][:size]
