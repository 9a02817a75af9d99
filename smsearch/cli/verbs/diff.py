"""`smsearch diff`: two records side by side, or two queries, and only what differs."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
import orjson

from smsearch.cli import formats, options, query_argument
from smsearch.cli.environment import DATA_VARIABLE, from_environment
from smsearch.cli.not_found import NotFound
from smsearch.cli.open_sources import open_sources
from smsearch.cli.output import open_output
from smsearch.cli.standard_error import StandardError, counted
from smsearch.cli.writers import tables
from smsearch.cli.writers.answer import Answer, text
from smsearch.reasons import difference
from smsearch.schema import values
from smsearch.schema.notation import ISO

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from smsearch.cli.formats import Format
    from smsearch.cli.open_sources import OpenSources
    from smsearch.cli.query_argument import QueryArgument
    from smsearch.reasons.difference import Change
    from smsearch.schema.record import Record
    from smsearch.schema.value_kinds import Kind

FORMATS = ("table", "json", "jsonl", "md")
_BOTH_NAMES = 2


@click.command("diff", short_help="Two records, or two queries: only what differs.")
@click.argument("arguments", nargs=-1, metavar="SOURCE... [A B]")
@click.option("--left", metavar="QUERY", help="With --right and without A and B: two queries.")
@click.option("--right", metavar="QUERY", help="The other query.")
@options.kind
@options.format_of(FORMATS, "a table on a terminal, else jsonl")
@options.output
@options.color
@options.reading
@click.pass_context
def command(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    arguments: tuple[str, ...],
    left: str | None,
    right: str | None,
    resource: str | None,
    format_name: str | None,
    output: str | None,
    color: str,
    quiet: bool,
    report: str | None,
) -> None:
    """Writes the properties in which the records A and B differ, each with both values.

    A and B are names or ARNs. With --left and --right, the names that only one of two queries finds; how many
    both find is said on standard error.
    """
    if (left is None) != (right is None):
        raise click.UsageError("--left and --right belong together")
    on_terminal = sys.stdout.isatty() and output in {None, "-"}
    form = formats.chosen(format_name, output, FORMATS, on_terminal=on_terminal)
    width = shutil.get_terminal_size().columns if on_terminal else None
    look = Answer((), is_colored=output is None and options.is_colored(color), width=width)
    stderr = StandardError(quiet)
    if left is None or right is None:
        sources, names = _sources_and_names(arguments)
        reading = open_sources(sources, stderr, report)
        rows = _of_records(names, resource, reading, stderr)
    else:
        queries = [query_argument.read(query, (), resource) for query in (left, right)]
        reading = open_sources(_sources(arguments), stderr, report)
        rows = _of_queries(queries, reading, stderr, form)
    with open_output(output) as stream:
        _write(stream, form, rows, look)
    context.exit(reading.exit_code)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is written: as JSON (a list, for a table's formats one row each), and as the texts of a table."""

    members: list[dict[str, Any]] | dict[str, Any]
    header: list[str]
    cells: list[list[str]]


def _of_records(names: tuple[str, str], resource: str | None, reading: OpenSources, stderr: StandardError) -> _Rows:
    ours, theirs = (_one(name, resource, reading) for name in names)
    if ours.resource != theirs.resource:
        raise click.UsageError(f"{names[0]} is a {ours.resource} and {names[1]} a {theirs.resource}")
    found = difference.changes(ours, theirs)
    stderr.note(f"{counted(len(found), 'property', 'properties')} differ{'s' if len(found) == 1 else ''}")
    header = ["Property", *map(tables.visible, names)]
    return _Rows([_members(change) for change in found], header, [_cells(change) for change in found])


def _of_queries(queries: Sequence[QueryArgument], reading: OpenSources, stderr: StandardError, form: Format) -> _Rows:
    for query in queries:
        query.refuse_page()
    one, other = (query.result(reading.searcher) for query in queries)
    shared = one.overlap(other)
    stderr.note(f"{len(shared.left):,} only left, {len(shared.right):,} only right, {shared.both:,} in both")
    sides = {"left": shared.left, "right": shared.right}
    names = {side: [record.name or record.arn for record in records] for side, records in sides.items()}
    pairs = [(side, name) for side in sides for name in names[side]]
    members = [{"Only": side, "Name": name} for side, name in pairs]
    cells = [[side, tables.visible(name)] for side, name in pairs]
    return _Rows({**names, "both": shared.both} if form.name == "json" else members, ["Only", "Name"], cells)


def _sources(arguments: Sequence[str]) -> Sequence[str]:
    sources = tuple(arguments) or from_environment()
    if not sources:
        raise click.UsageError(f"no source: name a file, folder or glob of exports, or set {DATA_VARIABLE}")
    return sources


def _sources_and_names(arguments: Sequence[str]) -> tuple[Sequence[str], tuple[str, str]]:
    if len(arguments) < _BOTH_NAMES:
        raise click.UsageError("diff takes two names, or --left and --right")
    return _sources(arguments[:-_BOTH_NAMES]), (arguments[-2], arguments[-1])


def _one(name: str, resource: str | None, reading: OpenSources) -> Record:
    found = reading.searcher.describe(name, resource)
    if not found:
        raise NotFound(name, resource, reading)
    if len(found) > 1:
        arns = ", ".join(f"{record.resource} {record.arn}" for record in found)
        raise click.UsageError(f"{len(found)} records are called {name}: say which by ARN or with -r ({arns})")
    return found[0]


def _members(change: Change) -> dict[str, Any]:
    return {"Property": change.path, "Left": _json(change.left), "Right": _json(change.right)}


def _json(value: object) -> object:
    """A value that orjson writes to the last digit."""
    is_number = not isinstance(value, str | bool | list | dict | None)
    return ISO.number(value) if is_number else value  # type: ignore[arg-type]  # what is left is a number


def _cells(change: Change) -> list[str]:
    return [tables.visible(change.path), _shown(change.left, change.kind), _shown(change.right, change.kind)]


def _shown(value: object, kind: Kind) -> str:
    """A value as a table shows it; what is absent is empty, an empty text `""`."""
    if value is None:
        return ""
    micros = values.parse_timestamp(value) if kind.is_time and isinstance(value, str) else None
    if micros is not None:
        return values.datetime_of(micros).strftime("%Y-%m-%d %H:%M:%S")
    return tables.visible(text(_json(value))) or '""'


def _write(stream: BinaryIO, form: Format, rows: _Rows, look: Answer) -> None:
    flags = (False,) * len(rows.header)
    match form.name:
        case "json":
            stream.write(orjson.dumps(rows.members, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        case "jsonl":
            stream.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows.members)
        case "md":
            tables.write_markdown_grid(stream, rows.header, rows.cells, flags)
        case _:
            tables.write_grid(stream, tables.Grid(rows.header, rows.cells, flags, flags), look)
