"""`smsearch values`: every value that a property has, in order."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING, Final

import click

from smsearch.cli import formats, options
from smsearch.cli.arguments import sources_and_names
from smsearch.cli.open_sources import EngineChoice, open_sources
from smsearch.cli.output import open_output
from smsearch.cli.standard_error import StandardError, counted
from smsearch.cli.writers import facets as writer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsearch.engine.value_counts import Scalar

FORMATS: Final = ("table", "jsonl", "json", "csv", "tsv", "md", "names")
TABLE_ROWS: Final = 50
"""Values in a table where neither a limit nor `--all` is given."""
_NAME_AND_PREFIX: Final = 2


@click.command("values", short_help="Every value of a property, in order.")
@click.argument("arguments", nargs=-1, metavar="SOURCE... NAME [PREFIX]")
@options.resource
@options.format_of(FORMATS, "a table on a terminal, else jsonl")
@options.output
@click.option("-n", "--limit", type=click.IntRange(min=1), help="At most so many values.")
@click.option("--all", "everything", is_flag=True, help=f"Every value, where a table shows {TABLE_ROWS}.")
@options.engine
@options.reading
@click.pass_context
def command(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    arguments: tuple[str, ...],
    resource: str | None,
    format_name: str | None,
    output: str | None,
    limit: int | None,
    everything: bool,
    engine: str,
    master: str | None,
    remote: str | None,
    quiet: bool,
    report: str | None,
) -> None:
    """Lists the different values of the property NAME, sorted, with how many records have each.

    A PREFIX, which is heeded to the letter, keeps those that begin with it. Of a family or a structure (Tags,
    Metrics) the names in it are listed.
    """
    if everything and limit is not None:
        raise click.UsageError("--all and --limit contradict each other")
    on_terminal = sys.stdout.isatty() and output in {None, "-"}
    form = formats.chosen(format_name, output, FORMATS, on_terminal=on_terminal).name
    stderr = StandardError(quiet)
    at = EngineChoice.of(engine, master, remote)
    sources, (name, *prefixes) = sources_and_names(arguments, _NAME_AND_PREFIX)
    reading = open_sources(sources, stderr, report, at)
    result = reading.searcher.query({}, resource=resource)
    prop = result.property(name)
    prefix = prefixes[0] if prefixes else ""
    items: Iterable[tuple[Scalar, int]] = result.value_counts([prop])[0].items(prefix)
    if not prop.kind.has_values:
        items = sorted((str(row.value), row.records) for row in result.facet(name).rows)
    found = ((value, count) for value, count in items if writer.text_of(value, prop.kind).startswith(prefix))
    if limit is None and not everything and form in {"table", "md"}:
        limit = TABLE_ROWS
    shown = list(islice(found, limit))
    with open_output(output) as stream:
        writer.write_values(stream, form, prop, shown)
    if not shown and prefix:
        stderr.note(f"no value of {prop.name} begins with {prefix!r}")
    elif not shown:
        stderr.note(f"no {result.resource} record has {prop.name}")
    more = sum(1 for _ in found)
    if more:
        stderr.note(f"{counted(more, 'more value')}: use -n or --all")
    context.exit(reading.exit_code)
