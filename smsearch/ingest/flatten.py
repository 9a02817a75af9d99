"""Takes documents apart into the raw values of columns, table by table.

One walk along the resource's shapes visits each member once; the handlers of a shape are made the first time it is met.
Times are read on the way and put back as the wire has them (`values.seconds_of`), so that the stored document can be
sent as it is. It does not sort, type or write anything: that is `store/dictionaries` and `build.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.schema import value_kinds, values
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, shape
from smsearch.schema.families import entry_kind, family_of, targets
from smsearch.schema.value_kinds import JsonType
from smsearch.store.address import LEVEL, PIECE, ROOT, escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from smsearch.schema.catalogue import Resource, Shape
    from smsearch.schema.families import Family
    from smsearch.schema.value_kinds import Kind

Handler = "Callable[[Any, int], bool]"
"""Stores what lies below a value for a row; says whether anything is there (row F5)."""

_NOT_PLAIN: Final = [0]
"""Stands in a column for a list or an object where a plain value is looked for: there, and not readable."""
_ATOMS: Final = frozenset({str, int, float, bool})
"""Types whose every value is there: most of what is flattened, and stored without a call."""


class Leaf:
    """The raw values of one column, in the order of their rows."""

    __slots__ = ("kind", "raws", "rows")

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.rows: list[int] = []
        self.raws: list[Any] = []


class Sink:
    """The columns of one table, and for a list's table the row of each element in the table above."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.leaves: dict[str, Leaf] = {}
        self.parents: list[int] = []

    def leaf(self, key: str, kind: Kind) -> Leaf:
        """The column of a key, made when it is first asked for."""
        if key not in self.leaves:
            self.leaves[key] = Leaf(kind)
        return self.leaves[key]

    def clear(self) -> None:
        """Forgets the values and keeps the columns, whose handlers hold them."""
        self.parents.clear()
        for leaf in self.leaves.values():
            leaf.rows.clear()
            leaf.raws.clear()


class Flattener:
    """Flattens the documents of one resource.

    Attributes:
        sinks: The tables by path, the records' own first.
        row_count: How many documents were flattened since the last `clear`.
        times: Texts that were read as times since then, in microseconds and as the wire has them: one ends where the
            next begins, so half of them come twice.
    """

    def __init__(self, resource: Resource) -> None:
        root = Sink(ROOT)
        self.sinks: dict[str, Sink] = {ROOT: root}
        self.row_count = 0
        self.times: dict[str, tuple[int, float | Decimal | str]] = {}
        self._root = _StructureHandler(self, root, "", resource.root)

    def add(self, document: dict[str, Any]) -> None:
        """Flattens a document; its readable times become what the wire has for them, in place.

        Args:
            document: As `Record.document`; the caller gives it up.
        """
        self._root.members(document, self.row_count)
        self.row_count += 1

    def clear(self) -> None:
        """Begins anew with the next document as row 0."""
        self.row_count = 0
        self.times.clear()
        for sink in self.sinks.values():
            sink.clear()

    def handler(self, sink: Sink, key: str, reached: Shape | None) -> Callable[[Any, int], bool]:
        """What stores the values of a shape under a key; None is a shape that the service model does not know."""
        match reached:
            case Scalar(kind):
                return _leaf_handler(sink.leaf(key, kind))
            case Structure():
                return _StructureHandler(self, sink, key, reached)
            case MapOf():
                return _MapHandler(self, sink, key, reached)
            case ListOf(element):
                return self._list_handler(sink, key, shape(element))
            case None:
                return _UnknownHandler(self, sink, key)

    def _list_handler(self, sink: Sink, key: str, element: Shape) -> Callable[[Any, int], bool]:
        path = f"{sink.path}{LEVEL}{key}" if sink.path else key
        below = self.sinks.setdefault(path, Sink(path))
        family = family_of(element) if isinstance(element, Structure) else None
        pairs = _PairsHandler(self, sink, key, element, family) if family and isinstance(element, Structure) else None
        presence = None if isinstance(element, Scalar) else _leaf_handler(sink.leaf(key, value_kinds.STRUCTURE))
        return _ListHandler(below, self.handler(below, "", element), pairs, presence)


def _joined(key: str, piece: str) -> str:
    piece = escaped(piece)
    return f"{key}{PIECE}{piece}" if key else piece


