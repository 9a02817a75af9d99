"""The letters, words and quotes of the text language, for those who scan or write text.

`grammar/search.lark` says the same to the parser; a test holds the two together. Knows no grammar and no
meaning.
"""

from __future__ import annotations

import re
from typing import Final

from smsearch.messages import shortened

KEYWORDS: Final = frozenset(
    {"select", "from", "where", "order", "by", "asc", "desc", "limit"}
    | {"and", "or", "not", "any", "exists", "is", "null", "in", "between", "like", "contains"}
)
"""Words that are no names and no bare values unless they are quoted, in lower case."""

NESTING_MAX: Final = 100
"""Brackets inside brackets; far more than 50 conditions can need (row E7), far less than a stack can hold."""

TEXT_BYTES_MAX: Final = 1 << 20
"""Longer texts are refused unread: 50 conditions of the longest values fit in a tenth of it."""

LETTER: Final = r"""[^\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff()\[\]{},'"`<>=!&|*]"""
"""A letter of names: no blank, no control or invisible character, none of ``()[]{},'"`<>=!&|*``."""

_RUN = re.compile(rf"(?!--|:){LETTER}+")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_NUMBER_LIKE = re.compile(r"\s*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*")
_SEGMENTS = re.compile(r'"((?:[^"]|"")*)"|`((?:[^`]|``)*)`')


def is_bare(text: str) -> bool:
    """Whether the text can stand without quotes."""
    return bool(_RUN.fullmatch(text)) and text.lower() not in KEYWORDS and not text.endswith(";")


def is_number_like(text: str) -> bool:
    """Whether a hyperparameter compared with this value might be compared as a number (rows F14, F15)."""
    return bool(_NUMBER_LIKE.fullmatch(text))


def written_value(text: str) -> str:
    """The text as a value: numbers and truth values bare, everything else in single quotes."""
    if _NUMBER.fullmatch(text) or text in {"true", "false"}:
        return text
    return f"'{text.replace(_SINGLE, _SINGLE * 2)}'"


def written_name(name: str) -> str:
    """The text as a name: bare where it can be, else from its first odd segment on in double quotes."""
    if is_bare(name):
        return name
    run = _RUN.match(name)
    head = name[: run.end()].rpartition(".") if run else ("", "", "")
    bare = head[0] + head[1]
    return f'{bare}"{name[len(bare) :].replace(_DOUBLE, _DOUBLE * 2)}"'


def shown_name(name: str) -> str:
    """The name as a message shows it."""
    return shortened(written_name(name))


def read_name(text: str) -> str:
    """The name that a text with quoted segments means."""
    return _SEGMENTS.sub(_unquoted, text)


def read_string(text: str) -> str:
    """The value inside quotes, the doubled ones undone."""
    quote = text[0]
    return text[1:-1].replace(quote * 2, quote)


_SINGLE, _DOUBLE = "'", '"'


def _unquoted(segment: re.Match[str]) -> str:
    return read_string(segment[0])
