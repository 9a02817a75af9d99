"""What the tests of text say of one text: rows F8, F10, F11, R10. It knows no column and no record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.predicate.predicate import InAccount, TextContains, TextIn
from smsearch.schema.arns import account_of

if TYPE_CHECKING:
    from smsearch.predicate.predicate import Test


def text_passes(test: Test, text: str) -> bool:
    """Whether a text, which is there, passes a test of texts; no other test is passed by a text alone."""
    match test:
        case TextIn(items):
            return text in items
        case TextContains(needle, ignores_case):
            return needle.casefold() in text.casefold() if ignores_case else needle in text
        case InAccount(account):
            return account_of(text) == account
        case _:
            return False
