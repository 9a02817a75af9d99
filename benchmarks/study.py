"""A tuning study: 48 trials over three hyperparameters, whose objective depends on them as a plot can show.

The loss has its least value at a learning rate of 2e-4 and a dropout of 0.1; the batch size hardly matters, but the
largest ones run out of memory. The learning rate decides most. The first trials are drawn over the whole ranges and
half of the later ones near the best so far, as a Bayesian strategy would. `trials()` and `tuning_job(...)` are pure
functions. Knows no file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any, Final

from benchmarks import failures, runs
from benchmarks.companions import arn, later, tags
from benchmarks.runs import Run, Setup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NAME: Final = "nlp-bert-240610-0930"
START: Final = "2024-06-10T09:30:00.000000+00:00"
TRIALS: Final = 48
OBJECTIVE: Final = "validation:loss"
_EXPLORING: Final = 16
_PARALLEL: Final = 4
_BATCH_MEMORY: Final = 96
_STOPPED_LOSS: Final = 0.75
_LOW: Final = (-6.0, 0.0, 3.0)
_HIGH: Final = (-3.0, 0.5, 7.0)
TUNED: Final = ("learning_rate", "dropout", "batch_size")
_SHOWN: Final = (
    "TrainingJobName", "TrainingJobArn", "CreationTime", "TrainingStartTime", "TrainingEndTime", "TrainingJobStatus",
)  # fmt: skip
"""What a tuning job shows of a training job as that job has it."""
_COMMON: Final = (
    "RoleArn", "InputDataConfig", "OutputDataConfig", "ResourceConfig", "StoppingCondition", "EnableNetworkIsolation",
    "EnableInterContainerTrafficEncryption", "EnableManagedSpotTraining",
)  # fmt: skip
"""What all trials were started with, besides their image."""
_FINAL_OBJECTIVE: Final = "FinalHyperParameterTuningJobObjectiveMetric"

SETUP: Final = Setup(
    team="nlp",
    project="borealis",
    owner="imani",
    dataset="reviews",
    content_type="application/x-parquet",
    image="huggingface-pytorch-training:2.1.0-transformers4.36",
    machines=(("ml.g5.2xlarge", 1),),
    spot=False,
    cost_center="1070",
)
STATIC: Final = {
    "_tuning_objective_metric": OBJECTIVE,
    "epochs": "3",
    "max_seq_length": "256",
    "model_name_or_path": '"bert-base-uncased"',
    "optimizer": '"adamw"',
    "sagemaker_container_log_level": "20",
    "sagemaker_program": '"train.py"',
    "sagemaker_region": '"us-east-1"',
}


@dataclass(frozen=True, slots=True)
class Point:
    """What a trial tries.

    Attributes:
        rate_log: The decimal logarithm of the learning rate.
        dropout: The dropout.
        batch_log: The binary logarithm of the batch size.
    """

    rate_log: float
    dropout: float
    batch_log: float

    @property
    def batch_size(self) -> int:
        """How many examples a step takes, 8 to 128."""
        return round(2**self.batch_log)

    @property
    def hyperparameters(self) -> dict[str, str]:
        """As the tuner spells them."""
        return {
            "learning_rate": repr(float(f"{10**self.rate_log:.12g}")),
            "dropout": repr(round(self.dropout, 12)),
            "batch_size": str(self.batch_size),
        }

    @property
    def loss(self) -> float:
        """The objective without noise; 0.31 at best, and 1 where nothing is learned."""
        rate = min(0.085 * (self.rate_log - math.log10(2e-4)) ** 2, 0.6)
        return 0.31 + rate + 0.45 * (self.dropout - 0.1) ** 2 + 0.002 * (self.batch_log - 5) ** 2


def _point(draw: Callable[[], float], near: Point | None) -> Point:
    drawn = []
    for low, high, centre in zip(
        _LOW, _HIGH, (near.rate_log, near.dropout, near.batch_log) if near else (None,) * 3, strict=True
    ):
        width = high - low
        value = low + draw() * width if centre is None else centre + (draw() + draw() - 1) * 0.3 * width
        drawn.append(min(max(value, low), high))
    return Point(*drawn)


def _trial(draw: Callable[[], float], name: str, created: str, point: Point) -> dict[str, Any]:
    """The training job of a trial: it fails for memory, is stopped early if it promises nothing, or completes."""
    loss = point.loss + 0.02 * (draw() - 0.5)
    seconds = int((900 + 12_000 / point.batch_size) * (0.95 + 0.1 * draw()))
    run = Run(created=created, wait=80 + int(draw() * 60), seconds=seconds)
    metrics = {
        "train:loss": loss * (0.72 + 0.3 * point.dropout),
        "validation:loss": loss,
        "validation:accuracy": 1.02 - 0.35 * loss + 0.01 * (draw() - 0.5),
        "ObjectiveMetric": loss,
    }
    if point.batch_size >= _BATCH_MEMORY:
        text = failures.reason("out of memory", draw, SETUP.machines[0][0])
        run = Run(created=created, wait=run.wait, seconds=70 + seconds // 20, status="Failed", reason=text)
        metrics = {}
    elif loss > _STOPPED_LOSS:
        run = Run(created=created, wait=run.wait, seconds=seconds // 3, status="Stopped")
    job = runs.described(name, SETUP, run, {**STATIC, **point.hyperparameters}, metrics)
    return {**job, "TuningJobArn": arn("hyper-parameter-tuning-job", NAME)}


def trials() -> list[dict[str, Any]]:
    """The training jobs of the study, as DescribeTrainingJob returns them, in the order of their creation."""
    draw = Random(NAME).random
    jobs: list[dict[str, Any]] = []
    free = [START] * _PARALLEL
    best: tuple[float, Point] | None = None
    for number in range(1, TRIALS + 1):
        near = best[1] if best and number > _EXPLORING and number % 2 else None
        point = _point(draw, near)
        created = later(min(free), seconds=2 + int(draw() * 20))
        job = _trial(draw, f"{NAME}-{number:03d}-{int(draw() * 16**8):08x}", created, point)
        free[free.index(min(free))] = job["TrainingEndTime"]
        jobs.append(job)
        loss = objective(job)
        if job["TrainingJobStatus"] == "Completed" and loss is not None and (best is None or loss < best[0]):
            best = (loss, point)
    return jobs


def objective(job: dict[str, Any]) -> float | None:
    """The objective that a trial reached, if it came to one."""
    metrics = {metric["MetricName"]: metric["Value"] for metric in job["FinalMetricDataList"]}
    return metrics.get(OBJECTIVE)


def _summary(job: dict[str, Any]) -> dict[str, Any]:
    """A trial as a tuning job shows it."""
    return {
        **{member: job[member] for member in _SHOWN},
        "TunedHyperParameters": {name: job["HyperParameters"][name] for name in TUNED},
        _FINAL_OBJECTIVE: {"MetricName": OBJECTIVE, "Value": objective(job)},
        "ObjectiveStatus": "Succeeded",
    }


def _config() -> dict[str, Any]:
    return {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": OBJECTIVE},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": TRIALS, "MaxParallelTrainingJobs": _PARALLEL},
        "ParameterRanges": {
            "ContinuousParameterRanges": [
                {"Name": "learning_rate", "MinValue": "1e-06", "MaxValue": "0.001", "ScalingType": "Logarithmic"},
                {"Name": "dropout", "MinValue": "0.0", "MaxValue": "0.5", "ScalingType": "Linear"},
            ],
            "IntegerParameterRanges": [
                {"Name": "batch_size", "MinValue": "8", "MaxValue": "128", "ScalingType": "Logarithmic"}
            ],
            "CategoricalParameterRanges": [],
        },
        "TrainingJobEarlyStoppingType": "Auto",
    }


def _definition(job: dict[str, Any]) -> dict[str, Any]:
    """What every trial was started with."""
    return {
        "StaticHyperParameters": STATIC,
        "AlgorithmSpecification": {
            "TrainingImage": job["AlgorithmSpecification"]["TrainingImage"],
            "TrainingInputMode": "File",
            "MetricDefinitions": [
                {"Name": "train:loss", "Regex": "'loss': ([0-9.]+)"},
                {"Name": OBJECTIVE, "Regex": "'eval_loss': ([0-9.]+)"},
                {"Name": "validation:accuracy", "Regex": "'eval_accuracy': ([0-9.]+)"},
                {"Name": "ObjectiveMetric", "Regex": "'eval_loss': ([0-9.]+)"},
            ],
        },
        **{member: job[member] for member in _COMMON},
    }


def tuning_job(jobs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The tuning job that ran the trials."""
    statuses = [job["TrainingJobStatus"] for job in jobs]
    ended = max(job["TrainingEndTime"] for job in jobs)
    completed = [job for job in jobs if job["TrainingJobStatus"] == "Completed"]
    reached = sum(objective(job) is not None for job in jobs)
    return {
        "HyperParameterTuningJobName": NAME,
        "HyperParameterTuningJobArn": arn("hyper-parameter-tuning-job", NAME),
        "HyperParameterTuningJobConfig": _config(),
        "TrainingJobDefinition": _definition(jobs[0]),
        "HyperParameterTuningJobStatus": "Completed",
        "CreationTime": START,
        "HyperParameterTuningEndTime": ended,
        "LastModifiedTime": later(ended, seconds=3),
        "TrainingJobStatusCounters": {
            "Completed": statuses.count("Completed"),
            "InProgress": 0,
            "RetryableError": 0,
            "NonRetryableError": statuses.count("Failed"),
            "Stopped": statuses.count("Stopped"),
        },
        "ObjectiveStatusCounters": {"Succeeded": reached, "Pending": 0, "Failed": len(jobs) - reached},
        "BestTrainingJob": _summary(min(completed, key=lambda job: float(objective(job) or math.inf))),
        "ConsumedResources": {"RuntimeInSeconds": sum(job.get("TrainingTimeInSeconds", 0) for job in jobs)},
        "Tags": tags(team=SETUP.team, project=SETUP.project, owner=SETUP.owner, cost_center=SETUP.cost_center),
    }
