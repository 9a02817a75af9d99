"""What is under way, so that work that can wait lets it go first: a download waits for answers and screens.

Threads share one interpreter, and a thread that computes delays each of the others at every turn. The event loop counts
what it awaits; threads ask and wait. Knows no request.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_SECONDS: Final = 0.05
"""How long a download waits at most before it goes on beside what is under way."""
TURN_SECONDS: Final = 0.01
"""How long it then works without waiting again: under unbroken load it has a sixth of the time."""


class UnderWay:
    """How many of something are under way."""

    def __init__(self) -> None:
        self._number = 0
        self._none = threading.Event()
        self._none.set()

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Counts one while the block runs; for the event loop's thread alone."""
        self._number += 1
        self._none.clear()
        try:
            yield
        finally:
            self._number -= 1
            if not self._number:
                self._none.set()

    def wait_for_none(self, seconds: float) -> bool:
        """Whether none is under way, at the latest after some seconds."""
        return self._none.wait(seconds)


class GivingWay:
    """Called by a thread between two pieces of its work, waits while something else is under way, but not forever."""

    def __init__(self, *before: UnderWay) -> None:
        self._before = before
        self._turn_ends = 0.0

    def __call__(self) -> None:
        """Waits if it is not this thread's turn."""
        if time.monotonic() < self._turn_ends:
            return
        if not all(others.wait_for_none(PATIENCE_SECONDS) for others in self._before):
            self._turn_ends = time.monotonic() + TURN_SECONDS
