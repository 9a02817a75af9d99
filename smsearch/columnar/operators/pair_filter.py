"""Rows whose values in two columns are in relation to one another (row T6). It knows no predicate and no property."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.numpy_later import np
from smsearch.store.bitmap import Bitmap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.operators.filters import RowFilter, Rows
    from smsearch.store.column import Column

    Compare = Callable[[Any, Any], Any]

_DOUBLES_ARE_WHOLE_UP_TO: Final = 1 << 53
"""Integers up to which each has a double of its own."""


class PairFilter:
    """Rows that have a value in both columns, which are in relation.

    Args:
        left: A column of numbers or times.
        right: Another one of the same table and type.
        compare: The relation, of two values or of two arrays.
        micros: Of times, what their difference compares to; None for numbers.
    """

    children: Sequence[RowFilter] = ()

    def __init__(self, left: Column, right: Column, compare: Compare, micros: int | None) -> None:
        self._left = left
        self._right = right
        self._compare = compare
        self._micros = micros
        self.row_count = left.row_count
        self.max_count = min(left.present, right.present)
        self.exact_count = None if self.max_count else 0
        self.estimated_count = self.max_count / 2

    def matches(self, rows: Rows) -> NDArray[np.bool_]:
        """Compares the values of each row."""
        return self._passing(self._left.codes_of(rows), self._right.codes_of(rows))

    def bitmap(self) -> Bitmap:
        """Compares the values of every row."""
        return Bitmap.of_mask(self._passing(self._left.all_codes(), self._right.all_codes()))

    def postings(self) -> Rows | None:
        """The rows that pass: comparing all at once costs little."""
        return self.bitmap().rows()

    def _passing(self, left: NDArray[Any], right: NDArray[Any]) -> NDArray[np.bool_]:
        passed = (left < self._left.readable) & (right < self._right.readable)
        ours, theirs = left[passed].astype(np.int64), right[passed].astype(np.int64)
        if self._micros is None:
            passed[passed] = self._numbers(ours, theirs)
        else:
            difference = self._left.micros.take(ours) - self._right.micros.take(theirs)
            passed[passed] = self._compare(difference, self._micros)
        return passed

    def _numbers(self, ours: NDArray[np.int64], theirs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Compares numbers by their doubles or integers; where those would lose a digit, by their digits."""
        if self._left.exact is None and self._right.exact is None:
            one, other = self._left.numbers.take(ours), self._right.numbers.take(theirs)
            if one.dtype == other.dtype or (_have_doubles(one) and _have_doubles(other)):
                compared: NDArray[np.bool_] = self._compare(one, other)
                return compared
        pairs, at = np.unique(ours * (self._right.absent + 1) + theirs, return_inverse=True)
        codes = (divmod(pair, self._right.absent + 1) for pair in pairs.tolist())
        passed = [self._compare(self._left.number(one), self._right.number(other)) for one, other in codes]
        return np.array(passed, bool)[at]


def _have_doubles(numbers: NDArray[Any]) -> bool:
    """Whether every number is a double, or an integer that has one of its own."""
    return (
        numbers.dtype.kind == "f"
        or not ((numbers > _DOUBLES_ARE_WHOLE_UP_TO) | (numbers < -_DOUBLES_ARE_WHOLE_UP_TO)).any()
    )
