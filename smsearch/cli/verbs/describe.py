"""`smsearch describe`: one record in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import orjson

from smsearch.cli import options
from smsearch.cli.arguments import sources_and_name
from smsearch.cli.not_found import NotFound
from smsearch.cli.open_sources import EngineChoice, open_sources
from smsearch.cli.output import open_output
from smsearch.cli.standard_error import StandardError, counted
from smsearch.errors import StoreError
from smsearch.schema import case, catalogue, notation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.schema.origin import RecordSource
    from smsearch.schema.record import Record


@click.command("describe", short_help="One record in full.")
@click.argument("arguments", nargs=-1, metavar="SOURCE... NAME")
@options.kind
@options.output
@options.case
@click.option("--source", "with_source", is_flag=True, help="Say where each record was read, instead of the record.")
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
    with_source: bool,
    engine: str,
    master: str | None,
    remote: str | None,
    quiet: bool,
    report: str | None,
) -> None:
    """Writes the record with this name or ARN as JSON, times in UTC.

    With --source it writes the file, the line and the place in the document that
    the record was read from, and how many other snapshots of it were read.

    Accounts, regions and kinds may share a name: all of them are written. One that is not there is exit 3.
    """
    stderr = StandardError(quiet)
    at = EngineChoice.of(engine, master, remote)
    split = sources_and_name(arguments)
    name = split.last or ""
    reading = open_sources(split.sources, stderr, report, at)
    found = reading.searcher.describe(name, resource)
    if not found:
        raise NotFound(name, resource, reading)
    if len(found) > 1:
        kinds = ", ".join(sorted({record.resource for record in found}))
        stderr.note(f"note: {counted(len(found), 'record')} are called {name} ({kinds})")
    if with_source:
        written = list(_sources(found, reading.searcher.sources(name, resource)))
    else:
        written = [_spelled(record, case_name) for record in found]
    with open_output(output) as stream:
        for members in written:
            stream.write(orjson.dumps(members, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    context.exit(reading.exit_code)


def _spelled(record: Record, case_name: str) -> dict[str, Any]:
    """A record as it was exported, its members spelled as is asked for."""
    members = notation.exported(record, notation.ISO)
    return case.document(members, catalogue.resource(record.resource).root) if case_name == "snake" else members


def _sources(records: list[Record], sources: list[RecordSource]) -> Iterator[dict[str, Any]]:
    """Where each record came from, with what tells it from the others.

    Raises:
        StoreError: That is not kept.
    """
    if not sources:
        raise StoreError("An archive does not keep where its records came from.", hint="Ask a store, or the exports.")
    for record, source in zip(records, sources, strict=True):
        yield {"Resource": record.resource, "Name": record.name, "Arn": record.arn, **source.members()}
