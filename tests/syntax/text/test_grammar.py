"""The grammar file itself: found, unambiguous, and of one mind with the lexer."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from lark import Lark

from smsearch.syntax.text import grammar, lexer
from smsearch.syntax.text.errors import Refusal
from smsearch.syntax.text.grammar import parser, sentence, source

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
    monkeypatch.setattr(grammar, "TABLES", path)
    parser.cache_clear()
    yield path
    parser.cache_clear()


def test_tables_that_were_kept_say_what_the_grammar_says(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = sentence("status = Failed AND (a > 1 OR NOT b EXISTS) ORDER BY c DESC LIMIT 3")
    kept = tables.read_bytes()
    parser.cache_clear()
    monkeypatch.setattr("lark.lark.load_grammar", None)  # the grammar is not read again
    assert sentence("status = Failed AND (a > 1 OR NOT b EXISTS) ORDER BY c DESC LIMIT 3") == made
    assert tables.read_bytes() == kept


@pytest.mark.parametrize("share", [0, 0.001, 0.5, 0.99])
def test_tables_that_were_not_written_to_the_end_are_made_again(tables: Path, share: float) -> None:
    made = sentence("status = Failed")
    half = tables.read_bytes()[: int(tables.stat().st_size * share)]
    tables.write_bytes(half)
    parser.cache_clear()
    assert sentence("status = Failed") == made
    assert tables.stat().st_size > len(half)


def test_tables_of_another_grammar_are_not_read(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = source()
    monkeypatch.setattr(grammar, "source", lambda: written.replace("/order/i", "/sorted/i"))
    with pytest.raises(Refusal):
        sentence("ORDER BY a")
    parser.cache_clear()
    monkeypatch.setattr(grammar, "source", lambda: written)
    assert tables.exists()
    assert sentence("ORDER BY a").sort_keys


def test_a_folder_that_cannot_be_written_to_costs_time_alone(tables: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammar, "TABLES", tables / "missing" / "grammar.tables")
    assert sentence("status = Failed").condition is not None
    assert not tables.exists()


@pytest.mark.skipif(find_spec("interegular") is None, reason="lark's strict mode needs interegular")
def test_no_two_terminals_collide() -> None:
    Lark(source(), parser="lalr", lexer="contextual", strict=True)


def test_the_keywords_are_the_lexicons() -> None:
    written = re.findall(r"^_?[A-Z]+\.2:\s+/([a-z]+)/i\s+_END_OF_WORD$", source(), re.MULTILINE)
    assert sorted(written) == sorted(lexer.KEYWORDS)


def test_no_name_or_word_begins_with_a_keyword_of_its_own() -> None:
    (listed,) = re.findall(r"^_NO_KEYWORD: /\(\?!\(\?:([a-z|]+)\)", source(), re.MULTILINE)
    assert sorted(listed.split("|")) == sorted(lexer.KEYWORDS)


def test_a_letter_is_the_same_in_the_grammar_and_in_the_lexicon() -> None:
    (written,) = re.findall(r"^_LETTER:\s+/(.*)/$", source(), re.MULTILINE)
    assert written == lexer.LETTER
    assert source().count(lexer.LETTER.removesuffix("*]")) == 4  # _LETTER, the starred one, and two look-aheads


def test_lark_is_not_loaded_for_json() -> None:
    modules = ("smsearch.syntax.wire", "smsearch.syntax.check", "smsearch.syntax.text.formatter")
    program = f"import sys, {', '.join(modules)}; print('lark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
