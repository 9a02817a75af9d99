"""Makes archives of exports and stores, and adds dumps to one.

As a build of a store: records are spilled to sorted runs, versions are resolved over identities, and what is
kept is merged into files by CreationTime, a slice at a time, so that memory does not grow with the dump. A file that
loses a record is written anew, never changed. Nothing of the old archive is touched until the new manifest is renamed
over its own, and its files stay until the next writer comes, for those who are still reading them.
"""

from __future__ import annotations

import os
import shutil
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from smsearch import occupied
from smsearch.archive import files
from smsearch.archive.manifest import MANIFEST, FileEntry, HeldEntry, Manifest, read_manifest, write_manifest
from smsearch.errors import StoreError
from smsearch.ingest import folders, held, load, resolution, stored
from smsearch.ingest.archive_runs import Spill, of_file
from smsearch.ingest.classes import Role
from smsearch.ingest.report import FileReport, Report
from smsearch.ingest.stored import StoredSnapshots
from smsearch.schema import catalogue
from smsearch.store.manifest import SegmentEntry, is_store
from smsearch.store.segment_reader import SegmentReader
from smsearch.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from smsearch.ingest.archive_runs import Run
    from smsearch.ingest.sources import Progress
    from smsearch.schema.catalogue import Resource
    from smsearch.schema.record import Record

FILE_ROWS: Final = 50_000
FILE_BYTES: Final = 256 << 20
"""Records, and bytes of their documents before compression, of one file at most."""
SMALL_FILES_MAX: Final = 8
"""Files of one resource, of less than half those records, beyond which an addition writes them as one."""


def build(names: Iterable[str], folder: Path, *, add: bool = False, progress: Progress | None = None) -> Report:
    """Makes an archive of exports and stores, or adds them to one.

    Args:
        names: Stores; files, folders, globs of exports, `-`.
        folder: The archive; made if it is not there.
        add: Whether to keep what the archive holds; several snapshots of one record tell together what it is.
        progress: Is told how many bytes of exports were read, and of how many.

    Returns:
        What was read, kept, superseded and skipped.

    Raises:
        ExportError: A source that is not there.
        StoreError: Another writer is at work, a store or the archive to add to is damaged or of another version, or
            the folder holds other files.
    """
    report = Report()
    named = list(names)
    stores = [name for name in named if is_store(Path(name))]
    exported = load.read([name for name in named if name not in stores], report, progress)
    of_stores = (_of_store(Path(store), report) for store in stores)
    arrived, superseded = _write(chain(chain.from_iterable(of_stores), exported), folder, add=add)
    report.superseded = report.records - (arrived - superseded)
    return report


def _of_store(folder: Path, report: Report) -> Iterator[Record]:
    """The snapshots of a store in their order of arrival; the report counts its records."""
    store = Store(folder)
    file = FileReport(str(folder), sum(part.entry.size for part in store.parts))
    report.files.append(file)
    counts = dict.fromkeys(catalogue.kinds(), 0)
    for entry in store.manifest.segments:
        counts[entry.resource] += entry.rows - entry.dead_rows
    counts = {resource: records for resource, records in counts.items() if records}
    file.records += sum(counts.values())
    report.kinds.update(counts)
    for resource in counts:
        for record in stored.arrived(store.of(resource), store.held_of(resource)):
            report.unknown_fields.update(".".join(path) for path in record.extras)
            yield record


def write(records: Iterable[Record], folder: Path, *, add: bool = False) -> int:
    """Writes records as an archive, or adds them to one; returns how many of them were superseded.

    Raises:
        StoreError: As for `build`.
    """
    _, superseded = _write(records, folder, add=add)
    return superseded


def _write(records: Iterable[Record], folder: Path, *, add: bool) -> tuple[int, int]:
    """As `write`; returns how many records there were too."""
    folders.refuse_to_archive(folder)
    with occupied.writing(folder, MANIFEST):
        old = _replaced(folder, must_be_read=add)
        _sweep(folder, old)
        working = occupied.working(folder, os.getpid())
        working.mkdir()
        try:
            before = old if add and old is not None else Manifest()
            spilled = Spill(working, "read", before.next_number)
            for record in records:
                spilled.add(record)
            spilled.flush()
            manifest, superseded = _merge_all(spilled, before, folder, working)
            write_manifest(folder, manifest)
        finally:
            shutil.rmtree(working, ignore_errors=True)
    return spilled.next_number - before.next_number, superseded


def _replaced(folder: Path, *, must_be_read: bool) -> Manifest | None:
    """The manifest that is there, an empty one if there is none, or None if it cannot be read and need not be.

    Raises:
        StoreError: It must be read and cannot.
    """
    if not os.path.lexists(folder / MANIFEST):
        return Manifest()
    try:
        return read_manifest(folder)
    except StoreError:
        if must_be_read:
            raise
        return None


def _sweep(folder: Path, manifest: Manifest | None) -> None:
    """Removes what a killed writer left, and files that the manifest does not name, unless that is not known."""
    named = set() if manifest is None else {entry.file for entry in manifest.files}
    named |= set() if manifest is None else {entry.file for entry in manifest.held}
    kinds = catalogue.kinds()
    for path in folder.glob("*/part-*.parquet") if manifest is not None else ():
        if path.relative_to(folder).as_posix() not in named and path.parent.name in kinds:
            path.unlink(missing_ok=True)
    for path in folder.glob("held-*.smseg") if manifest is not None else ():
        if path.name not in named:
            path.unlink(missing_ok=True)
    for path in list(occupied.left_behind(folder)):
        shutil.rmtree(path, ignore_errors=True)


