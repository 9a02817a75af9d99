"""Flattens documents into the raw values of columns, table by table.

One walk along the resource's shapes visits each member once. For each shape at each place there is a handler, made the
first time that the place is met. A list opens a table, in which each of its elements is a row:

    document                                     table        column         rows     values
    {"Name": "a", "L": [{"X": 1}, {"X": 2}]}     (records)    Name           0 1      "a" "b"
    {"Name": "b", "L": [{"X": 3}]}               L            X              0 1 2    1 2 3
                                                 L            (parents)               0 0 1

Invariant: the rows of a column ascend, for rows are met in their order. Times are read on the way and put back as the
wire has them (`values.seconds_of`), so that the stored document can be sent as it is. This module does not sort, type
or write anything: that is `store/dictionaries` and `segments.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from smsearch.schema import value_kinds, values
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, shape
from smsearch.schema.families import entry_kind, keyed_family, pairs_of, targets
from smsearch.schema.value_kinds import JsonType
from smsearch.store.address import LEVEL, PIECE, ROOT, escaped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from smsearch.schema.catalogue import Resource, Shape
    from smsearch.schema.families import Family
    from smsearch.schema.value_kinds import Kind

Handler = Callable[[Any, int], bool]
"""Stores what lies below a value for a row; says whether anything is there (row F5)."""

PRESENCE: Final = value_kinds.STRUCTURE
"""The kind of a column that says where a list, map or structure is there."""
_NO_ATOM: Final = [0]
"""Stands in a column for a list or an object where a plain value is looked for: there, and not readable."""
_ATOMS: Final = frozenset({str, int, float, bool})
"""Types whose every value is there: most of what is flattened, and stored without a call."""


class ColumnBuilder:
    """The raw values of one column, in the order of their rows; a column of presence has rows alone."""

    __slots__ = ("kind", "raws", "rows")

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.rows: list[int] = []
        self.raws: list[Any] = []


class TableBuilder:
    """The columns of one table, and for a list's table the row of each element in the table above."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.columns: dict[str, ColumnBuilder] = {}
        self.parents: list[int] = []

    def column(self, key: str, kind: Kind) -> ColumnBuilder:
        """The column of a key, made when it is first asked for."""
        if key not in self.columns:
            self.columns[key] = ColumnBuilder(kind)
        return self.columns[key]

    def clear(self) -> None:
        """Forgets the values and keeps the columns, whose lists the handlers have."""
        self.parents.clear()
        for column in self.columns.values():
            column.rows.clear()
            column.raws.clear()


class _Handlers(dict[str, Handler]):
    """Handlers by the name of a member or the key of an entry, each made the first time that it is met."""

    def __init__(self, make: Callable[[str], Handler]) -> None:
        self._make = make

    def __missing__(self, name: str) -> Handler:
        handler = self[name] = self._make(name)
        return handler


