"""`smsearch describe`: one record in full."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import click
import orjson

from smsearch.cli import destination, main, options
from smsearch.cli.arguments import sources_and_name
from smsearch.cli.notes import Notes, counted
from smsearch.cli.opening import opened
from smsearch.schema import catalogue, notation

if TYPE_CHECKING:
    from smsearch.cli.opening import Reading


@click.command("describe", short_help="One record in full.")
@click.argument("arguments", nargs=-1, metavar="SOURCE... NAME")
@options.kind
@options.output
@options.reading
@click.pass_context
def command(
    context: click.Context,
    *,
    arguments: tuple[str, ...],
    resource: str | None,
    output: str | None,
    quiet: bool,
    report: str | None,
) -> None:
    """Writes the record with this name or ARN as JSON, times in UTC.

    Accounts, regions and kinds may share a name: all of them are written. One that is not there is exit 3.
    """
    notes = Notes(quiet)
    split = sources_and_name(arguments)
    name = split.last or ""
    reading = opened(split.sources, notes, report)
    found = reading.searcher.describe(name, resource)
    if not found:
        raise _NotThere(name, resource, reading)
    if len(found) > 1:
        kinds = ", ".join(sorted({record.resource for record in found}))
        notes.note(f"note: {counted(len(found), 'record')} are called {name} ({kinds})")
    with destination.opened(output) as stream:
        for record in found:
            members = notation.document(record, notation.ISO)
            stream.write(orjson.dumps(members, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    context.exit(reading.exit_code)


class _NotThere(click.ClickException):
    """No record of a name; the nearest name is told."""

    exit_code = main.DATA

    def __init__(self, name: str, resource: str | None, reading: Reading) -> None:
        near = _nearest(name, resource, reading)
        hint = f"\nhint: did you mean {near[0]}?" if near else ""
        super().__init__(f"no {resource or 'record'} is called {name!r}{hint}")


def _nearest(name: str, resource: str | None, reading: Reading) -> list[str]:
    searcher = reading.searcher
    kinds = [resource] if resource else list(searcher.resources())
    searchable = set(kinds).intersection(catalogue.searchable())
    names = sorted({known for kind in searchable for known in searcher.query({}, resource=kind).names()})
    return difflib.get_close_matches(name, names, n=1)
