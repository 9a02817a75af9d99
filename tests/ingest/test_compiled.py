"""The compiled reader: what it takes, what it leaves to Python, and that a store is the same either way."""

from __future__ import annotations

import gzip
import json
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from smsearch.ingest import build, compiled, documents, lines, load, runs, streaming_parser
from smsearch.ingest.compiled import layout
from smsearch.ingest.report import Report
from smsearch.schema import catalogue, notation
from tests.ingest.both_readers import built_alike, in_lines, needs_compiled, read_alike, segments, taken_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from smsearch.ingest.compiled._reader import Reader

pytestmark = needs_compiled

AWS = "arn:aws:sagemaker:us-east-1:111122223333"
ARN = f"{AWS}:training-job/a"


def reader(kind: str = "TrainingJob") -> Reader:
    laid_out = layout.layout_of(kind)
    assert laid_out is not None
    made = compiled.reader_of(laid_out)
    assert made is not None
    return made


def taken(line: bytes, kind: str = "TrainingJob") -> bytes:
    """The document that is stored of a line, without its comma; `b""` if the line is left to Python."""
    one = reader(kind)
    one.read(line + b"\n", 0, 0, 1, 10, 0)
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
    assert one.read(data, 0, 0, 7, 10, 0) == (len(data) - len(job), 3, 2, True)
    assert one.take_records()[2] == b"".join(line.to_bytes(8, "little") for line in (8, 9))
    assert one.read(data, 0, 0, 1, 1, 0) == (len(job) + 5, 2, 1, True)
    assert one.read(data, 0, 0, 1, 10, 1) == (len(data), 3, 3, True)


@pytest.mark.parametrize("at", [-1, 99])
def test_a_place_beyond_the_bytes_is_refused(at: int) -> None:
    with pytest.raises(ValueError, match="nothing stands there"):
        reader().read(b"{}\n", at, 0, 1, 1, 0)
    with pytest.raises(ValueError, match="nothing stands there"):
        compiled.list_in(b"{}\n", at, is_last=True)


def test_a_result_of_search_among_summaries_is_whole() -> None:
    result = b'{"TrainingJobSummaries":[{"TrainingJob":{"TrainingJobName":"a","AlgorithmSpecification":null}}]}'
    read_alike(in_lines(b'{"TrainingJobName":"a"}', result))


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


def jobs(count: int, **members: object) -> list[dict[str, Any]]:
    return [
        {"TrainingJobName": f"job-{at}", "TrainingJobArn": f"{ARN}{at}", "CreationTime": 1706702400 + at, **members}
        for at in range(count)
    ]


SHAPES: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "an array": json.dumps,
    "an array of several lines": lambda rows: json.dumps(rows, indent=2) + "\n",
    "a page of Search": lambda rows: json.dumps({"Results": [{"TrainingJob": row} for row in rows], "NextToken": "x"}),
    "a page of several lines": lambda rows: json.dumps(
        {"ResponseMetadata": {"a": 1}, "Results": [{"TrainingJob": row} for row in rows]}, indent=4
    ),
    "a page a line": lambda rows: "".join(
        json.dumps({"Results": [{"TrainingJob": row} for row in rows[at : at + 7]]}) + "\n"
        for at in range(0, len(rows), 7)
    ),
    "a page of a List operation": lambda rows: json.dumps({"TrainingJobSummaries": rows, "NextToken": None}),
    "results a line": lambda rows: "".join(json.dumps({"TrainingJob": row}) + "\n" for row in rows),
    "documents of several lines": lambda rows: "\n".join(json.dumps(row, indent=2) for row in rows),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_sequence_of_records_is_taken_whatever_its_shape(shape: str, tmp_path: Path) -> None:
    """All but the first, which shows the kind; it may stand in a page of its own."""
    rows = jobs(40, RoleArn="r", InputDataConfig=[{"ChannelName": "train"}])
    rows[17]["Unheard"] = 1  # and this one, which is left
    path = tmp_path / "export.json"
    path.write_text(json.dumps(rows[0]) + "\n" + SHAPES[shape](rows[1:]))
    assert built_alike([str(path)]).records == 40
    assert taken_of([str(path)]) == (38, 40)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_sequence_that_is_larger_than_a_record_may_be_is_taken_in_pieces(shape: str, tmp_path: Path) -> None:
    rows = jobs(200, FailureReason="x" * 500)
    rows[150]["Unheard"] = 1
    path = tmp_path / "export.json"
    path.write_text(json.dumps(rows[0]) + "\n" + SHAPES[shape](rows[1:]))
    limits = [(streaming_parser, "RECORD_BYTES_MAX", 16_000), (runs, "RECORD_BYTES_MAX", 16_000)]
    limits += [
        (streaming_parser, "_CHUNK_BYTES", 4_000),
        (documents, "LINE_BYTES", 8_000),
        (lines, "_BLOCK_BYTES", 1_000),
    ]
    with ExitStack() as stack:
        for module, name, value in limits:
            stack.enter_context(patch.object(module, name, value))
        assert built_alike([str(path)]).records == 200
        taken_count, count = taken_of([str(path)])
    assert count == 200
    assert taken_count > 100


