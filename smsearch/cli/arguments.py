"""Which arguments are sources and which one is the query, the name or the prefix.

The rule, one for all verbs: the last argument is the query unless it is there as a file, folder or glob, or
is `-`; one that begins with `{` or `@` is always the query. What stands before it are sources, and where
none are left, those of SMSEARCH_DATA.
"""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from smsearch.cli.environment import DATA_VARIABLE, from_environment

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Arguments:
    """Sources, and the argument after them, or None where there is none."""

    sources: tuple[str, ...]
    last: str | None


def sources_and_query(arguments: Sequence[str]) -> Arguments:
    """Splits `SOURCE... [QUERY]`.

    Raises:
        click.UsageError: There is no source, neither here nor in SMSEARCH_DATA.
    """
    split = optional_sources(arguments)
    if split.sources:
        return split
    if split.last is None:
        raise click.UsageError(f"no source: name a file, folder or glob of exports, or set {DATA_VARIABLE}")
    raise click.UsageError(
        f"no source: there is no file or folder {split.last!r}, so it was taken as the query; "
        f"name a source before it, or set {DATA_VARIABLE}"
    )


def optional_sources(arguments: Sequence[str]) -> Arguments:
    """Splits `[SOURCE...] [QUERY]`, the sources of SMSEARCH_DATA standing in; there may be none at all."""
    if not arguments or _is_source(arguments[-1]):
        return Arguments(tuple(arguments) or from_environment(), None)
    return Arguments(tuple(arguments[:-1]) or from_environment(), arguments[-1])


def sources_and_name(arguments: Sequence[str]) -> Arguments:
    """Splits `SOURCE... NAME`; the last argument is the name whatever it looks like.

    Raises:
        click.UsageError: There is no source, neither here nor in SMSEARCH_DATA, or no name.
    """
    if not arguments:
        raise click.UsageError("no name: say which record")
    sources = tuple(arguments[:-1]) or from_environment()
    if not sources:
        raise click.UsageError(f"no source for {arguments[-1]!r}: name one before it, or set {DATA_VARIABLE}")
    return Arguments(sources, arguments[-1])


def sources_and_names(arguments: Sequence[str], most: int | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Splits `SOURCE... NAME...`: sources are the arguments at the front that are there as files, folders or globs.

    A single argument, and the last one, is a name whatever it looks like.

    Args:
        arguments: What was given.
        most: At most how many names there may be; None for any number.

    Raises:
        click.UsageError: There is no source, neither here nor in SMSEARCH_DATA, or no name, or too many.
    """
    if not arguments:
        raise click.UsageError("no name: say which property")
    count = next((at for at, argument in enumerate(arguments[:-1]) if not _is_source(argument)), len(arguments) - 1)
    sources, names = tuple(arguments[:count]) or from_environment(), tuple(arguments[count:])
    if not sources:
        raise click.UsageError(
            f"no source: there is no file or folder {names[0]!r}, so it was taken as a name; "
            f"name a source before it, or set {DATA_VARIABLE}"
        )
    if most is not None and len(names) > most:
        raise click.UsageError(
            f"too many arguments: {names[0]!r} is no file or folder, so it was taken as the name, and {names[most]!r} "
            "is one too many"
        )
    return sources, names


def one_source(argument: str | None) -> str:
    """The source of a verb that takes one.

    Raises:
        click.UsageError: There is none, neither here nor in SMSEARCH_DATA, or several are there.
    """
    sources = (argument,) if argument is not None else from_environment()
    if not sources:
        raise click.UsageError(f"no source: name one, or set {DATA_VARIABLE}")
    if len(sources) > 1:
        raise click.UsageError(f"one source at a time, and {DATA_VARIABLE} has {len(sources)}: name one")
    return sources[0]


def _is_source(argument: str) -> bool:
    if argument == "-":
        return True
    if not argument or argument[0] in "{@" or "\0" in argument:
        return False
    if os.path.lexists(argument):
        return True
    return glob.has_magic(argument) and any(glob.iglob(argument, recursive=True))  # noqa: PTH207 - an absolute glob is none of Path's
