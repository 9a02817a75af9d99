"""Seconds times what each counts, as InstanceSeconds and Cost are made, of whole arrays of integers.

The weight of a record, its instances or their price, is shared by many records, and the product by few. So the formula
is asked for weights, and the products are made here, to the digit that the formula gives; or not at all, where integers
of 64 bits might not hold them. This module knows no segment and no formula.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.numpy_later import np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Scaled = tuple[Integers, int]
    """Integers, and how many of their digits stand after the point."""

EXACT_DIGITS: Final = 15
"""Digits of a decimal that its nearest double always spells again."""
MICRO_DIGITS: Final = 6
_MAGNITUDE_MAX: Final = 1 << 62
_POWER_MAX: Final = 18
"""The greatest power of ten that 64 bits hold."""


def products(
    seconds: NDArray[Any], weights: Sequence[Decimal], places: Integers, divisor: int, digits: int | None
) -> NDArray[np.float64] | None:
    """Seconds times weights, divided and rounded half to even; None where not every one of them is exact so.

    Args:
        seconds: int64 or float64, one for each product.
        weights: The different weights.
        places: For each of `seconds`, the place of its weight.
        divisor: What each product is divided by.
        digits: Digits of the quotients after the point; None where the divisor is 1 and all are kept.

    Returns:
        float64: doubles whose shortest spelling is the exact quotient.
    """
    whole, scaled = _whole(seconds), _scaled(weights)
    if whole is None or scaled is None:
        return None
    (factors, seconds_scale), (integers, weights_scale) = whole, scaled
    scale = seconds_scale + weights_scale
    raised = 10 ** max((digits or 0) - scale, 0)
    lowered = divisor * 10 ** (scale - digits if digits is not None and scale > digits else 0)
    if (
        scale > _POWER_MAX
        or _greatest(factors) * _greatest(integers) * raised >= _MAGNITUDE_MAX
        or lowered >= _MAGNITUDE_MAX
    ):
        return None
    numerators = factors * integers[places] * raised
    quotients = numerators if digits is None else _rounded(numerators, lowered)
    is_exact = _greatest(quotients) < 10**EXACT_DIGITS
    return quotients / 10 ** (scale if digits is None else digits) if is_exact else None


def _whole(numbers: NDArray[Any]) -> Scaled | None:
    """Numbers as integers, or as integers of millionths; None where some have more digits."""
    if numbers.dtype.kind == "i":
        return numbers.astype(np.int64), 0
    if not (np.abs(numbers) < 10 ** (EXACT_DIGITS - MICRO_DIGITS)).all():  # NaN is not
        return None
    micros = np.rint(numbers * 10**MICRO_DIGITS)
    return (micros.astype(np.int64), MICRO_DIGITS) if (micros / 10**MICRO_DIGITS == numbers).all() else None


def _scaled(weights: Sequence[Decimal]) -> Scaled | None:
    """Decimals as integers, all with as many digits after the point; None where 64 bits do not hold them."""
    exponents = [weight.as_tuple().exponent for weight in weights]
    scale = max((-exponent for exponent in exponents if isinstance(exponent, int)), default=0)
    scale = max(scale, 0)
    is_small = all(weight.is_finite() and weight.adjusted() + scale < _POWER_MAX for weight in weights)
    return (np.array([int(weight.scaleb(scale)) for weight in weights], np.int64), scale) if is_small else None


def _rounded(numerators: Integers, divisor: int) -> Integers:
    quotients, rests = np.divmod(numerators, divisor)
    twice = 2 * rests
    rounded: Integers = quotients + ((twice > divisor) | ((twice == divisor) & (quotients % 2 == 1)))
    return rounded


def _greatest(integers: Integers) -> int:
    """The greatest magnitude, as an integer without bounds."""
    return max(abs(int(integers.min())), abs(int(integers.max()))) if len(integers) else 0
