"""Flattened records as columns: of one run, and of several joined.

A run has its values from two sides, from the flattener and from the compiled reader. Here they become columns of the
form that a store encodes: those of both sides in one run, and later those of all runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from smsearch.ingest.compiled import values as compiled_values
from smsearch.ingest.row_numbers import DROPPED
from smsearch.store.address import LEVEL
from smsearch.store.arrow_arrays import numbers_of, of_numbers, of_texts
from smsearch.store.buffered_values import BufferedValues
from smsearch.store.texts import distinct_texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smsearch.ingest.compiled._reader import Reader
    from smsearch.ingest.compiled.layout import Layout
    from smsearch.ingest.flatten import ColumnBuilder, Flattener
    from smsearch.schema.value_kinds import Kind


class Flattened(NamedTuple):
    """Flattened records: of each list's table the rows above its elements; of each column its kind and its values."""

    tables: dict[str, NDArray[np.uint32]]
    columns: dict[tuple[str, str], tuple[Kind, BufferedValues]]


def of_flattener(flattener: Flattener) -> Flattened:
    """What a flattener holds."""
    tables = flattener.tables
    return Flattened(
        {path: np.array(table.parents, np.uint32) for path, table in tables.items() if path},
        {
            (path, key): (column.kind, buffered_values(column))
            for path, table in tables.items()
            for key, column in table.columns.items()
            if column.rows
        },
    )


def of_reader(reader: Reader, layout: Layout) -> Flattened:
    """What the compiled reader holds, and then forgets."""
    every = compiled_values.columns(reader, layout)
    columns = {(column.table, column.key): (column.kind, values) for column, values in every}
    return Flattened(compiled_values.tables(reader, layout), columns)


def united(first: Flattened, second: Flattened) -> Flattened:
    """Both parts of some records; the elements of a list that the second one has stand behind those of the first."""
    counts = {path: len(parents) for path, parents in first.tables.items()}
    tables = dict(first.tables)
    for path, parents in second.tables.items():
        above = parents + np.uint32(counts.get(path.rpartition(LEVEL)[0], 0))
        tables[path] = np.concatenate([first.tables[path], above]) if path in first.tables else above
    columns = dict(first.columns)
    for (path, key), (kind, values) in second.columns.items():
        parts = [_numbered(values, counts.get(path, 0))]
        if (path, key) in first.columns:
            parts.insert(0, _numbered(first.columns[path, key][1], 0))
        columns[path, key] = (kind, join(parts))
    return Flattened(tables, columns)


def _numbered(values: BufferedValues, start: int) -> BufferedValues:
    """Values of a column for `join`, their rows counted from a number on."""
    return renumbered(values, np.arange(start, start + values.row_count(), dtype=np.uint32))


def buffered_values(column: ColumnBuilder) -> BufferedValues:
    """The values of a column by JSON type."""
    rows = np.array(column.rows, np.uint32)
    if not column.kind.has_values:
        return BufferedValues(integer_rows=rows)
    types = set(map(type, column.raws))
    if types == {str}:
        return _texts(rows, column.raws)
    if types == {float}:
        return BufferedValues(float_rows=rows, floats=np.array(column.raws, np.float64))
    if types == {int} and all(-(1 << 63) <= raw < 1 << 63 for raw in column.raws):
        return BufferedValues(integer_rows=rows, integers=np.array(column.raws, np.int64))
    if types == {bool}:
        return BufferedValues(boolean_rows=rows, booleans=np.array(column.raws, np.bool_))
    return _mixed(column)


def _texts(rows: NDArray[np.uint32], texts: list[str]) -> BufferedValues:
    encoded = of_texts(texts).dictionary_encode()
    return BufferedValues(
        text_rows=rows, text_codes=numbers_of(encoded.indices).astype(np.uint32), texts=encoded.dictionary
    )


def _mixed(column: ColumnBuilder) -> BufferedValues:
    parts: dict[type, tuple[list[int], list[Any]]] = {kind: ([], []) for kind in (str, int, float, bool, object)}
    for row, raw in zip(column.rows, column.raws, strict=True):
        kind = raw.__class__
        fits = kind in parts and (kind is not int or -(1 << 63) <= raw < 1 << 63)
        rows, raws = parts[kind if fits else object]
        rows.append(row)
        raws.append(raw)
    raw = _texts(np.array(parts[str][0], np.uint32), parts[str][1])
    raw.integer_rows, raw.integers = np.array(parts[int][0], np.uint32), np.array(parts[int][1], np.int64)
    raw.float_rows, raw.floats = np.array(parts[float][0], np.uint32), np.array(parts[float][1], np.float64)
    raw.boolean_rows, raw.booleans = np.array(parts[bool][0], np.uint32), np.array(parts[bool][1], np.bool_)
    raw.others = list(zip(*parts[object], strict=True))
    return raw


