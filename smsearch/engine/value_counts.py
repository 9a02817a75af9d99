"""Value counts: for each value of a property, how many of some records have it; facets are made of them.

A value counts once for each record, however many elements of a list hold it. Numbers and times also have an order, in
which ranks and bounds are looked up. This module knows neither how an engine holds records nor how a facet is shown.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

from smsearch.schema import values
from smsearch.schema.value_kinds import ValueType
from smsearch.schema.values import SpelledNumber, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from smsearch.schema.value_kinds import Kind
    from smsearch.schema.values import Value

Scalar = str | Decimal | int | bool
"""A value that was read; an `int` is a time in microseconds. A value that may be text or number is its spelling."""
Number = Decimal | int
"""A number, or a time in microseconds."""


class ValueCounts(Protocol):
    """The values of one property among some records."""

    @property
    def matching(self) -> int:
        """How many records there are."""

    @property
    def present(self) -> int:
        """How many of them have the property."""

    @property
    def unreadable(self) -> int:
        """How many have a value that cannot be read as the property's type."""

    @property
    def distinct(self) -> int:
        """How many different values there are."""

    @property
    def number_count(self) -> int:
        """How many occurrences of numbers, or of times, there are."""

    @property
    def distinct_numbers(self) -> int:
        """How many different numbers, or times, there are; two spellings of what may be text count as two."""

    def items(self, prefix: str = "") -> Iterator[tuple[Scalar, int]]:
        """Each value with the records that have it: numbers, spellings of one by code point, before text (row S3).

        Args:
            prefix: Of texts, only those that begin so.
        """

    def top(self, count: int, *, texts_only: bool = False) -> list[tuple[Scalar, int]]:
        """The values that most records have, the first in order where as many do; `texts_only` passes over numbers."""

    def below(self, bound: Number) -> int:
        """How many occurrences of numbers, or times, are less than a bound."""

    def at(self, rank: int) -> Number:
        """The number, or time, at a rank of the sorted occurrences, from 0 to before `number_count`."""


class DictValueCounts:
    """Value counts in a dict, of values that were counted one by one.

    Attributes:
        matching: As in `ValueCounts`.
        present: As in `ValueCounts`.
        unreadable: As in `ValueCounts`.
    """

    def __init__(self, counts: Mapping[Scalar, int], kind: Kind, matching: int, present: int, unreadable: int) -> None:
        self.matching = matching
        self.present = present
        self.unreadable = unreadable
        self._kind = kind
        self._counts = counts

    @property
    def distinct(self) -> int:
        """As in `ValueCounts`."""
        return len(self._counts)

    @property
    def number_count(self) -> int:
        """As in `ValueCounts`."""
        return self._line[1][-1]

    @property
    def distinct_numbers(self) -> int:
        """As in `ValueCounts`."""
        return len(self._line[0])

    @cached_property
    def _sorted(self) -> list[tuple[Scalar, int]]:
        return sorted(self._counts.items(), key=lambda item: place_of(item[0], self._kind))

    @cached_property
    def _line(self) -> tuple[list[Number], list[int]]:
        """The distinct numbers in order; how many occurrences stand before each, and in all."""
        numbers = [(number_of(value, self._kind), count) for value, count in self._sorted]
        pairs = [(number, count) for number, count in numbers if number is not None]
        return [number for number, _ in pairs], list(accumulate((count for _, count in pairs), initial=0))

    def items(self, prefix: str = "") -> Iterator[tuple[Scalar, int]]:
        """As in `ValueCounts`."""
        return (item for item in self._sorted if begins_with(item[0], prefix))

    def top(self, count: int, *, texts_only: bool = False) -> list[tuple[Scalar, int]]:
        """As in `ValueCounts`."""
        offered = (
            item for item in self._sorted if not texts_only or number_of(item[0], self._kind) is None
        )  # sorted is stable: equals stay in order
        return sorted(offered, key=lambda item: -item[1])[:count]

    def below(self, bound: Number) -> int:
        """As in `ValueCounts`."""
        measures, before = self._line
        return before[bisect_left(measures, bound)]

    def at(self, rank: int) -> Number:
        """As in `ValueCounts`."""
        measures, before = self._line
        return measures[bisect_right(before, rank) - 1]


def count_values(records: Iterable[Iterable[Value]], kind: Kind) -> DictValueCounts:
    """The value counts of records, each given as the values that it has of the property.

    Args:
        records: For each record its typed values; none if it does not have the property.
        kind: The property's.
    """
    counts: dict[Scalar, int] = {}
    matching = present = unreadable = 0
    for values_of_one in records:
        matching += 1
        distinct = {scalar_of(value) for value in values_of_one}
        present += bool(distinct)
        for value in distinct:
            if isinstance(value, Unreadable):
                unreadable += kind.has_values  # a structure has no values to read
            else:
                counts[value] = counts.get(value, 0) + 1
    return DictValueCounts(counts, kind, matching, present, unreadable)


def begins_with(value: Scalar, prefix: str) -> bool:
    """Whether a value is no text, or one that begins with a prefix."""
    return not isinstance(value, str) or value.startswith(prefix)


def scalar_of(value: Value) -> Scalar | Unreadable:
    """A value as it is counted: a number without idle zeros, or its spelling where text may stand."""
    if isinstance(value, SpelledNumber):
        return value.spelling
    return values.without_idle_zeros(value) if isinstance(value, Decimal) else value


def number_of(value: Scalar, kind: Kind) -> Number | None:
    """The number or the time that a value is, or that it spells where numbers may stand; None for all others."""
    match kind.type:
        case ValueType.NUMBER | ValueType.TIME:
            return value if isinstance(value, Decimal | int) else None
        case ValueType.TEXT_OR_NUMBER:
            return values.parse_number(value) if isinstance(value, str) else None
        case _:
            return None


def place_of(value: Scalar, kind: Kind) -> tuple[bool, Number, str]:
    """Where a value stands: numbers before text, and spellings of one number by code point."""
    measure = int(value) if isinstance(value, bool) else number_of(value, kind)
    text = value if isinstance(value, str) else ""
    return (True, 0, text) if measure is None else (False, measure, text)
