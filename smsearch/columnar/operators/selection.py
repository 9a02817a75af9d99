"""The selection vector of a condition: the rows of a segment that pass, once they were counted.

TotalHits is exact, so the first page of a query counts all matches. The counted rows are remembered, and later pages
use them instead of the columns. Where an index tells their number, they are not listed before somebody asks for them.
This module knows neither predicates nor orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.columnar.operators.combinations import Conjunction
from smsearch.store.bitmap import Bitmap

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from smsearch.columnar.operators.filters import RowFilter

ALL_ROWS_SHARE = 256
"""Counting tests every row at once if the condition may hold for more than one row in this many: measured."""


class Selection:
    """All rows that pass: as row numbers where they are few, else as a bitmap."""

    children: Sequence[RowFilter] = ()

    def __init__(self, row_count: int, passing: NDArray[Any] | Bitmap) -> None:
        self.row_count = row_count
        self._passing = passing
        self._bitmap = passing if isinstance(passing, Bitmap) else None
        self.max_count = self.exact_count = len(passing)
        self.estimated_count = float(self.exact_count)

    def matches(self, rows: NDArray[Any]) -> NDArray[np.bool_]:
        """Which of some rows pass."""
        return self.bitmap().holds(rows)

    def bitmap(self) -> Bitmap:
        """All rows that pass."""
        if self._bitmap is None:
            self._bitmap = Bitmap.of_rows(self.postings(), self.row_count)
        return self._bitmap

    def postings(self) -> NDArray[Any]:
        """The rows that pass."""
        return self._passing.rows() if isinstance(self._passing, Bitmap) else self._passing


class CountedFilter:
    """A condition whose rows were counted and not listed, which is done when all of them are asked for."""

    def __init__(self, condition: RowFilter, count: int) -> None:
        self._condition = condition
        self._bitmap: Bitmap | None = None
        self.children = condition.children
        self.row_count = condition.row_count
        self.max_count = self.exact_count = count
        self.estimated_count = float(count)

    def matches(self, rows: NDArray[Any]) -> NDArray[np.bool_]:
        """Which of some rows pass."""
        return self._condition.matches(rows) if self._bitmap is None else self._bitmap.holds(rows)

    def bitmap(self) -> Bitmap:
        """All rows that pass."""
        if self._bitmap is None:
            self._bitmap = self._condition.bitmap()
        return self._bitmap

    def postings(self) -> NDArray[Any]:
        """The rows that pass."""
        return self.bitmap().rows()


def select(condition: RowFilter) -> RowFilter:
    """A condition with an exact count: the condition itself where the indexes count it, else its selection."""
    if condition.exact_count is not None:
        return condition
    rows = _few_postings(condition)
    if rows is not None:
        return Selection(condition.row_count, rows[condition.matches(rows)])
    if isinstance(condition, Conjunction):
        from smsearch.columnar.operators.prefix_counts import count_along  # few processes ask so often

        count = count_along(condition)
        if count is not None:
            return CountedFilter(condition, count)
    return Selection(condition.row_count, condition.bitmap())


def _few_postings(condition: RowFilter) -> NDArray[Any] | None:
    """The postings of a condition if they are few; None if it is quicker to test every row."""
    are_few = condition.max_count * ALL_ROWS_SHARE < _rows_below(condition)
    return condition.postings() if are_few else None


def _rows_below(condition: RowFilter) -> int:
    """The rows of the largest table that a condition tests; the elements of a list are rows of their own table."""
    return (
        max(condition.row_count, *map(_rows_below, condition.children)) if condition.children else condition.row_count
    )


def rows_of(condition: RowFilter) -> NDArray[Any]:
    """All rows that pass, in no order."""
    rows = _few_postings(condition)
    if rows is None:
        return condition.bitmap().rows()
    return rows if len(rows) == condition.exact_count else rows[condition.matches(rows)]
