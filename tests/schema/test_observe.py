"""The dynamic names that a document has (row F7)."""

from __future__ import annotations

import math
from typing import Any

import pytest

from smsearch.schema import catalogue
from smsearch.schema.names import Schema
from smsearch.schema.observe import dynamic_names


def names(resource: str, document: object) -> list[str]:
    return sorted(dynamic_names(document, Schema(catalogue.resource(resource))))


def test_every_family_of_a_training_job() -> None:
    document = {
        "TrainingJobName": "a",
        "HyperParameters": {"lr": "1", "a.b": "", "gone": None, "": "x"},
        "Environment": {"X": "1"},
        "Tags": [{"Key": "team", "Value": "a"}, {"Key": "team", "Value": "b"}, {"Key": ""}, {"Value": "x"}, None, 5],
        "FinalMetricDataList": [{"MetricName": "loss", "Value": math.nan}],
        "Unknown": {"x": 1},
    }
    assert names("TrainingJob", document) == [
        "Environment.X",
        "HyperParameters.a.b",
        "HyperParameters.lr",
        "Metrics.loss",
        "Tags.team",
    ]


def test_every_family_of_a_trial_component() -> None:
    document: dict[str, Any] = {
        "Metrics": [{"MetricName": "loss", "Last": 1}, {"MetricName": "x.Max", "Last": 1}],
        "Parameters": {"lr": {"NumberValue": 1}, "gone": {}},
        "InputArtifacts": {"data": {"Value": "s3://"}},
        "SourceDetail": {"TrainingJob": {"FinalMetricDataList": [{"MetricName": "acc", "Value": 1}]}},
    }
    assert names("ExperimentTrialComponent", document) == [
        "InputArtifacts.data",
        "Metrics.loss.Last",
        "Metrics.x.Max.Last",
        "Parameters.lr",
        "SourceDetail.TrainingJob.Metrics.acc",
    ]


def test_a_models_own_environment() -> None:
    document = {"Model": {"PrimaryContainer": {"Environment": {"X": "1"}}, "Containers": [{"Environment": {"Y": "1"}}]}}
    assert names("Model", document) == ["Model.PrimaryContainer.Environment.X"]


@pytest.mark.parametrize("document", [None, [], "x", {}, {"HyperParameters": []}, {"Tags": {}}, {"Tags": [{"Key": 5}]}])
def test_a_document_of_another_shape_has_none(document: object) -> None:
    assert names("TrainingJob", document) == []
