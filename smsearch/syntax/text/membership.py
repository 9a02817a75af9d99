"""IN and NOT IN (row F11): one of several texts.

The API's In is one string with commas, in which no item can hold a comma or blanks at its ends, and it compares
text always. Equals compares a hyperparameter as a number where its Value is one (row F14), so the one can stand
for the other only where the Value is no number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from smsearch import limits
from smsearch.messages import shortened
from smsearch.syntax.ast import BooleanOperator, Filter, Operator
from smsearch.syntax.text.errors import Refusal, TooMuch
from smsearch.syntax.text.lexer import is_number_like, shown_name, written_value
from smsearch.syntax.text.terms import loosely
from smsearch.syntax.text.tree import Literal

if TYPE_CHECKING:
    from smsearch.syntax.text.terms import Term
    from smsearch.syntax.text.tree import Name, Value


def of_items(name: Name, items: list[str], *, negated: bool) -> Term:
    """`name IN (item, ...)`, or its complement.

    Raises:
        Refusal: An empty item, or one of which In and Equals would think differently.
    """
    if "" in items:
        raise Refusal(name.at, "An item of IN is empty.", "The API has no empty value.")
    if negated:
        return _none_of(name, items)
    together = [item for item in items if _can_be_item(item)]
    apart = [item for item in items if not _can_be_item(item)]
    for item in apart:
        if is_number_like(item):
            refuse_number(name, item, "IN")
    terms = [Filter(name.text, Operator.IN, value) for value in _packed(together)]
    terms += [Filter(name.text, Operator.EQUALS, item) for item in apart]
    return _together(name, BooleanOperator.OR, terms)


def of_notation(name: Name, written: Value, notation: str, *, negated: bool) -> Term:
    """`name IN 'a,b'`, the notation of the API, which may hold what its items could not.

    Raises:
        Refusal: A parameter: its commas would be taken for separators; or as for `of_items`.
    """
    if not isinstance(written, Literal):
        raise Refusal(
            written.at, "IN takes a list here.", "Put a single value in brackets; bind a list to a parameter."
        )
    if negated:
        return of_items(name, [item.strip() for item in notation.split(",")], negated=True)
    return Filter(name.text, Operator.IN, notation)


def refuse_number(name: Name, item: str, operator: str) -> NoReturn:
    """Refuses a rewrite between In and Equals of a Value that may compare as a number."""
    shown, value = shown_name(name.text), written_value(shortened(item))
    raise Refusal(
        name.at,
        f"{operator} compares text, but the API would compare {value} as a number where it can.",
        f"Write {shown} = {value} or {shown} != {value}, which compare numbers.",
    )


def _can_be_item(item: str) -> bool:
    """Whether the API's notation can hold it, and gives it back unchanged."""
    return "," not in item and item == item.strip()


def _together(name: Name, operator: BooleanOperator, terms: list[Filter]) -> Term:
    if len(terms) > limits.CONDITIONS_MAX:
        raise TooMuch(
            name.at,
            f"This IN takes {len(terms):,} filters.",
            f"An expression holds at most {limits.CONDITIONS_MAX} conditions in all.",
        )
    return loosely(operator, terms)


def _none_of(name: Name, items: list[str]) -> Term:
    """NotEquals is the complement of Equals (row F8), and for text In is any Equals."""
    for item in items:
        if is_number_like(item):
            refuse_number(name, item, "NOT IN")
    return _together(name, BooleanOperator.AND, [Filter(name.text, Operator.NOT_EQUALS, item) for item in items])


def _packed(items: list[str]) -> list[str]:
    """The items with commas between, in as few Values as their length allows."""
    values: list[str] = []
    for item in items:
        if values and len(values[-1]) + 1 + len(item) <= limits.VALUE_LENGTH_MAX:
            values[-1] = f"{values[-1]},{item}"
        else:
            values.append(item)
    return values
