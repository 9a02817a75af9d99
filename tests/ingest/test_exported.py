"""What an export had in other types stays with its record: live, in a store, through its additions, in an archive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.archive import layout
from smsearch.archive.files import FileRows
from smsearch.ingest import merging
from smsearch.predicate.order import SortKey
from smsearch.predicate.predicate import Always
from smsearch.schema import catalogue, notation
from smsearch.syntax.ast import SortOrder
from tests.ingest.sample import job

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.searcher import Searcher

JOBS = [
    job("a", EnableNetworkIsolation="False", BillableTimeInSeconds="soon", CreationTime="2024-01-02T00:00:00Z"),
    job("b", CreationTime="2024-01-01T00:00:00Z"),
    job("c", VpcConfig={"Subnets": [1, {}]}, CreationTime="2024-01-03T00:00:00Z"),
    job("d", SecondaryStatusTransitions=[{"Status": 5, "StartTime": "2024-01-04T00:00:00Z"}]),
]
EXPORTED = {
    "a": {"EnableNetworkIsolation": "False", "BillableTimeInSeconds": "soon"},
    "b": {},
    "c": {"VpcConfig": {"Subnets": [1, {}]}},
    "d": {"SecondaryStatusTransitions": [{"Status": 5, "StartTime": "2024-01-04T00:00:00Z"}]},
}


def dump(path: Path, jobs: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in jobs), encoding="utf-8")
    return path


def exported(searcher: Searcher) -> dict[str, Any]:
    """What each record had in other types, by name; times as they are shown."""
    shown = {record.name: (notation.exported(record, notation.ISO), record) for record in searcher.query("").records()}
    return {name: {member: whole[member] for member in record.exported} for name, (whole, record) in shown.items()}


def test_live_and_in_a_store(tmp_path: Path) -> None:
    export = dump(tmp_path / "jobs.jsonl", JOBS)
    smsearch.build([export], tmp_path / "store")
    for searcher in (smsearch.open(export), smsearch.open(tmp_path / "store"), smsearch.from_records(JOBS)):
        assert exported(searcher) == EXPORTED
        (found,) = searcher.describe("a")
        assert found.exported == EXPORTED["a"]
        assert found.document["EnableNetworkIsolation"] is False


def test_a_slice_of_a_page_has_its_own(tmp_path: Path) -> None:
    smsearch.build([dump(tmp_path / "jobs.jsonl", JOBS)], tmp_path / "store")
    engine = smsearch.open(tmp_path / "store").engine
    key = SortKey(engine.schema("TrainingJob").property("TrainingJobName"), SortOrder.ASCENDING)
    page = engine.page("TrainingJob", Always(), key, b"", 10, None).records
    assert [record.exported for record in page[1:3]] == [{}, EXPORTED["c"]]
    assert page[-2].exported == EXPORTED["c"]


@pytest.mark.parametrize("small_segments_max", [0, 8])
def test_through_additions_and_merges(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_segments_max: int) -> None:
    monkeypatch.setattr(merging, "TIER_SEGMENTS_MAX", small_segments_max)
    for at, one in enumerate(JOBS):
        smsearch.build([dump(tmp_path / f"{at}.jsonl", [one])], tmp_path / "store", add=True)
    assert exported(smsearch.open(tmp_path / "store")) == EXPORTED


def test_another_spelling_of_the_same_document_is_news(tmp_path: Path) -> None:
    for isolation in ("False", False, "FALSE"):
        export = dump(tmp_path / "jobs.jsonl", [job("a", EnableNetworkIsolation=isolation)])
        smsearch.build([export], tmp_path / "store", add=True)
        smsearch.build([export], tmp_path / "store", add=True)
        (found,) = smsearch.open(tmp_path / "store").describe("a")
        assert notation.exported(found, notation.ISO)["EnableNetworkIsolation"] == isolation


def test_in_an_archive_of_exports_and_of_a_store(tmp_path: Path) -> None:
    export = dump(tmp_path / "jobs.jsonl", JOBS)
    smsearch.build([export], tmp_path / "store")
    for source in (export, tmp_path / "store"):
        archive = tmp_path / f"{source.name}.archive"
        smsearch.build_archive([source], archive)
        (file,) = archive.glob("TrainingJob/*.parquet")
        rows = FileRows(file, catalogue.resource("TrainingJob")).columns([layout.NAME, layout.EXPORTED]).to_pylist()
        written = {row[layout.NAME]: json.loads(row[layout.EXPORTED] or "{}") for row in rows}
        assert written == {
            **EXPORTED,
            "d": {"SecondaryStatusTransitions": [{"Status": 5, "StartTime": 1704326400.0}]},
        }
