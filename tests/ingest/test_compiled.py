"""The compiled reader: what it takes, what it leaves to Python, and that a store is the same either way."""

from __future__ import annotations

import gzip
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from smsearch.ingest import build, compiled, load, runs
from smsearch.ingest.compiled import layout
from smsearch.ingest.report import Report
from smsearch.schema import catalogue, notation
from tests.ingest.both_readers import built_alike, in_lines, needs_compiled, read_alike, segments

if TYPE_CHECKING:
    from smsearch.ingest.compiled._reader import Reader

pytestmark = needs_compiled

ARN = "arn:aws:sagemaker:us-east-1:111122223333:training-job/a"


def reader(kind: str = "TrainingJob") -> Reader:
    laid_out = layout.layout_of(kind)
    assert laid_out is not None
    made = compiled.reader_of(laid_out)
    assert made is not None
    return made


def taken(line: bytes, kind: str = "TrainingJob") -> bytes:
    """The document that is stored of a line, without its comma; `b""` if the line is left to Python."""
    one = reader(kind)
    one.read(line + b"\n", 0, 0, 1, 10)
    return one.take_records()[0][:-1]


def document(members: str) -> bytes:
    return f'{{"TrainingJob":{{"TrainingJobName":"a","SecondaryStatus":"Completed",{members}"Tags":[]}}}}'.encode()


@pytest.mark.parametrize(
    ("members", "stored"),
    [
        ('"RoleArn":"r"', '"RoleArn":"r",'),
        (' "RoleArn" :\t"r" ', '"RoleArn":"r",'),
        ('"RoleArn":null,"FailureReason":"f"', '"FailureReason":"f",'),
        ('"CreationTime":"2024-01-31T12:00:00.250000+02:00"', '"CreationTime":1706695200.25,'),
        ('"CreationTime":"2024-01-31 12:00:00Z"', '"CreationTime":1706702400.0,'),
        ('"CreationTime":1706702400', '"CreationTime":1706702400.0,'),
        ('"CreationTime":1706702400123', '"CreationTime":1706702400.123,'),
        ('"CreationTime":1706702400.5', '"CreationTime":1706702400.5,'),
        (r'"FailureReason":"a\"\\\n"', r'"FailureReason":"a\"\\\n",'),
        (r'"FailureReason":"\u00e9\/\u0001\ud83d\ude00"', '"FailureReason":"\u00e9/\\u0001\U0001f600",'),
        ('"FailureReason":"\u00e9"', '"FailureReason":"\u00e9",'),
        ('"HyperParameters":{"a b":"1","":""}', '"HyperParameters":{"a b":"1","":""},'),
        ('"TrainingTimeInSeconds":12', '"TrainingTimeInSeconds":12,'),
        ('"EnableManagedSpotTraining":true', '"EnableManagedSpotTraining":true,'),
        ('"Tags":[]', ""),
        ('"ResponseMetadata":{"HTTPStatusCode":200,"a":[1.5,null,"\\u0041"]}', ""),
        ('"FinalMetricDataList":[{"Value":1e-05}]', '"FinalMetricDataList":[{"Value":0.00001}],'),
        ('"FinalMetricDataList":[{"Value":0.10}]', '"FinalMetricDataList":[{"Value":0.1}],'),
        (
            '"FinalMetricDataList":[{"MetricName":"m","Value":0.9991224408149719}]',
            '"FinalMetricDataList":[{"MetricName":"m","Value":0.9991224408149719}],',
        ),
    ],
)  # fmt: skip
def test_a_record_in_order_is_taken(members: str, stored: str) -> None:
    assert taken(f'{{"TrainingJobName":"a","SecondaryStatus":"Completed",{members}}}'.encode()) == document(stored)


@pytest.mark.parametrize(
    "members",
    [
        '"Unheard":1',
        '"training_job_arn":"a"',
        '"TrainingJobName":"b"',
        '"RoleArn":1',
        '"TrainingJobStatus":"completed"',
        '"CreationTime":"yesterday"',
        '"CreationTime":"2023-02-29T00:00:00Z"',
        '"CreationTime":"0001-01-01T00:00:00Z"',
        '"TrainingTimeInSeconds":1.0',
        '"TrainingTimeInSeconds":12345678901234567890',
        '"TrainingTimeInSeconds":-0',
        '"TrainingTimeInSeconds":01',
        '"FinalMetricDataList":[{"MetricName":"m","Value":1e-07}]',
        '"FinalMetricDataList":[{"MetricName":"m","Value":0.12345678901234567890}]',
        '"FinalMetricDataList":[{"MetricName":"m","Value":NaN}]',
        '"FinalMetricDataList":[null]',
        '"HyperParameters":{"a":"1","a":"2"}',
        '"HyperParameters":{"a":1}',
        '"HyperParameters":[]',
        r'"FailureReason":"\ud83d"',
        '"FailureReason":"\t"',
        '"FailureReason":"a',
        '"RoleArn":"r",',
        '"TunedHyperParameters":{}',
        '"name":"n"',
        '"RoleArn":"r"}{"a":1',
    ],
)
def test_any_other_record_is_left(members: str) -> None:
    line = f'{{"TrainingJobName":"a","SecondaryStatus":"Completed",{members}}}'.encode()
    assert taken(line) == b""
    read_alike(in_lines(line, b'{"TrainingJobName":"behind it"}'))


