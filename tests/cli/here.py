"""The command in this process, with streams as a shell or a terminal gives them, and without the start of a process.

click's own runner gives no terminal and a width of its own. `test_process.py` has what only a process can show, and
`tests/first_guesses/terminal.py` a terminal whose width no variable tells.
"""

from __future__ import annotations

import os
import pty
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from unittest import mock

from smsearch.cli.failures import run_guarded
from smsearch.cli.group import command


@dataclass(frozen=True, slots=True)
class Done:
    """What a command wrote, and its exit code."""

    stdout: str
    stderr: str
    code: int


def run_here(*arguments: str, **environment: str) -> Done:
    """Runs the command with an empty standard input; what it writes goes into files."""
    written, told = BytesIO(), BytesIO()
    stdin, stdout, stderr = (TextIOWrapper(stream, encoding="utf-8") for stream in (BytesIO(), written, told))
    code = _run(arguments, environment, stdin, stdout, stderr)
    return Done(written.getvalue().decode(), told.getvalue().decode(), code)


def on_terminal_here(*arguments: str, columns: int = 100, **environment: str) -> tuple[str, int]:
    """Runs the command on a terminal of some width; returns all that it shows there, and its exit code."""
    ours, theirs = pty.openpty()
    shown: list[bytes] = []

    def watch() -> None:
        with suppress(OSError):  # the other end is closed
            while part := os.read(ours, 65_536):
                shown.append(part)

    watcher = threading.Thread(target=watch)
    watcher.start()  # a terminal that nobody reads fills up, and stops who writes to it
    surroundings = {"TERM": "xterm-256color", "COLUMNS": str(columns)} | environment
    with os.fdopen(os.dup(theirs)) as keyboard, os.fdopen(theirs, "w", encoding="utf-8") as screen:
        code = _run(arguments, surroundings, keyboard, screen, screen)
    watcher.join()
    os.close(ours)
    return b"".join(shown).decode().replace("\r\n", "\n"), code


def _run(arguments: tuple[str, ...], environment: dict[str, str], *streams: object) -> int:
    stdin, stdout, stderr = streams
    with mock.patch.dict(os.environ, environment), mock.patch.multiple(sys, stdin=stdin, stdout=stdout, stderr=stderr):
        code = run_guarded(lambda: command.run(arguments), debug=False)
        sys.stdout.flush()
        sys.stderr.flush()
    return code
