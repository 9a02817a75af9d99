"""A query as a truth tree over one record: what each condition asked, what the record has, and whether it holds.

The tree follows the expression as it was said, not the predicate, so that a reader finds back what they wrote. Every
verdict is the reference's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from smsearch.live import reference
from smsearch.predicate import bind
from smsearch.predicate.predicate import AnyElement, Match, Not
from smsearch.reasons.seen import Seen, seen
from smsearch.schema import read
from smsearch.syntax.ast import BooleanOperator, SearchExpression
from smsearch.syntax.names import short_name
from smsearch.syntax.text.formatter import format as format_text
from smsearch.syntax.text.formatter import format_filter

if TYPE_CHECKING:
    from smsearch.policy import Policy
    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.names import Schema
    from smsearch.syntax.ast import Filter, NestedFilters


class Junction(StrEnum):
    """How the parts of a node make its verdict."""

    ALL = "all of"
    ANY = "any of"
    ELEMENT = "one element"
    """The parts are the elements of a list, each of which is all of its conditions."""
    NONE = ""
    """A condition, which has no parts."""


@dataclass(frozen=True, slots=True)
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
    values: tuple[Seen, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges expressions of one schema."""

    schema: Schema
    policy: Policy

    def truth(self, expression: SearchExpression | None, document: object) -> Truth:
        """The tree of an expression that binds; without one, an empty conjunction, which always holds."""
        said = expression or SearchExpression()
        parts = [self._condition(condition, document) for condition in said.filters]
        parts += [self._nested(nested, document) for nested in said.nested_filters]
        parts += [self.truth(child, document) for child in said.sub_expressions]
        if len(parts) == 1:
            return parts[0]
        if said.operator is BooleanOperator.OR and parts:
            return Truth(format_text(said), any(part.holds for part in parts), Junction.ANY, tuple(parts))
        text = format_text(said) if parts else ""
        return Truth(text, all(part.holds for part in parts), Junction.ALL, tuple(parts))

    def _condition(self, condition: Filter, document: object) -> Truth:
        bound = bind.bind(SearchExpression((condition,)), self.schema, self.policy)
        return _leaf(format_filter(condition), bound, document)

    def _nested(self, nested: NestedFilters, document: object) -> Truth:
        container = self.schema.list_property(nested.nested_property_name)
        bound = [self._within(nested, condition) for condition in nested.filters]
        name = nested.nested_property_name
        texts = [
            format_filter(replace(condition, name=short_name(name, condition.name))) for condition in nested.filters
        ]
        elements = []
        for places, element in read.located_values(document, container.steps):
            leaves = tuple(_leaf(text, term, element) for text, term in zip(texts, bound, strict=True))
            place = placed(container.name, places)
            holds = all(leaf.holds for leaf in leaves)
            elements.append(Truth(place, holds, Junction.ALL, leaves, label=label_of(element)))
        text = format_text(SearchExpression(nested_filters=(nested,)))
        return Truth(text, any(element.holds for element in elements), Junction.ELEMENT, tuple(elements))

    def _within(self, nested: NestedFilters, condition: Filter) -> Predicate:
        """One condition on an element, as `bind` has it."""
        alone = replace(nested, filters=(condition,))
        bound = bind.bind(SearchExpression(nested_filters=(alone,)), self.schema, self.policy)
        if not isinstance(bound, AnyElement):  # pragma: no cover - what NestedFilters are bound to
            raise TypeError(bound)
        return bound.term


def _leaf(text: str, bound: Predicate, document: object) -> Truth:
    positive = bound.term if isinstance(bound, Not) else bound
    if not isinstance(positive, Match):  # pragma: no cover - what a filter is bound to
        raise TypeError(bound)
    found = read.located_values(document, positive.property.steps)
    values = tuple(seen(raw, places, positive) for places, raw in found)
    return Truth(text, reference.holds(bound, document), values=values)


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