def _merge_all(spilled: Spill, old: Manifest, folder: Path, working: Path) -> tuple[Manifest, int]:
    """The new archive, and how many of the records just read were superseded."""
    entries: list[FileEntry] = []
    holding: list[HeldEntry] = []
    superseded, next_number = 0, old.next_number
    kinds = {*spilled.runs, *(entry.resource for entry in old.files), *(entry.resource for entry in old.held)}
    for name in sorted(kinds, key=catalogue.kinds().index):
        resource = catalogue.resource(name)
        before = [of_file(entry, folder, resource, working) for entry in old.of(name)]
        there = [
            StoredSnapshots(SegmentReader(folder, SegmentEntry(entry.file, name, entry.rows, entry.size)))
            for entry in old.held
            if entry.resource == name
        ]
        runs = spilled.runs.get(name, [])
        made = Spill(working, "made")
        decided = resolution.resolve(*_sources(before, there, runs), made.add)
        made.flush()
        superseded += decided.superseded
        of_files, of_held = decided.roles[: len(before)], decided.roles[len(before) : len(before) + len(there)]
        of_runs = decided.roles[len(before) + len(there) :]
        taken = resolution.next_number([run.snapshots.identities for run in runs], of_runs, next_number)
        next_number = max(next_number, taken)
        others = list(zip([*before, *runs], [*of_files, *of_runs], strict=True))
        pairs = [held.Resolved(run.snapshots, roles) for run, roles in others]
        holding_now = [held.Resolved(one, roles) for one, roles in zip(there, of_held, strict=True)]
        written = held.write(name, holding_now, pairs, folder, working)
        holding += [HeldEntry(entry.file, name, entry.rows, entry.size) for entry in written]
        split = [(run, roles == Role.LIVE) for run, roles in others]
        split += [(run, np.ones(len(run.created), bool)) for run in made.runs.get(name, ())]
        worn = _worn(split, has_new=any(keep.any() for run, keep in split if run.entry is None))
        entries += [run.entry for run in before if run.entry is not None and run.path not in worn]
        merged = [(run, keep) for run, keep in split if run.entry is None or run.path in worn]
        entries += _merge(merged, resource, folder, working)
    return Manifest(tuple(entries), tuple(holding), next_number), superseded


def _sources(
    before: list[Run], there: list[StoredSnapshots], runs: list[Run]
) -> tuple[list[resolution.Source], list[NDArray[np.uint8]]]:
    """What version resolution looks at: the archive's files, its held snapshots, and what was just read."""
    sources: list[resolution.Source] = [run.snapshots for run in before]
    sources += [*there, *(run.snapshots for run in runs)]
    roles = [*[Role.LIVE] * len(before), *[Role.HELD] * len(there), *[Role.NEW] * len(runs)]
    pairs = zip(sources, roles, strict=True)
    return sources, [np.full(len(source.identities), role, np.uint8) for source, role in pairs]


def _worn(split: list[tuple[Run, NDArray[np.bool_]]], *, has_new: bool) -> set[Path]:
    """The files to write anew: those that lose a record, and the small ones when there are many."""
    before = [(run, keep) for run, keep in split if run.entry is not None]
    losing = {run.path for run, keep in before if not keep.all()}
    small = {run.path for run, _ in before if len(run.created) < FILE_ROWS // 2}
    return losing | small if len(small) + has_new > SMALL_FILES_MAX else losing


def _merge(
    runs: list[tuple[Run, NDArray[np.bool_]]], resource: Resource, folder: Path, working: Path
) -> Iterator[FileEntry]:
    """Writes the kept rows of some runs as files in time order; yields what the manifest says of each."""
    if not runs:
        return
    rows = [np.flatnonzero(keep[run.read_at]) for run, keep in runs]
    created = np.concatenate([run.created[some] for (run, _), some in zip(runs, rows, strict=True)])
    sizes = np.concatenate([run.sizes[some] for (run, _), some in zip(runs, rows, strict=True)])
    of_run = np.concatenate([np.full(len(some), at) for at, some in enumerate(rows)])
    order = np.argsort(created, kind="stable")
    place = np.concatenate(rows)
    readers = [files.Rows(run.path, resource) for run, _ in runs]
    known = {key: path for run, _ in runs for key, path in run.extras.items()}
    for chosen in _slices(order, sizes):
        with files.FileWriter(working / "file.new", resource) as writer:
            for start in range(0, len(chosen), files.GROUP_ROWS):
                writer.add(_gathered(chosen[start : start + files.GROUP_ROWS], of_run, place, readers))
            entry = writer.close(folder, known)
        yield entry


def _gathered(
    chosen: NDArray[np.int64], of_run: NDArray[np.int64], place: NDArray[np.int64], readers: list[files.Rows]
) -> pa.Table:
    """Some rows of all runs together, in their order."""
    parts, read = [], []
    for at in np.unique(of_run[chosen]).tolist():
        mine = chosen[of_run[chosen] == at]
        parts.append(readers[at].take(place[mine]))
        read.append(mine)
    return pa.concat_tables(parts).take(pa.array(_places(np.concatenate(read), chosen)))


def _places(read: NDArray[np.int64], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each chosen row stands among those that were read."""
    by_number = np.argsort(read)
    found: NDArray[np.int64] = by_number[np.searchsorted(read, chosen, sorter=by_number)]
    return found


def _slices(order: NDArray[np.int64], sizes: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Consecutive rows, as many as a file may have."""
    ends = np.cumsum(sizes[order])
    start = 0
    while start < len(order):
        before = ends[start - 1] if start else 0
        stop = min(start + FILE_ROWS, int(np.searchsorted(ends, before + FILE_BYTES, "right")))
        stop = max(stop, start + 1)
        yield order[start:stop]
        start = stop
