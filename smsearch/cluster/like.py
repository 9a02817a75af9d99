"""LIKE and ILIKE as Spark columns (row T2).

The pattern becomes a regular expression of Java, in which every character of a text is spelled by its number. Spark's
own LIKE is not used: it refuses some escapes, and its ILIKE folds letters otherwise than `predicate/text_test.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyspark.sql import functions as F  # noqa: N812 - as everyone writes it

from smsearch.cluster.folding import fold_letters
from smsearch.messages import is_unicode
from smsearch.predicate.text_test import folded_letters
from smsearch.syntax.pattern import Wildcard

if TYPE_CHECKING:
    from pyspark.sql import Column

    from smsearch.predicate.predicate import TextLike

_EXPRESSIONS: Final = {Wildcard.ANY_TEXT: ".*", Wildcard.ONE_CHARACTER: "."}


def alike(text: Column, test: TextLike) -> Column:
    """Whether a text has the form of a pattern; null where the text is."""
    letters = "".join(piece for piece in test.pieces if isinstance(piece, str))
    if not is_unicode(letters):
        return F.lit(False)  # noqa: FBT003 - a literal's value
    if test.ignores_case:
        text = fold_letters(text, set(folded_letters(letters)))
    parts = (_EXPRESSIONS[piece] if isinstance(piece, Wildcard) else _spelled(piece, test) for piece in test.pieces)
    return text.rlike(f"(?s)\\A{''.join(parts)}\\z")


def _spelled(piece: str, test: TextLike) -> str:
    letters = folded_letters(piece) if test.ignores_case else piece
    return "".join(f"\\x{{{ord(letter):x}}}" for letter in letters)
