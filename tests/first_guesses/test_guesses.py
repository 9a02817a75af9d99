"""Every row of `guesses.toml`: what people type first finds something and not everything, or says what would."""

from __future__ import annotations

import re
import shlex
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import smsearch
from tests.exports_once import exports_read_once
from tests.first_guesses.terminal import shown
from tests.whole_command import invoke

if TYPE_CHECKING:
    from click.testing import Result

    from smsearch.searcher import Searcher

ROOT: Final = Path(__file__).resolve().parents[2]
DATA: Final = ROOT / "data/exports"
WORDS: Final = {
    "D": "data/exports",
    "A": "fraud-resnet-2023-02-20-11-00-55-934",
    "NAME": "fraud-resnet-2023-02-20-11-00-55-934",
    "B": "ads-bert-2024-12-26-01-43-14-721",
}
COUNT: Final = 40


@dataclass(frozen=True, slots=True)
class Guess:
    """A row of the table; what each member means stands at its head."""

    number: int
    typed: str
    gives: str
    finds: str = "some"
    same_as: str = ""
    rest_of: str = ""
    stdout: tuple[str, ...] = ()
    stderr: tuple[str, ...] = ()
    exit: int = 0
    columns: int = 0
    holds: str = ""
    pending: str = ""

    @property
    def arguments(self) -> list[str]:
        """The command line as the shell splits it."""
        return arguments(self.typed)


def arguments(line: str) -> list[str]:
    return [WORDS.get(word, word) for word in shlex.split(line)]


def guesses() -> list[Guess]:
    table = tomllib.loads((Path(__file__).parent / "guesses.toml").read_text(encoding="utf-8"))
    return [guess_of(row) for row in table["guess"]]


def guess_of(row: dict[str, Any]) -> Guess:
    members: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Guess(**members)


def cases() -> list[Any]:
    return [pytest.param(guess, marks=marks(guess), id=f"{guess.number}-{guess.typed}") for guess in guesses()]


def marks(guess: Guess) -> list[pytest.MarkDecorator]:
    reason = f"pending: the part called {guess.pending}"
    return [pytest.mark.xfail(strict=True, reason=reason)] if guess.pending else []


@pytest.fixture(scope="module")
def jobs() -> Searcher:
    return smsearch.open(DATA)


@pytest.fixture(scope="module")
def total(jobs: Searcher) -> int:
    return jobs.resources()["TrainingJob"]


@pytest.fixture(autouse=True)
def present(jobs: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """The present of every text query is three days after the newest job."""
    newest = jobs.query("ORDER BY created DESC").first()
    assert newest is not None
    moment: datetime = newest["CreationTime"] + timedelta(days=3)

    class Fixed(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:  # noqa: ANN401 - the signature is datetime's
            return moment.astimezone(tz)

    monkeypatch.setattr("smsearch.syntax.text.parser.datetime", Fixed)
    monkeypatch.delenv("SMSEARCH_DATA", raising=False)
    monkeypatch.chdir(ROOT)


def run(line: str) -> Result:
    with exports_read_once():
        return invoke(arguments(line))


def count(output: str) -> int:
    return len(output.splitlines())


@pytest.mark.parametrize("guess", cases())
def test_a_first_guess_works(guess: Guess, jobs: Searcher, total: int) -> None:
    if guess.holds:
        check_python(guess, jobs)
    elif guess.columns:
        check_terminal(guess)
    else:
        check_command(guess, total)


def check_command(guess: Guess, total: int) -> None:
    done = run(guess.typed)
    assert done.exit_code == guess.exit, done.stderr
    for piece in guess.stderr:
        assert piece in done.stderr
    for piece in guess.stdout:
        assert piece in done.stdout
    if guess.exit:
        assert not done.stdout
    elif guess.finds == "some":
        assert 0 < count(done.stdout) < total
    elif guess.finds != "any":
        assert count(done.stdout) == (total if guess.finds == "all" else 0)
    if guess.same_as:
        assert done.stdout == run(guess.same_as).stdout
    if guess.rest_of:
        rest = run(guess.rest_of)
        assert rest.exit_code == 0
        assert count(done.stdout) + count(rest.stdout) == total


def check_terminal(guess: Guess) -> None:
    screen = shown(guess.arguments, guess.columns)
    assert screen
    assert max(map(len, screen.splitlines())) <= guess.columns
    for piece in guess.stdout:
        assert piece in screen


def check_python(guess: Guess, jobs: Searcher) -> None:
    names: dict[str, Any] = {"smsearch": smsearch, "jobs": jobs, "data": DATA}
    exec(guess.typed, names)  # noqa: S102 - the table is ours
    assert eval(guess.holds, names)  # noqa: S307 - the table is ours


def test_the_table_has_every_guess() -> None:
    assert sorted({guess.number for guess in guesses()}) == [*range(1, COUNT + 1)]


def test_every_row_says_what_it_gives() -> None:
    for guess in guesses():
        assert re.fullmatch(r"[^A-Z\W].*[^.]", guess.gives), guess
