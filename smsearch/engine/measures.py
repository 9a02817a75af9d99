"""What aggregates make of numbers: exact sums, and averages that do not depend on the order (rows A5 to A7).

Every engine finds the sums in its own way and takes the last step here, so that all of them give the same digits.
"""

from __future__ import annotations

import math
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from smsearch.frozen import frozen
from smsearch.schema import values
from smsearch.schema.value_kinds import JsonType, Numerals, ValueType
from smsearch.schema.values import without_idle_zeros

if TYPE_CHECKING:
    from smsearch.engine.value_counts import Number, Scalar
    from smsearch.schema.value_kinds import Kind

DIGITS: Final = 15
"""Significant digits of an average and of a standard deviation: each such number has a double of its own."""
_ADJUSTED_MAX: Final = 400
_EXPONENT_MIN: Final = -1_200
"""Numbers of 10^401 and more, and digits after the 1,200th of a fraction, are further than any measurement: a sum of
them would fill the memory (row A5)."""
_ROUNDED: Final = Context(prec=DIGITS, Emax=MAX_EMAX, Emin=MIN_EMIN)
_PRECISE: Final = Context(prec=60, Emax=MAX_EMAX, Emin=MIN_EMIN)
_EXACT: Final = Context(prec=20_000, Emax=MAX_EMAX, Emin=MIN_EMIN)


def is_double(kind: Kind) -> bool:
    """Whether numbers of a kind are doubles, as the service model has them (row A6)."""
    return kind.json is JsonType.NUMBER


def number_in(value: Scalar, kind: Kind) -> Decimal | None:
    """The number that a value is or spells, to be summed or compared; None for all others (row A5)."""
    if isinstance(value, Decimal):
        number: Decimal | None = value
    elif isinstance(value, str) and kind.numerals is not Numerals.TEXT:
        number = values.parse_number(value)
    else:
        return None
    return number if number is not None and _is_in_range(number) else None


def ordered_in(value: Scalar, kind: Kind) -> Scalar | None:
    """What a value is to MIN and MAX: a number, a time, or a text where texts are no numbers; None for all others."""
    if kind.type is ValueType.TIME or (kind.type is ValueType.TEXT and kind.numerals is Numerals.TEXT):
        return value
    return number_in(value, kind)


def _is_in_range(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or not number:
        return True  # infinite, or zero, whose exponent says nothing
    return number.adjusted() <= _ADJUSTED_MAX and exponent >= _EXPONENT_MIN


@frozen
class Moments:
    """Some numbers, added up.

    Attributes:
        count: How many they are, infinite ones included.
        total: The exact sum of the finite ones; of a kind of doubles, each taken for its nearest double.
        squares: The exact sum of the squares of the same.
        positive: How many are positive and infinite.
        negative: How many are negative and infinite.
    """

    count: int = 0
    total: Fraction = Fraction(0)
    squares: Fraction = Fraction(0)
    positive: int = 0
    negative: int = 0

    @property
    def _infinity(self) -> Decimal | None:
        """What infinite numbers add up to; None if they cancel."""
        return None if self.positive and self.negative else Decimal("Infinity" if self.positive else "-Infinity")

    def sum(self, kind: Kind) -> Decimal | None:
        """Exact, or the nearest double to the exact sum of doubles; None of no numbers."""
        if not self.count:
            return None
        if self.positive or self.negative:
            return self._infinity
        return nearest_double(self.total) if is_double(kind) else exact(self.total)

    def average(self) -> Decimal | None:
        """With 15 significant digits, ties to even; None of no numbers."""
        if not self.count:
            return None
        if self.positive or self.negative:
            return self._infinity
        mean = self.total / self.count
        return _short(_ROUNDED.divide(Decimal(mean.numerator), Decimal(mean.denominator)))

    def deviation(self) -> Decimal | None:
        """Of the sample, with 15 significant digits; None of fewer than two numbers, or where one is infinite."""
        if self.count < 2 or self.positive or self.negative:  # noqa: PLR2004 - one number says nothing of others
            return None
        variance = (self.count * self.squares - self.total**2) / (self.count * (self.count - 1))
        quotient = _PRECISE.divide(Decimal(variance.numerator), Decimal(variance.denominator))
        return _short(_ROUNDED.plus(_PRECISE.sqrt(quotient)))


def middle(low: Number, high: Number, kind: Kind) -> Number | None:
    """The mean of the two numbers in the middle, which may be one; of times, without a fraction of a microsecond."""
    if isinstance(low, int) or isinstance(high, int):
        return (int(low) + int(high)) // 2
    if low == high:
        return low
    if low.is_infinite() or high.is_infinite():
        return None if low.is_infinite() and high.is_infinite() else high if high.is_infinite() else low
    if is_double(kind):
        return nearest_double((double_of(low) + double_of(high)) / 2)
    return exact((Fraction(low) + Fraction(high)) / 2)


def double_of(number: Decimal) -> Fraction:
    """A finite number as the double nearest to it."""
    return Fraction(float(number))


def is_beyond(number: Decimal, kind: Kind) -> bool:
    """Whether a number is infinite, or its nearest double is where doubles are summed."""
    return number.is_infinite() or (is_double(kind) and math.isinf(float(number)))


def nearest_double(number: Fraction) -> Decimal:
    """The double nearest to a number, as the shortest decimal that denotes it."""
    try:
        double = float(number)
    except OverflowError:
        return Decimal("Infinity" if number > 0 else "-Infinity")
    return _short(Decimal(repr(double)))


def exact(number: Fraction) -> Decimal:
    """A number whose fraction has an end, with all its digits."""
    if number.denominator == 1:
        return Decimal(number.numerator)
    twos = (number.denominator & -number.denominator).bit_length() - 1
    fives, rest = 0, number.denominator >> twos
    while rest > 1:
        rest //= 5
        fives += 1
    places = max(twos, fives)
    whole = number.numerator * 10**places // number.denominator
    return _short(_EXACT.scaleb(Decimal(whole), Decimal(-places)))


def _short(number: Decimal) -> Decimal:
    return without_idle_zeros(number)


def finite_part(number: Decimal, kind: Kind) -> Fraction:
    """What a finite number adds to a sum."""
    return double_of(number) if is_double(kind) else Fraction(number)
