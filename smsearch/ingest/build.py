"""Builds a store from exports, and adds dumps to one.

Records are read and flattened by several processes into runs on disk, the winners among them (and what the store holds) are
decided over identities alone, and each resource's are written as one segment. Nothing of the old store is touched until the
new manifest is renamed over its own.
"""

from __future__ import annotations

import io
import os
import shutil
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from smsearch.ingest import load, sources
from smsearch.ingest.normalise import Notes, normalise
from smsearch.ingest.report import FileReport, Report
from smsearch.ingest.runs import RunWriter
from smsearch.ingest.segments import write_segment
from smsearch.ingest.winners import Identities, joined, winners
from smsearch.schema import catalogue
from smsearch.schema.arns import account_of
from smsearch.schema.decode import loads
from smsearch.store import manifest, store
from smsearch.store.manifest import Manifest, SegmentEntry
from smsearch.store.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Future

    from smsearch.ingest.runs import Run
    from smsearch.ingest.sources import Progress, Source
    from smsearch.schema.record import Record
    from smsearch.store.store import Part

PIECE_BYTES: Final = 32 << 20
"""Plain files of JSON lines are read in pieces of this size, so that all processes have work to the end."""
SEGMENTS_MAX: Final = 8
"""Segments of one resource beyond which an addition writes them all as one."""
DEAD_SHARE: Final = 4
"""A segment of which more than one record in this many is superseded is written anew by the next addition."""
_WORKING: Final = "build-"
_PEEK_BYTES: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one process reads at a time: a file, or the lines of it that begin between two offsets."""

    source: Source
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    """What reading a piece gave."""

    runs: list[Run]
    report: Report
    accounts: Counter[str]


def build(
    names: Iterable[str],
    folder: Path,
    *,
    add: bool = False,
    progress: Progress | None = None,
    processes: int | None = None,
) -> Report:
    """Makes a store of exports, or adds them to one.

    Args:
        names: Files, folders, globs, `-`.
        folder: The store; made if it is not there.
        add: Whether to keep what the store holds; a newer record of one resource replaces the older.
        progress: Is told how many bytes were read, and of how many.
        processes: How many read side by side; left out, one for each processor.

    Returns:
        What was read, stored, superseded and skipped.

    Raises:
        ExportError: A source that is not there.
        StoreError: Another writer is at work, or the store to add to is damaged or of another version.
    """
    found = sources.find(names)
    with manifest.writing(folder):
        _clear_leftovers(folder)
        old = store.Store(folder) if add and manifest.is_store(folder) else None
        working = folder / f"{_WORKING}{os.getpid()}"
        working.mkdir()
        try:
            read = _read_all(found, working, progress, processes or os.cpu_count() or 1)
            manifest.write_manifest(folder, _write(read, old, folder, working))
        finally:
            shutil.rmtree(working, ignore_errors=True)
        _clear_leftovers(folder)
    return read.report


def _clear_leftovers(folder: Path) -> None:
    """Removes what a killed build left, and what no manifest names any more."""
    named = {manifest.MANIFEST, manifest.LOCK}
    if manifest.is_store(folder):
        for entry in manifest.read_manifest(folder).segments:
            named |= {entry.file, entry.dead}
    for path in folder.iterdir():
        if path.name in named:
            continue
        if path.name.startswith(_WORKING) and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.suffix in {".smseg", ".rows"} or path.name == manifest.MANIFEST + ".new":
            path.unlink(missing_ok=True)


def _read_all(found: list[Source], working: Path, progress: Progress | None, processes: int) -> _Read:
    """Reads every source into runs, in the order of the sources."""
    pieces = [piece for source in found for piece in _pieces(source)]
    total = sum(source.size for source in found)
    if processes == 1 or len(pieces) == 1:
        parts = [_read_piece(piece, working, str(at)) for at, piece in _told(pieces, total, progress)]
    else:
        parts = _read_side_by_side(pieces, working, progress, processes)
    report, accounts = Report(), Counter[str]()
    for part in parts:
        report.add(part.report)
        accounts.update(part.accounts)
    report.merge_files()
    return _Read([run for part in parts for run in part.runs], report, accounts)


def _told(pieces: list[_Piece], total: int, progress: Progress | None) -> Iterator[tuple[int, _Piece]]:
    done = 0
    for at, piece in enumerate(pieces):
        yield at, piece
        done += _size(piece)
        if progress is not None:
            progress(done, total)


def _read_side_by_side(pieces: list[_Piece], working: Path, progress: Progress | None, processes: int) -> list[_Read]:
    total, done = sum(map(_size, pieces)), 0
    # A fresh interpreter each: forking a process that holds Arrow's threads may leave its locks held for ever.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        futures: dict[Future[_Read], _Piece] = {
            pool.submit(_read_piece, piece, working, str(at)): piece for at, piece in enumerate(pieces)
        }
        for future in as_completed(futures):
            done += _size(futures[future])
            if progress is not None:
                progress(done, total)
        return [future.result() for future in futures]


def _size(piece: _Piece) -> int:
    return piece.source.size if piece.end is None else piece.end - piece.start


def _pieces(source: Source) -> Iterator[_Piece]:
    """A large plain file of JSON lines in pieces; anything else whole."""
    if source.problem or source.size <= 2 * PIECE_BYTES or not _is_json_lines(source):
        yield _Piece(source)
        return
    for start in range(0, source.size, PIECE_BYTES):
        yield _Piece(source, start, min(start + PIECE_BYTES, source.size))


def _is_json_lines(source: Source) -> bool:
    """Whether the file begins with a line that is a whole document."""
    try:
        with Path(source.name).open("rb") as file:
            line = file.readline(_PEEK_BYTES)
    except OSError:
        return False
    return line.startswith(b"{") and line.rstrip().endswith(b"}") and line.endswith(b"\n")


class _Lines(io.RawIOBase):
    """The lines of a file that begin between two offsets, as a file of its own."""

    def __init__(self, piece: _Piece) -> None:
        self._file = Path(piece.source.name).open("rb")  # noqa: SIM115 - closed with this file
        self._left = (piece.end or 0) - piece.start
        self._tail = b""
        if piece.start:
            self._file.seek(piece.start - 1)
            self._left -= len(self._file.readline()) - 1

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._left > 0:
            data = self._file.read(min(len(buffer), self._left))
            self._left -= len(data)
            if self._left <= 0 and not data.endswith(b"\n"):
                self._tail = self._file.readline()
        else:
            data, self._tail = self._tail[: len(buffer)], self._tail[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def _read_piece(piece: _Piece, working: Path, prefix: str) -> _Read:
    """Flattens the records of a piece into runs; what one process does."""
    report = Report()
    if piece.end is None:
        records = load.from_source(piece.source, report)
    else:
        file = FileReport(piece.source.name, piece.end - piece.start)
        report.files.append(file)
        records = load.from_stream(io.BufferedReader(_Lines(piece), 1 << 20), file, report)
    return _flattened(records, report, working, prefix)


def _flattened(records: Iterable[Record], report: Report, working: Path, prefix: str) -> _Read:
    writers: dict[str, RunWriter] = {}
    accounts: Counter[str] = Counter()
    for record in records:
        writer = writers.get(record.resource)
        if writer is None:
            writer = writers[record.resource] = RunWriter(record.resource, working, prefix)
        accounts[account_of(record.arn)] += 1
        writer.add(record)
    for writer in writers.values():
        writer.spill()
    return _Read([run for writer in writers.values() for run in writer.runs], report, accounts)


def _write(read: _Read, old: store.Store | None, folder: Path, working: Path) -> Manifest:
    """Writes the segments of every resource; returns the manifest that lists them."""
    entries: list[SegmentEntry] = []
    total_superseded = 0
    kinds = {run.resource for run in read.runs} | {part.entry.resource for part in (old.parts if old else [])}
    for resource in sorted(kinds, key=catalogue.kinds().index):
        runs = [run for run in read.runs if run.resource == resource]
        parts = [] if old is None else old.of(resource)
        written, superseded = _write_resource(runs, parts, folder, working)
        entries += written
        total_superseded += superseded
    read.report.superseded = total_superseded
    accounts = Counter(old.manifest.accounts if old else {})
    accounts.update(read.accounts)
    return Manifest(tuple(entries), dict(accounts))


def _write_resource(runs: list[Run], parts: list[Part], folder: Path, working: Path) -> tuple[list[SegmentEntry], int]:
    """The segments of one resource, and how many of the records just read were superseded."""
    identities = [_of_part(part) for part in parts] + [run.identities for run in runs]
    kept = winners(joined(identities)) if identities else np.empty(0, bool)
    split = np.split(kept, np.cumsum([len(one) for one in identities])[:-1])
    old_kept, new_kept = split[: len(parts)], split[len(parts) :]
    fresh = sum(int(keep.sum()) for keep in new_kept)
    superseded = sum(len(keep) for keep in new_kept) - fresh
    survivors = [_with_dead(part, keep, folder) for part, keep in zip(parts, old_kept, strict=True)]
    survivors = [entry for entry in survivors if entry.dead_rows < entry.rows]
    if len(survivors) + bool(fresh) > SEGMENTS_MAX or any(
        entry.dead_rows * DEAD_SHARE > entry.rows for entry in survivors
    ):
        again = [_rewritten(part, keep, working) for part, keep in zip(parts, old_kept, strict=True) if keep.any()]
        runs = [*(run for runs in again for run in runs), *runs]
        new_kept = [*(np.ones(len(run.lengths), bool) for some in again for run in some), *new_kept]
        survivors, fresh = [], 1
    if fresh:
        survivors.append(_new_segment(runs, new_kept, folder, working))
    return survivors, superseded


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
    alive = keep.copy()
    if part.dead is not None:
        alive[part.dead] = False
    writer = RunWriter(part.entry.resource, working, part.entry.file)
    key = catalogue.resource(part.entry.resource).record_key
    full = part.segment.array(part.meta["full"]).whole()
    notes = Notes()
    rows = np.flatnonzero(alive)
    for start in range(0, len(rows), 1_000):
        some = rows[start : start + 1_000]
        for row, stored in zip(some.tolist(), part.documents(some), strict=True):
            document = loads(stored)
            members = document[key] if isinstance(document, dict) else {}
            writer.add(normalise(part.entry.resource, members, notes, is_partial=not full[row]))
    writer.spill()
    return writer.runs


def _new_segment(
    runs: list[Run], kept: list[np.ndarray[tuple[int], np.dtype[np.bool_]]], folder: Path, working: Path
) -> SegmentEntry:
    """Writes a segment under a name that says its content."""
    beside = working / "segment.new"
    rows = sum(int(keep.sum()) for keep in kept)
    size = write_segment(runs, kept, beside)
    name = f"segment-{Segment(beside).digest}.smseg"
    beside.replace(folder / name)
    return SegmentEntry(name, runs[0].resource, rows, size)
