"""Binds the conditions of a query, whether the API can say them or not, with the rules of `bind.py`.

It knows how conditions combine (rows E1, E5, T1), and leaves to `bind.py` what each of them means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from smsearch.frozen import frozen
from smsearch.predicate.bind import bind_expression, bind_filter, bind_like, bind_nested, bind_plain_filter
from smsearch.predicate.bound import BoundElement, BoundExpression, BoundNot
from smsearch.predicate.predicate import AnyElement, all_of, any_of, negation
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression
from smsearch.syntax.condition import (
    CompoundCondition,
    ElementCondition,
    LikeCondition,
    NotCondition,
    PairCondition,
    renamed,
)
from smsearch.syntax.names import short_name

if TYPE_CHECKING:
    from smsearch.policy import Policy
    from smsearch.predicate.bound import Bound
    from smsearch.schema.names import Schema
    from smsearch.schema.property import ListProperty, Property
    from smsearch.syntax.condition import WiderCondition

_PATH = "WHERE"
"""Where a condition stands that has no place in a SearchExpression."""


def bind_condition(
    condition: SearchExpression | WiderCondition | None, schema: Schema, policy: Policy
) -> BoundExpression:
    """The conditions of a query, each beside what it means; None means every record.

    Raises:
        RequestError: As for `bind`.
    """
    if condition is None or isinstance(condition, SearchExpression):
        return bind_expression(condition or SearchExpression(), schema, policy)
    bound = _Binder(schema, policy).bound(condition)
    if isinstance(bound, BoundExpression):
        return bound
    return BoundExpression(CompoundCondition(BooleanOperator.AND, (condition,)), (bound,), bound.predicate)


@frozen
class _Binder:
    """Binds conditions on a record, or on an element of a list.

    Attributes:
        schema: The properties of the records.
        policy: What is decided otherwise.
        container: The list whose element satisfies the conditions; None for conditions on a record.
    """

    schema: Schema
    policy: Policy
    container: ListProperty | None = None

    def bound(self, condition: WiderCondition) -> Bound:
        match condition:
            case Filter(name):
                if self.container is None:
                    return bind_plain_filter(condition, self.schema, self.policy, _PATH)
                return bind_filter(condition, self._property(name), None, self.policy, _PATH)
            case NestedFilters():
                return bind_nested(condition, self.schema, self.policy, _PATH)
            case LikeCondition(name):
                return bind_like(condition, self._property(name), _PATH)
            case PairCondition(name, _, other):
                from smsearch.predicate.bind_pair import bind_pair

                return bind_pair(condition, self._property(name), self._property(other), _PATH)
            case ElementCondition(name, inner):
                return self._element(condition, name, inner)
            case NotCondition(inner):
                term = self.bound(inner)
                return BoundNot(condition, term, negation(term.predicate))
            case CompoundCondition(operator, conditions):
                terms = tuple(map(self.bound, conditions))
                join = any_of if operator is BooleanOperator.OR else all_of
                return BoundExpression(condition, terms, join([term.predicate for term in terms]))
        assert_never(condition)

    def _property(self, name: str) -> Property:
        if self.container is None:
            return self.schema.property(name, f"{_PATH}.Name")
        return self.schema.element_property(self.container, name, f"{_PATH}.Name")

    def _element(self, condition: ElementCondition, name: str, inner: WiderCondition) -> BoundElement:
        container = self.schema.list_property(name, f"{_PATH}.NestedPropertyName")
        short = renamed(inner, lambda full, _: short_name(name, full))
        term = _Binder(self.schema, self.policy, container).bound(short)
        return BoundElement(condition, container, term, AnyElement(container, term.predicate))
