"""`smsearch describe`: one record in full."""

from __future__ import annotations

import click
import orjson

from smsearch.cli import destination, options
from smsearch.cli.absence import NotThere
from smsearch.cli.arguments import sources_and_name
from smsearch.cli.notes import Notes, counted
from smsearch.cli.opening import Engine, opened
from smsearch.schema import case, catalogue, notation


@click.command("describe", short_help="One record in full.")
@click.argument("arguments", nargs=-1, metavar="SOURCE... NAME")
@options.kind
@options.output
@options.case
@options.engine
@options.reading
@click.pass_context
def command(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    arguments: tuple[str, ...],
    resource: str | None,
    output: str | None,
    case_name: str,
    engine: str,
    master: str | None,
    remote: str | None,
    quiet: bool,
    report: str | None,
) -> None:
    """Writes the record with this name or ARN as JSON, times in UTC.

    Accounts, regions and kinds may share a name: all of them are written. One that is not there is exit 3.
    """
    notes = Notes(quiet)
    at = Engine.of(engine, master, remote)
    split = sources_and_name(arguments)
    name = split.last or ""
    reading = opened(split.sources, notes, report, at)
    found = reading.searcher.describe(name, resource)
    if not found:
        raise NotThere(name, resource, reading)
    if len(found) > 1:
        kinds = ", ".join(sorted({record.resource for record in found}))
        notes.note(f"note: {counted(len(found), 'record')} are called {name} ({kinds})")
    with destination.opened(output) as stream:
        for record in found:
            members = notation.exported(record, notation.ISO)
            if case_name == "snake":
                members = case.document(members, catalogue.resource(record.resource).root)
            stream.write(orjson.dumps(members, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    context.exit(reading.exit_code)
