"""The order of a result: a sort key, and the rank of one value under it (rows S1 to S4).

Knows values, not where they are stored.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from smsearch.frozen import frozen
from smsearch.schema import values
from smsearch.schema.values import SpelledNumber, Unreadable
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from decimal import Decimal

    from smsearch.schema.property import Property
    from smsearch.schema.values import Value


@frozen
class SortKey:
    """A single-valued property and a direction.

    Attributes:
        property: The property.
        order: The direction.
        then: What records with equal values are sorted by, or None (row T3).
    """

    property: Property
    order: SortOrder
    then: SortKey | None = None

    @builtins.property
    def keys(self) -> tuple[SortKey, ...]:
        """This key and those after it."""
        return (self,) if self.then is None else (self, *self.then.keys)

    def __str__(self) -> str:
        """`CreationTime Descending, TrainingJobName Ascending`."""
        return ", ".join(f"{key.property.name} {key.order}" for key in self.keys)


class _Descending:
    """A value that sorts before the smaller ones."""

    __slots__ = ("value",)

    def __init__(self, value: Decimal | str | int) -> None:
        self.value = value

    def __lt__(self, other: _Descending) -> bool:
        return self.value > other.value  # type: ignore[operator]  # one group holds one type

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Descending) and self.value == other.value

    __hash__ = None  # type: ignore[assignment]


Rank = tuple[int, "Decimal | str | int | _Descending"]

LAST: Rank = (2, 0)
"""The rank of an absent or unreadable value: after all others in both orders (row S2)."""


def rank(value: Value, key: SortKey) -> Rank:
    """Where a value sorts: numbers before text in both orders, and which texts are numbers by the kind (row S3)."""
    if isinstance(value, Unreadable):
        return LAST
    if isinstance(value, SpelledNumber):
        value = value.number
    elif isinstance(value, str) and key.property.kind.numerals_first:
        number = values.parse_number(value)
        value = value if number is None else number
    group = 1 if isinstance(value, str) else 0
    return (group, value if key.order is SortOrder.ASCENDING else _Descending(value))
