"""The two doors: exports on disk and objects in memory; whatever is in them, the report adds up."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.errors import ExportError
from smsearch.ingest import load
from smsearch.ingest.report import Report
from tests.ingest.sample import ARN, job, jobs, lines_of, names, problems, read, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

GOOD = lines_of([job("good")])
BAD = {
    "cut": b'{"TrainingJobName": "a", "Tags": [{"Key": "arn:\n',
    "not UTF-8": b'{"TrainingJobName": "\xff\xfe"}\n',
    "NUL bytes": b"\x00" * 64 + b"\n",
    "NUL in a text": b'{"TrainingJobName": "a\x00"}\n',
    "half a surrogate pair": rb'{"TrainingJobName": "\ud800"}' + b"\n",
    "deep": b'{"TrainingJobName": ' + b"[" * 10_000 + b"]" * 10_000 + b"}\n",
    "deep and cut": b"[" * 10_000 + b"\n",
    "no object": b"42\n",
    "null": b"null\n",
    "no record": b'{"Unheard": "of"}\n',
    "no name": b'{"TrainingJobName": null}\n',
    "policy": b'{"Version": "2012-10-17", "Statement": []}\n',
    "prose": b"Downloading 7 files ...\n",
    "python": b"{'TrainingJobName': 'a', 'CreationTime': datetime.datetime(2022, 2, 18)}\n",
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_line_is_reported_where_it_is_and_the_rest_is_read(tmp_path: Path, bad: str) -> None:
    records, report = read_bytes(tmp_path, GOOD + GOOD + BAD[bad] + GOOD)
    assert names(records) == ["good"] * 3
    assert [line for line, _ in problems(report)] == [3]
    assert report.skipped == 1
    assert report.found == 4


def test_numbers_beyond_all_measure_are_read(tmp_path: Path) -> None:
    raw = b'{"TrainingJobName": "a", "FinalMetricDataList": {"x": 1e999999999}, "Extra": ' + b"7" * 1_000_000 + b"}\n"
    records, report = read_bytes(tmp_path, raw + GOOD)
    assert names(records) == ["a", "good"]
    assert report.skipped == 0
    searcher = smsearch.open(tmp_path)
    assert list(searcher.query("Metrics.x > 5 AND Extra > 5").names()) == ["a"]


def test_a_bad_record_in_a_page_costs_no_other(tmp_path: Path) -> None:
    results: list[Any] = [{"TrainingJob": one} for one in jobs(5)]
    results[1:1] = [None, {"TrainingJob": {}}, {"TrainingJob": "x"}, {"Unheard": {}}]
    records, report = read_bytes(tmp_path, json.dumps({"Results": results}).encode())
    assert names(records) == [f"job-{number}" for number in range(5)]
    assert report.skipped == 4
    assert {line for line, _ in problems(report)} == {1}


def test_every_file_is_accounted_for(tmp_path: Path) -> None:
    files = {
        "empty.json": b"",
        "good.json": GOOD,
        "notes.md": b"# Notes\n\n- one\n",
        "page.json": json.dumps({"Results": []}).encode(),
        "broken.json": b"{",
        "other.json": b'{"a": 1}\n',
    }
    for name, raw in files.items():
        (tmp_path / name).write_bytes(raw)
    records, report = read(tmp_path)
    assert len(records) == 1
    assert {file.name.rpartition("/")[2]: (file.size, file.records, file.skipped) for file in report.files} == {
        name: (len(raw), int(name == "good.json"), int(name in {"broken.json", "other.json"}))
        for name, raw in files.items()
    }
    assert {file.name.rpartition("/")[2] for file in report.files if file.ignored} == {
        "empty.json",
        "notes.md",
        "page.json",
    }


def test_prose_in_a_file_that_was_named_is_a_problem(tmp_path: Path) -> None:
    records, report = read_bytes(tmp_path, b"# Notes\n")
    assert (records, report.skipped) == ([], 1)


def test_the_report_counts_kinds_fields_and_times(tmp_path: Path) -> None:
    values = [
        job("a", Note="x", Nested={"deep": 1}, CreationTime="2024-01-01 10:00:00"),
        job("b", Note=1),
        {"CompilationJobName": "c", "CompilationJobArn": f"{ARN}compilation-job/c"},
    ]
    _, report = read_bytes(tmp_path, lines_of(values))
    assert report.kinds == {"TrainingJob": 2, "CompilationJob": 1}
    assert report.unknown_fields == {"Note": 2, "Nested.deep": 1}
    assert report.naive_times == 1
    text = report.to_text()
    assert "3 found = 3 stored + 0 superseded + 0 skipped" in text
    assert "1 CompilationJob (the service's Search does not know the kind)" in text
    assert "Note (2)" in text
    assert "1 time without an offset" in text
    assert report.to_json()["unknown_fields"] == {"Note": 2, "Nested.deep": 1}


def test_what_cannot_be_read_as_its_type_is_counted_with_its_line(tmp_path: Path) -> None:
    records = [job("a"), job("b", BillableTimeInSeconds="soon", VpcConfig={"Subnets": "x"}), job("c", RoleArn=5)]
    for report in (
        read_bytes(tmp_path, lines_of(records))[1],
        smsearch.build([tmp_path], tmp_path.with_name("store")),
    ):
        (file,) = report.files
        assert (report.misread, report.skipped, report.stored) == (2, 0, 3)
        assert [(value.line, value.reason) for value in file.misread_values] == [
            (2, 'TrainingJob b: BillableTimeInSeconds is "soon", not an integer'),
            (2, 'TrainingJob b: VpcConfig.Subnets is "x", not a list'),
        ]
        assert f'{file.name}:2: TrainingJob b: BillableTimeInSeconds is "soon", not an integer' in report.to_text()
        assert report.to_json()["misread"] == 2
        assert report.to_json()["files"][0]["misread_values"][1]["line"] == 2


def test_many_values_that_cannot_be_read_are_counted_and_the_first_told(tmp_path: Path) -> None:
    _, report = read_bytes(tmp_path, lines_of([job(f"j{at}", BillableTimeInSeconds="soon") for at in range(1_100)]))
    assert report.misread == 1_100
    assert len(report.files[0].misread_values) == 1_000
    assert "and 1,095 more" in report.to_text()


def test_superseded_records_are_told(tmp_path: Path) -> None:
    newer = job("a", LastModifiedTime="2024-03-02T00:00:00Z", TrainingJobStatus="Stopping")
    (tmp_path / "jobs.jsonl").write_bytes(lines_of([newer, job("a"), job("b")]) + b"{\n")
    report = smsearch.open(tmp_path).report
    assert (report.found, report.stored, report.superseded, report.skipped) == (4, 2, 1, 1)


def test_objects_are_read_as_exports_are() -> None:
    values = [job("a"), {"TrainingJob": job("b")}, {"Results": [{"TrainingJob": job("c")}]}, [job("d"), job("e")]]
    before = copy.deepcopy(values)
    report = Report()
    records = list(load.from_objects(values, report))
    assert names(records) == ["a", "b", "c", "d", "e"]
    assert values == before
    assert report.stored == 5
    assert report.kinds == {"TrainingJob": 5}


def test_an_answer_of_boto3_is_an_object() -> None:
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    answer = {"Results": [{"TrainingJob": job(CreationTime=moment)}], "ResponseMetadata": {"HTTPHeaders": {}}}
    (record,) = load.from_objects([answer], Report())
    assert record.document["CreationTime"] == "2024-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    "bad", [{"a": 1}, 5, None, "text", {"TrainingJob": {}}, job(Extra=object()), {1: 2}, {"Results": [1]}]
)
def test_an_object_that_is_no_record_is_an_error_that_says_which(bad: object) -> None:
    with pytest.raises(ExportError, match=r"^Record 2 cannot be taken: ") as caught:
        list(load.from_objects([job("a"), job("b"), bad], Report()))
    assert caught.value.hint


def test_an_object_that_holds_itself_is_an_error() -> None:
    circle: dict[str, Any] = {"status_code": 200}
    circle["data"] = circle
    with pytest.raises(ExportError, match="too deep"):
        list(load.from_objects([circle], Report()))
