"""Filters over the rows of one table: the tests of columns, and what is made of several.

A filter answers four questions about the rows of a table: how many pass at most, which of some rows pass, which of all
rows pass, and which few rows could pass at all. The planner chooses which of them to ask. This module knows no page and
no order, and no predicate.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from smsearch.columnar import ranges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.codes import Codes
    from smsearch.store.column import Column
    from smsearch.store.table import Table

    Rows = NDArray[np.integer[Any]]
    """Row numbers of a table, in whatever width they come."""

SMALL_MASK = 4_096
"""Codes of a column up to which a mask is made for two ranges already: it costs nothing, and looks up all at once."""
TRANSLATED_FROM = 4_096
CONTAINS_SHARE = 0.05
"""The share of rows that a needle is taken to hit while nobody has counted."""


class Filter(Protocol):
    """What a compiled condition can be asked; `rows` are row numbers of its table."""

    @property
    def row_count(self) -> int:
        """Rows of the table."""

    @property
    def parts(self) -> Sequence[Filter]:
        """The filters that it is made of."""

    @property
    def bound(self) -> int:
        """Rows that pass, at most."""

    @property
    def expected(self) -> float:
        """Rows that pass, as far as anybody knows."""

    @property
    def exact(self) -> int | None:
        """Rows that pass, where the indexes say it without looking."""

    def test(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of some rows pass."""

    def everywhere(self) -> NDArray[np.bool_]:
        """Which of all rows pass."""

    def candidates(self) -> Rows | None:
        """Rows among which are all that pass, each once, or None if only a look at every row would tell."""


class Everything:
    """Every row passes, or none does."""

    parts: Sequence[Filter] = ()

    def __init__(self, row_count: int, *, passes: bool) -> None:
        self.row_count = row_count
        self._passes = passes
        self.bound = self.exact = row_count if passes else 0
        self.expected = float(self.bound)

    def test(self, rows: Rows) -> NDArray[np.bool_]:
        """All of the rows, or none of them."""
        return np.full(len(rows), self._passes)

    def everywhere(self) -> NDArray[np.bool_]:
        """Every row of the table, or none."""
        return np.full(self.row_count, self._passes)

    def candidates(self) -> Rows | None:
        """No row where none passes; where all do, picking out rows gains nothing."""
        return None if self._passes else np.empty(0, np.uint32)


class ColumnFilter:
    """Rows whose code in one column passes."""

    parts: Sequence[Filter] = ()

    def __init__(self, column: Column, codes: Codes, name: str = "") -> None:
        self.column = column
        self.name = name
        self.row_count = column.row_count
        self.codes = codes

    @cached_property
    def _mask(self) -> NDArray[np.bool_] | None:
        """Whether each code passes, where one look-up is quicker than comparing."""
        codes, size = self.codes, self.column.absent + 1
        if codes.listed is not None:
            mask = np.zeros(size, dtype=bool)
            mask[codes.listed] = True
            return mask
        is_compared = len(codes.ranges) <= (1 if size <= SMALL_MASK else ranges.FEW_MAX)
        return codes.mask if is_compared else ranges.mask(codes.ranges, size)

    @cached_property
    def exact(self) -> int | None:
        """The rows of the passing codes, which the column counts; unknown for a mask or a needle."""
        if self.codes.listed is not None:
            return self.column.count_of(self.codes.listed)
        return self.column.count_in(self.codes.ranges) if self.codes.are_ranges else None

    @property
    def bound(self) -> int:
        """No more rows than have a value."""
        return self.column.present if self.exact is None else self.exact

    @property
    def expected(self) -> float:
        """The exact number, or a share of the rows that have a value."""
        return self.column.present * CONTAINS_SHARE if self.exact is None else self.exact

    def test(self, rows: Rows) -> NDArray[np.bool_]:
        """Tests the code of each row."""
        return self._passing(self.column.codes_of(rows))

    def everywhere(self) -> NDArray[np.bool_]:
        """Tests the code of every row."""
        return self._passing(self.column.all_codes())

    def _passing(self, codes: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        if self._mask is not None:
            return _looked_up(self._mask, codes)
        if self.codes.needle is not None:
            return self._holding(codes, self.codes.needle)
        passed: NDArray[np.bool_] | None = None
        for low, high in self.codes.ranges:
            here = codes == low if high == low + 1 else _within(codes, low, high)
            passed = here if passed is None else passed | here
        return np.zeros(len(codes), dtype=bool) if passed is None else passed

    def _holding(self, codes: NDArray[np.integer[Any]], needle: bytes) -> NDArray[np.bool_]:
        passed = codes < self.column.readable
        distinct, at = np.unique(codes[passed], return_inverse=True)
        passed[passed] = self.column.texts.hold(distinct, needle)[at]
        return passed

    def candidates(self) -> Rows | None:
        """The rows of the passing codes, read off the column's order; None where texts must be searched."""
        if self.codes.needle is not None:
            return None
        column, listed = self.column, self.codes.listed
        if self.codes.mask is not None or column.groups is not None:
            return self.everywhere().nonzero()[0]
        if listed is not None:
            return column.rows_of(listed)
        parts = [column.rows_at(column.start(low), column.start(high)) for low, high in self.codes.ranges]
        return parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, np.uint32), *parts])


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
    """Rows one of whose elements passes a filter of the list's table."""

    def __init__(self, table: Table, inner: Filter, row_count: int) -> None:
        self._table = table
        self._inner = inner
        self.parts: Sequence[Filter] = (inner,)
        self.row_count = row_count
        self.exact = 0 if inner.bound == 0 else None
        self.bound = min(inner.bound, row_count)
        self.expected = min(inner.expected, float(row_count))

    def test(self, rows: Rows) -> NDArray[np.bool_]:
        """Tests the elements of the rows, and passes their owners."""
        elements, owners = self._table.below(rows)
        passed = np.zeros(len(rows), dtype=bool)
        passed[owners[self._inner.test(elements)]] = True
        return passed

    def everywhere(self) -> NDArray[np.bool_]:
        """Tests every element, and passes the owners."""
        passed = np.zeros(self.row_count, dtype=bool)
        passed[self._table.parents.whole()[self._inner.everywhere()]] = True
        return passed

    def candidates(self) -> Rows | None:
        """The owners of the elements that are candidates."""
        elements = self._inner.candidates()
        if elements is None:
            return None
        return _distinct(self._table.parents.take(elements))


