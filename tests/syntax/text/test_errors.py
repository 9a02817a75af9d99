"""What is refused, word for word: `errors/*.txt` hold pairs of a query and its message.

A pair is a query, a line of dashes and the message; pairs are divided by a line of equals signs.
"""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest

from smsearch.errors import LimitExceededError, RequestError, TextSyntaxError
from smsearch.syntax.text.errors import EXCERPT_WIDTH
from smsearch.syntax.text.parser import parse

FOLDER = Path(__file__).with_name("errors")
TERMINALS = ("COMPARATOR", "QUOTED_NAME", "RPAR", "LSQB", "$END", "_AND", "Token(")


def pairs(file: Path) -> list[tuple[str, str]]:
    blocks = file.read_text(encoding="utf-8").rstrip("\n").split("\n====\n")
    split = (block.split("\n----\n") for block in blocks)
    return [(query, message) for query, message in split]


GOLDEN = list(chain.from_iterable(map(pairs, sorted(FOLDER.glob("*.txt")))))


@pytest.mark.parametrize(("query", "message"), GOLDEN, ids=[query for query, _ in GOLDEN])
def test_message(query: str, message: str) -> None:
    with pytest.raises(RequestError) as refused:
        parse(query, strict=True)
    assert str(refused.value) == message


def test_the_golden_messages_name_no_terminal() -> None:
    assert len(GOLDEN) > 60
    assert not [message for _, message in GOLDEN for terminal in TERMINALS if terminal in message]


def test_place_and_excerpt_of_a_later_line() -> None:
    with pytest.raises(TextSyntaxError) as refused:
        parse("a = 1\n\tAND b => 2\nAND c = 3")
    assert (refused.value.line, refused.value.column) == (2, 8)
    assert refused.value.excerpt == " AND b => 2\n       ^"


@pytest.mark.parametrize("at", [1, 10, 500, 980, 998])
def test_long_lines_are_cut_around_the_caret(at: int) -> None:
    text = "x" * at + " ~ " + "y" * (1_000 - at)
    with pytest.raises(TextSyntaxError) as refused:
        parse(text)
    line, caret = refused.value.excerpt.split("\n")
    assert len(line) <= EXCERPT_WIDTH + 6
    assert line[len(caret) - 1] == "~"


def test_control_characters_take_one_column_and_never_reach_the_terminal() -> None:
    with pytest.raises(TextSyntaxError) as refused:
        parse("a = 1 AND \x1b")
    assert "\x1b" not in str(refused.value)
    assert "'\\x1b' cannot stand here" in str(refused.value)


def test_half_a_surrogate_pair_is_refused_where_it_stands() -> None:
    with pytest.raises(TextSyntaxError, match="surrogate") as refused:
        parse("a = '\ud83d'")
    assert refused.value.column == 6
    refused.value.excerpt.encode()


def test_limits_are_errors_of_their_own() -> None:
    with pytest.raises(LimitExceededError) as refused:
        parse("a = 1 AND\n" + "(" * 101 + ")" * 101)
    assert refused.value.path == "line 2, column 101"
