"""Training jobs of a team's own making: what is trained on which machines, and one run of it.

`described(setup, run, ...)` gives the job as DescribeTrainingJob does. Other than `training_job.py`, which
draws everything, it takes what matters from its caller: the machines, the times, the hyperparameters and the end.
Knows no file, and not what a good hyperparameter is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from benchmarks.companions import ACCOUNT, REGION, arn, later, tags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.training_job import Record

ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/service-role/SageMakerExecution"
_UPLOAD_SECONDS: Final = 45
_MESSAGES: Final = {
    "Completed": "Training job completed",
    "Failed": "Training job failed",
    "Stopped": "Training job stopped",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a team trains, and on what.

    Attributes:
        team: Who pays.
        project: What for.
        owner: Who is asked about it.
        dataset: The folder of the data.
        content_type: Of the data.
        image: The training image, without its registry.
        machines: Instance types with their counts; several make a cluster of instance groups.
        spot: Whether the instances are spot instances, of whose seconds about a third is billed.
        cost_center: The team's, as its tag says.
    """

    team: str
    project: str
    owner: str
    dataset: str
    content_type: str
    image: str
    machines: tuple[tuple[str, int], ...]
    spot: bool
    cost_center: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: when, how long, and how it ended.

    Attributes:
        created: When it was asked for, in ISO 8601.
        wait: Seconds until training began.
        seconds: Seconds of training; 0 if it never began.
        status: `Completed`, `Failed` or `Stopped`.
        reason: The FailureReason, of a failed run.
    """

    created: str
    wait: int
    seconds: int
    status: str = "Completed"
    reason: str = ""

    @property
    def started(self) -> str:
        """When training began."""
        return later(self.created, seconds=self.wait)

    @property
    def ended(self) -> str:
        """When the job was over, its model uploaded."""
        return later(self.started, seconds=self.seconds + (_UPLOAD_SECONDS if self.status == "Completed" else 0))


def _transitions(run: Run) -> list[Record]:
    moments = [
        ("Starting", run.created, "Preparing the instances for training"),
    ]
    if run.seconds:
        moments.append(("Downloading", later(run.created, seconds=run.wait // 2), "Downloading input data"))
        moments.append(("Training", run.started, "Training image download completed. Training in progress."))
    if run.status == "Completed":
        moments.append(("Uploading", later(run.started, seconds=run.seconds), "Uploading generated training model"))
    moments.append((run.status, run.ended, _MESSAGES[run.status]))
    ends = [start for _, start, _ in moments[1:]] + [run.ended]
    return [
        {"Status": status, "StartTime": start, "EndTime": end, "StatusMessage": message}
        for (status, start, message), end in zip(moments, ends, strict=True)
    ]


def _outcome(run: Run, *, spot: bool) -> Record:
    """Everything that the times and the end of a run decide."""
    outcome: Record = {
        "TrainingJobStatus": run.status,
        "SecondaryStatus": run.status,
        "CreationTime": run.created,
        "TrainingEndTime": run.ended,
        "LastModifiedTime": later(run.ended, seconds=1),
        "SecondaryStatusTransitions": _transitions(run),
        "EnableManagedSpotTraining": spot,
        "StoppingCondition": {
            "MaxRuntimeInSeconds": 86_400,
            **({"MaxWaitTimeInSeconds": 172_800} if spot else {}),
        },
    }
    if run.reason:
        outcome["FailureReason"] = run.reason
    if run.seconds:
        outcome["TrainingStartTime"] = run.started
        outcome["TrainingTimeInSeconds"] = run.seconds
        outcome["BillableTimeInSeconds"] = run.seconds * 35 // 100 if spot else run.seconds
    return outcome


def resources(machines: tuple[tuple[str, int], ...]) -> Record:
    """The ResourceConfig: one instance type, or a cluster of instance groups if there are several."""
    if len(machines) == 1:
        return {"InstanceType": machines[0][0], "InstanceCount": machines[0][1], "VolumeSizeInGB": 100}
    return {
        "InstanceGroups": [
            {"InstanceType": machine, "InstanceCount": count, "InstanceGroupName": f"group-{number}"}
            for number, (machine, count) in enumerate(machines, start=1)
        ],
        "VolumeSizeInGB": 100,
    }


def _channel(name: str, setup: Setup, bucket: str) -> Record:
    return {
        "ChannelName": name,
        "DataSource": {
            "S3DataSource": {
                "S3DataType": "S3Prefix",
                "S3Uri": f"s3://{bucket}/{setup.dataset}/data/{name}/",
                "S3DataDistributionType": "FullyReplicated",
            }
        },
        "ContentType": setup.content_type,
        "CompressionType": "None",
    }


def described(
    name: str, setup: Setup, run: Run, hyperparameters: Mapping[str, str], metrics: Mapping[str, float]
) -> dict[str, Any]:
    """The job of a run; metrics are given as the service gives them, float32 made wide."""
    bucket = f"acme-{setup.team}-{setup.project}"
    job: dict[str, Any] = {
        "TrainingJobName": name,
        "TrainingJobArn": arn("training-job", name),
        "HyperParameters": dict(hyperparameters),
        "AlgorithmSpecification": {
            "TrainingImage": f"763104351884.dkr.ecr.{REGION}.amazonaws.com/{setup.image}",
            "TrainingInputMode": "File",
            "EnableSageMakerMetricsTimeSeries": True,
        },
        "RoleArn": ROLE,
        "InputDataConfig": [_channel(channel, setup, bucket) for channel in ("train", "validation")],
        "OutputDataConfig": {"KmsKeyId": "", "S3OutputPath": f"s3://{bucket}/output"},
        "ResourceConfig": resources(setup.machines),
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": False,
        **_outcome(run, spot=setup.spot),
        "FinalMetricDataList": [
            {"MetricName": metric, "Value": float(np.float32(value)), "Timestamp": run.ended}
            for metric, value in metrics.items()
        ],
        "Tags": tags(
            team=setup.team, project=setup.project, owner=setup.owner, env="prod", cost_center=setup.cost_center
        ),
    }
    if run.status == "Completed":
        job["ModelArtifacts"] = {"S3ModelArtifacts": f"s3://{bucket}/output/{name}/output/model.tar.gz"}
    return job
