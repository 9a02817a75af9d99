"""A session of Spark as the engine asks it: what Spark raises becomes an error of ours, and long waits are told.

It knows no archive and no query.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Final

from smsearch.cluster.location import missing_connector
from smsearch.cluster.reopening import LastingSession
from smsearch.cluster.spark_errors import errors_of_pyspark, reason_of
from smsearch.cluster.waiting import notice_of_waiting
from smsearch.cluster.worker_limit import TaskProgress
from smsearch.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from pyspark.sql import SparkSession

_HINT: Final = "If its files have gone, open the archive again; --debug shows Spark's own words."


class ClusterSession:
    """A session, and what is said where it fails or keeps waiting.

    Args:
        session: The session that does the work, or one that is opened anew where it has ended; whoever opened it
            closes it.

    Attributes:
        session: The session that does the work now.
    """

    def __init__(self, session: SparkSession | LastingSession) -> None:
        self._lasting = session if isinstance(session, LastingSession) else None
        self.session = session.current() if isinstance(session, LastingSession) else session
        self._errors = errors_of_pyspark()

    @contextmanager
    def answering(self, source: str, hint: str = _HINT) -> Iterator[None]:
        """Around each question to Spark about an archive: turns what Spark raises into a `ClusterError`.

        Args:
            source: The archive, as the caller names it.
            hint: What to do about an error, where it is not a package that is missing.

        Raises:
            ClusterError: Spark is not there, or cannot answer.
        """
        limit: AbstractContextManager[None] = nullcontext()
        if self._lasting is not None:
            self.session = self._lasting.current()
            limit = self._lasting.worker_limit()
        try:
            with notice_of_waiting(self._missing()), limit:
                yield
        except self._errors as error:
            connector = missing_connector(source, str(error))
            raise ClusterError(f"Spark could not answer: {reason_of(error)}", hint=connector or hint) from error

    def _missing(self) -> Callable[[], str | None]:
        """Says what is waited for: a worker, where none has been at work since it was asked before; else nothing."""
        try:
            context = self.session.sparkContext
            progress = TaskProgress(context)
        except self._errors:  # a session over Spark Connect has no tracker
            return lambda: None
        message = f"waiting for a worker of {context.master}: none is at work"

        def missing() -> str | None:
            with suppress(*self._errors):  # of a context that has ended
                return message if progress.has_stopped() else None
            return None

        return missing
