"""Contains without regard to case, as Python's `casefold` has it; Spark's own `lower` leaves out `ß` and others.

Only the characters that fold to one of the needle's have to be folded: no other can take part in a match.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

from pyspark.sql import functions as F  # noqa: N812 - as everyone writes it

if TYPE_CHECKING:
    from pyspark.sql import Column

_SURROGATES = range(0xD800, 0xE000)


def contains_folded(text: Column, needle: str) -> Column:
    """Whether a text holds a needle, both folded; null where the text is."""
    folded = needle.casefold()
    wanted = set(folded)
    changed = {character: fold for character, fold in _folds().items() if not wanted.isdisjoint(fold)}
    single = {character: fold for character, fold in changed.items() if len(fold) == 1}
    if single:
        text = F.translate(text, "".join(single), "".join(single.values()))
    for character in changed.keys() - single.keys():
        text = F.replace(text, F.lit(character), F.lit(changed[character]))
    return text.contains(folded)


def fold_letters(text: Column, wanted: set[str]) -> Column:
    """A text in which every letter that folds to one wanted letter is that letter."""
    changed = {letter: fold for letter, fold in _folds().items() if fold in wanted}
    return F.translate(text, "".join(changed), "".join(changed.values())) if changed else text


@cache
def _folds() -> dict[str, str]:
    """Every character that folding changes, and what it becomes."""
    every = (chr(code) for code in range(sys.maxunicode + 1) if code not in _SURROGATES)
    return {character: fold for character in every if (fold := character.casefold()) != character}
