"""Makes one segment out of runs: rows in time order, then every column, one at a time.

Memory holds one column and the numbering of rows, whatever the size of the dump. Which records win is decided before
(`winners.py`); this module only writes those that are kept.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from smsearch.ingest.runs import DROPPED, join
from smsearch.ingest.winners import joined
from smsearch.schema import catalogue
from smsearch.store import entries
from smsearch.store.address import LEVEL, PIECE, ROOT, column_key, table_key
from smsearch.store.layout import column_entry
from smsearch.store.segment import SegmentWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Future
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.ingest.runs import Run
    from smsearch.store.layout import Coded

_COPY_ROWS: Final = 1_000
THREADS: Final = 2
"""Columns that are sorted side by side."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Numbering:
    """The new row of each row of each run, `DROPPED` for one that is not kept, and how many are kept."""

    rows: list[NDArray[np.uint32]]
    count: int


def write_segment(runs: list[Run], kept: list[NDArray[np.bool_]], path: Path) -> int:
    """Writes the kept records of some runs of one resource as a segment.

    Args:
        runs: The runs, all of one resource.
        kept: For each run, which of its records to keep; one at least.
        path: The file to write.

    Returns:
        The size of the file in bytes.
    """
    resource = catalogue.resource(runs[0].resource)
    writer = SegmentWriter(path)
    numbering = _in_time_order(runs, kept)
    offsets = _write_documents(runs, numbering, writer)
    arn, name = ((ROOT, PIECE.join(path)) for path in (resource.arn, resource.name_path))
    coded = {key: _coded(runs, numbering, key) for key in (arn, name)}
    ties_order = _ties(coded[arn], coded[name], numbering.count)
    ties_rank = np.empty(numbering.count, np.uint32)
    ties_rank[ties_order] = np.arange(numbering.count, dtype=np.uint32)
    extras = {dotted: list(path) for run in runs for dotted, path in run.extras.items()}
    identity = _identity(runs, numbering)
    writer.entry(
        table_key(ROOT),
        {
            "rows": numbering.count,
            "resource": resource.name,
            "documents": offsets,
            "ties_order": ties_order,
            "ties_rank": ties_rank,
            "extras": extras,
            **identity,
        },
    )
    _write_columns(runs, ROOT, numbering, writer, ties_rank, coded)
    paths = sorted({path for run in runs for path in run.tables}, key=lambda path: (path.count(LEVEL), path))
    numberings = {ROOT: numbering}
    for table in paths:
        above = numberings[table.rpartition(LEVEL)[0]]
        numberings[table] = _write_list(runs, table, above, writer)
    return writer.close()


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
    resource = catalogue.resource(runs[0].resource)
    key = (ROOT, PIECE.join((*resource.arn[:-1], "CreationTime")))
    starts = np.cumsum([0, *(len(run.lengths) for run in runs)])
    times = np.full(int(starts[-1]), np.iinfo(np.int64).max)
    for run, start in zip(runs, starts.tolist(), strict=False):
        if key in run.columns:
            raw = run.load(run.columns[key][1:])
            times[start + raw.integer_rows] = raw.integers
    order = np.flatnonzero(np.concatenate(kept))
    return order[np.argsort(times[order], kind="stable")]


def _in_time_order(runs: list[Run], kept: list[NDArray[np.bool_]]) -> _Numbering:
    """New rows in the order of time."""
    order = _time_order(runs, kept)
    rows = np.full(sum(len(run.lengths) for run in runs), DROPPED, np.uint32)
    rows[order] = np.arange(len(order), dtype=np.uint32)
    return _Numbering(np.split(rows, np.cumsum([len(run.lengths) for run in runs])[:-1]), len(order))


def _write_documents(runs: list[Run], numbering: _Numbering, writer: SegmentWriter) -> NDArray[np.uint64]:
    """Writes the documents row by row; returns where each begins, and the end."""
    lengths = np.zeros(numbering.count, np.uint32)
    sources = np.zeros(numbering.count, np.uint32)
    places = np.zeros(numbering.count, np.uint64)
    for at, (run, rows) in enumerate(zip(runs, numbering.rows, strict=True)):
        here = rows != DROPPED
        lengths[rows[here]] = run.lengths[here]
        sources[rows[here]] = at
        places[rows[here]] = (np.cumsum(run.lengths, dtype=np.uint64) - run.lengths)[here]
    with ExitStack() as stack:
        files = [stack.enter_context(run.path.open("rb", buffering=0)).fileno() for run in runs]
        for span in _spans(sources, places, lengths):
            file = files[int(sources[span.start])]
            # Read and not mapped, so that the dump does not count as this process's memory.
            writer.write(os.pread(file, int(lengths[span].sum()), int(places[span.start])))
    offsets = np.zeros(numbering.count + 1, np.uint64)
    np.cumsum(lengths, dtype=np.uint64, out=offsets[1:])
    return offsets