class Complement:
    """Rows that another filter leaves out."""

    def __init__(self, inner: Filter, row_count: int) -> None:
        self._inner = inner
        self.parts: Sequence[Filter] = (inner,)
        self.row_count = row_count
        self.exact = None if inner.exact is None else row_count - inner.exact
        self.bound = row_count if self.exact is None else self.exact
        self.expected = row_count - inner.expected

    def test(self, rows: Rows) -> NDArray[np.bool_]:
        """The rows that the other filter refuses."""
        return ~self._inner.test(rows)

    def everywhere(self) -> NDArray[np.bool_]:
        """Every row that the other filter refuses."""
        return ~self._inner.everywhere()

    def candidates(self) -> Rows | None:
        """The refused rows, where their number is known beforehand."""
        return self.everywhere().nonzero()[0] if self.exact is not None else None


class Conjunction:
    """Rows that pass every one of several filters; the most selective is asked first."""

    def __init__(self, inner: list[Filter], row_count: int) -> None:
        self.parts: Sequence[Filter] = sorted(inner, key=lambda one: one.expected)
        self.row_count = row_count
        self.bound = min(one.bound for one in inner)
        self.exact = 0 if self.bound == 0 else None
        self.expected = float(row_count)
        for one in inner:
            self.expected *= one.expected / max(row_count, 1)

    def test(self, rows: Rows) -> NDArray[np.bool_]:
        """Asks each filter only about the rows that are left."""
        passed = self.parts[0].test(rows)
        for one in self.parts[1:]:
            left = passed.nonzero()[0]
            if not len(left):
                break
            if len(left) == len(rows):
                passed = one.test(rows)
            else:
                passed[left] = one.test(rows[left])
        return passed

    def everywhere(self) -> NDArray[np.bool_]:
        """Asks for whole masks, and reads texts only of the rows that are left."""
        passed = self.parts[0].everywhere()
        for one in self.parts[1:]:
            left = passed.nonzero()[0] if _is_lazy(one) else None
            if left is None:
                passed = passed & one.everywhere()
            else:
                passed[left] = one.test(left)
        return passed

    def candidates(self) -> Rows | None:
        """The candidates of the most selective filter that has some; the other filters are still to be asked."""
        for one in self.parts:
            found = one.candidates()
            if found is not None:
                return found
        return None


def _is_lazy(one: Filter) -> bool:
    """Whether a filter reads texts row by row, so that it is better asked of few rows."""
    return isinstance(one, ColumnFilter) and one.codes.needle is not None


class Disjunction:
    """Rows that pass any of several filters; one that must read texts is asked last, of what is left."""

    def __init__(self, inner: list[Filter], row_count: int) -> None:
        self.parts: Sequence[Filter] = sorted(inner, key=lambda one: (_is_lazy(one), -one.expected))
        self.row_count = row_count
        self.bound = min(sum(one.bound for one in inner), row_count)
        self.exact = 0 if self.bound == 0 else None
        self.expected = min(sum(one.expected for one in inner), float(row_count))

    def test(self, rows: Rows) -> NDArray[np.bool_]:
        """Asks each filter only about the rows that none has passed yet."""
        passed = self.parts[0].test(rows)
        for one in self.parts[1:]:
            left = (~passed).nonzero()[0]
            if not len(left):
                break
            passed[left] = one.test(rows[left])
        return passed

    def everywhere(self) -> NDArray[np.bool_]:
        """Joins whole masks, and reads texts only of the rows that none has passed."""
        passed = self.parts[0].everywhere()
        for one in self.parts[1:]:
            if _is_lazy(one):
                left = (~passed).nonzero()[0]
                passed[left] = one.test(left)
            else:
                passed = passed | one.everywhere()
        return passed

    def candidates(self) -> Rows | None:
        """The candidates of all the filters; None where one of them has none to offer."""
        parts = [one.candidates() for one in self.parts]
        found = [part for part in parts if part is not None]
        return _distinct(np.concatenate(found)) if len(found) == len(parts) else None


def _distinct(rows: Rows) -> Rows:
    """Each row once; np.unique hashes first, which takes three times as long."""
    in_order = np.sort(rows)
    return in_order[np.append(True, in_order[1:] != in_order[:-1])] if len(rows) else rows
