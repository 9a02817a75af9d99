"""What is not JSON: the AWS CLI's YAML is read, and the rest is refused with the advice that fits it."""

from __future__ import annotations

import gzip
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from smsearch.ingest import streaming_parser, yaml_text
from smsearch.schema.decode import DecodeError
from tests.ingest.sample import ARN, job, jobs, names, problems, read, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

PAGE = {
    "NextToken": "x",
    "Results": [{"TrainingJob": job(f"job-{number}", FailureReason='a: b\n - "c"')} for number in range(3)],
}


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Writes as the AWS CLI does."""

    def ignore_aliases(self, data: object) -> bool:
        """Always."""
        return data is not None


def dumped(value: object) -> bytes:
    return yaml.dump(value, Dumper=_Dumper, default_flow_style=False).encode()  # type: ignore[no-any-return]


RECORD = job("yes", Tags=[{"Key": "a", "Value": "no"}, {"Key": "b", "Value": "012"}], Environment={"N": "1e3", "E": ""})
YAML: dict[str, tuple[bytes, list[str]]] = {
    "a describe": (dumped(RECORD), ["yes"]),
    "describes one after another": (dumped(RECORD) + dumped(job("b")) + b"---\n" + dumped(job("c")), ["yes", "b", "c"]),
    "a page": (dumped(PAGE), ["job-0", "job-1", "job-2"]),
    "a stream of pages": (dumped([PAGE]) + dumped([PAGE]), ["job-0", "job-1", "job-2"] * 2),
    "a stream of describes": (dumped([RECORD]) + dumped([job("b")]), ["yes", "b"]),
    "a list page": (dumped({"TrainingJobSummaries": jobs(3)}), ["job-0", "job-1", "job-2"]),
    "Windows": (dumped(PAGE).replace(b"\n", b"\r\n"), ["job-0", "job-1", "job-2"]),
    "then JSON": (dumped(RECORD) + json.dumps(job("b")).encode() + b"\n", ["yes", "b"]),
}


@pytest.mark.parametrize("name", YAML)
def test_yaml_of_the_aws_cli_is_read(name: str, tmp_path: Path) -> None:
    raw, expected = YAML[name]
    records, report = read_bytes(tmp_path, raw, "export.yaml")
    assert names(records) == expected
    assert (report.skipped, report.files[0].unrecognised) == (0, {})
    if expected[0] == "yes":
        assert records[0].document == RECORD
    else:
        assert "".join(records[0].document.get("FailureReason", "").split()) in ('a:b-"c"', "")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", 1),
        ("a: 0.30000000000000001", "0.30000000000000001"),
        ("a: 1.5e-3", 0.0015),
        ("a: 1e3", "1e3"),
        ("a: yes", "yes"),
        ("a: true", True),
        ("a: ~", None),
        ("a: '1'", "1"),
        ("a: 2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
        ("a: 012345678901", "012345678901"),
        ("a: 1_000", "1_000"),
        ("a: [1, {b: c}]", [1, {"b": "c"}]),
        ("a: &x {b: 1}\nc: *x", {"b": 1}),
    ],
)
def test_words_are_what_yaml_1_2_makes_of_them(text: str, value: object) -> None:
    parsed = yaml_text.parsed(text.encode())
    assert isinstance(parsed, dict)
    assert (str(parsed["a"]) if "000000" in text else parsed["a"]) == value


@pytest.mark.parametrize(
    "bad",
    [
        b"a: [1",
        b"a: b: c",
        b"\ta: 1",
        b"a: *nobody",
        b"a: &x [*x]",
        b"a: \xff",
        b"- " * 5_000 + b"x",
        b"[" * 5_000,
        b"a: &a [x,x,x,x,x,x,x,x,x]\n"
        + b"\n".join(b"%c: &%c [%s]" % (c + 1, c + 1, b",".join([b"*%c" % c] * 9)) for c in range(ord("a"), ord("i"))),
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_yaml_that_cannot_be_read_does_no_harm(bad: bytes) -> None:
    with pytest.raises(DecodeError):
        yaml_text.parsed(bad)


def test_a_page_of_yaml_takes_the_memory_of_an_element(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming_parser, "RECORD_BYTES_MAX", 600)
    large = {"TrainingJobSummaries": [*jobs(30), job("large", FailureReason="x " * 2_000), job("last")]}
    records, report = read_bytes(tmp_path, dumped(large))
    assert names(records) == [f"job-{number}" for number in range(30)] + ["last"]
    assert report.skipped == 1


def test_without_pyyaml_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    records, report = read_bytes(tmp_path, dumped(job()))
    assert records == []
    assert "smsearch-offline[yaml]" in problems(report)[0][1]


REPR = f"TrainingJob(training_job_name='a', training_job_arn='{ARN}training-job/a', tags=<x.Unassigned object at 0x7f>)"
CLI, GO, NODE = "--output json", "json.Marshal", "JSON.stringify"
PYTHON, CORE = "json.dumps(response, default=str)", "model_dump_json(exclude_unset=True)"
OF_NODE = """{
  '$metadata': {
    httpStatusCode: 200,
    attempts: 1
  },
  Results: [ { TrainingJob: [Object] } ]
}
"""
OTHERS: dict[str, tuple[str, str]] = {
    "the CLI's text": (f"TRAININGJOBSUMMARIES\t1.709E9\t{ARN}training-job/a\ta\tCompleted\n", CLI),
    "the CLI's text with a query": (f"{ARN}training-job/a\ta\n{ARN}training-job/b\tb\n", CLI),
    "the CLI's table": ("-----------------\n|ListTrainingJobs|\n+---------------+\n||  a  |  b    ||\n", CLI),
    "Go 1": ('{\n  Results: [{\n      TrainingJob: {\n        TrainingJobName: "a"\n      }\n    }]\n}\n', GO),
    "Go 1, a describe": ('{\n  TrainingJobArn: "arn:aws:x",\n  TrainingJobName: "a"\n}\n', GO),
    "Go 2": ("&{AlgorithmSpecification:0xc0001 TrainingJobName:0xc0002}\n", GO),
    "node": (OF_NODE, NODE),
    "node, a describe": ("{\n  TrainingJobName: 'a',\n  CreationTime: 2024-03-01T10:00:00.000Z,\n}\n", NODE),
    "Python": ("{'TrainingJobName': 'a', 'Tags': []}\n", PYTHON),
    "Python with times": ("{'a': datetime.datetime(2024, 3, 1, tzinfo=tzlocal())}\n", PYTHON),
    "sagemaker-core": (REPR + "\n", CORE),
    "several of sagemaker-core": (f"[{REPR}, {REPR}]\n", CORE),
    "Ruby": ('#<struct Aws::SageMaker::Types::DescribeTrainingJobResponse training_job_name="a">\n', "JSON.generate"),
    "Java": ("DescribeTrainingJobResponse(TrainingJobName=a, TrainingJobArn=arn:aws:x)\n", "toString()"),
}
BROKEN = [b'{"a": 1,}\n', b'{"a" 1}\n', b'{"a": tru}\n', b"{\n", b'[{"a": }]\n', b"{}}\n"]


@pytest.mark.parametrize("name", OTHERS)
def test_what_other_tools_print_is_refused_once_with_the_advice_that_fits(name: str, tmp_path: Path) -> None:
    text, advice = OTHERS[name]
    good = json.dumps(job("good")) + "\n"
    records, report = read_bytes(tmp_path, (text + good).encode())
    assert names(records) == ["good"]
    assert [advice in reason for _, reason in problems(report)] == [True], problems(report)


@pytest.mark.parametrize("raw", BROKEN)
def test_broken_json_is_not_taken_for_another_language(raw: bytes, tmp_path: Path) -> None:
    _, report = read_bytes(tmp_path, raw)
    assert all("Export it with" not in reason for _, reason in problems(report))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_called_that(encoding: str, tmp_path: Path) -> None:
    raw = json.dumps(job(), indent=1).encode(encoding)
    for name, data in {"a.json": raw, "b.jsonl": raw}.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "good.json.gz").write_bytes(gzip.compress(json.dumps(job("good")).encode()))
    records, report = read(tmp_path)
    assert names(records) == ["good"]
    expected: list[Any] = [f"It is {encoding.upper().replace('F-16-', 'F-16')} without a byte order mark."] * 2
    assert [reason.partition(" Convert")[0] for _, reason in problems(report)] == expected
