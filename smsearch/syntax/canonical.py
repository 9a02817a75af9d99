"""The form in which a text reads back: `parse(format(e)).expression == canonical(e)`.

Four rewrites, none of which changes what the expression finds:

- a SubExpression of one condition is that condition, behind its parent's own of the same kind;
- an expression of one condition has the operator And, for which there is no word in a text of one condition;
- names inside a NestedFilters are in full (row E5);
- Exists and NotExists have no Value (row F4).

When the first of them makes a list longer than 20, the list is grouped as `siblings.py` groups. Nothing else is
touched: no condition is dropped, merged or sorted, and SubExpressions stay as they were grouped.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smsearch.syntax.ast import NestedFilters, Operator
from smsearch.syntax.names import full_name
from smsearch.syntax.siblings import joined

if TYPE_CHECKING:
    from smsearch.syntax.ast import Filter, SearchExpression

_VALUELESS = frozenset({Operator.EXISTS, Operator.NOT_EXISTS})


def canonical(expression: SearchExpression) -> SearchExpression:
    """The normal form of an expression that has passed `check`; idempotent."""
    filters = [_filter(condition) for condition in expression.filters]
    nested = [_nested(condition) for condition in expression.nested_filters]
    children: list[SearchExpression] = []
    for child in map(canonical, expression.sub_expressions):
        if len(child.filters) + len(child.nested_filters) == 1 and not child.sub_expressions:
            filters += child.filters
            nested += child.nested_filters
        else:
            children.append(child)
    return joined(expression.operator, filters, nested, children)


def _filter(condition: Filter) -> Filter:
    return replace(condition, value=None) if condition.operator in _VALUELESS else condition


def _nested(nested: NestedFilters) -> NestedFilters:
    name = nested.nested_property_name
    inner = (replace(_filter(condition), name=full_name(name, condition.name)) for condition in nested.filters)
    return NestedFilters(name, tuple(inner))
