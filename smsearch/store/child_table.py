"""The table of a list: which row above each of its rows belongs to; writer, reader and check of that structure.

Elements stand in the order of the rows above, then in their own. Rows 0 to 2 above, with 2, 0 and 1 elements:

    parents   0  0  2
    bounds    0  2  2  3     the elements of row r above are those from bounds[r] to before bounds[r + 1]

It knows no property.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from smsearch.numpy_later import np
from smsearch.store.footer import outside
from smsearch.store.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.store.segment import Array, Segment
    from smsearch.store.table_metadata import ListMetadata


def members(parents: NDArray[np.integer[Any]], rows_above: int) -> dict[str, object]:
    """The members of a directory's entry.

    Args:
        parents: For each element, ascending, the row above.
        rows_above: How many rows there are above.
    """
    bounds = np.zeros(rows_above + 1, np.int64)
    np.cumsum(np.bincount(parents, minlength=rows_above), out=bounds[1:])
    count = len(parents)
    return {
        "rows": count,
        "parents": parents.astype(np.uint32, copy=False),
        "bounds": bounds.astype(np.min_scalar_type(count)),
    }


class ChildTable(Table):
    """The table of a list."""

    def __init__(self, segment: Segment, path: str, metadata: ListMetadata) -> None:
        super().__init__(segment, path, metadata.rows)
        self._list = metadata

    @cached_property
    def parents(self) -> Array:
        """uint32, ascending: the row above of each element."""
        return self._segment.array(self._list.parents)

    @cached_property
    def bounds(self) -> Array:
        """Where the elements of each row above begin, and the end: one more than there are rows above."""
        return self._segment.array(self._list.bounds)

    def below(self, rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The elements that belong to rows above, each given once, and for each its place among `rows`."""
        starts = self.bounds.take(rows).astype(np.int64)
        counts = self.bounds.take(rows + 1).astype(np.int64) - starts
        if len(counts) and not (
            counts.min() >= 0 and counts.sum() <= self.row_count and (starts + counts).max() <= self.row_count
        ):
            raise outside(self._segment.name)  # before a number of the file says how much memory there should be
        owners = np.repeat(np.arange(len(rows), dtype=np.int64), counts)
        first = np.cumsum(counts) - counts
        return np.arange(len(owners), dtype=np.int64) - first[owners] + starts[owners], owners

    def check_rows(self, rows_above: int) -> Iterator[str]:
        """What is wrong with the table, a sentence each, given how many rows there are above."""
        parents, bounds = self.parents.whole().astype(np.int64), self.bounds.whole().astype(np.int64)
        in_order = not (np.diff(parents) < 0).any()
        if len(parents) != self.row_count or not in_order or (len(parents) and parents[-1] >= rows_above):
            yield "its elements do not follow the rows above."
        elif not np.array_equal(bounds, np.searchsorted(parents, np.arange(rows_above + 1))):
            yield "its bounds are not those of its elements."
