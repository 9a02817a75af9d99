"""Makes one segment out of runs: rows in time order, then every column, a few at a time.

Memory holds some columns and the numbering of rows, whatever the size of the dump. Which records win is decided before
(`resolution.py`); this module only writes those that are kept. Columns are laid out by a pool (`columns.py`).
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from smsearch.frozen import replace
from smsearch.ingest import columns, spilled_documents
from smsearch.ingest.batches import batches
from smsearch.ingest.flattened import DROPPED
from smsearch.ingest.progress import ignore
from smsearch.ingest.workers import give_back_memory
from smsearch.schema import catalogue, value_kinds
from smsearch.store import child_table, exported, sources, tiebreak
from smsearch.store.address import LEVEL, PIECE, ROOT, column_key, escaped, table_key
from smsearch.store.encoded_column import laid_out
from smsearch.store.identities import joined
from smsearch.store.segment import SegmentWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.ingest.columns import SpilledColumn
    from smsearch.ingest.progress import Advance
    from smsearch.ingest.runs import Run
    from smsearch.ingest.workers import Pool
    from smsearch.store.column_metadata import ColumnMetadata
    from smsearch.store.encoded_column import EncodedColumn

BATCHES_AHEAD: Final = 2
"""Batches of columns that are asked for ahead of the one that is written: memory holds no more."""


@dataclass(frozen=True, slots=True)
class _Numbering:
    """The new row of each row of each run, `DROPPED` for one that is not kept, and how many are kept."""

    rows: list[NDArray[np.uint32]]
    count: int


class WrittenSegment(NamedTuple):
    """A segment that was written: its bytes, and for each of its rows the place among the rows of all runs."""

    size: int
    order: NDArray[np.intp]


def write_segment(
    runs: list[Run],
    kept: list[NDArray[np.bool_]],
    path: Path,
    pool: Pool,
    advance: Advance = ignore,
    *,
    compress: bool = False,
) -> WrittenSegment:
    """Writes the kept records of some runs of one resource as a segment.

    Args:
        runs: The runs, all of one resource.
        kept: For each run, which of its records to keep; one at least.
        path: The file to write.
        pool: Who lays out the columns.
        advance: Is given the bytes that were written since it was told last; all in all about the runs' own.
        compress: Whether to compress the documents.

    Returns:
        The size of the file, and the order of its rows.
    """
    with SegmentWriter(path, advance) as writer:
        return _written(runs, kept, writer, pool, compress=compress)


def _written(
    runs: list[Run], kept: list[NDArray[np.bool_]], writer: SegmentWriter, pool: Pool, *, compress: bool
) -> WrittenSegment:
    resource = catalogue.resource(runs[0].resource)
    numbering = _in_time_order(runs, kept)
    every = {column.key: column for column in columns.spilled_columns(runs, ROOT)}
    identity = [every[key] for key in map(PIECE.join, resource.identity) if key in every]
    documents = spilled_documents.of(runs, numbering.rows, numbering.count)
    with ThreadPoolExecutor(1) as beside:
        encoding = beside.submit(_encoded, identity, numbering, pool)
        stored = documents.write_compressed(writer) if compress else documents.write(writer)
        encoded, spelled = encoding.result()
        del encoding, documents
    tiebreak_order, tiebreak_rank = tiebreak.order_and_rank(
        [spelled.get(key) or encoded.get(key) for key in map(PIECE.join, resource.identity)], numbering.count
    )
    spelled.clear()
    writer.entry(
        table_key(ROOT),
        {
            "rows": numbering.count,
            "resource": resource.name,
            **stored,
            "ties_order": tiebreak_order,
            "ties_rank": tiebreak_rank,
            **_identity(runs, numbering),
            **_exported(runs, numbering),
        },
    )
    writer.entry(sources.KEY, sources.entry(_origins(runs, numbering)))
    _write_encoded(encoded, numbering.count, tiebreak_rank, writer)
    rest = [column for column in every.values() if column not in identity]
    _write_columns(rest, ROOT, numbering, tiebreak_rank, writer, pool)
    writer.amend(table_key(ROOT), {"extras": _extras(runs, writer)})
    paths = sorted({path for run in runs for path in run.tables}, key=lambda path: (path.count(LEVEL), path))
    numberings = {ROOT: numbering}
    above = {table.rpartition(LEVEL)[0] for table in paths}
    for table in paths:
        own = _write_list(runs, table, numberings[table.rpartition(LEVEL)[0]], writer, pool)
        if table in above:
            numberings[table] = own
        give_back_memory()
    return WrittenSegment(writer.close(), _order(numbering))


def _encoded(
    identity: list[SpilledColumn], numbering: _Numbering, pool: Pool
) -> tuple[dict[str, EncodedColumn | None], dict[str, EncodedColumn | None]]:
    """The columns that identify records by key, and spelled those whose values are no texts, since ties go by texts.

    They are encoded one after another, since each has all names: side by side, they would be most of a build's memory.
    """
    as_texts = [replace(column, kind=value_kinds.TEXT) for column in identity if column.kind != value_kinds.TEXT]
    encoded, spelled = (
        {column.key: pool.submit(columns.encoded, column, numbering.rows).result() for column in some}
        for some in (identity, as_texts)
    )
    return encoded, spelled


def _write_encoded(
    encoded: dict[str, EncodedColumn | None],
    row_count: int,
    tiebreak_rank: NDArray[np.uint32] | None,
    writer: SegmentWriter,
) -> None:
    """Writes columns that are encoded already, and lets go of each."""
    for key in sorted(encoded):
        if (one := encoded.pop(key)) is not None:
            writer.entry(column_key(ROOT, key), laid_out(one, row_count, tiebreak_rank).members())


def _extras(runs: list[Run], writer: SegmentWriter) -> dict[str, list[str]]:
    """The plain fields that the service model does not know and a kept record has: those with a value in their column.

    A column without one is of lists and objects, where only records that were superseded had something plain.
    """
    paths = {dotted: path for run in runs for dotted, path in run.extras.items()}
    keys = {dotted: column_key(ROOT, PIECE.join(map(escaped, path))) for dotted, path in paths.items()}
    return {dotted: list(path) for dotted, path in paths.items() if writer.member(keys[dotted], "readable")}


def in_time_slices(runs: list[Run], kept: list[NDArray[np.bool_]], rows_max: int) -> Iterator[list[NDArray[np.bool_]]]:
    """The kept records in slices of at most some rows each, older ones first, as masks like `kept`."""
    if not runs:
        return
    order = _time_order(runs, kept)
    bounds = np.cumsum([len(run.lengths) for run in runs])[:-1]
    for start in range(0, len(order), rows_max):
        mask = np.zeros(sum(len(run.lengths) for run in runs), dtype=bool)
        mask[order[start : start + rows_max]] = True
        yield np.split(mask, bounds)


def _time_order(runs: list[Run], kept: list[NDArray[np.bool_]]) -> NDArray[np.intp]:
    """The kept records by CreationTime, those without one last, else in the order they were read."""
    times = np.concatenate([run.created() for run in runs])
    order = np.flatnonzero(np.concatenate(kept))
    return order[np.argsort(times[order], kind="stable")]


def _in_time_order(runs: list[Run], kept: list[NDArray[np.bool_]]) -> _Numbering:
    """New rows in the order of time."""
    order = _time_order(runs, kept)
    rows = np.full(sum(len(run.lengths) for run in runs), DROPPED, np.uint32)
    rows[order] = np.arange(len(order), dtype=np.uint32)
    return _Numbering(np.split(rows, np.cumsum([len(run.lengths) for run in runs])[:-1]), len(order))


def _identity(runs: list[Run], numbering: _Numbering) -> dict[str, NDArray[Any]]:
    """What tells records apart, row by row, for dumps that are added later (`identities.py`)."""
    return joined([run.identities for run in runs]).of(_order(numbering)).arrays()


def _origins(runs: list[Run], numbering: _Numbering) -> sources.Origins:
    """Where the records were read, row by row."""
    return sources.joined([run.origins for run in runs]).of(_order(numbering))


def _order(numbering: _Numbering) -> NDArray[np.intp]:
    """For each new row its place among the rows of all runs; dropped rows have the largest number."""
    return np.argsort(np.concatenate(numbering.rows), kind="stable")[: numbering.count]


def _exported(runs: list[Run], numbering: _Numbering) -> dict[str, object]:
    """What exports had in other types, for the rows that have any: their numbers, ascending, and the JSON of each."""
    by_row = {
        int(rows[row]): written
        for run, rows in zip(runs, numbering.rows, strict=True)
        if run.exported is not None
        for row, written in run.exported.load().items()
        if rows[row] != DROPPED
    }
    return exported.members(by_row)


def _write_columns(
    every: list[SpilledColumn],
    table: str,
    numbering: _Numbering,
    tiebreak_rank: NDArray[np.uint32] | None,
    writer: SegmentWriter,
    pool: Pool,
) -> None:
    """Writes columns of a table in their order, laid out ahead by the pool."""
    waiting: deque[tuple[list[SpilledColumn], Future[list[ColumnMetadata[NDArray[Any]] | None]]]] = deque()

    def write_next() -> None:
        batch, future = waiting.popleft()
        for column, metadata in zip(batch, future.result(), strict=True):
            if metadata is not None:
                writer.entry(column_key(table, column.key), metadata.members())

    for batch in batches(every, attrgetter("size"), columns.BATCH_BYTES):
        waiting.append((batch, pool.submit(columns.laid_out, batch, numbering.rows, numbering.count, tiebreak_rank)))
        if len(waiting) > BATCHES_AHEAD:
            write_next()
    while waiting:
        write_next()


def _write_list(runs: list[Run], table: str, above: _Numbering, writer: SegmentWriter, pool: Pool) -> _Numbering:
    """Writes the table of a list: its elements in the order of the rows above, then in their own."""
    parents = []
    for run, rows in zip(runs, above.rows, strict=True):
        local = run.tables[table].load() if table in run.tables else np.empty(0, np.uint32)
        parents.append(rows[local])
    every = np.concatenate(parents)
    order = np.flatnonzero(every != DROPPED)
    order = order[np.argsort(every[order], kind="stable")]
    rows = np.full(len(every), DROPPED, np.uint32)
    rows[order] = np.arange(len(order), dtype=np.uint32)
    numbering = _Numbering(np.split(rows, np.cumsum([len(part) for part in parents])[:-1]), len(order))
    writer.entry(table_key(table), child_table.members(every[order], above.count))
    _write_columns(columns.spilled_columns(runs, table), table, numbering, None, writer, pool)
    return numbering
