"""The selection vector of a condition: the rows of a segment that pass, once they were counted.

TotalHits is exact, so the first page of a query counts all matches. The counted rows are remembered, and later pages
use them instead of the columns. This module knows neither predicates nor orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.numpy_later import np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.operators.filters import RowFilter

ALL_ROWS_SHARE = 16
"""Counting tests every row at once if the condition may hold for more than one row in this many."""


class Selection:
    """All rows that pass: as row numbers where they are few, else as a mask."""

    children: Sequence[RowFilter] = ()

    def __init__(self, row_count: int, rows: NDArray[Any] | None, mask: NDArray[np.bool_] | None) -> None:
        self.row_count = row_count
        self._rows = rows
        self._mask = mask
        self.max_count = self.exact_count = _length(rows, mask)
        self.estimated_count = float(self.exact_count)

    def matches(self, rows: NDArray[Any]) -> NDArray[np.bool_]:
        """Which of some rows pass."""
        if self._mask is None:
            self._mask = self.mask()
        return self._mask.take(rows)

    def mask(self) -> NDArray[np.bool_]:
        """Which of all rows pass."""
        if self._mask is not None:
            return self._mask
        mask = np.zeros(self.row_count, dtype=bool)
        mask[self._rows] = True
        return mask

    def postings(self) -> NDArray[Any]:
        """The rows that pass."""
        return self.mask().nonzero()[0] if self._rows is None else self._rows


def _length(rows: NDArray[Any] | None, mask: NDArray[np.bool_] | None) -> int:
    if rows is not None:
        return len(rows)
    return 0 if mask is None else int(np.count_nonzero(mask))


def select(condition: RowFilter) -> RowFilter:
    """A condition with an exact count: the condition itself where the indexes count it, else its selection."""
    if condition.exact_count is not None:
        return condition
    rows = _few_postings(condition)
    if rows is None:
        return Selection(condition.row_count, None, condition.mask())
    return Selection(condition.row_count, rows[condition.matches(rows)], None)


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
        return condition.mask().nonzero()[0]
    return rows if len(rows) == condition.exact_count else rows[condition.matches(rows)]
