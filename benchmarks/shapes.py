"""How one record looks in each shape that exports come in, and how each of them spells its times.

A shape takes a record as Describe returns it and gives what another program would have written of it. Shape 1
is the record itself, and shape 13 is no JSON (`data/awkward/`). Knows no file.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Json = Any
"""What a JSON document holds; a shape does not care."""

RESPONSE_METADATA: Final = {
    "RequestId": "0c1d2e3f-4a5b-4c6d-8e7f-901234567890",
    "HTTPStatusCode": 200,
    "HTTPHeaders": {"content-type": "application/x-amz-json-1.1"},
    "RetryAttempts": 0,
}
_USERS_OWN: Final = {"HyperParameters", "Environment", "TunedHyperParameters"}
"""Maps whose keys are the user's, and so are spelled the same in every shape."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NULLABLE: Final = (
    "AutoMLJobArn", "BillableTimeInSeconds", "CheckpointConfig", "DebugHookConfig", "DebugRuleConfigurations",
    "ExperimentConfig", "FailureReason", "LabelingJobArn", "ModelArtifacts", "ProfilerConfig",
    "RetryStrategy", "TensorBoardOutputConfig", "TrainingEndTime", "TrainingTimeInSeconds", "TuningJobArn",
    "VpcConfig", "WarmPoolStatus",
)  # fmt: skip


def pacific(time: datetime) -> str:
    """`2025-05-16T11:10:50.603000-07:00`, as the AWS CLI prints it in California."""
    return time.astimezone(timezone(timedelta(hours=-7))).isoformat(timespec="microseconds")


def to_the_second(time: datetime) -> str:
    """`2025-05-16T18:10:50+00:00`."""
    return time.isoformat(timespec="seconds")


def zulu(time: datetime) -> str:
    """`2025-05-16T18:10:50.603Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"


def python_text(time: datetime) -> str:
    """`2021-09-15 15:56:14.811000+00:00`, what `json.dumps(…, default=str)` makes of a datetime."""
    return str(time)


def naive_text(time: datetime) -> str:
    """`2021-05-10 12:48:24`, without a zone."""
    return time.strftime("%Y-%m-%d %H:%M:%S")


def seconds(time: datetime) -> float:
    """`1608317808.144`, what the service itself sends."""
    return round((time - _EPOCH) / timedelta(seconds=1), 3)


def whole_seconds(time: datetime) -> int:
    """`1608317808`."""
    return (time - _EPOCH) // timedelta(seconds=1)


def milliseconds(time: datetime) -> int:
    """`1696427182554`."""
    return (time - _EPOCH) // timedelta(milliseconds=1)


def seconds_text(time: datetime) -> str:
    """`"1608317808.144"`."""
    return f"{seconds(time):.3f}"


def milliseconds_text(time: datetime) -> str:
    """`"1696427182554"`."""
    return str(milliseconds(time))


def recorded(time: datetime) -> dict[str, str | int]:
    """A datetime as recordings of boto3's answers keep it."""
    return {
        "__class__": "datetime",
        "year": time.year,
        "month": time.month,
        "day": time.day,
        "hour": time.hour,
        "minute": time.minute,
        "second": time.second,
        "microsecond": time.microsecond,
    }


def respell(document: Json, spelling: Callable[[datetime], Json]) -> Json:
    """The same document with every time in it spelled another way."""
    if isinstance(document, list):
        return [respell(element, spelling) for element in document]
    if not isinstance(document, dict):
        return document
    return {
        name: spelling(datetime.fromisoformat(value))
        if isinstance(value, str) and (name.endswith("Time") or name in {"Timestamp", "TimeStamp"})
        else respell(value, spelling)
        for name, value in document.items()
    }


def described(record: Json) -> Json:
    """Shape 2: what boto3's Describe returns, with the metadata of the response."""
    return {**record, "ResponseMetadata": RESPONSE_METADATA}


def search_page(key: str, records: Iterable[Json], next_token: str = "") -> Json:
    """Shape 3: a page of Search; `key` is the record key (`TrialComponent`)."""
    page: dict[str, Json] = {"Results": [{key: record} for record in records]}
    return {**page, "NextToken": next_token} if next_token else page


def list_page(key: str, records: Iterable[Json], members: Iterable[str]) -> Json:
    """Shape 4: a page of some List operation, which shows only a few members of each record."""
    kept = tuple(members)
    return {key: [{name: record[name] for name in kept if name in record} for record in records]}


def recording(answer: Json) -> Json:
    """Shape 5: a recorded answer."""
    return {"status_code": 200, "data": {**respell(answer, recorded), "ResponseMetadata": RESPONSE_METADATA}}


