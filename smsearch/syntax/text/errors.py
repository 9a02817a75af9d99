"""How a text is refused: the reason, the place, and the line with a caret under it.

`Refusal` travels inside `smsearch.syntax` with a mere offset; `parse` gives it the text and so makes the
`TextSyntaxError` that callers see. Knows no grammar.
"""

from __future__ import annotations

from typing import Final

from smsearch.errors import LimitExceededError, TextSyntaxError

EXCERPT_WIDTH: Final = 100
"""Characters of a line that an excerpt shows; of a longer one, those around the caret."""

_BEFORE_CARET: Final = 60
_ELLIPSIS: Final = "..."


class Refusal(Exception):  # noqa: N818 - never leaves smsearch.syntax
    """A text that cannot be taken, and where."""

    def __init__(self, at: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.at = at
        self.message = message
        self.hint = hint

    def error(self, text: str) -> TextSyntaxError:
        """The same as callers see it."""
        line, column = position(text, self.at)
        return TextSyntaxError(self.message, line=line, column=column, excerpt=excerpt(text, self.at), hint=self.hint)


class TooMuch(Refusal):
    """A text that exceeds a limit."""

    def limit_error(self, text: str) -> LimitExceededError:
        """The same as callers see it."""
        line, column = position(text, self.at)
        return LimitExceededError(self.message, path=f"line {line}, column {column}", hint=self.hint)


def position(text: str, at: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def excerpt(text: str, at: int) -> str:
    """The line of an offset, cut around it where it is long, and a caret under the offset."""
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line, caret = text[begin : None if end < 0 else end], at - begin
    if len(line) > EXCERPT_WIDTH:
        first = max(0, min(caret - _BEFORE_CARET, len(line) - EXCERPT_WIDTH))
        cut = line[first : first + EXCERPT_WIDTH]
        left = _ELLIPSIS if first else ""
        right = _ELLIPSIS if first + EXCERPT_WIDTH < len(line) else ""
        line, caret = left + cut + right, caret - first + len(left)
    shown = "".join(character if character.isprintable() else _shown(character) for character in line)
    return f"{shown}\n{' ' * caret}^"


def _shown(character: str) -> str:
    """One column for a character that has no shape of its own, so that the caret stays in place."""
    return " " if character.isspace() else "\N{REPLACEMENT CHARACTER}"
