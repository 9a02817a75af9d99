"""Plain conditions on members of one list, which different elements may meet (row E6), and the brackets that bind them.

`InputDataConfig.ChannelName = 'train' AND InputDataConfig.ContentType = 'text/csv'` holds for a job whose train channel
is Parquet and whose test channel is CSV. That is what the API says and seldom what was meant.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from smsearch.errors import RequestError
from smsearch.frozen import replace
from smsearch.live import reference
from smsearch.predicate.bind import bind_expression
from smsearch.predicate.bound import BoundExpression, BoundFilter
from smsearch.reasons.truth import truth
from smsearch.schema.property import Elements
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression
from smsearch.syntax.operators import Operator
from smsearch.syntax.text.formatter import format as format_text
from smsearch.syntax.text.formatter import format_filter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smsearch.policy import Policy
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property, Step

_CHOICES: Final = frozenset({Operator.EQUALS, Operator.IN})
_SEVERAL: Final = 2


@dataclass(frozen=True, slots=True)
class CrossElementConditions:
    """Conditions under one And on members of one list.

    Attributes:
        filters: The conditions, names in the schema's spelling; two at least.
        nested: The same for one single element.
        bound: The conditions as they are bound.
    """

    filters: tuple[Filter, ...]
    nested: NestedFilters
    bound: tuple[BoundFilter, ...] = field(default=(), compare=False, repr=False)

    @property
    def texts(self) -> tuple[str, ...]:
        """The conditions as text."""
        return tuple(map(format_filter, self.filters))

    @property
    def suggestion(self) -> str:
        """The brackets as text."""
        return format_text(SearchExpression(nested_filters=(self.nested,)))


def cross_element_conditions(bound: BoundExpression, schema: Schema) -> Iterator[CrossElementConditions]:
    """Finds such conditions in an expression; reads no record."""
    if bound.expression.operator is BooleanOperator.OR:
        alternatives = list(_children(bound))
    else:
        conjoined = list(_conjoined(bound))
        plain = (leaf for one in conjoined for leaf in one.conditions if isinstance(leaf, BoundFilter))
        yield from _of(plain, schema)
        children = (child for one in conjoined for child in _children(one))
        alternatives = [child for child in children if child.expression.operator is BooleanOperator.OR]
    for child in alternatives:
        yield from cross_element_conditions(child, schema)


def _children(bound: BoundExpression) -> Iterator[BoundExpression]:
    """The sub-expressions directly in an expression."""
    return (child for child in bound.conditions if isinstance(child, BoundExpression))


def _conjoined(bound: BoundExpression) -> Iterator[BoundExpression]:
    """An And and the Ands directly in it, which mean one And."""
    yield bound
    for child in _children(bound):
        if child.expression.operator is BooleanOperator.AND:
            yield from _conjoined(child)


def _of(conditions: Iterable[BoundFilter], schema: Schema) -> Iterator[CrossElementConditions]:
    by_list: dict[tuple[Step, ...], dict[Filter, BoundFilter]] = {}
    for condition in conditions:
        steps = condition.prop.steps
        is_negative = condition.filter.operator.row.matches_absent  # a complement asks every element
        if not is_negative and Elements() in steps[:-1]:
            outermost = steps[: steps.index(Elements()) + 1]
            condition_key = replace(condition.filter, name=condition.prop.name)
            by_list.setdefault(outermost, {})[condition_key] = condition
    for steps, group in by_list.items():
        filters = tuple(group)
        if len(filters) < _SEVERAL or _are_choices(filters):
            continue
        nested = _nested(len(steps), filters, tuple(one.prop for one in group.values()), schema)
        if nested is not None:
            yield CrossElementConditions(filters, nested, tuple(group.values()))


def _are_choices(filters: tuple[Filter, ...]) -> bool:
    """Whether one element could not be meant: each names another value of the same property."""
    return len({one.name for one in filters}) == 1 and all(one.operator in _CHOICES for one in filters)


def _nested(
    depth: int, filters: tuple[Filter, ...], props: tuple[Property, ...], schema: Schema
) -> NestedFilters | None:
    """The brackets around a list `depth` steps down, if the list is one that has them."""
    lists = {".".join(prop.name.split(".")[: depth - 1]) for prop in props}
    if len(lists) != 1:
        return None
    try:
        container = schema.list_property(lists.pop())
        for one in filters:
            schema.element_property(container, one.name)
    except RequestError:
        return None
    return NestedFilters(container.name, filters)


@dataclass(frozen=True, slots=True)
class CrossElementMatch:
    """Conditions that a record meets with different elements only.

    Attributes:
        conditions: The conditions.
        places: For each condition, the elements that meet it, by their places in the list, from 0.
    """

    conditions: CrossElementConditions
    places: tuple[tuple[int, ...], ...]


def cross_element_matches(
    bound: BoundExpression, document: object, schema: Schema, policy: Policy
) -> Iterator[CrossElementMatch]:
    """Finds the conditions that a record meets all of, while no single element meets all of them."""
    for conditions in cross_element_conditions(bound, schema):
        leaves = [truth(condition, document) for condition in conditions.bound]
        together = bind_expression(SearchExpression(nested_filters=(conditions.nested,)), schema, policy)
        if all(leaf.holds for leaf in leaves) and not reference.holds(together.predicate, document):
            met = (tuple(dict.fromkeys(value.places[0] for value in leaf.values if value.passes)) for leaf in leaves)
            yield CrossElementMatch(conditions, tuple(met))
