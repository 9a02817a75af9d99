"""What pyspark raises, and the line of it that says what went wrong. Knows no session."""

from __future__ import annotations

import re
from typing import Final

from smsearch.errors import ClusterError

_NO_PYSPARK: Final = "Install it with: pip install 'smsearch-offline[spark]'"
_JAVA_CLASS: Final = re.compile(r"^(?:: )?(?:\((?:[a-z]\w*\.)+[A-Z][\w$]*\) |(?:[a-z]\w*\.)+[A-Z][\w$]*: )")
"""The name of an exception's class in Java, before its message; Spark Connect puts it in parentheses."""


def errors_of_pyspark() -> tuple[type[Exception], ...]:
    """What pyspark raises: its own, of sockets, and of py4j where it is there; the thin client comes without it.

    Raises:
        ClusterError: There is no pyspark.
    """
    try:
        from pyspark.errors import PySparkException
    except ImportError as error:
        raise ClusterError(f"The engine spark needs pyspark: {error}.", hint=_NO_PYSPARK) from None
    try:
        from py4j.protocol import Py4JError
    except ImportError:
        return PySparkException, OSError
    return PySparkException, OSError, Py4JError


def reason_of(error: Exception) -> str:
    """The first sentence of Spark's that says what went wrong, without py4j's words before it or a class of Java's."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    causes = [line for line in lines if line.startswith(": ")]  # below py4j's name for the call
    reason = next(iter([*causes, *lines]), type(error).__name__).removeprefix(": ")
    while match := _JAVA_CLASS.match(reason):
        reason = reason[match.end() :]
    return reason
