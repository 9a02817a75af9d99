"""HAVING: tests of the cells of a group; an absent cell passes `!=` and IS NULL alone, as in conditions (row F8)."""

from __future__ import annotations

import operator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from smsearch.durations import parse_duration
from smsearch.errors import InvalidValueError
from smsearch.frozen import frozen, replace
from smsearch.groups.columns import value_of
from smsearch.messages import shortened
from smsearch.predicate.spellings import period_of
from smsearch.schema import values
from smsearch.schema.value_kinds import ValueType
from smsearch.syntax.ast import BooleanOperator
from smsearch.syntax.grouping import GroupJunction, GroupNot, GroupTest
from smsearch.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Callable

    from smsearch.engine.value_counts import Scalar
    from smsearch.groups.columns import Column, Row
    from smsearch.syntax.grouping import GroupCondition, Term

    Having = Callable[[Row], bool]
    """Whether a group is shown."""

_COMPARISONS: Final[dict[Operator, Callable[[Any, Any], bool]]] = {
    Operator.EQUALS: operator.eq,
    Operator.NOT_EQUALS: operator.ne,
    Operator.LESS_THAN: operator.lt,
    Operator.LESS_THAN_OR_EQUAL_TO: operator.le,
    Operator.GREATER_THAN: operator.gt,
    Operator.GREATER_THAN_OR_EQUAL_TO: operator.ge,
}


def bind_having(condition: GroupCondition, column_of: Callable[[Term], Column]) -> Having:
    """A condition as a function of rows.

    Raises:
        InvalidValueError: A value that is none of its column's kind.
    """
    match condition:
        case GroupNot(inner):
            test = bind_having(inner, column_of)
            return lambda row: not test(row)
        case GroupJunction(joined_by, inner):
            tests = [bind_having(one, column_of) for one in inner]
            holds = all if joined_by is BooleanOperator.AND else any
            return lambda row: holds(one(row) for one in tests)
        case GroupTest():
            column = column_of(condition.term)
            if condition.value is not None and column.kind.is_time:
                within = _in_period(condition, condition.value)
                if within is not None:
                    return bind_having(within, column_of)
            return _Test(column, condition.operator, condition.value).passes


def _in_period(test: GroupTest, value: str) -> GroupCondition | None:
    """The same test of a year or a month, which is its whole period (row T4), by its ends; None of another value."""
    period = period_of(value)
    if period is None:
        return None
    since_first = replace(test, operator=Operator.GREATER_THAN_OR_EQUAL_TO, value=period.first)
    before_end = replace(test, operator=period.before_end, value=period.end)
    within = GroupJunction(BooleanOperator.AND, (since_first, before_end))
    match test.operator:
        case Operator.EQUALS:
            return within
        case Operator.NOT_EQUALS:
            return GroupNot(within)
        case Operator.GREATER_THAN:
            return replace(test, operator=period.after, value=period.end)
        case Operator.LESS_THAN:
            return replace(test, value=period.first)
        case Operator.LESS_THAN_OR_EQUAL_TO:
            return before_end
        case _:
            return since_first


@frozen
class _Test:
    column: Column
    operator: Operator
    literal: str | None

    def __post_init__(self) -> None:
        if self.literal is not None and self._typed(self.literal) is None:
            noun = self.column.kind.noun
            raise InvalidValueError(f"'{shortened(self.literal)}' is not {noun}, as {self.column.title} is.")

    def passes(self, row: Row) -> bool:
        value = value_of(self.column.cell(row))
        if self.literal is None:
            return (value is not None) is (self.operator is Operator.EXISTS)
        if value is None:
            return self.operator is Operator.NOT_EQUALS
        expected = self._typed(self.literal)
        if self.column.kind.type is ValueType.TEXT_OR_NUMBER and isinstance(value, str):
            number, other = values.parse_number(value), values.parse_number(self.literal)
            if number is not None and other is not None:
                return _COMPARISONS[self.operator](number, other)
        return _COMPARISONS[self.operator](Decimal(value) if isinstance(expected, Decimal) else value, expected)

    def _typed(self, literal: str) -> Scalar | None:
        value: Scalar | None = self.column.kind.literal.parse(literal)
        return parse_duration(literal) if value is None and self.column.is_in_seconds else value
