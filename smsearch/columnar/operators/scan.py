"""Runs a plan over one segment until a page is full.

A walk goes along the sort order in growing blocks; candidates are gathered, tested and cut to the first by key. Both
give the same rows. This module knows neither what a condition means nor what a row holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from smsearch.columnar.operators.selection import rows_of
from smsearch.columnar.plan import Move

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smsearch.columnar.operators.order import Order
    from smsearch.columnar.plan import Plan

BLOCK_MIN = 128
FIRST_BLOCK_MAX = 1 << 13
BLOCK_MAX = 1 << 16
"""A block holds what is expected to fill the page, and a quarter more; the first no more than `FIRST_BLOCK_MAX`, since
it goes by what the plan expects and the others by what was seen. Small ones waste little, large cost less each."""


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of a page in order, and how it was found.

    Attributes:
        rows: Row numbers, one more than the page holds if there is a next one.
        touched: Rows that were looked at.
        move: What was done in the end.
        next_place: The place of the row that is one more than the page holds, where a walk has come by it.
    """

    rows: NDArray[Any]
    touched: int
    move: Move
    next_place: int | None = None


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
    next_place = None
    place, block = plan.start, wanted
    if plan.test is not None:
        block = max(BLOCK_MIN, wanted, min(_with_margin(plan.expected_rows), FIRST_BLOCK_MAX))
    while place < plan.stop and have < wanted:
        if touched > plan.limit_rows:
            return None
        rows, places, place = order.block(place, block, plan.stop)
        touched += len(rows)
        if plan.test is not None and len(rows):
            passed = plan.test.test(rows).nonzero()[0]
            rows, places = rows.take(passed), places.take(passed)
        parts.append(rows[: wanted - have])
        if have + len(rows) >= wanted:
            next_place = places.item(wanted - have - 1)
        have += len(parts[-1])
        block = _next_block(wanted - have, have, touched)
    rows = parts[0] if len(parts) == 1 else np.concatenate(parts) if parts else np.empty(0, np.int64)
    return Found(rows, touched, Move.WALK, next_place)


def _next_block(missing: int, have: int, touched: int) -> int:
    """How many rows to take next, going by how many of those before it passed."""
    return min(max(_with_margin(missing * touched // (have or 1)), BLOCK_MIN), 2 * touched, BLOCK_MAX)


def _with_margin(rows: int) -> int:
    return rows + rows // 4


def _from_candidates(plan: Plan, order: Order, wanted: int) -> Found:
    rows = rows_of(plan.filter)
    touched = len(rows)
    keys = order.keys(rows)
    if plan.start:
        after = keys >= order.key_at(plan.start)
        rows, keys = rows[after], keys[after]
    if len(rows) > wanted:
        first = np.argpartition(keys, wanted)[:wanted]
        rows, keys = rows[first], keys[first]
    return Found(rows[np.argsort(keys)], touched, Move.CANDIDATES)
