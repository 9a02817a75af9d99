"""The expression tree, in the API's own shape.

It mirrors `SearchExpression` one to one, because the API counts its limits on it. Values are still the strings that
came over the wire. It knows no property, no type and no record, and it evaluates nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Operator(StrEnum):
    """What a filter compares by; the values are the API's spelling."""

    EQUALS = "Equals"
    NOT_EQUALS = "NotEquals"
    GREATER_THAN = "GreaterThan"
    GREATER_THAN_OR_EQUAL_TO = "GreaterThanOrEqualTo"
    LESS_THAN = "LessThan"
    LESS_THAN_OR_EQUAL_TO = "LessThanOrEqualTo"
    CONTAINS = "Contains"
    EXISTS = "Exists"
    NOT_EXISTS = "NotExists"
    IN = "In"


class BooleanOperator(StrEnum):
    """How the conditions of an expression combine (row E1)."""

    AND = "And"
    OR = "Or"


class SortOrder(StrEnum):
    """The direction of a sort."""

    ASCENDING = "Ascending"
    DESCENDING = "Descending"


@dataclass(frozen=True, slots=True)
class Filter:
    """One property, one operator, at most one value (always a string, as on the wire)."""

    name: str
    operator: Operator
    value: str | None = None


@dataclass(frozen=True, slots=True)
class NestedFilters:
    """Satisfied when one element of a list property satisfies every filter (row E5)."""

    nested_property_name: str
    filters: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
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
            (f"{where}.SubExpressions[{index}]", child)
            for index, child in reversed(list(enumerate(current.sub_expressions)))
        )
