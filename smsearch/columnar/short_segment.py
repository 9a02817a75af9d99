"""One segment under a conjunction of plain conditions, read row by row without NumPy, as `short_path.py` asks it.

Each condition is a range of codes of one column of the records: `codes.py` turns tests into codes, here as elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.columnar import ranges
from smsearch.columnar.codes import containing_ranges, passing
from smsearch.frozen import frozen
from smsearch.predicate.predicate import (
    BooleanIs,
    NumberIs,
    Present,
    Reading,
    TextContains,
    TextIn,
    TextOrNumberIs,
    TimestampIs,
)
from smsearch.schema import catalogue
from smsearch.schema.parsed import ParsedDocuments
from smsearch.store.address import PIECE, address
from smsearch.store.footer import outside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.columnar.operators.order import SegmentOrder
    from smsearch.columnar.ranges import Ranges
    from smsearch.predicate.predicate import Test
    from smsearch.schema.property import Property
    from smsearch.store.column import Column
    from smsearch.store.segment_reader import SegmentReader

ROWS_MAX: Final = 10_000
"""Rows that are looked at one by one, 4 microseconds each: as much as loading NumPy costs."""


class NotShortError(Exception):
    """The query needs the full engine."""


PlacedRow = tuple[int, int]
"""A row that matches, behind its position in the order of its segment."""


@frozen
class _Condition:
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

    def matches(self, order: SegmentOrder, position: int, size: int) -> Iterator[PlacedRow]:
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
            found = ((order.position_of(row), row) for row in rows)
            return (match for match in found if match[0] >= position)
        return self._scanned(order, position, order.regions if slices is None else slices, others)

    def _scanned(
        self, order: SegmentOrder, position: int, slices: Ranges, others: Sequence[_Condition]
    ) -> Iterator[PlacedRow]:
        read = 0
        for start, stop in slices:
            for at, row in order.walk(max(start, position), stop):
                read += 1
                _bound(read)
                if row not in self._deleted and all(one.holds(row) for one in others):
                    yield at, row

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

    def rows_with_text(self, path: Sequence[str], text: str) -> list[int]:
        """The rows whose ARN or name, which stands at a path, is a text."""
        column = self.table.column(PIECE.join(path))
        if column is None:
            return []
        if not column.has_texts:
            raise NotShortError  # the name of a version
        code = column.texts.find(text)
        places = range(0) if code is None else range(column.start(code), column.start(code + 1))
        _bound(len(places))
        return [row for row in map(column.row_at, places) if row not in self._deleted]

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

    def called(self, row: int) -> str:
        """What the record of a row is called (`Record.called`)."""
        kind = catalogue.resource(self.reader.entry.resource)
        for path in (kind.name_path, kind.arn):
            column = self.table.column(PIECE.join(path))
            if column is None:
                continue
            code = column.code_of(row)
            if column.is_numeric or column.readable <= code < column.absent:  # the document spells it
                stored = [self.reader.stored_document(row)]
                return ParsedDocuments(kind.name, stored, None, lambda _: self.reader.entry.file)[0].called
            if code < column.readable and column.texts[code]:
                return column.texts[code]
        return ""


def _bound(rows: int) -> None:
    """Refuses to look at more rows than loading NumPy costs."""
    if rows > ROWS_MAX:
        raise NotShortError


def _codes(test: Test, column: Column) -> Ranges:
    """The codes that pass a test, where they are found by bisection."""
    match test:
        case Present() | TextIn() | NumberIs() | TimestampIs() | BooleanIs():
            return passing(test, column).ranges
        case TextOrNumberIs(reading=Reading.AS_NUMBER) if not column.has_texts_apart:
            return passing(test, column).ranges
        case TextContains():
            codes = containing_ranges(test, column)
            if codes is not None:
                return codes
    raise NotShortError
