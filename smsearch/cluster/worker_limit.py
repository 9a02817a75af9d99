"""Watches whether workers take up what Spark is asked, and ends a question that none takes up in time.

It knows no archive and no query.
"""

from __future__ import annotations

import contextlib
import threading
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from smsearch.cluster.spark_errors import errors_of_pyspark
from smsearch.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyspark import SparkContext

_LOOK_SECONDS: Final = 0.5
_HINT: Final = "Its workers have gone, or are busy with other work. Ask again later; --timeout allows more time."


class TaskProgress:
    """Whether the tasks of a context go on, from one look to the next.

    Args:
        context: Where they run.
    """

    def __init__(self, context: SparkContext) -> None:
        self._tracker = context.statusTracker()
        self._completed: dict[int, int] = {}

    def has_stopped(self) -> bool:
        """Whether stages have tasks, none of which runs or has ended since the look before.

        Without a stage the driver itself is at work, and nothing has stopped.
        """
        numbers = self._tracker.getActiveStageIds()
        stages = [stage for stage in map(self._tracker.getStageInfo, numbers) if stage is not None]
        before, self._completed = self._completed, {stage.stageId: stage.numCompletedTasks for stage in stages}
        has_ended = any(count > before.get(number, 0) for number, count in self._completed.items())
        return bool(stages) and not has_ended and not any(stage.numActiveTasks for stage in stages)


@contextmanager
def worker_limit(context: SparkContext, seconds: float) -> Iterator[None]:
    """While active: cancels the jobs of this thread where no worker has been at work for some time.

    Args:
        context: Where the jobs run; any task of the context counts as work.
        seconds: How long to wait.

    Raises:
        ClusterError: The jobs were cancelled.
    """
    tag = f"smsearch-{uuid.uuid4().hex}"
    has_ended, is_cancelled = threading.Event(), threading.Event()

    def watch() -> None:
        with contextlib.suppress(*errors_of_pyspark()):  # of a context that has ended
            progress, last_sign = TaskProgress(context), time.monotonic()
            while not has_ended.wait(_LOOK_SECONDS):
                now = time.monotonic()
                if is_cancelled.is_set():
                    context.cancelJobsWithTag(tag)  # a job that began after the first time, too
                elif not progress.has_stopped():
                    last_sign = now
                elif now - last_sign >= seconds:
                    is_cancelled.set()
                    context.cancelJobsWithTag(tag)

    context.addJobTag(tag)
    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    except errors_of_pyspark() as error:
        if not is_cancelled.is_set():
            raise
        message = f"No worker of {context.master} has taken up a task in {seconds:g} seconds."
        raise ClusterError(message, hint=_HINT) from error
    finally:
        has_ended.set()
        with contextlib.suppress(*errors_of_pyspark()):
            context.removeJobTag(tag)
