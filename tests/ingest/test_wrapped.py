"""Records are found inside whatever holds them, and every other member there is accounted for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from smsearch.errors import ExportError
from smsearch.ingest.recognition import DEPTH_MAX, Recognised, Unrecognised, text_of
from smsearch.ingest.shapes import recognise
from tests.ingest.sample import ARN, job, names, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

ENDPOINT = {"EndpointName": "e", "EndpointArn": f"{ARN}endpoint/e", "EndpointStatus": "InService"}
CONFIG = {"EndpointConfigName": "c", "EndpointConfigArn": f"{ARN}endpoint-config/c", "ProductionVariants": []}
MODEL = {"ModelName": "m", "ModelArn": f"{ARN}model/m", "PrimaryContainer": {"Image": "i"}}
TRANSFORM = {"TransformJobName": "t", "TransformJobArn": f"{ARN}transform-job/t", "TransformJobStatus": "Completed"}
TUNING = {"HyperParameterTuningJobName": "h", "HyperParameterTuningJobArn": f"{ARN}hyper-parameter-tuning-job/h"}
SUMMARY = {name: job()[name] for name in ("TrainingJobName", "TrainingJobArn", "TrainingJobStatus")}
TEXT = json.dumps(job())


def found(value: object) -> tuple[list[str], list[str]]:
    """The kinds of the records in a value, and the paths of the members that hold none."""
    parts = list(recognise(value))
    assert [part for part in parts if isinstance(part, ExportError)] == []
    return (
        [part.kind for part in parts if isinstance(part, Recognised)],
        [text_of(part.path) for part in parts if isinstance(part, Unrecognised)],
    )


def kinds_in(value: object) -> list[str]:
    """The kinds of the records in a value that holds nothing else."""
    kinds, others = found(value)
    assert others == []
    return kinds


NOTHING: list[object] = [None, "", {}, []]


@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
def test_what_holds_nothing_is_not_there(nothing: object) -> None:
    others = {"Endpoint": nothing, "Experiment": nothing, "Trial": nothing, "Model": nothing, "$metadata": nothing}
    page = {"Results": [{**others, "TrainingJob": job()}], "NextToken": nothing, "TotalHits": nothing}
    assert kinds_in(page) == ["TrainingJob"]
    assert kinds_in({"Endpoints": nothing, "TrainingJobSummaries": [SUMMARY], "Tags": nothing}) == ["TrainingJob"]
    assert kinds_in({"detail-type": nothing, "detail": nothing, "status_code": nothing, "data": job()}) == [
        "TrainingJob"
    ]
    assert kinds_in({**job(), "detail": nothing, "Results": nothing, "Endpoints": nothing}) == ["TrainingJob"]
    assert kinds_in({"Model": MODEL, "Endpoints": nothing, "Transform": nothing}) == ["Model"]


@pytest.mark.parametrize("nothing", NOTHING, ids=repr)
def test_an_identity_that_holds_nothing_is_none(nothing: object) -> None:
    assert kinds_in({**job(), "ModelArn": nothing, "ModelName": nothing, "EndpointArn": nothing}) == ["TrainingJob"]
    assert kinds_in({"TrainingJobArn": nothing, "TrainingJobName": nothing, **ENDPOINT}) == ["Endpoint"]
    (error,) = recognise({**job(), "TrainingJobName": nothing, "TrainingJobArn": nothing})
    assert isinstance(error, ExportError)


WRAPPED: dict[str, tuple[object, list[str]]] = {
    "several lists": ({"Endpoints": [ENDPOINT], "TrainingJobSummaries": [SUMMARY]}, ["Endpoint", "TrainingJob"]),
    "an inventory": (
        {"endpoints": [{"endpoint_name": "e", "endpoint_status": "InService"}], "training_jobs": [job(), job("b")]},
        ["Endpoint", "TrainingJob", "TrainingJob"],
    ),
    "Airflow, training": ({"Training": job()}, ["TrainingJob"]),
    "Airflow, transform": ({"Model": MODEL, "Transform": TRANSFORM}, ["Model", "TransformJob"]),
    "Airflow, endpoint": ({"EndpointConfig": CONFIG, "Endpoint": ENDPOINT}, ["EndpointConfig", "Endpoint"]),
    "Airflow, tuning": ({"Tuning": TUNING}, ["HyperParameterTuningJob"]),
    "a map of name to describe": (
        {"job-1": job(), "job-2": job("job-2"), "e": ENDPOINT},
        ["TrainingJob"] * 2 + ["Endpoint"],
    ),
    "steampipe 1": ({"columns": [{"name": "name", "data_type": "text"}], "rows": [job()]}, ["TrainingJob"]),
    "pandas, split": (
        {"columns": list(job()), "index": [0, 1], "data": [list(job().values()), list(job("b").values())]},
        ["TrainingJob"] * 2,
    ),
    "pandas, columns": ({name: {"0": cell, "1": cell} for name, cell in job().items()}, ["TrainingJob"] * 2),
    "pandas, list": ({name: [cell, cell] for name, cell in job().items()}, ["TrainingJob"] * 2),
    "pandas, normalized columns": (
        {f"TrainingJob.{name}": {"0": cell} for name, cell in job().items()},
        ["TrainingJob"],
    ),
    "SQS": ({"Messages": [{"Body": TEXT}]}, ["TrainingJob"]),
    "SNS in SQS": ({"Records": [{"body": json.dumps({"Message": TEXT})}]}, ["TrainingJob"]),
    "select of AWS Config": ({"Results": [json.dumps({"configuration": job()})]}, ["TrainingJob"]),
    "pages": ({"pages": [{"Results": [{"TrainingJob": job()}]}, {"Results": []}]}, ["TrainingJob"]),
    "jobs": ({"jobs": [job(), job("b")]}, ["TrainingJob"] * 2),
    "a line in a line": (TEXT, ["TrainingJob"]),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_records_are_found_inside(name: str) -> None:
    value, kinds = WRAPPED[name]
    assert kinds_in(value) == kinds
    assert kinds_in([value]) == kinds


def test_a_record_beside_its_tags_has_them() -> None:
    tags = [{"Key": "team", "Value": "a"}]
    for value in ({"training_job": job(), "tags": tags}, {"job": job(Tags=[]), "Tags": tags}):
        (record,) = recognise(value)
        assert isinstance(record, Recognised)
        assert record.members["Tags"] == tags
    (record,) = recognise({"TrainingJob": job(), "Tags": {"Tags": tags, "NextToken": None, "ResponseMetadata": {}}})
    assert isinstance(record, Recognised)
    assert record.members["Tags"] == tags
    (record,) = recognise({"TrainingJob": job(), "Tags": {"Tags": "of one key"}})
    assert isinstance(record, Recognised)
    assert record.members["Tags"] == {"Tags": "of one key"}
    (record,) = recognise({"TrainingJob": job(Tags=[{"Key": "own", "Value": ""}]), "Tags": tags})
    assert isinstance(record, Recognised)
    assert record.members["Tags"] == [{"Key": "own", "Value": ""}]


def task(**members: object) -> dict[str, Any]:
    return {"resourceType": "sagemaker", "resource": "createTrainingJob.sync", **members}


def test_a_history_gives_the_records_of_its_tasks() -> None:
    history = {
        "events": [
            {"id": 1, "type": "ExecutionStarted", "executionStartedEventDetails": {"input": "{}", "roleArn": "arn:r"}},
            {"id": 2, "taskScheduledEventDetails": task(parameters=json.dumps({"TrainingJobName": "job-1"}))},
            {"id": 3, "taskSubmittedEventDetails": task(output=json.dumps({"TrainingJobArn": f"{ARN}training-job/j"}))},
            {"id": 4, "taskSucceededEventDetails": task(output=TEXT)},
            {"id": 5, "taskFailedEventDetails": task(error="SageMaker", cause=TEXT)},
            {"id": 6, "stateExitedEventDetails": {"name": "Train", "output": TEXT}},
        ]
    }
    kinds, others = found(history)
    assert kinds == ["TrainingJob"] * 5
    assert others.count("events[].id") == 5
    assert others.count("events[]") == 1


def test_what_only_mentions_a_record_is_none() -> None:
    mention = {
        "states": [{"input": {"TrainingJobName": "a"}}, {"input": {"EndpointName": "e", "attempt": 3}}],
        "job": job(),
    }
    assert found(mention)[0] == ["TrainingJob"]
    of_another = {"MonitorArn": "arn:aws:x", "MonitorName": "n", "CreationTime": 1, "EndpointName": "e"}
    assert isinstance(next(recognise(of_another)), ExportError)


def test_a_call_that_cloudtrail_tells_of_is_the_record_that_it_made() -> None:
    call = {"eventSource": "sagemaker.amazonaws.com", "eventName": "CreateTrainingJob", "awsRegion": "us-east-1"}
    made = {
        **call,
        "requestParameters": {"trainingJobName": "a", "hyperParameters": {"epochs": "3"}},
        "responseElements": {"trainingJobArn": f"{ARN}training-job/a"},
    }
    others = [
        {**call, "eventName": "DescribeTrainingJob", "requestParameters": {"trainingJobName": "b"}},
        {**made, "errorCode": "AccessDenied"},
        {"eventSource": "s3.amazonaws.com", "eventName": "CreateBucket", "requestParameters": {"bucketName": "x"}},
    ]
    parts = list(recognise({"Records": [made, *others]}))
    (record,) = [part for part in parts if isinstance(part, Recognised)]
    assert record.is_partial
    assert dict(record.members) == {**made["requestParameters"], **made["responseElements"]}  # type: ignore[dict-item]
    assert [text_of(part.path) for part in parts if isinstance(part, Unrecognised)] == ["Records[]"] * 3
    event = {"detail-type": "AWS API Call via CloudTrail", "detail": made}
    assert kinds_in(event) == ["TrainingJob"]


@pytest.mark.parametrize("as_text", [True, False])
def test_an_item_of_aws_config_is_its_configuration(as_text: bool) -> None:  # noqa: FBT001
    configuration = {"ModelName": "m", "PrimaryContainer": {"Image": "i"}}
    item = {
        "resourceType": "AWS::SageMaker::Model",
        "resourceName": "m",
        "arn": f"{ARN}model/m",
        "tags": {"team": "a"},
        "configuration": json.dumps(configuration) if as_text else configuration,
    }
    for value in (
        item,
        {"configurationItems": [item]},
        {"detail-type": "Config", "detail": {"configurationItem": item}},
    ):
        (record,) = recognise(value)
        assert isinstance(record, Recognised)
        assert record.kind == "Model"
        assert record.members["Model"] == {**configuration, "ModelArn": item["arn"], "Tags": {"team": "a"}}


def test_flattened_columns_become_their_structure_again() -> None:
    row: dict[str, Any] = {
        "TrainingJobName": "a",
        "TrainingJobArn": f"{ARN}training-job/a",
        "HyperParameters.eta": "0.3",
        "HyperParameters.max.depth": "7",
        "HyperParameters.none": None,
        "HyperParameters.nan": float("nan"),
        "ResourceConfig.InstanceType": "ml.m5.large",
        "ModelArtifacts.S3ModelArtifacts": "s3://b/m",
        "ExperimentConfig.Unheard": "x",
        "Note.of.mine": "y",
        "Tags": [],
    }
    whole = {
        "TrainingJobName": "a",
        "TrainingJobArn": f"{ARN}training-job/a",
        "HyperParameters": {"eta": "0.3", "max.depth": "7"},
        "ResourceConfig": {"InstanceType": "ml.m5.large"},
        "ModelArtifacts": {"S3ModelArtifacts": "s3://b/m"},
        "ExperimentConfig": {"Unheard": "x"},
        "Note.of.mine": "y",
        "Tags": [],
    }
    (record,) = recognise(row)
    assert isinstance(record, Recognised)
    assert (record.kind, record.members) == ("TrainingJob", whole)
    (record,) = recognise({f"TrainingJob.{name}": value for name, value in row.items()})
    assert isinstance(record, Recognised)
    assert {**record.members, "Tags": []} == whole


def test_flattened_parameters_of_a_trial_component_are_pairs_again() -> None:
    row = {
        "TrialComponentName": "c",
        "TrialComponentArn": f"{ARN}experiment-trial-component/c",
        "Parameters.lr.x.NumberValue": 0.1,
        "Parameters.opt.StringValue": "adam",
    }
    (record,) = recognise(row)
    assert isinstance(record, Recognised)
    assert record.members["Parameters"] == {"lr.x": {"NumberValue": 0.1}, "opt": {"StringValue": "adam"}}


def test_an_element_of_a_list_is_partial_only_if_a_summary_can_say_it_all() -> None:
    parts = list(
        recognise({"TrainingJobSummaries": [SUMMARY, job()], "Endpoints": [{**ENDPOINT, "ProductionVariants": [1]}]})
    )
    assert [part.is_partial for part in parts if isinstance(part, Recognised)] == [True, False, False]


def nested(depth: int) -> object:
    value: object = job()
    for _ in range(depth):
        value = {"below": [value]}
    return value


def test_records_are_looked_for_eight_members_deep() -> None:
    assert kinds_in(nested(DEPTH_MAX)) == ["TrainingJob"]
    (error,) = recognise(nested(DEPTH_MAX + 2))
    assert isinstance(error, ExportError)
    assert "nested too deep" in error.message


def test_a_map_of_maps_is_no_table_by_its_columns() -> None:
    maps: dict[str, Any] = {"Model": {"0": "m"}, "TrainingJobName": {"0": {"a": 1}}}
    (error,) = recognise(maps)
    assert isinstance(error, ExportError)
    kinds, _ = found({"TrainingJobName": job(), "TrainingJobArn": job("b")})  # names of records, by chance
    assert kinds == ["TrainingJob"] * 2


@pytest.mark.parametrize("name", ["HyperParameters", "environment", "Properties"])
def test_nothing_is_looked_for_in_a_map_of_the_users_own_keys(name: str) -> None:
    assert found({"job": job(), name: {"a": job("inside")}}) == (["TrainingJob"], [name])
    assert found({"job": job(), name: TEXT}) == (["TrainingJob"], [name])


def test_nothing_is_looked_for_in_a_record() -> None:
    trial = {"TrialName": "t", "TrialArn": f"{ARN}experiment-trial/t", "Source": job(), "Note": TEXT}
    assert kinds_in(trial) == ["ExperimentTrial"]


def test_every_member_is_accounted_for(tmp_path: Path) -> None:
    value = {
        "region": "us-east-1",
        "jobs": [job("a"), {"no": "record"}, 7],
        "other": {"deep": [{"job": job("b"), "note": 1}]},
        "left": {"b": [1]},
        "NextToken": "x",
        "ResponseMetadata": {"RequestId": "r"},
    }
    records, report = read_bytes(tmp_path, json.dumps(value).encode())
    assert names(records) == ["a", "b"]
    assert report.skipped == 0
    (file,) = report.files
    assert file.unrecognised == {"region": 1, "jobs[]": 2, "other.deep[].note": 1, "left": 1}
    assert report.to_json()["files"][0]["unrecognised_members"] == dict(file.unrecognised)
    assert "members that hold no record: jobs[] (2), region (1)" in report.to_text()


def test_paths_without_records_take_bounded_memory(tmp_path: Path) -> None:
    value = {"job": job(), **{f"key-{number}": number for number in range(3_000)}}
    _, report = read_bytes(tmp_path, json.dumps(value).encode())
    assert report.files[0].unrecognised.total() == 3_000
    assert len(report.files[0].unrecognised) <= 1_001
