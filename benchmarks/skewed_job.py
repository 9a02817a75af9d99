"""A training job of a skewed account: nightly jobs of one team are most, some texts are long, some jobs log much.

`skewed_job(seed, index)` is `training_job(seed, index)` changed, so that names are unique and prefixes the same again.
Out of 100 jobs 90 are of team `vision` and named `nightly-xgboost-…`; a tenth of all hyperparameters hold a text of
2,400 characters, a fifth of all FailureReasons one of a thousand; one job in 200 has 200 metrics.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

from benchmarks.training_job import training_job

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.training_job import Record

NIGHTLY_SHARE: Final = 0.9
LONG_PARAMETER_SHARE: Final = 0.1
LONG_REASON_SHARE: Final = 0.2
MANY_METRICS_SHARE: Final = 0.005
METRICS: Final = 200
PARAMETER_LENGTH: Final = 2_400
REASON_LENGTH: Final = 1_000
_MOMENT_PARTS: Final = 7
"""Parts between hyphens at a name's end, which say when the job was created and tell it from every other."""


def skewed_job(seed: int, index: int) -> Record:
    """One job, as `DescribeTrainingJob` would return it.

    Args:
        seed: Which of the many possible collections.
        index: Which job of the collection, from 0.
    """
    draw = Random(seed << 40 | index | 1 << 80).random
    job = dict(training_job(seed, index))
    if draw() < NIGHTLY_SHARE and "quokka" not in str(job["TrainingJobName"]):
        _make_nightly(job)
    if draw() < LONG_PARAMETER_SHARE:
        job["HyperParameters"] = {**_members(job["HyperParameters"]), "config": _long(draw, PARAMETER_LENGTH)}
    if "FailureReason" in job and draw() < LONG_REASON_SHARE:
        job["FailureReason"] = f"{job['FailureReason']} {_long(draw, REASON_LENGTH)}"
    if draw() < MANY_METRICS_SHARE:
        job["FinalMetricDataList"] = _many(_entries(job["FinalMetricDataList"]), str(job["LastModifiedTime"]), draw)
    return job


def _make_nightly(job: Record) -> None:
    moment = str(job["TrainingJobName"]).split("-")[-_MOMENT_PARTS:]
    name = "-".join(("nightly", "xgboost", *moment))
    job["TrainingJobName"] = name
    job["TrainingJobArn"] = f"{str(job['TrainingJobArn']).rpartition('/')[0]}/{name}"
    others = [tag for tag in _entries(job["Tags"]) if tag["Key"] != "team"]
    job["Tags"] = [{"Key": "team", "Value": "vision"}, *others]


def _members(value: object) -> Record:
    return value if isinstance(value, dict) else {}


def _entries(value: object) -> list[Record]:
    return value if isinstance(value, list) else []


def _long(draw: Callable[[], float], length: int) -> str:
    """A text of words that are rarely the same."""
    words = (f"stage-{int(draw() * 1_000_000)}" for _ in range(length // 8))
    return " ".join(words)[:length]


def _many(metrics: list[Record], moment: str, draw: Callable[[], float]) -> list[Record]:
    """The metrics and as many of layers as there are to be in all."""
    missing = METRICS - len(metrics)
    layers = ({"MetricName": f"layer_{at}:gradient", "Value": draw(), "Timestamp": moment} for at in range(missing))
    return [*metrics, *layers]
