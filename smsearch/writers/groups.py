"""A table of groups as text, as Markdown, as delimited values, as JSON, and as Arrow's files.

In a table a period of the calendar is called by its name (`2024-06`); elsewhere it is the time at which it begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from smsearch.writers import delimited, tables
from smsearch.writers.facets import text_of, value_of

if TYPE_CHECKING:
    from smsearch.groups.table import GroupTable, TableColumn
    from smsearch.writers.answer import Answer


def write(stream: BinaryIO, form: str, table: GroupTable, look: Answer) -> None:
    """Writes the table in one of the formats of `group`.

    Args:
        stream: Where it is written.
        form: The name of the format.
        table: The groups.
        look: The width to fit, and whether colours may be used.
    """
    header = [column.title for column in table.columns]
    numeric = tuple(column.kind.is_number for column in table.columns)
    match form:
        case "table":
            uncut = tuple(column.kind.is_number or column.kind.is_time for column in table.columns)
            grid = tables.Grid(list(map(tables.visible, header)), _texts(table), numeric, uncut)
            tables.write_grid(stream, grid, look)
        case "md":
            tables.write_markdown_grid(stream, list(map(tables.visible, header)), _texts(table), numeric)
        case "csv" | "tsv":
            delimited.write_lines(stream, header, _values(table), "," if form == "csv" else "\t")
        case "jsonl":
            stream.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in _objects(table))
        case "json":
            stream.write(orjson.dumps(_objects(table), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        case _:
            from smsearch.writers import arrow  # it loads pyarrow

            write_batches = arrow.write_parquet if form == "parquet" else arrow.write_arrow
            write_batches(stream, table.to_arrow().to_reader())


def _texts(table: GroupTable) -> list[list[str]]:
    return [list(row) for row in zip(*map(_column_texts, table.columns), strict=True)]


def _column_texts(column: TableColumn) -> list[str]:
    if column.labels:
        return list(column.labels)
    return ["" if cell is None else tables.visible(text_of(cell, column.kind)) for cell in column.cells]


def _values(table: GroupTable) -> list[tuple[object, ...]]:
    """The cells of each group, for `orjson.dumps`."""
    columns = ([value_of(cell, column.kind) for cell in column.cells] for column in table.columns)
    return list(zip(*columns, strict=True))


def _objects(table: GroupTable) -> list[dict[str, Any]]:
    titles = [column.title for column in table.columns]
    return [dict(zip(titles, row, strict=True)) for row in _values(table)]
