"""A sort order over one segment's records, as places to walk along (rows S1 to S4).

Places count rows in the order asked for: first those whose sort value can be read, then, by ARN, those without one. A
place means the same row as long as the segment lives, so a page begins at a place and costs the same wherever that is.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from smsearch.schema.values import UNREADABLE
from smsearch.store.address import address
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.predicate.order import SortKey
    from smsearch.schema.values import Value
    from smsearch.store.column import Column
    from smsearch.store.table import Table

_TIE_BITS = 32


class Order:
    """The order of a table of records by a sort key; without one, by ARN alone.

    Attributes:
        column: The sort property's column, or None if no record has it.
        valued: How many records have a value to sort by; the places from here on are the others', by ARN.
        end: The place after the last.
    """

    def __init__(self, table: Table, key: SortKey | None) -> None:
        self._table = table
        self._descending = key is not None and key.order is SortOrder.DESCENDING
        self.column = None if key is None else table.column(address(key.property.steps).column)
        self.valued = 0 if self.column is None else self.column.readable_rows
        self.end = self.valued + (0 if self.valued == table.row_count else table.row_count)
        self._group_count = 0 if self.column is None else self.column.group(self.column.readable)
        self._numeric_groups = self._group_count if self.column is None else self.column.numeric_groups
        self._split = 0 if self.column is None else self.column.start(self._numeric_groups)
        """Numbers stand before text in both orders; the texts that stand beside them begin here."""

    def block(self, place: int, size: int, stop: int) -> tuple[NDArray[Any], NDArray[Any], int]:
        """The records from a place on: rows, the place of each, and the place to go on from.

        Args:
            place: Where to begin.
            size: How many places to pass; more may be, to the end of a run of equal values.
            stop: The place to stop before.
        """
        if place >= self.valued:
            return self._tail(place, min(place + size, stop))
        end = min(place + size, stop, self.valued)
        if not self._descending or self.column is None:
            rows = self._ascending(place, end)
        else:
            rows = self._falling(self.column, place, end)
        return rows, np.arange(place, place + len(rows)), place + len(rows)

    def _ascending(self, start: int, end: int) -> NDArray[Any]:
        return np.empty(0, np.uint32) if self.column is None else self.column.rows_at(start, end)

    def _region(self, place: int) -> tuple[int, int]:
        """Where the numbers, or the texts, that a falling place is among begin and end; in either order alike."""
        return (0, self._split) if place < self._split else (self._split, self.valued)

    def _falling(self, column: Column, place: int, end: int) -> NDArray[Any]:
        """Values fall and ties rise, so equal values stand in the order of the column and their runs against it."""
        first_place, last_place = self._region(place)
        end, mirror = min(end, last_place), first_place + last_place
        if column.starts is None and not column.is_constant:
            return column.rows_at(mirror - end, mirror - place)[::-1]
        group = column.group_at(mirror - 1 - place)
        first, after = column.start(group), column.start(group + 1)
        begun = place - (mirror - after)
        if begun or after - first >= end - place or column.starts is None:  # within one run
            return column.rows_at(first + begun, min(first + begun + end - place, after))
        lowest = column.group_at(mirror - end)
        starts = column.starts.part(lowest, group + 2).astype(np.int64)
        rows, lengths = column.rows_at(int(starts[0]), after), np.diff(starts)
        if len(lengths) == len(rows):
            return rows[::-1]
        by_run = np.argsort(np.repeat(-np.arange(len(lengths)), lengths), kind="stable")
        return rows[by_run]

    def _tail(self, place: int, end: int) -> tuple[NDArray[Any], NDArray[Any], int]:
        places = np.arange(place, end)
        ties = self._table.ties_order
        rows = places - self.valued if ties is None else ties.part(place - self.valued, end - self.valued)
        if self.column is not None:
            without = self.column.codes_of(rows) >= self.column.readable
            rows, places = rows[without], places[without]
        return rows, places, end

    def between(self, low: int, high: int) -> tuple[int, int] | None:
        """The places of the records whose code is from `low` to before `high`; None if they do not stand together."""
        column = self.column
        if column is None:
            return (0, 0)
        start, end = column.start(column.group(low)), column.start(column.group(high))
        if not self._descending:
            return (start, end)
        if start < self._split < end:  # numbers and texts: together only if all of them
            return (0, self.valued) if (start, end) == (0, self.valued) else None
        first_place, last_place = (0, self._split) if end <= self._split else (self._split, self.valued)
        return (first_place + last_place - end, first_place + last_place - start)

    def keys(self, rows: NDArray[Any]) -> NDArray[np.int64]:
        """One integer a row that sorts as the rows do."""
        ties = self._table.ties_rank
        rank = rows.astype(np.int64) if ties is None else ties.take(rows).astype(np.int64)
        if self.column is None:
            return rank
        groups = self._groups_of(self.column, rows)
        if self._descending:
            groups = self._fallen(groups)
        return (groups << _TIE_BITS) | rank

    def _groups_of(self, column: Column, rows: NDArray[Any]) -> NDArray[np.int64]:
        """The group of equal sort values that each row belongs to; the last, one past the groups, has no value."""
        groups = column.codes_of(rows).astype(np.int64)
        if column.groups is not None:
            readable = groups < column.readable
            groups[readable] = column.groups.take(groups[readable])
            groups[~readable] = self._group_count
        return np.minimum(groups, self._group_count)

    def _fallen(self, groups: NDArray[np.int64]) -> NDArray[np.int64]:
        """The groups numbered as they stand in a falling order."""
        numbers, every = self._numeric_groups, self._group_count
        texts = np.where(groups < every, numbers + every - 1 - groups, groups)
        return np.where(groups < numbers, numbers - 1 - groups, texts)

    def place_of(self, row: int) -> int:
        """The place of a row."""
        one, column = np.array([row], np.uint32), self.column
        ties = self._table.ties_rank
        rank = row if ties is None else int(ties.at(row))
        group = 0 if column is None else int(self._groups_of(column, one)[0])
        if column is None or group == self._group_count:
            return self.valued + rank
        start, end = column.start(group), column.start(group + 1)
        within = 0
        if end - start > 1:
            within = bisect_left(
                range(start, end),
                int(self._rank(one)),
                key=lambda at: int(self._rank(column.rows_at(at, at + 1))),
            )
        if not self._descending:
            return start + within
        first_place, last_place = (0, self._split) if end <= self._split else (self._split, self.valued)
        return first_place + last_place - end + within

    def _rank(self, rows: NDArray[Any]) -> int:
        ties = self._table.ties_rank
        return int(rows[0]) if ties is None else int(ties.take(rows)[0])

    def row_at(self, place: int) -> int | None:
        """The row at a place, or None past the end or where a row with a value would stand among those without."""
        rows, places, _ = self.block(place, 1, self.end)
        return int(rows[0]) if len(rows) and int(places[0]) == place else None

    def key_at(self, place: int) -> int:
        """The key from which a page that begins at a place goes on."""
        if place >= self.valued:
            return (self._group_count << _TIE_BITS if self.column is not None else 0) | (place - self.valued)
        row = self.row_at(place)
        return 0 if row is None else int(self.keys(np.array([row], np.uint32))[0])

    def values_of(self, rows: NDArray[Any]) -> Iterator[Value]:
        """The value that each row sorts by, comparable across segments."""
        if self.column is None:
            return repeat(UNREADABLE, len(rows))
        groups = self._groups_of(self.column, rows).tolist()
        return (UNREADABLE if group == self._group_count else self.column.sort_value(group) for group in groups)