class Flattener:
    """Flattens the documents of one resource.

    Attributes:
        tables: The tables by path, the records' own first.
        row_count: How many documents were flattened since the last `clear`.
        times: Texts that were read as times since then, in microseconds and as the wire has them: one ends where the
            next begins, so half of them come twice.
    """

    def __init__(self, resource: Resource) -> None:
        self.tables: dict[str, TableBuilder] = {ROOT: TableBuilder(ROOT)}
        self.row_count = 0
        self.times: dict[str, tuple[int, float | Decimal | str]] = {}
        self._root = self._structure(self.tables[ROOT], "", resource.root)

    def add(self, document: dict[str, Any]) -> None:
        """Flattens a document; its readable times become what the wire has for them, in place.

        Args:
            document: As `Record.document`; the caller gives it up.
        """
        self._root(document, self.row_count)
        self.row_count += 1

    def clear(self) -> None:
        """Begins anew with the next document as row 0."""
        self.row_count = 0
        self.times.clear()
        for table in self.tables.values():
            table.clear()

    def _handler(self, table: TableBuilder, key: str, reached: Shape | None) -> Handler:
        """What stores the values of a shape under a key; None is a shape that the service model does not know."""
        match reached:
            case Scalar(kind):
                return _atom(table.column(key, kind))
            case Structure():
                return self._structure(table, key, reached)
            case MapOf():
                return self._map(table, key, reached)
            case ListOf(element):
                return self._list(table, key, shape(element), pairs_of(reached))
            case None:
                return _unknown(table, key)

    def _structure(self, table: TableBuilder, key: str, structure: Structure) -> Handler:
        """Members of a structure; one that the model does not know is kept if it is plain."""
        times = {
            name: table.column(joined_key(key, name), member.kind)
            for name in structure.members
            if isinstance(member := structure.member(name), Scalar) and member.kind.json is JsonType.TIME
        }

        columns: dict[str, ColumnBuilder] = {}

        def make(name: str) -> Handler:
            member, below = structure.member(name) if name in structure.members else None, joined_key(key, name)
            if isinstance(member, Scalar):
                columns[name] = table.column(below, member.kind)
            return self._handler(table, below, member)

        presence = table.column(key, PRESENCE).rows if key else None
        return self._members(_Handlers(make), columns, times, presence)

    def _map(self, table: TableBuilder, key: str, reached: MapOf) -> Handler:
        """Entries of a map, each a column of its own."""
        value, kind = shape(reached.value), entry_kind(reached)
        family = keyed_family(value)
        columns: dict[str, ColumnBuilder] = {}

        def make(name: str) -> Handler:
            below = joined_key(key, name)
            if family is not None and isinstance(value, Structure):
                return _family(table, below, value, family)
            if kind is not None and kind.json is not JsonType.TIME:
                columns[name] = table.column(below, kind)
                return _atom(columns[name])
            return self._handler(table, below, value)

        return self._members(_Handlers(make), columns, {}, table.column(key, PRESENCE).rows)

    def _members(
        self,
        handlers: _Handlers,
        columns: Mapping[str, ColumnBuilder],
        times: Mapping[str, ColumnBuilder],
        presence: list[int] | None,
    ) -> Handler:
        """Members of an object, readable times in place as the wire has them.

        Args:
            handlers: The handlers of members that are no times.
            columns: The columns of those of them that are plain, once a handler was made.
            times: The columns of members that are times.
            presence: The rows in which the object is there.
        """
        column_of = columns.get

        def store(raw: Any, row: int) -> bool:  # noqa: ANN401 - any JSON value
            if raw.__class__ is not dict:
                present = values.is_present(raw)
            else:
                present = False
                for name, value in raw.items():
                    column = column_of(name)
                    if column is not None and value.__class__ in _ATOMS:
                        column.rows.append(row)
                        column.raws.append(value)
                        present = True
                    elif name in times:
                        if values.is_present(value):
                            present = True
                            times[name].rows.append(row)
                            times[name].raws.append(self._time(raw, name, value))
                    elif handlers[name](value, row):
                        present = True
            if present and presence is not None:
                presence.append(row)
            return present

        return store

    def _time(self, raw: dict[str, Any], name: str, value: object) -> object:
        """The microseconds of a time, which is put back as the wire has it; or the value itself if it is no time."""
        read_before = self.times.get(value) if value.__class__ is str else None  # pyright: ignore[reportArgumentType]
        if read_before is not None:
            micros, raw[name] = read_before
            return micros
        reading = values.timestamp_of(value)
        if not isinstance(reading, int):
            return {"unreadable": value}
        raw[name] = seconds = values.seconds_of(reading)
        if isinstance(value, str):
            self.times[value] = (reading, seconds)
        return reading

    def _list(self, table: TableBuilder, key: str, element: Shape, keyed: tuple[Structure, Family] | None) -> Handler:
        """Elements of a list, each a row of the list's own table."""
        path = list_path(table.path, key)
        below = self.tables.setdefault(path, TableBuilder(path))
        parents, store_element = below.parents, self._handler(below, "", element)
        store_pairs = None if keyed is None else _pairs(table, key, *keyed)
        presence = None if isinstance(element, Scalar) else table.column(key, PRESENCE).rows

        def store(raw: Any, row: int) -> bool:  # noqa: ANN401 - any JSON value
            if raw.__class__ is not list:
                present = values.is_present(raw)
            else:
                if store_pairs is not None:
                    store_pairs(raw, row)  # before the elements, which rewrite their times
                present = False
                for value in raw:
                    parents.append(row)
                    if store_element(value, len(parents) - 1):
                        present = True
                    else:
                        parents.pop()
            if present and presence is not None:
                presence.append(row)
            return present

        return store


