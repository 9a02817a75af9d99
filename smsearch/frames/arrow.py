"""Records as an Arrow table, or as a stream of record batches.

A column's type is settled over all its values before the first batch is made, so that every batch has the
same schema and nothing is lost on the way. It does not choose columns (`columns.py`) nor types (`forms.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from smsearch.frames.forms import form_of
from smsearch.schema import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.frames.forms import Form
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record

BATCH_ROWS: Final = 65_536


@dataclass(frozen=True, slots=True)
class _Column:
    """A property whose type is settled; a property that may hold several values is a list."""

    prop: Property
    form: Form

    @property
    def type(self) -> pa.DataType:
        return pa.list_(self.form.type) if self.prop.is_many else self.form.type

    def array(self, records: Sequence[Record]) -> pa.Array:
        return pa.array((self._cell(record) for record in records), type=self.type, size=len(records))

    def _cell(self, record: Record) -> object:
        raws = read.raw_values(record.document, self.prop.steps)
        if not raws:
            return None
        return [self.form.read(raw) for raw in raws] if self.prop.is_many else self.form.read(raws[0])


def table(records: Sequence[Record], columns: Sequence[Property]) -> pa.Table:
    """The records as a table, a column for each property; what is absent is null."""
    return reader(records, columns).read_all()


def reader(
    records: Sequence[Record], columns: Sequence[Property], batch_rows: int = BATCH_ROWS
) -> pa.RecordBatchReader:
    """The records as a stream of batches of at most `batch_rows` rows, made as they are asked for."""
    settled = [_settled(prop, records) for prop in columns]
    schema = pa.schema([(column.prop.name, column.type) for column in settled])

    def batches() -> Iterator[pa.RecordBatch]:
        for start in range(0, len(records), batch_rows):
            rows = records[start : start + batch_rows]
            yield pa.RecordBatch.from_arrays([column.array(rows) for column in settled], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def _settled(prop: Property, records: Sequence[Record]) -> _Column:
    found = [raw for record in records for raw in read.raw_values(record.document, prop.steps)]
    return _Column(prop, form_of(prop.kind, found))
