"""Builds a store from exports, and adds dumps to one.

Records are read and flattened by several processes into runs on disk, the winners among them (and what the store holds)
are decided over identities alone, and each resource's are written as one segment. Nothing of the old store is touched
until the new manifest is renamed over its own.
"""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import numpy as np

from smsearch import occupied
from smsearch.errors import ExportError
from smsearch.ingest import folders, sources, stored
from smsearch.ingest.meter import meter
from smsearch.ingest.pieces import Piece, PieceRead, cut, read_piece
from smsearch.ingest.report import Report
from smsearch.ingest.runs import Run, RunWriter
from smsearch.ingest.segments import in_time_slices, write_segment
from smsearch.ingest.winners import Identities, joined, winners
from smsearch.ingest.workers import Inline, Workers
from smsearch.schema import catalogue
from smsearch.schema.arns import account_of
from smsearch.store import manifest, retention, store
from smsearch.store.address import PIECE
from smsearch.store.manifest import Manifest, SegmentEntry
from smsearch.store.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from smsearch.ingest.sources import Progress, Told
    from smsearch.ingest.workers import Pool
    from smsearch.store.store import Part

SIDE_BY_SIDE_FROM: Final = 16 << 20
"""Bytes from which other processes are worth starting: a fresh one takes as long as reading some megabytes."""
SEGMENT_ROWS_MAX: Final = 2_000_000
"""Records of one segment: a build's memory grows with the columns of one, some 1.5 GB for these."""
SMALL_SEGMENTS_MAX: Final = 8
"""Segments of one resource, of less than half that size, beyond which an addition writes them as one."""
DEAD_SHARE: Final = 4
"""A segment of which more than one record in this many is superseded is written anew by the next addition."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a store is written: its folder, where runs are spilled, who lays out the columns, and who is told."""

    folder: Path
    working: Path
    pool: Pool
    told: Told


def build(
    names: Iterable[str],
    folder: Path,
    *,
    add: bool = False,
    progress: Progress | None = None,
    written: Progress | None = None,
    processes: int | None = None,
) -> Report:
    """Makes a store of exports, or adds them to one.

    Args:
        names: Files, folders, globs, `-`.
        folder: The store; made if it is not there.
        add: Whether to keep what the store holds; a newer record of one resource replaces the older.
        progress: Is told how many bytes were read, and of how many.
        written: Is told afterwards how many bytes of segments were written, and of how many, about.
        processes: How many read side by side; left out, one for each processor.

    Returns:
        What was read, stored, superseded and skipped.

    Raises:
        ExportError: A source that is not there.
        StoreError: Another writer is at work, the store to add to is damaged or of another version, or the folder
            holds other files.
    """
    found = sources.find(names)
    folders.refuse_to_store(folder)
    with occupied.writing(folder, manifest.MANIFEST):
        retention.sweep(folder)
        old = store.Store(folder) if add and os.path.lexists(folder / manifest.MANIFEST) else None
        working = occupied.working(folder, os.getpid())
        working.mkdir()
        try:
            pieces = [piece for source in found for piece in cut(source)]
            with _pool(pieces, processes or os.cpu_count() or 1) as pool:
                read = _read_all(pieces, working, progress, pool)
                told = meter(written, sum(run.size for run in read.runs))
                new = _write(read, old, Place(folder, working, pool, told))
            manifest.write_manifest(folder, retention.succeed(new, folder, int(time.time())))
        finally:
            shutil.rmtree(working, ignore_errors=True)
        retention.sweep(folder)
    return read.report


def _pool(pieces: list[Piece], processes: int) -> Inline | Workers:
    """Who does the work: other processes, where there is enough of it to be worth starting them."""
    small = sum(piece.size for piece in pieces) < SIDE_BY_SIDE_FROM
    return Inline() if processes == 1 or small else Workers(processes)


def _read_all(pieces: list[Piece], working: Path, progress: Progress | None, pool: Pool) -> PieceRead:
    """Reads every piece into runs, in the order of the pieces."""
    told = meter(progress, sum(piece.size for piece in pieces))
    futures = [pool.submit_telling(told, read_piece, piece, working, str(at)) for at, piece in enumerate(pieces)]
    parts = [_result(piece, future) for piece, future in zip(pieces, futures, strict=True)]
    report, runs = Report(), list[Run]()
    for part in _whole_where_cut_wrongly(pieces, parts, working, pool):
        report.add(part.report)
        runs += part.runs
    report.merge_files()
    return PieceRead(runs, report)


def _result(piece: Piece, future: Future[PieceRead]) -> PieceRead:
    try:
        return future.result()
    except ExportError as error:
        raise ExportError(
            error.message, file=error.file or piece.source.name, line=error.line, hint=error.hint
        ) from None
    except Exception as error:
        error.add_note(f"while {piece.source.name} was read")
        raise


def _whole_where_cut_wrongly(
    pieces: list[Piece], parts: list[PieceRead], working: Path, pool: Pool
) -> Iterator[PieceRead]:
    """What was read, in order; a file that was cut as lines, and is none, is read again as a whole."""
    read = zip(pieces, parts, strict=True)
    wrong = dict.fromkeys(piece.source for piece, part in read if piece.is_cut and not part.is_lines)
    again = {
        source: pool.submit_telling(lambda _: None, read_piece, Piece(source), working, f"whole-{at}")
        for at, source in enumerate(wrong)
    }
    for piece, part in zip(pieces, parts, strict=True):
        if piece.source not in again:
            yield part
        elif piece.start == 0:
            yield _result(piece, again[piece.source])


