"""`smsearch schema`: the properties of a resource, their types, and how many records have them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch.cli import exit_codes
from smsearch.cli.arguments import optional_sources
from smsearch.cli.options import DrawingVerb, PricedVerb, format_option, resource_option
from smsearch.cli.verb import flag, positionals
from smsearch.facets.wording import percent, text_of, value_of
from smsearch.messages import counted, visible
from smsearch.schema import catalogue
from smsearch.schema.derived import with_derived
from smsearch.schema.names import Schema
from smsearch.schema.value_kinds import ValueType
from smsearch.syntax.names import folded
from smsearch.writers import delimited, tables
from smsearch.writers.answer import Answer
from smsearch.writers.grid import Fit, Grid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from smsearch.cli.open_sources import OpenSources
    from smsearch.cli.standard_error import StandardError
    from smsearch.engine.value_counts import Scalar, ValueCounts
    from smsearch.schema.property import Property

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "md")


FITS: Final = (Fit.FOLD, Fit.FOLD, Fit.WHOLE, Fit.WHOLE, Fit.WHOLE, Fit.CUT, Fit.FOLD)
EXPENDABLE: Final = ("Coverage", "Distinct", "Conflict", "Examples")
"""Columns that a narrow terminal does without, the first of them first."""
EXAMPLES: Final = 3
"""Values of each property that are shown, those that most records have."""
EXAMPLE_WIDTH: Final = 24
"""Characters of an example in a table; a text that is longer ends in an ellipsis there, and nowhere else."""


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """A property, and its values in some records, of which `having` have it; None where no records were asked."""

    prop: Property
    tally: ValueCounts | None = None
    having: int = 0

    @property
    def type(self) -> str:
        """The kind of its values, as a list where a record may have several; and whether the service has it not."""
        if self.prop.is_derived:
            return f"{self.prop.kind.word} (derived)"
        return f"list of {self.prop.kind.word}" if self.prop.is_many else self.prop.kind.word

    @property
    def is_valued(self) -> bool:
        """Whether it has values, and is not merely there."""
        return self.prop.kind.has_values

    @property
    def conflict(self) -> str:
        """`numeric in 812, text in 3`, or `unreadable in 2`; `""` where all values are of one type."""
        tally = self.tally
        if tally is None:
            return ""
        counts = {"numeric": 0, "text": 0, "unreadable": tally.unreadable}
        if self.prop.kind.type is ValueType.TEXT_OR_NUMBER:
            texts = sum(count for _, count in tally.top(tally.distinct - tally.distinct_numbers, texts_only=True))
            counts |= {"numeric": tally.number_count, "text": texts}
        parts = [f"{name} in {count:,}" for name, count in counts.items() if count]
        return ", ".join(parts) if len(parts) > 1 or tally.unreadable else ""

    def examples(self) -> list[Scalar]:
        """The values that most records have."""
        return [value for value, _ in self.tally.top(EXAMPLES)] if self.tally is not None and self.is_valued else []

    def members(self) -> dict[str, Any]:
        """The row for JSON."""
        row: dict[str, Any] = {"Name": self.prop.name, "Type": self.type}
        if self.tally is not None:
            row |= {"Records": self.having, "Coverage": round(self.having / self.tally.matching, 4)}
            if self.is_valued:
                row |= {"Distinct": self.tally.distinct}
                row |= {"Examples": [value_of(value, self.prop.kind) for value in self.examples()]}
            if self.conflict:
                row["Conflict"] = self.conflict
        if self.prop.enum:
            row["Values"] = list(self.prop.enum)
        return row

    def texts(self, width: int | None) -> list[str]:
        """The row for a table, without the allowed values, which would fill it; examples cut to a width if any."""
        row = [visible(self.prop.name), self.type]
        if self.tally is not None:
            row += [f"{self.having}", percent(self.having, self.tally.matching)]
            shown = [_shortened(text_of(value, self.prop.kind), width) for value in self.examples()]
            row += [f"{self.tally.distinct}" if self.is_valued else "", ", ".join(shown), self.conflict]
        return row


def _shortened(text: str, width: int | None) -> str:
    shown = visible(text) or '""'
    return shown if width is None or len(shown) <= width else f"{shown[: width - 1]}\N{HORIZONTAL ELLIPSIS}"


class SchemaVerb(DrawingVerb, PricedVerb):
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
        shown = [row for row in rows if folded(part) in folded(row.prop.name)]
        if rows and not shown:
            _warn_of_nothing(part, [row.prop.name for row in rows], self.stderr, has_source=opened is not None)
        with self.open_output() as stream:
            _write(stream, form.name, shown, Answer((), is_colored=self.is_colored, width=self.table_width))
        return exit_codes.DONE if opened is None else opened.exit_code

    def _observed(self, opened: OpenSources, resource: str | None) -> list[PropertyRow]:
        """What the records have, in the catalogue's order; with `--all`, then what none of them has."""
        result = opened.searcher.query({}, resource=resource)
        in_all = len(result)
        covered = result.coverage()
        counts = result.value_counts(tuple(covered))
        rows = [PropertyRow(prop, tally, having) for (prop, having), tally in zip(covered.items(), counts, strict=True)]
        derived = [prop for prop in result.schema.derived.values() if prop not in covered]
        of_derived = zip(derived, result.value_counts(derived), strict=True)
        rows += [PropertyRow(prop, tally, tally.present) for prop, tally in of_derived if tally.present]
        names = {prop.name for prop in covered}
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
            delimited.write_lines(stream, header, cells, "," if form == "csv" else "\t")
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
