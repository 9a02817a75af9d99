"""Makes one segment out of runs: rows in time order, then every column, a few at a time.

Memory holds some columns and the numbering of rows, whatever the size of the dump. Which records win is decided before
(`resolution.py`); this module only writes those that are kept. Columns are laid out by a pool (`columns.py`).
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from smsearch.frozen import replace
from smsearch.ingest import columns, row_numbers, spilled_documents
from smsearch.ingest.batches import batches
from smsearch.ingest.progress import ignore
from smsearch.ingest.row_numbers import DROPPED
from smsearch.ingest.workers import give_back_memory
from smsearch.schema import catalogue, value_kinds
from smsearch.store import child_table, exported, sources, tiebreak
from smsearch.store.address import LEVEL, PIECE, ROOT, column_key, escaped, table_key
from smsearch.store.encoded_column import laid_out
from smsearch.store.identities import joined
from smsearch.store.segment import SegmentWriter
from smsearch.store.sorted_index import stable_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from smsearch.ingest.columns import SpilledColumn
    from smsearch.ingest.progress import Advance
    from smsearch.ingest.row_numbers import RowNumbers
    from smsearch.ingest.runs import Run
    from smsearch.ingest.workers import Pool
    from smsearch.store.column_metadata import ColumnMetadata
    from smsearch.store.encoded_column import EncodedColumn

BATCHES_AHEAD: Final = 2
"""Batches of columns that are asked for ahead of the one that is written: memory holds no more."""
ALONE_FROM: Final = 128 << 20
"""Spilled bytes of a column, in all runs, from which no other is laid out beside it. The times of the transitions of a
million jobs have 60 MB; two such columns of five million side by side would be most of a build's memory."""


class WrittenSegment(NamedTuple):
    """A segment that was written: its bytes, and for each of its rows the place among the rows of all runs."""

    size: int
    order: NDArray[np.uint32]


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
    with SegmentWriter(path, advance) as writer, TemporaryDirectory(prefix="rows-", dir=path.parent) as numbers:
        return _written(runs, kept, Path(numbers), writer, pool, compress=compress)


def _written(
    runs: list[Run], kept: list[NDArray[np.bool_]], folder: Path, writer: SegmentWriter, pool: Pool, *, compress: bool
) -> WrittenSegment:
    resource = catalogue.resource(runs[0].resource)
    order = _time_order(runs, kept)
    numbers = _in_time_order(runs, order, folder / "records")
    every = {column.key: column for column in columns.spilled_columns(runs, ROOT)}
    identity = [every[key] for key in map(PIECE.join, resource.identity) if key in every]
    tiebreak_rank = _write_records(runs, identity, numbers, writer, pool, compress=compress)
    rest = [column for column in every.values() if column not in identity]
    give_back_memory()
    _write_columns(rest, ROOT, numbers, tiebreak_rank, writer, pool)
    del every, identity, rest, tiebreak_rank
    writer.amend(table_key(ROOT), {"extras": _extras(runs, writer)})
    paths = sorted({path for run in runs for path in run.tables}, key=lambda path: (path.count(LEVEL), path))
    numbers_of = {ROOT: numbers}
    above = {table.rpartition(LEVEL)[0] for table in paths}
    for at, table in enumerate(paths):
        own = _write_list(runs, table, numbers_of[table.rpartition(LEVEL)[0]], folder / str(at), writer, pool)
        if table in above:
            numbers_of[table] = own
        else:
            own.path.unlink()
        give_back_memory()
    return WrittenSegment(writer.close(), order)


def _write_records(
    runs: list[Run],
    identity: list[SpilledColumn],
    numbers: RowNumbers,
    writer: SegmentWriter,
    pool: Pool,
    *,
    compress: bool,
) -> NDArray[np.uint32]:
    """Writes the documents, what tells records apart and where they were read; returns the rank of each row in ties."""
    resource = catalogue.resource(runs[0].resource)
    documents = spilled_documents.of(runs, numbers)
    with ThreadPoolExecutor(1) as beside:
        encoding = beside.submit(_encoded, identity, numbers, pool)
        stored = documents.write_compressed(writer) if compress else documents.write(writer)
        encoded, spelled = encoding.result()
        del encoding, documents
    tiebreak_order, tiebreak_rank = tiebreak.order_and_rank(
        [spelled.get(key) or encoded.get(key) for key in map(PIECE.join, resource.identity)], numbers.count
    )
    spelled.clear()
    is_kept = [numbers.of(at) != DROPPED for at in range(len(runs))]
    order = np.empty(numbers.count, np.intp)
    order[np.concatenate([numbers.of(at)[mask] for at, mask in enumerate(is_kept)])] = np.arange(numbers.count)
    kept = list(zip(runs, is_kept, strict=True))
    writer.entry(
        table_key(ROOT),
        {
            "rows": numbers.count,
            "resource": resource.name,
            **stored,
            "ties_order": tiebreak_order,
            "ties_rank": tiebreak_rank,
            **joined([run.identities.of(mask) for run, mask in kept]).of(order).arrays(),
            **_exported(runs, numbers),
        },
    )
    writer.entry(sources.KEY, sources.entry(sources.joined([run.origins.of(mask) for run, mask in kept]).of(order)))
    _write_encoded(encoded, numbers.count, tiebreak_rank, writer)
    return tiebreak_rank


