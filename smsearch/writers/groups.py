"""A table of groups as text, as Markdown, as delimited values, as JSON, and as Arrow's files.

In a table a period of the calendar is called by its name (`2024-06`); elsewhere it is the time at which it begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from smsearch.facets.wording import value_of
from smsearch.frames.cell_text import short_number
from smsearch.messages import visible
from smsearch.writers import delimited, documents, tables
from smsearch.writers.grid import Fit, Grid

if TYPE_CHECKING:
    from smsearch.groups.table import GroupTable
    from smsearch.writers.answer import Answer


def write(stream: BinaryIO, form: str, table: GroupTable, look: Answer) -> None:
    """Writes the table in one of the formats of `group`.

    Args:
        stream: Where it is written.
        form: The name of the format.
        table: The groups.
        look: The width to fit, whether colours may be used, and whether CSV is made safe.
    """
    header = [column.title for column in table.columns]
    numeric = tuple(column.kind.is_number for column in table.columns)
    match form:
        case "table":
            _write_table(stream, table, look)
        case "long":
            tables.write_records(stream, list(map(visible, header)), table.texts(), look)
        case "md":
            tables.write_markdown_grid(stream, list(map(visible, header)), table.texts(), numeric)
        case "csv" | "tsv":
            delimited.write_lines(stream, header, _values(table), form, is_safe=look.is_csv_safe)
        case "json" | "jsonl":
            documents.write_objects(stream, form, _objects(table))
        case _:
            from smsearch.writers import arrow  # it loads pyarrow

            write_batches = arrow.write_parquet if form == "parquet" else arrow.write_arrow
            write_batches(stream, table.to_arrow().to_reader())


def _write_table(stream: BinaryIO, table: GroupTable, look: Answer) -> None:
    """Writes a table; on a terminal numbers have six significant digits, and what does not fit comes group by group."""
    if not len(table):
        return  # headings alone say nothing
    kinds = [column.kind for column in table.columns]
    numeric = [kind.is_number for kind in kinds]
    rows = table.texts()
    if look.width is not None:
        rows = [
            [short_number(cell) if is_number else cell for cell, is_number in zip(row, numeric, strict=True)]
            for row in rows
        ]
    fits = [Fit.HEADING if kind.is_number or kind.is_time else Fit.FOLD for kind in kinds]
    header = [visible(column.title) for column in table.columns]
    grid = Grid(header, rows, numeric, fits)
    if look.width is None or grid.is_within(look.width):
        tables.write_grid(stream, grid, look)
    else:
        tables.write_records(stream, header, rows, look)


def _values(table: GroupTable) -> list[tuple[object, ...]]:
    """The cells of each group, for `orjson.dumps`."""
    columns = ([value_of(cell, column.kind) for cell in column.cells] for column in table.columns)
    return list(zip(*columns, strict=True))


def _objects(table: GroupTable) -> list[dict[str, Any]]:
    titles = [column.title for column in table.columns]
    return [dict(zip(titles, row, strict=True)) for row in _values(table)]
