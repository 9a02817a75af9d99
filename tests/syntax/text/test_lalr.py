"""The parser along kept tables against lark itself: the same trees, and the same places and terminals of errors."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark import Lark, Token, UnexpectedInput, UnexpectedToken

from smsearch.syntax.text.errors import TextError
from smsearch.syntax.text.lalr import UnexpectedTextError
from smsearch.syntax.text.lexer import KEYWORDS
from smsearch.syntax.text.parser import parser
from smsearch.syntax.text.tables import grammar
from smsearch.syntax.text.transformer import Transformer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TESTS = Path(__file__).parents[2]


class _Callbacks:
    """The transformer as lark calls it: one list of parts a rule."""

    def __getattr__(self, rule: str) -> Callable[[list[Any]], Any]:
        method = getattr(Transformer(), rule)
        return lambda parts: method(*parts)


@cache
def by_lark() -> Lark:
    return Lark(grammar(), parser="lalr", lexer="contextual", transformer=_Callbacks(), maybe_placeholders=True)


def outcome_of_lark(text: str) -> object:
    try:
        return by_lark().parse(text)
    except UnexpectedInput as error:
        at = error.pos_in_stream
        if isinstance(error, UnexpectedToken):
            at = len(text) if error.token == Token("$END", "") else error.token.start_pos
        stopped: Any = error.interactive_parser  # lark has no types there
        return at, stopped.accepts()
    except TextError as error:
        return error.at, error.message


def outcome(text: str) -> object:
    try:
        return parser().parse(text)
    except UnexpectedTextError as error:
        return error.at, error.accepted
    except TextError as error:
        return error.at, error.message


def texts_of_tests() -> Iterator[str]:
    """Every text that a test of the language has, and many that are none."""
    for file in (*TESTS.glob("syntax/**/*.py"), TESTS / "test_texts.py", TESTS / "cli" / "test_search.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
    for file in TESTS.glob("conformance/*.json"):
        cases = json.loads(file.read_text(encoding="utf-8"))["cases"]
        yield from (case["query"] for case in cases if isinstance(case.get("query"), str))
    for file in TESTS.glob("syntax/text/errors/*.txt"):
        yield from (block.partition("\n----\n")[0] for block in file.read_text(encoding="utf-8").split("\n====\n"))
    yield from (TESTS / "syntax" / "twenty_lines.txt").read_text(encoding="utf-8").splitlines()


def test_texts_of_the_tests_are_read_as_lark_reads_them() -> None:
    texts = sorted(set(texts_of_tests()))
    assert len(texts) > 1_000
    read = [text for text in texts if not isinstance(outcome(text), tuple)]
    assert len(read) > 300
    assert [text for text in texts if outcome(text) != outcome_of_lark(text)] == []


PIECES = st.sampled_from(
    [
        *sorted(KEYWORDS),
        *("a", "b.c", 'T."x y"', "`q`", "'v'", '"w"', ":p", "5", "-1e4", "ago(7d)", "now()", "now() - 1h", "count(*)"),
        *("group by", "having", "distinct", "as", "offset", "startswith", "-- c\n", "--", "é", "*", "a*", ";", "-"),
        *("\u0131n", "\u0130S", "li\u212ae", "exi\u017fts", "\u017felect", "conta\u0130ns", "\u017fum(b)"),
        *("(", ")", "[", "]", ",", "=", "==", "!=", "<>", "<", "<=", ">", ">=", "=>", "~", "&", "|", "{", "\n", "  "),
    ]
)


@given(st.lists(PIECES, max_size=14), st.sampled_from([" ", ""]))
def test_random_texts_are_read_as_lark_reads_them(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    assert outcome(text) == outcome_of_lark(text)


@pytest.mark.parametrize("words", ["a = 1", "NOT " * 500 + "a = 1", "a IN (" + "5, " * 5_000 + "5)"])
def test_long_texts_are_read(words: str) -> None:
    assert outcome(words) == outcome_of_lark(words)
