"""Keeps other processes' words off standard error.

Spark's launcher and its JVM write there before any setting of theirs counts. It knows neither.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def silence_stderr(*, is_on: bool = True) -> Iterator[None]:
    """Processes that are started meanwhile write what they have to say into a file without a name, for all their life.

    Args:
        is_on: Whether to do it at all.
    """
    if not is_on:
        yield
        return
    sys.stderr.flush()
    ours = os.dup(2)
    try:
        with tempfile.TemporaryFile() as aside:
            os.dup2(aside.fileno(), 2)
        yield
    finally:
        sys.stderr.flush()
        os.dup2(ours, 2)
        os.close(ours)