@pytest.mark.parametrize(
    "text",
    [
        '[{"TrainingJobName":"a"},{"TrainingJobName":"b"}',
        '[{"TrainingJobName":"a"},{"TrainingJobName":"b"}]]',
        '[{"TrainingJobName":"a"},,{"TrainingJobName":"b"}]',
        '[{"TrainingJobName":"a"} {"TrainingJobName":"b"}]',
        '[{"TrainingJobName":"a"},null,"x",[],{},[{"TrainingJobName":"b"}]]',
        '[{"TrainingJobName":"a"}],',
        '[{"TrainingJobName":"a"}] [{"TrainingJobName":"b"}]',
        '[{"TrainingJobName":"a"}]\n\n{"Results":[]}\n[]',
        '{"Results":[{"TrainingJob":{"TrainingJobName":"a"}}],"Results":[{"TrainingJob":{"TrainingJobName":"b"}}]}',
        '{"Results":[{"TrainingJob":{"TrainingJobName":"a"},"More":1}],"Other":[1]}',
        '{"Results":[{"TrainingJob":{"TrainingJobName":"a"}}],"Other":"x"}',
        '{"Results":[{"TrainingJobName":"a"},{"TrainingJob":{}},{"TrainingJob":{"TrainingJobName":""}}]}',
        '{"TrainingJobSummaries":[{"TrainingJobName":"a","TrainingPlanArn":"p"},{"TrainingJobName":"b","RoleArn":""}]}',
        '{"Summaries":[{"TrainingJobName":"a"}]}',
        '{"":[{"TrainingJobName":"a"}]}',
        '{"Users":[{"TrainingJobName":"a"}],"NextToken":"x"}',
        '{"TrainingJob":{"TrainingJobName":"a"},"NextToken":"x"}',
        '{"TrainingJob":{"TrainingJobName":"a"}}}',
        '{\n"TrainingJobName":"a"},\n{"TrainingJobName":"b"}',
        '{"TrainingJobName":"a",\n{"TrainingJobName":"b"}',
        '{"TrainingJobName":"a","FailureReason":\n"x"}{"TrainingJobName":"b"}',
    ],
)
@pytest.mark.parametrize("ending", ["", "\n"])
def test_other_sequences_are_read_as_python_reads_them(text: str, ending: str) -> None:
    read_alike(in_lines(text.encode()).removesuffix(b"\n") + ending.encode())


def test_a_summary_is_told_from_a_record_that_is_whole(tmp_path: Path) -> None:
    """The two tell one record together: what the summary says later, and what the describe has besides."""
    whole = jobs(3, RoleArn="r", LastModifiedTime=1706702400)
    summaries = [
        {name: job[name] for name in ("TrainingJobName", "TrainingJobArn")}
        | {"TrainingJobStatus": "Failed", "LastModifiedTime": 1706702500}
        for job in whole
    ]
    page = json.dumps({"TrainingJobSummaries": [*summaries, whole[0]]})
    path = tmp_path / "export.json"
    path.write_text("\n".join([*map(json.dumps, whole), page]))
    assert built_alike([str(path)]).superseded == 4
    assert taken_of([str(path)]) == (6, 7)


def test_a_version_and_an_arn_that_tells_the_kind_are_read(tmp_path: Path) -> None:
    lines = [
        {
            "ImageArn": f"{AWS}:image/i",
            "ImageVersionArn": f"{AWS}:image-version/i/{at}",
            "Version": at,
            "CreationTime": at,
        }
        for at in range(4)
    ]
    lines += [
        {"JobDefinitionArn": f"{AWS}:{kind}-job-definition/d{at}", "JobDefinitionName": f"d{at}", "RoleArn": "r"}
        for at in range(6)
        for kind in ("model-bias", "model-quality")
    ]
    lines += [
        {"ComputeQuotaArn": f"{AWS}:compute-quota/q", "Name": "q", "ComputeQuotaVersion": at, "Status": "Created"}
        for at in range(5)
    ]
    path = tmp_path / "export.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    report = built_alike([str(path)])
    assert report.records == 21
    assert dict(report.kinds) == {
        "ImageVersion": 4, "ModelBiasJobDefinition": 6, "ModelQualityJobDefinition": 6, "ComputeQuota": 5,
    }  # fmt: skip


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


def test_most_kinds_and_most_records_of_exports_are_taken(repository: Path) -> None:
    """Floors: what is left is known (docs/architecture.md), and no change leaves more without being noticed."""
    laid_out = [kind for kind in catalogue.kinds() if layout.layout_of(kind) is not None]
    assert {"TrainingJob", "ProcessingJob", "ExperimentTrialComponent", "Endpoint", "FeatureGroup"} <= set(laid_out)
    assert len(laid_out) >= 70
    taken_count, count = taken_of([str(repository / "data" / "exports")])
    assert taken_count / count >= 0.5


def test_both_readers_skip_a_byte_order_mark_at_the_start_of_a_line() -> None:
    lines = [f'{{"TrainingJobName":"{at}","TrainingJobStatus":"Failed"}}'.encode() for at in range(9)]
    marked = [b"\xef\xbb\xbf" + line if at % 3 == 0 else line for at, line in enumerate(lines)]
    report = read_alike(in_lines(*marked))
    assert (report.records, report.skipped) == (10, 0)
