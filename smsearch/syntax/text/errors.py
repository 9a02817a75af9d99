"""Errors of the text language: the reason, the place, and the line with a caret under it.

`TextError` travels inside `smsearch.syntax.text` with a mere offset. `parser.py` has the text, and makes the
`TextSyntaxError` that callers see. This module knows no grammar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.errors import LimitExceededError, TextSyntaxError

if TYPE_CHECKING:
    from smsearch.errors import Suggestion

EXCERPT_WIDTH: Final = 100
"""Characters of a line that an excerpt shows; of a longer one, those around the caret."""

_BEFORE_CARET: Final = 60
_ELLIPSIS: Final = "..."


class TextError(Exception):
    """A text that is refused, and the offset of the reason; what would be right there, if that is known."""

    def __init__(self, at: int, message: str, hint: str = "", suggestion: Suggestion | None = None) -> None:
        super().__init__(message)
        self.at = at
        self.message = message
        self.hint = hint
        self.suggestion = suggestion

    def request_error(self, text: str) -> TextSyntaxError | LimitExceededError:
        """The error that callers see, with line and column."""
        line, column = position(text, self.at)
        error = TextSyntaxError(self.message, line=line, column=column, excerpt=excerpt(text, self.at), hint=self.hint)
        return error if self.suggestion is None else error.with_suggestion(self.suggestion.wrong, self.suggestion.right)


class TextLimitError(TextError):
    """A text that exceeds a limit."""

    def request_error(self, text: str) -> LimitExceededError:
        """The error that callers see, with line and column."""
        line, column = position(text, self.at)
        return LimitExceededError(self.message, path=f"line {line}, column {column}", hint=self.hint)


class Refusals:
    """What the API cannot say in one text.

    Attributes:
        is_strict: Whether the first refusal is raised.
        errors: The refusals.
    """

    def __init__(self, *, is_strict: bool) -> None:
        self.is_strict = is_strict
        self.errors: list[TextError] = []

    def add(self, error: TextError) -> None:
        """Notes what the API cannot say.

        Raises:
            TextError: The text must be one that the API can say.
        """
        if self.is_strict:
            raise error
        self.errors.append(error)


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
        middle = line[first : first + EXCERPT_WIDTH]
        left = _ELLIPSIS if first else ""
        right = _ELLIPSIS if first + EXCERPT_WIDTH < len(line) else ""
        line, caret = left + middle + right, caret - first + len(left)
    printable = "".join(character if character.isprintable() else _placeholder(character) for character in line)
    return f"{printable}\n{' ' * caret}^"


def _placeholder(character: str) -> str:
    """One column for a character that has no shape of its own, so that the caret stays in place."""
    return " " if character.isspace() else "\N{REPLACEMENT CHARACTER}"
