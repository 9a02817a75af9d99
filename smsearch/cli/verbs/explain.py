"""`smsearch explain`: how a query is understood, planned and answered."""

from __future__ import annotations

import sys

import click

from smsearch.cli import options, query_argument, query_warnings
from smsearch.cli.arguments import sources_and_query
from smsearch.cli.open_sources import EngineChoice, open_sources
from smsearch.cli.standard_error import StandardError


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
    asked = query_argument.read(split.last, parameters, resource, extended=extended)
    stderr = StandardError(quiet)
    at = EngineChoice.of(engine, master, remote)
    result = asked.result(open_sources(split.sources, stderr, report, at).searcher)
    query_warnings.warn(result, asked, stderr)
    sys.stdout.write(result.explain() + "\n")
