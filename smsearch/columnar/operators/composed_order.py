"""The sort order of one segment's records by several keys.

The rows are sorted once, by their sort groups under each key and then by tiebreak rank. A position is a place among
them, so every row has one position: there is no tail of rows without a value, and no slice that only some rows fill.
Three rows, with a = (7, x), b = (5, y) and c = (7, w), ascending by both keys:

    position   0  1  2
    row        b  c  a
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from smsearch.columnar.operators.order import SegmentOrder
from smsearch.numpy_later import np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.columnar.ranges import Ranges
    from smsearch.predicate.order import SortKey
    from smsearch.schema.values import Value
    from smsearch.store.table import Table


class ComposedOrder:
    """The order of a table of records by several sort keys; its other attributes are those of `SegmentOrder`.

    Attributes:
        orders: The order by each of the keys.
    """

    column = None
    tail_density = 1.0

    def __init__(self, table: Table, key: SortKey) -> None:
        self.orders = [SegmentOrder(table, one) for one in key.keys]
        self._row_count = table.row_count
        self.valued = self.end = table.row_count
        self.regions: Ranges = ((0, self.end), (self.end, self.end))

    @cached_property
    def _rows(self) -> NDArray[np.uint32]:
        """uint32: the row at each position."""
        every = np.arange(self._row_count, dtype=np.uint32)
        parts = [order.groups_and_ranks(every) for order in self.orders]
        rank, groups = parts[0][1], [group for group, _ in parts]
        return np.lexsort((rank, *reversed(groups))).astype(np.uint32)

    @cached_property
    def _positions(self) -> NDArray[np.uint32]:
        """uint32: the position of each row."""
        positions = np.empty(self._row_count, dtype=np.uint32)
        positions[self._rows] = np.arange(self._row_count, dtype=np.uint32)
        return positions

    def block(self, position: int, size: int, stop: int) -> tuple[NDArray[Any], NDArray[Any], int]:
        """The records from a position on: rows, the position of each, and the position to go on from."""
        end = min(position + size, stop, self.end)
        return self._rows[position:end], np.arange(position, end), end

    def slices(self, codes: Ranges) -> Ranges | None:  # noqa: ARG002 - as `SegmentOrder` has it
        """None: no condition confines a scan."""
        return None

    def keys(self, rows: NDArray[Any]) -> NDArray[np.int64]:
        """int64: one number a row that sorts as the rows do."""
        positions: NDArray[np.int64] = self._positions[rows].astype(np.int64)
        return positions

    def position_of(self, row: int) -> int:
        """The position of a row."""
        return int(self._positions[row])

    def key_at(self, position: int) -> int:
        """The sort key from which a page that begins at a position goes on."""
        return position

    def values_of(self, rows: NDArray[Any]) -> Iterator[tuple[Value, ...]]:
        """The values that each row sorts by, one a key, comparable across segments."""
        columns = [order.values_of(rows) for order in self.orders]
        for values in zip(*columns, strict=True):
            yield tuple(value for (value,) in values)
