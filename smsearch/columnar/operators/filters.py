"""Filters over the rows of one table: conditions on a column; those made of others are in `combinations.py`.

A filter gives counts (`max_count`, `estimated_count`, `exact_count`) without reading a row, tells which of some rows
match (`matches`) and which of all rows (`bitmap`), and lists the few rows that could match (`postings`). The planner
compares the counts and chooses between the three. This module knows no page, no order and no predicate.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from smsearch.columnar import ranges
from smsearch.numpy_later import np
from smsearch.store.bitmap import Bitmap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.codes import Codes
    from smsearch.store.column import Column

    Rows = NDArray[np.integer[Any]]
    """Row numbers of a table, in whatever width they come."""

SMALL_MASK = 4_096
"""Codes of a column up to which a mask is made for two ranges already: it costs nothing, and looks up all at once."""
TRANSLATED_FROM = 4_096
KEPT_CODES_MAX = 256
KEPT_BITMAPS_MAX = 8
"""Codes of a column whose bitmaps are kept, and how many of them: together they take no more than the codes, a byte a
row. Beyond, all of the column are forgotten."""
FEW_ROWS_SHARE = 16
"""A bitmap is made of the rows along the order where they are fewer than one in this many: measured."""
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

    def bitmap(self) -> Bitmap:
        """All rows that match."""

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

    def bitmap(self) -> Bitmap:
        """Every row of the table, or none."""
        return Bitmap.of_mask(np.full(self.row_count, self._passes))

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
        self._live = ~Bitmap.of_rows(deleted, row_count)

    def matches(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of some rows are live."""
        return self._live.holds(rows)

    def bitmap(self) -> Bitmap:
        """Every live row."""
        return self._live

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
    def _stands_together(self) -> bool:
        """Whether the rows of the passing codes, and no others, stand together in the column's order."""
        codes = self.codes
        is_apart = codes.mask is not None or codes.needle is not None or self._holds_absent
        return not is_apart and self.column.sort_groups is None

    def place_in_order(self) -> tuple[int, int] | None:
        """Where in the column's order its rows begin and end; None where they, and no others, do not stand together."""
        if len(self.codes.ranges) != 1 or not self._stands_together:
            return None
        ((low, high),) = self.codes.ranges
        return self.column.start(low), self.column.start(high)

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

    @property
    def is_kept(self) -> bool:
        """Whether its rows are kept as a bitmap, since the column has few codes."""
        return self.column.absent < KEPT_CODES_MAX and self.codes.are_ranges

    def bitmap(self) -> Bitmap:
        """Tests the code of every row; of a column with few codes, once."""
        if not self.is_kept:
            return self._bitmap()
        kept = self.column.bitmaps
        bitmap = kept.get(self.codes.ranges)
        if bitmap is None:
            if len(kept) >= KEPT_BITMAPS_MAX:
                kept.clear()
            bitmap = kept[self.codes.ranges] = self._bitmap()
        return bitmap

    def _bitmap(self) -> Bitmap:
        are_few = self._stands_together and self.max_count * FEW_ROWS_SHARE < self.row_count
        rows = self.postings() if are_few else None
        if rows is not None:
            return Bitmap.of_rows(rows, self.row_count)
        codes = self.column.all_codes()
        if self.codes.needle is not None:  # each text is searched once, and not block by block
            return Bitmap.of_mask(self._passing(codes))
        return Bitmap.of_blocks(codes, self._passing)

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
        if not self._stands_together:
            return self.bitmap().rows()
        column, listed = self.column, self.codes.listed
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
