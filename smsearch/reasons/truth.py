"""A query as a truth tree over one record: what each condition asked, what the record has, and whether it holds.

The tree follows the expression as it was said, not the predicate, so that a reader finds back what they wrote. Every
verdict is the reference's.
"""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from smsearch.frozen import frozen, replace
from smsearch.live import reference
from smsearch.predicate.bound import (
    Bound,
    BoundElement,
    BoundExpression,
    BoundFilter,
    BoundLike,
    BoundNested,
    BoundNot,
    BoundPair,
)
from smsearch.reasons.value_trace import ValueTrace, trace_side, trace_value
from smsearch.schema import read
from smsearch.syntax.names import short_name
from smsearch.syntax.text.formatter import format as format_text
from smsearch.syntax.text.formatter import format_filter


class Junction(StrEnum):
    """How the parts of a node make its verdict."""

    ALL = "all of"
    ANY = "any of"
    ELEMENT = "one element"
    """The parts are the elements of a list, each of which is all of its conditions."""
    NOT = "not"
    """The complement of the only part."""
    NONE = ""
    """A condition, which has no parts."""


@frozen
class Truth:
    """A node of the tree.

    Attributes:
        text: The node in the text language; of an element, its place such as `InputDataConfig[0]`.
        holds: Whether it holds for the record.
        junction: How its parts make its verdict.
        parts: Its conditions, or the elements of its list.
        values: What the record has of a condition's property; `()` if it is absent, or for a node with parts.
        label: What an element calls itself (its ChannelName, Key ...), or `""`.
    """

    text: str
    holds: bool
    junction: Junction = Junction.NONE
    parts: tuple[Truth, ...] = ()
    values: tuple[ValueTrace, ...] = ()
    label: str = ""


def truth(bound: Bound, document: object) -> Truth:
    """The tree of a bound node over a record; an expression without conditions always holds."""
    match bound:
        case BoundFilter() | BoundLike():
            return _condition(bound, format_text(bound.expression), document)
        case BoundPair():
            return _pair(bound, document)
        case BoundNested():
            return _nested(bound, document)
        case BoundElement():
            return _element(bound, document)
        case BoundNot(expression, condition):
            inner = truth(condition, document)
            return Truth(format_text(expression), not inner.holds, Junction.NOT, (inner,))
        case BoundExpression(expression, conditions):
            truths = tuple(truth(condition, document) for condition in conditions)
            if len(truths) == 1:
                return truths[0]
            text = format_text(expression) if truths else ""
            if bound.is_any:
                return Truth(text, any(inner.holds for inner in truths), Junction.ANY, truths)
            return Truth(text, all(inner.holds for inner in truths), Junction.ALL, truths)
    assert_never(bound)


def _nested(bound: BoundNested, document: object) -> Truth:
    name = bound.nested.nested_property_name
    texts = [format_filter(replace(one.filter, name=short_name(name, one.filter.name))) for one in bound.filters]
    elements = []
    for places, element in read.located_values(document, bound.container.steps):
        leaves = tuple(_condition(one, text, element) for one, text in zip(bound.filters, texts, strict=True))
        place = placed(bound.container.name, places)
        holds = all(leaf.holds for leaf in leaves)
        elements.append(Truth(place, holds, Junction.ALL, leaves, label=label_of(element)))
    text = format_text(bound.expression)
    return Truth(text, any(element.holds for element in elements), Junction.ELEMENT, tuple(elements))


def _element(bound: BoundElement, document: object) -> Truth:
    elements = []
    for places, element in read.located_values(document, bound.container.steps):
        inner = truth(bound.condition, element)
        parts = inner.parts if inner.junction is Junction.ALL else (inner,)
        label = label_of(element)
        elements.append(Truth(placed(bound.container.name, places), inner.holds, Junction.ALL, parts, label=label))
    text = format_text(bound.expression)
    return Truth(text, any(element.holds for element in elements), Junction.ELEMENT, tuple(elements))


def _condition(bound: BoundFilter | BoundLike, text: str, document: object) -> Truth:
    """A condition over a record, or over an element of a list."""
    located = read.located_values(document, bound.match.property.steps)
    values = tuple(trace_value(raw, places, bound.match) for places, raw in located)
    return Truth(text, reference.holds(bound.predicate, document), values=values)


def _pair(bound: BoundPair, document: object) -> Truth:
    """A comparison of two properties: what the record has of each."""
    holds = reference.holds(bound.match, document)
    located = (
        (prop, places, raw)
        for prop in (bound.match.left, bound.match.right)
        for places, raw in read.located_values(document, prop.steps)
    )
    values = tuple(trace_side(raw, places, prop, passes=holds) for prop, places, raw in located)
    return Truth(format_text(bound.expression), reference.holds(bound.predicate, document), values=values)


def placed(name: str, places: tuple[int, ...]) -> str:
    """A list's name with the place of one of its elements."""
    return f"{name}{''.join(f'[{place}]' for place in places)}"


def label_of(element: object) -> str:
    """What an element of a list calls itself: its Key, or its first member that is a name; else `""`."""
    member = name_member(element)
    return str(element[member]) if member and isinstance(element, dict) else ""


def name_member(element: object) -> str:
    """The member that an element of a list calls itself by, or `""`."""
    if not isinstance(element, dict):
        return ""
    names = ("Key", "Name", *sorted(member for member in element if member.endswith("Name")))
    return next((name for name in names if isinstance(element.get(name), str) and element[name]), "")