def _leaf_handler(leaf: Leaf) -> Callable[[Any, int], bool]:
    rows, raws = leaf.rows, leaf.raws
    if not leaf.kind.has_values:

        def keep_presence(raw: Any, row: int) -> bool:  # noqa: ANN401 - any JSON value
            present = raw is True
            if present:
                rows.append(row)
            return present

        return keep_presence

    def keep(raw: Any, row: int) -> bool:  # noqa: ANN401 - any JSON value
        if raw is None or (raw.__class__ in (dict, list) and not values.is_present(raw)):
            return False
        rows.append(row)
        raws.append(raw)
        return True

    return keep


class _StructureHandler:
    """Members of a structure; a member that the model does not know is kept if it is plain."""

    def __init__(self, owner: Flattener, sink: Sink, key: str, structure: Structure) -> None:
        self._owner = owner
        self._sink = sink
        self._key = key
        self._structure = structure
        self._handlers: dict[str, Callable[[Any, int], bool]] = {}
        self._leaves: dict[str, Leaf] = {}
        self._times: dict[str, Leaf] = {}
        for name in structure.members:
            member = structure.member(name)
            if isinstance(member, Scalar) and member.kind.json is JsonType.TIME:
                self._times[name] = sink.leaf(_joined(key, name), member.kind)
        self._presence = _leaf_handler(sink.leaf(key, value_kinds.STRUCTURE)) if key else None

    def __call__(self, raw: Any, row: int) -> bool:  # noqa: ANN401 - any JSON value
        present = self.members(raw, row) if raw.__class__ is dict else values.is_present(raw)
        if present and self._presence is not None:
            self._presence(True, row)  # noqa: FBT003 - the presence itself
        return present

    def members(self, raw: dict[str, Any], row: int) -> bool:
        """Stores the members, readable times in place as the wire has them; says whether any is there."""
        present = False
        leaf_of, handler_of = self._leaves.get, self._handlers.get
        for name, value in raw.items():
            leaf = leaf_of(name)
            if leaf is not None and value.__class__ in _ATOMS:
                leaf.rows.append(row)
                leaf.raws.append(value)
                present = True
            elif name in self._times:
                if values.is_present(value):
                    present = True
                    self._times[name].rows.append(row)
                    self._times[name].raws.append(self._time(raw, name, value))
            elif (handler_of(name) or self._make(name))(value, row):
                present = True
        return present

    def _make(self, name: str) -> Callable[[Any, int], bool]:
        reached = self._structure.member(name) if name in self._structure.members else None
        key = _joined(self._key, name)
        handler = self._owner.handler(self._sink, key, reached)
        if isinstance(reached, Scalar):
            self._leaves[name] = self._sink.leaf(key, reached.kind)
        self._handlers[name] = handler
        return handler

    def _time(self, raw: dict[str, Any], name: str, value: object) -> object:
        """The microseconds of a time, which is put back as the wire has it; or the value itself if it is no time."""
        known = self._owner.times.get(value) if value.__class__ is str else None
        if known is not None:
            raw[name] = known[1]
            return known[0]
        micros = values.timestamp_of(value)
        if not isinstance(micros, int):
            return {"unreadable": value}
        raw[name] = seconds = values.seconds_of(micros)
        if isinstance(value, str):
            self._owner.times[value] = (micros, seconds)
        return micros


class _MapHandler:
    """Entries of a map, each a column of its own."""

    def __init__(self, owner: Flattener, sink: Sink, key: str, reached: MapOf) -> None:
        self._owner = owner
        self._sink = sink
        self._key = key
        self._value = shape(reached.value)
        self._kind = entry_kind(reached)
        self._handlers: dict[str, Callable[[Any, int], bool]] = {}
        self._leaves: dict[str, Leaf] = {}
        self._presence = _leaf_handler(sink.leaf(key, value_kinds.STRUCTURE))

    def __call__(self, raw: Any, row: int) -> bool:  # noqa: ANN401 - any JSON value
        if raw.__class__ is not dict:
            present = values.is_present(raw)
        else:
            present = False
            leaf_of, handler_of = self._leaves.get, self._handlers.get
            for name, value in raw.items():
                leaf = leaf_of(name)
                if leaf is not None and value.__class__ in _ATOMS:
                    leaf.rows.append(row)
                    leaf.raws.append(value)
                    present = True
                elif (handler_of(name) or self._make(name))(value, row):
                    present = True
        if present:
            self._presence(True, row)  # noqa: FBT003 - the presence itself
        return present

    def _make(self, name: str) -> Callable[[Any, int], bool]:
        key = _joined(self._key, name)
        if isinstance(self._value, Structure) and (family := family_of(self._value)) is not None and not family.key:
            handler: Callable[[Any, int], bool] = _FamilyHandler(self._sink, key, self._value, family)
        elif self._kind is not None and self._kind.json is not JsonType.TIME:
            self._leaves[name] = leaf = self._sink.leaf(key, self._kind)
            handler = _leaf_handler(leaf)
        else:
            handler = self._owner.handler(self._sink, key, self._value)
        self._handlers[name] = handler
        return handler


