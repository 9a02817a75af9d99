"""Where the bins of numbers begin: at numbers that people would choose, in exact arithmetic.

Bins are as wide as 1, 2 or 5 times a power of ten; where positive numbers span three powers of ten or more, they begin
at 1, 2 and 5 times each power instead, or at powers alone.
"""

from __future__ import annotations

from decimal import MAX_EMAX, MIN_EMIN, ROUND_FLOOR, Context, Decimal
from itertools import pairwise
from typing import Final

BINS_WANTED: Final = 12
BINS_MAX: Final = 25
_SPAN: Final = 1_000
"""From here on, times the least number, the greatest makes equal bins useless: nearly all would fall into the first."""
_MANTISSAS: Final = (Decimal(1), Decimal(2), Decimal(5))
_EXACT: Final = Context(prec=80, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
"""Digits enough for the bounds of any numbers that are written in earnest."""


def edges(least: Decimal, greatest: Decimal) -> list[Decimal]:
    """Bounds that ascend, the first no greater than `least`, the last greater than `greatest`.

    Args:
        least: A finite number.
        greatest: A finite number, no less.
    """
    if least > 0 and greatest >= _EXACT.multiply(least, Decimal(_SPAN)):
        return _by_powers(least, greatest)
    bounds = _by_steps(least, greatest)
    if _covers(bounds, least, greatest):
        return bounds
    return [least, _EXACT.next_plus(greatest)]  # more digits apart than are kept: one bin tells no lie


def _by_steps(least: Decimal, greatest: Decimal) -> list[Decimal]:
    step = _step(_EXACT.divide(_EXACT.subtract(greatest, least), Decimal(BINS_WANTED)))
    first = _EXACT.divide(least, step).to_integral_value(ROUND_FLOOR, context=_EXACT)
    bounds = [_EXACT.multiply(first, step)]
    while bounds[-1] <= greatest and len(bounds) <= BINS_MAX:
        first = _EXACT.add(first, Decimal(1))
        bounds.append(_EXACT.multiply(first, step))
    return bounds


def _step(width: Decimal) -> Decimal:
    """The least of 1, 2 and 5 times a power of ten that is no less than a width."""
    if not width:
        return Decimal(1)
    power = width.adjusted()
    candidates = (_EXACT.scaleb(mantissa, Decimal(power)) for mantissa in (*_MANTISSAS, Decimal(10)))
    return next(candidate for candidate in candidates if candidate >= width)


def _by_powers(least: Decimal, greatest: Decimal) -> list[Decimal]:
    low, high = least.adjusted(), greatest.adjusted()
    mantissas = _MANTISSAS if (high - low + 1) * len(_MANTISSAS) <= BINS_MAX else _MANTISSAS[:1]
    stride = -(-(high - low + 1) // BINS_MAX)
    bounds = [
        _EXACT.scaleb(mantissa, Decimal(power))
        for power in range(low, high + stride + 1, stride)
        for mantissa in mantissas
    ]
    begun = max(at for at, edge in enumerate(bounds) if edge <= least)
    ended = next(at for at, edge in enumerate(bounds) if edge > greatest)
    return bounds[begun : ended + 1]


def _covers(bounds: list[Decimal], least: Decimal, greatest: Decimal) -> bool:
    ascends = all(one < other for one, other in pairwise(bounds))
    return len(bounds) > 1 and ascends and bounds[0] <= least and bounds[-1] > greatest
