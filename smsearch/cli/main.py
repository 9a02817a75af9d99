"""The command's front door: runs a verb and turns whatever happens into an exit code and a line of text.

No traceback ever leaves it unless `--debug` asks for one. It knows no verb; `group.py` does.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from smsearch.errors import SmsearchError

DONE: Final = 0
NOTHING_FOUND: Final = 1
"""With `--exit-status` only."""
USAGE: Final = 2
DATA: Final = 3
IN_PART: Final = 4
"""Something among the exports could not be read; the answer is that of the rest."""
INTERRUPTED: Final = 130
TERMINATED: Final = 143
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class _Terminated(KeyboardInterrupt):
    """The process was asked to end by SIGTERM: it clears up as after Ctrl-C."""


def main() -> NoReturn:
    """Runs the command with the arguments of the process, and ends the process."""
    signal.signal(signal.SIGTERM, _terminate)
    _reopen_closed()
    _write_utf_8()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's threads for matrices, which no verb has, start to spin

    def run() -> int:
        shell = os.environ.get("_SMSEARCH_COMPLETE", "")
        if shell:
            from smsearch.cli.completion.shells import answer

            return answer(shell)
        from smsearch.cli.group import command

        return command.run(sys.argv[1:])

    code = guarded(run, debug="--debug" in sys.argv)
    try:
        sys.stdout.flush()
    except OSError:  # it has been told
        _close_quietly()
    sys.exit(code)


def _reopen_closed() -> None:
    """Gives a standard stream that was closed a descriptor, so that no file of ours takes its place.

    Reading and writing it fail as they would have; what goes to standard error goes nowhere.
    """
    for number, mode in ((0, os.O_WRONLY), (1, os.O_RDONLY), (2, os.O_RDWR)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest number that is free
    sys.stdin = sys.stdin or os.fdopen(0, closefd=False, encoding="utf-8")
    sys.stdout = sys.stdout or os.fdopen(1, "w", closefd=False, encoding="utf-8")
    sys.stderr = sys.stderr or os.fdopen(2, "w", closefd=False, encoding="utf-8")


def _write_utf_8() -> None:
    """Makes text for a file or a pipe UTF-8, as all other data is; a terminal is not sent what it cannot show."""
    if isinstance(sys.stdout, TextIOWrapper):
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _Terminated


def guarded(run: Callable[[], int], *, debug: bool) -> int:
    """The exit code of a run; whatever it raises is told on standard error.

    Args:
        run: What to do; it returns an exit code.
        debug: Whether an error that nobody expected shows its traceback.
    """
    try:
        code = run()
        sys.stdout.flush()
    except BrokenPipeError:
        _close_quietly()
        return DONE
    except _Terminated:
        return TERMINATED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort: a person gets a sentence, not a traceback
        return _told(error, debug=debug)
    return code


def _close_quietly() -> None:
    """Nobody takes what is still buffered: it goes nowhere, so that Python's exit is silent too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def _told(error: Exception, *, debug: bool) -> int:
    from smsearch.errors import SmsearchError

    if isinstance(error, SmsearchError):
        _say(_worded(error))
        return _code(error)
    if isinstance(error, OSError) and error.strerror:
        place = "" if error.filename is None else f"{os.fspath(error.filename)}: "
        _say(f"error: {place}{error.strerror}")
        if place and error.errno in _FULL:
            _say("hint: free some space there and try again")
        return DATA
    if isinstance(error, MemoryError):
        _say("\n".join(["error: there is not enough memory", *_notes(error)]))
        return DATA
    if debug:
        raise error
    reason = " ".join([f"{type(error).__name__}: {error}".splitlines()[0], *_notes(error)])
    _say(f"error: smsearch has a bug, please report it ({reason}); --debug shows where")
    return DATA


def _notes(error: Exception) -> list[str]:
    """What was being done, as far as it fits into a line."""
    notes: list[str] = getattr(error, "__notes__", [])
    return [note for note in notes if "\n" not in note]


def _code(error: SmsearchError) -> int:
    from smsearch.errors import RequestError

    return USAGE if isinstance(error, RequestError) else DATA


def _worded(error: SmsearchError) -> str:
    """Where and what; the lines of a caret excerpt; what would be right."""
    from smsearch.errors import ExportError, RequestError, TextSyntaxError

    place = ""
    if isinstance(error, RequestError):
        place = error.path
    elif isinstance(error, ExportError) and error.file:
        place = f"{error.file}:{error.line}" if error.line else error.file
    lines = [f"error: {place}: {error.message}" if place else f"error: {error.message}"]
    if isinstance(error, TextSyntaxError) and error.excerpt:
        lines += [f"  {line}" for line in error.excerpt.splitlines()]
    if error.hint:
        lines.append(f"hint: {error.hint}")
    return "\n".join(lines)


def _say(text: str) -> None:
    with suppress(OSError):  # nobody is left to be told
        sys.stderr.write(f"{text}\n")
