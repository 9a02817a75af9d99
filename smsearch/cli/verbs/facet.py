"""`smsearch facet`: the values of properties among the matches of a query, counted and drawn."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from smsearch.cli import formats, options, query_argument, query_warnings
from smsearch.cli.arguments import sources_and_names
from smsearch.cli.open_sources import EngineChoice, open_sources
from smsearch.cli.output import open_output
from smsearch.cli.standard_error import StandardError, counted
from smsearch.cli.writers import facets as writer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from smsearch.facets.facet import Facet

FORMATS: Final = ("table", "jsonl", "json", "csv", "tsv", "md")
TABLE_ROWS: Final = 20
"""Values in a table where neither a limit nor `--all` is given."""


@click.command("facet", short_help="The values of properties among the matches, counted.")
@click.argument("arguments", nargs=-1, metavar="SOURCE... NAME...")
@click.option("-w", "--where", metavar="QUERY", help="Count among the records that match the QUERY only.")
@options.asking
@options.format_of(FORMATS, "a table on a terminal, else jsonl")
@options.output
@click.option("-n", "--limit", type=click.IntRange(min=1), help="At most so many values of each NAME.")
@click.option("--all", "everything", is_flag=True, help=f"Every value, where a table shows {TABLE_ROWS}.")
@options.color
@options.engine
@options.reading
@click.pass_context
def command(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    arguments: tuple[str, ...],
    where: str | None,
    resource: str | None,
    parameters: tuple[str, ...],
    extended: bool,
    format_name: str | None,
    output: str | None,
    limit: int | None,
    everything: bool,
    color: str,
    engine: str,
    master: str | None,
    remote: str | None,
    quiet: bool,
    report: str | None,
) -> None:
    """Counts the values of each property NAME: how many records have each, and how many have any.

    Sources are the arguments at the front that are there as files, folders or globs; the others are names.
    Many different numbers are drawn as a histogram, times by periods of the calendar; of a family or a
    structure (Tags, Metrics, ResourceConfig) the names in it are counted. The QUERY's LIMIT is not heeded.
    """
    if everything and limit is not None:
        raise click.UsageError("--all and --limit contradict each other")
    on_terminal = sys.stdout.isatty() and output in {None, "-"}
    form = formats.chosen(format_name, output, FORMATS, on_terminal=on_terminal).name
    stderr = StandardError(quiet)
    at = EngineChoice.of(engine, master, remote)
    sources, names = sources_and_names(arguments)
    asked = query_argument.read(where, parameters, resource, extended=extended)
    asked.refuse_page()
    reading = open_sources(sources, stderr, report, at)
    result = asked.result(reading.searcher)
    query_warnings.warn(result, asked, stderr)
    if result.query.limit is not None:
        stderr.note("note: a facet counts every match, so the LIMIT was not heeded")
    if limit is None and not everything and form in {"table", "md"}:
        limit = TABLE_ROWS
    found = [result.facet(name, limit) for name in names]
    with open_output(output) as stream:
        _write(stream, form, found, is_colored=output is None and options.is_colored(color))
    for facet in found if form in {"csv", "tsv"} else ():
        if facet.more:
            stderr.note(f"{counted(facet.more, 'more value')} of {facet.name}: use -n or --all")
    context.exit(reading.exit_code)


def _write(stream: BinaryIO, form: str, found: Sequence[Facet], *, is_colored: bool) -> None:
    match form:
        case "jsonl":
            writer.write_lines(stream, found)
        case "json":
            writer.write_array(stream, found)
        case "csv" | "tsv":
            writer.write_delimited(stream, found, "," if form == "csv" else "\t")
        case "md":
            writer.write_markdown(stream, found)
        case _:
            writer.write_table(stream, found, is_colored=is_colored)
