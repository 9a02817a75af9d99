"""Which arguments are sources and which one is the query, the name or the prefix.

The rule, one for all verbs: the last argument is the query unless it is there as a file, folder or glob, or
is `-`; one that begins with `{` or `@` is always the query. What stands before it are sources, and where
none are left, those of SMSEARCH_DATA.
"""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

DATA_VARIABLE: Final = "SMSEARCH_DATA"


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


def from_environment() -> tuple[str, ...]:
    """The sources of SMSEARCH_DATA, separated as the folders of PATH are."""
    return tuple(source for source in os.environ.get(DATA_VARIABLE, "").split(os.pathsep) if source)


def _is_source(argument: str) -> bool:
    if argument == "-":
        return True
    if not argument or argument[0] in "{@" or "\0" in argument:
        return False
    if os.path.lexists(argument):
        return True
    return glob.has_magic(argument) and any(glob.iglob(argument, recursive=True))  # noqa: PTH207 - an absolute glob is none of Path's
