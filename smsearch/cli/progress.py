"""A bar of the bytes read, on a terminal and once reading has taken half a second; rich is imported only then."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, TaskID

_PATIENCE_SECONDS: Final = 0.5


class Bar:
    """Called with the bytes read so far; leaving its context wipes it out."""

    def __init__(self, *, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._begun = time.monotonic()
        self._drawn: tuple[Progress, TaskID] | None = None

    def __call__(self, done: int, total: int) -> None:
        """Says how far reading has come, in bytes; `total` is 0 where nobody knows."""
        if self._drawn is None and self._is_shown and time.monotonic() - self._begun >= _PATIENCE_SECONDS:
            self._drawn = _draw()
        if self._drawn is not None:
            progress, task = self._drawn
            progress.update(task, completed=done, total=total or None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._drawn is not None:
            self._drawn[0].stop()


def _draw() -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=Console(file=sys.stderr), transient=True)
    progress.start()
    return progress, progress.add_task("reading", total=None)