def list_path(table: str, key: str) -> str:
    """The path of the table of a list that stands under a key of a table."""
    return f"{table}{LEVEL}{key}" if table else key


def joined_key(key: str, name: str) -> str:
    """The key of a column of a member below another key, or of a user's key in a map or a list of pairs."""
    return f"{key}{PIECE}{escaped(name)}" if key else escaped(name)


def _atom(column: ColumnBuilder) -> Handler:
    rows, raws = column.rows, column.raws

    def store(raw: Any, row: int) -> bool:  # noqa: ANN401 - any JSON value
        if raw is None or (raw.__class__ in (dict, list) and not values.is_present(raw)):
            return False
        rows.append(row)
        raws.append(raw)
        return True

    return store


def _family(table: TableBuilder, key: str, structure: Structure, family: Family) -> Handler:
    """The members that can be named after a user's key: the family's own value, and each suffix."""
    handlers = [
        (members, _atom(table.column(joined_key(key, "|".join(members)), kind)))
        for members, kind in targets(structure, family).items()
    ]

    def store(raw: Any, row: int) -> bool:  # noqa: ANN401 - any JSON value
        if raw.__class__ is not dict:
            return values.is_present(raw)
        present = False
        for members, store_value in handlers:
            for member in members:
                value = raw.get(member)
                if value is not None and store_value(value, row):
                    present = True
                    break
        return present or values.is_present(raw)

    return store


def _pairs(table: TableBuilder, key: str, element: Structure, family: Family) -> Callable[[list[Any], int], None]:
    """A list of pairs as the user's keys: of each key the newest pair, else the last (row F16)."""
    handlers = _Handlers(lambda name: _family(table, joined_key(key, name), element, family))

    def store(raw: list[Any], row: int) -> None:
        last: dict[str, dict[str, Any]] = {}
        for pair in raw:
            name = pair.get(family.key) if pair.__class__ is dict else None
            if name.__class__ is str and (name not in last or not _is_older(pair, last[name], family.latest_by)):
                last[name] = pair  # pyright: ignore[reportArgumentType]
        for name, pair in last.items():
            handlers[name](pair, row)

    return store


def _is_older(pair: Mapping[str, Any], other: Mapping[str, Any], member: str) -> bool:
    if not member:
        return False
    this, that = (values.timestamp_of(one.get(member)) for one in (pair, other))
    return isinstance(that, int) and not (isinstance(this, int) and this >= that)


def _unknown(table: TableBuilder, key: str) -> Handler:
    """A field that the service model does not know: plain values are columns, through objects but not lists."""
    store_value = _atom(table.column(key, value_kinds.UNKNOWN))
    handlers = _Handlers(lambda name: _unknown(table, joined_key(key, name)))

    def store(raw: Any, row: int) -> bool:  # noqa: ANN401 - any JSON value
        if not values.is_present(raw):
            return False
        if raw.__class__ is dict:
            for name, value in raw.items():
                handlers[name](value, row)
        return store_value(_NO_ATOM if raw.__class__ in (dict, list) else raw, row)

    return store
