"""Runs the command on a pseudo-terminal of some width and returns what a person would see."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parents[2]
LINES: Final = 50
_CHUNK: Final = 65_536


def shown(arguments: Sequence[str], columns: int) -> str:
    """Standard output of `smsearch` with these arguments, on a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "PAGER"}}
    process = subprocess.Popen(
        [sys.executable, "-m", "smsearch", *arguments],
        cwd=ROOT,
        env={**environment, "TERM": "xterm", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    output = b""
    try:
        while chunk := os.read(ours, _CHUNK):
            output += chunk
    except OSError:  # the other end is closed: Linux says EIO where other systems say nothing
        pass
    os.close(ours)
    process.wait()
    return output.decode().replace("\r\n", "\n")
