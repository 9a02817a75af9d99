"""Ranges that numbers and times are grouped by: bins of one width, and periods of the calendar in UTC."""

from __future__ import annotations

import math
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from smsearch.frozen import frozen

if TYPE_CHECKING:
    from smsearch.engine.value_counts import Number
    from smsearch.facets.periods import Unit

_EXACT: Final = Context(prec=20_000, Emax=MAX_EMAX, Emin=MIN_EMIN)


@frozen
class Bins:
    """Numbers from each multiple of a width to before the next.

    Attributes:
        width: More than 0, and finite.
    """

    width: Decimal

    def begin(self, value: Number) -> Number:
        """The multiple that is no more than a number; an infinite number is its own."""
        number = Decimal(value)
        if number.is_infinite():
            return number
        return _EXACT.multiply(Decimal(math.floor(Fraction(number) / Fraction(self.width))), self.width)

    def end(self, begin: Number) -> Number:
        """The next multiple."""
        return _EXACT.add(Decimal(begin), self.width)


@frozen
class Periods:
    """Days, weeks from Monday on, months or years."""

    unit: Unit

    def begin(self, value: Number) -> Number:
        """The first microsecond of a time's period."""
        return self.unit.beginning(self.unit.number_of(int(value)))

    def end(self, begin: Number) -> Number:
        """The first microsecond of the next."""
        return self.unit.beginning(self.unit.number_of(int(begin)) + 1)
