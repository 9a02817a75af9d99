"""Which columns a table has that nobody chose, and in which order a frame has all of them."""

from __future__ import annotations

from typing import Any

import pytest

from smsearch.frames import columns, summary
from smsearch.frames.summary import Look
from smsearch.schema import catalogue
from smsearch.schema.derived import with_derived
from smsearch.schema.record import Record
from tests.frames.records import jobs, schema

JOB: dict[str, Any] = {
    "TrainingJobName": "a",
    "TrainingJobStatus": "Failed",
    "FailureReason": "no space",
    "CreationTime": 1704103200,
    "TrainingStartTime": 1704103300,
    "TrainingEndTime": 1704106800,
    "LastModifiedTime": 1704106801,
    "HyperParameters": {"lr": "0.1"},
    "FinalMetricDataList": [{"MetricName": "val:Acc", "Value": 0.5}, {"MetricName": "loss", "Value": 2}],
    "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 2},
}


def headings(*documents: dict[str, Any], mentioned: tuple[str, ...] = (), resource: str = "TrainingJob") -> list[str]:
    records = [Record(resource, "", f"name-{at}", document) for at, document in enumerate(documents)]
    return [column.heading for column in summary.summary(records, schema(resource), mentioned)]


def test_a_summary_is_name_status_creation_duration_machines_and_a_metric() -> None:
    usual = ["name", "status", "created", "duration", "instances"]
    assert headings(JOB) == [*usual, "Metrics.loss"]
    assert headings(JOB, mentioned=("HyperParameters.lr",)) == [*usual, "Metrics.loss", "HyperParameters.lr"]
    assert headings(JOB, mentioned=("TrainingEndTime",)) == [*usual, "Metrics.loss", "TrainingEndTime"]


def test_the_duration_is_the_derived_property_and_stands_once() -> None:
    (column,) = [column for column in summary.summary(jobs(JOB), schema(), ()) if column.look is Look.DURATION]
    assert [prop.name for prop in column.properties] == ["DurationInSeconds"]
    derived = with_derived(schema())
    asked = summary.summary(jobs(JOB), derived, ("DurationInSeconds",))
    assert [column.heading for column in asked if "uration" in column.heading] == ["duration"]
    lacking = summary.summary(jobs({**JOB, "TrainingEndTime": None}), derived, ("DurationInSeconds",))
    assert lacking[-1].heading == "DurationInSeconds", "no record has one, and the query asks about it"


def test_the_metric_is_the_one_that_is_asked_about_else_the_objective_else_the_most_frequent() -> None:
    metrics = [{"MetricName": "val:Acc", "Value": 1.0}]
    other = {"TrainingJobName": "b", "FinalMetricDataList": metrics}
    tuned = {**JOB, "HyperParameters": {"_tuning_objective_metric": '"loss"'}}

    def metric(*documents: dict[str, Any], mentioned: tuple[str, ...] = ()) -> list[str]:
        return [name for name in headings(*documents, mentioned=mentioned) if name.startswith("Metrics")]

    assert metric(JOB, other) == ["Metrics.val:Acc"], "two records have it"
    assert metric(tuned, other, other) == ["Metrics.loss"], "a tuning job says so"
    assert metric(tuned, mentioned=("Metrics.val:Acc",)) == ["Metrics.val:Acc"]


def test_why_records_failed_is_shown_where_the_query_asks_about_their_status() -> None:
    assert "FailureReason" in headings(JOB, mentioned=("TrainingJobStatus",))
    assert "FailureReason" not in headings(JOB, mentioned=("HyperParameters.lr",))
    assert "FailureReason" not in headings({**JOB, "FailureReason": None}, mentioned=("TrainingJobStatus",))
    assert headings(JOB, mentioned=("TrainingJobStatus", "FailureReason")).count("FailureReason") == 1


@pytest.mark.parametrize(
    ("resource", "document", "expected"),
    [
        (
            "ExperimentTrialComponent",
            {"Status": {"PrimaryStatus": "Completed"}, "StartTime": 1},
            ["name", "status", "StartTime"],
        ),
        ("Model", {"Model": {"ModelName": "m", "CreationTime": 1}}, ["name", "created"]),
        ("Experiment", {"ExperimentName": "e"}, ["name"]),
        ("Experiment", {}, ["name"]),
        (
            "ModelPackage",
            {"ModelPackageGroupName": "g", "ModelPackageVersion": 3, "ModelPackageStatus": "Completed"},
            ["ModelPackageGroupName", "ModelPackageVersion", "status"],
        ),
        ("ModelPackage", {"ModelPackageName": "m"}, ["name"]),
        ("FeatureMetadata", {"FeatureName": "f", "FeatureGroupName": "g"}, ["name", "FeatureGroupName"]),
        (
            "ProcessingJob",
            {
                "ProcessingJobName": "p",
                "ProcessingJobStatus": "Completed",
                "CreationTime": 1,
                "ProcessingStartTime": 2,
                "ProcessingEndTime": 3,
                "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.t3.medium", "InstanceCount": 1}},
            },
            ["name", "status", "created", "duration", "instances"],
        ),
        (
            "HyperParameterTuningJob",
            {
                "HyperParameterTuningJobName": "h",
                "CreationTime": 1,
                "HyperParameterTuningEndTime": 2,
                "BestTrainingJob": {"FinalHyperParameterTuningJobObjectiveMetric": {"MetricName": "m", "Value": 0.5}},
            },
            ["name", "created", "duration", "BestTrainingJob.FinalHyperParameterTuningJobObjectiveMetric.Value"],
        ),
    ],
)
def test_a_summary_suits_each_kind(resource: str, document: dict[str, Any], expected: list[str]) -> None:
    assert headings(document, resource=resource) == expected


@pytest.mark.parametrize("kind", catalogue.kinds())
def test_every_kind_has_a_summary_of_different_headings(kind: str) -> None:
    found = headings({}, resource=kind)
    assert len(found) == len(set(found)) == 1


def test_machines_are_those_of_every_group() -> None:
    grouped = {"ResourceConfig": {"InstanceGroups": [{"InstanceType": "ml.m5.large", "InstanceCount": 1}]}}
    machines = [column for column in summary.summary(jobs(JOB, grouped), schema(), ()) if column.look is Look.MACHINES]
    assert [prop.name for prop in machines[0].properties] == [
        "ResourceConfig.InstanceType",
        "ResourceConfig.InstanceCount",
        "ResourceConfig.InstanceGroups.InstanceType",
        "ResourceConfig.InstanceGroups.InstanceCount",
    ]


def test_frames_begin_with_name_status_times_and_metrics() -> None:
    observed = columns.present(jobs(JOB), schema())
    assert [prop.name for prop in summary.in_order(observed, schema())] == [
        "TrainingJobName",
        "TrainingJobStatus",
        "CreationTime",
        "TrainingStartTime",
        "TrainingEndTime",
        "LastModifiedTime",
        "Metrics.loss",
        "Metrics.val:Acc",
        "FailureReason",
        "HyperParameters.lr",
        "ResourceConfig.InstanceType",
        "ResourceConfig.InstanceCount",
    ]
