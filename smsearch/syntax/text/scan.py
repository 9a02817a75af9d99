"""A first look at a text, before the parser: is it Unicode, of a sane size, are its quotes and brackets closed.

What it finds has a better explanation than a parser could give, and it bounds what the parser must hold. It
knows quotes, comments and brackets, and no grammar.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from smsearch.syntax.text.errors import Refusal, TooMuch
from smsearch.syntax.text.lexer import LETTER, NESTING_MAX, TEXT_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLOSES: Final = {")": "(", "]": "["}
_OPENS: Final = {opening: closing for closing, opening in _CLOSES.items()}

_PIECE = re.compile(
    rf"""(?P<quoted>(?:'[^']*')+|(?:"[^"]*")+|(?:`[^`]*`)+)
    |    (?P<comment>--[^\n]*)
    |    (?P<run>{LETTER}+)
    |    (?P<bracket>[()\[\]])
    |    (?P<quote>['"`])""",
    re.VERBOSE,
)
_SURROGATE = re.compile("[\ud800-\udfff]")


def check(text: str) -> None:
    """Passes a text that the parser may read.

    Raises:
        Refusal: A character that has no encoding, a quote or a bracket that is never closed.
        TooMuch: The text is too long, or its brackets are nested too deeply.
    """
    if len(text) > TEXT_BYTES_MAX:
        raise TooMuch(0, f"The query is longer than {TEXT_BYTES_MAX:,} characters.")
    surrogate = _SURROGATE.search(text)
    if surrogate:
        raise Refusal(surrogate.start(), "This is half of a surrogate pair, which is no character.")
    left_open = _open_brackets(text)
    if left_open:
        at = left_open[-1]
        raise Refusal(at, f"This '{text[at]}' is never closed.", f"Add a '{_OPENS[text[at]]}'.")


def _open_brackets(text: str) -> list[int]:
    """The offsets of the brackets that are still open at the end, the outermost first.

    Raises:
        Refusal: A quote that is never closed, or a bracket that closes nothing.
        TooMuch: The brackets are nested too deeply.
    """
    opened: list[int] = []
    for at, bracket in _brackets(text):
        if bracket in _OPENS:
            opened.append(at)
            if len(opened) > NESTING_MAX:
                raise TooMuch(at, f"Brackets are nested more than {NESTING_MAX} deep.")
        elif not opened:
            raise Refusal(at, f"This '{bracket}' closes nothing.", f"Add a '{_CLOSES[bracket]}' before it.")
        elif text[opened[-1]] != _CLOSES[bracket]:
            wanted = _OPENS[text[opened[-1]]]
            raise Refusal(at, f"This '{bracket}' stands where '{wanted}' must close a bracket first.")
        else:
            opened.pop()
    return opened


def _brackets(text: str) -> Iterator[tuple[int, str]]:
    for piece in _PIECE.finditer(text):
        if piece.lastgroup == "bracket":
            yield piece.start(), piece[0]
        elif piece.lastgroup == "quote":
            raise Refusal(piece.start(), f"This {piece[0]} is never closed.", "A quote inside quotes is doubled.")
