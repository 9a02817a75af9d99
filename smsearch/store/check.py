"""Checks a store: every checksum, and every invariant that reading relies on.

It reads the whole store and reports what it finds wrong, file by file; it repairs nothing.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from smsearch.errors import StoreError
from smsearch.store.manifest import read_manifest
from smsearch.store.store import Part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from smsearch.store.column import Column
    from smsearch.store.manifest import SegmentEntry
    from smsearch.store.segment import Texts
    from smsearch.store.table import Table

_TABLE = "t"


def check(folder: Path) -> Iterator[str]:
    """What is wrong with a store, a sentence each, with the file's name; nothing if it is whole.

    Raises:
        StoreError: There is no store, or its manifest cannot be read.
    """
    manifest = read_manifest(folder)
    for entries, check_one in ((manifest.segments, _check_segment), (manifest.held, _check_held)):
        for entry in entries:
            try:
                yield from check_one(folder, entry)
            except StoreError as error:
                yield str(error)


def _check_segment(folder: Path, entry: SegmentEntry) -> Iterator[str]:
    part = Part(folder, entry)
    part.segment.verify_all()
    found = list(_invariants(part))
    yield from (f"{entry.file}: {what}" for what in found)


def _check_held(folder: Path, entry: SegmentEntry) -> Iterator[str]:
    """A file of held snapshots: documents, and what tells them apart."""
    part = Part(folder, entry)
    part.segment.verify_all()
    rows = part.meta["rows"]
    if not _follow_one_another(part, rows):
        yield f"{entry.file}: its documents do not stand one after another."
    numbers = part.segment.array(part.meta["numbers"])
    if len(numbers) != rows:
        yield f"{entry.file}: it numbers {len(numbers)} snapshots and holds {rows}."


def _follow_one_another(part: Part, rows: int) -> bool:
    """Whether each document ends where the next one begins."""
    offsets = part.segment.array(part.meta["documents"]).whole()
    return len(offsets) == rows + 1 and bool((np.diff(offsets.astype(np.int64)) > 0).all())


def _invariants(part: Part) -> Iterator[str]:
    records = part.tables.records
    if records.row_count != part.entry.rows:
        yield f"it holds {records.row_count} records and the manifest says {part.entry.rows}."
    dead = part.dead
    if dead is not None and (len(dead) != part.entry.dead_rows or not _ascends(dead, part.entry.rows)):
        yield f"the superseded rows in {part.entry.dead} are not rows of it in order."
    if not _follow_one_another(part, records.row_count):
        yield "its documents do not stand one after another."
    order, rank = records.ties_order, records.ties_rank
    if order is None or rank is None or not _is_permutation(order.whole(), records.row_count):
        yield "the order of ties is not a permutation of its records."
    elif not (rank.whole()[order.whole()] == np.arange(records.row_count)).all():
        yield "the rank of ties does not invert their order."
    for key in part.segment.keys(_TABLE):
        table = part.tables.get(key.removeprefix(_TABLE))
        if table is not None:
            yield from _check_table(table)


def _check_table(table: Table) -> Iterator[str]:
    if table.path:
        parents, bounds = table.parents.whole().astype(np.int64), table.bounds.whole().astype(np.int64)
        if (np.diff(parents) < 0).any() or len(parents) != table.row_count:
            yield f"the elements of {table.path!r} do not follow the rows above."
        elif not np.array_equal(bounds, np.searchsorted(parents, np.arange(len(bounds)))):
            yield f"the bounds of {table.path!r} are not those of its elements."
    for key in table.column_keys():
        column = table.column(key)
        if column is not None:
            yield from (f"column {key!r} of table {table.path!r}: {what}" for what in _check_column(column, table))


def _check_column(column: Column, table: Table) -> Iterator[str]:
    codes = column.all_codes().astype(np.int64)
    present = codes < column.absent
    if len(codes) != table.row_count or int(present.sum()) != column.present:
        yield f"{int(present.sum())} rows have it and its entry says {column.present}."
    if (codes > column.absent).any():
        yield "a code is larger than that of an absent value."
    if column.at is not None and not _ascends(column.at.whole(), table.row_count):
        yield "its rows are not rows of the table in order."
    yield from _check_order(column, codes, table)
    yield from _check_entries(column)


def _check_order(column: Column, codes: Any, table: Table) -> Iterator[str]:  # noqa: ANN401 - an int64 array
    if column.is_constant:
        return
    order = column.rows_at(0, column.present)
    if not np.array_equal(np.sort(order), np.flatnonzero(codes < column.absent)):
        yield "its sort order is not a permutation of the rows that have it."
        return
    groups = codes[order]
    if column.groups is not None:
        last = int(column.groups.whole()[-1]) + 1
        groups = np.append(column.groups.whole().astype(np.int64), last)[groups]
    rank = np.arange(table.row_count) if table.ties_rank is None else table.ties_rank.whole()
    if not np.array_equal(np.lexsort((rank[order], groups)), np.arange(len(order))):
        yield "its sort order is not by value, then by tie."
    if column.starts is not None:
        starts = column.starts.whole().astype(np.int64)
        if not np.array_equal(starts, np.searchsorted(groups, np.arange(len(starts)))):
            yield "the beginnings of its values are not where they begin."


def _check_entries(column: Column) -> Iterator[str]:
    if column.is_numeric:
        numbers = [column.number(code) for code in range(len(column.numbers))]
        spelled = column.groups is not None or column.json_numbers is not None
        if any(after < before or (after == before and not spelled) for before, after in pairwise(numbers)):
            yield "its numbers do not ascend."
    elif column.has_texts and not _texts_ascend(column.texts, column.readable):
        yield "its dictionary is not sorted."


def _texts_ascend(texts: Texts, count: int) -> bool:
    before = None
    for at in range(count):
        current = texts.encoded(at)
        if before is not None and current <= before:
            return False
        before = current
    return True


def _ascends(rows: Any, row_count: int) -> bool:  # noqa: ANN401 - an array of row numbers
    return bool((np.diff(rows.astype(np.int64)) > 0).all()) and (not len(rows) or int(rows[-1]) < row_count)


def _is_permutation(rows: Any, row_count: int) -> bool:  # noqa: ANN401 - an array of row numbers
    return np.array_equal(np.sort(rows), np.arange(row_count))
