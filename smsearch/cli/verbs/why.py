"""`smsearch why`: the query as a truth tree for one record."""

from __future__ import annotations

import os
import sys

import click
import orjson

from smsearch.cli import options, query_argument
from smsearch.cli.arguments import sources_and_name
from smsearch.cli.open_sources import open_sources
from smsearch.cli.standard_error import StandardError, counted
from smsearch.reasons.tree import BOXED, INDENTED

FORMATS = ("text", "json")
_NAME_AND_QUERY = 2


@click.command("why", short_help="Why a record is in a result, or is not.")
@click.argument("arguments", nargs=-1, metavar="SOURCE... NAME QUERY")
@options.asking
@options.format_of(FORMATS, "else text")
@options.reading
@click.pass_context
def command(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    arguments: tuple[str, ...],
    resource: str | None,
    parameters: tuple[str, ...],
    extended: bool,
    format_name: str | None,
    quiet: bool,
    report: str | None,
) -> None:
    """Writes the QUERY as a tree: whether each condition holds for the record, and what the record has.

    NAME is a name or an ARN. A record that is not there is exit 3; one that does not match is none.
    """
    if len(arguments) < _NAME_AND_QUERY:
        raise click.UsageError("why takes a NAME and a QUERY, the query last")
    stderr = StandardError(quiet)
    split = sources_and_name(arguments[:-1])
    name = split.last or ""
    asked = query_argument.read(arguments[-1], parameters, resource, extended=extended)
    asked.refuse_page()
    reading = open_sources(split.sources, stderr, report)
    found = asked.result(reading.searcher).why(name)
    if len(found) > 1:
        stderr.note(f"note: {counted(len(found), 'record')} are called {name}")
    if format_name == "json":
        written = [orjson.dumps([one.members() for one in found], option=orjson.OPT_INDENT_2).decode()]
    else:
        style = BOXED if sys.stdout.isatty() and _says_boxes() else INDENTED
        written = [one.text(style) for one in found]
    sys.stdout.write("\n".join(written) + "\n")
    context.exit(reading.exit_code)


def _says_boxes() -> bool:
    """Whether the terminal can show the characters of boxes."""
    return "utf" in (sys.stdout.encoding or "").lower() and os.environ.get("TERM") != "dumb"
