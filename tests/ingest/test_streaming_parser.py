"""Documents that are too large to hold are taken apart as they would be read whole, and what is broken costs itself."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

from smsearch.ingest import documents, load, streaming_parser
from smsearch.ingest.report import FileReport, Report
from tests.ingest.endless import Endless
from tests.ingest.sample import ARN, job, jobs, names, problems, read, read_bytes, split

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENDPOINT = {"EndpointName": "e", "EndpointArn": f"{ARN}endpoint/e", "EndpointStatus": "InService"}
SUMMARY = {name: job()[name] for name in ("TrainingJobName", "TrainingJobArn", "TrainingJobStatus")}
TASK = {"resourceType": "sagemaker", "resource": "createTrainingJob.sync"}
CONTAINERS: dict[str, Any] = {
    "array": jobs(9),
    "Search": {"Results": [{"TrainingJob": one} for one in jobs(9)], "NextToken": "x"},
    "List": {"NextToken": "x", "TrainingJobSummaries": [SUMMARY] * 9},
    "name to record": {one["TrainingJobName"]: one for one in jobs(9)},
    "inventory": {"endpoints": [ENDPOINT] * 4, "region": "r", "training_jobs": jobs(9), "empty": []},
    "history": {
        "events": [{"id": n, "taskSucceededEventDetails": {**TASK, "output": json.dumps(job())}} for n in range(9)]
    },
    "pages": {"pages": [{"Results": [{"TrainingJob": one} for one in jobs(9)]}, {"Results": []}]},
    "recording": {"status_code": 200, "data": {"TrainingJobSummaries": [SUMMARY] * 9, "ResponseMetadata": {"a": [1]}}},
    "texts": {"Results": [json.dumps(one) for one in jobs(9)]},
    "array of arrays": [jobs(4), [jobs(5)]],
    "with what is none": [*jobs(3), None, {"no": "record"}, 7, *jobs(3)],
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits so small that every container is taken apart."""
    monkeypatch.setattr(documents, "LINE_BYTES", 128)
    monkeypatch.setattr(streaming_parser, "RECORD_BYTES_MAX", 900)
    monkeypatch.setattr(streaming_parser, "_CHUNK_BYTES", 64)


@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_taken_apart_gives_what_it_gives_whole(
    name: str, indent: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = json.dumps(CONTAINERS[name], indent=indent).encode() + b"\n" + json.dumps(job("after")).encode()
    whole, report = read_bytes(tmp_path, raw)
    monkeypatch.setattr(documents, "LINE_BYTES", 128)
    monkeypatch.setattr(streaming_parser, "RECORD_BYTES_MAX", 900)
    monkeypatch.setattr(streaming_parser, "_CHUNK_BYTES", 64)
    parts, taken_apart = read_bytes(tmp_path, raw)
    assert [(one.resource, one.document) for one in parts] == [(one.resource, one.document) for one in whole]
    assert len(whole) > 6
    assert taken_apart.skipped >= min(1, report.skipped)
    assert taken_apart.files[0].unrecognised.keys() >= report.files[0].unrecognised.keys() - {"events[].id"}


@pytest.mark.usefixtures("small")
def test_a_record_that_is_too_large_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    large = job("large", FailureReason="x" * 2_000)
    deep = job("deep", Extra=[{"TrainingJobName": "inside"}] * 100)
    for value in ([*jobs(2), large, deep, job("c")], {"a": job("a"), "large": large, "deep": deep, "c": job("c")}):
        records, report = read_bytes(tmp_path, json.dumps(value).encode() + b"\n" + json.dumps(job("after")).encode())
        assert names(records)[-2:] == ["c", "after"]
        assert not {"large", "deep", "inside"} & set(names(records))
        assert report.skipped == 2
        assert all("larger than" in reason for _, reason in problems(report))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "huge",
    [
        b'{"a": "' + b"x" * 9_000 + b'"}',
        b'{"a": "' + b'\\"[' * 3_000 + b'"}',
        b'"' + b"x" * 9_000 + b'"',
        b"[" + b"0," * 5_000 + b"0]",
        b"[" * 90 + b"1," * 5_000 + b"1" + b"]" * 90,
        b'{"a":' * 90 + b"[" + b"1," * 5_000 + b"1]" + b"}" * 90,
        b'{"' + b"k" * 9_000 + b'": {}}',
        b"{" + b",".join(b'"k%d":%d' % (n, n) for n in range(2_000)) + b"}",
    ],
    ids=lambda raw: repr(raw[:8]),
)
def test_a_huge_document_that_is_no_list_is_refused_and_the_next_is_read(huge: bytes, tmp_path: Path) -> None:
    (tmp_path / "huge.json.gz").write_bytes(gzip.compress(huge + b"\n" + json.dumps(job("after")).encode()))
    (tmp_path / "other.json").write_text(json.dumps(job("other")))
    records, report = read(tmp_path)
    assert names(records) == ["after", "other"]
    assert report.skipped == 1


