"""What an aggregate gives for a group, worked out by the driver from the different values that the group has.

Each value comes with how often it occurs, so numbers are added exactly, as everywhere. This module knows no Spark.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, assert_never

from smsearch.engine import measures
from smsearch.engine.grouping import ORDERED, Best, Function
from smsearch.engine.measures import Moments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsearch.engine.grouping import Aggregate, Cell
    from smsearch.engine.value_counts import Number, Scalar
    from smsearch.schema.property import Property


@dataclass(frozen=True, slots=True)
class Occurrences:
    """A value in a group.

    Attributes:
        value: The value.
        count: How often the records of the group have it.
        first: ARN, name and, in a kind that has one, version of the first record that has it.
    """

    value: Scalar
    count: int
    first: tuple[str, ...]


_Measured = tuple[Any, Occurrences]
"""A value as an aggregate takes it, a number, a time or a text; and how it occurs."""


def measured(value: Scalar, aggregate: Aggregate) -> Scalar | None:
    """A value as an aggregate takes it; None if it leaves it out."""
    if aggregate.property is None or aggregate.function is Function.COUNT_DISTINCT:
        return value
    take = measures.ordered_in if aggregate.function in ORDERED else measures.number_in
    return take(value, aggregate.property.kind)


def cell_of(values: Iterable[Occurrences], aggregate: Aggregate, prop: Property) -> Cell:
    """What an aggregate of a property's values gives for a group.

    Args:
        values: The different values of the property in the group.
        aggregate: What is asked.
        prop: The aggregate's property.
    """
    pairs = [(value, one) for one in values if (value := measured(one.value, aggregate)) is not None]
    match aggregate.function:
        case Function.COUNT | Function.COUNT_DISTINCT:
            return len(pairs)
        case Function.MIN:
            return min((value for value, _ in pairs), default=None)
        case Function.MAX:
            return max((value for value, _ in pairs), default=None)
        case Function.BEST | Function.WORST:
            return _best(pairs, is_largest=aggregate.function is Function.BEST)
        case Function.MEDIAN:
            return _median(pairs, prop)
        case Function.SUM:
            return _moments(pairs, prop).sum(prop.kind)
        case Function.AVG:
            return _moments(pairs, prop).average()
        case Function.STDDEV:
            return _moments(pairs, prop).deviation()
    assert_never(aggregate.function)


def _best(pairs: Sequence[_Measured], *, is_largest: bool) -> Best | None:
    if not pairs:
        return None
    best = (max if is_largest else min)(value for value, _ in pairs)
    first = min(one.first for value, one in pairs if value == best)
    return Best(best, first[1] or first[0])


def _median(pairs: Sequence[_Measured], prop: Property) -> Number | None:
    total = sum(one.count for _, one in pairs)
    if not total:
        return None
    in_order = sorted(pairs, key=lambda pair: pair[0])

    def at(rank: int) -> Any:  # noqa: ANN401 - a number or a time
        before = 0
        for value, one in in_order:
            before += one.count
            if rank < before:
                return value
        raise IndexError(rank)

    return measures.middle(at((total - 1) // 2), at(total // 2), prop.kind)


def _moments(pairs: Sequence[_Measured], prop: Property) -> Moments:
    total = squares = Fraction(0)
    count = positive = negative = 0
    for number, one in pairs:
        if not isinstance(number, Decimal):
            continue
        count += one.count
        if measures.is_beyond(number, prop.kind):
            positive += one.count if number > 0 else 0
            negative += one.count if number < 0 else 0
            continue
        part = measures.finite_part(number, prop.kind)
        total += part * one.count
        squares += part**2 * one.count
    return Moments(count, total, squares, positive, negative)
