"""Cells of an archive from the columns of a segment; a value that has a key of its number becomes a cell once.

It knows columns, and neither where they stand nor what the rows are.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa

from smsearch.archive.cells import cells_of
from smsearch.archive.layout import cell
from smsearch.schema.value_kinds import Numerals, ValueType
from smsearch.schema.values import UNREADABLE, SpelledNumber
from smsearch.store.dictionaries import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from smsearch.schema.value_kinds import Kind
    from smsearch.schema.values import Value
    from smsearch.store.column import Column

TYPES: Final = frozenset({ValueType.TEXT, ValueType.NUMBER, ValueType.TIME, ValueType.BOOLEAN})
"""Types whose dictionaries have one entry for all that is one value in a document."""


class StoredEntries(NamedTuple):
    """Values under keys of the user's own.

    Attributes:
        owners: int64, ascending: the place of the row of each; of one row they stand in the order of their keys.
        keys: For each the place of its key.
        cells: The values.
    """

    owners: NDArray[np.int64]
    keys: NDArray[np.int64]
    cells: pa.StructArray


def holds(column: Column, kind: Kind) -> bool:
    """Whether the values of a column are encoded as those of a kind are."""
    encoded = kind_of(column)
    return encoded == kind if kind.type is ValueType.TEXT_OR_NUMBER else encoded.type is kind.type


def cells_at(column: Column, kind: Kind, rows: NDArray[Any]) -> pa.StructArray:
    """The cells of some rows; null where a row has no value."""
    codes = column.codes_of(rows)
    is_absent = codes >= column.absent
    if kind.type is ValueType.NUMBER or kind.numerals is not Numerals.TEXT:
        cells, places = _distinct([(column, codes)], kind)
        return cells.take(pa.array(places, mask=is_absent))
    field = cell(kind).field(0)
    return pa.StructArray.from_arrays(
        [_plain(column, codes).cast(field.type)], fields=[field], mask=pa.array(is_absent)
    )


def entries_at(columns: Sequence[Column], kind: Kind, rows: NDArray[Any]) -> StoredEntries:
    """What some rows, ascending, have in columns that stand in the order of their keys."""
    coded = [column.coded_among(rows) for column in columns]
    owners = _joined(places for places, _ in coded)
    keys = np.repeat(np.arange(len(columns)), [len(places) for places, _ in coded])
    cells, places = _distinct([(column, codes) for column, (_, codes) in zip(columns, coded, strict=True)], kind)
    order = np.argsort(owners, kind="stable")
    return StoredEntries(owners[order], keys[order], cells.take(pa.array(places[order])))


def texts_at(column: Column | None, rows: NDArray[Any]) -> pa.Array:
    """The texts of some rows; `""` where a row has none."""
    if column is None:
        return pa.array([""], pa.string()).take(pa.array(np.zeros(len(rows), np.int64)))
    return _plain(column, column.codes_of(rows)).cast(pa.string()).fill_null("")


def _joined(parts: Iterable[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([np.empty(0, np.int64), *parts])


def _plain(column: Column, codes: NDArray[Any]) -> pa.Array:
    """The texts, times or truth values of some codes; null where there is none, or none that can be read."""
    is_null = codes >= column.readable
    if column.has_texts:
        return column.texts.arrow().take(pa.array(codes, mask=is_null))
    if column.is_time:
        micros = np.zeros(len(codes), np.int64)
        micros[~is_null] = column.moments(codes[~is_null])
        return pa.array(micros, mask=is_null)
    truths = np.zeros(len(codes), np.bool_)
    truths[~is_null] = np.array(column.booleans, np.bool_)[codes[~is_null]]
    return pa.array(truths, mask=is_null)


def _distinct(coded: Iterable[tuple[Column, NDArray[Any]]], kind: Kind) -> tuple[pa.StructArray, NDArray[np.int64]]:
    """A cell for each distinct code of each column, and the place of the cell of every code.

    The last cell stands for what cannot be read, and for what is not there.
    """
    values: list[Value] = []
    places: list[NDArray[np.int64]] = []
    for column, codes in coded:
        is_met = np.zeros(column.absent + 1, np.bool_)
        is_met[np.minimum(codes, column.absent)] = True
        readable = np.flatnonzero(is_met[: column.readable])
        place_of = np.full(column.absent + 1, -1, np.int64)
        place_of[readable] = len(values) + np.arange(len(readable))
        values += _values(column, readable)
        places.append(place_of[np.minimum(codes, column.absent)])
    every = _joined(places)
    every[every < 0] = len(values)
    return cells_of(kind, [*values, UNREADABLE]), every


def _values(column: Column, codes: NDArray[Any]) -> Iterable[Value]:
    """The values that some codes stand for, as the kind of their property reads them; numbers, or texts."""
    if not column.has_texts:
        return _numbers(column, codes)
    texts: list[str] = column.texts.arrow().take(pa.array(codes)).to_pylist()
    if column.json_numbers is None:
        return texts
    is_number = column.json_numbers.take(codes).tolist()
    return [
        SpelledNumber(column.number(code), text) if flag else text
        for code, text, flag in zip(codes.tolist(), texts, is_number, strict=True)
    ]


def _numbers(column: Column, codes: NDArray[Any]) -> Iterable[Decimal]:
    """Exact numbers; those that no digits stand beside are read at once."""
    numbers = column.numbers.take(codes) if column.exact is None else None
    if numbers is None or np.isnan(numbers).any():
        return map(column.number, codes.tolist())
    return map(Decimal, map(repr, numbers.tolist()))
