"""The tables of the grammar as they are kept: of this grammar, whole, and worked out again where they are not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smsearch.syntax.text import make_tables, tables
from smsearch.syntax.text.errors import TextError
from smsearch.syntax.text.parser import parse_tree, parser

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = "status = Failed AND (a > 1 OR NOT b EXISTS) ORDER BY c DESC LIMIT 3"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the kept tables, which is read in their place."""
    path = tmp_path / "grammar.tables"
    path.write_bytes(Path(tables.TABLES).read_bytes())
    monkeypatch.setattr(tables, "TABLES", str(path))
    _forget()
    yield path
    _forget()


def _forget() -> None:
    parser.cache_clear()
    tables.tables.cache_clear()


def test_the_kept_tables_are_those_of_the_grammar() -> None:
    written, digest, rest = Path(tables.TABLES).read_bytes().split(b"\n")
    assert json.loads(written) == make_tables.make_tables(tables.grammar()), "write them with `make grammar`"
    assert (digest, rest) == (tables.digest_of(written, tables.grammar()), b"")


def test_kept_tables_are_read_without_lark(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_tables, "make_tables", None)
    assert kept.exists()
    assert parse_tree(TEXT).limit is not None


def test_tables_are_refused_at_whatever_byte_they_are_damaged(kept: Path) -> None:
    whole = kept.read_bytes()
    for at in range(0, len(whole) - 1, 97):
        kept.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        assert tables._kept() is None, at  # noqa: SLF001
    for length in range(0, len(whole) - 1, 997):
        kept.write_bytes(whole[:length])
        assert tables._kept() is None, length  # noqa: SLF001


def test_damaged_tables_are_worked_out_again(kept: Path) -> None:
    made = parse_tree(TEXT)
    kept.write_bytes(kept.read_bytes()[:-40])
    _forget()
    assert parse_tree(TEXT) == made
    kept.unlink()
    _forget()
    assert parse_tree(TEXT) == made


@pytest.mark.usefixtures("kept")
def test_tables_of_another_grammar_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    other = tables.grammar().replace("(?ai:order)", "(?ai:sorted)")
    monkeypatch.setattr(tables, "grammar", lambda: other)
    with pytest.raises(TextError):
        parse_tree("ORDER BY a")
    assert parse_tree("SORTED BY a").order_by


def test_a_fixed_text_that_a_terminal_matches_too_is_refused() -> None:
    with pytest.raises(ValueError, match=r"WORD matches 'if'"):
        make_tables.make_tables('start: "if" WORD\nWORD: /[a-z]+/\n%ignore " "')