def _write(read: PieceRead, old: store.Store | None, place: Place) -> Manifest:
    """Writes the segments of every resource; returns the manifest that lists them."""
    entries: list[SegmentEntry] = []
    total_superseded = 0
    accounts = Counter(old.manifest.accounts if old else {})
    kinds = {run.resource for run in read.runs} | {part.entry.resource for part in (old.parts if old else [])}
    for resource in sorted(kinds, key=catalogue.kinds().index):
        runs = [run for run in read.runs if run.resource == resource]
        parts = [] if old is None else old.of(resource)
        written, superseded = _write_resource(runs, parts, accounts, place)
        entries += written
        total_superseded += superseded
    read.report.superseded = total_superseded
    return Manifest(tuple(entries), {account: count for account, count in accounts.items() if count > 0})


def _write_resource(
    runs: list[Run], parts: list[Part], accounts: Counter[str], place: Place
) -> tuple[list[SegmentEntry], int]:
    """The segments of one resource, and how many of the records just read were superseded.

    Args:
        runs: The records just read.
        parts: The segments that the store has of the resource.
        accounts: How many records each account has; brought up to date.
        place: Where to write.
    """
    identities = [_of_part(part) for part in parts] + [run.identities for run in runs]
    kept = winners(joined(identities))
    split = np.split(kept, np.cumsum([len(one) for one in identities])[:-1])
    old_kept, new_kept = split[: len(parts)], split[len(parts) :]
    fresh = sum(int(keep.sum()) for keep in new_kept)
    superseded = sum(len(keep) for keep in new_kept) - fresh
    for run, keep in zip(runs, new_kept, strict=True):
        accounts.update(dict(zip(run.account_names, np.bincount(run.accounts[keep]).tolist(), strict=False)))
    for part, keep in zip(parts, old_kept, strict=True):
        accounts.subtract(account_of(arn) for arn in _arns(part, np.flatnonzero(~keep)))
    entries = [_with_dead(part, keep, place.folder) for part, keep in zip(parts, old_kept, strict=True)]
    worn = _worn(entries, fresh)
    survivors = [entry for entry in entries if entry.dead_rows < entry.rows and entry.file not in worn]
    for part, keep in zip(parts, old_kept, strict=True):
        if part.entry.file in worn and keep.any():
            again = _rewritten(part, keep, place.working)
            runs, new_kept = [*again, *runs], [*(np.ones(len(run.lengths), bool) for run in again), *new_kept]
    slices = in_time_slices(runs, new_kept, SEGMENT_ROWS_MAX)
    survivors.extend(_new_segment(runs, slice_kept, place) for slice_kept in slices)
    return survivors, superseded


def _worn(entries: list[SegmentEntry], fresh: int) -> set[str]:
    """The segments to write anew: those with many superseded records, and the small ones when there are many."""
    worn = {entry.file for entry in entries if entry.dead_rows * DEAD_SHARE > entry.rows}
    small = {entry.file for entry in entries if entry.rows < SEGMENT_ROWS_MAX // 2}
    return worn | small if len(small) + bool(fresh) > SMALL_SEGMENTS_MAX else worn


def _of_part(part: Part) -> Identities:
    """The identities of a segment's records; the superseded ones are made older than anything."""
    arrays = {
        name: part.segment.array(part.meta[name]).whole() for name in ("arns", "names", "modified", "full", "contents")
    }
    identities = Identities(**arrays)
    if part.dead is None:
        return identities
    arns = identities.arns.reshape(-1, 2).copy()
    names = identities.names.reshape(-1, 2).copy()
    gone = np.zeros((len(part.dead), 2), np.uint64)
    gone[:, 0], gone[:, 1] = (
        part.dead,
        np.uint64(int.from_bytes(blake2b(part.entry.file.encode(), digest_size=8).digest(), "big")),
    )
    arns[part.dead] = gone  # an identity of its own: it wins nothing over a record that lives
    names[part.dead] = gone
    return replace(identities, arns=arns, names=names)


def _arns(part: Part, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Iterator[str]:
    """The ARNs of some rows of a segment, `""` for one without."""
    column = part.tables.records.column(PIECE.join(catalogue.resource(part.entry.resource).arn))
    for code in [] if column is None else column.codes_of(rows).tolist():
        yield column.texts[code] if column is not None and code < column.readable else ""


def _with_dead(part: Part, keep: np.ndarray[tuple[int], np.dtype[np.bool_]], folder: Path) -> SegmentEntry:
    """A segment's entry with the rows that are superseded now, those of before among them."""
    gone = ~keep
    if part.dead is not None:
        gone[part.dead] = True
    rows = np.flatnonzero(gone).astype(np.uint32)
    if len(rows) == part.entry.dead_rows:
        return part.entry
    return replace(part.entry, dead=store.write_dead(folder, rows), dead_rows=len(rows))


def _rewritten(part: Part, keep: np.ndarray[tuple[int], np.dtype[np.bool_]], working: Path) -> list[Run]:
    """The living records of a segment as runs, to be written with others."""
    writer = RunWriter(part.entry.resource, working, part.entry.file)
    for record in stored.records(part, keep & stored.living(part)):
        writer.add(record)
    writer.spill()
    return writer.runs


def _new_segment(runs: list[Run], kept: list[np.ndarray[tuple[int], np.dtype[np.bool_]]], place: Place) -> SegmentEntry:
    """Writes a segment under a name that says its content."""
    beside = place.working / "segment.new"
    rows = sum(int(keep.sum()) for keep in kept)
    size = write_segment(runs, kept, beside, place.pool, place.told)
    name = f"segment-{Segment(beside).digest}.smseg"
    beside.replace(place.folder / name)
    return SegmentEntry(name, runs[0].resource, rows, size)
