"""Records as an Arrow table, or as a stream of record batches.

A column's type is settled over all its values before the first batch is made, so that every batch has the
same schema and nothing is lost on the way. It does not choose columns (`columns.py`) nor types (`forms.py`).
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from smsearch.frames.forms import form_of, read_as
from smsearch.frames.gather import Gatherer, first_members
from smsearch.frozen import frozen
from smsearch.schema import notation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from smsearch.engine.result_columns import ResultColumn, ResultColumns
    from smsearch.frames.forms import Form
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record

BATCH_ROWS: Final = 65_536
STREAM_ROWS: Final = 32_768
"""Of batches that may hold documents while they are made."""


@frozen
class _Column:
    """A property whose type is settled, and its raw values in the rows that have any.

    A property that may hold several values is a list.
    """

    prop: Property
    form: Form
    rows: Sequence[int]
    raws: Sequence[list[object]]

    @property
    def type(self) -> pa.DataType:
        return pa.list_(self.form.type) if self.prop.is_many else self.form.type

    def array(self, start: int, stop: int) -> pa.Array:
        cells: list[object] = [None] * (stop - start)
        for at in range(bisect_left(self.rows, start), bisect_left(self.rows, stop)):
            cells[self.rows[at] - start] = self._cell(self.raws[at])
        return pa.array(cells, type=self.type)

    def _cell(self, raws: list[object]) -> object:
        return [self.form.read(raw) for raw in raws] if self.prop.is_many else self.form.read(raws[0])


def table(records: Iterable[Record], columns: Sequence[Property]) -> pa.Table:
    """The records as a table, a column for each property; what is absent is null."""
    return reader(records, columns).read_all()


def reader(
    records: Iterable[Record], columns: Sequence[Property], batch_rows: int = BATCH_ROWS
) -> pa.RecordBatchReader:
    """The records as a stream of batches of at most `batch_rows` rows, made as they are asked for."""
    settled, row_count = _settled(records, columns)
    schema = pa.schema([(column.prop.name, column.type) for column in settled])

    def batches() -> Iterator[pa.RecordBatch]:
        for start in range(0, row_count, batch_rows):
            stop = min(start + batch_rows, row_count)
            yield pa.RecordBatch.from_arrays([column.array(start, stop) for column in settled], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def stream(matches: ResultColumns, columns: Sequence[Property], batch_rows: int = STREAM_ROWS) -> pa.RecordBatchReader:
    """As `reader`, of columns: only values that a column does not hold exactly are read from documents.

    Memory holds one batch, and the values that came from documents; of structures, not even those.
    """
    kept = {place: values for place, prop in enumerate(columns) if (values := matches.column(prop)) is not None}
    texts = [place for place, prop in enumerate(columns) if place not in kept and not prop.kind.has_values]
    others = [place for place in range(len(columns)) if place not in kept and place not in texts]
    read: dict[int, _Column | _StoredCells] = {
        place: _stored_cells(columns[place], values) for place, values in kept.items()
    }
    if others:
        settled, _ = _settled(_documents(matches, batch_rows), [columns[place] for place in others])
        read.update(zip(others, settled, strict=True))
    structures = [columns[place] for place in texts]
    types = [read[place].type if place in read else _type(prop) for place, prop in enumerate(columns)]
    schema = pa.schema([(prop.name, arrow_type) for prop, arrow_type in zip(columns, types, strict=True)])

    def batches() -> Iterator[pa.RecordBatch]:
        for start in range(0, len(matches), batch_rows):
            stop = min(start + batch_rows, len(matches))
            written = table(matches.records(start, stop), structures).columns if structures else []
            cells = {place: column.combine_chunks() for place, column in zip(texts, written, strict=True)}
            arrays = [cells[at] if at in cells else read[at].array(start, stop) for at in range(len(columns))]
            yield pa.RecordBatch.from_arrays(arrays, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


@frozen
class _StoredCells:
    """A property whose cells are taken from stored columns, in its type."""

    type: pa.DataType
    values: ResultColumn
    spelled: pa.Array | None

    def array(self, start: int, stop: int) -> pa.Array:
        return self.values.array(start, stop, self.spelled)


def _stored_cells(prop: Property, values: ResultColumn) -> _StoredCells:
    if values.spellings is None:
        return _StoredCells(_type(prop), values, None)
    form, cells = read_as(prop.kind, values.spellings)
    spelled = pa.array(cells, form.type)
    return _StoredCells(pa.list_(form.type) if prop.is_many else form.type, values, spelled)


def _type(prop: Property) -> pa.DataType:
    """The type of a property's column if its values are of its kind."""
    form = form_of(prop.kind, ())
    return pa.list_(form.type) if prop.is_many else form.type


def _documents(matches: ResultColumns, batch_rows: int) -> Iterator[Record]:
    for start in range(0, len(matches), batch_rows):
        yield from matches.records(start, min(start + batch_rows, len(matches)))


def _settled(records: Iterable[Record], columns: Sequence[Property]) -> tuple[list[_Column], int]:
    """The columns of the records, and how many rows they have; the records are read once.

    Structures are as the API's own JSON has them, in whatever spelling an export had their times.
    """
    gather = Gatherer(columns)
    structures = {place: prop for place, prop in enumerate(columns) if not prop.kind.has_values}
    members = first_members(structures.values())
    rows: list[list[int]] = [[] for _ in columns]
    raws: list[list[list[object]]] = [[] for _ in columns]
    row_count = 0
    for record in records:
        by_place = gather(record.document)
        if structures:
            on_the_wire = gather(notation.document(record, notation.WIRE, members))
            by_place.update((place, on_the_wire[place]) for place in structures.keys() & on_the_wire.keys())
        for place, values in by_place.items():
            rows[place].append(row_count)
            raws[place].append(values)
        row_count += 1
    forms = [form_of(prop.kind, list(chain.from_iterable(raws[place]))) for place, prop in enumerate(columns)]
    return [_Column(*column) for column in zip(columns, forms, rows, raws, strict=True)], row_count
