"""Checks a cursor of a store: whether its positions, one in each segment, cut the result of a query in two.

Invariant: every match before its segment's position comes before every match from the positions on. Take three matches
a, b, c in this order; a and c are in the first segment, b in the second. The positions `(c, b)` are a cut: a is before
it, and b and c are from it on. The positions `(c, end)` are none: b would be lost. Positions that a page gave out are
always a cut. This module knows no token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.columnar.operators.merge import ranked
from smsearch.numpy_later import np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.compiled_query import SegmentQuery
    from smsearch.columnar.operators.scan import PageRows
    from smsearch.predicate.order import SortKey

    Positions = tuple[int, ...]
    """A position in the sort order of each segment; `()` is the beginning."""

_BACK: Final = 128
"""Rows to look back at, where the row before a position does not decide; then twice as many, and so on."""


def are_positions(segments: Sequence[SegmentQuery], positions: Positions) -> bool:
    """Whether there is one position for each segment, none after the segment's end."""
    return len(positions) == len(segments) and all(
        position <= segment.order.end for segment, position in zip(segments, positions, strict=True)
    )


def is_cut(segments: Sequence[SegmentQuery], positions: Positions, pages: Sequence[PageRows], key: SortKey) -> bool:
    """Whether positions that are not the beginning are a cut with a match behind it.

    Args:
        segments: The segments.
        positions: One for each segment.
        pages: The rows of each segment from its position on.
        key: The order.
    """
    if len(segments) == 1:
        return bool(len(pages[0].rows))
    heads = [
        next(ranked(segment, page.rows[:1], number, key), None)
        for number, (segment, page) in enumerate(zip(segments, pages, strict=True))
    ]
    first = min((head for head in heads if head is not None), default=None)
    return first is not None and all(
        head is first or _ends_before(segment, position, number, first, key)
        for number, (segment, position, head) in enumerate(zip(segments, positions, heads, strict=True))
    )


def _ends_before(segment: SegmentQuery, position: int, number: int, first: tuple[Any, ...], key: SortKey) -> bool:
    """Whether the last match of a segment before a position comes before `first`, a match of another segment.

    It reads backwards from the position until it meets a match, which decides, or a row that comes before `first`, as
    do all rows before that one.
    """
    stop, size = position, 1
    while stop > 0:
        start = max(stop - size, 0)
        rows = _between(segment, start, stop)
        matches = rows[segment.condition.matches(rows)] if size > 1 else rows[:0]
        if len(matches):
            return next(ranked(segment, matches[-1:], number, key)) < first
        if len(rows) and next(ranked(segment, rows[:1], number, key)) < first:
            return True
        stop, size = (start, 2 * size) if size > 1 else (stop, _BACK)
    return True


def _between(segment: SegmentQuery, start: int, stop: int) -> NDArray[Any]:
    """The rows from a position to before another, in order."""
    blocks = []
    while start < stop:
        rows, positions, start = segment.order.block(start, stop - start, stop)
        blocks.append(rows[positions < stop])  # a block may go on to the end of a group of equal values
    return np.concatenate(blocks)
