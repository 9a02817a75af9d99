"""`smsearch explain`: how a query is understood, planned and answered."""

from __future__ import annotations

import sys

import click

from smsearch.cli import options, question, warnings
from smsearch.cli.arguments import sources_and_query
from smsearch.cli.notes import Notes
from smsearch.cli.opening import Engine, opened


@click.command("explain", short_help="Show how a query is understood, planned and answered.")
@click.argument("arguments", nargs=-1, metavar="SOURCE... [QUERY]")
@options.asking
@options.engine
@options.reading
def command(  # noqa: PLR0913 - one parameter an option
    *,
    arguments: tuple[str, ...],
    resource: str | None,
    parameters: tuple[str, ...],
    extended: bool,
    engine: str,
    master: str | None,
    remote: str | None,
    quiet: bool,
    report: str | None,
) -> None:
    """Prints the expression with aliases expanded, the limits it uses, the plan, and the rows it touched."""
    split = sources_and_query(arguments)
    asked = question.read(split.last, parameters, resource, extended=extended)
    notes = Notes(quiet)
    at = Engine.of(engine, master, remote)
    result = asked.result(opened(split.sources, notes, report, at).searcher)
    warnings.about(result, asked, notes)
    sys.stdout.write(result.explain() + "\n")