class _FamilyHandler:
    """The members that can be named after a user's key: the family's own value, and each suffix."""

    def __init__(self, sink: Sink, key: str, structure: Structure, family: Family) -> None:
        self._targets = [
            (members, _leaf_handler(sink.leaf(_joined(key, "|".join(members)), kind)))
            for members, kind in targets(structure, family).items()
        ]

    def __call__(self, raw: Any, row: int) -> bool:  # noqa: ANN401 - any JSON value
        if raw.__class__ is not dict:
            return values.is_present(raw)
        present = False
        for members, keep in self._targets:
            for member in members:
                value = raw.get(member)
                if value is not None and keep(value, row):
                    present = True
                    break
        return present or values.is_present(raw)


class _PairsHandler:
    """A list of pairs as the user's keys: of each key the newest pair, else the last (row F16)."""

    def __init__(self, owner: Flattener, sink: Sink, key: str, element: Structure, family: Family) -> None:
        self._owner = owner
        self._sink = sink
        self._key = key
        self._element = element
        self._family = family
        self._handlers: dict[str, _FamilyHandler] = {}

    def __call__(self, raw: list[Any], row: int) -> None:
        key_member = self._family.key
        last: dict[str, dict[str, Any]] = {}
        for pair in raw:
            if pair.__class__ is dict:
                name = pair.get(key_member)
                if name.__class__ is str:
                    before = last.get(name)
                    if before is None or not self._is_older(pair, before):
                        last[name] = pair
        for name, pair in last.items():
            handler = self._handlers.get(name)
            if handler is None:
                handler = _FamilyHandler(self._sink, _joined(self._key, name), self._element, self._family)
                self._handlers[name] = handler
            handler(pair, row)

    def _is_older(self, pair: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        member = self._family.latest_by
        if not member:
            return False
        this, that = (values.timestamp_of(one.get(member)) for one in (pair, other))
        return isinstance(that, int) and not (isinstance(this, int) and this >= that)


class _ListHandler:
    """Elements of a list, each a row of the list's own table."""

    def __init__(
        self,
        below: Sink,
        element: Callable[[Any, int], bool],
        pairs: _PairsHandler | None,
        presence: Callable[[Any, int], bool] | None,
    ) -> None:
        self._below = below
        self._element = element
        self._pairs = pairs
        self._presence = presence

    def __call__(self, raw: Any, row: int) -> bool:  # noqa: ANN401 - any JSON value
        if raw.__class__ is not list:
            present = values.is_present(raw)
        else:
            if self._pairs is not None:
                self._pairs(raw, row)  # before the elements, which rewrite their times
            present = False
            parents = self._below.parents
            for element in raw:
                at = len(parents)
                parents.append(row)
                if self._element(element, at):
                    present = True
                else:
                    parents.pop()
        if present and self._presence is not None:
            self._presence(True, row)  # noqa: FBT003 - the presence itself
        return present


class _UnknownHandler:
    """A field that the service model does not know: plain values are columns, through objects but not lists."""

    def __init__(self, owner: Flattener, sink: Sink, key: str) -> None:
        self._owner = owner
        self._sink = sink
        self._key = key
        self._keep: Callable[[Any, int], bool] | None = None
        self._below: dict[str, _UnknownHandler] = {}

    def __call__(self, raw: Any, row: int) -> bool:  # noqa: ANN401 - any JSON value
        if not values.is_present(raw):
            return False
        if self._keep is None:
            self._keep = _leaf_handler(self._sink.leaf(self._key, value_kinds.UNKNOWN))
        if raw.__class__ is dict:
            for name, value in raw.items():
                below = self._below.get(name)
                if below is None:
                    below = self._below[name] = _UnknownHandler(self._owner, self._sink, _joined(self._key, name))
                below(value, row)
        return self._keep(raw if raw.__class__ not in (dict, list) else _NOT_PLAIN, row)
