"""The report adds up and says, in words and in JSON, what was left out."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

import smsearch
from smsearch.ingest import report as reports
from smsearch.ingest import splits
from smsearch.ingest.build import build
from smsearch.ingest.report import FileReport, Problem, Report
from smsearch.ingest.sources import SourceFile
from tests.ingest.sample import job, jobs, lines_of

if TYPE_CHECKING:
    from pathlib import Path


def test_sums_are_those_of_the_files() -> None:
    first, second = FileReport("a", 10, records=3), FileReport("b", 20, records=1)
    first.skip(2, "why")
    report = Report([first, second], superseded=1)
    assert (report.records, report.skipped, report.found, report.stored) == (4, 1, 5, 3)


def test_problems_beyond_a_number_are_counted_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "PROBLEMS_KEPT", 3)
    file = FileReport("a")
    for line in range(5):
        file.skip(line, "why")
    assert (file.skipped, len(file.problems)) == (5, 3)


def test_text_shows_the_first_problems_and_how_many_more() -> None:
    file = FileReport("jobs.json", records=1)
    for line in range(12):
        file.skip(line, f"reason {line}")
    text = Report([file]).to_text()
    assert "skipped jobs.json: reason 0" in text
    assert "skipped jobs.json:9: reason 9" in text
    assert "reason 10" not in text
    assert "and 2 more" in text


def test_json_holds_everything() -> None:
    file = FileReport("jobs.json", 7, records=1)
    file.skip(2, "why")
    empty = FileReport("notes.md")
    empty.ignore()
    written = json.loads(json.dumps(Report([file, empty], superseded=1).to_json()))
    assert written["files"][0]["problems"] == [{"line": 2, "reason": "why"}]
    assert written["files"][1]["ignored"]
    assert (written["found"], written["stored"], written["superseded"], written["skipped"]) == (2, 0, 1, 1)


def test_reports_are_added() -> None:
    one, other = Report([FileReport("a", records=1)], naive_times=1), Report([FileReport("b")], superseded=2)
    other.kinds["TrainingJob"] = 3
    other.unknown_fields["x"] = 4
    one.add(other)
    assert [file.name for file in one.files] == ["a", "b"]
    assert (one.superseded, one.naive_times, one.kinds["TrainingJob"], one.unknown_fields["x"]) == (2, 1, 3, 4)


def test_the_pieces_of_a_file_become_one_with_the_lines_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splits, "SPLIT_BYTES", 500)
    file = tmp_path / "jobs.jsonl"
    written = [
        line if number % 7 else b'{"bad": \n'
        for number, line in enumerate(lines_of([job()] * 60).splitlines(keepends=True), 1)
    ]
    file.write_bytes(b"".join(written))
    report = Report()
    cut = list(splits.splits_of(SourceFile(str(file), file.stat().st_size)))
    assert len(cut) > 3
    for number, piece in enumerate(cut):
        report.add(splits.read_split(lambda _: None, piece, tmp_path, str(number)).report)
    report.merge_files()
    (whole,) = report.files
    assert (whole.size, whole.records, whole.skipped, whole.lines) == (file.stat().st_size, 52, 8, 60)
    assert [problem.line for problem in whole.problems] == [7, 14, 21, 28, 35, 42, 49, 56]


def test_a_problem_of_the_file_itself_keeps_line_0_in_a_merger() -> None:
    first, second = FileReport("a", lines=10), FileReport("a")
    second.skip(0, "why")
    report = Report([first, second])
    report.merge_files()
    assert report.files[0].problems == [Problem(0, "why")]
    assert io.StringIO(report.to_text()).readlines()[-1] == "  skipped a: why"


@pytest.mark.parametrize("indented_from", [0, 1, 30, 59])
def test_a_file_of_lines_that_are_indented_later_on_is_built_whole(
    indented_from: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splits, "SPLIT_BYTES", 500)
    every = jobs(60)
    file = tmp_path / "jobs.jsonl"
    file.write_text(
        "".join(
            json.dumps(one, indent=2 if number >= indented_from else None) + "\n" for number, one in enumerate(every)
        )
    )
    report = build([str(file)], tmp_path / "store")
    assert (report.records, report.skipped, len(report.files)) == (60, 0, 1)
    assert sorted(smsearch.open(tmp_path / "store").query("").names()) == sorted(
        one["TrainingJobName"] for one in every
    )
