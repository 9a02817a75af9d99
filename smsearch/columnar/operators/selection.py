"""The rows of a segment that pass a condition, once they were counted.

TotalHits is exact, so the first page of a question counts; what counting has found is kept, and the pages ask it
instead of the columns. It knows neither conditions nor orders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.operators.filters import Filter

ALL_ROWS_SHARE = 16
"""Counting looks at every row at once when more than one row in this many is a candidate."""


class Selection:
    """The rows that pass, all of them known: as their numbers where they are few, else as a mask."""

    parts: Sequence[Filter] = ()

    def __init__(self, row_count: int, rows: NDArray[Any] | None, mask: NDArray[np.bool_] | None) -> None:
        self.row_count = row_count
        self._rows = rows
        self._mask = mask
        self.bound = self.exact = _length(rows, mask)
        self.expected = float(self.exact)

    def test(self, rows: NDArray[Any]) -> NDArray[np.bool_]:
        """Which of some rows are among them."""
        if self._mask is None:
            self._mask = self.everywhere()
        return self._mask.take(rows)

    def everywhere(self) -> NDArray[np.bool_]:
        """Which of all rows are among them."""
        if self._mask is not None:
            return self._mask
        mask = np.zeros(self.row_count, dtype=bool)
        mask[self._rows] = True
        return mask

    def candidates(self) -> NDArray[Any]:
        """The rows themselves."""
        return self.everywhere().nonzero()[0] if self._rows is None else self._rows


def _length(rows: NDArray[Any] | None, mask: NDArray[np.bool_] | None) -> int:
    if rows is not None:
        return len(rows)
    return 0 if mask is None else int(np.count_nonzero(mask))


def select(condition: Filter) -> Filter:
    """A condition of which it is known how many rows pass: itself where the indexes say so, else its selection."""
    if condition.exact is not None:
        return condition
    rows = candidates(condition)
    if rows is None:
        return Selection(condition.row_count, None, condition.everywhere())
    return Selection(condition.row_count, rows[condition.test(rows)], None)


def candidates(condition: Filter) -> NDArray[Any] | None:
    """Rows among which are all that pass, if they are few; else it is quicker to look at every row."""
    few = condition.bound * ALL_ROWS_SHARE < _rows_below(condition)
    return condition.candidates() if few else None


def _rows_below(condition: Filter) -> int:
    """Rows of the largest table that a look at every row would take, since a list's elements are rows as well."""
    return max(condition.row_count, *map(_rows_below, condition.parts)) if condition.parts else condition.row_count


def rows_of(condition: Filter) -> NDArray[Any]:
    """All rows that pass, in no order."""
    rows = candidates(condition)
    if rows is None:
        return condition.everywhere().nonzero()[0]
    return rows if len(rows) == condition.exact else rows[condition.test(rows)]
