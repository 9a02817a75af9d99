"""Finds a page, or counts, without NumPy: loading it costs a process that answers one question more than the answer.

It answers conjunctions of conditions that are each a range of codes of one column of the records, sorted by one stored
column. `codes.py` turns conditions into codes and `operators/order.py` an order into positions, here as elsewhere, over
the plain face of the store's readers; so both paths give the same pages and cursors. A query that is not of this form,
or for which too many rows would be looked at one by one, raises `NotShortError`, and the engine answers it otherwise.
"""

from __future__ import annotations

import heapq
import sys
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from smsearch.columnar import ranges
from smsearch.columnar.codes import passing
from smsearch.columnar.operators.order import SegmentOrder
from smsearch.engine.cursor import pack, unpack
from smsearch.engine.engine import Page
from smsearch.predicate.order import rank
from smsearch.predicate.predicate import (
    Always,
    And,
    BooleanIs,
    Match,
    Not,
    NumberIs,
    Present,
    Reading,
    TextIn,
    TextOrNumberIs,
    TimestampIs,
)
from smsearch.schema import catalogue
from smsearch.schema.parsed import ParsedDocuments
from smsearch.schema.property import Computed, EachMember, Elements, Entries
from smsearch.store.address import PIECE, address
from smsearch.store.footer import outside
from smsearch.store.plain_array import CAN_READ

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.columnar.ranges import Ranges
    from smsearch.engine.cursor import Cursor
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate, Test
    from smsearch.schema.property import Property
    from smsearch.store.column import Column
    from smsearch.store.segment_reader import SegmentReader

ROWS_MAX: Final = 10_000
"""Rows that are looked at one by one, 4 microseconds each: as much as loading NumPy costs."""
_SCATTERED: Final = (Computed, EachMember, Elements, Entries)
"""Steps to values that do not lie in one stored column of the records."""


class NotShortError(Exception):
    """The query needs the full engine."""


def is_open() -> bool:
    """Whether the short path is shorter: once NumPy is loaded, arrays are quicker."""
    return CAN_READ and "numpy" not in sys.modules


class _Match(NamedTuple):
    """A match: its segment's position in the order, and its row."""

    position: int
    row: int


class _Condition(NamedTuple):
    """The codes of a column that pass; that of an absent value may be one of them."""

    column: Column
    codes: Ranges

    @property
    def row_count(self) -> int:
        """How many rows pass, superseded ones included."""
        absent = self.column.absent
        count = self.column.count_in(ranges.intersection(self.codes, ((0, absent),)))
        return count + (self.column.row_count - self.column.present if self._has(absent) else 0)

    def holds(self, row: int) -> bool:
        """Whether a row passes."""
        return self._has(self.column.code_of(row))

    def _has(self, code: int) -> bool:
        return any(low <= code < high for low, high in self.codes)

    def places(self) -> Ranges | None:
        """Where in the column's order the rows stand that pass; None if absent values pass, or groups are split."""
        if self.column.sort_groups is not None or self._has(self.column.absent):
            return None
        return tuple((self.column.start(low), self.column.start(high)) for low, high in self.codes)


class ShortSegment:
    """One segment under a conjunction; an empty one has no match."""

    def __init__(self, reader: SegmentReader, terms: Sequence[tuple[Property, Test, bool]]) -> None:
        self.reader = reader
        self.table = reader.plain_tables.records
        self._deleted = frozenset(reader.deleted or ())
        self.is_empty = False
        conditions: dict[int, _Condition] = {}
        for prop, test, is_positive in terms:
            column = self.table.at(address(prop.steps))
            if column is None:
                self.is_empty |= is_positive
                continue
            codes = _codes(test, column)
            codes = codes if is_positive else ranges.complement(codes, column.absent + 1)
            beside = conditions.get(id(column))
            codes = codes if beside is None else ranges.intersection(codes, beside.codes)
            conditions[id(column)] = _Condition(column, codes)
            self.is_empty |= not codes
        self._conditions = sorted(conditions.values(), key=lambda condition: condition.row_count)

    def count(self) -> int:
        """How many rows match.

        Raises:
            StoreError: The segment counts more than it has, or fewer than none.
        """
        count = self._counted()
        if not 0 <= count <= self.table.row_count:
            raise outside(self.reader.entry.file)
        return count

    def _counted(self) -> int:
        if self.is_empty:
            return 0
        if len(self._conditions) > 1:
            return sum(1 for _ in self._candidates())
        _bound(len(self._deleted))
        deleted = sum(1 for row in self._deleted if all(one.holds(row) for one in self._conditions))
        return (self._conditions[0].row_count if self._conditions else self.table.row_count) - deleted

    def matches(self, order: SegmentOrder, position: int, size: int) -> Iterator[_Match]:
        """The matches from a position of an order on; a caller takes about `size`."""
        if self.is_empty:
            return iter(())
        own = next((one for one in self._conditions if one.column is order.column), None)
        slices = order.regions if own is None else order.slices(own.codes)
        others = [one for one in self._conditions if one is not own] if slices is not None else self._conditions
        fewest = self._conditions[0] if self._conditions else None
        share = fewest.row_count / self.table.row_count if others and fewest else 1.0
        if fewest is not None and share * ROWS_MAX < size and fewest.places() is not None:
            rows = sorted(self._candidates(), key=order.key_of)
            found = (_Match(order.position_of(row), row) for row in rows)
            return (match for match in found if match.position >= position)
        return self._scanned(order, position, order.regions if slices is None else slices, others)

    def _scanned(
        self, order: SegmentOrder, position: int, slices: Ranges, others: Sequence[_Condition]
    ) -> Iterator[_Match]:
        read = 0
        for start, stop in slices:
            for at, row in order.walk(max(start, position), stop):
                read += 1
                _bound(read)
                if row not in self._deleted and all(one.holds(row) for one in others):
                    yield _Match(at, row)

    def _candidates(self) -> Iterator[int]:
        """The rows that match, from those of the condition that fewest pass."""
        fewest, *others = self._conditions
        _bound(fewest.row_count)
        places = fewest.places()
        if places is None:
            raise NotShortError
        for start, stop in places:
            for row in map(fewest.column.row_at, range(start, stop)):
                if row not in self._deleted and all(one.holds(row) for one in others):
                    yield row

    def identity(self, row: int) -> tuple[str, ...]:
        """ARN, name and version of a row (row S4)."""
        paths = catalogue.resource(self.reader.entry.resource).identity
        return tuple(self._text(self.table.column(PIECE.join(path)), row) for path in paths)

    def _text(self, column: Column | None, row: int) -> str:
        if column is None:
            return ""
        if not column.has_texts:
            raise NotShortError  # the name of a version, a number as the document spells it
        code = column.code_of(row)
        return column.texts[code] if code < column.readable else ""


