"""The sort order of one segment's records, as positions to scan along (rows S1 to S4).

A position counts rows in the requested order: first the rows whose sort value can be read, then, by ARN, the rows
without such a value. A position means the same row as long as the segment lives, so a page that begins at a position
costs the same wherever it begins.

Ascending, the rows with a value are the column's own sorted rows: sort groups (equal values) from first to last, and
inside a group the rows in ascending tiebreak order (ARN, name, version). Descending, the groups come from last to
first, but inside a group the rows stay in ascending tiebreak order. Three rows, a = 7, b = 7 and c = 5:

    position    0  1  2
    ascending   c  a  b     groups [c] [a b], which begin at 0 and 1 and end at 3
    descending  a  b  c     and not b a c

Invariant: a group that fills `[start, end)` ascending fills `[mirror - end, mirror - start)` descending, where `mirror`
is the sum of the first and the last bound of its region. There are two regions, since numbers stand before text in
both orders (row S3); each region is mirrored within itself.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import repeat
from typing import TYPE_CHECKING, Any

from smsearch.numpy_later import np
from smsearch.schema.values import UNREADABLE
from smsearch.store.address import address
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.columnar.ranges import Ranges
    from smsearch.predicate.order import SortKey
    from smsearch.schema.values import Value
    from smsearch.store.column import Column
    from smsearch.store.table import Table

_TIEBREAK_BITS = 32
"""A sort key of 64 bits holds the row's sort group, and in the lower bits its tiebreak rank."""

_TIEBREAK_MASK = (1 << _TIEBREAK_BITS) - 1


