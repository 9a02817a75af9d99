"""Help that is written without click is click's, byte for byte."""

from __future__ import annotations

import pytest

from smsearch.cli import help_text, main, verbs
from smsearch.cli.group import command


@pytest.mark.parametrize("columns", ["30", "60", "80", " 90 ", "120", "0"])
def test_help_is_clicks(columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for words in ([], *([name] for name in verbs.VERBS)):
        assert command.run([*words, "--help"]) == 0
        assert f"{help_text.of(words)}\n" == capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["-h"], ["--help"], ["count", "-h"], ["count", "--debug", "--help"]])
def test_it_is_what_the_command_writes(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(arguments) == 0
    assert capsys.readouterr().out == f"{help_text.of(arguments[:1] if arguments[0] == 'count' else [])}\n"


@pytest.mark.parametrize("words", [["nothing"], ["--version"], ["count", "store"]])
def test_of_what_is_no_verb_click_says_so(words: list[str]) -> None:
    assert help_text.of(words) is None
