"""The cells of a table of records as JSON values, and as the texts that people read.

Times have whole seconds. Control characters, which a terminal would obey, are written as escapes. It knows no format.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.frames import cell_text
from smsearch.frames.gather import Gatherer, first_members
from smsearch.frames.summary import Look
from smsearch.messages import visible
from smsearch.notebook import html
from smsearch.orjson_later import orjson
from smsearch.schema import notation
from smsearch.schema.value_kinds import ValueType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsearch.frames.summary import SummaryColumn
    from smsearch.notebook.html import Html
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record

_NUMERIC: Final = frozenset({ValueType.NUMBER, ValueType.TEXT_OR_NUMBER})


class RecordCells:
    """Called with a record, gives its cells: the JSON values of some properties, times as ISO 8601 in UTC."""

    def __init__(self, columns: Sequence[Property]) -> None:
        self._columns = columns
        self._gather = Gatherer(columns)
        self._members = first_members(columns)

    def __call__(self, record: Record) -> list[object]:
        """A cell for each property: a list where there may be several values, None where there is none."""
        row: list[object] = [None] * len(self._columns)
        for place, raws in self._gather(notation.document(record, notation.ISO, self._members)).items():
            row[place] = raws if self._columns[place].is_many else raws[0]
        return row


def rows_of(records: Iterable[Record], columns: Sequence[SummaryColumn], *, is_short: bool) -> list[list[str]]:
    """The text of each cell, a row a record; `is_short` as for `value_text`."""
    cells_of = RecordCells([prop for column in columns for prop in column.properties])
    rows = []
    for record in records:
        cells = iter(cells_of(record))
        rows.append([_cell(column, [next(cells) for _ in column.properties], is_short=is_short) for column in columns])
    return rows


def html_table(records: Sequence[Record], columns: Sequence[SummaryColumn]) -> Html:
    """The records as a table for a notebook, numbers in six significant digits."""
    header, numeric = [column.heading for column in columns], [column.is_numeric for column in columns]
    return html.table(header, rows_of(records, columns, is_short=True), numeric)


def _cell(column: SummaryColumn, cells: Sequence[object], *, is_short: bool) -> str:
    match column.look:
        case Look.DURATION:
            return cell_text.duration_text(cells[0])
        case Look.MACHINES:
            return visible(cell_text.machines_text(cells))
        case Look.VALUE:
            return value_text(cells[0], column.properties[0], is_short=is_short)


def value_text(cell: object, prop: Property, *, is_short: bool) -> str:
    """A JSON value as a table shows it; `is_short` rounds a number with a fraction to six significant digits."""
    if cell is None:
        return ""
    if prop.kind.is_time and isinstance(cell, str):
        return visible(cell_text.time_text(cell))
    if isinstance(cell, list) and all(isinstance(element, str) for element in cell):
        return visible(", ".join(cell))
    spelling = visible(text(cell))
    return cell_text.short_number(spelling) if is_short and prop.kind.type in _NUMERIC else spelling


def text(cell: object) -> str:
    """A cell that is there as text: a text itself, the JSON of anything else."""
    return cell if isinstance(cell, str) else orjson.dumps(cell).decode()
