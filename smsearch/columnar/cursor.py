"""Whether places, one in each segment, are where a page of a question begins: whether they cut its result in two.

Every match before its segment's place must come before every match from the places on. Of three matches a, b, c in that
order, a and c in one segment and b in another, `(c, b)` is a cut and `(c, end)` is none: b would be lost. What a page
gave out as the next one's places always is a cut. It knows no token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from smsearch.columnar.operators.merge import ranked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.compiled_query import View
    from smsearch.columnar.operators.scan import Found
    from smsearch.engine.engine import Places
    from smsearch.predicate.order import SortKey

_BACK: Final = 128
"""Rows to look back at, where the one before a place does not tell; then twice as many, and so on."""


def are_places(views: Sequence[View], places: Places) -> bool:
    """Whether some numbers are places at all: one a segment, none after its end."""
    return len(places) == len(views) and all(place <= view.order.end for view, place in zip(views, places, strict=True))


def is_cut(views: Sequence[View], places: Places, found: Sequence[Found], key: SortKey) -> bool:
    """Whether places that are not the beginning are a cut with a match behind it.

    Args:
        views: The segments.
        places: One a segment.
        found: What each segment has from its place on.
        key: The order.
    """
    if len(views) == 1:
        return bool(len(found[0].rows))
    heads = [
        next(ranked(view, one.rows[:1], at, key), None) for at, (view, one) in enumerate(zip(views, found, strict=True))
    ]
    first = min((head for head in heads if head is not None), default=None)
    return first is not None and all(
        head is first or _ends_before(view, place, at, first, key)
        for at, (view, place, head) in enumerate(zip(views, places, heads, strict=True))
    )


def _ends_before(view: View, place: int, at: int, first: tuple[Any, ...], key: SortKey) -> bool:
    """Whether the last match of a segment before a place comes before another segment's match.

    It looks back from the place until it meets a match, or a row that comes before that match, as all before it do.
    """
    stop, size = place, 1
    while stop > 0:
        start = max(stop - size, 0)
        rows = _between(view, start, stop)
        passed = rows[view.condition.test(rows)] if size > 1 else rows[:0]
        if len(passed):
            return next(ranked(view, passed[-1:], at, key)) < first
        if len(rows) and next(ranked(view, rows[:1], at, key)) < first:
            return True
        stop, size = (start, 2 * size) if size > 1 else (stop, _BACK)
    return True


def _between(view: View, start: int, stop: int) -> NDArray[Any]:
    """The rows from a place to before another, in order."""
    parts = []
    while start < stop:
        rows, places, start = view.order.block(start, stop - start, stop)
        parts.append(rows[places < stop])  # a block goes on to the end of a run of equal values
    return np.concatenate(parts)
