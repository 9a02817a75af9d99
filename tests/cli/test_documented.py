"""Each verb, option, exit code and error code is in the documents."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from smsearch import errors
from smsearch.cli.exit_codes import DATA, DONE, IN_PART, INTERRUPTED, NOTHING_FOUND, USAGE
from smsearch.cli.verbs import VERBS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def _errors(base: type[errors.SmsearchError]) -> set[type[errors.SmsearchError]]:
    return {base, *(found for below in base.__subclasses__() for found in _errors(below))}


def test_each_verb_is_in_the_table_at_the_beginning_of_the_document() -> None:
    table = (DOCS / "cli.md").read_text(encoding="utf-8").partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(VERBS)


def test_the_document_has_the_options_of_today() -> None:
    document = (DOCS / "cli.md").read_text(encoding="utf-8")
    assert runpy.run_path(str(DOCS / "options.py"))["spliced"](document) == document, "run: make options"


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
