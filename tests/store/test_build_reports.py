"""The reports of builds, at rest: their bounds, their order, and their damage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import smsearch
from smsearch.errors import StoreError
from smsearch.frozen import replace
from smsearch.store import build_reports, retention
from smsearch.store.build_reports import BuildReport, FileRead
from smsearch.store.manifest import ReportEntry, read_manifest
from tests.ingest.sample import job, lines_of

if TYPE_CHECKING:
    from pathlib import Path

FILE = FileRead("a.jsonl", 10, 2, 1, 0, "", ("line 3: why",), {"events[].id": 4})
REPORT = BuildReport(1_700_000_000, False, 2, 1, 1, 0, 3, 0, 1, {"TrainingJob": 2}, {"Own": 1}, (FILE,))  # noqa: FBT003


def test_a_report_comes_back(tmp_path: Path) -> None:
    (entry,) = build_reports.write(tmp_path, REPORT)
    assert build_reports.read(tmp_path, entry) == REPORT
    assert list(build_reports.check(tmp_path, [entry])) == []


def test_a_report_is_bounded_and_its_counts_are_whole() -> None:
    dull = replace(FILE, skipped=0, problems=(), unrecognised={})
    loud = replace(FILE, problems=tuple(map(str, range(700))), unrecognised={str(n): n for n in range(300)})
    kept = build_reports.bounded(replace(REPORT, files=(*[dull] * 1_500, loud, loud), files_read=1_502))
    assert (len(kept.files), kept.files_read, kept.records) == (1_000, 1_502, 2)
    assert [len(one.problems) for one in kept.files[:3]] == [700, 300, 0]
    assert len(kept.files[0].unrecognised) == 200
    assert min(kept.files[0].unrecognised.values()) == 100


def test_the_oldest_reports_go_and_equal_ones_are_told_apart(tmp_path: Path) -> None:
    every: list[ReportEntry] = []
    entries: tuple[ReportEntry, ...] = ()
    for _ in range(105):
        entries = build_reports.write(tmp_path, REPORT, entries)
        every.append(entries[-1])
    assert list(entries) == every[5:]
    assert len({entry.file for entry in every}) == 105


def test_damage_is_an_error(tmp_path: Path) -> None:
    (entry,) = build_reports.write(tmp_path, REPORT)
    file = tmp_path / entry.file
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b'"records":2', b'"records":3'))
    assert any("not as it was written" in problem for problem in build_reports.check(tmp_path, [entry]))
    file.write_bytes(whole + b"\n")
    with pytest.raises(StoreError, match="bytes that the manifest says"):
        build_reports.read(tmp_path, entry)
    with pytest.raises(StoreError, match="bytes that the manifest says"):
        build_reports.read(tmp_path, replace(entry, size=1 << 64))
    file.unlink()
    with pytest.raises(StoreError, match="cannot be read"):
        build_reports.read(tmp_path, entry)
    (wrong,) = build_reports.write(tmp_path, replace(REPORT, records=9))
    assert list(build_reports.check(tmp_path, [wrong])) == [f"{wrong.file}: its counts do not add up."]


def test_each_addition_adds_its_report_and_a_new_store_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    dump, store = tmp_path / "dump/jobs.jsonl", tmp_path / "store"
    dump.write_bytes(lines_of([job(), job("job-2")]) + b'{"no": "record"}\n')
    smsearch.build([dump.parent], store)
    smsearch.build([dump], store, add=True)
    first, second = smsearch.open(store).reports()
    assert (first.is_addition, first.records, first.superseded, first.skipped) == (False, 2, 0, 1)
    assert (second.is_addition, second.records, second.superseded) == (True, 2, 2)
    (file,) = first.files
    assert (file.file, file.records) == ("jobs.jsonl", 2)
    assert file.problems[0].startswith("line 3: It is no record")
    assert smsearch.check(store) == []
    smsearch.build([dump], store)
    assert len(smsearch.open(store).reports()) == 1
    retention.sweep(store)
    listed = read_manifest(store)
    named = {file.file for file in listed.retired} | {entry.file for entry in listed.reports}
    reports = {path.name for path in store.glob("report-*")}
    assert reports == {name for name in named if name.startswith("report-")}


def test_records_in_memory_have_the_report_of_their_reading(tmp_path: Path) -> None:
    (tmp_path / "jobs.jsonl").write_bytes(lines_of([job(), job()]))
    (report,) = smsearch.open(tmp_path).reports()
    assert (report.finished, report.records, report.superseded) == (0, 2, 1)
    assert [file.file for file in report.files] == ["jobs.jsonl"]
