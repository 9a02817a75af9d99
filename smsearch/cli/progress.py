"""Bars on a terminal, once the work has taken half a second; rich is imported only then."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, ProgressColumn, Task, TaskID

_PATIENCE_SECONDS: Final = 0.5


class _Drawn:
    """A bar that is drawn as late as that; leaving its context wipes it out."""

    def __init__(self, *, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._begun = time.monotonic()
        self._progress: Progress | None = None

    def _show(self) -> Progress | None:
        """What is drawn on, or None as long as nothing is."""
        if self._progress is None and self._is_shown and time.monotonic() - self._begun >= _PATIENCE_SECONDS:
            from rich.console import Console
            from rich.progress import Progress

            self._progress = Progress(*self._columns(), console=Console(file=sys.stderr), transient=True)
            self._progress.start()
        return self._progress

    def _columns(self) -> tuple[ProgressColumn, ...]:
        """What the bar says."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()


class Bar(_Drawn):
    """Called with the bytes read so far."""

    def __init__(self, *, is_shown: bool) -> None:
        super().__init__(is_shown=is_shown)
        self._task: TaskID | None = None

    def __call__(self, done: int, total: int) -> None:
        """Says how far reading has come, in bytes; `total` is 0 where nobody knows."""
        progress = self._show()
        if progress is None:
            return
        if self._task is None:
            self._task = progress.add_task("reading", total=None)
        progress.update(self._task, completed=done, total=total or None)

    def _columns(self) -> tuple[ProgressColumn, ...]:
        from rich.progress import BarColumn, DownloadColumn, TimeRemainingColumn, TransferSpeedColumn

        return BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn()


class RecordsBar(_Drawn):
    """Called with the records fetched so far, of one kind after another."""

    def __init__(self, *, is_shown: bool) -> None:
        super().__init__(is_shown=is_shown)
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, kind: str, done: int, total: int | None) -> None:
        """Says how many records of a kind are done, and of how many, if somebody knows."""
        progress = self._show()
        if progress is None:
            return
        if kind not in self._tasks:
            for before in self._tasks.values():
                progress.update(before, visible=False)
            self._tasks[kind] = progress.add_task(kind, total=total, completed=done)
        known = None if total is None else max(total, done)
        progress.update(self._tasks[kind], completed=done, total=known)

    def _columns(self) -> tuple[ProgressColumn, ...]:
        from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, TextColumn, TimeRemainingColumn
        from rich.text import Text

        class Rate(ProgressColumn):
            def render(self, task: Task) -> Text:
                return Text("" if task.speed is None else f"{task.speed:,.0f}/s")

        return TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn()
