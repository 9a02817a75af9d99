"""A line of progress on a terminal, once the work has taken half a second.

Any thread may report progress, also after the context of the line has ended; nothing is drawn then. The cursor is never
hidden, because a process that is killed cannot show it again. This module does not know what the work is.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from smsearch.cli import terminal

if TYPE_CHECKING:
    from types import TracebackType

_DELAY_SECONDS: Final = 0.5
_INTERVAL_SECONDS: Final = 0.1
_BAR_WIDTH: Final = 40
_ERASE_LINE: Final = "\r\x1b[2K"
_BYTE_UNITS: Final = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "bytes"))


class _ProgressLine:
    """Draws one line over itself; leaving its context erases it.

    Args:
        is_shown: Whether a person watches standard error.
    """

    def __init__(self, *, is_shown: bool) -> None:
        self._is_shown = is_shown and os.environ.get("TERM") not in {"dumb", "unknown"}
        self._start = self._stage_start = time.monotonic()
        self._last_drawn = 0.0
        self._stage = ""
        self._lock = threading.Lock()

    def _draw(self, stage: str, done: int, total: int | None) -> None:
        """Shows how far a stage of the work has come; `total` is None if nobody knows it."""
        with self._lock:
            now = time.monotonic()
            if stage != self._stage:
                self._stage_start = now if self._stage else self._start
                self._stage = stage
            elif now - self._last_drawn < _INTERVAL_SECONDS:
                return
            if not self._is_shown or now - self._start < _DELAY_SECONDS:
                return
            self._last_drawn = now
            _write(_ERASE_LINE + self._line(done, total, now - self._stage_start))

    def _line(self, done: int, total: int | None, seconds: float) -> str:
        """`reading ━━━━──── 12.3/24.6 MB 4.1 MB/s 0:00:03`; without a total, neither the bar nor the time left."""
        rate = done / seconds if seconds else 0.0
        parts = [self._stage, self._amount(done, total), self._rate(rate)]
        if total:
            parts.insert(1, _bar(done / total))
            parts.append(_clock((total - done) / rate) if rate else "-:--:--")
        return " ".join(parts)[: _terminal_width() - 1]

    def _amount(self, done: int, total: int | None) -> str:
        raise NotImplementedError

    def _rate(self, rate: float) -> str:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._is_shown = False
            if self._last_drawn:
                _write(_ERASE_LINE)


class Bar(_ProgressLine):
    """Called with the bytes read so far, and then perhaps with those written."""

    def __call__(self, done: int, total: int) -> None:
        """Shows how many bytes are read; `total` is 0 if nobody knows it."""
        self._draw("reading", done, total or None)

    def written(self, done: int, total: int) -> None:
        """Shows how many bytes are written."""
        self._draw("writing", done, total)

    def _amount(self, done: int, total: int | None) -> str:
        size, unit = _unit(total or done)
        return f"{done / size:.1f}/{total / size:.1f} {unit}" if total else f"{done / size:.1f} {unit}"

    def _rate(self, rate: float) -> str:
        size, unit = _unit(rate)
        return f"{rate / size:.1f} {unit}/s"


class RecordsBar(_ProgressLine):
    """Called with the records fetched so far, of one kind after another."""

    def __call__(self, kind: str, done: int, total: int | None) -> None:
        """Shows how many records of a kind are fetched, and of how many, if that is known."""
        self._draw(kind, done, None if total is None else max(total, done))

    def _amount(self, done: int, total: int | None) -> str:
        return f"{done:,}" if total is None else f"{done:,}/{total:,}"

    def _rate(self, rate: float) -> str:
        return f"{rate:,.0f}/s"


def _bar(share: float) -> str:
    """A bar of which a share is filled, in characters that the terminal can show."""
    filled = min(round(share * _BAR_WIDTH), _BAR_WIDTH)
    full, empty = "━─" if "utf" in terminal.encoding_of(sys.stderr).lower() else "#-"
    return full * filled + empty * (_BAR_WIDTH - filled)


def _unit(count: float) -> tuple[float, str]:
    """The largest unit of bytes that a count reaches, and its size."""
    return next(((size, unit) for size, unit in _BYTE_UNITS if count >= size), _BYTE_UNITS[-1])


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _terminal_width() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _write(text: str) -> None:
    with suppress(OSError):  # the terminal may have gone
        terminal.draw(text)
