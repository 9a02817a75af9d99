"""Chooses how one segment finds a page: arithmetic over counts that the indexes give for free.

There are two access paths. An index scan walks along the sort order and tests each row. A gather and sort takes the
postings of the most selective condition, tests them, and keeps the first by sort key. A condition on the sort property
confines the scan to a slice of the order; what is left of the condition is the residual. This module reads no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from smsearch.columnar.operators.filters import ColumnFilter, Conjunction, Everything

if TYPE_CHECKING:
    from smsearch.columnar.operators.filters import Filter
    from smsearch.columnar.operators.order import SegmentOrder

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


@dataclass(frozen=True, slots=True)
class Plan:
    """How a page of one segment is found.

    Attributes:
        access_path: How the page is found.
        start: The first position of the order that can match.
        stop: The position after the last one that can match.
        residual: The condition that a scanned row must meet; None where every row of the slice matches.
        condition: The whole condition.
        estimated_rows: Rows that the access path is expected to read.
        replan_after_rows: Rows after which an index scan gives way to a gather and sort.
        is_slice: Whether a condition on the sort property confines the scan.
    """

    access_path: AccessPath
    start: int
    stop: int
    residual: Filter | None
    condition: Filter
    estimated_rows: int
    replan_after_rows: int
    is_slice: bool = False


def make_plan(
    condition: Filter,
    order: SegmentOrder,
    position: int,
    size: int,
    selection: Filter | None = None,
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
        return Plan(AccessPath.NOTHING, 0, 0, known, known, 0, 0)
    first, stop, residual = _slice(condition, order)
    residual = known if residual is not None and selection is not None else residual
    start = max(first, position)
    in_slice = min(stop - first, row_count)
    share = 1.0 if residual is None else min(max(known.estimated_count, MATCHES_MIN) / max(in_slice, 1), 1.0)
    left = max(stop - start, 0)
    scanned_rows = min(left, row_count, int((size + 1) / share))
    scan_cost = INDEX_SCAN_START_US + scanned_rows * SCANNED_ROW_COST_US * (1 if residual is None else 2)
    gathered_rows = _gathered_rows(known, row_count)
    mask_cost = row_count * MASKED_ROW_COST_US * _column_count(known) + known.estimated_count * GATHERED_ROW_COST_US
    gather_cost = GATHER_SORT_START_US + min(gathered_rows * GATHERED_ROW_COST_US, mask_cost)
    cheaper = AccessPath.INDEX_SCAN if scan_cost <= gather_cost else AccessPath.GATHER_SORT
    if (forced or cheaper) is AccessPath.GATHER_SORT:
        return Plan(AccessPath.GATHER_SORT, position, order.end, residual, known, gathered_rows, gathered_rows)
    replan_after = left if forced else int(max(REPLAN_FACTOR * scanned_rows, gather_cost / SCANNED_ROW_COST_US))
    is_slice = (first, stop) != (0, order.end)
    return Plan(AccessPath.INDEX_SCAN, start, stop, residual, known, scanned_rows, replan_after, is_slice)


def _slice(condition: Filter, order: SegmentOrder) -> tuple[int, int, Filter | None]:
    """The positions that a range on the sort property confines matches to, and the residual condition."""
    if isinstance(condition, Everything):
        return 0, order.end, None
    terms = condition.children if isinstance(condition, Conjunction) else [condition]
    for term in terms:
        if isinstance(term, ColumnFilter) and term.column is order.column and order.column is not None:
            codes = _single_range(term)
            positions = None if codes is None else order.between(*codes)
            if positions is not None:
                rest = [other for other in terms if other is not term]
                residual = (
                    None if not rest else rest[0] if len(rest) == 1 else Conjunction(rest, order.end - order.valued)
                )
                return *positions, residual
    return 0, order.end, condition


def _single_range(term: ColumnFilter) -> tuple[int, int] | None:
    """The one range of readable codes that passes; None for several, or if a sort group could straddle its ends."""
    codes, column = term.codes, term.column
    if len(codes.ranges) != 1 or not codes.are_ranges or column.groups is not None:
        return None
    low, high = codes.ranges[0]
    return (low, high) if high <= column.readable else None


def _gathered_rows(condition: Filter, row_count: int) -> int:
    """How many rows would be gathered: the postings of the most selective term that has some, else every row."""
    terms = condition.children if isinstance(condition, Conjunction) else [condition]
    return min((term.max_count for term in terms if not _reads_texts(term)), default=row_count)


def _column_count(condition: Filter) -> int:
    """How many columns a condition reads."""
    return sum(map(_column_count, condition.children)) or 1


def _reads_texts(term: Filter) -> bool:
    return isinstance(term, ColumnFilter) and term.codes.needle is not None
