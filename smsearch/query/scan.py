"""Runs a plan over one segment until a page is full.

A walk goes along the sort order in growing blocks; candidates are gathered, tested and cut to the first by key. Both
give the same rows. This module knows neither what a condition means nor what a row holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from smsearch.query.plan import Move

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smsearch.query.filters import Filter
    from smsearch.query.order import Order
    from smsearch.query.plan import Plan

FIRST_BLOCK = 128
LAST_BLOCK = 1 << 16
"""Blocks double from the first to the last: small ones waste little on a page that fills soon, large cost less each."""
ALL_ROWS_SHARE = 16
"""Counting looks at every row at once when more than one row in this many is a candidate."""


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a page in order, and how it was found.

    Attributes:
        rows: Row numbers, one more than the page holds if there is a next one.
        touched: Rows that were looked at.
        move: What was done in the end.
    """

    rows: NDArray[Any]
    touched: int
    move: Move


def find_page(plan: Plan, order: Order, size: int) -> Found:
    """At most `size + 1` rows from the plan's start on."""
    match plan.move:
        case Move.NOTHING:
            return Found(np.empty(0, np.int64), 0, Move.NOTHING)
        case Move.WALK:
            found = _walk(plan, order, size + 1)
            if found is not None:
                return found
    return _from_candidates(plan, order, size + 1)


def _walk(plan: Plan, order: Order, wanted: int) -> Found | None:
    """The first matches along the order, or None if it took too long."""
    parts: list[NDArray[Any]] = []
    have = touched = 0
    place, block = plan.start, max(FIRST_BLOCK, wanted) if plan.test is not None else wanted
    while place < plan.stop and have < wanted:
        if touched > plan.limit_rows:
            return None
        rows, _, place = order.block(place, block, plan.stop)
        touched += len(rows)
        if plan.test is not None and len(rows):
            rows = rows[plan.test.test(rows)]
        parts.append(rows[: wanted - have])
        have += len(parts[-1])
        block = min(2 * block, LAST_BLOCK)
    rows = parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else np.empty(0, np.int64)
    return Found(rows, touched, Move.WALK)


def _from_candidates(plan: Plan, order: Order, wanted: int) -> Found:
    rows = passing_rows(plan.filter)
    touched = len(rows)
    keys = order.keys(rows)
    if plan.start:
        after = keys >= order.key_at(plan.start)
        rows, keys = rows[after], keys[after]
    if len(rows) > wanted:
        first = np.argpartition(keys, wanted)[:wanted]
        rows, keys = rows[first], keys[first]
    return Found(rows[np.argsort(keys)], touched, Move.CANDIDATES)


def passing_rows(condition: Filter) -> NDArray[Any]:
    """All rows that pass, in no order."""
    few = condition.bound * ALL_ROWS_SHARE < condition.row_count
    candidates = condition.candidates() if few else None
    if candidates is None:
        return np.flatnonzero(condition.everywhere())
    return candidates[condition.test(candidates)]


def count(condition: Filter) -> int:
    """How many rows pass, exactly."""
    if condition.exact is not None:
        return condition.exact
    few = condition.bound * ALL_ROWS_SHARE < condition.row_count
    candidates = condition.candidates() if few else None
    passed = condition.everywhere() if candidates is None else condition.test(candidates)
    return int(np.count_nonzero(passed))
