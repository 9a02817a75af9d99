"""Bars on a terminal, once the work has taken half a second; rich is imported only then.

A bar may be told of work by any thread, and after its context has ended: it draws nothing then. The cursor stays where
it can be seen, since whoever hides it may be killed before it is shown again.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

    from rich.console import Console
    from rich.progress import Progress, ProgressColumn, Task, TaskID

_PATIENCE_SECONDS: Final = 0.5


class _Drawn:
    """A bar that is drawn as late as that; leaving its context wipes it out."""

    def __init__(self, *, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._begun = time.monotonic()
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._lock = threading.Lock()
        """Held by whoever draws, and by whoever ends it."""

    def _show(self) -> Progress | None:
        """What is drawn on, or None as long as nothing is."""
        if self._progress is None and self._is_shown and time.monotonic() - self._begun >= _PATIENCE_SECONDS:
            from rich.progress import Progress

            self._progress = Progress(*self._columns(), console=_console(), transient=True)
            self._progress.start()
        return self._progress

    def _columns(self) -> tuple[ProgressColumn, ...]:
        """What the bar says."""
        raise NotImplementedError

    def _draw(self, name: str, done: int, total: int | None) -> None:
        """Shows how far one thing has come, in the place of the one before."""
        with self._lock:
            progress = self._show()
            if progress is None:
                return
            if name not in self._tasks:
                for before in self._tasks.values():
                    progress.update(before, visible=False)
                self._tasks[name] = progress.add_task(name, total=total, completed=done)
            progress.update(self._tasks[name], completed=done, total=total)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._is_shown = False
            if self._progress is not None:
                self._progress.stop()
                self._progress = None


def _console() -> Console:
    """Standard error, with the cursor where it is."""
    from rich.console import Console

    class Steady(Console):
        def show_cursor(self, show: bool = True) -> bool:  # noqa: ARG002, FBT001, FBT002 - rich's signature
            return False

    return Steady(file=sys.stderr)


class Bar(_Drawn):
    """Called with the bytes read so far, and then perhaps with those written."""

    def __call__(self, done: int, total: int) -> None:
        """Says how far reading has come, in bytes; `total` is 0 where nobody knows."""
        self._draw("reading", done, total or None)

    def written(self, done: int, total: int) -> None:
        """Says how far writing has come, in bytes."""
        self._draw("writing", done, total)

    def _columns(self) -> tuple[ProgressColumn, ...]:
        from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn

        stage = TextColumn("{task.description}")
        return stage, BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()


class RecordsBar(_Drawn):
    """Called with the records fetched so far, of one kind after another."""

    def __call__(self, kind: str, done: int, total: int | None) -> None:
        """Says how many records of a kind are done, and of how many, if somebody knows."""
        self._draw(kind, done, None if total is None else max(total, done))

    def _columns(self) -> tuple[ProgressColumn, ...]:
        from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, TextColumn, TimeRemainingColumn
        from rich.text import Text

        class Rate(ProgressColumn):
            def render(self, task: Task) -> Text:
                return Text("" if task.speed is None else f"{task.speed:,.0f}/s")

        return TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn()
