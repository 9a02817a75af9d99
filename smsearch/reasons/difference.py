"""What records differ in: flattened along their shapes to property paths, elements told apart by their names.

A number is a number however it is spelled, a time a moment; the user's own texts differ by a letter. It knows no query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.frozen import frozen
from smsearch.reasons.truth import name_member
from smsearch.reasons.value_trace import spelling
from smsearch.schema import catalogue, value_kinds, values
from smsearch.schema.catalogue import Scalar
from smsearch.schema.families import family_of, metrics_alias
from smsearch.schema.values import SpelledNumber, Unreadable
from smsearch.schema.walk import element_of, member_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.schema.catalogue import Shape
    from smsearch.schema.families import Family
    from smsearch.schema.record import Record
    from smsearch.schema.value_kinds import Kind


@frozen
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


@frozen
class Difference:
    """A property in which several records differ.

    Attributes:
        path: As in `Change`.
        values: What each record has, in the records' order, as in `Change`.
        kind: How such values compare.
    """

    path: str
    values: tuple[Any, ...]
    kind: Kind


@frozen
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
    return tuple(Change(one.path, one.values[0], one.values[1], one.kind) for one in differences((left, right)))


def differences(records: Sequence[Record]) -> tuple[Difference, ...]:
    """The properties in which records differ, in the order of the first one's document, then of those that follow."""
    flat = _aligned(records)
    differing = []
    for path in dict.fromkeys(path for one in flat for path in one):
        leaves = [one.get(path) for one in flat]
        there = [leaf for leaf in leaves if leaf is not None]
        if len(there) == len(leaves) and len({leaf.comparable for leaf in there}) == 1:
            continue
        differing.append(Difference(path, tuple(leaf and leaf.shown for leaf in leaves), there[0].kind))
    return tuple(differing)


def _aligned(records: Sequence[Record]) -> list[dict[str, _Leaf]]:
    """The records flat; a list whose elements have no names of their own in one of them goes by places in all."""
    by_place: frozenset[str] = frozenset()
    while True:
        flatteners = [_Flattener(by_place) for _ in records]
        flat = [one.flat(record) for one, record in zip(flatteners, records, strict=True)]
        unnamed = by_place.union(*(one.unnamed for one in flatteners))
        if unnamed == by_place:
            return flat
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
