"""One element satisfies all (row E5): a condition in brackets as NestedFilters.

NestedFilters can say And only. That some element satisfies `a or b` is that some element satisfies `a`, or some
element satisfies `b`, so an Or inside becomes an Or of NestedFilters, exactly.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from smsearch import limits
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters
from smsearch.syntax.names import full_name
from smsearch.syntax.text.errors import TooMuch
from smsearch.syntax.text.terms import Terms, loosely

if TYPE_CHECKING:
    from smsearch.syntax.text.terms import Term
    from smsearch.syntax.text.tree import Name

Alternative = tuple[Filter, ...]
"""Filters that one element must satisfy together."""


def any_element(container: Name, condition: Term) -> Term:
    """That some element of the list satisfies the condition, names inside it made full.

    Raises:
        TooMuch: The alternatives, or the filters of one, are more than the API takes.
    """
    return loosely(
        BooleanOperator.OR,
        [
            NestedFilters(
                container.text,
                tuple(replace(part, name=full_name(container.text, part.name)) for part in alternative),
            )
            for alternative in _alternatives(condition, container)
        ],
    )


def _alternatives(term: Term, container: Name) -> list[Alternative]:
    """The disjunctive normal form, in the order of the text."""
    match term:
        case Filter():
            return [(term,)]
        case Terms(operator, terms):
            parts = [_alternatives(part, container) for part in terms]
            if operator is BooleanOperator.OR:
                found = [alternative for part in parts for alternative in part]
            else:
                _check(prod(map(len, parts)), container)  # before it is written out
                found = [sum(chosen, ()) for chosen in product(*parts)]
            _check(len(found), container)
            _check_filters(found, container)
            return found
        case NestedFilters():  # pragma: no cover - refused by the caller, with a better reason
            raise AssertionError(term)


def _check(count: int, container: Name) -> None:
    if 2 * count > limits.CONDITIONS_MAX and count > 1:  # each is a condition, and holds at least one
        raise TooMuch(
            container.at,
            f"The OR inside these brackets makes {count:,} NestedFilters.",
            f"An expression holds at most {limits.CONDITIONS_MAX} conditions in all.",
        )


def _check_filters(found: list[Alternative], container: Name) -> None:
    longest = max(map(len, found))
    if longest > limits.LIST_LENGTH_MAX:
        raise TooMuch(
            container.at,
            f"One element would have to satisfy {longest} filters.",
            f"The API takes at most {limits.LIST_LENGTH_MAX} in a NestedFilters.",
        )