def _spans(sources: NDArray[np.uint32], places: NDArray[np.uint64], lengths: NDArray[np.uint32]) -> Iterator[slice]:
    """Rows in a row whose documents stand one after another in one run, some megabytes at a time."""
    follows = (sources[1:] == sources[:-1]) & (places[1:] == places[:-1] + lengths[:-1])
    starts = np.append(0, np.flatnonzero(~follows) + 1)
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(lengths)], strict=True):
        for first in range(start, end, _COPY_ROWS):
            yield slice(first, min(first + _COPY_ROWS, end))


def _coded(runs: list[Run], numbering: _Numbering, key: tuple[str, str]) -> Coded | None:
    """A column over all runs; None if no kept record has it."""
    kinds = [run.columns[key][0] for run in runs if key in run.columns]
    if not kinds:
        return None
    parts = [
        (run.load(run.columns[key][1:]), rows)
        for run, rows in zip(runs, numbering.rows, strict=True)
        if key in run.columns
    ]
    coded = entries.code(kinds[0], join(parts))
    return coded if len(coded.rows) else None


def _ties(arn: Coded | None, name: Coded | None, count: int) -> NDArray[np.uint32]:
    """All rows by ARN, then name; without one counts as the empty text (row S4)."""
    keys = []
    for coded in (name, arn):
        key = np.zeros(count, np.int64)
        if coded is not None:
            key[coded.rows] = coded.codes.astype(np.int64) + 1
        keys.append(key)
    return np.lexsort(keys).astype(np.uint32)


def _identity(runs: list[Run], numbering: _Numbering) -> dict[str, NDArray[Any]]:
    """What tells records apart, row by row, for dumps that are added later (`winners.py`)."""
    every = joined([run.identities for run in runs])
    rows = np.concatenate(numbering.rows)
    order = np.argsort(rows, kind="stable")[: numbering.count]  # dropped rows have the largest number
    return {
        "arns": every.arns[order],
        "names": every.names[order],
        "modified": every.modified[order],
        "full": every.full[order],
        "contents": every.contents[order],
    }


def _write_columns(
    runs: list[Run],
    table: str,
    numbering: _Numbering,
    writer: SegmentWriter,
    ties: NDArray[np.uint32] | None = None,
    ready: Mapping[tuple[str, str], Coded | None] = MappingProxyType({}),
) -> None:
    """Writes the columns of a table; `ready` holds those that were coded already."""
    keys = sorted({key for run in runs for path, key in run.columns if path == table})

    def laid_out(key: str) -> dict[str, Any] | None:
        place = (table, key)
        coded = ready[place] if place in ready else _coded(runs, numbering, place)
        return None if coded is None else column_entry(coded, numbering.count, ties)

    for key, entry in zip(keys, _ahead(laid_out, keys), strict=True):
        if entry is not None:
            writer.entry(column_key(table, key), entry)


def _ahead(work: Callable[[str], _T], keys: list[str]) -> Iterator[_T]:
    """The results of some work in order, worked on ahead by threads: sorting holds no interpreter lock."""
    with ThreadPoolExecutor(THREADS) as pool:
        pending: deque[Future[_T]] = deque()
        for key in keys:
            pending.append(pool.submit(work, key))
            if len(pending) > 2 * THREADS:  # so that memory holds a few columns, not all
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _write_list(runs: list[Run], table: str, above: _Numbering, writer: SegmentWriter) -> _Numbering:
    """Writes the table of a list: its elements in the order of the rows above, then in their own."""
    parents = []
    for run, rows in zip(runs, above.rows, strict=True):
        local = run.load(run.tables[table]) if table in run.tables else np.empty(0, np.uint32)
        parents.append(rows[local])
    every = np.concatenate(parents)
    order = np.flatnonzero(every != DROPPED)
    order = order[np.argsort(every[order], kind="stable")]
    rows = np.full(len(every), DROPPED, np.uint32)
    rows[order] = np.arange(len(order), dtype=np.uint32)
    numbering = _Numbering(np.split(rows, np.cumsum([len(part) for part in parents])[:-1]), len(order))
    bounds = np.zeros(above.count + 1, np.int64)
    np.cumsum(np.bincount(every[order], minlength=above.count), out=bounds[1:])
    writer.entry(
        table_key(table),
        {
            "rows": numbering.count,
            "parents": every[order].astype(np.uint32),
            "bounds": bounds.astype(np.min_scalar_type(numbering.count)),
        },
    )
    _write_columns(runs, table, numbering, writer)
    return numbering
