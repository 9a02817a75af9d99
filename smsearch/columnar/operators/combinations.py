"""Filters made of other filters: the owners of list elements that pass, complements, conjunctions and disjunctions.

A filter that costs more than a look at a row's code is tested last, and on the rows that are left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.columnar.operators.filters import FEW_ROWS_SHARE, ColumnFilter, Everything, LiveDocs
from smsearch.numpy_later import np
from smsearch.store.bitmap import Bitmap
from smsearch.store.sorted_index import first_of_each

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.operators.filters import RowFilter, Rows
    from smsearch.store.child_table import ChildTable


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

    def bitmap(self) -> Bitmap:
        """Tests every element, and passes the owners, which ascend as the elements do."""
        owners = self._table.parents.take(self._inner.bitmap().rows())
        return Bitmap.of_rows(owners[first_of_each(owners)], self.row_count)

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

    def bitmap(self) -> Bitmap:
        """Every row that the other filter refuses."""
        return ~self._inner.bitmap()

    def postings(self) -> Rows | None:
        """The refused rows, if the indexes count them."""
        return self.bitmap().rows() if self.exact_count is not None else None


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

    def bitmap(self) -> Bitmap:
        """Combines whole bitmaps, and tests only the rows that are left where a row costs more than its code."""
        quick = [one for one in self.children if tests_codes(one)]
        slow = [one for one in self.children if not tests_codes(one)]
        passed = (quick or slow).pop(0).bitmap()
        for one in quick:
            passed &= one.bitmap()
        for one in slow:
            left = passed.rows()
            if reads_texts(one) or len(left) * FEW_ROWS_SHARE < self.row_count:
                passed = Bitmap.of_rows(left[one.matches(left)], self.row_count)
            else:
                passed &= one.bitmap()
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


def tests_codes(one: RowFilter) -> bool:
    """Whether a filter tests every row by its codes alone, which costs little."""
    if isinstance(one, ListFilter):
        return False
    if one.children:
        return all(map(tests_codes, one.children))
    return isinstance(one, ColumnFilter | Everything | LiveDocs) and not reads_texts(one)


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

    def bitmap(self) -> Bitmap:
        """Joins whole bitmaps, and reads texts only of the rows that none has passed."""
        passed = self.children[0].bitmap()
        for one in self.children[1:]:
            if reads_texts(one):
                left = (~passed).rows()
                passed |= Bitmap.of_rows(left[one.matches(left)], self.row_count)
            else:
                passed |= one.bitmap()
        return passed

    def postings(self) -> Rows | None:
        """The postings of all the filters; None if one of them has none."""
        lists = [one.postings() for one in self.children]
        postings = [rows for rows in lists if rows is not None]
        return _distinct(np.concatenate(postings)) if len(postings) == len(lists) else None


def _distinct(rows: Rows) -> Rows:
    """Each row once; np.unique hashes first, which takes three times as long."""
    in_order = np.sort(rows)
    return in_order[first_of_each(in_order)]
