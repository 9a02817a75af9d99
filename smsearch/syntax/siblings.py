"""Puts conditions side by side into one expression, however many they are.

A list of the API holds at most 20; what is over goes into SubExpressions under the same operator, which means
the same. Used by those who make trees of text (`lower.py`) and of trees (`canonical.py`), so that both group
alike.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar

from smsearch import limits
from smsearch.errors import LimitExceededError
from smsearch.syntax.ast import BooleanOperator, SearchExpression

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.syntax.ast import Filter, NestedFilters

T = TypeVar("T")

_ROOM = limits.LIST_LENGTH_MAX
_ALONE = 1
"""A group of one condition would be that condition: groups hold at least two."""


def joined(
    operator: BooleanOperator,
    filters: Sequence[Filter],
    nested: Sequence[NestedFilters],
    children: Sequence[SearchExpression],
) -> SearchExpression:
    """The expression of all these conditions; a single child is its own.

    Raises:
        LimitExceededError: There are so many that no valid expression can hold them.
    """
    total = len(filters) + len(nested) + len(children)
    if total > limits.CONDITIONS_MAX:
        raise LimitExceededError(
            f"There are {total:,} conditions side by side.",
            hint=f"An expression holds at most {limits.CONDITIONS_MAX} in all.",
        )
    if total == _ALONE and children:
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
        operator if total > _ALONE else BooleanOperator.AND,
    )


def _chunks(conditions: Sequence[T]) -> list[tuple[T, ...]]:
    """The conditions in chunks of a list's length, none but the first with a single one."""
    first = _ROOM - 1 if len(conditions) % _ROOM == _ALONE and len(conditions) > _ROOM else _ROOM
    rest = range(first, len(conditions), _ROOM)
    return [tuple(conditions[:first]), *(tuple(conditions[at : at + _ROOM]) for at in rest)]


def _grouped(operator: BooleanOperator, children: list[SearchExpression]) -> tuple[SearchExpression, ...]:
    """At most 20 children: the last ones together in as few groups as can be, each of which takes a place."""
    if len(children) <= _ROOM:
        return tuple(children)
    groups = -(-(len(children) - _ROOM) // (_ROOM - 1))
    kept = _ROOM - groups
    own, *more = children[:kept], *(children[at : at + _ROOM] for at in range(kept, len(children), _ROOM))
    return (*own, *(SearchExpression((), (), tuple(group), operator) for group in more))
