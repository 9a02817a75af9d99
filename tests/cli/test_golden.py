"""What the command prints, word for word: `golden/*.txt`, each a command with its output, errors and exit code."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smsearch.cli.verbs import VERBS

if TYPE_CHECKING:
    from tests.cli.conftest import Run

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))
MILLISECONDS = re.compile(r"\(\d+ ms\)")
WORDED_BEFORE = {
    "No such option: --limt (Possible options: --limit, --quiet, --timeout)": (  # by click 8.1
        "No such option '--limt'. (Did you mean one of: '--limit', '--quiet', '--timeout'?)"
    ),
    "unexpected character.": "unexpected character, expected a JSON value.",  # by orjson 3.9
}
"""What older versions of libraries say, and what they say now."""


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_command_prints_what_is_written(path: Path, run: Run) -> None:
    line, _, expected = path.read_text(encoding="utf-8").partition("\n")
    done = run(*shlex.split(line.removeprefix("$ smsearch ")))
    errors = MILLISECONDS.sub("(N ms)", done.stderr)
    for before, now in WORDED_BEFORE.items():
        errors = errors.replace(before, now)
    assert f"{done.stdout}--- stderr\n{errors}--- exit {done.exit_code}\n" == expected


def test_there_are_golden_files() -> None:
    assert len(GOLDEN) > 20


def test_every_verb_shows_its_help() -> None:
    assert {path.stem.removeprefix("help-") for path in GOLDEN if path.stem.startswith("help-")} == set(VERBS)
