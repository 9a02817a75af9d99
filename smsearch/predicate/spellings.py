"""Reads the values of a text that are spelled as people say them, before it is bound (row T4).

A year or a month is its whole period, epoch seconds are a time, `-7d` is a time before now, and `90m` a number of
seconds. What they mean depends on the property, so the parser leaves them alone; and a request has none of them. Where
it can, this step gives filters that a request may hold. A bare word that is no value of a number or a time may name
another property (row T6). It knows no record.
"""

from __future__ import annotations

import re
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, assert_never

from smsearch.durations import parse_duration
from smsearch.errors import InvalidValueError, RequestError
from smsearch.frozen import field, frozen, replace
from smsearch.schema import values
from smsearch.schema.value_kinds import ValueType
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression
from smsearch.syntax.condition import (
    CompoundCondition,
    ElementCondition,
    LikeCondition,
    NotCondition,
    PairCondition,
    as_expression,
    as_wider,
)
from smsearch.syntax.names import expand_alias, full_name
from smsearch.syntax.operators import Operator
from smsearch.syntax.text.formatter import format_filter, format_pair
from smsearch.syntax.text.literals import iso_text

if TYPE_CHECKING:
    from smsearch.schema.names import Schema
    from smsearch.schema.property import ListProperty, Property
    from smsearch.syntax.condition import WiderCondition
    from smsearch.syntax.query import Query

_PERIOD: Final = r"(?a)(\d{4})(?:-(\d\d))?"
_EPOCH: Final = r"(?a)\d{9,17}(?:\.\d{1,6})?"
_COMPARED: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})
_MONTHS: Final = 12
_NO_TEXTS: Final = frozenset({ValueType.NUMBER, ValueType.TIME, ValueType.BOOLEAN})


def read_spellings(query: Query, schema: Schema, *, strict: bool = False) -> Query:
    """The query of a text, whose names are resolved, with every value spelled as the API has it.

    Raises:
        InvalidValueError: A period compares with values of several elements; or the text is strict, and no request says
            what its value means.
    """
    if query.condition is None or query.now is None:
        return query
    reader = _ValueReader(schema, query.now, query.words)
    before = as_wider(query.condition) if isinstance(query.condition, SearchExpression) else query.condition
    after = reader.condition(before)
    if after == before:
        return query
    if strict and reader.refusals:
        raise reader.refusals[0]
    expression = as_expression(after)
    match after:
        case CompoundCondition(_, (only,)):
            wider = only
        case _:
            wider = after
    return replace(
        query,
        expression=expression,
        wider=wider if expression is None else None,
        refusals=(*query.refusals, *reader.refusals),
        notes=(*query.notes, *dict.fromkeys(reader.notes)),
    )


