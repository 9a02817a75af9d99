"""Plain conditions on members of one list, which different elements may meet (row E6), and the brackets that bind them.

`InputDataConfig.ChannelName = 'train' AND InputDataConfig.ContentType = 'text/csv'` holds for a job whose train channel
is Parquet and whose test channel is CSV. That is what the API says and seldom what was meant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from smsearch.errors import RequestError
from smsearch.schema.property import Elements
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression, walk
from smsearch.syntax.operators import Operator
from smsearch.syntax.text.formatter import format as format_text
from smsearch.syntax.text.formatter import format_filter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.reasons.truth import Judge
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property, Step

_CHOICES: Final = frozenset({Operator.EQUALS, Operator.IN})
_SEVERAL: Final = 2


@dataclass(frozen=True, slots=True)
class Spread:
    """Conditions under one And on members of one list.

    Attributes:
        filters: The conditions, names in the schema's spelling; two at least.
        nested: The same for one single element.
    """

    filters: tuple[Filter, ...]
    nested: NestedFilters

    @property
    def texts(self) -> tuple[str, ...]:
        """The conditions as text."""
        return tuple(map(format_filter, self.filters))

    @property
    def suggestion(self) -> str:
        """The brackets as text."""
        return format_text(SearchExpression(nested_filters=(self.nested,)))


def spreads(expression: SearchExpression | None, schema: Schema) -> Iterator[Spread]:
    """The spreads of an expression that binds; no record is asked."""
    if expression is None:
        return
    within: set[int] = set()
    for _, part in walk(expression, ""):
        if part.operator is BooleanOperator.AND and id(part) not in within:
            joined = list(_conjoined(part))
            within.update(id(one) for one in joined)
            yield from _of(tuple(condition for one in joined for condition in one.filters), schema)


def _conjoined(expression: SearchExpression) -> Iterator[SearchExpression]:
    """An And and the Ands directly in it, which mean one And."""
    yield expression
    for child in expression.sub_expressions:
        if child.operator is BooleanOperator.AND:
            yield from _conjoined(child)


def _of(filters: tuple[Filter, ...], schema: Schema) -> Iterator[Spread]:
    by_list: dict[tuple[Step, ...], dict[Filter, Property]] = {}
    for condition in filters:
        prop = schema.property(condition.name)
        steps = prop.steps
        if not condition.operator.row.matches_absent and Elements() in steps[:-1]:  # a complement asks every element
            outermost = steps[: steps.index(Elements()) + 1]
            by_list.setdefault(outermost, {})[replace(condition, name=prop.name)] = prop
    for steps, group in by_list.items():
        kept = tuple(group)
        if len(kept) < _SEVERAL or _are_choices(kept):
            continue
        nested = _nested(len(steps), kept, tuple(group.values()), schema)
        if nested is not None:
            yield Spread(kept, nested)


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
class Parted:
    """A spread that a record meets with different elements only.

    Attributes:
        spread: The conditions.
        places: For each condition, the elements that meet it, by their places in the list, from 0.
    """

    spread: Spread
    places: tuple[tuple[int, ...], ...]


def parted(expression: SearchExpression | None, document: object, judge: Judge) -> Iterator[Parted]:
    """The spreads all of whose conditions a record meets, and none of its elements meets together."""
    for spread in spreads(expression, judge.schema):
        leaves = [judge.truth(SearchExpression((condition,)), document) for condition in spread.filters]
        together = judge.truth(SearchExpression(nested_filters=(spread.nested,)), document)
        if all(leaf.holds for leaf in leaves) and not together.holds:
            met = (tuple(dict.fromkeys(value.places[0] for value in leaf.values if value.passes)) for leaf in leaves)
            yield Parted(spread, tuple(met))
