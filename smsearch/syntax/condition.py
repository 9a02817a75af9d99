"""Conditions that a text can say and no expression of the API can.

The tree of `ast.py` mirrors the API one to one, because the API's limits are counted on it. So what goes beyond it has
a tree of its own. A text that the API can say has the plain expression only. One that says more has a condition of this
module as its root, with filters and nested filters of the API at its leaves. Values are strings, as in an expression.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from smsearch.frozen import frozen, replace
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression, combine, walk
from smsearch.syntax.names import full_name, inner_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.syntax.operators import Operator


@frozen
class LikeCondition:
    """A text has the form of a pattern of LIKE, or of ILIKE (row T2)."""

    name: str
    pattern: str
    ignores_case: bool = False


@frozen
class PairCondition:
    """Two properties compare; with a span of time, their difference does (row T6)."""

    name: str
    operator: Operator
    other: str
    span: str | None = None


@frozen
class ElementCondition:
    """One element of a list property satisfies a condition, whose names are in full."""

    container: str
    condition: WiderCondition


@frozen
class NotCondition:
    """The complement of a condition: it holds exactly where the condition does not (row T1)."""

    condition: WiderCondition


@frozen
class CompoundCondition:
    """Conditions under one boolean operator, in the order of the text."""

    operator: BooleanOperator
    conditions: tuple[WiderCondition, ...]


LeafCondition = Filter | NestedFilters | LikeCondition | PairCondition
"""A condition that holds no other of this module."""

WiderCondition = LeafCondition | ElementCondition | NotCondition | CompoundCondition


def leaves_of(condition: SearchExpression | WiderCondition) -> Iterator[LeafCondition]:
    """The single conditions and the nested filters, in their order."""
    match condition:
        case SearchExpression():
            for _, part in walk(condition, ""):
                yield from part.filters
                yield from part.nested_filters
        case Filter() | NestedFilters() | LikeCondition() | PairCondition():
            yield condition
        case ElementCondition(_, inner) | NotCondition(inner):
            yield from leaves_of(inner)
        case CompoundCondition(_, conditions):
            for one in conditions:
                yield from leaves_of(one)
        case _:
            assert_never(condition)


def names_in(condition: SearchExpression | WiderCondition) -> Iterator[str]:
    """The names of the properties that the conditions compare, in full and in their order."""
    for leaf in leaves_of(condition):
        match leaf:
            case Filter(name) | LikeCondition(name):
                yield name
            case PairCondition(name, _, other):
                yield from (name, other)
            case NestedFilters(container, filters):
                yield from (full_name(container, one.name) for one in filters)


def as_wider(expression: SearchExpression) -> CompoundCondition:
    """An expression, which is not empty, as a condition of this module."""
    children = map(as_wider, expression.sub_expressions)
    return CompoundCondition(expression.operator, (*expression.filters, *expression.nested_filters, *children))


def as_expression(condition: WiderCondition) -> SearchExpression | None:
    """A condition as an expression of the API; None where it says more than one."""
    if isinstance(condition, Filter | NestedFilters):
        condition = CompoundCondition(BooleanOperator.AND, (condition,))
    if not isinstance(condition, CompoundCondition):
        return None
    filters = [one for one in condition.conditions if isinstance(one, Filter)]
    nested = [one for one in condition.conditions if isinstance(one, NestedFilters)]
    rest = [as_expression(one) for one in condition.conditions if not isinstance(one, Filter | NestedFilters)]
    children = [child for child in rest if child is not None]
    return combine(condition.operator, filters, nested, children) if len(children) == len(rest) else None


Rename = Callable[[str, str], str]
"""The new name of a property; its second argument is the list inside which the name stands, or `""`."""


def renamed(condition: WiderCondition, rename: Rename) -> WiderCondition:
    """The condition with other names; those inside a list are moved along with the list's own name first."""
    match condition:
        case Filter(name) | LikeCondition(name):
            return replace(condition, name=rename(name, ""))
        case PairCondition(name, _, other):
            return replace(condition, name=rename(name, ""), other=rename(other, ""))
        case NestedFilters():
            return renamed_nested(condition, rename)
        case ElementCondition(container, inner):
            new = rename(container, "")
            return ElementCondition(new, renamed(inner, lambda name, _: rename(_moved(name, container, new), new)))
        case NotCondition(inner):
            return NotCondition(renamed(inner, rename))
        case CompoundCondition(operator, conditions):
            return CompoundCondition(operator, tuple(renamed(one, rename) for one in conditions))
    assert_never(condition)


def renamed_nested(nested: NestedFilters, rename: Rename) -> NestedFilters:
    """The nested filters with other names, as `renamed` gives them."""
    container = nested.nested_property_name
    new = rename(container, "")
    filters = (replace(one, name=rename(_moved(one.name, container, new), new)) for one in nested.filters)
    return NestedFilters(new, tuple(filters))


def _moved(name: str, container: str, new: str) -> str:
    """A name inside a list, for the list's new name."""
    return name if new == container else f"{new}.{inner_name(container, name)}"
