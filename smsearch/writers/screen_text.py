"""Texts as a terminal shows them: their width, their lines, their colours.

It knows no table and no record.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"
_MARKS: Final = frozenset("-./:_,;=&")


def width_of(text: str) -> int:
    """The columns of a terminal that a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cut(text: str, width: int) -> str:
    """A text of at most this width; one that is longer ends in an ellipsis."""
    if width_of(text) <= width:
        return text
    return f"{text[: _end(text, width - 1)]}{_ELLIPSIS}"


def folded(text: str, width: int) -> list[str]:
    """The whole text in lines of at most this width.

    A line ends at the last blank of its second half, else after the last punctuation mark there.
    """
    lines = []
    while width_of(text) > width:
        end = max(_end(text, width), 1)
        half = end // 2
        blank = text.rfind(" ", half, end + 1)
        mark = next((at for at in range(end, half, -1) if text[at - 1] in _MARKS), end)
        line = text[: mark if blank < 0 else blank]
        lines.append(line)
        text = text[len(line) + (blank >= 0) :]
    return [*lines, text]


def _end(text: str, width: int) -> int:
    """How many characters from the beginning take at most this width."""
    columns = 0
    for at, character in enumerate(text):
        columns += _character_width(character)
        if columns > width:
            return at
    return len(text)


def padded(text: str, width: int, *, is_numeric: bool = False) -> str:
    """A text filled up with blanks to a width, a number on its left."""
    filling = " " * (width - width_of(text))
    return filling + text if is_numeric else text + filling


def styled(text: str, *, bold: bool | None = None, color: str | None = None) -> str:
    """A text with the codes that make a terminal show it bold or coloured."""
    import click

    return click.style(text, bold=bold, fg=color)
