"""The values of a property in the matches of several segments, as codes of one list of entries.

One segment's codes are taken as they are. Where several segments hold a property, or a JSON number and a text share a
spelling, entries are merged by value. This module knows no group and no sum.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from smsearch.columnar.aggregate import row_codes
from smsearch.engine.value_counts import place_of
from smsearch.frozen import frozen
from smsearch.numpy_later import np
from smsearch.schema.value_kinds import ValueType
from smsearch.schema.values import without_idle_zeros

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.aggregate import Matches
    from smsearch.engine.value_counts import Scalar
    from smsearch.schema.property import Property
    from smsearch.schema.value_kinds import Kind
    from smsearch.store.column import Column

    Texts = Sequence[Scalar]


@frozen
class DistinctValues:
    """Distinct values in order (row S3).

    Attributes:
        kind: The property's.
        array: int64 or float64: numbers, or int64: microseconds; None of other values, and of numbers with more digits.
        listed: Those other values.
    """

    kind: Kind
    array: NDArray[Any] | None = None
    listed: Texts = ()

    def __len__(self) -> int:
        return len(self.listed) if self.array is None else len(self.array)

    def value(self, code: int) -> Scalar:
        """The value of a code."""
        if self.array is None:
            return self.listed[code]
        if self.kind.is_time:
            return int(self.array[code])
        value = self.array[code].item()
        return without_idle_zeros(Decimal(value) if isinstance(value, int) else Decimal(repr(value)))


@frozen
class Gathered:
    """The values of a property in some records.

    Attributes:
        entries: The distinct ones.
        codes: Of each record, or of each element of a list: the place among the entries; from their number on and below
            `absent` it is a value that cannot be read.
        absent: The code of a record without the property.
        owners: int64, ascending: for each element the place of its record; None where there is a code for each record.
        total: How many records there are.
        is_complete: Whether it is known that every code is an entry's.
    """

    entries: DistinctValues
    codes: NDArray[Any]
    absent: int
    owners: NDArray[np.int64] | None
    total: int
    is_complete: bool = False

    def others(self, taken: NDArray[np.bool_]) -> int:
        """How many values are not among those that are taken, each once a record."""
        if self.owners is None and taken.all():
            return 0
        is_left = (self.codes < self.absent) & ~taken
        if self.owners is None:
            return int(np.count_nonzero(is_left))
        return len(np.unique(self.owners[is_left] * self.absent + self.codes[is_left]))


def gather(matches: Sequence[Matches], prop: Property) -> Gathered:
    """The values of a property in the matches; a record's place is counted through all segments.

    Args:
        matches: The matches of each segment.
        prop: A property whose values lie in one column of each segment.
    """
    counts = [count for _, _, count in matches]
    starts = list(accumulate(counts, initial=0))
    coded = [row_codes(reader, rows, prop) for reader, rows, _ in matches]
    if len(coded) == 1 and coded[0] is not None and not _has_twins(coded[0][0], prop.kind):
        column, codes, owners = coded[0]
        is_complete = column.present == column.row_count and not column.has_unreadable
        return Gathered(_entries(column, prop.kind), codes, column.absent, owners, starts[-1], is_complete)
    columns = [None if one is None else one[0] for one in coded]
    entries, places = _merged(columns, [None if one is None else one[1] for one in coded], prop.kind)
    absent = len(entries) + 1
    parts, owner_parts = [], []
    for one, place, start, count in zip(coded, places, starts, counts, strict=False):
        if one is None:
            parts.append(np.full(0 if prop.is_many else count, absent, np.int64))
            continue
        column, codes, owners = one
        parts.append(_translated(codes, place, column, absent))
        owner_parts += [] if owners is None else [owners + start]
    joined = np.concatenate(parts) if parts else np.empty(0, np.int64)
    if not prop.is_many:
        return Gathered(entries, joined, absent, None, starts[-1])
    owners_of_all = np.concatenate(owner_parts) if owner_parts else np.empty(0, np.int64)
    return Gathered(entries, joined, absent, owners_of_all, starts[-1])


def _has_twins(column: Column, kind: Kind) -> bool:
    """Whether entries are not distinct values in order: a JSON number and a text may share a spelling."""
    return kind.type is ValueType.TEXT_OR_NUMBER and (not kind.numerals_first or column.json_numbers is not None)


def _entries(column: Column, kind: Kind) -> DistinctValues:
    match kind.type:
        case ValueType.TIME:
            return DistinctValues(kind, column.in_order())
        case ValueType.NUMBER if column.exact is None:
            return DistinctValues(kind, column.in_order())
        case ValueType.NUMBER:
            return DistinctValues(
                kind, None, [without_idle_zeros(column.number(code)) for code in range(column.readable)]
            )
        case ValueType.BOOLEAN:
            return DistinctValues(kind, None, column.booleans)
        case ValueType.PRESENCE:
            return DistinctValues(kind)
        case ValueType.TEXT | ValueType.TEXT_OR_NUMBER:
            return DistinctValues(kind, None, column.texts)  # type: ignore[arg-type]  # it is read like a list


def _merged(
    columns: Sequence[Column | None], codes: Sequence[NDArray[Any] | None], kind: Kind
) -> tuple[DistinctValues, list[NDArray[np.int64]]]:
    """The entries of all columns, and for each column where its readable codes stand among them."""
    own = [DistinctValues(kind) if column is None else _entries(column, kind) for column in columns]
    arrays = [one.array for one in own if one.array is not None]
    if arrays and len(arrays) == sum(column is not None for column in columns) and len({a.dtype for a in arrays}) == 1:
        values, inverse = np.unique(np.concatenate(arrays), return_inverse=True)
        ends = np.cumsum([0 if one.array is None else len(one.array) for one in own])[:-1]
        return DistinctValues(kind, values), np.split(inverse, ends)
    used = [
        np.empty(0, np.int64) if some is None else np.unique(some[some < len(one)]).astype(np.int64)
        for some, one in zip(codes, own, strict=True)
    ]
    spelled = [[one.value(code) for code in some.tolist()] for some, one in zip(used, own, strict=True)]
    listed = sorted({value for part in spelled for value in part}, key=lambda value: place_of(value, kind))
    place_of_value = {value: place for place, value in enumerate(listed)}
    places = []
    for one, some, part in zip(own, used, spelled, strict=True):
        place = np.zeros(len(one), np.int64)
        place[some] = [place_of_value[value] for value in part]
        places.append(place)
    return DistinctValues(kind, None, listed), places


def _translated(codes: NDArray[Any], place: NDArray[np.int64], column: Column, absent: int) -> NDArray[np.int64]:
    """A segment's codes as those of all segments."""
    table = np.full(column.absent + 1, absent - 1, np.int64)
    table[: len(place)] = place
    table[column.absent] = absent
    return table.take(codes)
