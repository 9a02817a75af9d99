"""Sets of codes as ranges, ascending and apart, and what can be made of two of them.

It knows neither columns nor tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.numpy_later import np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Range = tuple[int, int]
"""Codes from the first to before the second."""
Ranges = tuple[Range, ...]
"""Ranges in ascending order, none of which touches the next."""
FEW_MAX: Final = 8
"""Ranges that are looked at one by one; more are a mask, or codes in a list."""


def of_codes(codes: Iterable[int]) -> Ranges:
    """Codes in any order, neighbours joined."""
    return joined((code, code + 1) for code in codes)


def joined(ranges: Iterable[Range]) -> Ranges:
    """Ranges in any order, those that touch or overlap as one."""
    merged: list[Range] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def union(one: Ranges, other: Ranges) -> Ranges:
    """The codes that are in either."""
    return joined((*one, *other))


def intersection(one: Ranges, other: Ranges) -> Ranges:
    """The codes that are in both."""
    shared: list[Range] = []
    at = beside = 0
    while at < len(one) and beside < len(other):
        low = max(one[at][0], other[beside][0])
        high = min(one[at][1], other[beside][1])
        if low < high:
            shared.append((low, high))
        if one[at][1] < other[beside][1]:
            at += 1
        else:
            beside += 1
    return tuple(shared)


def complement(among: Ranges, size: int) -> Ranges:
    """The codes from 0 to before `size` that are in none of the ranges."""
    bounds = [0, *(bound for one in among for bound in one), size]
    gaps = zip(bounds[::2], bounds[1::2], strict=True)
    return tuple((low, high) for low, high in gaps if low < high)


def mask(among: Ranges, size: int) -> NDArray[np.bool_]:
    """For each of so many codes, whether it is in one of the ranges."""
    passes = np.zeros(size, dtype=bool)
    for low, high in among:
        passes[low:high] = True
    return passes
