"""`smsearch schema`: the properties of a resource, their types, and how many records have them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
import orjson

from smsearch.cli import destination, formats, main, options
from smsearch.cli.arguments import optional_sources
from smsearch.cli.notes import Notes, counted
from smsearch.cli.opening import opened
from smsearch.cli.writers import delimited, tables
from smsearch.cli.writers.answer import Answer
from smsearch.frames import columns
from smsearch.schema import catalogue
from smsearch.schema.catalogue import fold
from smsearch.schema.names import Schema

if TYPE_CHECKING:
    from typing import BinaryIO

    from smsearch.cli.opening import Reading
    from smsearch.schema.property import Property

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "md")


@dataclass(frozen=True, slots=True)
class Row:
    """A property, and how many of how many records have it; None where no records were asked."""

    prop: Property
    having: int | None = None
    in_all: int = 0

    @property
    def type(self) -> str:
        """The kind of its values, as a list where a record may have several."""
        return f"list of {self.prop.kind.value}" if self.prop.is_many else self.prop.kind.value

    def members(self) -> dict[str, Any]:
        """The row for JSON."""
        row: dict[str, Any] = {"Name": self.prop.name, "Type": self.type}
        if self.having is not None:
            row |= {"Records": self.having, "Coverage": round(self.having / self.in_all, 4)}
        if self.prop.enum:
            row["Values"] = list(self.prop.enum)
        return row

    def texts(self) -> list[str]:
        """The row for a table: the same without the values, which would fill it."""
        row = [tables.visible(self.prop.name), self.type]
        if self.having is not None:
            row += [f"{self.having}", f"{self.having / self.in_all:.0%}"]
        return row


@click.command("schema", short_help="Each property: its type, and how many records have it.")
@click.argument("arguments", nargs=-1, metavar="[SOURCE...] [PREFIX]")
@options.resource
@options.format_of(FORMATS, "a table on a terminal, else jsonl")
@options.output
@click.option("--all", "everything", is_flag=True, help="With a SOURCE: also the properties that no record has.")
@options.color
@options.reading
@click.pass_context
def command(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    arguments: tuple[str, ...],
    resource: str | None,
    format_name: str | None,
    output: str | None,
    everything: bool,
    color: str,
    quiet: bool,
    report: str | None,
) -> None:
    """Lists the properties whose names begin with PREFIX, in any case, that a query can use.

    With a SOURCE (or SMSEARCH_DATA) those that its records have, and how many records have each; without one
    all that the service knows, `<name>` standing for a name of your own. A PREFIX that is the name of a
    resource asks for that resource.
    """
    notes = Notes(quiet)
    on_terminal = sys.stdout.isatty() and output in {None, "-"}
    form = formats.chosen(format_name, output, FORMATS, on_terminal=on_terminal)
    split = optional_sources(arguments)
    prefix = split.last or ""
    named = next((name for name in catalogue.searchable() if fold(name) == fold(prefix)), None)
    if named is not None and resource is None:
        resource, prefix = named, ""
    reading = opened(split.sources, notes, report) if split.sources else None
    rows = _known(resource or "TrainingJob") if reading is None else _observed(reading, resource, notes, everything)
    wanted = [row for row in rows if row.prop.name.lower().startswith(prefix.lower())]
    with destination.opened(output) as stream:
        _write(stream, form.name, wanted, Answer((), is_colored=output is None and options.is_colored(color)))
    context.exit(main.DONE if reading is None else reading.exit_code)


def _known(resource: str) -> list[Row]:
    return [Row(prop) for prop in Schema(catalogue.resource(resource)).properties()]


def _observed(reading: Reading, resource: str | None, notes: Notes, everything: bool) -> list[Row]:  # noqa: FBT001
    """What the records have, in the catalogue's order; with `everything`, then what none of them has."""
    result = reading.searcher.query({}, resource=resource)
    in_all = len(result)
    covered = columns.coverage(result.records(), result.schema, inside_lists=True)
    rows = [Row(prop, having, in_all) for prop, having in covered.items()]
    names = {prop.name for prop in covered}
    rest = [prop for prop in result.schema.properties() if prop.name not in names and "<name>" not in prop.name]
    if everything and in_all:
        return rows + [Row(prop, 0, in_all) for prop in rest]
    notes.note(
        f"{counted(len(rows), 'property', 'properties')} in {counted(in_all, result.resource + ' record')}; "
        f"{len(rest):,} more that none has: --all"
    )
    return rows


def _write(stream: BinaryIO, form: str, rows: list[Row], look: Answer) -> None:
    match form:
        case "json":
            written = orjson.dumps([row.members() for row in rows], option=orjson.OPT_INDENT_2)
            stream.write(written + b"\n")
        case "jsonl":
            stream.writelines(orjson.dumps(row.members(), option=orjson.OPT_APPEND_NEWLINE) for row in rows)
        case _:
            _write_grid(stream, form, rows, look)


def _write_grid(stream: BinaryIO, form: str, rows: list[Row], look: Answer) -> None:
    header = ["Name", "Type", "Records", "Coverage"]
    numeric = [False, False, True, True]
    width = 4 if any(row.having is not None for row in rows) else 2
    header, numeric = header[:width], numeric[:width]
    texts = [row.texts() for row in rows]
    match form:
        case "csv" | "tsv":
            delimited.write_lines(stream, header, texts, "," if form == "csv" else "\t")
        case "md":
            tables.write_markdown_grid(stream, header, texts, numeric)
        case _:
            tables.write_grid(stream, tables.Grid(header, texts, tuple(numeric), (True,) * width), look)
