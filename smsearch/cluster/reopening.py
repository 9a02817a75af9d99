"""A session of Spark that outlives its server: where it has ended, it is opened anew before the next question.

A Spark Connect server that was restarted knows no session of before, and a context whose Java process has gone stays
in pyspark as if it were alive. So each question begins with a call that only a live session answers. This module knows
no archive and no query.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import warnings
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

from smsearch.cluster.connect import need_master, need_server
from smsearch.cluster.session import stop_session
from smsearch.cluster.spark_errors import errors_of_pyspark
from smsearch.cluster.worker_limit import worker_limit
from smsearch.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from pyspark.sql import SparkSession

    from smsearch.cluster.session import SparkAddress

_HINT: Final = "Each request tries to open another session; ask again when Spark is back."
_LOG: Final = logging.getLogger(__name__)


class LastingSession:
    """A session at an address, and another one there where it has ended; several threads may ask for it.

    Args:
        address: Where Spark is.
        open_session: Opens a session there.
        worker_seconds: How long a question may wait for a worker; None for ever. Over Spark Connect it has no limit:
            what the workers do is not known there.

    Raises:
        ClusterError: No session can be had.
    """

    def __init__(
        self, address: SparkAddress, open_session: Callable[[], SparkSession], worker_seconds: float | None = None
    ) -> None:
        self._address = address
        self._worker_seconds = worker_seconds
        self._open_session = open_session
        self._lock = threading.Lock()
        self._session = open_session()

    def current(self) -> SparkSession:
        """The session; one that has ended is replaced.

        Raises:
            ClusterError: Spark is not there, or opens no session; within the address's `seconds` where nobody listens.
        """
        with self._lock:
            try:
                if not self._answers():
                    self._open_another()
            except ClusterError as error:
                raise ClusterError(f"Spark has gone. {error.message}", hint=_HINT) from error
            return self._session

    def worker_limit(self) -> AbstractContextManager[None]:
        """While active: a question that waits too long for a worker ends with a `ClusterError`."""
        if self._worker_seconds is None or self._address.connect_url is not None:
            return nullcontext()
        return worker_limit(self._session.sparkContext, self._worker_seconds)

    def stop(self) -> None:
        """Stops the session."""
        stop_session(self._session)

    def _answers(self) -> bool:
        """Whether the session answers a call; an error where nobody listens for it.

        Spark's client would ask a Connect server that is not there for some 20 seconds, so it is looked for first.
        """
        url = self._address.connect_url
        if url is not None:
            need_server(url, self._address.seconds)
        try:
            if url is not None:
                self._session.conf.get("spark.sql.session.timeZone")  # a message to the server
            else:
                self._session.sparkContext.defaultParallelism  # noqa: B018 - of a context that ended it is an error
        except errors_of_pyspark():
            return False
        return True

    def _open_another(self) -> None:
        if self._address.connect_url is None:
            need_master(self._address.master or "", self._address.seconds)
        _LOG.warning("the session of Spark at %s has ended: opens another", self._address.label)
        with warnings.catch_warnings(action="ignore", category=RuntimeWarning):  # pyspark's, that Java has gone
            stop_session(self._session)
        if self._address.connect_url is None:
            _forget_java_that_ended(self._session)
        self._session = self._open_session()


def _forget_java_that_ended(session: SparkSession) -> None:
    """Lets pyspark start Java anew, where the process of before does not answer; pyspark itself keeps that for ever."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway  # noqa: SLF001 - no public name leads there
    if gateway is None:
        return
    try:
        gateway.jvm.System.nanoTime()
    except errors_of_pyspark():
        session.sparkContext.stop()  # goes on where it broke off, since Java refused the connection
        SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001 - as above
        with contextlib.suppress(*errors_of_pyspark()):
            gateway.shutdown()
        if gateway.proc is not None:
            gateway.proc.stdin.close()
            gateway.proc.kill()
            gateway.proc.wait()
