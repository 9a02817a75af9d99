"""Expression to text: `parse(format(e)).expression == canonical(e)`.

Every expression within the limits has a text, whatever its names and values hold. It is written on one line, with the
fewest quotes and brackets that read back. `canonical` is the form in which a text reads back. It rewrites four things,
none of which changes what the expression finds:

- a SubExpression of one condition is that condition, behind its parent's own of the same kind;
- an expression of one condition has the operator And, for which there is no word in a text of one condition;
- names inside a NestedFilters are in full (row E5);
- Exists and NotExists have no Value (row F4).

Where the first of them makes a list longer than 20, `ast.combine` groups it. No condition is dropped, merged or
sorted, and SubExpressions stay as they were grouped.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Final, assert_never

from smsearch.errors import InvalidValueError, LimitExceededError
from smsearch.frozen import replace
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression, SortOrder, combine
from smsearch.syntax.condition import (
    CompoundCondition,
    ElementCondition,
    LikeCondition,
    NotCondition,
    PairCondition,
    renamed,
)
from smsearch.syntax.names import full_name, short_name
from smsearch.syntax.operators import Operator
from smsearch.syntax.text.group_formatter import group_clauses, select_clause
from smsearch.syntax.text.lexer import KEYWORDS, is_bare, is_place, write_name, write_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.syntax.condition import WiderCondition
    from smsearch.syntax.query import Query

_DIRECTIONS: Final = {SortOrder.ASCENDING: "ASC", SortOrder.DESCENDING: "DESC"}


def format(condition: SearchExpression | WiderCondition) -> str:  # noqa: A001 - the word for it, beside parse
    """Writes an expression that has passed `check`, or a wider condition, as text.

    Raises:
        LimitExceededError: The expression, or one inside it, holds no condition (row R4): no text says that.
        InvalidValueError: A filter has no Value where its operator needs one (row F3).
    """
    return _expression(canonical(condition)) if isinstance(condition, SearchExpression) else _wider(condition)


def format_query(query: Query) -> str:
    """Writes a whole query as text, without the clauses that it does not use.

    Raises:
        LimitExceededError, InvalidValueError: As for `format`; an order without a property to order by.
    """
    clauses: list[str] = []
    if query.grouping is not None and query.grouping.columns:
        clauses.append(select_clause(query.grouping))
    if query.columns:
        clauses.append(f"SELECT {'DISTINCT ' if query.is_distinct else ''}{', '.join(_columns(query))}")
    if query.resource is not None:
        clauses.append(f"FROM {write_name(query.resource)}")
    if query.condition is not None:
        clauses.append(f"WHERE {format(query.condition)}" if clauses else format(query.condition))
    if query.grouping is not None:
        clauses += group_clauses(query.grouping)
    if query.sort_by is not None:
        # Row R6: an order left out is Descending on the wire, and Ascending in SQL's words.
        direction = _DIRECTIONS[query.sort_order or SortOrder.DESCENDING]
        keys = [f"{_sort_name(query.sort_by)} {direction}"]
        keys += [f"{_sort_name(name)} {_DIRECTIONS[order]}" for name, order in query.then_by]
        clauses.append(f"ORDER BY {', '.join(keys)}")
    elif query.sort_order is SortOrder.ASCENDING:
        raise InvalidValueError("A text has no word for an order without a property.", hint="Say what to sort by.")
    if query.limit is not None:
        clauses.append(f"LIMIT {query.limit}")
    return " ".join(clauses)


def _sort_name(name: str) -> str:
    """A name that is not read as the place of a column."""
    return f'"{name}"' if is_place(name) else write_name(name)


def _columns(query: Query) -> Iterator[str]:
    """The columns, each with the name that AS gives it."""
    for name, heading in zip(query.columns, query.headings or repeat(""), strict=False):
        yield f"{_column(name)} AS {write_name(heading)}" if heading else _column(name)


def _column(name: str) -> str:
    """A name in which `*` is a letter, but not one that ends a word of the language (`by*`)."""
    can_stand = is_bare(name.replace("*", "x")) and name.partition("*")[0].lower() not in {*KEYWORDS, "distinct"}
    return name if can_stand else write_name(name)


def _expression(expression: SearchExpression) -> str:
    parts = [format_filter(condition) for condition in expression.filters]
    parts += [_nested(nested) for nested in expression.nested_filters]
    parts += [f"({_expression(child)})" for child in expression.sub_expressions]
    return _joined(parts, expression.operator)


def _wider(condition: WiderCondition) -> str:
    match condition:
        case Filter():
            return format_filter(condition)
        case NestedFilters():
            return _nested(condition)
        case ElementCondition(container, inner):
            short = renamed(inner, lambda name, _: short_name(container, name))
            return f"{write_name(container)}[{_wider(short)}]"
        case LikeCondition(name):
            return f"{write_name(name)} {_pattern(condition)}"
        case PairCondition():
            return format_pair(condition)
        case NotCondition(inner):
            return _negated(inner)
        case CompoundCondition(operator, conditions):
            return _joined([_grouped(one) for one in conditions], operator)
    assert_never(condition)


def _negated(condition: WiderCondition) -> str:
    match condition:
        case LikeCondition(name):
            return f"{write_name(name)} NOT {_pattern(condition)}"
        case Filter(name, Operator.CONTAINS, str(value)):
            return f"{write_name(name)} NOT {Operator.CONTAINS.row.text} {write_value(value)}"
        case _:
            return f"NOT {_grouped(condition)}"


def _pattern(condition: LikeCondition) -> str:
    return f"{'ILIKE' if condition.ignores_case else 'LIKE'} {write_value(condition.pattern)}"


def format_pair(pair: PairCondition) -> str:
    """Writes a comparison of two properties; the second in backquotes, in which nothing but a property stands."""
    name, operator = write_name(pair.name), pair.operator.row.text
    if pair.span is not None:
        return f"{name} - {write_name(pair.other)} {operator} {write_value(pair.span)}"
    return f"{name} {operator} `{pair.other.replace('`', '``')}`"


def _grouped(condition: WiderCondition) -> str:
    """A condition that others may stand beside."""
    text = _wider(condition)
    return f"({text})" if isinstance(condition, CompoundCondition) else text


def _nested(nested: NestedFilters) -> str:
    name = nested.nested_property_name
    inner = (replace(condition, name=short_name(name, condition.name)) for condition in nested.filters)
    parts = [format_filter(condition) for condition in inner]
    return f"{write_name(name)}[{_joined(parts, BooleanOperator.AND)}]"


def _joined(parts: list[str], operator: BooleanOperator) -> str:
    if not parts:
        raise LimitExceededError("An expression without any condition has no text.")
    return f" {operator.name} ".join(parts)


def format_filter(condition: Filter) -> str:
    """Writes one filter as text.

    Raises:
        InvalidValueError: It has no Value where its operator needs one (row F3).
    """
    name, row = write_name(condition.name), condition.operator.row
    if not row.operand:
        return f"{name} {row.text}"
    if condition.value is None:
        raise InvalidValueError(f"{condition.operator.value} on {name} has no Value.")
    value = _items(condition.value) if condition.operator is Operator.IN else write_value(condition.value)
    return f"{name} {row.text} {value}"


def _items(value: str) -> str:
    """The values of an In one by one; as the API has them where they would not read back so."""
    items = value.split(",")
    if any(item != item.strip() or not item for item in items):
        return write_value(value)
    return f"({', '.join(map(write_value, items))})"


def canonical(expression: SearchExpression) -> SearchExpression:
    """The normal form of an expression that has passed `check`; idempotent."""
    filters = [_canonical_filter(condition) for condition in expression.filters]
    nested = [_canonical_nested(condition) for condition in expression.nested_filters]
    children: list[SearchExpression] = []
    for child in map(canonical, expression.sub_expressions):
        if len(child.filters) + len(child.nested_filters) == 1 and not child.sub_expressions:
            filters += child.filters
            nested += child.nested_filters
        else:
            children.append(child)
    return combine(expression.operator, filters, nested, children)


def _canonical_filter(condition: Filter) -> Filter:
    return condition if condition.operator.row.operand else replace(condition, value=None)


def _canonical_nested(nested: NestedFilters) -> NestedFilters:
    name = nested.nested_property_name
    inner = (
        replace(_canonical_filter(condition), name=full_name(name, condition.name)) for condition in nested.filters
    )
    return NestedFilters(name, tuple(inner))
