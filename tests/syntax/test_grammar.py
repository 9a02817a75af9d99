"""The grammar file itself: found, unambiguous, and of one mind with the lexicon."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec

import pytest
from lark import Lark

from smsearch.syntax import lexicon
from smsearch.syntax.grammar import parser, source


def test_the_parser_is_lalr_with_a_contextual_lexer_and_made_once() -> None:
    assert parser() is parser()
    assert parser().options.parser == "lalr"
    assert parser().options.lexer == "contextual"


@pytest.mark.skipif(find_spec("interegular") is None, reason="lark's strict mode needs interegular")
def test_no_two_terminals_collide() -> None:
    Lark(source(), parser="lalr", lexer="contextual", strict=True)


def test_the_keywords_are_the_lexicons() -> None:
    written = re.findall(r"^_?[A-Z]+\.2:\s+/([a-z]+)/i\s+_END_OF_WORD$", source(), re.MULTILINE)
    assert sorted(written) == sorted(lexicon.KEYWORDS)


def test_no_name_or_word_begins_with_a_keyword_of_its_own() -> None:
    (listed,) = re.findall(r"^_NO_KEYWORD: /\(\?!\(\?:([a-z|]+)\)", source(), re.MULTILINE)
    assert sorted(listed.split("|")) == sorted(lexicon.KEYWORDS)


def test_a_letter_is_the_same_in_the_grammar_and_in_the_lexicon() -> None:
    (written,) = re.findall(r"^_LETTER:\s+/(.*)/$", source(), re.MULTILINE)
    assert written == lexicon.LETTER
    assert source().count(lexicon.LETTER.removesuffix("*]")) == 4  # _LETTER, the starred one, and two look-aheads


def test_lark_is_not_loaded_for_json() -> None:
    program = (
        "import sys, smsearch.syntax.wire, smsearch.syntax.check, smsearch.syntax.format; print('lark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
