"""A verb is one module and one line of the table: the declaration makes its help, its values and its completion."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from smsearch.cli import verbs
from smsearch.cli.completion.complete import Completions, complete
from smsearch.cli.completion.line import read
from smsearch.cli.options import EngineVerb
from smsearch.cli.usage import UsageError
from smsearch.cli.verb import option, positionals, whole
from smsearch.cli.verbs.count import CountVerb

if TYPE_CHECKING:
    from tests.cli.conftest import Run


class SumVerb(EngineVerb):
    """Adds up the values of each PROPERTY."""

    arguments: tuple[str, ...] = positionals("SOURCE... PROPERTY...")
    times: int = option("-t --times N", "Count each value so many times.", convert=whole(1, 9), default=1)
    way: str | None = option("--way", "How to add.", choices=("exactly", "roughly"))

    def run(self) -> int:
        """Prints what it received."""
        sys.stdout.write(f"{self.arguments} {self.times} {self.way} {self.quiet}\n")
        return 0


@pytest.fixture
def new_verb(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("smsearch.cli.verbs.sum")
    module.__dict__["SumVerb"] = SumVerb
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(verbs.VERBS, "sum", "Sums.")


@pytest.mark.usefixtures("new_verb")
def test_a_new_verb_has_help_values_and_refusals(run: Run) -> None:
    assert "\n  sum         Sums.\n" in run("--help").stdout
    shown = run("sum", "--help").stdout
    assert shown.startswith(
        "Usage: smsearch sum [OPTIONS] SOURCE... PROPERTY...\n\n  Adds up the values of each PROPERTY."
    )
    assert "[default: 1]" in shown
    assert (
        run("sum", "jobs.jsonl", "Metrics.loss", "-q", "-t", "3").stdout
        == "('jobs.jsonl', 'Metrics.loss') 3 None True\n"
    )
    refused = run("sum", "-t", "10")
    assert (refused.exit_code, refused.stderr.partition("\n")[0]) == (
        2,
        "error: Invalid value for '-t' / '--times': 10 is more than 9",
    )
    assert run("sum", "--master", "local[2]").stderr == (
        "error: --master and --remote are for --engine spark\nhint: see `smsearch sum --help`\n"
    )


@pytest.mark.usefixtures("new_verb")
def test_a_new_verb_is_completed(run: Run) -> None:
    assert run("index", "jobs.jsonl", "-o", "jobs.store", "-q").exit_code == 0
    assert complete(read("smsearch su")) == Completions(("sum",))
    assert complete(read("smsearch sum --time")) == Completions(("--times", "--timeout"))
    assert complete(read("smsearch sum --way e")) == Completions(("exactly",))
    assert complete(read("smsearch sum -t 2 jobs.store Metrics.")) == Completions(("Metrics.loss",), files=True)
    assert complete(read("smsearch sum jobs.store Metrics.loss HyperParameters.e")).words == ("HyperParameters.epochs",)


def test_the_value_that_a_verb_receives_does_not_change() -> None:
    count = CountVerb(arguments=("jobs.jsonl",), exit_status=True)  # type: ignore[call-arg]  # what is left out has a default
    assert (count.arguments, count.exit_status, count.resource, count.quiet) == (("jobs.jsonl",), True, None, False)
    with pytest.raises(AttributeError, match="immutable"):
        count.quiet = True  # type: ignore[misc]  # that is the point
    with pytest.raises(TypeError, match="no parameter 'sources'"):
        CountVerb(sources=())  # type: ignore[call-arg]  # that is the point
    with pytest.raises(UsageError):
        CountVerb(master="local[2]")  # type: ignore[call-arg]  # what is left out has a default


def test_the_table_names_every_verb_and_nothing_else() -> None:
    assert verbs.load("serach") is None
    for name in verbs.VERBS:
        verb = verbs.load(name)
        assert verb is not None
        assert verb.__doc__
