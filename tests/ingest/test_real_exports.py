"""Published records, as they were found: each file gives the records, and their kind, that its manifest says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import smsearch
from smsearch.schema import catalogue, values
from smsearch.schema.catalogue import Scalar, resource
from tests.ingest.sample import read

REAL = Path(__file__).parents[3] / "shared" / "real-exports"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the shared folder is beside checkouts only")

KINDS = {
    "processing": "ProcessingJob",
    "tuning": "HyperParameterTuningJob",
    "list-tuning-jobs": "HyperParameterTuningJob",
    "trial-component": "ExperimentTrialComponent",
    "list-trial-components": "ExperimentTrialComponent",
    "compilation": "CompilationJob",
    "transform": "TransformJob",
    "domain": "Domain",
    "model-bias-job-definition": "ModelBiasJobDefinition",
    "data-quality-job-definition": "DataQualityJobDefinition",
}
"""Kinds that a manifest calls otherwise; an event says its own, and all others are training jobs."""
PARTIAL = {
    "list-training-jobs",
    "list-tuning-jobs",
    "list-trial-components",
    "analytics-dataframe-records",
    "hpo-child-summary",
    "stepfunctions-event",
}
NO_ARN = {"analytics-dataframe-records", "create-training-job-request"}


def manifest() -> list[dict[str, str]]:
    if not REAL.is_dir():
        return []
    with (REAL / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("entry", manifest(), ids=lambda entry: entry["file"][:80])
def test_a_file_gives_what_its_manifest_says(entry: dict[str, str]) -> None:
    records, report = read(REAL / entry["file"])
    kind = entry["record_kind"]
    if KINDS.get(kind, "TrainingJob") not in catalogue.kinds():
        pytest.skip("the catalogue has no such kind")
    assert report.skipped == 0
    assert len(records) == int(entry["n_records"])
    expected = {KINDS.get(kind, "TrainingJob")} if kind != "eventbridge" else {"ProcessingJob", "TransformJob"}
    assert {record.resource for record in records} <= expected
    assert {record.is_partial for record in records} == {kind in PARTIAL or "__list-" in entry["file"]}
    assert all(record.name or kind == "stepfunctions-event" for record in records)
    assert all(record.arn or kind in NO_ARN | {"stepfunctions-event"} for record in records)
    assert (report.naive_times > 0) == (kind == "steampipe-rows")


@pytest.mark.parametrize("entry", manifest(), ids=lambda entry: entry["file"][:80])
def test_every_time_is_read_and_no_null_is_left(entry: dict[str, str]) -> None:
    records, _ = read(REAL / entry["file"])
    for record in records:
        members = resource(record.resource).root
        assert None not in record.document.values()
        for name, value in record.document.items():
            reached = members.member(name) if name in members.members else None
            if isinstance(reached, Scalar) and reached.kind.is_time:
                assert isinstance(values.timestamp_of(value), int), (name, value)
    times = {"LastModifiedTime", "CreationTime"}
    if entry["timestamp_format"] and entry["record_kind"] in {"training", "tuning", "search", "list-training-jobs"}:
        assert any(times & record.document.keys() for record in records)


def test_the_folder_is_accounted_for_file_by_file() -> None:
    _, report = read(REAL)
    entries = manifest()
    assert {Path(file.name).name for file in report.files} == {entry["file"] for entry in entries} | {"MANIFEST.tsv"}
    assert report.found == sum(int(entry["n_records"]) for entry in entries)
    assert report.skipped == sum(
        KINDS.get(entry["record_kind"], "TrainingJob") not in catalogue.kinds() for entry in entries
    )
    assert [Path(file.name).name for file in report.files if file.ignored] == ["MANIFEST.tsv"]
    assert all(not file.unrecognised for file in report.files)
    searcher = smsearch.open(REAL)
    assert searcher.report.superseded > 0
    assert sum(searcher.resources().values()) == searcher.report.stored
