"""The help of the command and of each verb as click writes it, without click, whose loading takes as long again.

It is for `smsearch --help` and `smsearch VERB --help`; where an option stands before, click writes the same text.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from smsearch.cli import verbs
from smsearch.cli.about import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsearch.cli.verb import Verb, VerbParameter

ABOUT: Final = """\
SageMaker Search, offline: ask exported records what you would ask the service.

A SOURCE is a file, folder or glob of exports, or - for standard input; SMSEARCH_DATA names them where
none is given. The QUERY is text, JSON when it begins with {, or @FILE for either."""
VERSION_HELP: Final = "Show the version and exit."
_HELP: Final = ("-h, --help", "Show this message and exit.")
LANGUAGE: Final = "What a QUERY may say is in docs/query.md."
_LEAST, _MOST = 50, 98
"""Columns of a help text."""
_TERM_MOST: Final = 30
"""Columns of the longest term that has its meaning beside it."""
_MEANING_LEAST: Final = 10


def of(words: Sequence[str]) -> str | None:
    """The help of the command, or of the one verb that is named; None of anything else."""
    match words:
        case []:
            return _of_command()
        case [name]:
            verb = verbs.load(name)
            return None if verb is None else _of_verb(name, verb)
        case _:
            return None


def _of_command() -> str:
    options = [("-V, --version", VERSION_HELP), _HELP]
    commands = _section("Commands", verbs.VERBS.items())
    usage = _usage("smsearch", "[OPTIONS] COMMAND [ARGS]...")
    return "\n\n".join([usage, _text(ABOUT), _section("Options", options), commands, _examples(EXAMPLES), _LAST])


def _of_verb(name: str, verb: type[Verb]) -> str:
    parameters = verb.declared().values()
    arguments = [_argument(parameter) for parameter in parameters if not parameter.names]
    options = [*(_option(parameter) for parameter in parameters if parameter.names), _HELP]
    parts = [_usage(f"smsearch {name}", " ".join(["[OPTIONS]", *arguments])), _text(verb.__doc__ or "")]
    parts += [_section("Options", options), _examples("\n".join(f"  smsearch {one}" for one in verb.examples))]
    if any("QUERY" in parameter.placeholder for parameter in parameters):
        parts.append(_LAST)
    return "\n\n".join(parts)


def _argument(parameter: VerbParameter) -> str:
    return f"{{{_alternatives(parameter)}}}" if parameter.choices else parameter.placeholder


def _alternatives(parameter: VerbParameter) -> str:
    return "|".join(parameter.fixed_names())


def _option(parameter: VerbParameter) -> tuple[str, str]:
    """An option with its value, and what it does."""
    term = ", ".join(parameter.names)
    if not parameter.is_flag:
        term = f"{term} {parameter.placeholder or f'[{_alternatives(parameter)}]'}"
    notes = []
    if not parameter.is_flag and parameter.default not in {None, ()}:
        notes.append(f"default: {parameter.default}")
    if parameter.is_required:
        notes.append("required")
    return term, f"{parameter.help_text}  [{'; '.join(notes)}]" if notes else parameter.help_text


def _width() -> int:
    """The columns of a help text: those of the terminal but two."""
    columns = os.environ.get("COLUMNS", "").strip()
    if columns.isdecimal() and int(columns):
        return max(min(int(columns) - 2, _MOST), _LEAST)
    try:
        size = os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 0
    except (OSError, ValueError):
        size = 0
    return max(min((size or 80) - 2, _MOST), _LEAST)


def _wrapped(text: str, width: int, first: str, others: str) -> str:
    import textwrap  # it compiles regular expressions

    return textwrap.fill(
        text, width, initial_indent=first, subsequent_indent=others, replace_whitespace=False, drop_whitespace=True
    )


def _usage(command: str, arguments: str) -> str:
    head = f"Usage: {command} "
    return _wrapped(arguments, _width(), head, " " * len(head))


def _text(text: str) -> str:
    """Paragraphs, indented."""
    paragraphs = "\n".join(line.strip() for line in text.strip().splitlines()).split("\n\n")
    return "\n\n".join(_wrapped(one.replace("\n", " "), _width(), "  ", "  ") for one in paragraphs)


def _section(title: str, rows: Iterable[tuple[str, str]]) -> str:
    """Terms, each with its meaning beside it, or below it if it is long."""
    pairs = list(rows)
    column = min(max(len(term) for term, _ in pairs), _TERM_MOST) + 2
    width = max(_width() - column - 2, _MEANING_LEAST)
    lines = [f"{title}:"]
    for term, meaning in pairs:
        first, *others = _wrapped(meaning, width, "", "").splitlines()
        beside = len(term) <= column - 2
        lines += [f"  {term:{column}}{first}"] if beside else [f"  {term}", f"{'':{column + 2}}{first}"]
        lines += [f"{'':{column + 2}}{line}" for line in others]
    return "\n".join(lines)


def _examples(examples: str) -> str:
    return "\n".join(f"  {line}" for line in ("Examples:", *examples.splitlines()))


_LAST: Final = f"  {LANGUAGE}"
