"""Adds up what is told in several threads, for whoever shows how far the work has come.

It knows numbers, not what they count.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smsearch.ingest.sources import Progress, Told


def meter(progress: Progress | None, total: int) -> Told:
    """What is to be given each part that is done: it gives `progress` their sum, and the total.

    The sum never goes beyond the total: a file may grow while it is read. Parts may come from any thread; `progress`
    is called by one at a time. A total of 0 is one that nobody knows.
    """
    if progress is None:
        return lambda _: None
    done, lock = 0, Lock()

    def told(count: int) -> None:
        nonlocal done
        with lock:
            done += count
            progress(min(done, total) if total else done, total)

    return told
