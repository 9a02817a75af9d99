"""Lays out one column of a table: codes, sort order and where each value's rows begin.

It is given rows, the code of each, and the entries that the codes stand for, sorted already (`entries.py`); it chooses
the narrowest form. It knows no type but the width of a code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


DENSE_FROM: Final = 4
"""A column is dense when at least one row in this many has it; below, listing the rows is smaller."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A column before it is laid out.

    Attributes:
        rows: uint32, ascending: the rows that have the property.
        codes: uint32, one for each of `rows`: the entry's place among the sorted entries. The code `readable` stands
            for values that are there and cannot be read as the column's kind.
        readable: How many entries there are.
        groups: uint32, one for each entry: entries that sort alike share a group; None where each is its own.
        values: The directory's description of the entries, arrays and all.
    """

    rows: NDArray[np.uint32]
    codes: NDArray[np.uint32]
    readable: int
    groups: NDArray[np.uint32] | None
    values: dict[str, Any]


def narrow(values: NDArray[Any], largest: int) -> NDArray[Any]:
    """The values in the narrowest unsigned type that holds `largest`."""
    return values.astype(np.min_scalar_type(largest))


def column_entry(coded: Coded, row_count: int, ties: NDArray[np.uint32] | None) -> dict[str, Any]:
    """A column's directory entry, its arrays in the narrowest form.

    Args:
        coded: The column.
        row_count: Rows of the table.
        ties: uint32, one for each row: the order of rows that sort alike; None is the order of the rows themselves.
    """
    present = len(coded.rows)
    has_unreadable = bool(present) and int(coded.codes.max()) == coded.readable
    entries = coded.readable + has_unreadable
    meta: dict[str, Any] = {
        "present": present,
        "readable": coded.readable,
        "unreadable": has_unreadable,
        "values": coded.values,
        "at": None,
        "codes": None,
        "order": None,
        "starts": None,
        "groups": None,
    }
    if entries == 1 and present == row_count:
        return meta  # every row has the same value: nothing more to say
    if present * DENSE_FROM >= row_count:
        dense = np.full(row_count, entries, dtype=np.min_scalar_type(entries))
        dense[coded.rows] = coded.codes
        meta["codes"] = dense
    else:
        meta["at"] = coded.rows
        meta["codes"] = narrow(coded.codes, entries) if entries > 1 else None
    keys = coded.codes
    if coded.groups is not None:
        last = int(coded.groups[-1]) + 1 if len(coded.groups) else 0
        keys = np.append(coded.groups, np.uint32(last))[coded.codes]
        meta["groups"] = coded.groups
        meta["counts"] = np.bincount(coded.codes, minlength=entries).astype(np.uint32)
    group_count = int(keys.max()) + 1 if present else 0
    if group_count == present:
        order = np.empty(present, dtype=np.uint32)
        order[keys] = coded.rows
    else:
        order = _ordered(coded.rows, keys, ties)
        starts = np.zeros(group_count + 1, dtype=np.int64)
        np.cumsum(np.bincount(keys, minlength=group_count), out=starts[1:])
        meta["starts"] = narrow(starts, present)
    meta["order"] = order
    return meta


def _ordered(rows: NDArray[np.uint32], keys: NDArray[np.uint32], ties: NDArray[np.uint32] | None) -> NDArray[np.uint32]:
    """The rows by key, and among equal keys in the order of ties."""
    if ties is not None:
        by_tie = np.argsort(ties[rows], kind="stable")
        rows, keys = rows[by_tie], keys[by_tie]
    return rows[np.argsort(narrow(keys, int(keys.max(initial=0))), kind="stable")]
