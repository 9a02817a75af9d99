"""The grammar file itself: unambiguous, and in agreement with the lexer."""

from __future__ import annotations

import re

from lark import Lark

from smsearch.syntax.text import lexer
from smsearch.syntax.text.tables import grammar


def test_no_two_terminals_collide() -> None:
    Lark(grammar(), parser="lalr", lexer="contextual", strict=True)


def test_the_keywords_are_the_lexers() -> None:
    written = re.findall(r"^_?[A-Z]+\.2:\s+/\(\?ai:([a-z]+)\)/\s+_END_OF_WORD$", grammar(), re.MULTILINE)
    assert sorted(written) == sorted(lexer.KEYWORDS)


def test_no_name_or_word_begins_with_a_keyword_of_its_own() -> None:
    (listed,) = re.findall(r"^_NO_KEYWORD: /\(\?!\(\?ai:([a-z|]+)\)", grammar(), re.MULTILINE)
    assert sorted(listed.split("|")) == sorted(lexer.KEYWORDS)


def test_a_letter_is_the_same_in_the_grammar_and_in_the_lexer() -> None:
    (written,) = re.findall(r"^_LETTER:\s+/(.*)/$", grammar(), re.MULTILINE)
    assert written == lexer.LETTER
    assert grammar().count(lexer.LETTER.removesuffix("*]")) == 4  # _LETTER, the starred one, and two look-aheads