@pytest.mark.parametrize(
    ("head", "unit", "tail"),
    [
        (b'{"Results":[', b'{"TrainingJob":%s}' % json.dumps(job()).encode(), b"]}"),
        (b'{"jobs":{"a":{}', b'"b":%s' % json.dumps(job()).encode(), b"}}"),
        (b'{"pages":[[]', b'{"TrainingJobSummaries":[%s]}' % json.dumps(SUMMARY).encode(), b"]}"),
        (b'{"a":[', b"[0]", b"]}"),
        (b'{"a":"', b"x" * 999, b'"}'),
        (b"[", b"0,0,0", b"]"),
        (b"", b"[" * 99, b""),
    ],
)
def test_memory_does_not_grow_with_a_container(
    head: bytes, unit: bytes, tail: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LINE_BYTES", 1 << 12)
    monkeypatch.setattr(streaming_parser, "RECORD_BYTES_MAX", 1 << 13)
    monkeypatch.setattr(streaming_parser, "_CHUNK_BYTES", 1 << 12)

    def parts() -> Iterator[bytes]:
        yield head.removesuffix(b"[") + b"[null" if head.endswith(b"[") else head
        for _ in range(5_000):
            yield b"," + unit
        yield tail

    file = FileReport("made")
    list(load.from_stream(io.BufferedReader(Endless(iter([head, unit + tail]))), file, Report()))  # caches are filled
    tracemalloc.start()
    try:
        for _ in load.from_stream(io.BufferedReader(Endless(parts())), FileReport("made"), Report()):
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 400_000


@pytest.mark.parametrize(
    "unit",
    [b"[\n", b'{"a":\n', b"[}\n", b'{"a":[{"b":\n', b"]\n", b"{}", b'{"a": "b\n', b'"', b'\\"'],
    ids=repr,
)
def test_as_many_broken_lines_as_there_are_take_no_longer_each(unit: bytes) -> None:
    found = split(b'{"a": "' + unit * 20_000)  # with a cost that grows by the square this would not end
    assert all(one.line >= 1 for one in found)
    assert split(unit * 20_000 + b"{")
    assert split(unit * 20_000 + b"\n" + json.dumps(job()).encode())


def test_documents_on_a_line_that_is_cut_are_read_before_the_cut() -> None:
    *whole, cut = split(b'{"a": 1}' * 5_000 + b'{"b": [1, {"c"\n{"d": 2}\n')[:5_001]
    assert [one.value for one in whole] == [{"a": 1}] * 5_000
    assert "cut in the middle" in cut.problem


def test_thirty_thousand_keys_in_one_map_are_read(tmp_path: Path) -> None:
    many = {f"key-{number}": "1" for number in range(30_000)}
    value = [job("a", HyperParameters=many), job("b", **many), {"note": 1, **many, "job": job("c")}]
    records, _ = read_bytes(tmp_path, json.dumps(value).encode())
    assert names(records) == ["a", "b", "c"]
    assert len(records[0].document["HyperParameters"]) == 30_000


def test_lines_of_json_may_end_in_commas(tmp_path: Path) -> None:
    raw = b",\n".join(json.dumps(one).encode() for one in jobs(3)) + b",\n"
    records, report = read_bytes(tmp_path, raw)
    assert names(records) == ["job-0", "job-1", "job-2"]
    assert (report.skipped, report.files[0].is_lines) == (0, True)


def test_a_broken_container_gives_what_is_whole_in_it(tmp_path: Path) -> None:
    good, bad = json.dumps(job("good")), json.dumps(job("bad")).replace('": "Completed"', '" "Completed"')
    for raw in (
        f'{{"jobs": [{good}, {bad}], "x": 1}}',
        f'{{"a": {good}, "b": {bad}}}',
        f'{{"Results": [{{"TrainingJob": {good}}}, {{"TrainingJob": {bad}}}]}}',
        f'{{"deep": {{"er": [[{good}, {bad}]]}}}}',
        f'{{"jobs": [{good}, {bad[:40]}',
        f'{{"a": {good}, "b": {{"TrainingJobName',
    ):
        records, report = read_bytes(tmp_path, raw.encode())
        assert names(records) == ["good"], raw
        assert report.skipped == 1, problems(report)


def test_a_broken_record_is_told_once(tmp_path: Path) -> None:
    bad = json.dumps(job(Extra={"TrainingJobName": "inside", "TrainingJobStatus": "x"}), indent=1)
    for raw in (bad.replace('"Completed",', '"Completed"'), bad[:-20]):
        records, report = read_bytes(tmp_path, raw.encode())
        assert records == []
        assert report.skipped == 1
