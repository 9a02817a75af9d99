"""Shows what is longer than the screen through `$PAGER`, and what is not on the terminal itself."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from io import RawIOBase
from typing import TYPE_CHECKING, BinaryIO, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

_LESS: Final = "FRX"
"""What `less` does if LESS does not say: end at once if all fits, show colours, leave the screen as it is."""


@contextmanager
def paged(command: str) -> Iterator[BinaryIO]:
    """A stream that a pager shows once it holds more lines than the screen; waits until the pager has ended.

    Args:
        command: The pager, as a shell reads it.
    """
    stream = _ScreenStream(command, shutil.get_terminal_size().lines - 1)
    try:
        yield cast("BinaryIO", stream)
    finally:
        stream.finish()


class _ScreenStream(RawIOBase):
    """Keeps what is written until it is too long for the screen, then hands it to the pager."""

    def __init__(self, command: str, lines: int) -> None:
        self._command = command
        self._lines = lines
        self._kept = bytearray()
        self._pager: subprocess.Popen[bytes] | None = None

    def writable(self) -> bool:
        """Whether it can be written to."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # bytes are all that is written
        """Keeps or hands over the data.

        Raises:
            BrokenPipeError: The pager has ended.
        """
        if self._pager is None:
            self._kept += data
            if self._kept.count(b"\n") > self._lines:
                self._pager = self._started()
                self._input.write(self._kept)
        else:
            self._input.write(data)
        return len(data)

    def finish(self) -> None:
        """Writes what was kept to standard output, or waits for the pager."""
        if self._pager is None:
            sys.stdout.buffer.write(self._kept)
            sys.stdout.buffer.flush()
            return
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the pager, which shows what there is
        try:
            self._pager.communicate()
        finally:
            signal.signal(signal.SIGINT, before)

    @property
    def _input(self) -> IO[bytes]:
        assert self._pager is not None  # noqa: S101 - callers have looked
        assert self._pager.stdin is not None  # noqa: S101 - it is a pipe
        return self._pager.stdin

    def _started(self) -> subprocess.Popen[bytes]:
        environment = {"LESS": _LESS} | os.environ
        return subprocess.Popen(self._command, shell=True, stdin=subprocess.PIPE, env=environment)  # noqa: S602 - PAGER is a line of a shell
