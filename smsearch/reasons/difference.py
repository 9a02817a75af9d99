"""What two records differ in: flattened along their shapes to property paths, elements told apart by their names.

A number is a number however it is spelled, a time a moment; the user's own texts differ by a letter. It knows no query.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smsearch.reasons.truth import name_member
from smsearch.reasons.value_trace import spelling
from smsearch.schema import catalogue, value_kinds, values
from smsearch.schema.catalogue import Scalar
from smsearch.schema.families import family_of, metrics_alias
from smsearch.schema.values import SpelledNumber, Unreadable
from smsearch.schema.walk import element_of, member_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.schema.catalogue import Shape
    from smsearch.schema.families import Family
    from smsearch.schema.record import Record
    from smsearch.schema.value_kinds import Kind


@dataclass(frozen=True, slots=True)
class Change:
    """A property in which two records differ.

    Attributes:
        path: `HyperParameters.lr`, `Tags.team`, `InputDataConfig[train].ContentType`, or `Name[0]` for an element
            without a name of its own.
        left: What the left record has, as JSON with times in ISO 8601; None if it is absent.
        right: What the right record has.
        kind: How such values compare.
    """

    path: str
    left: Any
    right: Any
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A value at the end of a path, and how it compares."""

    raw: object
    kind: Kind

    @property
    def comparable(self) -> object:
        """Equal for values that mean the same."""
        read_as = self.kind.read(self.raw)
        if isinstance(read_as, Unreadable):
            return (type(self.raw).__name__, spelling(self.raw), str(self.raw))
        return (isinstance(read_as, bool), read_as.number if isinstance(read_as, SpelledNumber) else read_as)

    @property
    def shown(self) -> object:
        """The value for people and JSON: a time as ISO 8601, all else as it is."""
        if self.kind.is_time:
            micros = values.timestamp_of(self.raw)
            return self.raw if isinstance(micros, Unreadable) else values.iso_of(micros)
        return self.raw


def changes(left: Record, right: Record) -> tuple[Change, ...]:
    """The properties in which two records differ, in the order of the left one's document, then the right one's."""
    flat_left, flat_right = _aligned(left, right)
    differences = []
    for path in dict.fromkeys((*flat_left, *flat_right)):
        one, other = flat_left.get(path), flat_right.get(path)
        if one is not None and other is not None and one.comparable == other.comparable:
            continue
        kind = (one or other or _Leaf(None, value_kinds.TEXT)).kind
        differences.append(Change(path, one and one.shown, other and other.shown, kind))
    return tuple(differences)


def _aligned(left: Record, right: Record) -> tuple[dict[str, _Leaf], dict[str, _Leaf]]:
    """Both records flat; a list whose elements have no names of their own in one of them goes by places in both."""
    by_place: frozenset[str] = frozenset()
    while True:
        flatteners = (_Flattener(by_place), _Flattener(by_place))
        flat = [one.flat(record) for one, record in zip(flatteners, (left, right), strict=True)]
        unnamed = by_place.union(*(one.unnamed for one in flatteners))
        if unnamed == by_place:
            return flat[0], flat[1]
        by_place = unnamed


class _Flattener:
    """Walks down a document along its shapes, to each value that is there.

    Attributes:
        unnamed: Paths of lists whose elements went by their places.
    """

    def __init__(self, by_place: frozenset[str]) -> None:
        self._by_place = by_place
        self.unnamed: set[str] = set()

    def flat(self, record: Record) -> dict[str, _Leaf]:
        """The values by path."""
        flat: dict[str, _Leaf] = {}
        for path, leaf in self._leaves(record.document, catalogue.resource(record.resource).root, ""):
            flat.setdefault(path, leaf)
        return flat

    def _leaves(self, current: object, reached: Shape | None, path: str) -> Iterator[tuple[str, _Leaf]]:
        """The values below a place; what the service model does not know is walked all the same."""
        if not values.is_present(current):
            return
        if isinstance(current, dict) and not isinstance(reached, Scalar):
            for name, value in current.items():
                yield from self._leaves(value, member_of(reached, name), f"{path}.{name}" if path else name)
        elif isinstance(current, list):
            yield from self._elements(current, reached, path)
        else:
            yield path, _Leaf(current, reached.kind if isinstance(reached, Scalar) else value_kinds.UNKNOWN)

    def _elements(self, elements: list[object], reached: Shape | None, path: str) -> Iterator[tuple[str, _Leaf]]:
        """Of a family's list the user's keys; else elements by their own names, or by their places."""
        element = element_of(reached)
        family = family_of(element)
        member = family.key if family else name_member(next((one for one in elements if isinstance(one, dict)), None))
        if not member or path in self._by_place or not _distinct(elements, member):
            self.unnamed.add(path)
            for place, one in enumerate(elements):
                yield from self._leaves(one, element, f"{path}[{place}]")
            return
        for one in elements:
            if not isinstance(one, dict):  # pragma: no cover - `_distinct` has seen them all
                continue
            if family is not None:
                yield from self._pair(one, element, family, metrics_alias(path))
            else:
                yield from self._leaves(one, element, f"{path}[{one[member]}]")

    def _pair(
        self, pair: dict[str, object], element: Shape | None, family: Family, path: str
    ) -> Iterator[tuple[str, _Leaf]]:
        """A pair's value under its key's name, and its other members below that."""
        name = f"{path}.{pair[family.key]}"
        for member, value in pair.items():
            if member != family.key:
                below = name if member in family.value and not family.suffixes else f"{name}.{member}"
                yield from self._leaves(value, member_of(element, member), below)


def _distinct(elements: list[object], member: str) -> bool:
    """Whether every element has a name of its own in a member."""
    names = [one.get(member) for one in elements if isinstance(one, dict)]
    texts = {name for name in names if isinstance(name, str) and name}
    return len(texts) == len(elements)
