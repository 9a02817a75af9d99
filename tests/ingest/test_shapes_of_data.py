"""Each example of a shape in `data/shapes` gives its records, one by one, or is refused with the advice that fits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.ingest.sample import ARN, problems, read

FOLDER = Path(__file__).parents[2] / "data/shapes"
RECORDS: dict[str, list[str]] = {
    "airflow.jsonl": [
        "TrainingJob airflow-1",
        "Model reviews-m",
        "TransformJob score-1",
        "EndpointConfig reviews-1",
        "Endpoint reviews",
        "HyperParameterTuningJob study",
        "ProcessingJob clean-1",
    ],
    "aws-config.json": ["Model config-m"],
    "by-name.json": ["TrainingJob by-name-1", "TrainingJob by-name-2"],
    "cli-stream.yaml": ["TrainingJob stream-1", "TrainingJob stream-2"],
    "cli.yaml": ["TrainingJob yaml-1", "TrainingJob yaml-2"],
    "cloudtrail.json": ["TrainingJob trail-1"],
    "datadog.json": ["TrainingJob datadog-1"],
    "dotnet.json": ["TrainingJob dotnet-1"],
    "inventory.json": ["Endpoint reviews", "TrainingJob inventory-1", "TrainingJob inventory-2"],
    "jobs.json": ["TrainingJob list-1", "TrainingJob list-2"],
    "pages.json": ["TrainingJob page-1", "TrainingJob page-2"],
    "pandas-columns.json": ["TrainingJob column-1", "TrainingJob column-2"],
    "pandas-normalized.json": ["TrainingJob flat-1", "TrainingJob flat-2"],
    "pandas-split.json": ["TrainingJob split-1", "TrainingJob split-2"],
    "paws.json": ["TrainingJob paws-1"],
    "powershell.json": ["TrainingJob powershell-1"],
    "ruby-and-go-times.json": ["TrainingJob ruby-1", "TrainingJob go-2"],
    "siblings-empty.json": ["TrainingJob pydantic-1"],
    "siblings-null.json": ["TrainingJob go-1"],
    "sns-in-sqs.json": ["TrainingJob topic-1"],
    "sqs.json": ["TrainingJob queue-1"],
    "steampipe.json": ["TrainingJob steampipe-1"],
    "step-functions-history.json": ["TrainingJob history-1", "TrainingJob ", "TrainingJob history-1"],
    "trailing-commas.jsonl": ["TrainingJob comma-1", "TrainingJob comma-2"],
    "two-lists.json": ["Endpoint reviews", "TrainingJob two-1", "TrainingJob two-2"],
    "with-tags.json": ["TrainingJob tagged-1"],
}
ADVICE = {
    "cli-table.txt": "--output json",
    "cli-text.txt": "--output json",
    "go-string.txt": "json.Marshal",
    "node-console.txt": "JSON.stringify",
    "sagemaker-core-repr.txt": "model_dump_json(exclude_unset=True)",
    "utf-16-without-mark.json": "iconv",
}
PARTIAL = {"two-lists.json", "cli-stream.yaml", "cloudtrail.json", "aws-config.json", "step-functions-history.json"}
LEFT: dict[str, set[str]] = {
    "cloudtrail.json": {"Records[]"},
    "inventory.json": {"region"},
    "sns-in-sqs.json": {"Records[].messageId", "Records[].body.Type"},
    "sqs.json": {"Messages[].MessageId"},
    "step-functions-history.json": {"events[].timestamp", "events[].type", "events[].id"},
}
"""Members that hold no record; all others of an example are accounted for by its records."""
TAGS = [
    {"Key": "team", "Value": "reviews"},
    {"Key": "aws:cloudformation:stack-name", "Value": "train"},
    {"Key": "aws:createdBy", "Value": "IAMUser:made-up"},
]
MEMBERS: dict[str, dict[str, Any]] = {
    "cli.yaml": {"TrainingJobStatus": "Completed", "HyperParameters": {"epochs": "3", "eta": "0.1"}},
    "cloudtrail.json": {"TrainingJobArn": ARN.replace("us-east-1", "eu-central-1") + "training-job/trail-1"},
    "datadog.json": {"Tags": TAGS},
    "dotnet.json": {"TrainingJobStatus": "Completed"},
    "pandas-columns.json": {
        "TrainingJobStatus": "Completed",
        "HyperParameters": {"epochs": "3"},
        "FailureReason": None,
    },
    "pandas-normalized.json": {
        "HyperParameters": {"eta": "0.3"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    },
    "paws.json": {"HyperParameters": {"epochs": "3"}, "EnableManagedSpotTraining": True},
    "steampipe.json": {"account_id": "001122223333"},
    "with-tags.json": {"Tags": TAGS[:1]},
}
"""Members of the first record, where a shape says them otherwise."""


def test_every_example_is_tested() -> None:
    assert {path.name for path in FOLDER.iterdir()} == RECORDS.keys() | ADVICE.keys()


@pytest.mark.parametrize("name", RECORDS)
def test_an_example_gives_its_records(name: str) -> None:
    records, report = read(FOLDER / name)
    assert [f"{record.resource} {record.name}" for record in records] == RECORDS[name]
    assert problems(report) == []
    assert set(report.files[0].unrecognised) == LEFT.get(name, set())
    assert all(record.is_partial for record in records) == (name in PARTIAL)
    assert "left out" not in report.to_text()
    document = records[0].document
    assert {member: document.get(member) for member in MEMBERS.get(name, {})} == MEMBERS.get(name, {})


@pytest.mark.parametrize("name", ADVICE)
def test_an_example_is_refused_with_the_advice_that_fits(name: str) -> None:
    records, report = read(FOLDER / name)
    assert records == []
    ((_, reason),) = problems(report)
    assert ADVICE[name] in reason
