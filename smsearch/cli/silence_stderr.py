"""Keeps what child processes write off our standard error.

Spark's launcher and its JVM write there before any of their settings takes effect. This module knows neither.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO


@contextmanager
def silence_stderr(*, is_on: bool = True) -> Iterator[TextIO]:
    """While active, file descriptor 2 points at an unlinked temporary file; gives standard error as it was before.

    Child processes that start meanwhile write to that file for all their life.

    Args:
        is_on: False does nothing.
    """
    if not is_on:
        yield sys.stderr
        return
    sys.stderr.flush()
    with os.fdopen(os.dup(2), "w", encoding="utf-8") as ours:
        try:
            with tempfile.TemporaryFile() as aside:
                os.dup2(aside.fileno(), 2)
            yield ours
        finally:
            sys.stderr.flush()
            os.dup2(ours.fileno(), 2)
