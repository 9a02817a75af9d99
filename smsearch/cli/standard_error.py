"""Notes and warnings on standard error, unless the command is quiet."""

from __future__ import annotations

import sys
from contextlib import suppress

from smsearch.frozen import frozen


@frozen
class StandardError:
    """Writes notes and warnings. Errors are written by `failures.py`, also of a quiet command."""

    is_quiet: bool = False

    @property
    def is_on_terminal(self) -> bool:
        """Whether a person may read along."""
        return sys.stderr.isatty()

    def note(self, text: str) -> None:
        """Writes a note, unless the command is quiet."""
        if not self.is_quiet:
            self.report(text)

    def report(self, text: str) -> None:
        """Writes a report that an option asks for, quiet or not. If standard error is closed, the command goes on."""
        with suppress(OSError):
            sys.stderr.write(f"{text}\n")

    def warning(self, text: str) -> None:
        """Writes a warning: something is probably not meant so."""
        self.note(f"warning: {text}")
