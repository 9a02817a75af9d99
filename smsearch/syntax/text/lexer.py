"""Letters, keywords, names and values of the text language: how they are read, written and quoted.

`grammar/search.lark` gives the same to the parser, and a test holds the two together. `check_text` looks at a text
before the parser does: it explains open quotes and brackets better, and it bounds what the parser must hold. This
module knows no grammar and no meaning. It compiles its regular expressions at their first use.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from smsearch.messages import shortened
from smsearch.syntax.operators import OPERATORS
from smsearch.syntax.text.errors import TextError, TextLimitError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLAUSES: Final = {"select", "from", "where", "order", "by", "asc", "desc", "limit", "and", "or", "not", "any"}

KEYWORDS: Final = frozenset(
    _CLAUSES
    | {word.lower() for row in OPERATORS for spelling in row.spellings for word in spelling.split() if word.isalpha()}
)
"""Words that are no names and no bare values unless they are quoted, in lower case."""

NESTING_MAX: Final = 100
"""Brackets inside brackets; far more than 50 conditions can need (row E7), far less than a stack can hold."""

TEXT_LENGTH_MAX: Final = 1 << 20
"""Characters of a query. Fifty conditions of the longest values need a tenth of it."""

LETTER: Final = r"""[^\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff()\[\]{},'"`<>=!&|*]"""
"""A letter of names: no blank, no control or invisible character, none of ``()[]{},'"`<>=!&|*``."""

_RUN: Final = rf"(?!--|:){LETTER}+"
_NUMBER: Final = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_NUMBER_LIKE: Final = r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*"
_QUOTED_SEGMENT: Final = r'"((?:[^"]|"")*)"|`((?:[^`]|``)*)`'
_TOKEN: Final = rf"""(?x)
      (?P<quoted>(?:'[^']*')+|(?:"[^"]*")+|(?:`[^`]*`)+)
    | (?P<comment>--[^\n]*)
    | (?P<run>{LETTER}+)
    | (?P<bracket>[()\[\]])
    | (?P<quote>['"`])"""

_OPENING: Final = {")": "(", "]": "["}
_CLOSING: Final = {opening: closing for closing, opening in _OPENING.items()}


def is_bare(text: str) -> bool:
    """Whether the text can stand without quotes."""
    return bool(re.fullmatch(_RUN, text)) and text.lower() not in KEYWORDS and not text.endswith(";")


def is_place(text: str) -> bool:
    """Whether the text without quotes after ORDER BY is the place of a column, and no name (row T3)."""
    return text.isascii() and text.isdigit()


def is_number_like(text: str) -> bool:
    """Whether a hyperparameter compared with this value might be compared as a number (rows F14, F15)."""
    return bool(re.fullmatch(_NUMBER_LIKE, text))


def write_value(text: str) -> str:
    """The text as a value: numbers and truth values bare, everything else in single quotes."""
    if re.fullmatch(_NUMBER, text) or text in {"true", "false"}:
        return text
    return f"'{text.replace(_SINGLE, _SINGLE * 2)}'"


def write_name(name: str) -> str:
    """The text as a name: bare where it can be, else in double quotes from its first segment that cannot."""
    if is_bare(name):
        return name
    run = re.match(_RUN, name)
    head = name[: run.end()].rpartition(".") if run else ("", "", "")
    bare = head[0] + head[1]
    return f'{bare}"{name[len(bare) :].replace(_DOUBLE, _DOUBLE * 2)}"'


def show_name(name: str) -> str:
    """The name as a message shows it."""
    return shortened(write_name(name))


def read_name(text: str) -> str:
    """The name that a text with quoted segments means."""
    return re.sub(_QUOTED_SEGMENT, lambda segment: read_string(segment[0]), text)


def read_string(text: str) -> str:
    """The value between quotes; a doubled quote inside is one."""
    quote = text[0]
    return text[1:-1].replace(quote * 2, quote)


_SINGLE, _DOUBLE = "'", '"'


def check_text(text: str) -> None:
    """Checks that the parser may read a text.

    Raises:
        TextError: A character that has no encoding, a quote or a bracket that is never closed.
        TextLimitError: The text is too long, or its brackets are nested too deeply.
    """
    if len(text) > TEXT_LENGTH_MAX:
        raise TextLimitError(0, f"The query is longer than {TEXT_LENGTH_MAX:,} characters.")
    surrogate = re.search("[\ud800-\udfff]", text)
    if surrogate:
        raise TextError(surrogate.start(), "This is half of a surrogate pair, which is no character.")
    left_open = _open_brackets(text)
    if left_open:
        at = left_open[-1]
        raise TextError(at, f"This '{text[at]}' is never closed.", f"Add a '{_CLOSING[text[at]]}'.")


def _open_brackets(text: str) -> list[int]:
    """The offsets of the brackets that are still open at the end, the outermost first.

    Raises:
        TextError: A quote that is never closed, or a bracket that closes nothing.
        TextLimitError: The brackets are nested too deeply.
    """
    offsets: list[int] = []
    for at, bracket in _brackets(text):
        if bracket in _CLOSING:
            offsets.append(at)
            if len(offsets) > NESTING_MAX:
                raise TextLimitError(at, f"Brackets are nested more than {NESTING_MAX} deep.")
        elif not offsets:
            raise TextError(at, f"This '{bracket}' closes nothing.", f"Add a '{_OPENING[bracket]}' before it.")
        elif text[offsets[-1]] != _OPENING[bracket]:
            closing = _CLOSING[text[offsets[-1]]]
            raise TextError(at, f"This '{bracket}' stands where '{closing}' must close a bracket first.")
        else:
            offsets.pop()
    return offsets


def _brackets(text: str) -> Iterator[tuple[int, str]]:
    for token in re.finditer(_TOKEN, text):
        if token.lastgroup == "bracket":
            yield token.start(), token[0]
        elif token.lastgroup == "quote":
            raise TextError(token.start(), f"This {token[0]} is never closed.", "A quote inside quotes is doubled.")
