"""Chooses how one segment finds a page: arithmetic over counts that the indexes give for free.

There are two access paths. An index scan walks along the sort order and tests each row. A gather and sort takes the
postings of the most selective condition, tests them, and keeps the first by sort key. A condition on the sort property
confines the scan to slices of the order; what is left of the condition is the residual. `status != Failed ORDER BY
status` scans two slices: the positions before the failed jobs, and those behind them to the end, where the jobs without
a status stand. This module reads no row.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from smsearch.columnar.operators.combinations import Conjunction, reads_texts
from smsearch.columnar.operators.filters import ColumnFilter, Everything
from smsearch.columnar.operators.selection import CountedFilter
from smsearch.columnar.ranges import FEW_MAX
from smsearch.frozen import frozen

if TYPE_CHECKING:
    from smsearch.columnar.operators.composed_order import ComposedOrder
    from smsearch.columnar.operators.filters import RowFilter
    from smsearch.columnar.operators.order import SegmentOrder
    from smsearch.columnar.ranges import Ranges

SCANNED_ROW_COST_US = 0.03
"""Microseconds to test a row of a scan: measured, one column, a block of some thousand rows."""
GATHERED_ROW_COST_US = 0.06
"""Microseconds to gather, test and key a row: measured, some hundred thousand rows."""
INDEX_SCAN_START_US = 10.0
GATHER_SORT_START_US = 45.0
"""Fixed costs of the two access paths: measured on pages of 100."""
MASKED_ROW_COST_US = 0.0004
"""Microseconds a row to test a whole column at once: measured at a million rows, a byte or four a code."""
MATCHES_MIN = 0.5
"""The least number of matches to plan for: an estimate of 0 is only a guess that conditions are independent."""
REPLAN_FACTOR = 4.0
"""A scan that has read this many times the planned rows gives way to a gather and sort, if that costs less."""


class AccessPath(StrEnum):
    """How a page is found."""

    NOTHING = "nothing"
    INDEX_SCAN = "index scan"
    GATHER_SORT = "gather and sort"


@frozen
class Plan:
    """How a page of one segment is found.

    Attributes:
        access_path: How the page is found.
        start: The position from which the page goes on.
        slices: Slices of positions that an index scan reads, ascending, none before `start`.
        residual: The condition that a scanned row must meet; None where every row of the slice matches.
        condition: The whole condition.
        estimated_rows: Rows that the access path is expected to read, or positions of the order that it passes.
        replan_after_rows: Positions after which an index scan gives way to a gather and sort.
        is_confined: Whether a condition on the sort property confines the scan.
    """

    access_path: AccessPath
    start: int
    slices: Ranges
    residual: RowFilter | None
    condition: RowFilter
    estimated_rows: int
    replan_after_rows: int
    is_confined: bool = False


def make_plan(
    condition: RowFilter,
    order: SegmentOrder | ComposedOrder,
    position: int,
    size: int,
    selection: RowFilter | None = None,
    forced: AccessPath | None = None,
) -> Plan:
    """The plan for a page of `size` records that begins at a position of the order.

    Args:
        condition: The condition that a record must meet.
        order: The sort order.
        position: Where the page begins.
        size: How many records the page holds.
        selection: The same condition once its rows were counted; without it, the plan uses the indexes' counts.
        forced: An access path to take whatever it costs.
    """
    known = selection or condition
    row_count = condition.row_count
    if known.max_count == 0:
        return Plan(AccessPath.NOTHING, 0, (), known, known, 0, 0)
    every, residual = _slices(condition, order)
    if residual is not None and selection is not None and not isinstance(selection, CountedFilter):
        residual = known
    rows, left = 0.0, 0
    slices: list[tuple[int, int]] = []
    for first, stop in every:
        rows += (stop - first) * (1.0 if first < order.valued else order.tail_density)
        if stop > position:
            start = max(first, position)
            left += stop - start
            slices.append((start, stop))
    share = 1.0 if residual is None else min(max(known.estimated_count, MATCHES_MIN) / max(rows, 1), 1.0)
    needed, scanned = (size + 1) / share, 0.0  # rows of which `size + 1` match, and the positions to pass for them
    for start, stop in slices:
        density = 1.0 if start < order.valued else order.tail_density
        passed = min(needed / density, stop - start)
        scanned += passed
        needed -= passed * density
    scanned_rows = int(scanned)
    is_confined = every is not order.regions
    if residual is None and scanned_rows <= size + 1 and not forced:  # a scan reads the page and passes nothing else
        return Plan(AccessPath.INDEX_SCAN, position, tuple(slices), None, known, scanned_rows, left, is_confined)
    scan_cost = INDEX_SCAN_START_US + scanned_rows * SCANNED_ROW_COST_US * (1 if residual is None else 2)
    gathered_rows = _gathered_rows(known, row_count)
    mask_cost = row_count * MASKED_ROW_COST_US * _column_count(known) + known.estimated_count * GATHERED_ROW_COST_US
    gather_cost = GATHER_SORT_START_US + min(gathered_rows * GATHERED_ROW_COST_US, mask_cost)
    cheaper = AccessPath.INDEX_SCAN if scan_cost <= gather_cost else AccessPath.GATHER_SORT
    if (forced or cheaper) is AccessPath.GATHER_SORT:
        return Plan(AccessPath.GATHER_SORT, position, (), residual, known, gathered_rows, gathered_rows)
    replan_after = left if forced else int(max(REPLAN_FACTOR * scanned_rows, gather_cost / SCANNED_ROW_COST_US))
    return Plan(
        AccessPath.INDEX_SCAN, position, tuple(slices), residual, known, scanned_rows, replan_after, is_confined
    )


def _slices(condition: RowFilter, order: SegmentOrder | ComposedOrder) -> tuple[Ranges, RowFilter | None]:
    """The slices of positions to which a condition on the sort property confines matches, and the residual."""
    if isinstance(condition, Everything):
        return order.regions, None
    terms = condition.children if isinstance(condition, Conjunction) else [condition]
    for term in terms:
        if isinstance(term, ColumnFilter) and term.column is order.column and term.codes.are_ranges:
            slices = order.slices(term.codes.ranges) if len(term.codes.ranges) <= FEW_MAX else None
            if slices is not None:
                rest = [other for other in terms if other is not term]
                residual = None if not rest else rest[0] if len(rest) == 1 else Conjunction(rest, condition.row_count)
                return slices, residual
    return order.regions, condition


def _gathered_rows(condition: RowFilter, row_count: int) -> int:
    """How many rows would be gathered: the postings of the most selective term that has some, else every row."""
    if isinstance(condition, Everything):
        return row_count
    terms = condition.children if isinstance(condition, Conjunction | CountedFilter) else [condition]
    counts = [term.max_count for term in terms if not reads_texts(term)]
    return min(counts, default=row_count)


def _column_count(condition: RowFilter) -> int:
    """How many columns a condition reads."""
    return sum(map(_column_count, condition.children)) or 1
