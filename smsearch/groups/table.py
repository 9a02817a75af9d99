"""A table of groups: what an engine found, filtered, sorted and cut, for programs and for readers of Arrow."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from smsearch.engine.grouping import Best
from smsearch.engine.value_counts import number_of
from smsearch.facets.wording import text_of
from smsearch.frozen import frozen
from smsearch.groups.columns import KeyColumn, value_of
from smsearch.messages import visible
from smsearch.notebook import html
from smsearch.schema import value_kinds, values
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from smsearch.engine.grouping import Cell, GroupedRows
    from smsearch.engine.value_counts import Scalar
    from smsearch.groups.bind import BoundGrouping
    from smsearch.groups.columns import Column, Row
    from smsearch.schema.value_kinds import Kind

NAME_SUFFIX: Final = ".name"
"""Ends the title of the column that names the best record of each group."""


@frozen
class TableColumn:
    """A column of the table.

    Attributes:
        title: What it is called.
        kind: What its cells are.
        cells: One a group; None where there is nothing. A time is microseconds since 1970.
        labels: What each period is called; `()` of other columns.
    """

    title: str
    kind: Kind
    cells: tuple[Scalar | None, ...]
    labels: tuple[str, ...] = ()

    def plain(self) -> list[object]:
        """The cells as Python has them: a number is a `Decimal` where no `int` or `float` holds it, a time is aware."""
        return [_plain(cell, self.kind) for cell in self.cells]

    def texts(self) -> list[str]:
        """The cells for people: a period of the calendar by its name, `""` where there is nothing."""
        if self.labels:
            return list(self.labels)
        return ["" if cell is None else visible(text_of(cell, self.kind)) for cell in self.cells]


@frozen
class GroupTable:
    """Groups of the matches of a query, a row each.

    Iterating gives a dict a group. Readers of Arrow's C stream interface (pandas, Polars, DuckDB) take it as it is.

    Attributes:
        columns: The columns; the best of a group has its name in a column of its own.
        notes: What was left out of the groups or the numbers, a sentence each.
        total: How many groups there are, whatever the LIMIT.
    """

    columns: tuple[TableColumn, ...]
    notes: tuple[str, ...]
    total: int

    def __len__(self) -> int:
        return len(self.columns[0].cells) if self.columns else 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        titles = [column.title for column in self.columns]
        every = [column.plain() for column in self.columns]
        return (dict(zip(titles, row, strict=True)) for row in zip(*every, strict=True))

    def texts(self) -> list[list[str]]:
        """The cells for people, a row a group."""
        return [list(row) for row in zip(*(column.texts() for column in self.columns), strict=True)]

    def to_arrow(self) -> pa.Table:
        """The table in Arrow's types: integers int64, doubles float64, times in UTC to the microsecond.

        A number that neither holds makes its column a decimal, or text beyond 38 digits.
        """
        import pyarrow as pa

        from smsearch.frames.forms import form_of

        arrays = []
        for column in self.columns:
            plain = column.plain()
            form = form_of(column.kind, [cell for cell in plain if cell is not None])
            arrays.append(pa.array([None if cell is None else form.read(cell) for cell in plain], form.type))
        return pa.table(arrays, names=[column.title for column in self.columns])

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas is no dependency
        """The table as a pandas data frame, if pandas is installed."""
        from smsearch.frames import data_frames

        return data_frames.pandas_of(self.to_arrow())

    def to_polars(self) -> Any:  # noqa: ANN401 - polars is no dependency
        """The table as a Polars data frame, if Polars is installed."""
        from smsearch.frames import data_frames

        return data_frames.polars_of(self.to_arrow())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The table for any reader of Arrow's C stream interface."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def _repr_html_(self) -> str:
        """The first groups, for a notebook."""
        shown, columns = self.texts()[: html.ROWS_MAX], self.columns
        header, numeric = [column.title for column in columns], [column.kind.is_number for column in columns]
        cut = [f"the first {len(shown)} of {len(self):,}"] if len(shown) < len(self) else []
        return html.figure(f"{self.total:,} groups", [html.table(header, shown, numeric)], [*cut, *self.notes])

    def __repr__(self) -> str:
        titles = ", ".join(column.title for column in self.columns)
        return f"<smsearch.GroupTable: {len(self)} groups, {titles}>"


def make_table(grouped_rows: GroupedRows, bound: BoundGrouping, limit: int | None) -> GroupTable:
    """The table of what an engine found.

    Args:
        grouped_rows: What it found.
        bound: What it was asked, with the filter of groups and their order.
        limit: At most how many groups; None for all.
    """
    having = bound.having
    rows: list[Row] = list(zip(grouped_rows.keys, grouped_rows.cells, strict=True))
    rows = rows if having is None else [row for row in rows if having(row)]
    for column, order in reversed(bound.order):
        rows = _sorted(rows, column, order)
    first_rows = rows[:limit]
    columns = tuple(table_column for column in bound.columns for table_column in _columns(column, first_rows))
    return GroupTable(columns, tuple(_notes(grouped_rows, bound)), len(rows))


def _sorted(rows: Sequence[Row], column: Column, order: SortOrder) -> list[Row]:
    """Rows by one column; absent cells last in both orders, numbers before text (rows S2, S3)."""
    present = [row for row in rows if value_of(column.cell(row)) is not None]
    absent = [row for row in rows if value_of(column.cell(row)) is None]
    is_descending = order is SortOrder.DESCENDING
    return [*sorted(present, key=lambda row: _place(column, row), reverse=is_descending), *absent]


def _place(column: Column, row: Row) -> tuple[object, ...]:
    value = value_of(column.cell(row))
    number = number_of(value, column.kind) if isinstance(value, str) else value
    return (True, value) if number is None else (False, number)


def _columns(column: Column, rows: Sequence[Row]) -> Iterator[TableColumn]:
    cells = [column.cell(row) for row in rows]
    values = tuple(map(value_of, cells))
    if not isinstance(column, KeyColumn):
        yield TableColumn(column.title, column.kind, values)
        if column.has_names:
            yield TableColumn(f"{column.title}{NAME_SUFFIX}", value_kinds.TEXT, tuple(map(_name_of, cells)))
        return
    periods = column.periods
    labels = () if periods is None else tuple(periods.unit.name_of(at) if isinstance(at, int) else "" for at in values)
    yield TableColumn(column.title, column.kind, values, labels)


def _name_of(cell: Cell) -> str | None:
    return cell.name if isinstance(cell, Best) else None


def _plain(cell: Scalar | None, kind: Kind) -> object:
    """A cell as Python has it."""
    if cell is None:
        return None
    if kind.is_time and isinstance(cell, int):
        return values.datetime_of(min(max(cell, values.MICROS_MIN), values.MICROS_MAX))
    if not isinstance(cell, Decimal):
        return cell
    if kind.is_whole and cell.is_finite() and cell == int(cell):
        return int(cell)
    double = float(cell)
    return double if cell == Decimal(repr(double)) else cell


def _notes(grouped_rows: GroupedRows, bound: BoundGrouping) -> Iterator[str]:
    """What was left out, each property once."""
    for key, count in zip(bound.keys, grouped_rows.unreadable, strict=True):
        if count:
            yield f"{_values(count)} of {key.property.name} could not be read, and count as absent"
    sentences = {
        f"{_values(count)} of {aggregate.property.name} {'is' if count == 1 else 'are'} no number, and left out"
        for aggregate, count in zip(bound.aggregates, grouped_rows.left_out, strict=True)
        if count and aggregate.property is not None
    }
    yield from sorted(sentences)


def _values(count: int) -> str:
    return f"{count:,} value{'' if count == 1 else 's'}"
