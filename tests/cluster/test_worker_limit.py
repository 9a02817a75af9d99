"""When a question that waits for a worker is given up: a context whose stages are told by the test, without Java."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from smsearch.cluster import worker_limit as limits
from smsearch.cluster.worker_limit import TaskProgress, worker_limit
from smsearch.errors import ClusterError


class Context:
    """A context of one job, whose stages have so many tasks at work and behind them, by number."""

    master = "spark://host:7077"

    def __init__(self, **stages: tuple[int, int]) -> None:
        self.stages = dict(stages)
        self.tags: list[str] = []
        self.cancels = threading.Semaphore(0)

    def statusTracker(self) -> SimpleNamespace:  # noqa: N802 - Spark's name
        return SimpleNamespace(getActiveStageIds=lambda: list(self.stages), getStageInfo=self._stage)

    def _stage(self, number: str) -> SimpleNamespace | None:
        running, completed = self.stages[number]
        return SimpleNamespace(stageId=number, numActiveTasks=running, numCompletedTasks=completed)

    def addJobTag(self, tag: str) -> None:  # noqa: N802 - Spark's name
        self.tags.append(tag)

    def removeJobTag(self, tag: str) -> None:  # noqa: N802 - Spark's name
        self.tags.remove(tag)

    def cancelJobsWithTag(self, tag: str) -> None:  # noqa: N802 - Spark's name
        assert tag in self.tags
        self.cancels.release()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_LOOK_SECONDS", 0.01)


def test_tasks_have_stopped_where_none_runs_and_none_has_ended_since_the_last_look() -> None:
    context = Context()
    progress = TaskProgress(context)
    looks = []
    for stages in ({}, {"a": (0, 0)}, {"a": (0, 3)}, {"a": (0, 3)}, {"a": (1, 3)}, {"a": (0, 3), "b": (1, 0)}, {}):
        context.stages = stages
        looks.append(progress.has_stopped())
    assert looks == [False, True, False, True, False, False, False]


def test_jobs_that_no_worker_takes_up_are_cancelled() -> None:
    context = Context(a=(0, 0))
    with pytest.raises(ClusterError, match=r"No worker of spark://host:7077 has taken up a task in 0\.05 seconds"):
        _ask(context, at_most=60)
    assert context.tags == []


def test_a_job_that_begins_after_the_first_cancel_is_cancelled_too() -> None:
    context = Context(a=(0, 0))
    with pytest.raises(ClusterError, match="No worker"):
        _ask(context, at_most=60, cancels=2)


def test_jobs_with_a_task_at_work_are_not() -> None:
    context = Context(a=(1, 0))
    with pytest.raises(TimeoutError):
        _ask(context, at_most=0.3)
    assert context.tags == []


def _ask(context: Context, at_most: float, cancels: int = 1) -> None:
    """Waits for so many cancels, for each so many seconds; an error either way, as pyspark raises it."""
    with worker_limit(context, 0.05):
        are_cancelled = all(context.cancels.acquire(timeout=at_most) for _ in range(cancels))
        raise OSError("cancelled") if are_cancelled else TimeoutError
