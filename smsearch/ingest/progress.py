"""Sums what threads report of the bytes that they have read or written, for whoever shows the progress.

It knows numbers, not what they count.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

Progress = Callable[[int, int], None]
"""Is called with the bytes read so far and the bytes there are, compressed ones as they lie on disk."""
Advance = Callable[[int], None]
"""Is called with the bytes that were read since the call before."""


def sum_of_advances(progress: Progress | None, total: int) -> Advance:
    """A function for each reader to call with the bytes that it has read: it gives `progress` their sum, and the total.

    The sum never goes beyond the total: a file may grow while it is read. Any thread may call it; `progress` is called
    by one at a time. A total of 0 is one that nobody knows.
    """
    if progress is None:
        return ignore
    done, lock = 0, Lock()

    def advance(count: int) -> None:
        nonlocal done
        with lock:
            done += count
            progress(min(done, total) if total else done, total)

    return advance


def ignore(count: int) -> None:
    """An `Advance` that nobody watches."""
