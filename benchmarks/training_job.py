"""One training job, made up but as real ones are, from a seed and an index.

`training_job(seed, index)` is a pure function: any prefix of a run is the same however long the run, and any
record can be made alone. Names are unique at any count: no two indexes share a millisecond of creation. It
knows the words (`vocabulary.py`), but no files and no shapes of exports. Of randomness it uses only
`Random.random()`, the one sequence that Python promises to keep.

What a benchmark may rely on: about 14 jobs in 100 are named `xgboost`, exactly one in 25,000 `quokka`;
exactly one in 500 has the hyperparameter `temperature_floor`; FailureReason exists on Failed jobs only.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from random import Random
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.vocabulary import Family, Table

Record = dict[str, object]

FIRST_DAY: Final = datetime(2023, 1, 1, tzinfo=UTC)
_DAY_MS: Final = 86_400_000
SPAN_MS: Final = 731 * _DAY_MS
"""Jobs are created over two years; their runs may end a little later."""
_STRIDE_MS: Final = 39_033_770_303
"""Coprime to SPAN_MS and near its golden section: successive indexes fall far apart, and none twice."""

QUOKKA_EVERY: Final = 25_000
RARE_EVERY: Final = 500

_DAYS: Final = tuple((FIRST_DAY + timedelta(days=day)).strftime("%Y-%m-%d") for day in range(731 + 30))
_MINUTES: Final = tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(1440))

# Metric values are float32 made wide, as the service gives them (0.8791999816894531).
_METRIC_STEPS: Final = 65_521
_SCORES: Final[list[float]] = np.linspace(0.5, 1, _METRIC_STEPS, endpoint=False, dtype=np.float32).tolist()
_LOSSES: Final[list[float]] = (np.linspace(0.01, 1.6, _METRIC_STEPS, dtype=np.float32) ** 2).tolist()
_RATES: Final[list[float]] = np.linspace(12, 4000, _METRIC_STEPS, dtype=np.float32).tolist()
_METRICS: Final = {
    family.name: (
        *(
            (name, table)
            for turn in zip_longest(family.scores, family.losses)
            for name, table in zip(turn, (_SCORES, _LOSSES), strict=True)
            if name is not None
        ),
        ("train:samples/s", _RATES),
        ("gradient norm", _LOSSES),
    )
    for family in vocabulary.FAMILIES
}
_METRICS_BELOW: Final = {"Completed": 7, "Failed": 2, "Stopped": 5, "InProgress": 4, "Stopping": 4}
"""A job of each status has fewer metrics than this."""

_OTHERS: Final = {family.name: family.others * 2 for family in vocabulary.FAMILIES}
_CHANNELS: Final = ("train", "validation", "test", "model")
_CONTENT_TYPES: Final = (
    "text/csv",
    "application/x-parquet",
    "application/x-recordio",
    "image/jpeg",
    "text/libsvm",
)
_SECONDARY: Final = {
    "Completed": "Completed",
    "Failed": "Failed",
    "Stopped": "Stopped",
    "InProgress": "Training",
    "Stopping": "Stopping",
}
_TRANSITIONS: Final = (
    ("Starting", "Preparing the instances"),
    ("Downloading", "Downloading input data"),
    ("Training", "Training in progress"),
)
_TAG_ORDERS: Final = (
    (
        "team",
        "owner",
        "project",
        "cost-center",
        "env",
        "aws:cloudformation:stack-name",
        "cost center",
        "ticket",
    ),
    ("team", "project", "env", "sagemaker:project-name", "owner", "cost-center", "ticket", "gpu.hours"),
    ("owner", "team", "cost-center", "env", "project", "ticket", "sagemaker:project-name", "cost center"),
)
_ENVIRONMENTS: Final = ("dev", "dev", "staging", "prod")


def spell(ms: int) -> str:
    """A moment as the exports spell it by default: ISO 8601, UTC, to the microsecond.

    Args:
        ms: Milliseconds since FIRST_DAY.
    """
    day, ms_of_day = divmod(ms, _DAY_MS)
    minute, ms_of_minute = divmod(ms_of_day, 60_000)
    return f"{_DAYS[day]}T{_MINUTES[minute]}:{ms_of_minute // 1000:02d}.{ms_of_minute % 1000:03d}000+00:00"


def created_ms(seed: int, index: int) -> int:
    """When a job was created, in milliseconds since FIRST_DAY; a permutation of the whole span."""
    return (index * _STRIDE_MS + seed * 7_919) % SPAN_MS


def _pick(draw: Callable[[], float], table: Table) -> str:
    return table[int(draw() * len(table))]


def _hyperparameters(draw: Callable[[], float], family: Family, index: int) -> dict[str, str]:
    """5 to 25 of them: the family's own, then common ones, then up to three of the long tail."""
    count = 5 + int(draw() * 21)
    tail = min(int(draw() * draw() * 4), count - 5)
    fill = max(count - tail - len(family.first), 0)
    others = _OTHERS[family.name]
    start = int(draw() * (len(others) // 2))
    values = vocabulary.QUOTED_VALUES if family.quoted else vocabulary.VALUES
    chosen = {
        name: values[name][int(draw() * len(values[name]))]
        for name in (*family.first[:count], *others[start : start + fill])
    }
    for _ in range(tail):
        chosen[_pick(draw, vocabulary.TAIL)] = _pick(draw, vocabulary.TAIL_VALUES)
    if index % RARE_EVERY == RARE_EVERY // 2:
        chosen[vocabulary.RARE_HYPERPARAMETER] = f"{draw():.3f}"
    return chosen


def _metrics(draw: Callable[[], float], family: Family, status: str, end: str) -> list[Record]:
    """0 to 6 final metrics; a job that failed has one at most, and one still running has few."""
    count = int(draw() * _METRICS_BELOW[status])
    return [
        {"MetricName": name, "Value": table[int(draw() * _METRIC_STEPS)], "Timestamp": end}
        for name, table in _METRICS[family.name][:count]
    ]


def _channels(draw: Callable[[], float], bucket: str) -> list[Record]:
    """1 to 4 input channels over one data set."""
    dataset = _pick(draw, vocabulary.DATASETS)
    content = _pick(draw, _CONTENT_TYPES)
    folder = f"s3://{bucket}/{dataset}/data"
    return [
        {
            "ChannelName": channel,
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": f"{folder}/{channel}/",
                    "S3DataDistributionType": "FullyReplicated" if draw() < 0.8 else "ShardedByS3Key",
                }
            },
            "ContentType": content,
        }
        for channel in _CHANNELS[: 1 + int(draw() * 4)]
    ]


