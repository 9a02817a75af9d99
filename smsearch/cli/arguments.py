"""Tells sources from the query, the name or the prefix after them.

All verbs follow one rule: the last argument is the query, unless a file, folder or glob of that name exists, or it is
`-`. An argument that begins with `{` or `@` is always the query. The arguments before it are sources; without
any, those of SMSEARCH_DATA are.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from smsearch.cli import slips
from smsearch.cli.environment import DATA_VARIABLE, from_environment
from smsearch.cli.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_NAME_AND_QUERY: Final = 2
_MAGIC: Final = frozenset("*?[")
"""Characters that make a pattern of a path."""
_NAME: Final = r'(?:[^,"]|"(?:[^"]|"")*"?)+'


def sources_and_query(arguments: Sequence[str]) -> tuple[tuple[str, ...], str | None]:
    """Splits `SOURCE... [QUERY]`; the query is None where there is none.

    Raises:
        UsageError: There is no source, neither here nor in SMSEARCH_DATA; the query is not quoted, or not last.
    """
    slips.refuse_query_first(arguments, _is_source)
    slips.refuse_unquoted(arguments, _is_source)
    sources, query = optional_sources(arguments)
    if query is None:
        return needed(sources), None
    if not sources:
        raise UsageError(
            f"no source: there is no file or folder {query!r}, so it was taken as the query; "
            f"name a source before it, or set {DATA_VARIABLE}"
        )
    return sources, query


def optional_sources(arguments: Sequence[str]) -> tuple[tuple[str, ...], str | None]:
    """Splits `[SOURCE...] [QUERY]`; without a source, those of SMSEARCH_DATA. Both may be missing."""
    if not arguments or _is_source(arguments[-1]):
        return tuple(arguments) or from_environment(), None
    return tuple(arguments[:-1]) or from_environment(), arguments[-1]


def needed(sources: Sequence[str]) -> tuple[str, ...]:
    """The sources; without any, those of SMSEARCH_DATA.

    Raises:
        UsageError: There is none there either.
    """
    named = tuple(sources) or from_environment()
    if not named:
        raise UsageError(f"no source: name a store, or a file, folder or glob of exports, or set {DATA_VARIABLE}")
    return named


def sources_and_name(arguments: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Splits `SOURCE... RECORD`; the last argument is the record's name whatever it looks like.

    Raises:
        UsageError: There is no source, neither here nor in SMSEARCH_DATA, or no name.
    """
    if not arguments:
        raise UsageError("no name: say which record")
    *sources, name = arguments
    named = tuple(sources) or from_environment()
    if not named:
        raise UsageError(f"no source for {name!r}: name one before it, or set {DATA_VARIABLE}")
    return named, name


def sources_name_and_query(arguments: Sequence[str]) -> tuple[tuple[str, ...], str, str]:
    """Splits `SOURCE... RECORD QUERY`.

    Raises:
        UsageError: The source, the name or the query is missing, or the query stands before the name.
    """
    if len(arguments) < _NAME_AND_QUERY:
        raise UsageError("why takes a RECORD and a QUERY, the query last")
    slips.refuse_missing_query(arguments, _is_source)
    slips.refuse_record_last(*arguments[-_NAME_AND_QUERY:])
    return (*sources_and_name(arguments[:-1]), arguments[-1])


def sources_and_names(arguments: Sequence[str], most: int | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Splits `SOURCE... NAME...`: sources are the arguments at the front that are there as files, folders or globs.

    A single argument, and the last one, is a name whatever it looks like.

    Args:
        arguments: What was given.
        most: At most how many names there may be; None for any number.

    Raises:
        UsageError: There is no source, neither here nor in SMSEARCH_DATA, or no name, or too many.
    """
    if not arguments:
        raise UsageError("no name: say which property")
    count = next((at for at, argument in enumerate(arguments[:-1]) if not _is_source(argument)), len(arguments) - 1)
    sources, names = tuple(arguments[:count]) or from_environment(), tuple(arguments[count:])
    if not sources:
        raise UsageError(
            f"no source: there is no file or folder {names[0]!r}, so it was taken as a name; "
            f"name a source before it, or set {DATA_VARIABLE}"
        )
    if most is not None and len(names) > most:
        raise UsageError(
            f"too many arguments: {names[0]!r} is no file or folder, so it was taken as the name, and {names[most]!r} "
            "is one too many"
        )
    return sources, names


def comma_separated(arguments: Sequence[str]) -> tuple[str, ...]:
    """The names in arguments, each of which holds one or several with commas; quotes are as in a query."""
    if not arguments:
        return ()
    from smsearch.syntax.text.lexer import read_name

    parts = (part.strip() for argument in arguments for part in re.findall(_NAME, argument))
    return tuple(name for name in map(read_name, parts) if name)


def one_source(argument: str | None) -> str:
    """The source of a verb that takes one.

    Raises:
        UsageError: There is none, neither here nor in SMSEARCH_DATA, or several are there.
    """
    sources = [argument] if argument is not None else [*from_environment()]
    if not any(sources):
        raise UsageError(f"no source: name one, or set {DATA_VARIABLE}")
    if len(sources) > 1:
        raise UsageError(f"one source at a time, and {DATA_VARIABLE} has {len(sources)}: name one")
    return sources[0]


def output_folder(output: str) -> Path:
    """The folder that -o names.

    Raises:
        UsageError: The name is empty, as that of a shell's variable that is not set; it would mean the current folder.
    """
    if not output:
        raise UsageError("-o takes the name of a folder, and it is empty")
    from pathlib import Path  # who searches one store does without

    return Path(output)


def _is_source(argument: str) -> bool:
    if argument == "-":
        return True
    if not argument or argument[0] in "{@" or "\0" in argument:
        return False
    if os.path.lexists(argument):
        return True
    if _MAGIC.isdisjoint(argument):
        return False
    import glob  # it loads what translates patterns

    return any(glob.iglob(argument, recursive=True))  # noqa: PTH207 - an absolute glob is none of Path's
