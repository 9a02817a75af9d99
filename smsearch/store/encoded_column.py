"""A column in memory, encoded: the distinct values in order, and the code of each row; and how it is laid out at rest.

It chooses the narrowest form of each array. It knows no type of value and no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from smsearch.frozen import replace
from smsearch.numpy_later import np
from smsearch.store import sorted_index
from smsearch.store.column_metadata import ColumnMetadata

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.store.column_metadata import DictionaryMetadata

    Arrays = NDArray[Any]
    Coded = tuple[NDArray[np.uint32], NDArray[np.uint32]]
    """Rows, and the code of each."""

DENSE_FROM: Final = 4
"""A column is dense when at least one row in this many has it; below, listing the rows is smaller."""

_LOOKED_UP_AT_ONCE: Final = 1 << 16


class EncodedColumn(NamedTuple):
    """A column before it is laid out.

    Attributes:
        rows: uint32, ascending: the rows that have the property.
        codes: uint32, one for each of `rows`: the value's place in the dictionary. The code `readable` stands for
            values that are there and cannot be read as the column's kind.
        readable: How many values the dictionary has.
        sort_groups: uint32, one for each value: values that sort alike share a group; None where each is its own.
        dictionary: The values.
    """

    rows: NDArray[np.uint32]
    codes: NDArray[np.uint32]
    readable: int
    sort_groups: NDArray[np.uint32] | None
    dictionary: DictionaryMetadata[Arrays]


def encoded_column(
    parts: Sequence[Coded],
    readable: int,
    dictionary: DictionaryMetadata[Arrays],
    sort_groups: NDArray[np.uint32] | None = None,
) -> EncodedColumn:
    """Joins the parts of a column by row."""
    parts = [part for part in parts if len(part[0])]
    if len(parts) == 1:
        rows, codes = parts[0]
    else:
        rows = np.concatenate([part[0] for part in parts]) if parts else np.empty(0, np.uint32)
        codes = np.concatenate([part[1] for part in parts]) if parts else np.empty(0, np.uint32)
        rows, codes = by_row(rows, codes)
    return EncodedColumn(rows, codes, readable, sort_groups, dictionary)


def distinct_numbers(numbers: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.uint32]]:
    """The different ones of some numbers, ascending, and the place of each number among them; none is NaN.

    `np.unique` takes four times the memory: of a list's times, five million in a million jobs, they are most of it.
    """
    entries = np.sort(numbers)
    is_first = np.ones(len(entries), bool)
    np.not_equal(entries[1:], entries[:-1], out=is_first[1:])
    entries = entries[is_first]
    places = np.empty(len(numbers), np.uint32)
    for start in range(0, len(numbers), _LOOKED_UP_AT_ONCE):
        some = slice(start, start + _LOOKED_UP_AT_ONCE)
        places[some] = entries.searchsorted(numbers[some])
    return entries, places


def by_row(rows: NDArray[np.uint32], codes: NDArray[np.uint32]) -> Coded:
    """Rows in ascending order, and the code of each."""
    order = np.argsort(rows, kind="stable")
    return rows[order], codes[order]


def unreadable_rows(rows: Sequence[int] | NDArray[np.uint32], readable: int) -> Coded:
    """The part of a column whose values cannot be read: the code after the last value."""
    return np.array(rows, np.uint32), np.full(len(rows), readable, np.uint32)


def laid_out(
    encoded: EncodedColumn, row_count: int, tiebreak_rank: NDArray[np.uint32] | None
) -> ColumnMetadata[Arrays]:
    """A column as it is written.

    Args:
        encoded: The column.
        row_count: Rows of the table.
        tiebreak_rank: uint32, one for each row: the order of rows that sort alike; None is the order of the rows.
    """
    present = len(encoded.rows)
    has_unreadable = bool(present) and int(encoded.codes.max()) == encoded.readable
    column: ColumnMetadata[Arrays] = ColumnMetadata(present, encoded.readable, has_unreadable, encoded.dictionary)
    count = column.code_count
    if count == 1 and present == row_count:
        return column  # every row has the same value: nothing more to say
    keys = encoded.codes
    if encoded.sort_groups is not None:
        last = int(encoded.sort_groups[-1]) + 1 if len(encoded.sort_groups) else 0
        keys = np.append(encoded.sort_groups, np.uint32(last))[encoded.codes]
        counts = np.bincount(encoded.codes, minlength=count).astype(np.uint32)
        column = replace(column, sort_groups=encoded.sort_groups, counts=counts)
    sorted_rows, offsets = sorted_index.sorted_by(encoded.rows, keys, tiebreak_rank)
    column = replace(column, sorted_rows=sorted_rows, offsets=offsets)
    if present * DENSE_FROM >= row_count:
        dense = np.full(row_count, count, dtype=np.min_scalar_type(count))
        dense[encoded.rows] = encoded.codes
        return replace(column, codes=dense)
    codes = encoded.codes.astype(np.min_scalar_type(count)) if count > 1 else None
    return replace(column, rows=encoded.rows, codes=codes)
