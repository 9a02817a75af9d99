"""What the command says beside its data: notes and warnings on standard error, unless it is told to be quiet."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StandardError:
    """Says things on standard error; errors are not its business, those are never silenced."""

    is_quiet: bool = False

    @property
    def is_on_terminal(self) -> bool:
        """Whether a person is there to read along."""
        return sys.stderr.isatty()

    def note(self, text: str) -> None:
        """Says something that is good to know."""
        if not self.is_quiet:
            self.report(text)

    def report(self, text: str) -> None:
        """Says what was asked for by an option, quiet or not; where nobody listens any more, the data goes on."""
        with suppress(OSError):
            sys.stderr.write(f"{text}\n")

    def warning(self, text: str) -> None:
        """Says something that is probably not what was meant."""
        self.note(f"warning: {text}")


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 record`, `1,284 matches`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