def _tags(draw: Callable[[], float], team: str, project: str) -> list[Record]:
    """0 to 8 tags; team and project say the same as the job's name and its experiment."""
    values = {
        "team": team,
        "project": project,
        "owner": _pick(draw, vocabulary.OWNERS),
        "env": _pick(draw, _ENVIRONMENTS),
        "cost-center": str(1000 + int(draw() * 40) * 10),
        "cost center": f"R&D {int(draw() * 9)}",
        "aws:cloudformation:stack-name": f"ml-{team}",
        "sagemaker:project-name": project,
        "gpu.hours": str(int(draw() * 300)),
        "ticket": f"ML-{int(draw() * 9000)}",
    }
    order = _TAG_ORDERS[int(draw() * len(_TAG_ORDERS))]
    return [{"Key": key, "Value": values[key]} for key in order[: int(draw() * 9)]]


def _transitions(created: int, started: int, ended: int, status: str) -> list[Record]:
    """The secondary statuses that a job went through, up to the one it is in."""
    downloading = created + (started - created) // 2
    spans = ((created, downloading), (downloading, started), (started, ended))
    entries: list[Record] = [
        {"Status": word, "StartTime": spell(start), "EndTime": spell(end), "StatusMessage": message}
        for (word, message), (start, end) in zip(_TRANSITIONS, spans, strict=True)
    ]
    if status == "InProgress":
        del entries[-1]["EndTime"]
        return entries
    message = f"Training job {status.lower()}"
    end = spell(ended)
    last: Record = {"Status": _SECONDARY[status], "StartTime": end, "EndTime": end, "StatusMessage": message}
    return [*entries, last]


