"""A stream that is made while it is read, so that a test of a large file needs neither the disk nor the memory."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Endless(io.RawIOBase):
    """A file that is made while it is read."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts: Iterator[bytes] = iter(parts)
        self._left = b""

    def readable(self) -> bool:
        """True; there is nothing else to do with it."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fills the buffer from the part that is left, or from the next one."""
        self._left = self._left or next(self._parts, b"")
        data, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)