@pytest.mark.parametrize(
    "line", [b"", b"[]", b"{}", b'{"RoleArn":"r"}', b'{"TrainingJobName":""}', b'{"TrainingJobName":"\xff"}', b"{"]
)
def test_what_is_no_record_is_left(line: bytes) -> None:
    assert taken(line) == b""
    read_alike(in_lines(line, b'{"TrainingJobName":"behind it"}'))


def test_lines_are_counted_and_a_last_one_without_its_end_waits() -> None:
    one, job = reader(), b'{"TrainingJobName":"a","RoleArn":"r"}'
    data = b"\n " + job + b",\r\n" + job + b"\n" + job
    assert one.read(data, 0, 0, 7, 10) == (len(data) - len(job), 3, 2)
    assert one.take_records()[2] == b"".join(line.to_bytes(8, "little") for line in (8, 9))
    assert one.read(data, 0, 0, 1, 1) == (len(job) + 5, 2, 1)


@pytest.mark.parametrize("arguments", [(-1, 0, 1, 1), (99, 0, 1, 1)])
def test_a_place_beyond_the_bytes_is_refused(arguments: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="nothing stands there"):
        reader().read(b"{}\n", *arguments)


def test_records_left_to_python_keep_their_place() -> None:
    """Rows, elements of lists and users' keys of both sides stand in one order."""
    lines = []
    for at in range(40):
        job: dict[str, Any] = {"TrainingJobName": f"job-{at % 31}", "TrainingJobArn": f"{ARN}{at % 31}"}
        job["CreationTime"] = f"2024-01-{1 + at % 5:02d}T00:00:00{'' if at % 2 else 'Z'}"
        job["InputDataConfig"] = [{"ChannelName": f"c{at}-{place}"} for place in range(at % 4)]
        job["FinalMetricDataList"] = [
            {"MetricName": f"m{place % 2}", "Value": at + place / 4, "Timestamp": 1706702400 - place}
            for place in range(at % 3)
        ]
        job["Tags"] = [{"Key": f"k{at % 3}", "Value": "v"}]
        job |= {"Unheard": at} if at % 3 == 0 else {"HyperParameters": {"a": str(at)}}
        lines.append(json.dumps(job).encode())
    report = read_alike(in_lines(*lines))
    assert report.records == 41
    assert report.naive_times == 20


def test_kinds_may_take_turns() -> None:
    lines = [
        json.dumps({f"{kind}Name": f"n{at}", f"{kind}Arn": f"arn:aws:sagemaker:r:1:x/{at}"}).encode()
        for at in range(6)
        for kind in ("TrainingJob", "ProcessingJob", "Experiment", "Trial", "TrialComponent", "Model")
    ]
    assert read_alike(in_lines(*lines)).records == 37


def test_more_lines_than_a_block() -> None:
    filler = '"FailureReason":"' + "x" * 5_000 + '"'
    lines = [f'{{"TrainingJobName":"n{at}",{filler}}}'.encode() for at in range(500)]
    assert read_alike(in_lines(*lines)).records == 501


def test_every_export_gives_the_same_store(repository: Path) -> None:
    folders = [repository / "data" / "exports", repository / "data" / "awkward"]
    real = repository.parent / "shared" / "real-exports"
    for folder in [*folders, *([real] if real.is_dir() else [])]:
        built_alike([str(folder)])


def test_every_export_gives_the_same_store_as_lines(repository: Path, tmp_path: Path) -> None:
    """Each record that the exports hold, on a line as Describe shows it; twice, so that both sides read it."""
    records = list(load.read([str(repository / "data")], Report()))
    lines = []
    for record in records:
        written = notation.exported(record, notation.ISO)
        lines += [
            json.dumps(written, default=str),
            json.dumps(written, default=str, separators=(",", ":"), ensure_ascii=False),
        ]
    (tmp_path / "all.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert built_alike([str(tmp_path / "all.jsonl")]).records > len(records)


@pytest.mark.parametrize(("name", "limit"), [("RUN_RECORDS", 7), ("RUN_BYTES", 2_000)])
def test_the_limits_of_runs_change_no_store(name: str, limit: int, repository: Path) -> None:
    lines = gzip.decompress((repository / "data/exports/training-jobs/2024/retraining.jsonl.gz").read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "export.jsonl")
        source.write_bytes(lines)
        build.build([str(source)], Path(folder, "usual"), processes=1)
        with patch.object(runs, name, limit):
            assert read_alike(lines).records > 3 * 7
            build.build([str(source)], Path(folder, "many runs"), processes=1)
        assert [*segments(Path(folder, "usual"))] == [*segments(Path(folder, "many runs"))]


def test_most_kinds_have_a_plan() -> None:
    laid_out = [kind for kind in catalogue.kinds() if layout.layout_of(kind) is not None]
    assert {"TrainingJob", "ProcessingJob", "ExperimentTrialComponent", "Endpoint", "FeatureGroup"} <= set(laid_out)
    assert len(laid_out) > len(catalogue.kinds()) // 2