def _run(draw: Callable[[], float], created: int, status: str) -> Record:
    """Everything about when a job ran, and how it ended."""
    started = created + 30_000 + int(draw() * 300_000)
    seconds = int(20 * 2 ** (draw() * 12))  # 20 seconds to 23 hours, half of them under 20 minutes
    ended = started + seconds * 1000 + int(draw() * 1000)
    spot = draw() < 0.4
    run: Record = {
        "TrainingJobStatus": status,
        "SecondaryStatus": _SECONDARY[status],
        "CreationTime": spell(created),
        "TrainingStartTime": spell(started),
        "LastModifiedTime": spell(ended + int(draw() * 5_000)),
        "SecondaryStatusTransitions": _transitions(created, started, ended, status),
        "EnableManagedSpotTraining": spot,
        "StoppingCondition": {
            "MaxRuntimeInSeconds": 86_400,
            **({"MaxWaitTimeInSeconds": 172_800} if spot else {}),
        },
    }
    if status == "Failed":
        run["FailureReason"] = _pick(draw, vocabulary.FAILURES)
    if status not in {"InProgress", "Stopping"}:
        run["TrainingEndTime"] = spell(ended)
        run["TrainingTimeInSeconds"] = seconds
        run["BillableTimeInSeconds"] = int(seconds * (0.2 + 0.5 * draw())) if spot else seconds
    return run


def _setting(draw: Callable[[], float], family: Family, bucket: str, arn: str) -> Record:
    """Where a job ran, and on what."""
    name = arn.rpartition("/")[2]
    _, _, _, region, account, _ = arn.split(":")
    setting: Record = {
        "AlgorithmSpecification": {
            "TrainingImage": f"763104351884.dkr.ecr.{region}.amazonaws.com/{family.image}",
            "TrainingInputMode": "File" if draw() < 0.7 else "FastFile",
            "EnableSageMakerMetricsTimeSeries": family.quoted,
        },
        "RoleArn": f"arn:aws:iam::{account}:role/service-role/SageMakerExecution",
        "OutputDataConfig": {"KmsKeyId": "", "S3OutputPath": f"s3://{bucket}/output"},
        "ResourceConfig": {
            "InstanceType": _pick(draw, vocabulary.INSTANCE_TYPES),
            "InstanceCount": 1 if draw() < 0.8 else 2 ** (1 + int(draw() * 4)),
            "VolumeSizeInGB": 30 + 10 * int(draw() * 20),
        },
        "EnableNetworkIsolation": draw() < 0.1,
        "EnableInterContainerTrafficEncryption": False,
    }
    if draw() < 0.2:
        setting["Environment"] = {"LOG_LEVEL": "INFO", "TEAM_BUCKET": bucket}
    if draw() < 0.2:
        setting["VpcConfig"] = {
            "SecurityGroupIds": ["sg-0a1b2c3d4e5f67890"],
            "Subnets": ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"],
        }
    if draw() < 0.3:
        setting["CheckpointConfig"] = {
            "S3Uri": f"s3://{bucket}/checkpoints/{name}",
            "LocalPath": "/opt/ml/checkpoints",
        }
    return setting


def training_job(seed: int, index: int) -> Record:
    """One job, as `DescribeTrainingJob` would return it, with its metrics and tags.

    Args:
        seed: Which of the many possible collections.
        index: Which job of the collection, from 0.
    """
    draw = Random(seed << 40 | index).random
    created = created_ms(seed, index)
    family = vocabulary.FAMILIES[int(draw() * len(vocabulary.FAMILIES))]
    team = _pick(draw, vocabulary.TEAMS)
    project = _pick(draw, vocabulary.PROJECTS)
    status = _pick(draw, vocabulary.STATUSES)
    model = "quokka" if index % QUOKKA_EVERY == QUOKKA_EVERY // 3 else family.name
    moment = spell(created)
    name = f"{team}-{model}-{moment[:10]}-{moment[11:19].replace(':', '-')}-{moment[20:23]}"
    account = vocabulary.ACCOUNTS[int(draw() * len(vocabulary.ACCOUNTS))]
    arn = f"arn:aws:sagemaker:{_pick(draw, vocabulary.REGIONS)}:{account}:training-job/{name}"
    bucket = f"acme-{team}-{project}"
    run = _run(draw, created, status)
    job: Record = {
        "TrainingJobName": name,
        "TrainingJobArn": arn,
        "HyperParameters": _hyperparameters(draw, family, index),
        "InputDataConfig": _channels(draw, bucket),
        **_setting(draw, family, bucket, arn),
        **run,
        "FinalMetricDataList": _metrics(draw, family, status, str(run["LastModifiedTime"])),
        "Tags": _tags(draw, team, project),
    }
    if status == "Completed":
        job["ModelArtifacts"] = {"S3ModelArtifacts": f"s3://{bucket}/output/{name}/output/model.tar.gz"}
    if draw() < 0.5:
        experiment = f"{team}-{project}"
        job["ExperimentConfig"] = {
            "ExperimentName": experiment,
            "TrialName": f"{experiment}-{family.name}",
            "TrialComponentDisplayName": "Training",
        }
    return job
