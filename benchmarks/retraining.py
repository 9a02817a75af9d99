"""A year of retraining: each team trains its model once a month, on machines of its own.

Some runs fail first, for a reason that `failures.py` knows, and are tried again three hours later. Machines, hours
and spot instances are the team's habit, so that teams cost differently: one uses many cheap hours, another few
dear ones. `jobs(year)` is a pure function. Knows no file.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any, Final

from benchmarks import failures, runs, vocabulary
from benchmarks.companions import later
from benchmarks.runs import Run, Setup

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.vocabulary import Family

_FAMILIES: Final = {family.name: family for family in vocabulary.FAMILIES}
_NEW_IMAGE_MONTH: Final = 6
_FIRST_DAY: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What a team trains each month.

    Attributes:
        setup: Who, and on what.
        family: What kind of model.
        hours: How long a run usually takes.
        score: What its scores begin at in January; they rise by some hundredths over the year.
        new_image: The image from June on, if it changes then.
    """

    setup: Setup
    family: str
    hours: float
    score: float
    new_image: str = ""


def _habit(  # noqa: PLR0913 - a line of the table below
    team: str,
    family: str,
    machines: tuple[tuple[str, int], ...],
    hours: float,
    score: float,
    dataset: str,
    *,
    spot: bool = False,
    new_image: str = "",
) -> Habit:
    number = len(team) + len(family)
    setup = Setup(
        team=team,
        project=vocabulary.PROJECTS[number % len(vocabulary.PROJECTS)],
        owner=vocabulary.OWNERS[number % len(vocabulary.OWNERS)],
        dataset=dataset,
        content_type="application/x-parquet" if _FAMILIES[family].quoted else "text/csv",
        image=_FAMILIES[family].image,
        machines=machines,
        spot=spot,
        cost_center=str(1000 + 10 * number),
    )
    return Habit(setup=setup, family=family, hours=hours, score=score, new_image=new_image)


HABITS: Final = (
    _habit("vision", "resnet", (("ml.p3.2xlarge", 1),), 6.5, 0.83, "street", spot=True),
    _habit(
        "nlp",
        "bert",
        (("ml.p4d.24xlarge", 1),),
        3.5,
        0.86,
        "reviews",
        new_image="huggingface-pytorch-training:2.3.0-transformers4.48",
    ),
    _habit("ranking", "xgboost", (("ml.m5.12xlarge", 2),), 1.4, 0.79, "clicks"),
    _habit("fraud", "xgboost", (("ml.m5.2xlarge", 1),), 0.4, 0.88, "cards"),
    _habit("forecast", "deepar", (("ml.c5.2xlarge", 1),), 2.6, 0.81, "load"),
    _habit("speech", "whisper", (("ml.g5.xlarge", 1),), 11.0, 0.74, "calls", spot=True),
    _habit("ads", "linear-learner", (("ml.m5.xlarge", 1),), 0.25, 0.71, "baskets"),
    _habit("growth", "lightgbm", (("ml.m5.large", 1),), 0.7, 0.68, "sessions"),
    _habit(
        "robotics",
        "yolo",
        (("ml.g5.12xlarge", 1), ("ml.c5.9xlarge", 2)),
        3.2,
        0.66,
        "sensors",
        new_image="pytorch-training:2.4.0-gpu-py311",
    ),
)


def _hyperparameters(draw: Callable[[], float], family: Family) -> dict[str, str]:
    values = vocabulary.QUOTED_VALUES if family.quoted else vocabulary.VALUES
    return {name: values[name][int(draw() * len(values[name]))] for name in family.first}


def _metrics(draw: Callable[[], float], habit: Habit, month: int) -> dict[str, float]:
    family = _FAMILIES[habit.family]
    score = habit.score + 0.004 * month
    scores = {name: score + 0.02 * (draw() - 0.5) for name in family.scores}
    losses = {name: 1.6 * (1 - score) * (0.9 + 0.2 * draw()) for name in family.losses}
    return {**scores, **losses}


def _name(habit: Habit, created: str) -> str:
    moment = created.partition("+")[0].replace("T", "-").replace(":", "-").replace(".", "-")
    return f"{habit.setup.team}-{habit.family}-{moment[:-3]}"


def _failed(draw: Callable[[], float], habit: Habit, run: Run, kind: str) -> Run:
    """The same run as a failure; where no machine was to be had there was no training."""
    text = failures.reason(kind, draw, " and ".join(machine for machine, _ in habit.setup.machines))
    seconds = 0 if kind == "no capacity" else 60 + int(run.seconds * draw() * draw() * 0.6)
    return replace(run, status="Failed", reason=text, seconds=seconds)


def _month(year: int, month: int, habit: Habit, kind: str) -> list[dict[str, Any]]:
    """The job of a month, after one that failed if `kind` names a kind of failure."""
    draw = Random(f"{habit.setup.team} {year}-{month}").random
    day = f"{year}-{month:02d}-{_FIRST_DAY + int(draw() * 24):02d}T00:00:00+00:00"
    created = later(day, milliseconds=int(draw() * 72_000_000))
    seconds = int(habit.hours * 3600 * (0.8 + 0.4 * draw()))
    run = Run(created=created, wait=90 + int(draw() * 400), seconds=seconds)
    if month >= _NEW_IMAGE_MONTH and habit.new_image:
        habit = replace(habit, setup=replace(habit.setup, image=habit.new_image))
    parameters = _hyperparameters(draw, _FAMILIES[habit.family])
    jobs = []
    if kind:
        failed = _failed(draw, habit, run, kind)
        jobs.append(runs.described(_name(habit, created), habit.setup, failed, parameters, {}))
        run = replace(run, created=later(created, hours=3))
    again = _name(habit, run.created)
    return [*jobs, runs.described(again, habit.setup, run, parameters, _metrics(draw, habit, month))]


def jobs(year: int) -> list[dict[str, Any]]:
    """All training jobs of a year's retraining, as DescribeTrainingJob returns them, month by month.

    Each team fails in four months of ten. Of the kinds that it may meet, it meets the one that was rarest so far.
    """
    made: list[dict[str, Any]] = []
    met: Counter[str] = Counter()
    for month, (number, habit) in product(range(1, 13), enumerate(HABITS)):
        kind = ""
        if (month + 4 * number) % 10 < 4:  # other months for each team
            kind = min(failures.kinds(habit.setup.team, month), key=met.__getitem__)
            met[kind] += 1
        made.extend(_month(year, month, habit, kind))
    return made
