"""The examples that the help of each verb shows run as they stand, over the exports of this project."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from smsearch.cli import verbs
from smsearch.cli.exit_codes import DONE
from tests.exports_once import exports_read_once

if TYPE_CHECKING:
    from tests.cli.conftest import Run

DATA = Path(__file__).resolve().parents[2] / "data"
EXAMPLES = [(name, line) for name in verbs.VERBS for verb in [verbs.load(name)] if verb for line in verb.examples]
NOT_RUN = ("serve", "export")
"""Verbs that do not come to an end by themselves, or ask an account: their lines are read alone."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `data/exports`, in which each verb leaves what later ones read."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "data").symlink_to(DATA)
    return folder


@pytest.fixture
def place(shop: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same as the current folder, with the store and the archive that examples name."""
    monkeypatch.chdir(shop)
    monkeypatch.setenv("HOME", str(shop))
    for verb, output in (("index", "jobs.store"), ("archive", "jobs.archive")):
        if not (shop / output).exists():
            assert run(verb, "data/exports", "-o", output, "-q").exit_code == DONE
    return shop


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(("name", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_an_example_runs_as_it_stands(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, line: str) -> None:
    arguments = shlex.split(line.partition(" > ")[0] if name == "completion" else line)
    assert arguments[0] == name
    if name in NOT_RUN:
        monkeypatch.setattr(verbs.load(name), "run", lambda _: DONE)
    with exports_read_once():
        done = run(*arguments)
    assert done.exit_code == DONE, done.stderr
    assert "nothing matches" not in done.stderr
    assert "warning" not in done.stderr
    assert name in NOT_RUN or name == "check" or done.stdout or "-o" in arguments


@pytest.mark.parametrize("name", verbs.VERBS)
def test_the_help_shows_three_examples_and_where_the_language_is_described(run: Run, name: str) -> None:
    verb = verbs.load(name)
    assert verb is not None
    assert len(verb.examples) == 3
    shown = run(name, "--help").stdout
    assert all(f"\n    smsearch {example}\n" in shown for example in verb.examples)
    takes_query = any("QUERY" in parameter.placeholder for parameter in verb.declared().values())
    assert ("docs/query.md" in shown) is takes_query


def test_the_help_of_the_command_shows_three_examples_and_where_the_language_is_described(run: Run) -> None:
    stdout = run("--help").stdout
    assert stdout.count("    smsearch ") == 3
    assert stdout.endswith("What a QUERY may say is in docs/query.md.\n")
