"""Builds a store from exports, and adds dumps to one.

Records are read and flattened by several processes into runs on disk, versions are resolved over identities
(`resolution.py`), and the records of each resource are written as one segment. Nothing of the old store is touched
until the new manifest is renamed over its own.
"""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from smsearch import occupied
from smsearch.errors import ExportError
from smsearch.ingest import folders, sources
from smsearch.ingest.addition import Content, Place, write_resource
from smsearch.ingest.meter import meter
from smsearch.ingest.pieces import Piece, PieceRead, cut, read_piece
from smsearch.ingest.report import Report
from smsearch.ingest.runs import Run
from smsearch.ingest.workers import Inline, Workers
from smsearch.schema import catalogue
from smsearch.store import build_reports, manifest, retention, store
from smsearch.store.manifest import Manifest, SegmentEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from smsearch.ingest.sources import Progress
    from smsearch.ingest.workers import Pool

SIDE_BY_SIDE_FROM: Final = 16 << 20
"""Bytes from which other processes are worth starting: a fresh one takes as long as reading some megabytes."""


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
        add: Whether to keep what the store holds; several snapshots of one record tell together what it is.
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
            now = int(time.time())
            report = read.report.of_build(now, is_addition=old is not None)
            reports = build_reports.write(folder, report, () if old is None else old.manifest.reports)
            manifest.write_manifest(folder, retention.succeed(replace(new, reports=reports), folder, now))
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
    lines: Counter[str] = Counter()
    for part in _whole_where_cut_wrongly(pieces, parts, working, pool):
        (file,) = part.report.files
        before = lines[file.name]
        lines[file.name] += file.lines
        runs += [replace(run, origins=run.origins.after(before)) if before else run for run in part.runs]
        report.add(part.report)
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
    segments: list[SegmentEntry] = []
    held: list[SegmentEntry] = []
    before = old.manifest if old is not None else Manifest()
    accounts, next_number = Counter(before.accounts), before.next_number
    kinds = {run.resource for run in read.runs} | {entry.resource for entry in (*before.segments, *before.held)}
    for resource in sorted(kinds, key=catalogue.kinds().index):
        runs = [run for run in read.runs if run.resource == resource]
        content = Content([], []) if old is None else Content(old.of(resource), old.held_of(resource))
        written = write_resource(resource, runs, content, accounts, before.next_number, place)
        segments += written.segments
        held += written.held
        read.report.superseded += written.superseded
        next_number = max(next_number, written.next_number)
    counts = {account: count for account, count in accounts.items() if count > 0}
    return Manifest(tuple(segments), counts, held=tuple(held), next_number=next_number)
