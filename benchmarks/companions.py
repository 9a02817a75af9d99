"""The records that stand around training jobs: trial components, trials, experiments and tuning jobs.

All of them are derived from the jobs they are given, so that every name one of them mentions exists. Knows no
file.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from benchmarks.training_job import Record

ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-1"


def arn(kind: str, name: str, *, service: str = "sagemaker") -> str:
    """An ARN in the account of most records; the service writes its last part in lower case."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{kind}/{name.lower()}"


def later(time: str, **delta: float) -> str:
    """A spelled moment moved by some `timedelta`."""
    return (datetime.fromisoformat(time) + timedelta(**delta)).isoformat(timespec="microseconds")


def person(name: str) -> Record:
    """A `UserContext`: who created or changed something."""
    return {"UserProfileArn": arn("user-profile", f"d-research/{name}"), "UserProfileName": name}


def tags(**values: str) -> list[Record]:
    """A tag list; underscores of the keys become hyphens."""
    return [{"Key": key.replace("_", "-"), "Value": value} for key, value in values.items()]


def _parameter(text: str) -> Record:
    try:
        return {"NumberValue": float(text)}
    except ValueError:
        return {"StringValue": text}


def _summary(metric: dict[str, Any], source: str) -> Record:
    """What a trial component keeps of a metric: not its values but their statistics."""
    value: float = metric["Value"]
    return {
        "MetricName": metric["MetricName"],
        "SourceArn": source,
        "TimeStamp": metric["Timestamp"],
        "Max": value * 1.25,
        "Min": value * 0.75,
        "Last": value,
        "Count": 8,
        "Avg": value,
        "StdDev": value / 8,
    }


def trial_component(job: dict[str, Any]) -> Record:
    """The trial component that the service keeps of a training job."""
    name = f"{job['TrainingJobName']}-aws-training-job"
    experiment = job.get("ExperimentConfig")
    parameters = {key: _parameter(text) for key, text in job["HyperParameters"].items()}
    parameters["SageMaker.InstanceType"] = {"StringValue": job["ResourceConfig"]["InstanceType"]}
    parameters["SageMaker.InstanceCount"] = {"NumberValue": float(job["ResourceConfig"]["InstanceCount"])}
    model = job.get("ModelArtifacts")
    component: Record = {
        "TrialComponentName": name,
        "DisplayName": "Training",
        "TrialComponentArn": job["TrainingJobArn"].rpartition(":")[0] + f":experiment-trial-component/{name}",
        "Source": {"SourceArn": job["TrainingJobArn"], "SourceType": "SageMakerTrainingJob"},
        "Status": {
            "PrimaryStatus": job["TrainingJobStatus"],
            "Message": f"Status: {job['TrainingJobStatus']}",
        },
        "StartTime": job["TrainingStartTime"],
        "CreationTime": job["CreationTime"],
        "CreatedBy": {},
        "LastModifiedTime": job["LastModifiedTime"],
        "LastModifiedBy": {},
        "Parameters": parameters,
        "InputArtifacts": {
            channel["ChannelName"]: {
                "MediaType": channel["ContentType"],
                "Value": channel["DataSource"]["S3DataSource"]["S3Uri"],
            }
            for channel in job["InputDataConfig"]
        },
        "OutputArtifacts": {"SageMaker.ModelArtifact": {"Value": model["S3ModelArtifacts"]}} if model else {},
        "Metrics": [_summary(metric, job["TrainingJobArn"]) for metric in job["FinalMetricDataList"]],
        "Parents": [{key: experiment[key] for key in ("TrialName", "ExperimentName")}] if experiment else [],
        "Tags": job["Tags"],
    }
    if "TrainingEndTime" in job:
        component["EndTime"] = job["TrainingEndTime"]
    return component


def _first_jobs(jobs: Iterable[dict[str, Any]], member: str) -> dict[str, dict[str, Any]]:
    """For each trial or experiment that the jobs belong to, the job that came first."""
    first: dict[str, dict[str, Any]] = {}
    for job in sorted(jobs, key=lambda job: str(job["CreationTime"])):
        if "ExperimentConfig" in job:
            first.setdefault(job["ExperimentConfig"][member], job)
    return first


