"""`smsearch count`: how many records match, as one number."""

from __future__ import annotations

import sys

import click

from smsearch.cli import exit_codes, options, query_argument, query_warnings
from smsearch.cli.arguments import sources_and_query
from smsearch.cli.open_sources import EngineChoice, open_sources
from smsearch.cli.standard_error import StandardError


@click.command("count", short_help="How many records match, as one number.")
@click.argument("arguments", nargs=-1, metavar="SOURCE... [QUERY]")
@options.asking
@click.option("-e", "--exit-status", is_flag=True, help="Exit with 1 if nothing matches.")
@options.engine
@options.reading
@click.pass_context
def command(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    arguments: tuple[str, ...],
    resource: str | None,
    parameters: tuple[str, ...],
    extended: bool,
    exit_status: bool,
    engine: str,
    master: str | None,
    remote: str | None,
    quiet: bool,
    report: str | None,
) -> None:
    """Prints how many records match: as many as `search -f names` would print."""
    stderr = StandardError(quiet)
    at = EngineChoice.of(engine, master, remote)
    split = sources_and_query(arguments)
    asked = query_argument.read(split.last, parameters, resource, extended=extended)
    reading = open_sources(split.sources, stderr, report, at)
    result = asked.result(reading.searcher)
    query_warnings.warn(result, asked, stderr)
    total = len(result)
    sys.stdout.write(f"{total}\n")
    if not total:
        from smsearch.cli import diagnosis  # most queries find something

        diagnosis.tell(result, stderr)
    context.exit(exit_codes.NOTHING_FOUND if exit_status and not total else reading.exit_code)
