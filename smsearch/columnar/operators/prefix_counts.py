"""Counts a range of one column among the rows of conditions on columns with few codes, and tests no row.

The bits of those conditions are put in the order of the first column once, with how many stand before each place. Then
any range of its codes is a slice of the order, and its matches are one number less another:

    order by loss   a  b  c  d  e      team = nlp   1  0  1  1  0      before   0  1  1  2  3  3
    loss < 0.4      a  b  c  d         of these in the team: 3 - 0

That takes as long as testing every row some times over, so it is done when the same conditions were asked that often.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.columnar.operators.filters import ColumnFilter
from smsearch.store.bitmap import Bitmap, PrefixCounts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.columnar.operators.combinations import Conjunction
    from smsearch.store.column import Column

COUNTED_FROM: Final = 3
"""Requests with the same conditions from which on their rows are counted along an order."""
KEPT_MAX: Final = 16
"""Conditions that are kept for a column: three bytes a row at most. Beyond, all of the column are forgotten."""


def count_along(condition: Conjunction) -> int | None:
    """How many rows pass; None where that is not told along an order, or not yet."""
    ranged: list[ColumnFilter] = []
    others: list[ColumnFilter] = []
    for one in condition.children:
        if not isinstance(one, ColumnFilter):
            return None
        (others if one.is_kept else ranged).append(one)
    place = ranged[0].place_in_order() if len(ranged) == 1 and others else None
    counts = None if place is None else _counts(ranged[0].column, others)
    return None if place is None or counts is None else counts.before(place[1]) - counts.before(place[0])


def _counts(column: Column, conditions: Sequence[ColumnFilter]) -> PrefixCounts | None:
    """How many rows pass some conditions, along the order of a column; None until they were asked often enough."""
    kept, name = column.prefix_counts, tuple([(one.column, one.codes.ranges) for one in conditions])
    counts = kept.get(name, 0)
    if isinstance(counts, PrefixCounts):
        return counts
    if len(kept) >= KEPT_MAX and not counts:
        kept.clear()
    if counts + 1 < COUNTED_FROM:
        kept[name] = counts + 1
        return None
    passed = conditions[0].bitmap()
    for one in conditions[1:]:
        passed &= one.bitmap()
    in_order = Bitmap.of_blocks(column.rows_at(0, column.present), passed.holds)
    made = kept[name] = PrefixCounts(in_order)
    return made