@frozen
class _ValueReader:
    """Reads the values of conditions on a record, or on an element of a list.

    Attributes:
        schema: The properties of the records.
        now: What times before now count from.
        words: Values that stood without quotes.
        container: The list whose element satisfies the conditions; None for conditions on a record.
        refusals: Takes what no request can say.
        notes: Takes how a value is better written.
    """

    schema: Schema
    now: datetime
    words: frozenset[str]
    container: ListProperty | None = None
    refusals: list[RequestError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def condition(self, condition: WiderCondition) -> WiderCondition:
        match condition:
            case Filter():
                return self._filter(condition)
            case LikeCondition() | PairCondition():
                return condition
            case NestedFilters(name, filters):
                inner = self._within(name).condition(CompoundCondition(BooleanOperator.AND, filters))
                terms = inner.conditions if isinstance(inner, CompoundCondition) else (inner,)
                plain = tuple(term for term in terms if isinstance(term, Filter))
                return NestedFilters(name, plain) if len(plain) == len(terms) else ElementCondition(name, inner)
            case ElementCondition(name, inner):
                return ElementCondition(name, self._within(name).condition(inner))
            case NotCondition(inner):
                return NotCondition(self.condition(inner))
            case CompoundCondition(operator, conditions):
                return CompoundCondition(operator, tuple(self._spliced(operator, conditions)))
        assert_never(condition)

    def _spliced(self, operator: BooleanOperator, conditions: tuple[WiderCondition, ...]) -> list[WiderCondition]:
        """The conditions; what one becomes stands side by side with its neighbours under the same operator."""
        spliced: list[WiderCondition] = []
        for one in conditions:
            after = self.condition(one)
            is_several = isinstance(one, Filter) and isinstance(after, CompoundCondition)
            if is_several and isinstance(after, CompoundCondition) and operator is after.operator:
                spliced += after.conditions
            else:
                spliced.append(after)
        return spliced

    def _within(self, name: str) -> _ValueReader:
        try:
            return replace(self, container=self.schema.list_property(name))
        except RequestError:
            return self  # binding says why

    def _property(self, name: str) -> Property | None:
        try:
            if self.container is None:
                return self.schema.property(name)
            return self.schema.element_property(self.container, name)
        except RequestError:
            return None  # binding says why

    def _filter(self, condition: Filter) -> WiderCondition:
        value = condition.value
        is_read = condition.operator is Operator.IN or condition.operator.row.text in _COMPARED
        prop = self._property(condition.name) if is_read else None
        if prop is None or value is None:
            return condition
        if condition.operator is Operator.IN:
            return self._among(condition.name, value.split(",")) if prop.kind.type in _NO_TEXTS else condition
        if prop.kind.is_number:
            seconds = parse_duration(value) if prop.name.endswith("Seconds") else None
            if seconds is None:
                return self._compared(condition, prop)
            return replace(condition, value=values.spelled(seconds))
        if prop.kind.literal.parse is not values.parse_timestamp or values.parse_timestamp(value) is not None:
            return condition  # a time of another spelling says itself what it reads
        period = period_of(value)
        if period is not None:
            return self._in_period(condition, prop, period)
        moment = self._moment(condition, value)
        return self._compared(condition, prop) if moment == condition else moment

    def _among(self, name: str, items: list[str]) -> WiderCondition:
        """Equal to one of some numbers, times or truth values, which the API's In does not take."""
        equal = tuple(self._filter(Filter(name, Operator.EQUALS, item.strip())) for item in items)
        return equal[0] if len(equal) == 1 else CompoundCondition(BooleanOperator.OR, equal)

    def _compared(self, condition: Filter, prop: Property) -> Filter | PairCondition:
        """A comparison with another property, where the value is a bare word that names one and spells no value."""
        value = condition.value or ""
        if value not in self.words or prop.kind.literal.parse(value) is not None:
            return condition
        name = full_name(self.container.name, value) if self.container else self._without_alias(value)
        if self._property(name) is None:
            return condition
        pair = PairCondition(condition.name, condition.operator, name)
        message = f"The API compares a property with a value, not with another property, as {format_pair(pair)} does."
        self.refusals.append(InvalidValueError(message, hint="Compare it with a value."))
        return pair

    def _without_alias(self, name: str) -> str:
        return expand_alias(name, self.schema.resource.name, self.schema.knows)

    def _moment(self, condition: Filter, value: str) -> Filter:
        """A time in epoch seconds, or before now."""
        if re.fullmatch(_EPOCH, value):
            micros = values.timestamp_of(value)
            return replace(condition, value=values.iso_of(micros)) if isinstance(micros, int) else condition
        seconds = parse_duration(value[1:].strip()) if value.startswith("-") else None
        if seconds is None:
            return condition
        try:
            moment = self.now - timedelta(microseconds=int(seconds * 1_000_000))
        except OverflowError:
            return condition
        self.notes.append(f"'{value}' was read as ago({value[1:].strip()}), which is better written so")
        return replace(condition, value=iso_text(moment))

    def _in_period(self, condition: Filter, prop: Property, period: Period) -> WiderCondition:
        """Before, in or after a period, from its first moment to before the first moment after it."""
        first, end = period.first, period.end

        def at(operator: Operator, moment: str) -> Filter:
            return Filter(condition.name, operator, moment)

        match condition.operator:
            case Operator.GREATER_THAN:
                return at(period.after, end)
            case Operator.LESS_THAN_OR_EQUAL_TO:
                return at(period.before_end, end)
            case Operator.GREATER_THAN_OR_EQUAL_TO | Operator.LESS_THAN:
                return at(condition.operator, first)
        if prop.is_many:
            message = f"A record may hold several values of {prop.name}, and one of them is to be in {condition.value}."
            raise InvalidValueError(message, hint="Put the two ends of the period in the brackets of the list.")
        ends = (at(Operator.GREATER_THAN_OR_EQUAL_TO, first), at(period.before_end, end))
        within = CompoundCondition(BooleanOperator.AND, ends)
        if condition.operator is Operator.EQUALS:
            return within
        outside = (at(Operator.LESS_THAN, first), at(period.after, end))
        self.refusals.append(
            InvalidValueError(
                f"The API has no complement of a period, as {format_filter(condition)} asks for it.",
                hint=f"Write {' OR '.join(map(format_filter, outside))}, with OR NOT EXISTS if absent counts too.",
            )
        )
        return NotCondition(within)


@frozen
class Period:
    """A year or a month.

    Attributes:
        first: Its first moment.
        end: The first moment after it; of what ends with the year 9999, its own last moment.
        before_end: How a moment before its end compares with `end`.
        after: How a later moment does.
    """

    first: str
    end: str
    before_end: Operator = Operator.LESS_THAN
    after: Operator = Operator.GREATER_THAN_OR_EQUAL_TO


def period_of(value: str) -> Period | None:
    """The period that a year or a month is; None for what is neither."""
    match = re.fullmatch(_PERIOD, value)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2] or 1)
    months = year * _MONTHS + month - 1 + (_MONTHS if match[2] is None else 1)
    try:
        first = datetime(year, month, 1, tzinfo=UTC)
        if months == _MONTHS * (MAXYEAR + 1):
            last = values.iso_of(values.MICROS_MAX)
            return Period(iso_text(first), last, Operator.LESS_THAN_OR_EQUAL_TO, Operator.GREATER_THAN)
        return Period(iso_text(first), iso_text(datetime(months // _MONTHS, months % _MONTHS + 1, 1, tzinfo=UTC)))
    except ValueError:  # no month, or the year 0
        return None
