"""Documents as columns of an archive: every value parsed once, so that no engine has to.

A shape has a builder, which gathers the values of many rows and makes one Arrow array of them. The values of a place
are gathered as codes, and each distinct one is parsed once; what it means is said by `schema/values.py`, as everywhere.
A row is a *slot* of its builder, an element of a list a slot of the list's own. It knows no file and no identity.

Two rows `{"A":"x","B":[1,2]}` and `{"A":"x"}` are one cell of `A` with the codes 0 and 0 at the slots 0 and 1, and a
list of two slots at the slot 0.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import pyarrow as pa

from smsearch.archive.layout import BY_KEY, EXTRA_KIND, cell, extra_key, family_type, fields_of, target_name, type_of
from smsearch.schema import values
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, shape
from smsearch.schema.decimal_key import decimal_key
from smsearch.schema.families import entry_kind, keyed_family, pairs_of, targets
from smsearch.schema.values import SpelledNumber

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from numpy.typing import NDArray

    from smsearch.schema.catalogue import Resource, Shape
    from smsearch.schema.families import Family
    from smsearch.schema.value_kinds import Kind
    from smsearch.schema.values import Value


class _Builder(Protocol):
    """Gathers the values of a place."""

    def add(self, raw: Any, slot: int) -> bool:  # noqa: ANN401 - any JSON value
        """Takes the value of a slot, which comes after those before; returns whether anything is there."""

    def finish(self, count: int) -> pa.Array:
        """The values of so many slots, which the builder forgets; null where nothing is there."""


class Columns:
    """The columns of a resource's members, and of the fields that the service model does not know.

    Args:
        resource: What the rows are.
        without: Members that are left out, since the caller has their columns.
    """

    def __init__(self, resource: Resource, without: Collection[str] = ()) -> None:
        self._resource = resource
        self._without = without
        self._root = _StructureBuilder(resource.root)
        self._extras = _MapBuilder(_CellBuilder(EXTRA_KIND), pa.map_(pa.string(), cell(EXTRA_KIND)))
        self._count = 0

    def add(self, document: dict[str, Any]) -> None:
        """Takes the next row."""
        without = self._without
        members = {name: value for name, value in document.items() if name not in without} if without else document
        self._root.add(members, self._count)
        self._extras.add_pairs(_unknown(document, self._resource.root, ()), self._count)
        self._count += 1

    def finish(self) -> tuple[dict[str, pa.Array], pa.Array]:
        """The members by the names of their columns, and the unknown fields; the rows are forgotten."""
        count, self._count = self._count, 0
        return self._root.finish_members(count), self._extras.finish(count)


def _unknown(current: Any, reached: Shape | None, path: tuple[str, ...]) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any JSON value
    """The fields that the service model does not know, by key, through structures and not through lists."""
    if reached is None:
        yield extra_key(path), current
    if current.__class__ is dict and isinstance(reached, Structure | None):
        for name, value in current.items():
            if reached is None or name not in reached.members:
                yield from _unknown(value, None, (*path, name))
            elif value.__class__ is dict:
                yield from _unknown(value, reached.member(name), (*path, name))


def _builder(reached: Shape) -> _Builder:
    match reached:
        case Scalar(kind):
            return _CellBuilder(kind)
        case Structure():
            return _StructureBuilder(reached)
        case ListOf(element):
            return _ListBuilder(_builder(shape(element)), type_of(reached))
        case MapOf():
            return _MapBuilder(_entry(reached), type_of(reached))


def _entry(reached: MapOf) -> _Builder:
    kind, value = entry_kind(reached), shape(reached.value)
    if kind is not None:
        return _CellBuilder(kind)
    family = keyed_family(value)
    return _FamilyBuilder(value, family) if family is not None and isinstance(value, Structure) else _builder(value)


class _CellBuilder:
    """Plain values; one that cannot be read is there without a value."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._clear()

    def _clear(self) -> None:
        self._slots: list[int] = []
        self._codes: list[int] = []
        self._code_of: dict[Any, int] = {}
        self._values: list[Value] = []

    def add(self, raw: Any, slot: int) -> bool:  # noqa: ANN401 - any JSON value
        """As `_Builder.add`."""
        key: Any
        if raw.__class__ is str:
            key = raw
        elif raw is None or (raw.__class__ in (dict, list) and not values.is_present(raw)):
            return False
        elif raw.__class__ is float:
            key = repr(raw), float  # 0.0 and -0.0 are equal
        else:
            key = raw.__class__, raw if raw.__class__ is int or raw.__class__ is bool else repr(raw)  # 1 and True are
        code = self._code_of.get(key)
        if code is None:
            code = self._code_of[key] = len(self._values)
            self._values.append(self._kind.read(raw))
        self._slots.append(slot)
        self._codes.append(code)
        return True

    def finish(self, count: int) -> pa.Array:
        """As `_Builder.finish`."""
        places = np.full(count, len(self._values), np.int64)
        places[self._slots] = self._codes
        cells, absent = cells_of(self._kind, self._values), places == len(self._values)
        self._clear()
        return cells.take(pa.array(places, mask=absent))