def event(job: Json) -> Json:
    """Shape 6: an EventBridge event; missing objects are "", booleans are words, tags are a map."""
    detail = respell(job, milliseconds)
    for name in (
        "EnableManagedSpotTraining",
        "EnableNetworkIsolation",
        "EnableInterContainerTrafficEncryption",
    ):
        detail[name] = str(detail[name])
    for name in ("VpcConfig", "CheckpointConfig", "FailureReason"):
        detail.setdefault(name, "")
    detail["Tags"] = {tag["Key"]: tag["Value"] for tag in job["Tags"]}
    _, _, _, region, account, _ = job["TrainingJobArn"].split(":")
    return {
        "version": "0",
        "id": "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        "detail-type": "SageMaker Training Job State Change",
        "source": "aws.sagemaker",
        "account": account,
        "time": datetime.fromisoformat(job["LastModifiedTime"]).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [job["TrainingJobArn"]],
        "detail": detail,
    }


def task(job: Json) -> Json:
    """Shape 7: a Step Functions task that starts a job; it knows what was asked, not what came of it."""
    asked = (
        "AlgorithmSpecification", "HyperParameters", "InputDataConfig", "OutputDataConfig", "ResourceConfig",
        "RoleArn", "StoppingCondition", "Tags", "TrainingJobName",
    )  # fmt: skip
    return {
        "resourceType": "sagemaker",
        "resource": "createTrainingJob.sync",
        "region": job["TrainingJobArn"].split(":")[3],
        "parameters": {name: job[name] for name in asked},
    }


def with_nulls(job: Json) -> Json:
    """Shape 8: what a controller written in Go keeps; every absent member is there, as null."""
    return {**dict.fromkeys(_NULLABLE), **respell(job, zulu)}


def _renamed(document: Json, rename: Callable[[str], str]) -> Json:
    if isinstance(document, list):
        return [_renamed(element, rename) for element in document]
    if not isinstance(document, dict):
        return document
    return {rename(name): value if name in _USERS_OWN else _renamed(value, rename) for name, value in document.items()}


def snake_case_row(job: Json, spelling: Callable[[datetime], Json] = milliseconds_text) -> Json:
    """Shape 9: a row of an inventory; names in snake_case, tags as `key:value`."""
    row = respell(job, spelling)
    row["Tags"] = [f"{tag['Key']}:{tag['Value']}" for tag in job["Tags"]]
    return _renamed(row, lambda name: re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())


def table_row(child: Json) -> Json:
    """Shape 10: a row of the tuner's data frame; hyperparameters and objective are columns too."""
    started = datetime.fromisoformat(child["TrainingStartTime"])
    ended = datetime.fromisoformat(child["TrainingEndTime"])
    objective = child["FinalHyperParameterTuningJobObjectiveMetric"]
    return {
        **{name: float(text) for name, text in child["TunedHyperParameters"].items()},
        "TrainingJobName": child["TrainingJobName"],
        "TrainingJobStatus": child["TrainingJobStatus"],
        "TrainingStartTime": to_the_second(started),
        "TrainingEndTime": to_the_second(ended),
        "TrainingElapsedTimeSeconds": (ended - started) / timedelta(seconds=1),
        "TuningJobName": child["TuningJobName"],
        objective["MetricName"]: objective["Value"],
    }


def container_config(job: Json) -> Json:
    """Shape 11: the configuration that a job's own container sees; enums in another spelling, no times."""
    seen = (
        "TrainingJobName", "TrainingJobArn", "HyperParameters", "InputDataConfig", "OutputDataConfig",
        "ResourceConfig", "RoleArn", "StoppingCondition", "AlgorithmSpecification",
        "EnableManagedSpotTraining", "EnableNetworkIsolation", "EnableInterContainerTrafficEncryption",
        "Tags",
    )  # fmt: skip
    config = {name: job[name] for name in seen}
    config["InputDataConfig"] = [
        {
            "ChannelName": channel["ChannelName"],
            "ContentType": channel["ContentType"],
            "CompressionType": "NONE",
            "RecordWrapperType": "NONE",
            "DataSource": {
                "S3DataSource": {
                    **channel["DataSource"]["S3DataSource"],
                    "S3DataType": "S3_PREFIX",
                    "S3DataDistributionType": "FULLY_REPLICATED",
                }
            },
        }
        for channel in job["InputDataConfig"]
    ]
    return config


def camel_case(job: Json) -> Json:
    """Shape 12: what Java programs write."""
    return _renamed(respell(job, seconds_text), lambda name: name[:1].lower() + name[1:])
