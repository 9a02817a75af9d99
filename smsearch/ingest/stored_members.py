"""Columns of an archive's rows from the columns of a segment, which are its documents taken apart (`flatten.py`).

A structure is its column of presence with the members' columns, a list the rows of its own table, a map the columns
whose keys begin with its own; a list of pairs is by key what its table says of the newest pair of each. What columns do
not keep is left to the documents, member by member: maps of structures and of lists, of whose entries a column does not
say that they are there; what elements are completed with, of which a column does not say whether the export had it; and
what the columns were made of by another service model. One value alone is another in a column than in its document: a
negative zero, for which the caller has to look where a column has a zero.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from smsearch.archive import layout
from smsearch.archive.cells import structures_of
from smsearch.ingest import stored_cells
from smsearch.ingest.flatten import PRESENCE, joined_key
from smsearch.schema import catalogue, notation
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, shape
from smsearch.schema.families import entry_kind, pairs_of, targets
from smsearch.schema.value_kinds import ValueType
from smsearch.store.address import LEVEL, PIECE, escaped, names_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from smsearch.ingest.stored_runs import SegmentFile
    from smsearch.schema.catalogue import Resource, Shape
    from smsearch.schema.families import Family
    from smsearch.schema.value_kinds import Kind
    from smsearch.store.child_table import ChildTable
    from smsearch.store.column import Column
    from smsearch.store.table import Table
    from smsearch.store.tables import Tables

_NEGATIVE_ZERO: Final = re.compile(rb"[:,\[]-0[.0]*[,}\]eE]")


class _OtherColumnsError(Exception):
    """The columns are not those that the service model of today makes."""


def has_negative_zero(document: bytes) -> bool:
    """Whether a document may hold a negative zero, which the dictionary of a column does not tell from zero."""
    return _NEGATIVE_ZERO.search(document) is not None


@cache
def plain_members(resource: Resource) -> tuple[str, ...]:
    """The members of a resource's records that columns tell."""
    return tuple(
        name
        for name in resource.root.members
        if not notation.completions_of_elements(resource.name, name) and _is_plain(resource.root.member(name))
    )


def _is_plain(reached: Shape | None) -> bool:
    match reached:
        case Scalar(kind):
            return kind.type in stored_cells.TYPES
        case Structure():
            return all(_is_plain(reached.member(name)) for name in reached.members)
        case ListOf(element):
            keyed = pairs_of(reached)
            return _is_plain(shape(element)) and (keyed is None or all(len(names) == 1 for names in targets(*keyed)))
        case MapOf():
            return entry_kind(reached) is not None
        case None:
            return False


class Told(NamedTuple):
    """What columns tell of some rows.

    Attributes:
        columns: Columns of the archive by name; what is not among them the documents tell.
        has_zero: For each row, whether a number of it is a zero, perhaps a negative one.
    """

    columns: dict[str, pa.Array]
    has_zero: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class StoredMembers:
    """The members that the columns of a segment tell.

    Attributes:
        resource: What its records are.
        file: The segment.
        rows: Some of its rows, ascending.
    """

    resource: str
    file: SegmentFile
    rows: NDArray[np.int64]

    def of(self, places: NDArray[np.int64]) -> StoredMembers:
        """Those of some of the rows."""
        return StoredMembers(self.resource, self.file, self.rows[places])

    def read(self) -> Told:
        """What columns tell of the rows.

        Raises:
            StoreError: The segment is damaged.
        """
        resource, walk = catalogue.resource(self.resource), _Walk(self.file.tables)
        columns: dict[str, pa.Array | None] = {}
        members = (walk.member(resource.root, name, self.rows) for name in plain_members(resource))
        for part in (*members, walk.extras(resource.root, self.rows), walk.identity(resource, self.rows)):
            with suppress(_OtherColumnsError):
                columns |= dict(part)
        types = layout.schema_of(resource)
        every = {
            name: pa.nulls(len(self.rows), types.field(name).type) if array is None else array
            for name, array in columns.items()
        }
        return Told(every, np.isin(self.rows, walk.rows_with_zero()))


