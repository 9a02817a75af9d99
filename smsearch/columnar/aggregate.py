"""Tallies over a store's columns: the codes of the rows that match are counted, and no document is read.

A column that stands alone answers from its own sorted entries. Where several segments hold a property, or JSON numbers
and texts of one spelling meet, values are counted together by what they are. Knows no facet and no request.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from smsearch.columnar.codes import number_place, numeric_entries, time_place
from smsearch.columnar.property_columns import in_one_column, members_of
from smsearch.engine.value_counts import DictValueCounts, begins_with
from smsearch.schema.value_kinds import ValueType
from smsearch.schema.values import UNREADABLE, Unreadable, without_idle_zeros
from smsearch.store.address import ROOT, address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.engine.value_counts import Number, Scalar, ValueCounts
    from smsearch.schema.property import Property
    from smsearch.schema.value_kinds import Kind
    from smsearch.store.column import Column
    from smsearch.store.store import SegmentReader
    from smsearch.store.table import Table

Matches = tuple["SegmentReader", "NDArray[Any] | None", int]
"""A segment, the rows of it that match (None if every row does), and how many they are."""


def value_counts(matches: Sequence[Matches], prop: Property) -> ValueCounts:
    """The values of a property among the rows of some segments."""
    if not in_one_column(prop):
        return _of_several(matches, prop)
    parts = [found for found in (_of_part(*match, prop) for match in matches) if found is not None]
    matching = sum(count for _, _, count in matches)
    if len(parts) == 1 and not parts[0].has_twins:
        parts[0].matching = matching
        return parts[0]
    counts: Counter[Scalar] = Counter()
    for part in parts:
        for value, count in part.items():
            counts[value] += count
    present, unreadable = sum(part.present for part in parts), sum(part.unreadable for part in parts)
    return DictValueCounts(counts, prop.kind, matching, present, unreadable)


def presence_count(matches: Sequence[Matches], prop: Property) -> int:
    """How many of the rows of some segments have a property."""
    if not in_one_column(prop):
        return sum(len(_facts(part, rows, prop)) for part, rows, _ in matches)
    total = 0
    for part, rows, _ in matches:
        plain = _plain_column(part, prop) if rows is None else None
        found = _codes(part, rows, prop) if plain is None else None
        total += plain.present if plain is not None else _having(*found) if found is not None else 0
    return total


def _of_several(matches: Sequence[Matches], prop: Property) -> DictValueCounts:
    """The values of a property of several columns: a record counts once for each, whichever columns hold it."""
    counts: Counter[Scalar | Unreadable] = Counter()
    present = 0
    for part, rows, _ in matches:
        facts = _facts(part, rows, prop)
        present += len(facts)
        for values in facts.values():
            counts.update(values)
    unreadable = counts.pop(UNREADABLE, 0)
    known = {value: count for value, count in counts.items() if not isinstance(value, Unreadable)}
    return DictValueCounts(known, prop.kind, sum(count for _, _, count in matches), present, unreadable)


def _facts(part: SegmentReader, rows: NDArray[Any] | None, prop: Property) -> dict[int, set[Scalar | Unreadable]]:
    """The different values of each record that has any, by the record's place among the rows."""
    facts: dict[int, set[Scalar | Unreadable]] = {}
    for member in members_of(prop):
        found = _codes(part, rows, member)
        if found is None:
            continue
        column, codes, owners = found
        there = np.flatnonzero(codes < column.absent)
        places = there if owners is None else owners[there]
        values: dict[int, Scalar | Unreadable] = {
            code: UNREADABLE if code >= column.readable else column.texts[code]
            for code in np.unique(codes[there]).tolist()
        }
        for place, code in zip(places.tolist(), codes[there].tolist(), strict=True):
            facts.setdefault(place, set()).add(values[code])
    return facts


def _of_part(part: SegmentReader, rows: NDArray[Any] | None, count: int, prop: Property) -> ColumnValueCounts | None:
    plain = _plain_column(part, prop) if rows is None else None
    if plain is not None:
        return ColumnValueCounts(plain, prop.kind, _entry_counts(plain), count, plain.present)
    found = _codes(part, rows, prop)
    if found is None:
        return None
    column, codes, owners = found
    counts = np.bincount(_once_an_owner(codes, owners, column.absent), minlength=column.absent + 1)
    return ColumnValueCounts(column, prop.kind, counts[: column.absent], count, _having(*found))


def _plain_column(part: SegmentReader, prop: Property) -> Column | None:
    """The column of a property that is in no list: what it says of itself spares a look at its rows."""
    place = address(prop.steps)
    return part.tables.records.column(place.column) if place.table == ROOT else None


def _entry_counts(column: Column) -> NDArray[Any]:
    """The rows of each entry, unreadable values being the last one."""
    if column.absent <= 1:
        return np.full(column.absent, column.present)
    if column.counts is not None:
        return column.counts.whole()
    return np.ones(column.absent, np.int64) if column.starts is None else np.diff(column.starts.whole())


def _codes(
    part: SegmentReader, rows: NDArray[Any] | None, prop: Property
) -> tuple[Column, NDArray[Any], NDArray[np.int64] | None] | None:
    """The column, the codes of rows or of their elements, and for elements the row's place; None if no row has it."""
    place = address(prop.steps)
    lineage = part.tables.lineage(place.table)
    table = part.tables.records if not lineage else lineage[-1]
    column = None if lineage is None else table.column(place.column)
    if lineage is None or column is None:
        return None
    if not lineage:
        return column, column.all_codes() if rows is None else column.codes_of(rows), None
    elements, owners = _elements(lineage, np.arange(part.entry.rows) if rows is None else rows)
    return column, column.codes_of(elements), owners


def _elements(lineage: Sequence[Table], rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
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
    """A tally of one column.

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
        """Whether entries are not a tally's values in its order: a JSON number and a text may share a spelling."""
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
            return int(self._column.micros.at(code))
        return self._column.number(code)

    def _value(self, code: int) -> Scalar:
        column = self._column
        if self._type is ValueType.TIME:
            return int(column.micros.at(code))
        if self._type is ValueType.BOOLEAN:
            return column.booleans[code]
        if self._type is ValueType.NUMBER:
            return without_idle_zeros(column.number(code))
        return column.texts[code]