class _StructureBuilder:
    """Members by name; a list of pairs is gathered by key too."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self._type = type_of(structure)
        self._members: dict[str, tuple[_Builder, ...]] = {}
        self._slots: list[int] = []

    def _builders(self, name: str) -> tuple[_Builder, ...]:
        """The builders of a member; made when it is first met, since few of those that could be there are."""
        if name not in self._members:
            reached = self._structure.member(name) if name in self._structure.members else None
            keyed = None if reached is None else pairs_of(reached)
            own = () if reached is None else (_builder(reached),)
            self._members[name] = own if keyed is None else (*own, _PairsBuilder(*keyed))
        return self._members[name]

    def add(self, raw: Any, slot: int) -> bool:  # noqa: ANN401 - any JSON value
        """As `_Builder.add`."""
        if raw.__class__ is not dict:
            is_there = values.is_present(raw)
        else:
            is_there = False
            for name, value in raw.items():
                for builder in self._members.get(name) or self._builders(name):
                    is_there |= builder.add(value, slot)
            is_there = is_there or values.is_present(raw)
        if is_there:
            self._slots.append(slot)
        return is_there

    def finish_members(self, count: int) -> dict[str, pa.Array]:
        """The members of so many slots by the names of their columns; those that were not met are left out."""
        self._slots.clear()
        return {
            name + ending: builder.finish(count)
            for name, builders in self._members.items()
            for ending, builder in zip(("", BY_KEY), builders, strict=False)
        }

    def finish(self, count: int) -> pa.Array:
        """As `_Builder.finish`."""
        absent = _absent(self._slots, count)
        members = self.finish_members(count)
        return structures_of(members, self._type, absent)


class _FamilyBuilder:
    """The members that may be named after a user's key: of each group of them the first that is there."""

    def __init__(self, structure: Structure, family: Family) -> None:
        every = targets(structure, family)
        self._groups = [(target_name(names), names, _CellBuilder(kind)) for names, kind in every.items()]
        self.type = family_type(structure, family)
        self._slots: list[int] = []

    def add(self, raw: Any, slot: int) -> bool:  # noqa: ANN401 - any JSON value
        """As `_Builder.add`."""
        is_there = False
        if raw.__class__ is dict:
            for _, names, cells in self._groups:
                is_there |= any(cells.add(raw.get(name), slot) for name in names)
        if is_there or values.is_present(raw):
            self._slots.append(slot)
            return True
        return False

    def finish(self, count: int) -> pa.Array:
        """As `_Builder.finish`."""
        absent = _absent(self._slots, count)
        self._slots.clear()
        return structures_of({name: cells.finish(count) for name, _, cells in self._groups}, self.type, absent)


class _Spans:
    """How many elements each slot of a list or a map has."""

    def __init__(self) -> None:
        self._slots: list[int] = []
        self._lengths: list[int] = []

    def add(self, slot: int, length: int) -> None:
        """Takes a slot that has a list, perhaps an empty one; it comes after those before."""
        self._slots.append(slot)
        self._lengths.append(length)

    def finish(self, count: int) -> pa.Array:
        """Where the elements of each of so many slots begin, and the end; null for one without a list. They go."""
        bounds = np.zeros(count + 1, np.int32)
        places = np.array(self._slots, np.int64)
        bounds[places + 1] = self._lengths
        np.cumsum(bounds, out=bounds)
        is_null: NDArray[np.bool_] = np.ones(count + 1, np.bool_)
        is_null[places] = False
        is_null[count] = False
        self._slots.clear()
        self._lengths.clear()
        return pa.array(bounds, mask=is_null)


class _ListBuilder:
    """Lists, whose elements are slots of their own."""

    def __init__(self, element: _Builder, type_: pa.DataType) -> None:
        self._element = element
        self._type = type_
        self._spans = _Spans()
        self._elements = 0

    def add(self, raw: Any, slot: int) -> bool:  # noqa: ANN401 - any JSON value
        """As `_Builder.add`."""
        before = self._elements
        if raw.__class__ is list:
            for element in raw:
                self._elements += self._element.add(element, self._elements)
            if before == self._elements:
                return False
        elif not values.is_present(raw):
            return False
        self._spans.add(slot, self._elements - before)
        return True

    def finish(self, count: int) -> pa.Array:
        """As `_Builder.finish`."""
        elements, self._elements = self._element.finish(self._elements), 0
        return pa.ListArray.from_arrays(self._spans.finish(count), elements, type=self._type)


