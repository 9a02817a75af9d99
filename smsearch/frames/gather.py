"""Reads many properties out of a document in one walk.

Gives what `schema/read.py` gives for each of them alone, but visits only what the document has: of six hundred
columns that a dump has, a record has fifty. Knows steps and documents, no column and no type.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smsearch.schema import read, values
from smsearch.schema.property import Computed, EachMember, Elements, Entries, FirstMember, Member, Pair

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsearch.schema.property import Property, Step

Found = dict[int, list[object]]
"""Raw values by the place of their property; one that is absent has no entry."""


@dataclass(slots=True)
class _Node:
    """A place on the way to some properties, and the steps that go on from it.

    Attributes:
        ends: Places of the properties whose way ends here.
        members: Into members, by name.
        elements: Into each element of a list.
        pairs: Into pairs of a list, by key, for each way to find a key.
        firsts: Into the first member that is there, for each choice of members.
        each: Into each member that is there, for each choice of members.
        computed: Into what is computed of a record.
    """

    ends: list[int] = field(default_factory=list)
    members: dict[str, _Node] = field(default_factory=dict)
    elements: _Node | None = None
    pairs: dict[tuple[str, str], dict[str, _Node]] = field(default_factory=dict)
    firsts: dict[tuple[str, ...], _Node] = field(default_factory=dict)
    each: dict[tuple[str, ...], _Node] = field(default_factory=dict)
    computed: dict[Computed, _Node] = field(default_factory=dict)

    def after(self, step: Step) -> _Node:
        """The node behind a step, made if it is not there."""
        match step:
            case Member(name):
                return self.members.setdefault(name, _Node())
            case Elements():
                self.elements = self.elements or _Node()
                return self.elements
            case Pair(key_member, key, latest_by):
                return self.pairs.setdefault((key_member, latest_by), {}).setdefault(key, _Node())
            case FirstMember(names):
                return self.firsts.setdefault(names, _Node())
            case EachMember(names):
                return self.each.setdefault(names, _Node())
            case Computed():
                return self.computed.setdefault(step, _Node())
            case Entries():  # pragma: no cover - what Contains alone may ask, and no column is
                raise TypeError(step)


class Gatherer:
    """Called with a document, gives the raw values of its properties."""

    def __init__(self, properties: Sequence[Property]) -> None:
        self._root = _Node()
        for place, prop in enumerate(properties):
            node = self._root
            for step in prop.steps:
                node = node.after(step)
            node.ends.append(place)

    def __call__(self, document: object) -> Found:
        """The values that are there, by the place of their property; `read.raw_values` of each."""
        found: Found = {}
        _walk(self._root, document, found)
        return found


def _walk(node: _Node, current: object, found: Found) -> None:
    if node.ends and values.is_present(current):
        for place in node.ends:
            found.setdefault(place, []).append(current)
    if isinstance(current, dict):
        _walk_members(node, current, found)
    elif isinstance(current, list):
        if node.elements is not None:
            for element in current:
                _walk(node.elements, element, found)
        for way, by_key in node.pairs.items():
            _walk_pairs(way, by_key, current, found)


def _walk_members(node: _Node, members: dict[str, object], found: Found) -> None:
    for name in node.members.keys() & members.keys():
        _walk(node.members[name], members[name], found)
    for names, inner in node.firsts.items():
        first = next((members[name] for name in names if values.is_present(members.get(name))), None)
        if first is not None:
            _walk(inner, first, found)
    for names, inner in node.each.items():
        for name in names:
            if name in members:
                _walk(inner, members[name], found)
    for step, inner in node.computed.items():
        for value in read.raw_values(members, (step,)):
            _walk(inner, value, found)


def _walk_pairs(way: tuple[str, str], by_key: dict[str, _Node], pairs: list[object], found: Found) -> None:
    key_member, latest_by = way
    of_key: dict[str, list[object]] = {}
    for pair in pairs:
        key = pair.get(key_member) if isinstance(pair, dict) else None
        if isinstance(key, str) and key in by_key:
            of_key.setdefault(key, []).append(pair)
    for key, candidates in of_key.items():
        # Which of several pairs of a key counts is a rule (row F16), and it stands in `read.py`.
        one = len(candidates) == 1
        chosen = candidates if one else read.raw_values(candidates, (Pair(key_member, key, latest_by),))
        for pair in chosen:
            _walk(by_key[key], pair, found)


def first_members(columns: Iterable[Property]) -> frozenset[str] | None:
    """The members of a record that some properties are read from; None where they could be any."""
    steps = [one.steps[0] for prop in columns for one in prop.inputs or (prop,)]
    names = frozenset(step.name for step in steps if isinstance(step, Member))
    return names if all(isinstance(step, Member) for step in steps) else None
