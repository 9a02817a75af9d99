"""`smsearch count`: how many records match, as one number."""

from __future__ import annotations

import sys

import click

from smsearch.cli import main, options, question, warnings
from smsearch.cli.arguments import sources_and_query
from smsearch.cli.notes import Notes
from smsearch.cli.opening import Engine, opened


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
    notes = Notes(quiet)
    at = Engine.of(engine, master, remote)
    split = sources_and_query(arguments)
    asked = question.read(split.last, parameters, resource, extended=extended)
    reading = opened(split.sources, notes, report, at)
    result = asked.result(reading.searcher)
    warnings.about(result, asked, notes)
    total = len(result)
    sys.stdout.write(f"{total}\n")
    if not total:
        from smsearch.cli import doctor  # most queries find something

        doctor.tell(result, notes)
    context.exit(main.NOTHING_FOUND if exit_status and not total else reading.exit_code)
