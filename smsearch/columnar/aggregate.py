"""Value counts over a store's columns: the codes of the matching rows are counted, and no document is read.

One column alone answers from its own sorted entries. Where several segments hold a property, or a JSON number and a
text have the same spelling, counts are added up by value. This module knows no facet and no request.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from smsearch.columnar.codes import number_place, numeric_entries, time_place
from smsearch.columnar.operators.selection import ALL_ROWS_SHARE
from smsearch.columnar.property_columns import column_properties, in_one_column
from smsearch.engine.value_counts import DictValueCounts, begins_with
from smsearch.numpy_later import np
from smsearch.schema.value_kinds import ValueType
from smsearch.schema.values import UNREADABLE, Unreadable, without_idle_zeros
from smsearch.store.address import ROOT, address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.engine.value_counts import Number, Scalar, ValueCounts
    from smsearch.schema.property import Property
    from smsearch.schema.value_kinds import Kind
    from smsearch.store.child_table import ChildTable
    from smsearch.store.column import Column
    from smsearch.store.segment_reader import SegmentReader

Matches = tuple["SegmentReader", "NDArray[Any] | None", int]
"""A segment, the rows of it that match (None if every row does), and how many they are."""


def value_counts(matches: Sequence[Matches], prop: Property) -> ValueCounts:
    """The values of a property among the rows of some segments."""
    if not in_one_column(prop):
        return _of_several(matches, prop)
    columns = [counts for counts in (_of_segment(*match, prop) for match in matches) if counts is not None]
    matching = sum(count for _, _, count in matches)
    if len(columns) == 1 and not columns[0].has_twins:
        columns[0].matching = matching
        return columns[0]
    counts: Counter[Scalar] = Counter()
    for one in columns:
        for value, count in one.items():
            counts[value] += count
    present, unreadable = sum(one.present for one in columns), sum(one.unreadable for one in columns)
    return DictValueCounts(counts, prop.kind, matching, present, unreadable)


def presence_count(matches: Sequence[Matches], prop: Property) -> int:
    """How many of the rows of some segments have a property."""
    if not in_one_column(prop):
        return sum(len(_facts(reader, rows, prop)) for reader, rows, _ in matches)
    total = 0
    for reader, rows, _ in matches:
        plain = _plain_column(reader, prop) if rows is None else None
        coded = row_codes(reader, rows, prop) if plain is None else None
        total += plain.present if plain is not None else _having(*coded) if coded is not None else 0
    return total


def _of_several(matches: Sequence[Matches], prop: Property) -> DictValueCounts:
    """The values of a property of several columns: a record counts once for each, whichever columns hold it."""
    counts: Counter[Scalar | Unreadable] = Counter()
    present = 0
    for reader, rows, _ in matches:
        facts = _facts(reader, rows, prop)
        present += len(facts)
        for values in facts.values():
            counts.update(values)
    unreadable = counts.pop(UNREADABLE, 0)
    scalars = {value: count for value, count in counts.items() if not isinstance(value, Unreadable)}
    return DictValueCounts(scalars, prop.kind, sum(count for _, _, count in matches), present, unreadable)


def _facts(reader: SegmentReader, rows: NDArray[Any] | None, prop: Property) -> dict[int, set[Scalar | Unreadable]]:
    """The different values of each record that has any, by the record's place among the rows."""
    facts: dict[int, set[Scalar | Unreadable]] = {}
    for member in column_properties(prop):
        coded = row_codes(reader, rows, member)
        if coded is None:
            continue
        column, codes, owners = coded
        there = np.flatnonzero(codes < column.absent)
        places = there if owners is None else owners[there]
        values: dict[int, Scalar | Unreadable] = {
            code: UNREADABLE if code >= column.readable else column.texts[code]
            for code in np.unique(codes[there]).tolist()
        }
        for place, code in zip(places.tolist(), codes[there].tolist(), strict=True):
            facts.setdefault(place, set()).add(values[code])
    return facts


def _of_segment(
    reader: SegmentReader, rows: NDArray[Any] | None, count: int, prop: Property
) -> ColumnValueCounts | None:
    plain = _plain_column(reader, prop) if rows is None else None
    if plain is not None:
        return ColumnValueCounts(plain, prop.kind, _entry_counts(plain), count, plain.present)
    coded = row_codes(reader, rows, prop)
    if coded is None:
        return None
    column, codes, owners = coded
    counts = np.bincount(_once_an_owner(codes, owners, column.absent), minlength=column.absent + 1)
    return ColumnValueCounts(column, prop.kind, counts[: column.absent], count, _having(*coded))


def _plain_column(reader: SegmentReader, prop: Property) -> Column | None:
    """The column of a property that is in no list: what it says of itself spares a look at its rows."""
    place = address(prop.steps)
    return reader.tables.records.at(place) if place.table == ROOT else None


def _entry_counts(column: Column) -> NDArray[Any]:
    """The rows of each entry, unreadable values being the last one."""
    if column.absent <= 1:
        return np.full(column.absent, column.present)
    if column.counts is not None:
        return column.counts.whole()
    return np.ones(column.absent, np.int64) if column.offsets is None else np.diff(column.offsets.whole())


def row_codes(
    reader: SegmentReader, rows: NDArray[Any] | None, prop: Property
) -> tuple[Column, NDArray[Any], NDArray[np.int64] | None] | None:
    """The column, the codes of rows or of their elements, and for elements the row's place; None if no row has it."""
    place = address(prop.steps)
    lineage = reader.tables.lineage(place.table)
    table = reader.tables.records if not lineage else lineage[-1]
    column = None if lineage is None else table.at(place)
    if lineage is None or column is None:
        return None
    if not lineage:
        return column, column.all_codes() if rows is None else _codes_at(column, rows), None
    elements, owners = _elements(lineage, np.arange(reader.entry.rows) if rows is None else rows)
    return column, _codes_at(column, elements), owners


