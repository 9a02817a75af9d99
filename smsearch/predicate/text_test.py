"""What the tests of text say of one text: rows F8, F10, F11, R10, T2. It knows no column and no record."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from smsearch.predicate.predicate import InAccount, TextContains, TextIn, TextLike
from smsearch.schema.arns import account_of
from smsearch.syntax.pattern import Wildcard

if TYPE_CHECKING:
    from smsearch.predicate.predicate import Test

_EXPRESSIONS: Final = {Wildcard.ANY_TEXT: ".*", Wildcard.ONE_CHARACTER: "."}


def text_passes(test: Test, text: str) -> bool:
    """Whether a text, which is there, passes a test of texts; no other test is passed by a text alone."""
    match test:
        case TextIn(items):
            return text in items
        case TextContains(needle, ignores_case):
            return needle.casefold() in text.casefold() if ignores_case else needle in text
        case TextLike(_, ignores_case):
            return _compiled(test).fullmatch(folded_letters(text) if ignores_case else text) is not None
        case InAccount(account):
            return account_of(text) == account
        case _:
            return False


def folded_letters(text: str) -> str:
    """The text without case, letter by letter: a letter that folds to several, such as `\u00df`, stays as it is."""
    folded = text.casefold()
    return folded if len(folded) == len(text) else "".join(map(_folded_letter, text))


def _folded_letter(letter: str) -> str:
    folded = letter.casefold()
    return folded if len(folded) == 1 else letter


@lru_cache(maxsize=64)
def _compiled(test: TextLike) -> re.Pattern[str]:
    """The pattern as a regular expression of folded texts if the test ignores case."""
    fold = folded_letters if test.ignores_case else str
    parts = (re.escape(fold(piece)) if isinstance(piece, str) else _EXPRESSIONS[piece] for piece in test.pieces)
    return re.compile("".join(parts), re.DOTALL)