def trials(jobs: Iterable[dict[str, Any]]) -> list[Record]:
    """The trials that the jobs belong to."""
    return [
        {
            "TrialName": name,
            "TrialArn": arn("experiment-trial", name),
            "DisplayName": name.rpartition("-")[2].title(),
            "ExperimentName": job["ExperimentConfig"]["ExperimentName"],
            "CreationTime": later(job["CreationTime"], minutes=-5),
            "CreatedBy": person("hana"),
            "LastModifiedTime": job["LastModifiedTime"],
            "LastModifiedBy": person("hana"),
            "Tags": tags(team=name.partition("-")[0]),
        }
        for name, job in _first_jobs(jobs, "TrialName").items()
    ]


def experiments(jobs: Iterable[dict[str, Any]]) -> list[Record]:
    """The experiments that the jobs belong to."""
    return [
        {
            "ExperimentName": name,
            "ExperimentArn": arn("experiment", name),
            "DisplayName": name.replace("-", " ").title(),
            "Description": f"What {name.partition('-')[0]} tries on {name.partition('-')[2]}",
            "CreationTime": later(job["CreationTime"], minutes=-9),
            "CreatedBy": person("imani"),
            "LastModifiedTime": later(job["CreationTime"], days=3),
            "LastModifiedBy": person("hana"),
            "Tags": tags(team=name.partition("-")[0], project=name.partition("-")[2]),
        }
        for name, job in _first_jobs(jobs, "ExperimentName").items()
    ]


def tuning_children(name: str, start: str, count: int) -> list[Record]:
    """Summaries of the training jobs of a tuning job, the best somewhere in the middle."""
    draw = Random(name).random
    children: list[Record] = []
    for index in range(count):
        job = f"{name}-{index + 1:03d}-{int(draw() * 16**8):08x}"
        created = later(start, minutes=4 * index + 1)
        children.append(
            {
                "TrainingJobName": job,
                "TrainingJobArn": arn("training-job", job),
                "TuningJobName": name,
                "CreationTime": created,
                "TrainingStartTime": later(created, seconds=20),
                "TrainingEndTime": later(created, seconds=90 + index),
                "TrainingJobStatus": "Completed",
                "TunedHyperParameters": {
                    "alpha": f"{draw() * 2:.6f}",
                    "eta": f"{0.05 + draw() / 2:.6f}",
                    "max_depth": str(2 + int(draw() * 9)),
                    "min_child_weight": f"{1 + draw() * 9:.6f}",
                },
                "FinalHyperParameterTuningJobObjectiveMetric": {
                    "MetricName": "validation:accuracy",
                    "Value": round(0.8 + draw() * 0.15, 6),
                },
                "ObjectiveStatus": "Succeeded",
            }
        )
    return children


def tuning_job(name: str, start: str, children: list[Any]) -> Record:
    """The tuning job that ran some children, which `tuning_children` made."""
    objective = "FinalHyperParameterTuningJobObjectiveMetric"
    return {
        "HyperParameterTuningJobName": name,
        "HyperParameterTuningJobArn": arn("hyper-parameter-tuning-job", name),
        "HyperParameterTuningJobConfig": {
            "Strategy": "Bayesian",
            "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "validation:accuracy"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": len(children), "MaxParallelTrainingJobs": 2},
            "ParameterRanges": {
                "ContinuousParameterRanges": [
                    {"Name": "alpha", "MinValue": "0", "MaxValue": "2", "ScalingType": "Auto"},
                    {"Name": "eta", "MinValue": "0.05", "MaxValue": "0.55", "ScalingType": "Auto"},
                    {"Name": "min_child_weight", "MinValue": "1", "MaxValue": "10", "ScalingType": "Auto"},
                ],
                "IntegerParameterRanges": [
                    {"Name": "max_depth", "MinValue": "2", "MaxValue": "10", "ScalingType": "Auto"}
                ],
                "CategoricalParameterRanges": [],
            },
            "TrainingJobEarlyStoppingType": "Off",
        },
        "HyperParameterTuningJobStatus": "Completed",
        "CreationTime": start,
        "HyperParameterTuningEndTime": children[-1]["TrainingEndTime"],
        "LastModifiedTime": children[-1]["TrainingEndTime"],
        "TrainingJobStatusCounters": {
            "Completed": len(children),
            "InProgress": 0,
            "RetryableError": 0,
            "NonRetryableError": 0,
            "Stopped": 0,
        },
        "ObjectiveStatusCounters": {"Succeeded": len(children), "Pending": 0, "Failed": 0},
        "BestTrainingJob": max(children, key=lambda child: float(child[objective]["Value"])),
        "Tags": tags(team="fraud", project="ember"),
    }
