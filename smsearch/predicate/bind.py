"""Binds an expression to a resource: names to properties, values to types, operators to tests.

The only module in which the typing rules of the language stand, one short function a rule. Each rule names
its row of `docs/semantics.md`. It knows no record: whether a property is present anywhere is not its
business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import InvalidValueError, OperatorNotSupportedError
from smsearch.frozen import frozen
from smsearch.messages import listed, shortened
from smsearch.predicate.bound import BoundExpression, BoundFilter, BoundLike, BoundNested
from smsearch.predicate.order import SortKey
from smsearch.predicate.predicate import (
    ALWAYS,
    AnyElement,
    BooleanIs,
    InAccount,
    Match,
    Not,
    NumberIs,
    Predicate,
    Present,
    Reading,
    Relation,
    Test,
    TextContains,
    TextIn,
    TextLike,
    TextOrNumberIs,
    TimestampIs,
    all_of,
    any_of,
    negation,
)
from smsearch.schema import values
from smsearch.schema.value_kinds import Numerals, ValueType
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression, SortOrder
from smsearch.syntax.operators import STRUCTURE, TEXT, Operator, names_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from smsearch.policy import Policy
    from smsearch.predicate.bound import Bound
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property
    from smsearch.syntax.condition import CompoundCondition, LikeCondition

RELATIONS: Final = {
    Operator.GREATER_THAN: Relation.GT,
    Operator.GREATER_THAN_OR_EQUAL_TO: Relation.GE,
    Operator.LESS_THAN: Relation.LT,
    Operator.LESS_THAN_OR_EQUAL_TO: Relation.LE,
}
"""The order comparisons."""
_REFUSING_ROWS = {Operator.CONTAINS: "F10", Operator.IN: "F11"}
"""Rows that refuse an operator for a kind of property; an order comparison is refused by F9."""


def bind(
    expression: SearchExpression | None, schema: Schema, policy: Policy, path: str = "SearchExpression"
) -> Predicate:
    """The predicate that an expression means; without an expression, every record (row R3).

    The expression has passed `syntax.check`, so its depth is bounded.

    Raises:
        UnknownPropertyError: A name that the resource does not have.
        ShapeError: A NestedPropertyName that is no list of structures.
        OperatorNotSupportedError: An operator that the property's kind does not have.
        InvalidValueError: A value that the property's kind cannot read.
    """
    return ALWAYS if expression is None else bind_expression(expression, schema, policy, path).predicate


def bind_expression(
    expression: SearchExpression, schema: Schema, policy: Policy, path: str = "SearchExpression"
) -> BoundExpression:
    """The same, with every condition beside what it means; an expression without conditions means every record.

    Raises:
        RequestError: As for `bind`.
    """
    conditions: list[Bound] = []
    for index, plain in enumerate(expression.filters):
        conditions.append(bind_plain_filter(plain, schema, policy, f"{path}.Filters[{index}]"))
    for index, nested in enumerate(expression.nested_filters):
        conditions.append(bind_nested(nested, schema, policy, f"{path}.NestedFilters[{index}]"))
    for index, child in enumerate(expression.sub_expressions):
        conditions.append(bind_expression(child, schema, policy, f"{path}.SubExpressions[{index}]"))
    terms = [condition.predicate for condition in conditions]
    return BoundExpression(expression, tuple(conditions), _combined(expression, terms))


def bind_values(bound: BoundExpression, values: Iterator[str], policy: Policy) -> Predicate:
    """What a bound expression means with other values, one for each of its filters that has one, in their order.

    Raises:
        InvalidValueError: A value that the property's kind cannot read; it does not say where the value stands.
    """
    terms: list[Predicate] = []
    for condition in bound.conditions:
        match condition:
            case BoundFilter():
                terms.append(_bind_value(condition, values, policy))
            case BoundNested(_, container, filters):
                inner = [_bind_value(one, values, policy) for one in filters]
                terms.append(AnyElement(container, all_of(inner)))
            case BoundExpression():
                terms.append(bind_values(condition, values, policy))
            case _:
                raise TypeError(condition)  # no request has it
    return _combined(bound.expression, terms)


def _bind_value(bound: BoundFilter, values: Iterator[str], policy: Policy) -> Predicate:
    plain = bound.filter
    if plain.value is None:
        return bound.predicate
    return _compared(plain.operator, next(values), bound.match.property, policy, "", may_contain=False)[1]


def _combined(expression: SearchExpression | CompoundCondition, terms: list[Predicate]) -> Predicate:
    return any_of(terms) if expression.operator is BooleanOperator.OR and terms else all_of(terms)


def bind_sort(
    sort_by: str | None,
    order: SortOrder | None,
    schema: Schema,
    path: str = "SortBy",
    *,
    then_by: tuple[tuple[str, SortOrder], ...] = (),
) -> SortKey:
    """The order of a result; left out, LastModifiedTime or CreationTime, descending (row R6).

    Args:
        sort_by: The property to sort by.
        order: The direction.
        schema: The properties of the records.
        path: Where the property stands in the request.
        then_by: What records with equal values are sorted by, one after another (row T3).

    Raises:
        UnknownPropertyError: A name that the resource does not have.
        OperatorNotSupportedError: A property that is a list, a map or a structure (row S1).
    """
    prop = schema.property(schema.resource.default_sort if sort_by is None else sort_by, path)
    if prop.is_many or prop.kind.type is ValueType.PRESENCE:
        message = f"Results cannot be sorted by {prop.name}: a record may hold several values of it."
        raise OperatorNotSupportedError(message, path=path, hint="Sort by a single-valued property.", row="S1")
    then = bind_sort(*then_by[0], schema, path, then_by=then_by[1:]) if then_by else None
    return SortKey(prop, order or SortOrder.DESCENDING, then)


def bind_visibility(key: str, value: str, schema: Schema, path: str) -> Predicate:
    """A visibility condition: the tag has this value, or is not there (row R9).

    Raises:
        InvalidValueError: The key does not name a tag.
    """
    if not key.lower().startswith("tags.") or len(key) == len("tags."):
        message = f"Visibility condition key '{key}' does not name a tag."
        raise InvalidValueError(message, path=path, hint="Write it Tags.<key>.", row="R9")
    tag = schema.property(key, path)
    return any_of([negation(Match(tag, Present())), Match(tag, TextIn((value,)))])


def bind_other_account(account: str, schema: Schema) -> Predicate:
    """Records whose ARN names another account than this one (row R10); one that names none is of no other account."""
    arn = schema.property(".".join(schema.resource.arn))
    own = [negation(Match(arn, InAccount(named))) for named in (account, "")]
    return all_of([Match(arn, Present()), *own])


def bind_own_account(account: str, schema: Schema) -> Predicate:
    """Every other record: those of this account, and those that name no account (row R10)."""
    return negation(bind_other_account(account, schema))


def bind_searchable(schema: Schema) -> Predicate:
    """The records that Search can find at all: archived image versions are not searchable (row R14)."""
    if schema.resource.name != "ImageVersion":
        return ALWAYS
    return negation(Match(schema.property("VendorGuidance"), TextIn(("ARCHIVED",))))


def bind_nested(nested: NestedFilters, schema: Schema, policy: Policy, path: str) -> BoundNested:
    """One element satisfies every filter (row E5)."""
    container = schema.list_property(nested.nested_property_name, f"{path}.NestedPropertyName")
    filters: list[BoundFilter] = []
    for index, condition in enumerate(nested.filters):
        where = f"{path}.Filters[{index}]"
        prop = schema.element_property(container, condition.name, f"{where}.Name")
        filters.append(bind_filter(condition, prop, None, policy, where))
    term = all_of([bound.predicate for bound in filters])
    return BoundNested(nested, container, tuple(filters), AnyElement(container, term))


def bind_plain_filter(condition: Filter, schema: Schema, policy: Policy, path: str) -> BoundFilter:
    """A condition on a record; Contains on a list or map that it may name as a whole compares its texts (row E3)."""
    prop = schema.property(condition.name, f"{path}.Name")
    return bind_filter(condition, prop, schema.texts_within(prop), policy, path)


def bind_filter(condition: Filter, named: Property, texts: Property | None, policy: Policy, path: str) -> BoundFilter:
    """A negative operator is the complement of its positive one, so it holds for what is absent (row F8).

    Args:
        condition: The filter.
        named: The property that it names.
        texts: The texts of a list or map that Contains may name as a whole (row E3).
        policy: What is decided otherwise.
        path: Where the filter stands in the request.
    """
    compared = named if texts is None or condition.operator is not Operator.CONTAINS else texts
    operator, value, may_contain = condition.operator, condition.value or "", texts is not None
    return BoundFilter(condition, named, *_compared(operator, value, compared, policy, path, may_contain=may_contain))


def _compared(
    operator: Operator, value: str, compared: Property, policy: Policy, path: str, *, may_contain: bool
) -> tuple[Match, Predicate]:
    """The positive condition, and what the filter means."""
    row = operator.row
    positive = row.complement if row.matches_absent else None
    rule = _Rule(compared, operator, value, policy, path, may_contain)
    match = Match(compared, rule.test(positive or operator))
    return match, match if positive is None else Not(match)


def bind_like(condition: LikeCondition, prop: Property, path: str) -> BoundLike:
    """A pattern asks for text, as Contains does (row T2)."""
    if not prop.kind.holds_text:
        word = "ILIKE" if condition.ignores_case else "LIKE"
        message = f"{word} is not supported on {prop.name}, which is {prop.kind.noun}."
        raise OperatorNotSupportedError(message, path=f"{path}.Operator", hint="It compares text.", row="T2")
    from smsearch.syntax.pattern import pieces_of

    test = TextLike(pieces_of(condition.pattern), condition.ignores_case)
    return BoundLike(condition, prop, Match(prop, test))


@frozen
class _Rule:
    """One filter on its way to a test.

    Attributes:
        property: What is compared.
        operator: What the caller wrote; its test is that of the complement, where the operator is negative.
        value: The text that it is compared with.
        policy: What is decided otherwise.
        path: Where the filter stands in the request.
        may_contain: Whether the property, a list or map as a whole, has Contains (row E3).
    """

    property: Property
    operator: Operator
    value: str
    policy: Policy
    path: str
    may_contain: bool

    def test(self, operator: Operator) -> Test:
        if operator is Operator.EXISTS:  # every kind; a value is ignored (row F4)
            return Present()
        kind = self.property.kind
        match kind.type:
            case ValueType.TEXT:
                return self._text(operator) if kind.numerals is Numerals.TEXT else self._text_map(operator)
            case ValueType.NUMBER:
                return NumberIs(self._relation(operator), self._operand())
            case ValueType.TIME:
                return TimestampIs(self._relation(operator), self._operand())
            case ValueType.BOOLEAN:
                return self._boolean(operator)
            case ValueType.TEXT_OR_NUMBER:
                is_number = kind.numerals is Numerals.NUMBER
                return self._hyperparameter(operator) if is_number else self._text_or_number(operator)
            case ValueType.PRESENCE:
                raise self._refused()

    def _text(self, operator: Operator) -> Test:
        """Rows F8, F10, F11, F12; an order comparison is refused (row F9)."""
        match operator:
            case Operator.EQUALS:
                return TextIn((self.value,))
            case Operator.CONTAINS:
                return TextContains(self.value, self.policy.contains_ignores_case)
            case Operator.IN:
                return TextIn(self._items())
            case _:
                raise self._refused()

    def _items(self) -> tuple[str, ...]:
        """The strings of an In; an empty one is refused (row F11)."""
        items = tuple(self.value.split(","))
        if self.policy.in_strips_blanks:
            items = tuple(item.strip(" \t\r\n") for item in items)
        if "" in items:
            message = f"The In list of {self.property.name} has an empty item."
            hint = "Separate the values by single commas."
            raise InvalidValueError(message, path=f"{self.path}.Value", hint=hint, row="F11")
        return tuple(dict.fromkeys(items))

    def _operand(self) -> Any:  # noqa: ANN401 - of the type that the kind has
        """The value as the kind reads it (rows F13, F20, F21)."""
        literal = self.property.kind.literal
        operand = literal.parse(self.value)
        if operand is None:
            raise self._unreadable(literal.noun, literal.hint, self.property.kind.row)
        return operand

    def _boolean(self, operator: Operator) -> Test:
        """Row F21."""
        if operator is not Operator.EQUALS:
            raise self._refused()
        return BooleanIs(self._operand())

    def _text_map(self, operator: Operator) -> Test:
        """Row F14b: text as it is spelled; its numerals have an order only where the policy gives them one."""
        if operator in RELATIONS and self.policy.numerals_have_order:
            number = self._number_in_order()
            return TextOrNumberIs(RELATIONS[operator], number, self.value, Reading.AS_NUMBER)
        return self._text(operator)

    def _hyperparameter(self, operator: Operator) -> Test:
        """Row F14: a number literal compares numbers, any other value compares text."""
        relation = Relation.EQ if operator is Operator.EQUALS else RELATIONS.get(operator)
        number = values.parse_number(self.value)
        if relation is None or (number is None and relation is Relation.EQ):
            return self._text(operator)
        number = self._number_in_order() if number is None else number
        reading = Reading.AS_INTEGER if values.is_integer_literal(self.value) else Reading.AS_NUMBER
        return TextOrNumberIs(relation, number, self.value, reading)

    def _text_or_number(self, operator: Operator) -> Test:
        """Rows F18 and F14b: a number compares by value; text as it is spelled, its numerals as in a text map."""
        if operator in RELATIONS:
            number = self._number_in_order()
            reading = Reading.AS_NUMBER if self.policy.numerals_have_order else Reading.AS_TEXT
            return TextOrNumberIs(RELATIONS[operator], number, self.value, reading)
        literal = values.parse_number(self.value) if operator is Operator.EQUALS else None
        if literal is None:
            return self._text(operator)
        return TextOrNumberIs(Relation.EQ, literal, self.value, Reading.AS_TEXT)

    def _number_in_order(self) -> Decimal:
        """The number that an order comparison with what may be text must have."""
        number = values.parse_number(self.value)
        if number is None:
            hint = f"{self.operator.value} compares numbers; text has {listed(names_for(TEXT), 'and')}."
            raise self._unreadable("a number", hint, self.property.kind.row)
        return number

    def _relation(self, operator: Operator) -> Relation:
        if operator is Operator.EQUALS:
            return Relation.EQ
        if operator not in RELATIONS:
            raise self._refused()
        return RELATIONS[operator]

    def _refused(self) -> OperatorNotSupportedError:
        kind = self.property.kind
        message = f"{self.operator.value} is not supported on {self.property.name}, which is {kind.noun}."
        names = names_for(kind.type.value if kind.has_values else STRUCTURE)
        if self.may_contain:
            names.insert(0, Operator.CONTAINS.value)
        hint = f"It has {listed(names, 'and')}."
        has_own_row = not kind.has_values or kind.numerals is not Numerals.TEXT
        row = kind.row if has_own_row else _REFUSING_ROWS.get(self.operator, "F9")
        return OperatorNotSupportedError(message, path=f"{self.path}.Operator", hint=hint, row=row)

    def _unreadable(self, noun: str, hint: str, row: str) -> InvalidValueError:
        message = f"Value '{shortened(self.value)}' of {self.property.name} is not {noun}."
        return InvalidValueError(message, path=f"{self.path}.Value", hint=hint, row=row)
