"""Expression to text: the inverse of `parse`, up to `canonical`.

Every expression within the limits has a text, whatever its names and values hold. Written on one line, with the
fewest quotes and brackets that read back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from smsearch.errors import InvalidValueError, LimitExceededError
from smsearch.syntax.ast import BooleanOperator, Operator, SortOrder
from smsearch.syntax.canonical import canonical
from smsearch.syntax.names import short_name
from smsearch.syntax.text.lexer import KEYWORDS, is_bare, written_name, written_value

if TYPE_CHECKING:
    from smsearch.syntax.ast import Filter, NestedFilters, SearchExpression
    from smsearch.syntax.query import Query

_SIGNS: Final = {
    Operator.EQUALS: "=",
    Operator.NOT_EQUALS: "!=",
    Operator.GREATER_THAN: ">",
    Operator.GREATER_THAN_OR_EQUAL_TO: ">=",
    Operator.LESS_THAN: "<",
    Operator.LESS_THAN_OR_EQUAL_TO: "<=",
    Operator.CONTAINS: "CONTAINS",
}
_PRESENCE: Final = {Operator.EXISTS: "EXISTS", Operator.NOT_EXISTS: "NOT EXISTS"}
_WORDS: Final = {BooleanOperator.AND: " AND ", BooleanOperator.OR: " OR "}


def format(expression: SearchExpression) -> str:  # noqa: A001 - the word for it, beside parse
    """The text of an expression that has passed `check`.

    Raises:
        LimitExceededError: The expression, or one inside it, holds no condition (row R4): no text says that.
        InvalidValueError: A filter has no Value where its operator needs one (row F3).
    """
    return _expression(canonical(expression))


def format_query(query: Query) -> str:
    """The text of a whole query; clauses that it does not use are left out.

    Raises:
        LimitExceededError, InvalidValueError: As for `format`; an order without a property to order by.
    """
    clauses: list[str] = []
    if query.columns:
        clauses.append(f"SELECT {', '.join(map(_column, query.columns))}")
    if query.resource is not None:
        clauses.append(f"FROM {written_name(query.resource)}")
    if query.expression is not None:
        clauses.append(f"WHERE {format(query.expression)}" if clauses else format(query.expression))
    if query.sort_by is not None:
        # Row R6: an order left out is Descending on the wire, and Ascending in SQL's words.
        direction = "ASC" if query.sort_order is SortOrder.ASCENDING else "DESC"
        clauses.append(f"ORDER BY {written_name(query.sort_by)} {direction}")
    elif query.sort_order is SortOrder.ASCENDING:
        raise InvalidValueError("A text has no word for an order without a property.", hint="Say what to sort by.")
    if query.limit is not None:
        clauses.append(f"LIMIT {query.limit}")
    return " ".join(clauses)


def _column(name: str) -> str:
    """A name in which `*` is a letter, but not one that ends a word of the language (`by*`)."""
    can_stand = is_bare(name.replace("*", "x")) and name.partition("*")[0].lower() not in KEYWORDS
    return name if can_stand else written_name(name)


def _expression(expression: SearchExpression) -> str:
    parts = [format_filter(condition) for condition in expression.filters]
    parts += [_nested(nested) for nested in expression.nested_filters]
    parts += [f"({_expression(child)})" for child in expression.sub_expressions]
    return _joined(parts, expression.operator)


def _nested(nested: NestedFilters) -> str:
    name = nested.nested_property_name
    inner = (replace(condition, name=short_name(name, condition.name)) for condition in nested.filters)
    parts = [format_filter(condition) for condition in inner]
    return f"{written_name(name)}[{_joined(parts, BooleanOperator.AND)}]"


def _joined(parts: list[str], operator: BooleanOperator) -> str:
    if not parts:
        raise LimitExceededError("An expression without any condition has no text.")
    return _WORDS[operator].join(parts)


def format_filter(condition: Filter) -> str:
    """The text of one filter.

    Raises:
        InvalidValueError: It has no Value where its operator needs one (row F3).
    """
    name = written_name(condition.name)
    if condition.operator in _PRESENCE:
        return f"{name} {_PRESENCE[condition.operator]}"
    if condition.value is None:
        raise InvalidValueError(f"{condition.operator.value} on {name} has no Value.")
    if condition.operator is Operator.IN:
        return f"{name} IN {_items(condition.value)}"
    return f"{name} {_SIGNS[condition.operator]} {written_value(condition.value)}"


def _items(value: str) -> str:
    """The values of an In one by one; as the API has them where they would not read back so."""
    items = value.split(",")
    if any(item != item.strip() or not item for item in items):
        return written_value(value)
    return f"({', '.join(map(written_value, items))})"
