"""Filters over the rows of one table: conditions on a column, and combinations of filters.

A filter gives counts (`max_count`, `estimated_count`, `exact_count`) without reading a row, tells which of some rows
match (`matches`) and which of all rows (`mask`), and lists the few rows that could match (`postings`). The planner
compares the counts and chooses between the three. This module knows no page, no order and no predicate.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from smsearch.columnar import ranges
from smsearch.numpy_later import np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.codes import Codes
    from smsearch.store.child_table import ChildTable
    from smsearch.store.column import Column

    Rows = NDArray[np.integer[Any]]
    """Row numbers of a table, in whatever width they come."""

SMALL_MASK = 4_096
"""Codes of a column up to which a mask is made for two ranges already: it costs nothing, and looks up all at once."""
TRANSLATED_FROM = 4_096
CONTAINS_SHARE = 0.05
"""The share of rows that a needle is expected to hit while nobody has counted."""


class RowFilter(Protocol):
    """A compiled condition over the rows of one table; `rows` are row numbers of that table."""

    @property
    def row_count(self) -> int:
        """Rows of the table."""

    @property
    def children(self) -> Sequence[RowFilter]:
        """The filters that this filter combines."""

    @property
    def max_count(self) -> int:
        """No more rows than this match."""

    @property
    def estimated_count(self) -> float:
        """About so many rows match."""

    @property
    def exact_count(self) -> int | None:
        """Exactly so many rows match; None if the indexes do not count them."""

    def matches(self, rows: Rows) -> NDArray[np.bool_]:
        """bool: for each of some rows, whether it matches."""

    def mask(self) -> NDArray[np.bool_]:
        """bool: for every row of the table, whether it matches."""

    def postings(self) -> Rows | None:
        """Rows among which are all that match, each once; None if every row has to be tested."""


class Everything:
    """Every row passes, or none does."""

    children: Sequence[RowFilter] = ()

    def __init__(self, row_count: int, *, passes: bool) -> None:
        self.row_count = row_count
        self._passes = passes
        self.max_count = self.exact_count = row_count if passes else 0
        self.estimated_count = float(self.max_count)

    def matches(self, rows: Rows) -> NDArray[np.bool_]:
        """All of the rows, or none of them."""
        return np.full(len(rows), self._passes)

    def mask(self) -> NDArray[np.bool_]:
        """Every row of the table, or none."""
        return np.full(self.row_count, self._passes)

    def postings(self) -> Rows | None:
        """No rows if none passes; None if all do."""
        return None if self._passes else np.empty(0, np.uint32)


class LiveDocs:
    """Rows that no newer segment supersedes; the others are the segment's deletion vector."""

    children: Sequence[RowFilter] = ()

    def __init__(self, row_count: int, deleted: NDArray[np.uint32]) -> None:
        self.row_count = row_count
        self.max_count = self.exact_count = row_count - len(deleted)
        self.estimated_count = float(self.max_count)
        self._mask = np.ones(row_count, dtype=bool)
        self._mask[deleted] = False

    def matches(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of some rows are live."""
        return self._mask.take(rows)

    def mask(self) -> NDArray[np.bool_]:
        """Every live row."""
        return self._mask.copy()

    def postings(self) -> Rows | None:
        """None: nearly every row is live."""
        return None


class ColumnFilter:
    """Rows whose code in one column passes.

    Ranges that hold the code `absent` are those of a negative condition. Then the codes in between, which fail, are
    compared: `status != Completed` tests one code and not the ranges below and above it.
    """

    children: Sequence[RowFilter] = ()

    def __init__(self, column: Column, codes: Codes, name: str = "") -> None:
        self.column = column
        self.name = name
        self.row_count = column.row_count
        self.codes = codes
        self._holds_absent = bool(codes.ranges) and codes.ranges[-1][1] > column.absent
        size = column.absent + 1
        self._compared = ranges.complement(codes.ranges, size) if self._holds_absent else codes.ranges

    @cached_property
    def _mask(self) -> NDArray[np.bool_] | None:
        """bool: for each code, whether it passes; None where comparing codes is quicker than looking them up."""
        codes, size = self.codes, self.column.absent + 1
        if codes.listed is not None:
            mask = np.zeros(size, dtype=bool)
            mask[codes.listed] = True
            return mask
        is_compared = len(self._compared) <= (1 if size <= SMALL_MASK else ranges.FEW_MAX)
        return codes.mask if is_compared else ranges.mask(codes.ranges, size)

    @cached_property
    def exact_count(self) -> int | None:
        """The rows of the passing codes, which the column counts; unknown for a mask or a needle."""
        if self.codes.listed is not None:
            return self.column.count_of(self.codes.listed)
        if not self.codes.are_ranges:
            return None
        count = self.column.count_in(self._compared)
        return self.row_count - count if self._holds_absent else count

    @property
    def max_count(self) -> int:
        """No more rows than have a value."""
        return self.column.present if self.exact_count is None else self.exact_count

    @property
    def estimated_count(self) -> float:
        """The exact number, or a share of the rows that have a value."""
        return self.column.present * CONTAINS_SHARE if self.exact_count is None else self.exact_count

    def matches(self, rows: Rows) -> NDArray[np.bool_]:
        """Tests the code of each row."""
        return self._passing(self.column.codes_of(rows))

    def mask(self) -> NDArray[np.bool_]:
        """Tests the code of every row."""
        return self._passing(self.column.all_codes())

    def _passing(self, codes: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        if self._mask is not None:
            return _looked_up(self._mask, codes)
        if self.codes.needle is not None:
            return self._holding(codes, self.codes.needle)
        passed: NDArray[np.bool_] | None = None
        for low, high in self._compared:
            here = codes == low if high == low + 1 else _within(codes, low, high)
            passed = here if passed is None else passed | here
        if passed is None:
            return np.full(len(codes), self._holds_absent)
        return ~passed if self._holds_absent else passed

    def _holding(self, codes: NDArray[np.integer[Any]], needle: bytes) -> NDArray[np.bool_]:
        passed = codes < self.column.readable
        distinct, at = np.unique(codes[passed], return_inverse=True)
        passed[passed] = self.column.texts.hold(distinct, needle)[at]
        return passed

    def postings(self) -> Rows | None:
        """The rows of the passing codes, read off the column's order; None where texts must be searched."""
        if self.codes.needle is not None:
            return None
        column, listed = self.column, self.codes.listed
        if self.codes.mask is not None or column.sort_groups is not None or self._holds_absent:
            return self.mask().nonzero()[0]
        if listed is not None:
            return column.rows_of(listed)
        slices = [column.rows_at(column.start(low), column.start(high)) for low, high in self.codes.ranges]
        return slices[0] if len(slices) == 1 else np.concatenate([np.empty(0, np.uint32), *slices])


def _looked_up(mask: NDArray[np.bool_], codes: NDArray[Any]) -> NDArray[np.bool_]:
    """The mask of each code; of many codes of a byte by `bytes.translate`, which takes half as long as NumPy."""
    if codes.dtype != np.uint8 or len(codes) < TRANSLATED_FROM:
        return mask.take(codes)
    table = mask.astype(np.uint8).tobytes().ljust(256, b"\0")
    return np.frombuffer(bytearray(codes).translate(table), dtype=bool)  # of a bytearray, since masks are written to


def _within(codes: NDArray[np.integer[Any]], low: int, high: int) -> NDArray[np.bool_]:
    below: NDArray[np.bool_] = codes < high
    return below if low == 0 else below & (codes >= low)


class ListFilter:
    """Rows of which one element passes a filter of the list's table."""

    def __init__(self, table: ChildTable, inner: RowFilter, row_count: int) -> None:
        self._table = table
        self._inner = inner
        self.children: Sequence[RowFilter] = (inner,)
        self.row_count = row_count
        self.exact_count = 0 if inner.max_count == 0 else None
        self.max_count = min(inner.max_count, row_count)
        self.estimated_count = min(inner.estimated_count, float(row_count))

    def matches(self, rows: Rows) -> NDArray[np.bool_]:
        """Tests the elements of the rows, and passes their owners."""
        elements, owners = self._table.below(rows)
        passed = np.zeros(len(rows), dtype=bool)
        passed[owners[self._inner.matches(elements)]] = True
        return passed

    def mask(self) -> NDArray[np.bool_]:
        """Tests every element, and passes the owners."""
        passed = np.zeros(self.row_count, dtype=bool)
        passed[self._table.parents.whole()[self._inner.mask()]] = True
        return passed

    def postings(self) -> Rows | None:
        """The owners of the elements in the postings."""
        elements = self._inner.postings()
        if elements is None:
            return None
        return _distinct(self._table.parents.take(elements))


class Complement:
    """Rows that another filter leaves out."""

    def __init__(self, inner: RowFilter, row_count: int) -> None:
        self._inner = inner
        self.children: Sequence[RowFilter] = (inner,)
        self.row_count = row_count
        self.exact_count = None if inner.exact_count is None else row_count - inner.exact_count
        self.max_count = row_count if self.exact_count is None else self.exact_count
        self.estimated_count = row_count - inner.estimated_count

    def matches(self, rows: Rows) -> NDArray[np.bool_]:
        """The rows that the other filter refuses."""
        return ~self._inner.matches(rows)

    def mask(self) -> NDArray[np.bool_]:
        """Every row that the other filter refuses."""
        return ~self._inner.mask()

    def postings(self) -> Rows | None:
        """The refused rows, if the indexes count them."""
        return self.mask().nonzero()[0] if self.exact_count is not None else None


class Conjunction:
    """Rows that pass every one of several filters; the most selective filter is tested first."""

    def __init__(self, inner: list[RowFilter], row_count: int) -> None:
        self.children: Sequence[RowFilter] = sorted(inner, key=lambda one: one.estimated_count)
        self.row_count = row_count
        self.max_count = min(one.max_count for one in inner)
        self.exact_count = 0 if self.max_count == 0 else None
        self.estimated_count = float(row_count)
        for one in inner:
            self.estimated_count *= one.estimated_count / max(row_count, 1)

    def matches(self, rows: Rows) -> NDArray[np.bool_]:
        """Tests each filter only on the rows that are left."""
        passed = self.children[0].matches(rows)
        for one in self.children[1:]:
            left = passed.nonzero()[0]
            if not len(left):
                break
            if len(left) == len(rows):
                passed = one.matches(rows)
            else:
                passed[left] = one.matches(rows[left])
        return passed

    def mask(self) -> NDArray[np.bool_]:
        """Combines whole masks, and reads texts only of the rows that are left."""
        passed = self.children[0].mask()
        for one in self.children[1:]:
            left = passed.nonzero()[0] if reads_texts(one) else None
            if left is None:
                passed = passed & one.mask()
            else:
                passed[left] = one.matches(left)
        return passed

    def postings(self) -> Rows | None:
        """The postings of the most selective filter that has some; the other filters still have to be tested."""
        for one in self.children:
            postings = one.postings()
            if postings is not None:
                return postings
        return None


def reads_texts(one: RowFilter) -> bool:
    """Whether a filter reads texts row by row, so that it should test few rows."""
    return isinstance(one, ColumnFilter) and one.codes.needle is not None


class Disjunction:
    """Rows that pass any of several filters; one that must read texts is tested last, on the rows that are left."""

    def __init__(self, inner: list[RowFilter], row_count: int) -> None:
        self.children: Sequence[RowFilter] = sorted(inner, key=lambda one: (reads_texts(one), -one.estimated_count))
        self.row_count = row_count
        self.max_count = min(sum(one.max_count for one in inner), row_count)
        self.exact_count = 0 if self.max_count == 0 else None
        self.estimated_count = min(sum(one.estimated_count for one in inner), float(row_count))

    def matches(self, rows: Rows) -> NDArray[np.bool_]:
        """Tests each filter only on the rows that no filter has passed yet."""
        passed = self.children[0].matches(rows)
        for one in self.children[1:]:
            left = (~passed).nonzero()[0]
            if not len(left):
                break
            passed[left] = one.matches(rows[left])
        return passed

    def mask(self) -> NDArray[np.bool_]:
        """Joins whole masks, and reads texts only of the rows that none has passed."""
        passed = self.children[0].mask()
        for one in self.children[1:]:
            if reads_texts(one):
                left = (~passed).nonzero()[0]
                passed[left] = one.matches(left)
            else:
                passed = passed | one.mask()
        return passed

    def postings(self) -> Rows | None:
        """The postings of all the filters; None if one of them has none."""
        lists = [one.postings() for one in self.children]
        postings = [rows for rows in lists if rows is not None]
        return _distinct(np.concatenate(postings)) if len(postings) == len(lists) else None


def _distinct(rows: Rows) -> Rows:
    """Each row once; np.unique hashes first, which takes three times as long."""
    in_order = np.sort(rows)
    return in_order[np.append(True, in_order[1:] != in_order[:-1])] if len(rows) else rows
