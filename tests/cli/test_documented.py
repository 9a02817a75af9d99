"""Each verb, option, exit code and error code is in the documents."""

from __future__ import annotations

import re
from pathlib import Path

import click

from smsearch import errors
from smsearch.cli.exit_codes import DATA, DONE, IN_PART, INTERRUPTED, NOTHING_FOUND, USAGE
from smsearch.cli.group import command
from smsearch.cli.verbs import VERBS

DOCS = Path(__file__).resolve().parents[2] / "docs"
EVERYWHERE = frozenset({"--help", "--debug"})
"""Options that every verb has, said once."""


def _errors(base: type[errors.SmsearchError]) -> set[type[errors.SmsearchError]]:
    return {base, *(found for below in base.__subclasses__() for found in _errors(below))}


def test_each_verb_and_option_is_in_the_document_of_the_command_line() -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8") + (DOCS / "export.md").read_text(encoding="utf-8")
    context = click.Context(command)
    missing = []
    for verb in VERBS:
        found = command.get_command(context, verb)
        assert found is not None
        options = [option for option in found.params if isinstance(option, click.Option)]
        names = {max(option.opts, key=len): option.opts for option in options}
        missing += [
            f"{verb} {name}" for name, spellings in names.items() if not any(f"{one}" in text for one in spellings)
        ]
        assert f"| `{verb}` |" in text
    assert sorted(missing) == []


def test_each_exit_code_is_in_the_document_of_the_command_line() -> None:
    text = (DOCS / "cli.md").read_text(encoding="utf-8")
    codes = {
        DONE,
        NOTHING_FOUND,
        USAGE,
        DATA,
        IN_PART,
        INTERRUPTED,
    }
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)} == codes


def test_each_error_code_is_in_the_document_of_errors() -> None:
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", text, re.MULTILINE))
    assert told == {(found.code, found.__name__) for found in _errors(errors.SmsearchError)}
