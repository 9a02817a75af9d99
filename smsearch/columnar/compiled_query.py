"""A condition and an order, compiled for each segment of a store: counted once, and its pages found.

Each segment plans and scans for itself. This module knows no request and no record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.columnar.compile import compile_filter
from smsearch.columnar.operators.combinations import Conjunction
from smsearch.columnar.operators.composed_order import ComposedOrder
from smsearch.columnar.operators.filters import Everything, LiveDocs
from smsearch.columnar.operators.order import SegmentOrder
from smsearch.columnar.operators.scan import find_page
from smsearch.columnar.operators.selection import rows_of, select
from smsearch.columnar.plan import AccessPath, make_plan
from smsearch.frozen import frozen
from smsearch.numpy_later import np
from smsearch.store.footer import outside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.cursor import Positions
    from smsearch.columnar.operators.filters import RowFilter
    from smsearch.columnar.operators.scan import PageRows
    from smsearch.columnar.plan import Plan
    from smsearch.engine.cursor import Cursor
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.store.segment_reader import SegmentReader


CURSORS_MAX: Final = 64
"""Cursors that a compiled query remembers: callers return with the last ones; beyond, all are forgotten."""


@frozen
class SegmentQuery:
    """One segment under one condition and one order."""

    reader: SegmentReader
    order: SegmentOrder | ComposedOrder
    condition: RowFilter

    def find(
        self, position: int, size: int, selection: RowFilter | None, forced: AccessPath | None
    ) -> tuple[Plan, PageRows]:
        """The plan and the rows of a page; one row more than `size` if there is a next page.

        Args:
            position: Where in the order the page begins.
            size: How many records the page holds.
            selection: The condition once its rows were counted, if they were.
            forced: An access path to take whatever it costs.
        """
        plan = make_plan(self.condition, self.order, position, size, selection, forced)
        return plan, find_page(plan, self.order, size)

    def in_order(self, rows: NDArray[Any] | None) -> NDArray[Any]:
        """uint32: some rows, or all of them, in order."""
        every = np.arange(self.reader.entry.rows, dtype=np.uint32) if rows is None else rows.astype(np.uint32)
        return every[np.argsort(self.order.keys(every), kind="stable")]

    def position_after(self, page: PageRows, used: int) -> int:
        """The position to go on from, after `used` of the rows that this segment gave for a page."""
        if used >= len(page.rows):
            return self.order.end
        if page.next_position is not None and used == len(page.rows) - 1:
            return page.next_position
        return self.position_of(page, used)

    def position_of(self, page: PageRows, place: int) -> int:
        """The position of one of the rows that this segment gave for a page."""
        return self.order.position_of(int(page.rows[place])) if page.positions is None else int(page.positions[place])


class CompiledQuery:
    """A condition and an order over the segments of a store.

    Attributes:
        segments: The condition and the order in each segment.
        selections: The condition in each segment once its rows were counted; empty before.
        first_positions: In each segment, the position of the first match that an index scan met; None before.
        total: How many records match, once they were counted; None before.
        cursors: The positions of the beginning, and of cursors that pages gave out lately: they need no check.
    """

    __slots__ = ("cursors", "first_positions", "segments", "selections", "total")

    def __init__(self, segments: list[SegmentQuery]) -> None:
        self.segments = segments
        self.cursors: dict[Cursor, Positions] = {b"": ()}
        self.selections: list[RowFilter] = []
        self.total: int | None = None
        self.first_positions: list[int] | None = None

    def remember(self, cursor: Cursor, positions: Positions) -> None:
        """Remembers a cursor that a page gave out."""
        if len(self.cursors) > CURSORS_MAX:
            self.cursors = {b"": ()}
        self.cursors[cursor] = positions

    def count(self) -> int:
        """How many records match; counted once.

        Raises:
            StoreError: A segment counts more than it has, or fewer than none.
        """
        if self.total is None:
            selections = [select(segment.condition) for segment in self.segments]
            for segment, selection in zip(self.segments, selections, strict=True):
                if not 0 <= selection.max_count <= selection.row_count:
                    raise outside(segment.reader.entry.file)
            self.selections = selections
            self.total = sum(selection.max_count for selection in selections)
        return self.total

    def rows(self) -> Iterator[tuple[NDArray[Any] | None, int]]:
        """For each segment the rows that match, or None where every row does, and how many they are."""
        self.count()
        for selection in self.selections:
            is_every = selection.exact_count == selection.row_count
            yield None if is_every else rows_of(selection), selection.max_count

    def find(self, positions: Positions, size: int, forced: AccessPath | None) -> list[tuple[Plan, PageRows]]:
        """The plan and the rows of each segment for a page that begins at some positions; `()` is the beginning."""
        selections: Sequence[RowFilter | None] = self.selections or (None,) * len(self.segments)
        starts = positions or self.first_positions or (0,) * len(self.segments)
        pages = [
            segment.find(start, size, selection, forced)
            for segment, start, selection in zip(self.segments, starts, selections, strict=True)
        ]
        if not positions and self.first_positions is None:
            self.first_positions = [
                segment.position_of(page, 0) if plan.access_path is AccessPath.INDEX_SCAN and len(page.rows) else 0
                for segment, (plan, page) in zip(self.segments, pages, strict=True)
            ]
        return pages


def segment_order(reader: SegmentReader, key: SortKey | None) -> SegmentOrder | ComposedOrder:
    """An order of the records of one segment; without a key, that of identities."""
    records = reader.tables.records
    return SegmentOrder(records, key) if key is None or key.then is None else ComposedOrder(records, key)


def segment_query(reader: SegmentReader, predicate: Predicate, order: SegmentOrder | ComposedOrder) -> SegmentQuery:
    """A condition and an order in one segment."""
    return SegmentQuery(reader, order, _among_live(compile_filter(predicate, reader.tables), reader))


def _among_live(condition: RowFilter, reader: SegmentReader) -> RowFilter:
    """The condition without the rows that newer segments supersede."""
    if reader.dead is None or condition.max_count == 0:
        return condition
    live = LiveDocs(reader.entry.rows, reader.dead)
    return live if isinstance(condition, Everything) else Conjunction([condition, live], reader.entry.rows)
