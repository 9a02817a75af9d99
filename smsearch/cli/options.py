"""Options that several verbs share, each declared once."""

from __future__ import annotations

import difflib
import os
import re
import sys
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from smsearch.schema import catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    F = TypeVar("F", bound=Callable[..., Any])

_COLUMN: Final = re.compile(r'(?:[^,"]|"(?:[^"]|"")*"?)+')
_QUOTED: Final = re.compile(r'"((?:[^"]|"")*)"')


def reading(verb: F) -> F:
    """Options of every verb that reads exports."""
    return _all(
        verb,
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors on standard error."),
        click.option(
            "--report",
            type=click.Choice(["text", "json"]),
            help="Report on standard error what was read, and what was not and why.",
        ),
        debug,
    )


def asking(verb: F) -> F:
    """Options of every verb that takes a query."""
    return _all(
        verb,
        resource,
        click.option(
            "--param",
            "parameters",
            multiple=True,
            metavar="NAME=VALUE",
            help="Value for :NAME in a text query; repeated, a list for IN (:NAME).",
        ),
        click.option("--extended", is_flag=True, help="Allow what the engine can do and the API cannot say."),
    )


def engine(verb: F) -> F:
    """`--engine` and where it is; `opening.Engine.of` reads them."""
    return _all(
        verb,
        click.option(
            "--engine",
            type=click.Choice(["local", "spark"]),
            default="local",
            help="Who does the work; spark searches an archive.",
        ),
        click.option("--master", metavar="URL", help="With spark: the master, spark://HOST:7077, yarn, local[2]."),
        click.option("--remote", metavar="URL", help="With spark: a Spark Connect server, sc://HOST:15002."),
    )


def debug(verb: F) -> F:
    """`--debug`; `main.guarded` looks for it itself, because an error may come before options are read."""
    option = click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of a bug.")
    return option(verb)


def resource(verb: F) -> F:
    """`--resource`, any case, of those that Search knows."""
    return _resource(verb, catalogue.searchable())


def kind(verb: F) -> F:
    """`--resource`, any case, of every kind of record."""
    return _resource(verb, catalogue.kinds())


def output(verb: F) -> F:
    """`--output`."""
    help_text = "Write to FILE, whole or not at all; its suffix says the format."
    return click.option("-o", "--output", metavar="FILE", help=help_text)(verb)


def case(verb: F) -> F:
    """`--case`, as `case_name`."""
    help_text = "How the service model's names are spelled: TrainingJobName, or training_job_name."
    option = click.option("--case", "case_name", type=click.Choice(["model", "snake"]), default="model", help=help_text)
    return option(verb)


def color(verb: F) -> F:
    """`--color`."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colours in a table; auto is on a terminal, unless NO_COLOR is set.",
    )(verb)


def format_of(names: Sequence[str], default: str) -> Callable[[F], F]:
    """`--format`, one of some names."""
    help_text = f"One of {', '.join(names)}; {default}."
    return click.option("-f", "--format", "format_name", type=click.Choice(names), metavar="FORMAT", help=help_text)


def is_colored(choice: str) -> bool:
    """Whether what goes to standard output may be coloured."""
    return choice == "always" or (choice == "auto" and sys.stdout.isatty() and not os.environ.get("NO_COLOR"))


def column_names(written: Sequence[str]) -> tuple[str, ...]:
    """The names that `--columns` gives, repeated or with commas; a segment may stand in quotes, as in a query."""
    parts = (part.strip() for option in written for part in _COLUMN.findall(option))
    names = (_QUOTED.sub(lambda quoted: quoted[1].replace('""', '"'), part) for part in parts)
    return tuple(name for name in names if name)


def _resource(verb: F, known: Sequence[str]) -> F:
    def named(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
        return None if value is None else _named(value, known)

    help_text = "Which kind of record; left out, TrainingJob, or the kind that most records are."
    return click.option("-r", "--resource", callback=named, metavar="RESOURCE", help=help_text)(verb)


def kinds(verb: F) -> F:
    """`--resource`, repeatable, any case, of every kind of record; each once."""

    def named(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_named(value, catalogue.kinds()) for value in values))

    help_text = "Which kind of record; repeatable. Left out, every kind that Search knows."
    return click.option(
        "-r", "--resource", "resources", multiple=True, callback=named, metavar="RESOURCE", help=help_text
    )(verb)


def _named(value: str, known: Sequence[str]) -> str:
    """The kind of a name in any case.

    Raises:
        click.BadParameter: There is none; it says which is near.
    """
    name = catalogue.called(value, known)
    if name is not None:
        return name
    folded = {name.lower(): name for name in known}
    near = difflib.get_close_matches(value.lower(), folded, n=1)
    advice = f"Did you mean {folded[near[0]]}?" if near else f"It is one of {', '.join(known)}."
    raise click.BadParameter(f"there is no resource {value!r}. {advice}")


def _all(verb: F, *options: Callable[[F], F]) -> F:
    for option in reversed(options):
        verb = option(verb)
    return verb
