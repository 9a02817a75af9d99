"""The grammar file itself: unambiguous, kept as tables, and in agreement with the lexer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lark import Lark

from smsearch.syntax.text import lexer
from smsearch.syntax.text import parser as parsing
from smsearch.syntax.text.errors import TextError
from smsearch.syntax.text.parser import grammar, parse_tree, parser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_the_parser_is_lalr_with_a_contextual_lexer_and_made_once() -> None:
    assert parser() is parser()
    assert parser().options.parser == "lalr"
    assert parser().options.lexer == "contextual"


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "grammar.tables"
    monkeypatch.setattr(parsing, "TABLES", path)
    parser.cache_clear()
    yield path
    parser.cache_clear()


def test_tables_that_were_kept_say_what_the_grammar_says(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = parse_tree("status = Failed AND (a > 1 OR NOT b EXISTS) ORDER BY c DESC LIMIT 3")
    kept = tables.read_bytes()
    parser.cache_clear()
    monkeypatch.setattr("lark.lark.load_grammar", None)  # the grammar is not read again
    assert parse_tree("status = Failed AND (a > 1 OR NOT b EXISTS) ORDER BY c DESC LIMIT 3") == made
    assert tables.read_bytes() == kept


@pytest.mark.parametrize("share", [0, 0.001, 0.5, 0.99])
def test_tables_that_were_not_written_to_the_end_are_made_again(tables: Path, share: float) -> None:
    made = parse_tree("status = Failed")
    half = tables.read_bytes()[: int(tables.stat().st_size * share)]
    tables.write_bytes(half)
    parser.cache_clear()
    assert parse_tree("status = Failed") == made
    assert tables.stat().st_size > len(half)


def test_tables_of_another_grammar_are_not_read(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = grammar()
    monkeypatch.setattr(parsing, "grammar", lambda: written.replace("/order/i", "/sorted/i"))
    with pytest.raises(TextError):
        parse_tree("ORDER BY a")
    parser.cache_clear()
    monkeypatch.setattr(parsing, "grammar", lambda: written)
    assert tables.exists()
    assert parse_tree("ORDER BY a").order_by


def test_a_folder_that_cannot_be_written_to_costs_time_alone(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "TABLES", tables / "missing" / "grammar.tables")
    assert parse_tree("status = Failed").condition is not None
    assert not tables.exists()


def test_no_two_terminals_collide() -> None:
    Lark(grammar(), parser="lalr", lexer="contextual", strict=True)


def test_the_keywords_are_the_lexers() -> None:
    written = re.findall(r"^_?[A-Z]+\.2:\s+/([a-z]+)/i\s+_END_OF_WORD$", grammar(), re.MULTILINE)
    assert sorted(written) == sorted(lexer.KEYWORDS)


def test_no_name_or_word_begins_with_a_keyword_of_its_own() -> None:
    (listed,) = re.findall(r"^_NO_KEYWORD: /\(\?!\(\?:([a-z|]+)\)", grammar(), re.MULTILINE)
    assert sorted(listed.split("|")) == sorted(lexer.KEYWORDS)


def test_a_letter_is_the_same_in_the_grammar_and_in_the_lexer() -> None:
    (written,) = re.findall(r"^_LETTER:\s+/(.*)/$", grammar(), re.MULTILINE)
    assert written == lexer.LETTER
    assert grammar().count(lexer.LETTER.removesuffix("*]")) == 4  # _LETTER, the starred one, and two look-aheads
