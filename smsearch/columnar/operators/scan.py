"""Runs a plan over one segment until a page is full.

An index scan reads the sort order in growing blocks. A gather and sort collects the matching rows and keeps the first
by sort key. Both give the same rows. This module knows neither what a condition means nor what a row holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.columnar.operators.selection import rows_of
from smsearch.columnar.plan import AccessPath
from smsearch.frozen import frozen
from smsearch.numpy_later import np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smsearch.columnar.operators.composed_order import ComposedOrder
    from smsearch.columnar.operators.order import SegmentOrder
    from smsearch.columnar.plan import Plan

BLOCK_MIN = 128
FIRST_BLOCK_MAX = 1 << 13
BLOCK_MAX = 1 << 16
"""A block holds the rows that are expected to fill the page, and a quarter more. The first block holds no more than
`FIRST_BLOCK_MAX`, since its size comes from the plan; the size of the others comes from the share of rows that passed.
Small blocks waste little, large blocks cost less a row."""


@frozen
class PageRows:
    """The rows of a page in one segment, in order, and how they were found.

    Attributes:
        rows: Row numbers; one more than the page holds if there is a next page.
        rows_read: How many rows were read.
        access_path: The access path that gave the rows in the end.
        next_position: The position of the row that begins the next page, where a scan has met it.
        positions: The position of each of `rows`, where a scan has met them in one block; else None.
    """

    rows: NDArray[Any]
    rows_read: int
    access_path: AccessPath
    next_position: int | None = None
    positions: NDArray[Any] | None = None


def find_page(plan: Plan, order: SegmentOrder | ComposedOrder, size: int) -> PageRows:
    """At most `size + 1` rows from the plan's start on."""
    match plan.access_path:
        case AccessPath.NOTHING:
            return PageRows(np.empty(0, np.int64), 0, AccessPath.NOTHING)
        case AccessPath.INDEX_SCAN:
            page = _index_scan(plan, order, size + 1)
            if page is not None:
                return page
    return _gather_sort(plan, order, size + 1)


def _index_scan(plan: Plan, order: SegmentOrder | ComposedOrder, wanted: int) -> PageRows | None:
    """The first `wanted` matches along the order; None if the scan read more rows than the plan allows."""
    blocks: list[NDArray[Any]] = []
    have = rows_read = passed = 0
    next_position = block_positions = None
    size = wanted
    if plan.residual is not None:
        size = max(BLOCK_MIN, wanted, min(_with_margin(plan.estimated_rows), FIRST_BLOCK_MAX))
    for position, stop in plan.slices:
        while position < stop and have < wanted:
            if passed > plan.replan_after_rows:
                return None
            rows, positions, after = order.block(position, size, stop)
            rows_read += len(rows)
            passed += after - position
            position = after  # noqa: PLW2901 - the rest of the slice
            if plan.residual is not None and len(rows):
                matching = plan.residual.matches(rows).nonzero()[0]
                rows, positions = rows.take(matching), positions.take(matching)
            blocks.append(rows[: wanted - have])
            block_positions = positions if len(blocks) == 1 else None
            if have + len(rows) >= wanted:
                next_position = positions.item(wanted - have - 1)
            have += len(blocks[-1])
            if have < wanted:
                size = _next_size(wanted - have, have, passed)
    rows = blocks[0] if len(blocks) == 1 else np.concatenate(blocks) if blocks else np.empty(0, np.int64)
    return PageRows(rows, rows_read, AccessPath.INDEX_SCAN, next_position, block_positions)


def _next_size(missing: int, have: int, passed: int) -> int:
    """The size of the next block, from the share of the positions passed so far that held a match."""
    return min(max(_with_margin(missing * passed // (have or 1)), BLOCK_MIN), 2 * passed, BLOCK_MAX)


def _with_margin(rows: int) -> int:
    return rows + rows // 4


def _gather_sort(plan: Plan, order: SegmentOrder | ComposedOrder, wanted: int) -> PageRows:
    """The first `wanted` matches by sort key, of all matching rows from the plan's start on."""
    rows = rows_of(plan.condition)
    rows_read = len(rows)
    keys = order.keys(rows)
    if plan.start:
        after = keys >= order.key_at(plan.start)
        rows, keys = rows[after], keys[after]
    if len(rows) > wanted:
        first = np.argpartition(keys, wanted)[:wanted]
        rows, keys = rows[first], keys[first]
    return PageRows(rows[np.argsort(keys)], rows_read, AccessPath.GATHER_SORT)