def renumbered(values: BufferedValues, numbers: NDArray[np.uint32]) -> BufferedValues:
    """The values of a column with new numbers of their rows, in the order in which they are.

    Args:
        values: The values.
        numbers: The new number of each row; `DROPPED` drops it, and texts that no other row has.
    """
    text_rows, text_codes = _kept(numbers[values.text_rows], values.text_codes)
    texts = values.texts
    if len(text_rows) < len(values.text_rows):
        used, codes = np.unique(text_codes, return_inverse=True)
        texts, text_codes = texts.take(of_numbers(used)), codes.astype(np.uint32)
    integers = values.integers
    if len(integers) < len(values.integer_rows):  # presence columns hold rows and no values
        integers = np.zeros(len(values.integer_rows), np.int64)
    integer_rows, integers = _kept(numbers[values.integer_rows], integers)
    float_rows, floats = _kept(numbers[values.float_rows], values.floats)
    boolean_rows, booleans = _kept(numbers[values.boolean_rows], values.booleans)
    others = [(int(numbers[row]), value) for row, value in values.others if numbers[row] != DROPPED]
    return BufferedValues(
        text_rows, text_codes, texts, integer_rows, integers, float_rows, floats, boolean_rows, booleans, others
    )


def _kept(rows: NDArray[np.uint32], raws: NDArray[Any]) -> tuple[NDArray[np.uint32], NDArray[Any]]:
    is_kept = rows != DROPPED
    return (rows, raws) if is_kept.all() else (rows[is_kept], raws[is_kept])


def join(parts: list[BufferedValues]) -> BufferedValues:
    """One column of several parts, whose rows are numbered together, in the order of its rows.

    The list is cleared, and each part let go of when it is joined: some columns are most of a build's memory.
    """
    joined = BufferedValues()
    if len(parts) == 1:
        joined.texts = parts[0].texts
        joined.text_rows, joined.text_codes = _sorted([(parts[0].text_rows, parts[0].text_codes)], np.uint32)
    else:
        _join_texts(joined, parts)
    integers = [(part.integer_rows, part.integers) for part in parts]
    floats = [(part.float_rows, part.floats) for part in parts]
    booleans = [(part.boolean_rows, part.booleans) for part in parts]
    others = [pair for part in parts for pair in part.others]
    parts.clear()
    joined.integer_rows, joined.integers = _sorted(integers, np.int64)
    joined.float_rows, joined.floats = _sorted(floats, np.float64)
    joined.boolean_rows, joined.booleans = _sorted(booleans, np.bool_)
    joined.others = sorted(others, key=lambda pair: pair[0])
    return joined


def _join_texts(joined: BufferedValues, parts: list[BufferedValues]) -> None:
    """The texts of several parts, whose dictionaries have texts in common."""
    texts = [part.texts for part in parts]
    bounds = np.cumsum([len(part) for part in texts])[:-1]
    for part in parts:
        part.texts = joined.texts  # of some columns they are most of a build's memory, which holds them once
    joined.texts, places = distinct_texts(texts)
    every = zip(parts, np.split(places, bounds), strict=True)
    joined.text_rows, joined.text_codes = _sorted(
        [(part.text_rows, own[part.text_codes]) for part, own in every], np.uint32
    )


_MANY_SHARE: Final = 8
"""More than one row in so many of a table are put where they belong."""


def _sorted(
    parts: list[tuple[NDArray[np.uint32], NDArray[Any]]], dtype: type
) -> tuple[NDArray[np.uint32], NDArray[Any]]:
    """Distinct rows in ascending order, and what stands beside each.

    The list is cleared. Of many rows each is put where it belongs, part by part; few are sorted.
    """
    count = sum(len(rows) for rows, _ in parts)
    end = max((int(rows.max()) + 1 for rows, _ in parts if len(rows)), default=0)
    if count * _MANY_SHARE < end or len(parts) <= 1:
        rows = np.concatenate([rows for rows, _ in parts] or [np.empty(0, np.uint32)])
        raws: NDArray[Any] = np.concatenate([raws for _, raws in parts] or [np.empty(0, dtype)])
        raws = raws.astype(dtype, copy=False)
        parts.clear()
        if (rows[1:] > rows[:-1]).all():
            return rows, raws
        order = np.argsort(rows, kind="stable")
        return rows[order], raws[order]
    is_there = np.zeros(end, bool)
    places: NDArray[Any] = np.empty(end, dtype)
    while parts:
        rows, raws = parts.pop()
        is_there[rows], places[rows] = True, raws
    every = np.arange(end, dtype=np.uint32)
    return (every, places) if count == end else (every[is_there], places[is_there])
