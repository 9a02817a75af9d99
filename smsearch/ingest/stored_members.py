"""Members of an archive's rows from the columns of a segment: each distinct value of a column becomes one cell.

A segment's tables are the documents taken apart (`flatten.py`), so that a structure is its column of presence with the
members' columns, and a list is the rows of its own table. What columns do not keep is left to the documents, member by
member: maps and lists of pairs, whose entries have an order; what a response is completed with, of which a column does
not say whether the export had it; and what the columns were made of by another service model. One value alone is
another in a column than in its document: a negative zero, which the caller has to look for (`has_negative_zero`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from smsearch.archive.cells import cells_of, structures_of
from smsearch.archive.layout import type_of
from smsearch.ingest.flatten import PRESENCE, joined_key
from smsearch.schema import catalogue, notation
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, shape
from smsearch.schema.families import pairs_of
from smsearch.schema.value_kinds import ValueType
from smsearch.schema.values import UNREADABLE
from smsearch.store.dictionaries import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from smsearch.ingest.stored_runs import SegmentFile
    from smsearch.schema.catalogue import Resource, Shape
    from smsearch.schema.value_kinds import Kind
    from smsearch.schema.values import Value
    from smsearch.store.column import Column
    from smsearch.store.table import Table

_TYPES: Final = frozenset({ValueType.TEXT, ValueType.NUMBER, ValueType.TIME, ValueType.BOOLEAN})
"""Types whose dictionaries have one entry for all that is one value in a document."""
_NEGATIVE_ZERO: Final = re.compile(rb"[:,\[]-0[.0]*[,}\]eE]")


class _OtherColumnsError(Exception):
    """The columns are not those that the service model of today makes."""


def has_negative_zero(document: bytes) -> bool:
    """Whether a document may hold a negative zero, which the dictionary of a column does not tell from zero."""
    return _NEGATIVE_ZERO.search(document) is not None


@cache
def plain_members(resource: Resource) -> tuple[str, ...]:
    """The members of a resource's records that columns tell."""
    completed = notation.completions(resource.name)
    return tuple(
        name
        for name in resource.root.members
        if name not in completed
        and not notation.completions_of_elements(resource.name, name)
        and _is_plain(resource.root.member(name))
    )


def _is_plain(reached: Shape | None) -> bool:
    match reached:
        case Scalar(kind):
            return kind.type in _TYPES
        case Structure():
            return all(_is_plain(reached.member(name)) for name in reached.members)
        case ListOf(element):
            return pairs_of(reached) is None and _is_plain(shape(element))
        case MapOf() | None:
            return False


@dataclass(frozen=True, slots=True)
class StoredMembers:
    """The members that the columns of a segment tell.

    Attributes:
        resource: What its records are.
        file: The segment.
        rows: Some of its rows.
    """

    resource: str
    file: SegmentFile
    rows: NDArray[np.int64]

    def of(self, places: NDArray[np.int64]) -> StoredMembers:
        """Those of some of the rows."""
        return StoredMembers(self.resource, self.file, self.rows[places])

    def read(self) -> dict[str, pa.Array]:
        """The members by name, each an array of one value a row; what is not among them the documents tell.

        Raises:
            StoreError: The segment is damaged.
        """
        resource, records = catalogue.resource(self.resource), self.file.tables.records
        members: dict[str, pa.Array] = {}
        for name in plain_members(resource):
            reached = resource.root.member(name)
            try:
                array = self._array(records, joined_key("", name), reached, self.rows)
            except _OtherColumnsError:
                continue
            members[name] = pa.nulls(len(self.rows), type_of(reached)) if array is None else array
        return members

    def _array(self, table: Table, key: str, reached: Shape, rows: NDArray[Any]) -> pa.Array | None:
        """The values of a shape in some rows of a table; None if no row of the table has any."""
        match reached:
            case Scalar(kind):
                column = _column(table, key, kind)
                return None if column is None else _cells(column, kind, rows)
            case Structure():
                return self._structures(table, key, reached, rows)
            case ListOf():
                return self._lists(table, key, reached, rows)
            case MapOf():
                raise TypeError(reached)

    def _structures(self, table: Table, key: str, reached: Structure, rows: NDArray[Any]) -> pa.Array | None:
        """Structures; an element of a list has no column of presence, since its row is there."""
        presence = _column(table, key, PRESENCE)
        if presence is None and key:
            return None
        is_absent = np.zeros(len(rows), np.bool_) if presence is None else _is_absent(presence, rows)
        every = {
            name: self._array(table, joined_key(key, name), reached.member(name), rows) for name in reached.members
        }
        members = {name: array for name, array in every.items() if array is not None}
        return structures_of(members, type_of(reached), pa.array(is_absent))

    def _lists(self, table: Table, key: str, reached: ListOf, rows: NDArray[Any]) -> pa.Array | None:
        """Lists; one of plain values has no column of presence, and is there where an element is."""
        presence, element = _column(table, key, PRESENCE), shape(reached.element)
        below = self.file.tables.child(self.file.tables.joined(table.path, key))
        if below is None and presence is None:
            return None
        if below is None or (presence is None) is not isinstance(element, Scalar):
            raise _OtherColumnsError
        element_rows, owners = below.below(rows)
        elements = self._array(below, "", element, element_rows)
        if elements is None:
            if below.row_count:
                raise _OtherColumnsError
            elements = pa.nulls(0, type_of(element))
        bounds = np.zeros(len(rows) + 1, np.int32)
        np.cumsum(np.bincount(owners, minlength=len(rows)), out=bounds[1:])
        is_absent = np.diff(bounds) == 0 if presence is None else _is_absent(presence, rows)
        offsets = pa.array(bounds, mask=np.append(is_absent, False))
        return pa.ListArray.from_arrays(offsets, elements, type=type_of(reached))


def _column(table: Table, key: str, kind: Kind) -> Column | None:
    """The column of a key, or None if no row has the property.

    Raises:
        _OtherColumnsError: Its values are not of the kind's type.
    """
    column = table.column(key)
    if column is not None and kind_of(column).type is not kind.type:
        raise _OtherColumnsError
    return column


def _is_absent(presence: Column, rows: NDArray[Any]) -> NDArray[np.bool_]:
    is_absent: NDArray[np.bool_] = presence.codes_of(rows) >= presence.absent
    return is_absent


def _cells(column: Column, kind: Kind, rows: NDArray[Any]) -> pa.Array:
    """The cells of some rows: one is made for each distinct code, and one for what cannot be read."""
    codes = column.codes_of(rows)
    distinct, places = np.unique(codes, return_inverse=True)
    readable = distinct[distinct < column.readable]
    cells = cells_of(kind, [*_values(column, readable), UNREADABLE])
    return cells.take(pa.array(np.minimum(places, len(readable)), mask=codes >= column.absent))


def _values(column: Column, codes: NDArray[Any]) -> Iterable[Value]:
    """The values that some codes stand for, as the kind of their property reads them."""
    if column.has_texts:
        texts: list[str] = column.texts.arrow().take(pa.array(codes)).to_pylist()
        return texts
    if column.is_time:
        times: list[int] = column.moments(codes).tolist()
        return times
    return map(column.number if column.is_numeric else column.booleans.__getitem__, codes.tolist())