class _Walk:
    """One walk along the columns of a segment, in which None stands for what no row of a table has."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._zeros: list[NDArray[np.int64]] = []

    def member(self, root: Structure, name: str, rows: NDArray[Any]) -> Iterator[tuple[str, pa.Array | None]]:
        """The columns of a member of the records."""
        return self._member(self._tables.records, "", root, name, rows)

    def extras(self, root: Structure, rows: NDArray[Any]) -> Iterator[tuple[str, pa.Array | None]]:
        """The column of the fields that the service model does not know."""
        records = self._tables.records
        lists = {table.path.partition(LEVEL)[0] for table in self._tables.all() if table.path}
        if any(_is_unknown(root, names_in(key)) for key in lists):
            raise _OtherColumnsError
        paths = [names_in(key) for key in records.column_keys()]
        columns = {layout.extra_key(tuple(path)): joined(path) for path in paths if _is_unknown(root, path)}
        yield layout.EXTRAS, self._entries(records, columns, layout.EXTRA_KIND, rows, None)

    def identity(self, resource: Resource, rows: NDArray[Any]) -> Iterator[tuple[str, pa.Array]]:
        """The columns of what names a record."""
        for name, path in (
            (layout.ARN, resource.arn),
            (layout.NAME, resource.name_path),
            (layout.VERSION, (resource.version,)),
        ):
            column = self._tables.records.column(joined(path)) if path != ("",) else None
            if column is not None and (not column.has_texts or column.has_unreadable):
                raise _OtherColumnsError
            yield name, stored_cells.texts_at(column, rows)

    def rows_with_zero(self) -> NDArray[np.int64]:
        """The records of which the walk has met a zero."""
        return np.concatenate([np.empty(0, np.int64), *self._zeros])

    def _member(
        self, table: Table, key: str, above: Structure, name: str, rows: NDArray[Any]
    ) -> Iterator[tuple[str, pa.Array | None]]:
        reached, below = above.member(name), joined_key(key, name)
        yield name, self._array(table, below, reached, rows)
        keyed = pairs_of(reached)
        if keyed is not None:
            yield name + layout.BY_KEY, self._pairs(table, below, *keyed, rows)

    def _array(self, table: Table, key: str, reached: Shape, rows: NDArray[Any]) -> pa.Array | None:
        """The values of a shape in some rows of a table."""
        match reached:
            case Scalar(kind):
                return self._cells(table, key, kind, rows)
            case Structure():
                return self._structures(table, key, reached, rows)
            case ListOf():
                return self._lists(table, key, reached, rows)
            case MapOf():
                return self._map(table, key, reached, rows)

    def _cells(self, table: Table, key: str, kind: Kind, rows: NDArray[Any]) -> pa.Array | None:
        column = _column(table, key, kind)
        if column is None:
            return None
        self._note_zeros(table, column, kind, rows)
        return stored_cells.cells_at(column, kind, rows)

    def _note_zeros(self, table: Table, column: Column, kind: Kind, rows: NDArray[Any]) -> None:
        """Notes the records of those rows that have a zero, where zeros of either sign are one value."""
        if kind.type is not ValueType.NUMBER or not column.readable:
            return
        zero = column.numbers.place(0, "left")
        if zero == column.readable or column.numbers.at(zero):
            return
        with_zero = rows[column.codes_of(rows) == zero]
        for above in reversed(self._tables.lineage(table.path) or []):
            with_zero = above.parents.take(with_zero)
        self._zeros.append(with_zero)

    def _structures(self, table: Table, key: str, reached: Structure, rows: NDArray[Any]) -> pa.Array | None:
        """Structures; an element of a list has no column of presence, since its row is there."""
        presence = _column(table, key, PRESENCE)
        if presence is None and key:
            return None
        is_absent = np.zeros(len(rows), np.bool_) if presence is None else _is_absent(presence, rows)
        every = (pair for name in reached.members for pair in self._member(table, key, reached, name, rows))
        members = {name: array for name, array in every if array is not None}
        return structures_of(members, layout.type_of(reached), pa.array(is_absent))

    def _lists(self, table: Table, key: str, reached: ListOf, rows: NDArray[Any]) -> pa.Array | None:
        """Lists; one of plain values has no column of presence, and is there where an element is."""
        presence, element, below = _column(table, key, PRESENCE), shape(reached.element), self._child(table, key)
        if below is None and presence is None:
            return None
        if below is None or (presence is None) is not isinstance(element, Scalar):
            raise _OtherColumnsError
        element_rows, owners = below.below(rows)
        elements = self._array(below, "", element, element_rows)
        if elements is None:
            if below.row_count:
                raise _OtherColumnsError
            elements = pa.nulls(0, layout.type_of(element))
        offsets = _offsets(owners, len(rows), None if presence is None else _is_absent(presence, rows))
        return pa.ListArray.from_arrays(offsets, elements, type=layout.type_of(reached))

    def _child(self, table: Table, key: str) -> ChildTable | None:
        return self._tables.child(self._tables.joined(table.path, key))

    def _map(self, table: Table, key: str, reached: MapOf, rows: NDArray[Any]) -> pa.Array | None:
        """Maps of plain values; the keys are the last pieces of the keys of columns."""
        presence, kind = _column(table, key, PRESENCE), entry_kind(reached)
        if presence is None:
            return None
        columns = {names_in(one)[-1]: one for one in table.column_keys(key + PIECE)}
        if kind is None or any(one != joined_key(key, name) for name, one in columns.items()):
            raise _OtherColumnsError
        return self._entries(table, columns, kind, rows, _is_absent(presence, rows))

    def _entries(
        self,
        table: Table,
        columns: dict[str, str],
        kind: Kind,
        rows: NDArray[Any],
        is_absent: NDArray[np.bool_] | None,
    ) -> pa.Array:
        """Maps by key, of which each has a column; `is_absent` is left out where a map is there if an entry is."""
        names = sorted(columns)
        every = [column for name in names if (column := _column(table, columns[name], kind)) is not None]
        for column in every:
            self._note_zeros(table, column, kind, rows)
        owners, places, cells = stored_cells.entries_at(every, kind, rows)
        keys = pa.array(names, pa.string()).take(pa.array(places))
        type_ = pa.map_(pa.string(), layout.cell(kind))
        return pa.MapArray.from_arrays(_offsets(owners, len(rows), is_absent), keys, cells, type=type_)

    def _pairs(
        self, table: Table, key: str, structure: Structure, family: Family, rows: NDArray[Any]
    ) -> pa.Array | None:
        """A list of pairs by key: of each key the newest pair, else the last (row F16)."""
        below = self._child(table, key)
        names = None if below is None else _member_column(below, structure, family.key)
        if below is None or names is None:
            return None
        times = _member_column(below, structure, family.latest_by) if family.latest_by else None
        pair_rows, owners = below.below(rows)
        codes = names.codes_of(pair_rows).astype(np.int64)
        order = np.lexsort((_by_time(times, pair_rows), codes, owners))
        order = order[codes[order] < names.readable]
        is_last = np.ones(len(order), np.bool_)
        is_last[:-1] = (np.diff(owners[order]) != 0) | (np.diff(codes[order]) != 0)
        chosen = order[is_last]
        pair_rows, owners, type_ = pair_rows[chosen], owners[chosen], layout.family_type(structure, family)
        values = {
            layout.target_name((name,)): self._cells(below, joined_key("", name), kind, pair_rows)
            for (name,), kind in targets(structure, family).items()
        }
        members = {name: array for name, array in values.items() if array is not None}
        entries = structures_of(members, type_, pa.array(np.zeros(len(chosen), np.bool_)))
        keys = stored_cells.texts_at(names, pair_rows)
        map_type = pa.map_(pa.string(), type_)
        return pa.MapArray.from_arrays(_offsets(owners, len(rows), None), keys, entries, type=map_type)


def joined(path: Iterable[str]) -> str:
    """The key of the column at the end of a path through structures."""
    return PIECE.join(map(escaped, path))


def _is_unknown(root: Structure, path: Iterable[str]) -> bool:
    """Whether the service model does not know a path of the records, which ends where a user's own keys begin."""
    reached: Shape = root
    for name in path:
        if not isinstance(reached, Structure):
            return False
        if name not in reached.members:
            return True
        reached = reached.member(name)
    return False


