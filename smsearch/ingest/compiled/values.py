"""What the compiled reader hands out, as runs keep it: arrays, and columns under their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa

from smsearch.store.buffered_values import BufferedValues

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smsearch.ingest.compiled._reader import Column, Reader
    from smsearch.ingest.compiled.layout import ColumnPlace, Layout


WRAPPED: Final = 1
"""The mark of a record that stood under its key, as in a result of Search."""
SUMMARY: Final = 2
"""The mark of a record with nothing that a List operation does not say."""


class ReadRecords(NamedTuple):
    """Records that were read one after another.

    Attributes:
        documents: The stored documents, each with a comma behind it.
        lengths: The bytes of each, comma included.
        places: The line of each, or its position in a list.
        marks: Of each `WRAPPED` and `SUMMARY`, or 0.
        arns: The ARN of each, or `""`.
        names: The name of each, or `""`.
        versions: The version of each, or `""`.
        modified: LastModifiedTime of each, as in `Identities`.
        naive_times: How many of their times had no offset.
    """

    documents: bytes
    lengths: list[int]
    places: list[int]
    marks: bytes
    arns: list[str]
    names: list[str]
    versions: list[str]
    modified: list[int]
    naive_times: int


def read_records(reader: Reader) -> ReadRecords:
    """What was read of records since the last time."""
    documents, lengths, places, marks, arns, names, versions, modified, naive_times = reader.take_records()
    return ReadRecords(
        documents,
        np.frombuffer(lengths, np.uint32).tolist(),
        np.frombuffer(places, np.int64).tolist(),
        marks,
        arns,
        names,
        versions,
        np.frombuffer(modified, np.int64).tolist(),
        naive_times,
    )


def columns(reader: Reader, layout: Layout) -> list[tuple[ColumnPlace, BufferedValues]]:
    """The columns that have values, which the reader forgets."""
    return [(_place(one, layout), _values(one)) for one in reader.take_columns()]


def tables(reader: Reader, layout: Layout) -> dict[str, NDArray[np.uint32]]:
    """Of each list that was met, the row above each element, by the path of its table; the reader forgets the rows."""
    every = zip(layout.tables, reader.take_tables(), strict=True)
    return {path: np.frombuffer(rows, np.uint32) for path, rows in every if rows is not None}


def _place(column: Column, layout: Layout) -> ColumnPlace:
    number, key, target = column[:3]
    return layout.columns[number] if target < 0 else layout.keys[number].column(key, target)


def _values(column: Column) -> BufferedValues:
    (text_rows, text_codes, offsets, utf8, integer_rows, integers) = column[3:9]
    (float_rows, floats, boolean_rows, booleans) = column[9:]
    count = len(offsets) // np.dtype(np.int64).itemsize - 1
    return BufferedValues(
        text_rows=np.frombuffer(text_rows, np.uint32),
        text_codes=np.frombuffer(text_codes, np.uint32),
        texts=pa.Array.from_buffers(pa.large_string(), count, [None, pa.py_buffer(offsets), pa.py_buffer(utf8)]),
        integer_rows=np.frombuffer(integer_rows, np.uint32),
        integers=np.frombuffer(integers, np.int64),
        float_rows=np.frombuffer(float_rows, np.uint32),
        floats=np.frombuffer(floats, np.float64),
        boolean_rows=np.frombuffer(boolean_rows, np.uint32),
        booleans=np.frombuffer(booleans, np.uint8).astype(np.bool_),
    )
