"""The formulas of derived properties (rows V1 to V6): a record's typed values in, one value out.

A formula is given the values of each of its inputs as a sequence, and returns None where a record has no such value. It
needs the standard library alone, so that a cluster can be sent it. It knows no record, no kind and no engine.
"""

from __future__ import annotations

import decimal
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_EXACT: Final = decimal.Context(prec=60, traps=[decimal.InvalidOperation, decimal.Overflow, decimal.Inexact])
"""Refuses what it cannot compute to the last digit."""
_MICROS: Final = 1_000_000
_HOUR: Final = Decimal(3_600)
_ONE: Final = Decimal(1)
_COLONS: Final = 5
"""Colons of an ARN, at least."""
COST_DIGITS: Final = 6
"""Digits of a cost after the point."""
_OF_TUNING: Final = r"(.+)-[0-9]{3,}-[0-9a-f]{8}"
"""How a tuning job names its training jobs: its own name, a number, and eight hexadecimal digits."""
_HYPHEN: Final = slice(-9, -8)
"""Where the last hyphen of such a name stands."""


def seconds_between(start: Sequence[int], end: Sequence[int]) -> Decimal | None:
    """The seconds from one time to another, both in microseconds (rows V1, V2)."""
    return _EXACT.divide(Decimal(end[0] - start[0]), Decimal(_MICROS)) if start and end else None


class InstanceSeconds:
    """Seconds times instances, those of instance groups summed (row V3).

    Attributes:
        divisor: What the product of the seconds and the weight is divided by.
        digits: Digits of the quotient after the point, rounded half to even; None where all are kept.
    """

    divisor = 1
    digits = None

    def __call__(
        self, seconds: Sequence[Decimal], count: Sequence[Decimal], group_count: Sequence[Decimal] = ()
    ) -> Decimal | None:
        """The seconds times their weight; None where something is missing."""
        return _product(seconds, self.weight(count, group_count))

    def weight(self, count: Sequence[Decimal], group_count: Sequence[Decimal] = ()) -> Decimal | None:
        """What each second counts."""
        return _sum_of_products([(number, _ONE) for number in group_count or count])


INSTANCE_SECONDS: Final = InstanceSeconds()


def _sum_of_products(weighted: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """The exact sum of counts times their weights; None of none, or where no job has so much."""
    total = Decimal(0)
    try:
        for count, weight in weighted:
            total = _EXACT.add(total, _EXACT.multiply(count, weight))
    except decimal.DecimalException:  # more digits than the context has
        return None
    return total if weighted else None


def _product(seconds: Sequence[Decimal], weight: Decimal | None) -> Decimal | None:
    """Seconds times a weight; None where one is missing, or no job has so much."""
    if not seconds or weight is None:
        return None
    try:
        product = _EXACT.multiply(seconds[0], weight)
    except decimal.DecimalException:
        return None
    return product if product.is_finite() else None


def tuning_job_name(arn: Sequence[str], name: Sequence[str]) -> str | None:
    """The name in a tuning job's ARN, else the one that a training job's own name begins with (row V4)."""
    if arn:
        return arn[0].rpartition("/")[2] or None
    if not name or name[0][_HYPHEN] != "-":  # which most names have elsewhere: this is asked of each job
        return None
    named = re.fullmatch(_OF_TUNING, name[0])
    return named and named[1]


def image_repository(image: Sequence[str]) -> str | None:
    """The repository of an image, without its registry (row V5)."""
    return _parts_of_image(image[0])[0] or None if image else None


def image_tag(image: Sequence[str]) -> str | None:
    """The tag of an image, without its digest (row V5)."""
    return _parts_of_image(image[0])[1] or None if image else None


def _parts_of_image(image: str) -> tuple[str, str]:
    registry, slash, path = image.partition("@")[0].partition("/")
    if not slash or not ("." in registry or ":" in registry):
        path = registry + slash + path
    above, slash, last = path.rpartition("/")
    name, _, tag = last.partition(":")
    return above + slash + name, tag


class Cost:
    """What a job cost (row V6), at some prices; two of them are equal if they are one object.

    Spark sends it by value to workers that do not have smsearch, so that it is made of nothing else of this package.

    Args:
        prices: The price of an hour, by region and instance type; the region `""` is every other.

    Attributes:
        divisor: As for InstanceSeconds.
        digits: As for InstanceSeconds.
    """

    divisor = int(_HOUR)
    digits = COST_DIGITS

    def __init__(self, prices: Mapping[tuple[str, str], Decimal]) -> None:
        self._prices = prices

    def __call__(
        self,
        seconds: Sequence[Decimal],
        type: Sequence[str],  # noqa: A002 - called by name
        count: Sequence[Decimal],
        arn: Sequence[str] = (),
        group_type: Sequence[str] = (),
        group_count: Sequence[Decimal] = (),
    ) -> Decimal | None:
        """Seconds times instances times their prices, rounded half to even; None where a price is not there."""
        product = _product(seconds, self.weight(type, count, arn, group_type, group_count))
        return None if product is None else _divided_by_hour(product)

    def weight(
        self,
        type: Sequence[str],  # noqa: A002 - called by name
        count: Sequence[Decimal],
        arn: Sequence[str] = (),
        group_type: Sequence[str] = (),
        group_count: Sequence[Decimal] = (),
    ) -> Decimal | None:
        """The price of an hour of all instances."""
        types, counts = (group_type, group_count) if group_type or group_count else (type, count)
        if len(types) != len(counts):
            return None
        region = arn[0].split(":")[3] if arn and arn[0].count(":") >= _COLONS else ""
        prices = [self._prices.get((region, name), self._prices.get(("", name))) for name in types]
        weighted = [(count, price) for count, price in zip(counts, prices, strict=True) if price is not None]
        return _sum_of_products(weighted) if len(weighted) == len(prices) else None


def _divided_by_hour(product: Decimal) -> Decimal | None:
    """A product of seconds, divided by an hour's and rounded once, half to even; None of what no job costs."""
    try:
        quotient, rest = _EXACT.divmod(_EXACT.scaleb(product, COST_DIGITS), _HOUR)
    except decimal.DecimalException:
        return None
    twice = 2 * abs(rest)
    if twice > _HOUR or (twice == _HOUR and quotient % 2):
        quotient += 1 if product > 0 else -1
    return _EXACT.scaleb(quotient, -COST_DIGITS)
