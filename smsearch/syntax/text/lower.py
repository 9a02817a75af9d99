"""Lowers the conditions of a text query to the API's expression, or to a wider condition where that cannot say it.

AND, OR and brackets become lists and SubExpressions. NOT is pushed down to single conditions (De Morgan), which
`rewrites.py` turns into filters. One element of a list satisfies all conditions in its brackets (row E5): NestedFilters
can say And only, so an Or inside becomes an Or of NestedFilters, which is exact. This module knows no property.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from smsearch import limits
from smsearch.frozen import replace
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression, combine
from smsearch.syntax.condition import CompoundCondition, ElementCondition, NotCondition, renamed
from smsearch.syntax.names import full_name
from smsearch.syntax.text.errors import TextError, TextLimitError
from smsearch.syntax.text.lexer import show_name
from smsearch.syntax.text.rewrites import Group, inline
from smsearch.syntax.text.tree import Combination, Negation, SomeElement

if TYPE_CHECKING:
    from smsearch.syntax.condition import WiderCondition
    from smsearch.syntax.text.rewrites import Part, Rewriter
    from smsearch.syntax.text.tree import Condition, Name

Alternative = tuple[Filter, ...]
"""Filters that one element must satisfy together."""


class Lowering:
    """Lowers one condition.

    Args:
        rewriter: Rewrites the conditions on single properties.
    """

    def __init__(self, rewriter: Rewriter) -> None:
        self._rewriter = rewriter
        self._predicates = 0

    def lowered(self, condition: Condition) -> SearchExpression | WiderCondition:
        """The expression that finds what the condition says; a wider condition where no expression does.

        Raises:
            TextError: Nothing can be meant by it; or the text is strict, and the API has no way to say it.
            TextLimitError: The text is strict, and no expression holds so many conditions.
        """
        part = self._lower(condition, negated=False)
        return _wider(part) if _is_wider(part) else _expression(part)

    def _lower(self, condition: Condition, *, negated: bool) -> Part:
        match condition:
            case Negation(inner):
                return self._lower(inner, negated=not negated)
            case Combination(operator, conditions):
                parts = tuple(self._lower(part, negated=negated) for part in conditions)
                return Group(operator.complement if negated else operator, parts)
            case SomeElement():
                return self._some_element(condition, negated=negated)
            case _:
                self._count(condition.name)
                return self._rewriter.rewrite(condition, negated=negated)

    def _count(self, name: Name) -> None:
        """Stops a strict text at once where it holds more conditions than can ever pass (row E2)."""
        self._predicates += 1
        if self._rewriter.refusals.is_strict and self._predicates > limits.CONDITIONS_MAX:
            raise TextLimitError(name.at, f"The query holds more than {limits.CONDITIONS_MAX} conditions.")

    def _some_element(self, element: SomeElement, *, negated: bool) -> Part:
        container = element.container
        if negated:
            self._rewriter.refusals.add(
                TextError(
                    container.at,
                    f"The API cannot say that no element of {show_name(container.text)} satisfies this.",
                    "Put NOT inside the brackets if some element is to fail it.",
                )
            )
        inner = self._lower(element.condition, negated=False)
        if _holds_nested(inner):
            raise TextError(container.at, "The API has no NestedFilters inside NestedFilters.")
        parts = self._elements(inner, container)
        if negated:
            return inline(BooleanOperator.AND, list(map(NotCondition, parts)))
        return inline(BooleanOperator.OR, parts)

    def _elements(self, inner: Part, container: Name) -> list[NestedFilters | ElementCondition]:
        """What one element of a list must satisfy: any of the conditions."""
        if not _is_wider(inner):
            try:
                return [_nested(container.text, one) for one in _alternatives(inner, container)]
            except TextLimitError as error:
                self._rewriter.refusals.add(error)
        condition = renamed(_wider(inner), lambda name, _: full_name(container.text, name))
        return [ElementCondition(container.text, condition)]


def _holds_nested(part: Part) -> bool:
    match part:
        case NestedFilters() | ElementCondition():
            return True
        case NotCondition(inner):
            return isinstance(inner, NestedFilters | ElementCondition)
        case Group(_, parts):
            return any(map(_holds_nested, parts))
        case _:
            return False


def _is_wider(part: Part) -> bool:
    """Whether a part says what no expression can."""
    if isinstance(part, Group):
        return any(map(_is_wider, part.parts))
    return not isinstance(part, Filter | NestedFilters)


def _wider(part: Part) -> WiderCondition:
    """A part as a condition that may say more than an expression."""
    if isinstance(part, Group):
        return CompoundCondition(part.operator, tuple(map(_wider, part.flattened())))
    return part


def _nested(container: str, alternative: Alternative) -> NestedFilters:
    return NestedFilters(container, tuple(replace(part, name=full_name(container, part.name)) for part in alternative))


def _alternatives(part: Part, container: Name) -> list[Alternative]:
    """The disjunctive normal form, in the order of the text.

    `a AND (b OR c)` has the alternatives `a, b` and `a, c`.

    Raises:
        TextLimitError: The alternatives, or the filters of one, are more than the API takes.
    """
    match part:
        case Filter():
            return [(part,)]
        case Group(operator, parts):
            choices = [_alternatives(inner, container) for inner in parts]
            if operator is BooleanOperator.OR:
                alternatives = [alternative for choice in choices for alternative in choice]
            else:
                _check_alternatives(prod(map(len, choices)), container)  # before they are written out
                alternatives = [sum(chosen, ()) for chosen in product(*choices)]
            _check_alternatives(len(alternatives), container)
            _check_filters(alternatives, container)
            return alternatives
        case _:  # pragma: no cover - refused or said otherwise by the caller
            raise AssertionError(part)


def _check_alternatives(count: int, container: Name) -> None:
    if 2 * count > limits.CONDITIONS_MAX and count > 1:  # each is a condition, and holds at least one
        raise TextLimitError(
            container.at,
            f"The OR inside these brackets makes {count:,} NestedFilters.",
            f"An expression holds at most {limits.CONDITIONS_MAX} conditions in all.",
        )


def _check_filters(alternatives: list[Alternative], container: Name) -> None:
    longest = max(map(len, alternatives))
    if longest > limits.LIST_LENGTH_MAX:
        raise TextLimitError(
            container.at,
            f"One element would have to satisfy {longest} filters.",
            f"The API takes at most {limits.LIST_LENGTH_MAX} in a NestedFilters.",
        )


def _expression(part: Part) -> SearchExpression:
    """The conditions in the API's shape: each kind in its own list."""
    filters: list[Filter] = []
    nested: list[NestedFilters] = []
    children: list[SearchExpression] = []
    operator = part.operator if isinstance(part, Group) else BooleanOperator.AND
    for condition in part.flattened() if isinstance(part, Group) else (part,):
        match condition:
            case Filter():
                filters.append(condition)
            case NestedFilters():
                nested.append(condition)
            case Group():
                children.append(_expression(condition))
            case _:  # pragma: no cover - the caller has a wider condition then
                raise AssertionError(condition)
    return combine(operator, filters, nested, children)
