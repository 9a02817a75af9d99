"""The expression tree, in the API's own shape.

It mirrors `SearchExpression` one to one, because the API counts its limits on it. Values are still the strings of the
request. It knows no property, no type and no record, and it evaluates nothing.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import zip_longest
from typing import TYPE_CHECKING, Final, TypeVar

from smsearch import limits
from smsearch.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.syntax.operators import Operator

FILTERS: Final = "Filters"
NESTED_FILTERS: Final = "NestedFilters"
SUB_EXPRESSIONS: Final = "SubExpressions"

LISTS: Final = (FILTERS, NESTED_FILTERS, SUB_EXPRESSIONS)
"""The members of an expression that are lists of conditions."""

T = TypeVar("T")


class BooleanOperator(StrEnum):
    """How the conditions of an expression combine (row E1). The name is the keyword of the text language."""

    AND = "And"
    OR = "Or"

    @property
    def complement(self) -> BooleanOperator:
        """And for Or, Or for And (De Morgan)."""
        return BooleanOperator.AND if self is BooleanOperator.OR else BooleanOperator.OR


class SortOrder(StrEnum):
    """The direction of a sort."""

    ASCENDING = "Ascending"
    DESCENDING = "Descending"


@frozen
class Filter:
    """One property, one operator, at most one value (always a string, as on the wire)."""

    name: str
    operator: Operator
    value: str | None = None


@frozen
class NestedFilters:
    """Satisfied when one element of a list property satisfies every filter (row E5)."""

    nested_property_name: str
    filters: tuple[Filter, ...]


@frozen
class SearchExpression:
    """Conditions under one boolean operator; conditions of each kind keep their order."""

    filters: tuple[Filter, ...] = ()
    nested_filters: tuple[NestedFilters, ...] = ()
    sub_expressions: tuple[SearchExpression, ...] = ()
    operator: BooleanOperator = BooleanOperator.AND

    @property
    def is_empty(self) -> bool:
        """Whether it holds no condition at all (row R4)."""
        return not (self.filters or self.nested_filters or self.sub_expressions)


def walk(expression: SearchExpression, path: str) -> Iterator[tuple[str, SearchExpression]]:
    """Every expression of the tree with its JSON path, a parent before its children, without recursion."""
    pending = [(path, expression)]
    while pending:
        where, current = pending.pop()
        yield where, current
        pending.extend(
            (f"{where}.{SUB_EXPRESSIONS}[{index}]", child)
            for index, child in reversed(list(enumerate(current.sub_expressions)))
        )


def combine(
    operator: BooleanOperator,
    filters: Sequence[Filter],
    nested: Sequence[NestedFilters],
    children: Sequence[SearchExpression],
) -> SearchExpression:
    """The expression of all these conditions, however many they are.

    A list of the API holds at most 20 conditions. The rest goes into SubExpressions under the same operator, which
    means the same. 21 filters become 19 filters and one SubExpression of 2. A single child is returned itself.
    """
    total = len(filters) + len(nested) + len(children)
    if total == 1 and children:
        return children[0]
    (own_filters, *more_filters), (own_nested, *more_nested) = _chunks(filters), _chunks(nested)
    groups = [
        SearchExpression(chunk, nested_chunk, (), operator)
        for chunk, nested_chunk in zip_longest(more_filters, more_nested, fillvalue=())
    ]
    return SearchExpression(
        own_filters,
        own_nested,
        _grouped(operator, [*children, *groups]),
        operator if total > 1 else BooleanOperator.AND,
    )


def _chunks(conditions: Sequence[T]) -> list[tuple[T, ...]]:
    """The conditions in chunks of a list's length.

    No chunk but the first has a single condition, because a SubExpression of one condition is that condition.
    """
    size = limits.LIST_LENGTH_MAX
    first = size - 1 if len(conditions) > size and len(conditions) % size == 1 else size
    rest = range(first, len(conditions), size)
    return [tuple(conditions[:first]), *(tuple(conditions[at : at + size]) for at in rest)]


def _grouped(operator: BooleanOperator, children: list[SearchExpression]) -> tuple[SearchExpression, ...]:
    """At most 20 children; the last of them are grouped.

    Each group takes one place and holds up to 20 children, so g groups make room for 19 g more: 21 children become 19
    and a group of 2, 39 become 19 and a group of 20, 40 become 18 and groups of 20 and 2. More than 400 children, which
    groups of them cannot hold, are put into groups before.
    """
    size = limits.LIST_LENGTH_MAX
    while len(children) > size * size:
        chunks = (tuple(children[at : at + size]) for at in range(0, len(children), size))
        children = [chunk[0] if len(chunk) == 1 else SearchExpression((), (), chunk, operator) for chunk in chunks]
    if len(children) <= size:
        return tuple(children)
    groups = -(-(len(children) - size) // (size - 1))
    own = size - groups
    starts = range(own, len(children), size)
    return (
        *children[:own],
        *(SearchExpression((), (), tuple(children[at : at + size]), operator) for at in starts),
    )