class _MapBuilder:
    """Maps from the user's own keys, whose entries are slots of their own."""

    def __init__(self, entry: _Builder, type_: pa.DataType) -> None:
        self._entry = entry
        self._type = type_
        self._spans = _Spans()
        self._keys: list[str] = []

    def add(self, raw: Any, slot: int) -> bool:  # noqa: ANN401 - any JSON value
        """As `_Builder.add`."""
        if raw.__class__ is dict:
            return self.add_pairs(raw.items(), slot)
        if not values.is_present(raw):
            return False
        self._spans.add(slot, 0)
        return True

    def add_pairs(self, pairs: Iterable[tuple[str, Any]], slot: int) -> bool:
        """Takes the entries of a slot, as `add`; they stand in the order of their keys."""
        before = len(self._keys)
        for key, value in sorted(pairs, key=itemgetter(0)):
            if self._entry.add(value, len(self._keys)):
                self._keys.append(key)
        if before == len(self._keys):
            return False
        self._spans.add(slot, len(self._keys) - before)
        return True

    def finish(self, count: int) -> pa.Array:
        """As `_Builder.finish`."""
        entries, keys = self._entry.finish(len(self._keys)), pa.array(self._keys, pa.string())
        self._keys = []
        return pa.MapArray.from_arrays(self._spans.finish(count), keys, entries, type=self._type)


class _PairsBuilder(_MapBuilder):
    """A list of pairs by key: of each key the newest pair, else the last (row F16)."""

    def __init__(self, structure: Structure, family: Family) -> None:
        entry = _FamilyBuilder(structure, family)
        super().__init__(entry, pa.map_(pa.string(), entry.type))
        self._family = family

    def add(self, raw: Any, slot: int) -> bool:  # noqa: ANN401 - any JSON value
        """As `_Builder.add`."""
        if raw.__class__ is not list:
            return False
        family = self._family
        last: dict[str, tuple[float, Any]] = {}
        for pair in raw:
            key = pair.get(family.key) if pair.__class__ is dict else None
            if key.__class__ is str:
                time = values.timestamp_of(pair.get(family.latest_by)) if family.latest_by else None
                place = time if isinstance(time, int) else float("-inf")
                if key not in last or place >= last[key][0]:
                    last[key] = (place, pair)  # pyright: ignore[reportArgumentType]
        return self.add_pairs(((key, pair) for key, (_, pair) in last.items()), slot)


def _absent(slots: list[int], count: int) -> pa.Array:
    """Which of so many slots are none of some."""
    absent = np.ones(count, np.bool_)
    absent[slots] = False
    return pa.array(absent)


def cells_of(kind: Kind, read: Sequence[Value]) -> pa.StructArray:
    """The cells of values of a kind; one that cannot be read is there without a value."""
    type_, fill = cell(kind), _FILLS[fields_of(kind)]
    fields = [type_.field(at) for at in range(type_.num_fields)]
    unreadable = (None,) * len(fields)
    cells = [unreadable if value is values.UNREADABLE else fill(value) for value in read]
    columns = zip(*cells, strict=True) if cells else [()] * len(fields)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, fields, strict=True)]
    return pa.StructArray.from_arrays(arrays, fields=fields)


def structures_of(members: Mapping[str, pa.Array], type_: pa.StructType, absent: pa.Array) -> pa.Array:
    """Structures of some members; the others are null."""
    count = len(absent)
    fields = [type_.field(at) for at in range(type_.num_fields)]
    arrays = [members[field.name] if field.name in members else pa.nulls(count, field.type) for field in fields]
    return pa.StructArray.from_arrays(arrays, fields=fields, mask=absent)


def _text_map(text: str) -> tuple[Any, ...]:
    number = values.parse_number(text)
    return (text, None) if number is None else (text, decimal_key(number))


def _hyperparameter(text: str) -> tuple[Any, ...]:
    number = values.parse_number(text)
    if number is None:
        return text, None, None
    return text, decimal_key(number), decimal_key(values.truncate(number))


def _text_or_number(value: str | SpelledNumber) -> tuple[Any, ...]:
    if isinstance(value, SpelledNumber):
        return value.spelling, decimal_key(value.number), True
    return *_text_map(value), False


def _number(value: Decimal) -> tuple[Any, ...]:
    return float(value), decimal_key(value)


def _plain(value: str | int) -> tuple[Any, ...]:
    return (value,)


_FILLS: Final[Mapping[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]] = {
    ("text",): _plain,
    ("text", "key"): _text_map,
    ("number", "key"): _number,
    ("time",): _plain,
    ("truth",): _plain,
    ("text", "key", "whole"): _hyperparameter,
    ("text", "key", "is_number"): _text_or_number,
}
"""The fields of the cell of a value that could be read, by their names."""