def count(readers: Sequence[SegmentReader], predicate: Predicate) -> int:
    """How many records match.

    Raises:
        NotShortError: The query needs the full engine.
    """
    terms = _terms(predicate)
    return sum(ShortSegment(reader, terms).count() for reader in readers)


def find_page(
    readers: Sequence[SegmentReader], predicate: Predicate, key: SortKey, cursor: Cursor, size: int, total: int | None
) -> Page:
    """At most `size` matches from a cursor on that a page has given out; see `Engine.page`.

    Raises:
        NotShortError: The query needs the full engine.
    """
    terms = _terms(predicate)
    if key.then is not None or isinstance(key.property.steps[-1], _SCATTERED) or not readers:
        raise NotShortError
    segments = [ShortSegment(reader, terms) for reader in readers]
    if any(segment.reader.has_exported for segment in segments):
        raise NotShortError
    total = sum(segment.count() for segment in segments) if total is None else total
    orders = [SegmentOrder(segment.table, key) for segment in segments]
    positions = unpack(cursor) or (0,) * len(segments)
    matches = [
        list(islice(segment.matches(order, position, size), size + 1))
        for segment, order, position in zip(segments, orders, positions, strict=True)
    ]
    first = list(islice(_merged(segments, orders, matches, key), size + 1))
    stored = [segments[number].reader.stored_document(match.row) for number, match in first[:size]]
    next_cursor = None
    if len(first) > size:
        used = Counter(number for number, _ in first[:size])
        heads = [own[used[number]].position if used[number] < len(own) else None for number, own in enumerate(matches)]
        ends = (order.end for order in orders)
        next_cursor = pack(tuple(end if head is None else head for head, end in zip(heads, ends, strict=True)))
    files = [readers[number].entry.file for number, _ in first]
    return Page(ParsedDocuments(readers[0].entry.resource, stored, None, files.__getitem__), next_cursor, total, stored)


def _merged(
    segments: Sequence[ShortSegment], orders: Sequence[SegmentOrder], matches: Sequence[list[_Match]], key: SortKey
) -> Iterator[tuple[int, _Match]]:
    """The matches of all segments in one order, by sort value, then by ARN, name and version; each with its segment."""
    if len(segments) == 1:
        return ((0, match) for match in matches[0])

    def ranked(number: int) -> Iterator[tuple[Any, ...]]:
        segment, order = segments[number], orders[number]
        for match in matches[number]:
            yield rank(order.value_of(match.row), key), segment.identity(match.row), number, match

    return ((number, match) for *_, number, match in heapq.merge(*map(ranked, range(len(segments)))))


def _bound(rows: int) -> None:
    """Refuses to look at more rows than loading NumPy costs."""
    if rows > ROWS_MAX:
        raise NotShortError


def _terms(predicate: Predicate) -> list[tuple[Property, Test, bool]]:
    """The conditions of a conjunction: property, test, and whether it has to pass or not to."""
    terms = []
    for term in (
        predicate.terms if isinstance(predicate, And) else () if isinstance(predicate, Always) else (predicate,)
    ):
        inner = term.term if isinstance(term, Not) else term
        if not isinstance(inner, Match) or any(isinstance(step, _SCATTERED) for step in inner.property.steps):
            raise NotShortError
        terms.append((inner.property, inner.test, inner is term))
    return terms


def _codes(test: Test, column: Column) -> Ranges:
    """The codes that pass a test, where they are found by bisection."""
    match test:
        case Present() | TextIn() | NumberIs() | TimestampIs() | BooleanIs():
            return passing(test, column).ranges
        case TextOrNumberIs(reading=Reading.AS_NUMBER) if not column.has_texts_apart:
            return passing(test, column).ranges
    raise NotShortError
