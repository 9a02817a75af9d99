"""A store that is damaged, or written by two: it is right or refused, never wrong. Chance is `benchmarks.campaigns`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest

import smsearch
from smsearch import occupied
from smsearch.frozen import replace
from smsearch.store import manifest
from smsearch.store.check import check
from tests.exports_once import stored_exports

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def store() -> Path:
    return stored_exports()


def job(name: str, *, is_newer: bool) -> dict[str, Any]:
    arn = f"arn:aws:sagemaker:us-east-1:111122223333:training-job/{name}"
    return {"TrainingJobName": name, "TrainingJobArn": arn, "LastModifiedTime": 1_700_000_000 + is_newer}


def test_a_file_that_is_cut_or_gone_is_refused_by_name(store: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "store"
    shutil.copytree(store, damaged)
    segment = next(damaged.glob("segment-*"))
    segment.write_bytes(segment.read_bytes()[:-100])
    with pytest.raises(smsearch.StoreError, match=segment.name):
        smsearch.open(damaged)
    segment.unlink()
    with pytest.raises(smsearch.StoreError, match=segment.name):
        smsearch.open(damaged)


@pytest.mark.parametrize("pattern", ["segment-*.smseg", "dead-*.rows", "held-*.smseg"])
def test_a_whole_file_of_another_store_is_refused_by_name(tmp_path: Path, pattern: str) -> None:
    """Its length and its checksums are right: only its name tells what should be in it."""
    files: list[Path] = []
    for at in range(2):
        jobs = [job(f"{at}-{number}", is_newer=False) for number in range(12)]
        summary = {**job(f"{at}-2", is_newer=True), "CreationTime": at}
        (tmp_path / "jobs.json").write_bytes(orjson.dumps(jobs))
        (tmp_path / "more.json").write_bytes(orjson.dumps([job(f"{at}-{at}", is_newer=True)]))
        (tmp_path / "list.json").write_bytes(orjson.dumps({"TrainingJobSummaries": [summary]}))
        folder = tmp_path / f"store-{at}"
        for name in ("jobs", "more", "list"):
            smsearch.build([tmp_path / f"{name}.json"], folder, add=folder.exists())
        named = manifest.read_manifest(folder).files()
        files.append(
            max((path for path in folder.glob(pattern) if path.name in named), key=lambda one: one.stat().st_size)
        )
    one, other = files
    assert one.stat().st_size == other.stat().st_size
    assert one.read_bytes() != other.read_bytes()
    one.write_bytes(other.read_bytes())
    problem = f"{one.name} is damaged: its content is not what its name says"
    assert [found.startswith(problem) for found in check(one.parent)] == [True]
    (tmp_path / "jobs.json").write_bytes(orjson.dumps([job("new", is_newer=False)]))
    with pytest.raises(smsearch.StoreError, match=re.escape(problem)):
        smsearch.build([tmp_path / "jobs.json"], one.parent, add=True)
    if pattern != "held-*.smseg":  # which no search reads
        with pytest.raises(smsearch.StoreError, match=re.escape(problem)):
            smsearch.open(one.parent)


def test_a_store_of_another_version_is_refused_by_name(store: Path, tmp_path: Path) -> None:
    other = tmp_path / "store"
    shutil.copytree(store, other)
    listed = manifest.read_manifest(other)
    manifest.write_manifest(other, manifest.Manifest(listed.segments, listed.accounts, version=99))
    with pytest.raises(smsearch.StoreError, match="format version 99"):
        smsearch.open(other)


def test_a_folder_that_is_no_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(smsearch.StoreError, match="is not a store"):
        manifest.read_manifest(tmp_path)


def test_the_second_of_two_writers_is_refused(store: Path) -> None:
    with occupied.writing(store, manifest.MANIFEST), pytest.raises(smsearch.StoreError, match="Another smsearch"):
        smsearch.build([ROOT / "data/exports"], store)


def test_a_reader_keeps_its_snapshot_while_a_writer_adds(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    smsearch.build([ROOT / "data/exports/training-jobs"], folder)
    reader = smsearch.open(folder)
    page = reader.search(Resource="TrainingJob", MaxResults=5)
    before = len(reader.query(""))
    dump = tmp_path / "new.jsonl"
    dump.write_text('{"TrainingJobName":"new","TrainingJobArn":"arn:aws:sagemaker:us-east-1:1:training-job/new"}\n')
    smsearch.build([dump], folder, add=True)
    assert len(reader.query("")) == before
    assert reader.search(Resource="TrainingJob", MaxResults=5, NextToken=page["NextToken"])["Results"]
    fresh = smsearch.open(folder)
    assert len(fresh.query("")) == before + 1
    with pytest.raises(smsearch.RequestError, match="expired"):
        fresh.search(Resource="TrainingJob", MaxResults=5, NextToken=page["NextToken"])


def test_newer_records_replace_older_ones_and_unchanged_ones_cost_no_segment(tmp_path: Path) -> None:
    folder, dump = tmp_path / "store", tmp_path / "dump.jsonl"

    def job(name: str, status: str, modified: str) -> bytes:
        arn = f"arn:aws:sagemaker:us-east-1:1:training-job/{name}"
        members = {"TrainingJobName": name, "TrainingJobArn": arn, "TrainingJobStatus": status}
        return orjson.dumps({**members, "LastModifiedTime": modified}) + b"\n"

    old = [job(f"job-{number}", "InProgress", "2024-01-01T00:00:00Z") for number in range(20)]
    dump.write_bytes(b"".join(old))
    smsearch.build([dump], folder)
    listed = manifest.read_manifest(folder).segments
    assert smsearch.build([dump], folder, add=True).superseded == 20
    (again,) = manifest.read_manifest(folder).segments
    assert [replace(again, counts="", counted_rows=0)] == list(listed)
    assert again.counted_rows == 20
    dump.write_bytes(job("job-3", "Completed", "2024-01-02T00:00:00Z") + job("job-4", "Stale", "2023-01-01T00:00:00Z"))
    report = smsearch.build([dump], folder, add=True)
    assert (report.stored, report.superseded) == (1, 1)
    jobs = smsearch.open(folder)
    assert list(jobs.query("status = Completed").names()) == ["job-3"]
    assert len(jobs.query("status = InProgress")) == 19
    assert len(jobs.query("")) == 20
    assert list(check(folder)) == []


def test_an_infinite_metric_stays_a_number_when_segments_are_merged(tmp_path: Path) -> None:
    folder, dump = tmp_path / "store", tmp_path / "dump.json"
    for number in range(12):
        value = "Infinity" if number == 0 else str(number)
        dump.write_text(
            f'{{"TrainingJobName": "job-{number}",'
            f' "FinalMetricDataList": [{{"MetricName": "loss", "Value": {value}}}]}}'
        )
        smsearch.build([str(dump)], folder, add=number > 0)
    assert len(manifest.read_manifest(folder).segments) < 12
    assert list(smsearch.open(folder).query("Metrics.loss > 10").names()) == ["job-0", "job-11"]


def test_many_additions_are_merged(tmp_path: Path) -> None:
    folder, dump = tmp_path / "store", tmp_path / "dump.jsonl"
    for number in range(12):
        arn = f"arn:aws:sagemaker:us-east-1:1:training-job/job-{number}"
        dump.write_bytes(
            orjson.dumps({"TrainingJobName": f"job-{number}", "TrainingJobArn": arn, "CreationTime": number})
        )
        smsearch.build([dump], folder, add=True)
    assert len(manifest.read_manifest(folder).segments) <= 8
    assert list(check(folder)) == []
    names = list(smsearch.open(folder).query("ORDER BY CreationTime ASC").names())
    assert names == [f"job-{number}" for number in range(12)]
