"""Rewrites what a text says into what the API can hold, exactly, or refuses with the reason.

NOT is pushed down to where the API has a complement: NotEquals of Equals, NotExists of Exists (row F8). Every
other rewrite leaves what is found as it is; `extended` allows those that do so only for a single number or time.
Properties, and so types, are not known here: a rewrite must be exact for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn

from smsearch import limits
from smsearch.messages import shortened
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, Operator, SearchExpression
from smsearch.syntax.siblings import joined
from smsearch.syntax.text import elements, membership
from smsearch.syntax.text.errors import Refusal, TooMuch
from smsearch.syntax.text.formatter import format_filter
from smsearch.syntax.text.lexer import is_number_like, shown_name
from smsearch.syntax.text.terms import Terms, flipped
from smsearch.syntax.text.transformer import refuse_not_contains
from smsearch.syntax.text.tree import (
    Between,
    Comparison,
    Element,
    Junction,
    Like,
    Name,
    Not,
    OneOf,
    OneOfList,
    Presence,
)

if TYPE_CHECKING:
    from smsearch.syntax.text.literals import Literals
    from smsearch.syntax.text.terms import Term
    from smsearch.syntax.text.tree import Condition

_COMPLEMENT: Final = {
    Operator.EQUALS: Operator.NOT_EQUALS,
    Operator.NOT_EQUALS: Operator.EQUALS,
}
_OPPOSITE: Final = {
    Operator.LESS_THAN: Operator.GREATER_THAN_OR_EQUAL_TO,
    Operator.LESS_THAN_OR_EQUAL_TO: Operator.GREATER_THAN,
    Operator.GREATER_THAN: Operator.LESS_THAN_OR_EQUAL_TO,
    Operator.GREATER_THAN_OR_EQUAL_TO: Operator.LESS_THAN,
}
"""Complements among the records that have the property: an absent one satisfies neither (row F9)."""

_WILDCARD: Final = "%"


@dataclass(slots=True)
class Lowering:
    """Lowers the conditions of one query.

    Attributes:
        literals: Reads the values.
        extended: Whether rewrites are allowed that are exact only for a single number or time.
        notes: What was rewritten so, in sentences.
    """

    literals: Literals
    extended: bool = False
    notes: list[str] = field(default_factory=list)
    _leaves: int = 0

    def expression(self, condition: Condition) -> SearchExpression:
        """The expression that finds what the condition says.

        Raises:
            Refusal: The API has no way to say it.
            LimitExceededError: More conditions than any expression can hold.
        """
        return _assembled(self._lower(condition, negated=False))

    def _lower(self, condition: Condition, *, negated: bool) -> Term:
        match condition:
            case Not(inner):
                return self._lower(inner, negated=not negated)
            case Junction(operator, terms):
                lowered = tuple(self._lower(term, negated=negated) for term in terms)
                return Terms(flipped(operator) if negated else operator, lowered)
            case Element():
                return self._element(condition, negated=negated)
            case _:
                self._count(condition.name)
                return self._predicate(condition, negated=negated)

    def _count(self, name: Name) -> None:
        """Stops at once where a text holds more conditions than can ever pass (row E2)."""
        self._leaves += 1
        if self._leaves > limits.CONDITIONS_MAX:
            raise TooMuch(name.at, f"The query holds more than {limits.CONDITIONS_MAX} conditions.")

    def _predicate(
        self, condition: Comparison | Between | Like | OneOf | OneOfList | Presence, *, negated: bool
    ) -> Term:
        match condition:
            case Presence(name):
                return Filter(name.text, Operator.NOT_EXISTS if negated else Operator.EXISTS)
            case Comparison():
                return self._comparison(condition, negated=negated)
            case Between():
                return self._between(condition, negated=negated)
            case Like():
                return self._like(condition, negated=negated)
            case OneOf(name, values):
                return membership.of_items(name, self.literals.texts(values), negated=negated)
            case OneOfList():
                return self._one_of_list(condition, negated=negated)

    def _comparison(self, comparison: Comparison, *, negated: bool) -> Term:
        name, operator = comparison.name, comparison.operator
        value = self.literals.text(comparison.value)
        if not negated:
            return Filter(name.text, operator, value)
        if operator in _COMPLEMENT:
            return Filter(name.text, _COMPLEMENT[operator], value)
        if operator is Operator.CONTAINS:
            refuse_not_contains(name.text, name.at)
        return self._outside(name, [Filter(name.text, _OPPOSITE[operator], value)])

    def _between(self, between: Between, *, negated: bool) -> Term:
        name = between.name
        low, high = self.literals.text(between.low), self.literals.text(between.high)
        if negated:
            below = Filter(name.text, Operator.LESS_THAN, low)
            return self._outside(name, [below, Filter(name.text, Operator.GREATER_THAN, high)])
        at_least = Filter(name.text, Operator.GREATER_THAN_OR_EQUAL_TO, low)
        at_most = Filter(name.text, Operator.LESS_THAN_OR_EQUAL_TO, high)
        return Terms(BooleanOperator.AND, (at_least, at_most), loose=True)

    def _one_of_list(self, one_of: OneOfList, *, negated: bool) -> Term:
        name, values = one_of.name, one_of.values
        if self.literals.is_list(values):
            return membership.of_items(name, self.literals.texts((values,)), negated=negated)
        return membership.of_notation(name, values, self.literals.text(values), negated=negated)

    def _outside(self, name: Name, opposites: list[Filter]) -> Term:
        """The complement of an order comparison: its opposite, or no value at all."""
        shown = shown_name(name.text)
        if not self.extended:
            instead = shortened(" OR ".join(map(format_filter, opposites)))
            raise Refusal(
                name.at,
                f"The API has no complement of an order comparison: where {shown} is absent, its opposite does not "
                "hold either.",
                f"Write {instead}, with OR {shown} NOT EXISTS if absent counts too.",
            )
        note = (
            f"NOT of an order comparison on {shown} was read as the opposite comparison or absence: exact for a "
            "single number or time, but for NaN."
        )
        if note not in self.notes:
            self.notes.append(note)
        absent = Filter(name.text, Operator.NOT_EXISTS)
        return Terms(BooleanOperator.OR, (*opposites, absent), loose=True)

    def _like(self, like: Like, *, negated: bool) -> Term:
        """`'%x%'` is Contains, a pattern without wildcards Equals; the API has nothing for any other."""
        name, pattern = like.name, self.literals.text(like.pattern)
        middle = pattern[1:-1] if len(pattern) > 1 and pattern[0] == pattern[-1] == _WILDCARD else None
        if pattern.strip(_WILDCARD) == "":
            raise Refusal(like.pattern.at, "This pattern asks for nothing.", f"Write {shown_name(name.text)} EXISTS.")
        if _WILDCARD in (pattern if middle is None else middle):
            _refuse_pattern(like, "The API can look for text anywhere in a value, or for the whole value")
        if "_" in pattern:
            _refuse_pattern(like, "In a pattern '_' is any one character, which the API cannot look for")
        if middle is not None:
            if negated:
                refuse_not_contains(name.text, name.at)
            return Filter(name.text, Operator.CONTAINS, middle)
        if is_number_like(pattern):
            membership.refuse_number(name, pattern, "LIKE")
        return Filter(name.text, Operator.NOT_EQUALS if negated else Operator.EQUALS, pattern)

    def _element(self, element: Element, *, negated: bool) -> Term:
        name = element.container
        if negated:
            raise Refusal(
                name.at,
                f"The API cannot say that no element of {shown_name(name.text)} satisfies this.",
                "Put NOT inside the brackets if some element is to fail it.",
            )
        inner = self._lower_inside(element)
        return elements.any_element(name, inner)

    def _lower_inside(self, element: Element) -> Term:
        lowered = self._lower(element.condition, negated=False)
        if _holds_nested(lowered):
            raise Refusal(element.container.at, "The API has no NestedFilters inside NestedFilters.")
        return lowered


def _refuse_pattern(like: Like, reason: str) -> NoReturn:
    raise Refusal(
        like.pattern.at, f"{reason}.", f"Write {shown_name(like.name.text)} CONTAINS 'text', or LIKE '%text%'."
    )


def _holds_nested(term: Term) -> bool:
    match term:
        case NestedFilters():
            return True
        case Terms(_, terms):
            return any(map(_holds_nested, terms))
        case _:
            return False


def _assembled(term: Term) -> SearchExpression:
    """A term in the API's shape: each kind of condition in its own list."""
    filters: list[Filter] = []
    nested: list[NestedFilters] = []
    children: list[SearchExpression] = []
    operator = term.operator if isinstance(term, Terms) else BooleanOperator.AND
    for part in term.spliced() if isinstance(term, Terms) else (term,):
        match part:
            case Filter():
                filters.append(part)
            case NestedFilters():
                nested.append(part)
            case Terms():
                children.append(_assembled(part))
    return joined(operator, filters, nested, children)
