"""LIKE and ILIKE of one text, and the patterns that they read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch.predicate.predicate import TextLike
from smsearch.predicate.text_test import text_passes
from smsearch.syntax.pattern import Wildcard, pattern_of, pieces_of


@pytest.mark.parametrize(
    ("pattern", "text", "passes"),
    [
        ("stra\u00dfe", "STRA\u00dfE", True),
        ("strasse", "STRA\u00dfE", False),
        ("_", "\u00df", True),
        ("\u03c3", "\u03c2", True),
        ("%\u0130%", "x\u0130", True),
        ("k", "\u212a", True),
        ("a%", "A\nb", True),
    ],
)
def test_ilike_folds_letter_by_letter(pattern: str, text: str, *, passes: bool) -> None:
    assert text_passes(TextLike(pieces_of(pattern), ignores_case=True), text) is passes


def test_the_pieces_of_a_pattern() -> None:
    any_text, one = Wildcard.ANY_TEXT, Wildcard.ONE_CHARACTER
    assert pieces_of(r"a\%b%%_c") == ("a%b", any_text, one, "c")
    assert pieces_of("__") == (one, one)
    assert pieces_of("") == ()
    with pytest.raises(ValueError, match="x"):
        pieces_of("x\\")


@given(st.text(), st.text())
def test_the_pattern_of_a_text_is_that_text_alone(text: str, other: str) -> None:
    test = TextLike(pieces_of(pattern_of(text)))
    assert text_passes(test, text)
    assert text_passes(test, other) is (text == other)