def _codes_at(column: Column, rows: NDArray[Any]) -> NDArray[Any]:
    """The code of each row; of many rows, from all codes, which are verified at once."""
    if len(rows) * ALL_ROWS_SHARE > column.row_count:
        return column.all_codes().take(rows)
    return column.codes_of(rows)


def _elements(lineage: Sequence[ChildTable], rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The elements of the last table that belong to records, and for each the place of its record among `rows`."""
    elements, owners = lineage[0].below(rows)
    for table in lineage[1:]:
        elements, above = table.below(elements)
        owners = owners[above]
    return elements, owners


def _once_an_owner(codes: NDArray[Any], owners: NDArray[np.int64] | None, absent: int) -> NDArray[Any]:
    """The codes with each one but once for each owner."""
    if owners is None or not len(codes):
        return codes
    width = absent + 1
    pairs = np.sort(owners * width + codes)
    first = np.ones(len(pairs), dtype=bool)
    first[1:] = np.diff(pairs) != 0
    once: NDArray[Any] = pairs[first] % width
    return once


def _having(column: Column, codes: NDArray[Any], owners: NDArray[np.int64] | None) -> int:
    present = codes < column.absent
    if owners is None:
        return int(np.count_nonzero(present))
    ascending = owners[present]
    return int(np.count_nonzero(np.diff(ascending))) + bool(len(ascending))


class ColumnValueCounts:
    """The value counts of one column.

    Attributes:
        matching: As in `ValueCounts`.
        present: As in `ValueCounts`.
        unreadable: As in `ValueCounts`.
    """

    def __init__(self, column: Column, kind: Kind, counts: NDArray[Any], matching: int, present: int) -> None:
        self._column = column
        self._kind = kind
        self._type = kind.type
        self._counts = counts[: column.readable]
        self._measured = numeric_entries(column) if kind.is_measured else 0
        self.matching = matching
        self.present = present
        self.unreadable = int(counts[column.readable]) if column.has_unreadable else 0

    @property
    def has_twins(self) -> bool:
        """Whether entries are not distinct values in order: a JSON number and a text may share a spelling."""
        has_texts_apart = self._type is ValueType.TEXT_OR_NUMBER and not self._kind.numerals_first
        return has_texts_apart or self._column.json_numbers is not None

    @property
    def distinct(self) -> int:
        """As in `ValueCounts`."""
        return int(np.count_nonzero(self._counts)) if self._is_valued else 0

    @property
    def _is_valued(self) -> bool:
        """Whether entries are values, and not the mere being there of a structure."""
        return self._kind.has_values

    @property
    def number_count(self) -> int:
        """As in `ValueCounts`."""
        return int(self._before[-1])

    @property
    def distinct_numbers(self) -> int:
        """As in `ValueCounts`."""
        return int(np.count_nonzero(self._counts[: self._measured]))

    @cached_property
    def _before(self) -> NDArray[np.int64]:
        """How many occurrences stand before each measured entry, and in all."""
        before = np.zeros(self._measured + 1, dtype=np.int64)
        np.cumsum(self._counts[: self._measured], out=before[1:])
        return before

    def items(self, prefix: str = "") -> Iterator[tuple[Scalar, int]]:
        """As in `ValueCounts`."""
        if not self._is_valued:
            return
        first = self._column.texts.place(prefix) if self._type is ValueType.TEXT and prefix else 0
        for code in (first + np.flatnonzero(self._counts[first:])).tolist():
            value = self._value(code)
            if begins_with(value, prefix):
                yield value, int(self._counts[code])
            elif self._type is ValueType.TEXT:  # sorted: none that follows begins so
                return

    def top(self, count: int, *, texts_only: bool = False) -> list[tuple[Scalar, int]]:
        """As in `ValueCounts`."""
        if not self._is_valued:
            return []
        first = self._measured if texts_only else 0
        counts = self._counts[first:].astype(np.int64)  # the widest, since ranks are large
        codes = np.flatnonzero(counts)
        ranks = counts[codes] * (len(counts) + 1) - codes  # most first, then the first in order
        if len(codes) > count:
            chosen = np.argpartition(-ranks, count)[:count]
            codes, ranks = codes[chosen], ranks[chosen]
        codes = codes[np.argsort(-ranks)]
        return [(self._value(first + code), int(counts[code])) for code in codes.tolist()]

    def below(self, bound: Number) -> int:
        """As in `ValueCounts`."""
        if self._type is ValueType.TIME:
            place = time_place(self._column, int(bound), after=False)
        else:
            place = number_place(self._column, Decimal(bound), after=False)
        return int(self._before[place])

    def at(self, rank: int) -> Number:
        """As in `ValueCounts`."""
        code = int(np.searchsorted(self._before, rank, "right")) - 1
        if self._type is ValueType.TIME:
            return int(self._column.dictionary.sort_value(code))  # type: ignore[arg-type]  # a time is an integer
        return self._column.number(code)

    def _value(self, code: int) -> Scalar:
        column = self._column
        if self._type is ValueType.TIME:
            return int(column.dictionary.sort_value(code))  # type: ignore[arg-type]  # a time is an integer
        if self._type is ValueType.BOOLEAN:
            return column.booleans[code]
        if self._type is ValueType.NUMBER:
            return without_idle_zeros(column.number(code))
        return column.texts[code]