class SegmentOrder:
    """The order of a table of records by a sort key; without one, by ARN alone.

    Attributes:
        column: The sort property's column, or None if no record has the property.
        valued: How many records have a value to sort by; the positions from here on are for the others, by ARN.
        end: The position after the last one.
        regions: The slice of the rows with a value and that of the others.
        group_count: How many sort groups there are.
        tail_density: The share of the positions from `valued` on that hold a row: a row with a value has two positions,
            and is skipped at the second.
    """

    def __init__(self, table: Table, key: SortKey | None) -> None:
        self._table = table
        self._descending = key is not None and key.order is SortOrder.DESCENDING
        self.column = None if key is None else table.at(address(key.property.steps))
        self.valued = 0 if self.column is None else self.column.readable_rows
        self.end = self.valued + (0 if self.valued == table.row_count else table.row_count)
        self.regions: Ranges = ((0, self.valued), (self.valued, self.end))
        self.tail_density = (table.row_count - self.valued) / table.row_count if self.end > self.valued else 1.0
        self.group_count = 0 if self.column is None else self.column.group(self.column.readable)
        self._numeric_groups = self.group_count if self.column is None else self.column.numeric_groups
        self._split = 0 if self.column is None else self.column.start(self._numeric_groups)
        """Where the region of texts begins: after the numbers."""

    def block(self, position: int, size: int, stop: int) -> tuple[NDArray[Any], NDArray[Any], int]:
        """The records from a position on: rows, the position of each, and the position to go on from.

        Args:
            position: Where to begin.
            size: How many positions to pass; more may be, to the end of a group of equal values.
            stop: The position to stop before.
        """
        if position >= self.valued:
            return self._without_value(position, min(position + size, stop))
        end = min(position + size, stop, self.valued)
        if not self._descending or self.column is None:
            rows = self._ascending(position, end)
        else:
            rows = self._descending_rows(self.column, position, end)
        if self.column is not None and not len(rows):  # else a scan would go on for ever
            raise self.column.disordered()
        return rows, np.arange(position, position + len(rows)), position + len(rows)

    def _ascending(self, start: int, end: int) -> NDArray[Any]:
        return np.empty(0, np.uint32) if self.column is None else self.column.rows_at(start, end)

    def _descending_rows(self, column: Column, position: int, end: int) -> NDArray[Any]:
        """The rows of descending positions, groups from last to first; see the module."""
        first, last = (0, self._split) if position < self._split else (self._split, self.valued)
        end, mirror = min(end, last), first + last
        if column.offsets is None and not column.is_constant:  # every group is one row
            return column.rows_at(mirror - end, mirror - position)[::-1]
        group = column.group_at(mirror - 1 - position)
        start, after = column.start(group), column.start(group + 1)
        passed = position - (mirror - after)  # rows of the group that stand before the position
        if passed or after - start >= end - position or column.offsets is None:  # within one group
            return column.rows_at(start + passed, min(start + passed + end - position, after))
        lowest = column.group_at(mirror - end)
        bounds = column.offsets.part(lowest, group + 2).astype(np.int64)
        starts, ends, first_row = bounds[:-1], bounds[1:], bounds.item(0)
        lengths, rows = ends - starts, column.rows_at(first_row, after)
        if bounds.item(-1) - first_row != len(rows) or np.minimum.reduce(lengths) < 0:
            raise column.disordered()
        if len(lengths) == len(rows):
            return rows[::-1]
        moved = starts + ends - (first_row + after)  # how far each group goes, from the first place to the last
        return rows.take(moved[::-1].repeat(lengths[::-1]) + np.arange(len(rows)))

    def _without_value(self, position: int, end: int) -> tuple[NDArray[Any], NDArray[Any], int]:
        """The rows without a sort value, by tiebreak rank; the positions of rows that have one are skipped."""
        positions = np.arange(position, end)
        tiebreaks = self._table.tiebreak_order
        rows = (
            positions - self.valued if tiebreaks is None else tiebreaks.part(position - self.valued, end - self.valued)
        )
        if self.column is not None:
            without = self.column.codes_of(rows) >= self.column.readable
            rows, positions = rows[without], positions[without]
        return rows, positions, end

    def slices(self, codes: Ranges) -> Ranges | None:
        """The slices of positions that hold the rows whose code is in some ranges; None if no slices hold just them.

        They ascend, and none reaches from the rows with a value to those without.

        Entries that share a sort group may straddle the end of a range. Rows without a readable value stand together at
        the end, unreadable values among absent ones, so a slice can hold all of them or none.
        """
        column = self.column
        if column is None or column.sort_groups is not None:
            return None
        slices: list[tuple[int, int]] = []
        first, last = column.readable, column.absent + (column.present < self._table.row_count)
        without_value = 0  # codes from `first` to before `last` that the ranges hold
        for low, high in codes:
            if low < first:
                slices += self._mirrored(column.start(low), column.start(min(high, first)))
            without_value += max(min(high, last) - max(low, first), 0)
        if without_value:
            if without_value < last - first:
                return None
            slices.append((self.valued, self.end))
        return tuple(slices) if len(slices) == 1 else tuple(sorted(slices))

    def _mirrored(self, start: int, end: int) -> list[tuple[int, int]]:
        """The slices of this order for a slice of the ascending order: one in each region; see the module."""
        if not self._descending:
            return [(start, end)]
        regions = ((start, min(end, self._split)), (max(start, self._split), end))
        return [(self._mirror(after) - after, self._mirror(after) - first) for first, after in regions if first < after]

    def _mirror(self, end: int) -> int:
        """The sum of the bounds of the region in which an ascending position ends a group."""
        return self._split if end <= self._split else self._split + self.valued

    def keys(self, rows: NDArray[Any]) -> NDArray[np.int64]:
        """int64: one number a row that sorts as the rows do."""
        tiebreaks = self._table.tiebreak_rank
        rank = rows.astype(np.int64) if tiebreaks is None else tiebreaks.take(rows).astype(np.int64)
        if self.column is None:
            return rank
        groups = self._groups_of(self.column, rows)
        if self._descending:
            groups = self._descending_groups(groups)
        return (groups << _TIEBREAK_BITS) | rank

    @property
    def orders(self) -> tuple[SegmentOrder]:
        """Itself: the order by each sort key, of which there is one."""
        return (self,)

    def groups(self, rows: NDArray[Any]) -> NDArray[np.int64]:
        """int64: the sort group of each row in ascending order; `group_count` for one without a value."""
        return np.zeros(len(rows), np.int64) if self.column is None else self._groups_of(self.column, rows)

    def _groups_of(self, column: Column, rows: NDArray[Any]) -> NDArray[np.int64]:
        """The sort group of each row; rows without a value are in one more group, after the last."""
        groups = column.codes_of(rows).astype(np.int64)
        if column.sort_groups is not None:
            readable = groups < column.readable
            groups[readable] = column.sort_groups.take(groups[readable])
            groups[~readable] = self.group_count
        return np.minimum(groups, self.group_count)

    def _descending_groups(self, groups: NDArray[np.int64]) -> NDArray[np.int64]:
        """The groups numbered as they stand in descending order, each region within itself."""
        numeric, count = self._numeric_groups, self.group_count
        texts = np.where(groups < count, numeric + count - 1 - groups, groups)
        return np.where(groups < numeric, numeric - 1 - groups, texts)

    def walk(self, position: int, stop: int) -> Iterator[tuple[int, int]]:
        """Positions from one to before another, each with its row, one by one: `block` without NumPy."""
        column, stop_valued, group = self.column, min(stop, self.valued), None
        while column is not None and position < stop_valued:
            place, after = position, stop_valued
            if self._descending:  # from a group's beginning to its end, then the group before it
                mirror = self._mirror(0 if position < self._split else self.valued)
                is_next = group is not None and position != self._split
                group = group - 1 if is_next and group else column.group_at(mirror - 1 - position)
                start = column.start(group)
                place = position - mirror + start + column.start(group + 1)
                after = min(stop_valued, mirror - start)
                if after <= position:  # else it would go on for ever
                    raise column.disordered()
            while position < after:
                yield position, column.row_at(place)
                position, place = position + 1, place + 1
        order = self._table.tiebreak_order
        for at in range(position, stop):
            row = at - self.valued if order is None else int(order.at(at - self.valued))
            if column is None or column.code_of(row) >= column.readable:
                yield at, row

    def key_of(self, row: int) -> tuple[int, int]:
        """What sorts a row among those of its segment: `keys` without NumPy."""
        group = self._group_of(row)
        if self._descending and group < self.group_count:
            first = group < self._numeric_groups
            group = self._numeric_groups - 1 - group + (0 if first else self.group_count)
        return group, self._rank(row)

    def value_of(self, row: int) -> Value:
        """The value that a row sorts by: `values_of` without NumPy, for a column."""
        group = self._group_of(row)
        return UNREADABLE if self.column is None or group == self.group_count else self.column.sort_value(group)

    def _group_of(self, row: int) -> int:
        """The sort group of a row; one more than the last for a row without a value."""
        if self.column is None:
            return 0
        code = self.column.code_of(row)
        return self.group_count if code >= self.column.readable else self.column.group(code)

    def position_of(self, row: int) -> int:
        """The position of a row; read without NumPy."""
        column, rank, group = self.column, self._rank(row), self._group_of(row)
        if column is None or group == self.group_count:
            return self.valued + rank
        start, end = column.start(group), column.start(group + 1)
        within = 0
        if end - start > 1:
            within = bisect_left(range(start, end), rank, key=lambda at: self._rank(column.row_at(at)))
        return start + within if not self._descending else self._mirror(end) - end + within

    def _rank(self, row: int) -> int:
        """The tiebreak rank of a row."""
        tiebreaks = self._table.tiebreak_rank
        return row if tiebreaks is None else int(tiebreaks.at(row))

    def row_at(self, position: int) -> int | None:
        """The row at a position; None past the end, or where a row with a value would stand among those without."""
        rows, positions, _ = self.block(position, 1, self.end)
        return int(rows[0]) if len(rows) and int(positions[0]) == position else None

    def key_at(self, position: int) -> int:
        """The sort key from which a page that begins at a position goes on."""
        if position >= self.valued:
            group = 0 if self.column is None else self.group_count
            return (group << _TIEBREAK_BITS) | (position - self.valued)
        row = self.row_at(position)
        return 0 if row is None else int(self.keys(np.array([row], np.uint32))[0])

    def groups_and_ranks(self, rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """int64: the group of each row, numbered in the order of the key, and its tiebreak rank."""
        keys = self.keys(rows)
        return keys >> _TIEBREAK_BITS, keys & _TIEBREAK_MASK

    def values_of(self, rows: NDArray[Any]) -> Iterator[tuple[Value, ...]]:
        """The value that each row sorts by, comparable across segments."""
        if self.column is None:
            return repeat((UNREADABLE,), len(rows))
        groups = self._groups_of(self.column, rows).tolist()
        return ((UNREADABLE if group == self.group_count else self.column.sort_value(group),) for group in groups)