def _column(table: Table, key: str, kind: Kind) -> Column | None:
    """The column of a key, or None if no row has the property.

    Raises:
        _OtherColumnsError: Its values are not those of the kind.
    """
    column = table.column(key)
    if column is not None and not stored_cells.holds(column, kind):
        raise _OtherColumnsError
    return column


def _is_absent(presence: Column, rows: NDArray[Any]) -> NDArray[np.bool_]:
    is_absent: NDArray[np.bool_] = presence.codes_of(rows) >= presence.absent
    return is_absent


def _member_column(table: Table, structure: Structure, name: str) -> Column | None:
    """The column of a plain member of a list's elements."""
    member = structure.member(name)
    return _column(table, escaped(name), member.kind) if isinstance(member, Scalar) else None


def _by_time(times: Column | None, rows: NDArray[Any]) -> NDArray[np.int64]:
    """Numbers in the order of the times of some rows; what is no time comes first."""
    if times is None:
        return np.zeros(len(rows), np.int64)
    codes = times.codes_of(rows).astype(np.int64)
    return np.where(codes < times.readable, codes, -1)


def _offsets(owners: NDArray[np.int64], count: int, is_absent: NDArray[np.bool_] | None) -> pa.Array:
    """Where the elements of each of so many rows begin, and the end; null for a row that has no list."""
    bounds = np.zeros(count + 1, np.int32)
    np.cumsum(np.bincount(owners, minlength=count), out=bounds[1:])
    return pa.array(bounds, mask=np.append(np.diff(bounds) == 0 if is_absent is None else is_absent, False))
