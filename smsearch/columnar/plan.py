"""Chooses how a page is found: arithmetic over counts that the indexes give for free.

Two moves: walk along the sort order and test what comes by, or take the candidates of the most selective condition and
keep the first by sort key. Where a condition is on the sort property itself, the walk is confined to its slice. This
module looks at no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from smsearch.columnar.operators.filters import ColumnFilter, Conjunction, Everything

if TYPE_CHECKING:
    from smsearch.columnar.operators.filters import Filter
    from smsearch.columnar.operators.order import Order

ROW_COST_US = 0.03
"""Microseconds to test a row that comes by: measured, one column, a block of some thousand rows."""
CANDIDATE_COST_US = 0.06
"""Microseconds to gather, test and key a candidate: measured, some hundred thousand candidates."""
WALK_START_US = 10.0
CANDIDATES_START_US = 45.0
"""Fixed costs of the two moves: measured on pages of 100."""
EVERY_ROW_COST_US = 0.0004
"""Microseconds to look at each row of one column at once: measured at a million rows, a byte or four a code."""
EXPECTED_MIN = 0.5
"""Matches that a conjunction is taken to have at least: independent conditions are only a guess."""
PATIENCE = 4.0
"""A walk that has passed this many times the rows it was planned for gives way to candidates, if that costs less."""


class Move(StrEnum):
    """How a page is found."""

    NOTHING = "nothing"
    WALK = "walk"
    CANDIDATES = "candidates"


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done for a page.

    Attributes:
        move: How the page is found.
        start: The first place of the order that can match.
        stop: The place after the last that can.
        test: What a row that comes by is asked; None where the slice says it all.
        filter: The whole condition.
        expected_rows: Rows that the move is taken to look at.
        limit_rows: Rows after which a walk gives way to candidates.
        is_slice: Whether a condition on the sort property confines the walk.
    """

    move: Move
    start: int
    stop: int
    test: Filter | None
    filter: Filter
    expected_rows: int
    limit_rows: int
    is_slice: bool = False


def make_plan(
    condition: Filter, order: Order, place: int, size: int, known: Filter | None = None, forced: Move | None = None
) -> Plan:
    """The plan for a page of `size` that begins at a place.

    Args:
        condition: What a record must pass.
        order: The sort order.
        place: Where in it the page begins.
        size: How many records the page holds.
        known: The same condition once its rows were counted; else the plan goes by what the indexes tell.
        forced: A move to take whatever it costs.
    """
    asked = known or condition
    row_count = condition.row_count
    if asked.bound == 0:
        return Plan(Move.NOTHING, 0, 0, asked, asked, 0, 0)
    first, stop, test = _slice(condition, order)
    test = asked if test is not None and known is not None else test
    start = max(first, place)
    in_slice = min(stop - first, row_count)
    passing = 1.0 if test is None else min(max(asked.expected, EXPECTED_MIN) / max(in_slice, 1), 1.0)
    left = max(stop - start, 0)
    walked = min(left, row_count, int((size + 1) / passing))
    walk_cost = WALK_START_US + walked * ROW_COST_US * (1 if test is None else 2)
    candidate_rows = _candidate_bound(asked, row_count)
    every_row_cost = row_count * EVERY_ROW_COST_US * _leaves(asked) + asked.expected * CANDIDATE_COST_US
    candidate_cost = CANDIDATES_START_US + min(candidate_rows * CANDIDATE_COST_US, every_row_cost)
    move = forced or (Move.WALK if walk_cost <= candidate_cost else Move.CANDIDATES)
    if move is Move.WALK:
        patience = left if forced else int(max(PATIENCE * walked, candidate_cost / ROW_COST_US))
        return Plan(Move.WALK, start, stop, test, asked, walked, patience, (first, stop) != (0, order.end))
    return Plan(Move.CANDIDATES, place, order.end, test, asked, candidate_rows, candidate_rows)


def _slice(condition: Filter, order: Order) -> tuple[int, int, Filter | None]:
    """The places that a range on the sort property confines matches to, and what is left to ask of their rows."""
    if isinstance(condition, Everything):
        return 0, order.end, None
    parts = condition.parts if isinstance(condition, Conjunction) else [condition]
    for part in parts:
        if isinstance(part, ColumnFilter) and part.column is order.column and order.column is not None:
            codes = _single_range(part)
            found = None if codes is None else order.between(*codes)
            if found is not None:
                rest = [other for other in parts if other is not part]
                test = None if not rest else rest[0] if len(rest) == 1 else Conjunction(rest, order.end - order.valued)
                return *found, test
    return 0, order.end, condition


def _single_range(part: ColumnFilter) -> tuple[int, int] | None:
    """The one range of readable codes that passes, if groups of equal sort values do not straddle its ends."""
    codes, column = part.codes, part.column
    if len(codes.ranges) != 1 or not codes.are_ranges or column.groups is not None:
        return None
    low, high = codes.ranges[0]
    return (low, high) if high <= column.readable else None


def _candidate_bound(condition: Filter, row_count: int) -> int:
    """How many candidates would be gathered: those of the most selective part that has any, else every row."""
    parts = condition.parts if isinstance(condition, Conjunction) else [condition]
    bounds = [part.bound for part in parts if not _reads_texts(part)]
    return min(bounds, default=row_count)


def _leaves(condition: Filter) -> int:
    """How many columns a condition looks at."""
    return sum(_leaves(part) for part in condition.parts) or 1


def _reads_texts(part: Filter) -> bool:
    return isinstance(part, ColumnFilter) and part.codes.needle is not None