def _encoded(
    identity: list[SpilledColumn], numbers: RowNumbers, pool: Pool
) -> tuple[dict[str, EncodedColumn | None], dict[str, EncodedColumn | None]]:
    """The columns that identify records by key, and spelled those whose values are no texts, since ties go by texts.

    They are encoded one after another, since each has all names: side by side, they would be most of a build's memory.
    """
    as_texts = [replace(column, kind=value_kinds.TEXT) for column in identity if column.kind != value_kinds.TEXT]
    encoded, spelled = (
        {column.key: pool.submit(columns.encoded, column, numbers).result() for column in some}
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
    count = sum(int(mask.sum()) for mask in kept)
    if count <= rows_max:
        yield from [kept] if count else []
        return
    order = _time_order(runs, kept)
    bounds = np.cumsum([len(run.lengths) for run in runs])[:-1]
    for start in range(0, len(order), rows_max):
        mask = np.zeros(sum(len(run.lengths) for run in runs), dtype=bool)
        mask[order[start : start + rows_max]] = True
        yield np.split(mask, bounds)


def _time_order(runs: list[Run], kept: list[NDArray[np.bool_]]) -> NDArray[np.uint32]:
    """The kept records by CreationTime, those without one last, else in the order they were read."""
    times = np.concatenate([run.created() for run in runs])
    rows = np.flatnonzero(np.concatenate(kept))
    return rows[np.argsort(times[rows], kind="stable")].astype(np.uint32)


def _in_time_order(runs: list[Run], order: NDArray[np.uint32], path: Path) -> RowNumbers:
    """New rows in the order of time."""
    rows = np.full(sum(len(run.lengths) for run in runs), DROPPED, np.uint32)
    rows[order] = np.arange(len(order), dtype=np.uint32)
    return row_numbers.write(path, np.split(rows, np.cumsum([len(run.lengths) for run in runs])[:-1]), len(order))


def _exported(runs: list[Run], numbers: RowNumbers) -> dict[str, object]:
    """What exports had in other types, for the rows that have any: their numbers, ascending, and the JSON of each."""
    by_row = {
        int(numbers.of(at)[row]): written
        for at, run in enumerate(runs)
        if run.exported is not None
        for row, written in run.exported.load().items()
        if numbers.of(at)[row] != DROPPED
    }
    return exported.members(by_row)


def _write_columns(
    every: list[SpilledColumn],
    table: str,
    numbers: RowNumbers,
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
        is_alone = batch[0].size >= ALONE_FROM
        while waiting and is_alone:
            write_next()
        waiting.append((batch, pool.submit(columns.laid_out, batch, numbers, tiebreak_rank)))
        if is_alone or len(waiting) > BATCHES_AHEAD:
            write_next()
    while waiting:
        write_next()


def _write_list(
    runs: list[Run], table: str, above: RowNumbers, path: Path, writer: SegmentWriter, pool: Pool
) -> RowNumbers:
    """Writes the table of a list: its elements in the order of the rows above, then in their own."""
    masks: list[NDArray[np.bool_]] = []
    parts: list[NDArray[np.uint32]] = []
    for at, run in enumerate(runs):
        local = run.tables[table].load() if table in run.tables else np.empty(0, np.uint32)
        rows = above.of(at)[local]
        masks.append(rows != DROPPED)
        parts.append(rows[masks[-1]])
    parents = np.concatenate(parts)
    parts.clear()
    order = stable_order(parents)
    writer.entry(table_key(table), child_table.members(parents[order], above.count))
    places = np.empty(len(order), np.uint32)
    places[order] = np.arange(len(order), dtype=np.uint32)
    del parents, order
    numbers = row_numbers.write(path, _spread(places, masks), len(places))
    del places, masks
    give_back_memory()
    _write_columns(columns.spilled_columns(runs, table), table, numbers, None, writer, pool)
    return numbers


def _spread(places: NDArray[np.uint32], masks: list[NDArray[np.bool_]]) -> Iterator[NDArray[np.uint32]]:
    """The places of kept rows among all rows, run by run."""
    start = 0
    for mask in masks:
        rows = np.full(len(mask), DROPPED, np.uint32)
        end = start + int(np.count_nonzero(mask))
        rows[mask] = places[start:end]
        start = end
        yield rows
