"""`smsearch diff`: two records side by side, or two queries, and only what differs."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

import click
import orjson

from smsearch.cli import destination, formats, options, question
from smsearch.cli.absence import NotThere
from smsearch.cli.arguments import from_environment
from smsearch.cli.notes import Notes, counted
from smsearch.cli.opening import opened
from smsearch.cli.writers import tables
from smsearch.cli.writers.answer import Answer, text
from smsearch.reasons import difference
from smsearch.schema import values
from smsearch.schema.catalogue import Kind
from smsearch.schema.notation import ISO

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from smsearch.cli.formats import Format
    from smsearch.cli.opening import Reading
    from smsearch.reasons.answers import Overlap
    from smsearch.reasons.difference import Change
    from smsearch.schema.record import Record

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
    notes = Notes(quiet)
    if left is None or right is None:
        sources, names = _sources_and_names(arguments)
        reading = opened(sources, notes, report)
        ours, theirs = (_one(name, resource, reading) for name in names)
        if ours.resource != theirs.resource:
            raise click.UsageError(f"{names[0]} is a {ours.resource} and {names[1]} a {theirs.resource}")
        found = difference.changes(ours, theirs)
        notes.note(f"{counted(len(found), 'property', 'properties')} differ{'s' if len(found) == 1 else ''}")
        header = ["Property", *(tables.visible(name) for name in names)]
        with destination.opened(output) as stream:
            _write(stream, form, [_members(change) for change in found], header, [_cells(one) for one in found], look)
        context.exit(reading.exit_code)
    sources = arguments or from_environment()
    if not sources:
        raise click.UsageError("no source: name one before the options")
    asked = [question.read(query, (), resource) for query in (left, right)]
    reading = opened(sources, notes, report)
    one, other = (each.result(reading.searcher) for each in asked)
    shared = one.overlap(other)
    notes.note(f"{len(shared.left):,} only left, {len(shared.right):,} only right, {shared.both:,} in both")
    with destination.opened(output) as stream:
        _write_overlap(stream, form, shared, look)
    context.exit(reading.exit_code)


def _sources_and_names(arguments: Sequence[str]) -> tuple[Sequence[str], tuple[str, str]]:
    if len(arguments) < _BOTH_NAMES:
        raise click.UsageError("diff takes two names, or --left and --right")
    sources = tuple(arguments[:-_BOTH_NAMES]) or from_environment()
    if not sources:
        raise click.UsageError(f"no source for {arguments[-2]!r} and {arguments[-1]!r}: name one before them")
    return sources, (arguments[-2], arguments[-1])


def _one(name: str, resource: str | None, reading: Reading) -> Record:
    found = reading.searcher.describe(name, resource)
    if not found:
        raise NotThere(name, resource, reading)
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
    micros = values.parse_timestamp(value) if kind is Kind.TIMESTAMP and isinstance(value, str) else None
    if micros is not None:
        return values.datetime_of(micros).strftime("%Y-%m-%d %H:%M:%S")
    return tables.visible(text(value)) or '""'


def _write_overlap(stream: BinaryIO, form: Format, shared: Overlap, look: Answer) -> None:
    sides = {"left": shared.left, "right": shared.right}
    rows = [[side, record.name or record.arn] for side, records in sides.items() for record in records]
    if form.name == "json":
        whole = {side: [row[1] for row in rows if row[0] == side] for side in sides} | {"both": shared.both}
        stream.write(orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        return
    members = [{"Only": side, "Name": name} for side, name in rows]
    cells = [[side, tables.visible(name)] for side, name in rows]
    _write(stream, form, members, ["Only", "Name"], cells, look)


def _write(
    stream: BinaryIO,
    form: Format,
    members: list[dict[str, Any]],
    header: list[str],
    cells: list[list[str]],
    look: Answer,
) -> None:
    match form.name:
        case "json":
            stream.write(orjson.dumps(members, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        case "jsonl":
            stream.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in members)
        case "md":
            tables.write_markdown_grid(stream, header, cells, [False] * len(header))
        case _:
            flags = (False,) * len(header)
            tables.write_grid(stream, tables.Grid(header, cells, flags, flags), look)
