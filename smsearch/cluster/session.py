"""Opens a session of Spark: the one that is there, one of a master's, or one over Spark Connect.

It knows no archive and no query.
"""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from smsearch.errors import ClusterError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_NO_PYSPARK: Final = "Install it with: pip install 'smsearch-offline[spark]'"
_NO_JAVA: Final = "Install Java 17, on Debian openjdk-17-jre-headless, or set JAVA_HOME; --remote needs none."
_CONNECT_PORT: Final = 15002
_LISTENING_SECONDS: Final = 10


def open_session(master: str | None = None, remote: str | None = None) -> SparkSession:
    """A session: over Spark Connect if `remote` is there, else of a master, else as the environment says.

    Args:
        master: A master's URL, such as `spark://host:7077`, `yarn` or `local[2]`; left out, what `spark-submit`, EMR
            or Glue have set.
        remote: A Spark Connect URL, such as `sc://host:15002`.

    Raises:
        ClusterError: pyspark or Java is missing, or no session can be had.
    """
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ClusterError(f"The engine spark needs pyspark: {error}.", hint=_NO_PYSPARK) from None
    if remote is None:
        _need_java()
    else:
        _need_server(remote)
    builder = SparkSession.builder.appName("smsearch")
    if remote is not None:
        builder = builder.remote(remote)
    elif master is not None:
        builder = builder.master(master)
    if remote is None:
        builder = builder.config("spark.ui.showConsoleProgress", "false").config("spark.log.level", "ERROR")
    try:
        return builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    except (PySparkException, Py4JError, ImportError, RuntimeError, OSError, ValueError) as error:
        where = remote or master or "the environment's master"
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ClusterError(
            f"No session of Spark at {where}: {reason}", hint="Check the URL and the cluster."
        ) from error


def _need_server(remote: str) -> None:
    """Raises where nobody listens: Spark's own client would try again for minutes."""
    named = urlsplit(remote)
    if named.scheme != "sc" or named.hostname is None:
        return
    try:
        port = named.port or _CONNECT_PORT
        socket.create_connection((named.hostname, port), timeout=_LISTENING_SECONDS).close()
    except (OSError, ValueError) as error:
        hint = "Check the URL, sc://HOST:PORT, and that a Spark Connect server runs there."
        raise ClusterError(f"No server at {remote}: {error}.", hint=hint) from None


def _need_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java") is None and not (home and (Path(home) / "bin" / "java").exists()):
        raise ClusterError("The engine spark needs Java, and there is none.", hint=_NO_JAVA)
