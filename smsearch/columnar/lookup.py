"""Looks things up in one segment without a predicate: records by name, texts near another, names of columns.

A dictionary holds the values that were stored, not those that are live: a text may be that of superseded records only.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING

from smsearch.columnar.codes import number_place
from smsearch.columnar.property_columns import column_properties
from smsearch.numpy_later import np
from smsearch.schema import values
from smsearch.schema.observe import name_of_column
from smsearch.schema.origin import record_source
from smsearch.schema.parsed import ParsedDocuments
from smsearch.store.address import LEVEL, PIECE, address, escaped, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.schema.names import Schema
    from smsearch.schema.origin import RecordSource
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record
    from smsearch.store.column import Column
    from smsearch.store.segment_reader import SegmentReader


def records_at(reader: SegmentReader, rows: NDArray[np.uint32]) -> Sequence[Record]:
    """The records of some rows."""
    exported = partial(reader.exported, rows)
    return ParsedDocuments(reader.entry.resource, reader.documents(rows), exported, lambda _: reader.entry.file)


def sources_at(reader: SegmentReader, rows: NDArray[np.uint32]) -> list[RecordSource]:
    """Where the records of some rows came from."""
    superseded = reader.counts.superseded(rows)
    return [record_source(*pair) for pair in zip(reader.sources.of(rows), superseded, strict=True)]


def rows_with_text(reader: SegmentReader, path: Sequence[str], text: str) -> NDArray[np.uint32]:
    """The rows of the live records whose ARN or name, which stands at a path, is a text."""
    column = reader.tables.records.column(PIECE.join(path))
    codes = None if column is None else _codes_of(column, text)
    if column is None or codes is None:
        return np.empty(0, np.uint32)
    rows = column.rows_at(column.start(codes[0]), column.start(codes[1]))
    return rows if reader.dead is None else rows[~np.isin(rows, reader.dead)]


def _codes_of(column: Column, text: str) -> tuple[int, int] | None:
    """The codes of an ARN or a name, from the first to before the second; None if no record has it."""
    if column.has_texts:
        code = column.texts.find(text)
        return None if code is None else (code, code + 1)
    number = values.parse_number(text)  # the name of a version
    if number is None:
        return None
    return number_place(column, number, after=False), number_place(column, number, after=True)


def is_live(reader: SegmentReader, path: Sequence[str]) -> bool:
    """Whether a live record has the field at a path, one that the service model does not know."""
    if reader.dead is None:
        return True
    column = reader.tables.records.column(PIECE.join(map(escaped, path)))
    if column is None or column.present > len(reader.dead):
        return column is not None
    return not np.isin(column.rows_at(0, column.present), reader.dead).all()


def family_names(reader: SegmentReader, schema: Schema) -> Iterator[str]:
    """The names in the user's own families (`Metrics.loss`, `Tags.team`) that columns of the records are for."""
    names = (name_of_column(names_in(key), schema, is_whole=True) for key in reader.tables.records.column_keys())
    return (name for name in names if name is not None)


def column_names(reader: SegmentReader, schema: Schema) -> Iterator[str]:
    """The names in the user's own families with each of their suffixes, those inside lists too."""
    for table in reader.tables.all():
        levels = [names_in(level) for level in table.path.split(LEVEL) if level]
        names = (name_of_column(names_in(key), schema, levels) for key in table.column_keys())
        yield from (name for name in names if name is not None)


def spellings(reader: SegmentReader, prop: Property, near: str, at_most: int) -> list[str]:
    """At most `at_most` texts of each column of a property, as many on either side of `near` as there are."""
    return [text for member in column_properties(prop) for text in _of_column(reader, member, near, at_most)]


def _of_column(reader: SegmentReader, prop: Property, near: str, at_most: int) -> list[str]:
    place = address(prop.steps)
    table = reader.tables.get(place.table)
    column = None if table is None else table.at(place)
    if column is None or not column.has_texts:
        return []
    first = len(column.numbers) if column.is_numeric else 0  # numbers stand before texts
    texts = column.texts
    middle = first + bisect_left(range(first, column.readable), near.encode("utf-8", "replace"), key=texts.encoded)
    start = max(first, min(middle - at_most // 2, column.readable - at_most))
    return [texts[code] for code in range(start, min(start + at_most, column.readable))]
