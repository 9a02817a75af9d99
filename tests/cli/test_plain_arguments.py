"""Arguments that are read without click: the values are those that click makes of them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch.cli import plain_arguments, verbs
from smsearch.cli.group import click_command
from smsearch.cli.usage import UsageError
from tests.cli.test_process import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAIN = [
    ["search", "store", "{}", "-f", "names", "-q"],
    ["search", "a", "b", "status = Failed", "--format=csv", "-c", "x,y", "-c", "z", "-n", "5", "--all"],
    ["count", "store", "{}", "-r", "training", "--param", "x=1", "--param", "y=a=b", "-e", "-q", "-q"],
    ["count", "-", "--strict"],
    ["facet", "store", "status"],
    ["info", "store"],
    ["completion", "--debug", "bash"],
]
NOT_PLAIN = [
    [],
    ["--help"],
    ["nothing"],
    ["search", "--help"],
    ["search", "store", "--", "-f"],
    ["search", "store", "-n5"],
    ["search", "store", "-qe"],
    ["search", "store", "-n", "-5"],
    ["search", "store", "-n", "many"],
    ["search", "store", "-n"],
    ["search", "store", "-n", "1", "-n", "2"],
    ["search", "store", "-f", "nothing"],
    ["search", "store", "--quiet=yes"],
    ["search", "store", "--form", "csv"],
    ["search", "store", "-r", "nothing"],
    ["info", "a", "b"],
]


def by_click(arguments: Sequence[str]) -> dict[str, object]:
    name, *words = arguments
    verb = verbs.load(name)
    assert verb is not None
    with click_command(name, verb).make_context(name, list(words)) as context:
        return fields_of(verb(**context.params))


def by_plain(arguments: Sequence[str]) -> dict[str, object] | None:
    plain = plain_arguments.read(arguments)
    return None if plain is None else fields_of(plain.verb(**plain.values))


def fields_of(verb: object) -> dict[str, object]:
    return {name: getattr(verb, name) for name in type(verb).declared()}  # type: ignore[attr-defined]


@pytest.mark.parametrize("arguments", PLAIN, ids=" ".join)
def test_plain_arguments_have_the_values_that_click_gives_them(arguments: list[str]) -> None:
    assert by_plain(arguments) == by_click(arguments)


@pytest.mark.parametrize("arguments", NOT_PLAIN, ids=" ".join)
def test_other_arguments_are_left_to_click(arguments: list[str]) -> None:
    assert plain_arguments.read(arguments) is None


def words_of(name: str) -> st.SearchStrategy[list[str]]:
    """Command lines of a verb: its options, with values that they take, values that they do not, and other words."""
    verb = verbs.load(name)
    assert verb is not None
    words = ["store", "{}", "-", "--", "", "5", "csv", "bash", "-n5", "--limit=3", "--limit=", "x=1", "training"]
    for parameter in verb.declared().values():
        words += [*parameter.names, *(f"{spelling}=7" for spelling in parameter.names[-1:])]
        words += parameter.choices if isinstance(parameter.choices, tuple) else ()
    return st.lists(st.sampled_from(words), max_size=7).map(lambda drawn: [name, *drawn])


@given(st.sampled_from(list(verbs.VERBS)).flatmap(words_of))
def test_whatever_is_plain_click_reads_alike(arguments: list[str]) -> None:
    try:
        values = by_plain(arguments)
    except UsageError:  # values that contradict one another
        with pytest.raises(UsageError):
            by_click(arguments)
        return
    if values is not None:
        assert by_click(arguments) == values


def test_a_contradiction_is_told_as_click_tells_errors() -> None:
    script = "import sys; from smsearch.cli.main import main; main()"
    command = [sys.executable, "-c", script, "search", "store", "--all", "-n", "1"]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    told = "error: --all and --limit contradict each other\nhint: see `smsearch search --help`\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)
