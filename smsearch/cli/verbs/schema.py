"""`smsearch schema`: the properties of a resource, their types, and how many records have them."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

import orjson

from smsearch import property_rows
from smsearch.cli import exit_codes
from smsearch.cli.arguments import optional_sources
from smsearch.cli.options import DelimitedVerb, DrawingVerb, PricedVerb, format_option, resource_option
from smsearch.cli.verb import flag, positionals
from smsearch.messages import counted
from smsearch.property_rows import PropertyRow
from smsearch.schema import catalogue
from smsearch.schema.derived import with_derived
from smsearch.schema.names import Schema
from smsearch.writers import delimited, tables
from smsearch.writers.answer import Answer
from smsearch.writers.grid import Fit, Grid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from smsearch.cli.open_sources import OpenSources
    from smsearch.cli.standard_error import StandardError

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "md")


FITS: Final = (Fit.FOLD, Fit.FOLD, Fit.WHOLE, Fit.WHOLE, Fit.WHOLE, Fit.CUT, Fit.FOLD)
EXPENDABLE: Final = ("Coverage", "Distinct", "Conflict", "Examples")
"""Columns that a narrow terminal does without, the first of them first."""
EXAMPLE_WIDTH: Final = 24
"""Characters of an example in a table; a text that is longer ends in an ellipsis there, and nowhere else."""


class SchemaVerb(DelimitedVerb, DrawingVerb, PricedVerb):
    """Lists the properties whose names hold PROPERTY, in any case, that a query can use.

    With a SOURCE (or SMSEARCH_DATA) those that its records have: how many records have each, how many different
    values there are, the most frequent, and where values are of several types. Without one all that the service
    knows, `<name>` standing for a name of your own. The name of a resource in the place of PROPERTY asks for that
    resource.
    """

    examples = (
        "schema data/exports",
        "schema data/exports learning",
        "schema -r ModelPackage",
    )

    arguments: tuple[str, ...] = positionals("[SOURCE...] [PROPERTY]")
    resource: str | None = resource_option()
    format_name: str | None = format_option(FORMATS, "a table on a terminal, else jsonl")
    everything: bool = flag("--all", "With a SOURCE: also the properties that no record has.")

    def run(self) -> int:
        """Lists the properties."""
        form = self.format_of(self.format_name, FORMATS)
        self.refuse_csv_safe(form.name)
        sources, argument = optional_sources(self.arguments)
        part, resource = argument or "", self.resource
        named = catalogue.called(part, catalogue.kinds())
        if named is not None and resource is None:
            resource, part = named, ""
        opened = self.open(sources) if sources else None
        if opened is None:
            schema = with_derived(Schema(catalogue.resource(resource or "TrainingJob")), self.read_prices())
            rows = [PropertyRow(prop) for prop in (*schema.properties(), *schema.derived.values())]
        else:
            rows = self._observed(opened, resource)
        shown = [row for row in rows if property_rows.has_part(row.prop, part)]
        if rows and not shown:
            _warn_of_nothing(part, [row.name for row in rows], self.stderr, has_source=opened is not None)
        look = Answer((), is_colored=self.is_colored, width=self.table_width, is_csv_safe=self.csv_safe)
        with self.open_output_in(form.name) as stream:
            _write(stream, form.name, shown, look)
        return exit_codes.DONE if opened is None else opened.exit_code

    def _observed(self, opened: OpenSources, resource: str | None) -> list[PropertyRow]:
        """What the records have, in the catalogue's order; with `--all`, then what none of them has."""
        result = opened.searcher.query({}, resource=resource)
        in_all = len(result)
        rows = property_rows.observed(result)
        names = {row.name for row in rows}
        rest = [prop for prop in result.schema.properties() if prop.name not in names and "<name>" not in prop.name]
        if self.everything and in_all:
            return rows + [
                PropertyRow(prop, tally) for prop, tally in zip(rest, result.value_counts(rest), strict=True)
            ]
        self.stderr.note(
            f"{counted(len(rows), 'property', 'properties')} in {counted(in_all, result.resource + ' record')}; "
            f"{len(rest):,} more that none has: --all"
        )
        return rows


def _warn_of_nothing(part: str, names: Sequence[str], stderr: StandardError, *, has_source: bool) -> None:
    """Says that no property's name holds a part, which may be a source that does not exist."""
    near = difflib.get_close_matches(part, names, n=1)
    stderr.note(f"no property's name holds {part!r}{f'; did you mean {near[0]}?' if near else ''}")
    if not has_source:
        stderr.note("hint: there is no file or folder of that name, so it was taken as a part of a name")


def _write(stream: BinaryIO, form: str, rows: list[PropertyRow], look: Answer) -> None:
    match form:
        case "json":
            array = orjson.dumps([row.members() for row in rows], option=orjson.OPT_INDENT_2)
            stream.write(array + b"\n")
        case "jsonl":
            stream.writelines(orjson.dumps(row.members(), option=orjson.OPT_APPEND_NEWLINE) for row in rows)
        case _:
            _write_grid(stream, form, rows, look)


def _write_grid(stream: BinaryIO, form: str, rows: list[PropertyRow], look: Answer) -> None:
    header = ["Name", "Type", "Records", "Coverage", "Distinct", "Examples", "Conflict"]
    numeric = [False, False, True, True, True, False, False]
    width = len(header) if any(row.tally is not None for row in rows) else 2
    header, numeric = header[:width], numeric[:width]
    texts = [row.texts(EXAMPLE_WIDTH if form == "table" else None) for row in rows]
    match form:
        case "csv" | "tsv":
            cells = [[cell or None for cell in row] for row in texts]  # an empty cell says nothing, no empty text
            delimited.write_lines(stream, header, cells, form, is_safe=look.is_csv_safe)
        case "md":
            tables.write_markdown_grid(stream, header, texts, numeric)
        case _:
            _write_table(stream, Grid(header, texts, numeric, FITS[:width]), look)


def _write_table(stream: BinaryIO, grid: Grid, look: Answer) -> None:
    """Writes the table without columns that are empty, and on a narrow terminal without those of less interest."""
    filled = [at for at in range(len(grid.header)) if not grid.rows or any(row[at] for row in grid.rows)]
    grid = grid.keep(filled)
    if look.width is not None:
        expendable = [grid.header.index(name) for name in EXPENDABLE if name in grid.header]
        grid = grid.keep(grid.places_within(expendable, look.width))
    tables.write_grid(stream, grid, look)
