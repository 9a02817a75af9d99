"""Reading exports: every shape, every obstacle, and a report that adds up."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import zstandard

import smsearch
from smsearch.ingest import load, sources
from smsearch.ingest.report import Report

if TYPE_CHECKING:
    from smsearch.schema.record import Record

JOB = {"TrainingJobName": "a", "TrainingJobArn": "arn:aws:sagemaker:eu-west-1:1:training-job/a"}


def read(*names: Path) -> tuple[list[Record], Report]:
    report = Report()
    records = list(load.read(map(str, names), report))
    assert report.records == len(records) == sum(report.kinds.values())
    return records, report


def written(folder: Path, value: object) -> Path:
    file = folder / "export.json"
    file.write_bytes(orjson.dumps(value))
    return file


SHAPES: list[tuple[object, str, dict[str, Any]]] = [
    ({**JOB, "TrainingJobStatus": "Failed"}, "TrainingJob", {"TrainingJobStatus": "Failed"}),
    ({**JOB, "ResponseMetadata": {"RequestId": "x"}}, "TrainingJob", {"TrainingJobName": "a"}),
    ({"Results": [{"TrainingJob": JOB}], "NextToken": "t"}, "TrainingJob", {"TrainingJobName": "a"}),
    ({"Results": [{"Trial": {"TrialName": "t", "TrialArn": "arn:t"}}]}, "ExperimentTrial", {"TrialName": "t"}),
    ({"TrainingJobSummaries": [JOB]}, "TrainingJob", {"TrainingJobName": "a"}),
    ({"status_code": 200, "data": JOB}, "TrainingJob", {"TrainingJobName": "a"}),
    (
        {"detail-type": "SageMaker Training Job State Change", "detail": {**JOB, "Tags": {"k": "v"}, "VpcConfig": ""}},
        "TrainingJob",
        {"Tags": [{"Key": "k", "Value": "v"}]},
    ),
    (
        {"resourceType": "sagemaker", "resource": "createTrainingJob.sync", "parameters": {"TrainingJobName": "a"}},
        "TrainingJob",
        {"TrainingJobName": "a"},
    ),
    ({**JOB, "FailureReason": None}, "TrainingJob", {"TrainingJobName": "a"}),
    (
        {"training_job_name": "a", "hyper_parameters": {"a_b": "1"}, "tags": ["k:v"]},
        "TrainingJob",
        {"HyperParameters": {"a_b": "1"}, "Tags": [{"Key": "k", "Value": "v"}]},
    ),
    (
        {"eta": 0.49, "max_depth": 2.0, "TrainingJobName": "a", "validation:accuracy": 0.887},
        "TrainingJob",
        {
            "HyperParameters": {"eta": "0.49", "max_depth": "2"},
            "FinalMetricDataList": [{"MetricName": "validation:accuracy", "Value": 0.887}],
        },
    ),
    (
        {**JOB, "InputDataConfig": [{"CompressionType": "NONE"}], "HyperParameters": {}},
        "TrainingJob",
        {"InputDataConfig": [{"CompressionType": "None"}]},
    ),
    ({"trainingJobName": "a", "hyperParameters": {}}, "TrainingJob", {"TrainingJobName": "a"}),
    ({"ModelName": "m", "ModelArn": "arn:m", "PrimaryContainer": {}}, "Model", {}),
    ({"CompilationJobName": "c", "CompilationJobArn": "arn:c"}, "CompilationJob", {"CompilationJobName": "c"}),
]


@pytest.mark.parametrize(("export", "kind", "members"), SHAPES)
def test_every_shape_is_recognised_by_its_content(
    tmp_path: Path, export: object, kind: str, members: dict[str, Any]
) -> None:
    (record,), report = read(written(tmp_path, export))
    assert record.resource == kind
    assert {name: record.document.get(name) for name in members} == members
    assert report.skipped == 0


def test_what_is_no_record_is_skipped_with_its_members(tmp_path: Path) -> None:
    records, report = read(written(tmp_path, {"Unheard": 1, "Of": 2}))
    assert records == []
    assert "Unheard, Of" in report.files[0].problems[0].reason


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_compressed_file_that_is_cut_keeps_what_came_before(tmp_path: Path, pack: Any) -> None:  # noqa: ANN401
    line = orjson.dumps(JOB) + b"\n"
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    whole.write_bytes(pack(line) + pack(line))
    assert len(read(whole)[0]) == 2
    packed = pack(os.urandom(200_000).hex().encode())
    cut.write_bytes(pack(line) + packed[: len(packed) // 2])
    records, report = read(cut)
    assert len(records) == 1
    assert report.skipped >= 1


def test_utf_16_is_read(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_bytes(orjson.dumps({**JOB, "FailureReason": "é"}).decode().encode("utf-16"))
    (record,), _ = read(file)
    assert record.document["FailureReason"] == "é"


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / ".hidden").write_text("{}")
    written(tmp_path, JOB)
    records, report = read(tmp_path)
    assert len(records) == 1
    assert {Path(file.name).name for file in report.files} == {"fifo", "gone", "export.json"}
    with pytest.raises(smsearch.ExportError, match="neither a file nor a folder"):
        read(tmp_path / "fifo")


def test_a_file_without_permission_is_reported_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, JOB)
    (tmp_path / "locked.json").write_text("{}")
    opened = Path.open

    def refusing(path: Path, *arguments: Any, **more: Any) -> Any:  # noqa: ANN401 - as Path.open
        if path.name == "locked.json":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **more)

    monkeypatch.setattr(Path, "open", refusing)
    records, report = read(tmp_path)
    assert len(records) == 1
    assert [problem.reason for file in report.files for problem in file.problems] == ["Permission denied."]


@pytest.mark.parametrize("name", ["nowhere", "no*where", "a\x00b"])
def test_a_source_that_is_not_there_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(smsearch.ExportError):
        sources.find([f"{tmp_path}/{name}"])


def test_a_table_of_contents_in_a_folder_is_ignored_and_named_alone_is_not(tmp_path: Path) -> None:
    table = tmp_path / "MANIFEST.tsv"
    table.write_text("file\tkind\n")
    _, report = read(tmp_path)
    assert (report.skipped, bool(report.files[0].ignored)) == (0, True)
    assert read(table)[1].skipped == 1


def test_objects_are_taken_as_they_are_and_not_changed() -> None:
    given = [{"TrainingJob": dict(JOB)}, dict(JOB), {"Results": [{"TrainingJob": dict(JOB)}]}]
    before = orjson.dumps(given)
    assert len(list(load.from_objects(given, Report()))) == 3
    assert orjson.dumps(given) == before
    with pytest.raises(smsearch.ExportError, match="Record 1 "):
        list(load.from_objects([JOB, 7], Report()))


@pytest.mark.parametrize(
    "members",
    [{"TrainingJobName": "\ud800"}, {"Tags": [{"Key": "a", "Value": "\udc00"}]}, {"Environment": {"\ud800": ""}}],
)
def test_half_a_surrogate_pair_in_an_object_is_refused_as_in_a_file(members: dict[str, Any]) -> None:
    with pytest.raises(smsearch.ExportError, match=r"Record 1 .* surrogate"):
        smsearch.from_records([JOB, {**JOB, **members}])


def test_an_object_may_hold_an_integer_of_any_length() -> None:
    jobs = smsearch.from_records([{**JOB, "HyperParameters": {"seed": 10**5000}}])
    assert jobs.query("HyperParameters.seed > 1e4999").total == 1
    assert jobs.query("HyperParameters.seed > 1e4999").why(JOB["TrainingJobName"])[0].is_match
    assert b"1" + b"0" * 5000 in jobs.search_json(b'{"Resource":"TrainingJob"}')
