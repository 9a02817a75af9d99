"""Opens a session of Spark: the one that is there, one of a master's, or one over Spark Connect.

It knows no archive and no query.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from smsearch.cluster.connect import need_master, need_server
from smsearch.cluster.spark_errors import errors_of_pyspark, reason_of
from smsearch.cluster.waiting import notice_of_waiting
from smsearch.errors import ClusterError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import SparkSession

FIRST_CALL_SECONDS: Final = 30.0
_NO_JAVA: Final = "Install Java 17, on Debian openjdk-17-jre-headless, or set JAVA_HOME; --remote needs none."
_RETRIES_MAX: Final = 5
"""Each waits four times as long as the one before, from 50 ms on: 17 seconds in all, and up to 0.5 s more for each."""
_STOP_SECONDS: Final = 5.0
_UTC: Final = ("spark.sql.session.timeZone", "UTC")
_REMOTE: Final = "SPARK_REMOTE"
"""The environment's variable for a Spark Connect URL, as pyspark reads it."""


@dataclass(frozen=True, slots=True)
class SparkAddress:
    """Where Spark is.

    Attributes:
        master: A master's URL, such as `spark://host:7077`, `yarn` or `local[2]`; None for what `spark-submit`, EMR or
            Glue have set.
        remote: A Spark Connect URL, such as `sc://host:15002`; None for what `SPARK_REMOTE` says, without a master.
        seconds: How long a Spark Connect server may take for its first answer.
        shows_log: Whether the log of Spark's JVM goes to standard error.
    """

    master: str | None = None
    remote: str | None = None
    seconds: float = FIRST_CALL_SECONDS
    shows_log: bool = False

    @property
    def connect_url(self) -> str | None:
        """The URL of a Spark Connect server, or None."""
        return self.remote or (None if self.master else os.environ.get(_REMOTE) or None)

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.connect_url or self.master or "the environment's master"

    def waited_for(self) -> str | None:
        """What an opening that takes long waits for: a cluster; nothing, where Spark runs in this machine alone."""
        is_local = self.connect_url is None and (self.master or "").startswith("local")
        return None if is_local else f"waiting for Spark at {self.label}"


def open_session(address: SparkAddress | None = None, notify: Callable[[str], None] | None = None) -> SparkSession:
    """A session at an address; left out, the one that is there or that the environment describes.

    Args:
        address: Where Spark is.
        notify: Takes what is waited for, where that takes long; left out, it is logged.

    Raises:
        ClusterError: pyspark or Java is missing, no session can be had, or a Spark Connect server has not answered in
            time.
    """
    address = address or SparkAddress()
    errors: tuple[type[Exception], ...] = (*errors_of_pyspark(), ImportError, RuntimeError, ValueError)
    url = address.connect_url
    if url is None:
        _need_java()
        need_master(address.master or "", address.seconds)
    else:
        need_server(url, address.seconds)
    notice = notice_of_waiting(address.waited_for, *((notify,) if notify else ()))
    try:
        with notice:
            return _build(address) if url is None else _within(address.seconds, lambda: _build(address), url)
    except errors as error:
        raise ClusterError(
            f"No session of Spark at {address.label}: {reason_of(error)}", hint="Check the URL and the cluster."
        ) from error


def stop_session(session: SparkSession) -> None:
    """Stops a session, or cuts it off after `_STOP_SECONDS`: one whose server has gone would wait for it."""
    stopping = threading.Thread(target=_stop, args=(session,), daemon=True)
    stopping.start()
    stopping.join(_STOP_SECONDS)
    if stopping.is_alive():
        _cut_off(session)


def _stop(session: SparkSession) -> None:
    with contextlib.suppress(*errors_of_pyspark()):
        session.stop()


def _cut_off(session: SparkSession) -> None:
    """Closes the connection of a session over Spark Connect.

    pyspark asks the server of one that is open once more when the process ends, and would wait for minutes.
    """
    with contextlib.suppress(AttributeError, *errors_of_pyspark()):  # another session has no client
        session.client.close()


def _build(address: SparkAddress) -> SparkSession:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("smsearch")
    if address.connect_url is not None:
        return _impatient(builder.remote(address.connect_url).config(*_UTC).create())
    if address.master is not None:
        builder = builder.master(address.master)
    log = "ERROR" if address.shows_log else "OFF"
    builder = builder.config("spark.ui.showConsoleProgress", "false").config("spark.log.level", log)
    return builder.config(*_UTC).getOrCreate()


def _impatient(session: SparkSession) -> SparkSession:
    """The session, over Spark Connect, that asks a lost server again for some 20 seconds instead of ten minutes."""
    try:
        from pyspark.sql.connect.client.retries import DefaultPolicy
    except ImportError:  # Spark 3.5 has no policies
        return session
    session.client.set_retry_policies([DefaultPolicy(max_retries=_RETRIES_MAX)])
    return session


def _within(seconds: float, call: Callable[[], SparkSession], url: str) -> SparkSession:
    """The session over Spark Connect that a function returns, or an error after so many seconds.

    The call runs in a thread that ends with the process. So this thread only waits, and Ctrl-C and SIGTERM end it.
    """
    results: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            results.put((call(), None))
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            results.put((None, error))

    with contextlib.ExitStack() as unanswered:
        unanswered.callback(_cut_off_another_than, _default_session())
        threading.Thread(target=run, daemon=True).start()
        try:
            session, error = results.get(timeout=seconds)
        except queue.Empty:
            raise ClusterError(
                f"Spark at {url} has not answered in {seconds:g} seconds.", hint="--timeout allows more time."
            ) from None
        unanswered.pop_all()
    if error is not None:
        raise error
    return session


def _default_session() -> SparkSession | None:
    """The process's session over Spark Connect; pyspark keeps the first one here before it asks the server anything."""
    from pyspark.sql.connect.session import SparkSession

    return SparkSession._default_session  # noqa: SLF001 - no public name leads to one that has not answered


def _cut_off_another_than(earlier: SparkSession | None) -> None:
    session = _default_session()
    if session is not None and session is not earlier:
        _cut_off(session)


def _need_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java") is None and not (home and (Path(home) / "bin" / "java").exists()):
        raise ClusterError("The engine spark needs Java, and there is none.", hint=_NO_JAVA)
