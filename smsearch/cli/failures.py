"""Runs a verb and turns every exception into an exit code and a message on standard error.

A traceback appears only with `--debug`. This module knows no verb.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from smsearch.cli.exit_codes import DATA, DONE, INTERRUPTED, TERMINATED, USAGE

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from smsearch.errors import SmsearchError

_DISK_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class Terminated(KeyboardInterrupt):
    """The process received SIGTERM. It cleans up as it does after Ctrl-C."""


def run_guarded(run: Callable[[], int], *, debug: bool) -> int:
    """Runs a function and returns its exit code; writes what it raises to standard error.

    Args:
        run: Does the work and returns an exit code.
        debug: Whether an unexpected exception is raised again, so that Python prints its traceback.
    """
    try:
        code = run()
        sys.stdout.flush()
    except BrokenPipeError:
        discard(sys.stdout)
        return DONE
    except Terminated:
        return TERMINATED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort: a person reads a sentence, not a traceback
        return _report(error, debug=debug)
    return code


def discard(stream: TextIO) -> None:
    """Points a standard stream at nothing: nobody takes what its buffer holds, and Python's exit would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _report(error: Exception, *, debug: bool) -> int:
    from smsearch.errors import RequestError, SmsearchError

    if isinstance(error, SmsearchError):
        write_error(_message(error))
        return USAGE if isinstance(error, RequestError) else DATA
    if isinstance(error, OSError) and error.strerror:
        place = "" if error.filename is None else f"{os.fspath(error.filename)}: "
        write_error(f"error: {place}{error.strerror}")
        if place and error.errno in _DISK_FULL:
            write_error("hint: free some space there and try again")
        return DATA
    if isinstance(error, MemoryError):
        write_error("\n".join(["error: there is not enough memory", *_notes(error)]))
        return DATA
    if debug:
        raise error
    reason = " ".join([f"{type(error).__name__}: {error}".splitlines()[0], *_notes(error)])
    write_error(f"error: smsearch has a bug, please report it ({reason}); --debug shows where")
    return DATA


def _notes(error: Exception) -> list[str]:
    """The notes that Python attached to an exception, those of one line."""
    notes: list[str] = getattr(error, "__notes__", [])
    return [note for note in notes if "\n" not in note]


def _message(error: SmsearchError) -> str:
    """The place and the message, the lines of a caret excerpt, and the hint."""
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


def write_error(text: str) -> None:
    """Writes a message to standard error, which may be closed."""
    with suppress(OSError):
        sys.stderr.write(f"{text}\n")
