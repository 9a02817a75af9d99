r"""Patterns of LIKE: `%` is any text, `_` any one character, and after `\` a character stands for itself.

This module knows no text that is compared.
"""

from __future__ import annotations

from enum import Enum
from itertools import groupby
from typing import Final


class Wildcard(Enum):
    """A part of a pattern that is no text."""

    ANY_TEXT = "%"
    ONE_CHARACTER = "_"


Pieces = tuple[str | Wildcard, ...]
"""A pattern in its parts: texts, none of them empty or beside another, and wildcards."""

_ESCAPE: Final = "\\"
_WILDCARDS: Final = {wildcard.value: wildcard for wildcard in Wildcard}


def pieces_of(pattern: str) -> Pieces:
    r"""The parts of a pattern, of several `%` in a row the first.

    Raises:
        ValueError: The pattern ends with a `\` that stands for nothing.
    """
    letters: list[str | Wildcard] = []
    characters = iter(pattern)
    for character in characters:
        if character == _ESCAPE:
            letter = next(characters, None)
            if letter is None:
                raise ValueError(pattern)
            letters.append(letter)
        else:
            wildcard = _WILDCARDS.get(character)
            if wildcard is not Wildcard.ANY_TEXT or letters[-1:] != [wildcard]:
                letters.append(wildcard or character)
    return tuple(_joined(letters))


def _joined(letters: list[str | Wildcard]) -> list[str | Wildcard]:
    pieces: list[str | Wildcard] = []
    for is_text, group in groupby(letters, lambda letter: isinstance(letter, str)):
        parts = list(group)
        pieces += ["".join(map(str, parts))] if is_text else parts
    return pieces


def pattern_of(text: str) -> str:
    """The pattern that is this text and no other."""
    return "".join(f"{_ESCAPE}{letter}" if letter in {*_WILDCARDS, _ESCAPE} else letter for letter in text)
