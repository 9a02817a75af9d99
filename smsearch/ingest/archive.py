"""Makes archives of exports and stores, and adds dumps to one.

As a build of a store: records are spilled to sorted runs, versions are resolved over identities, and what is
kept is merged into files by CreationTime, a slice at a time, so that memory does not grow with the dump. A file that
loses a record is written anew, never changed. Nothing of the old archive is touched until the new manifest is renamed
over its own. Then the files that only the old one names go, since whoever reads the folders as plain Parquet would
count superseded records with them; a search that still runs over them ends with an error.
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
from smsearch.archive.manifest import MANIFEST, ArchiveManifest, FileEntry, HeldEntry, read_manifest, write_manifest
from smsearch.errors import StoreError
from smsearch.ingest import folders, held_snapshots, load, resolution, snapshots
from smsearch.ingest.archive_runs import SortedFileWriter, of_file
from smsearch.ingest.classes import Role
from smsearch.ingest.report import FileReport, Report
from smsearch.ingest.snapshots import StoredSnapshots
from smsearch.schema import catalogue
from smsearch.store.manifest import SegmentEntry, is_store
from smsearch.store.segment_reader import SegmentReader
from smsearch.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from smsearch.ingest.archive_runs import SortedFile
    from smsearch.ingest.progress import Progress
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
        for record in snapshots.arrived(store.of(resource), store.held_of(resource)):
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
        before = old if add and old is not None else ArchiveManifest()
        with occupied.working_folder(folder) as working:
            spilled = SortedFileWriter(working, "read", before.next_number)
            for record in records:
                spilled.add(record)
            spilled.flush()
            manifest, superseded = _merge_all(spilled, before, folder, working)
            write_manifest(folder, manifest)
        _sweep(folder, manifest)
    return spilled.next_number - before.next_number, superseded


def _replaced(folder: Path, *, must_be_read: bool) -> ArchiveManifest | None:
    """The manifest that is there, an empty one if there is none, or None if it cannot be read and need not be.

    Raises:
        StoreError: It must be read and cannot.
    """
    if not os.path.lexists(folder / MANIFEST):
        return ArchiveManifest()
    try:
        return read_manifest(folder)
    except StoreError:
        if must_be_read:
            raise
        return None


def _sweep(folder: Path, manifest: ArchiveManifest | None) -> None:
    """Removes what a killed writer left, and files that the manifest does not name, unless that is not known."""
    if manifest is not None:
        named = {entry.file for entry in manifest.files} | {entry.file for entry in manifest.held}
        own = [path for path in folder.glob("*/part-*.parquet") if path.parent.name in catalogue.kinds()]
        for path in [*own, *folder.glob("held-*.smseg")]:
            if path.relative_to(folder).as_posix() not in named:
                path.unlink(missing_ok=True)
    for path in list(occupied.left_behind(folder)):
        shutil.rmtree(path, ignore_errors=True)


def _merge_all(
    spilled: SortedFileWriter, old: ArchiveManifest, folder: Path, working: Path
) -> tuple[ArchiveManifest, int]:
    """The new archive, and how many of the records just read were superseded."""
    entries: list[FileEntry] = []
    held_entries: list[HeldEntry] = []
    superseded, next_number = 0, old.next_number
    kinds = {*spilled.runs, *(entry.resource for entry in old.files), *(entry.resource for entry in old.held)}
    for name in sorted(kinds, key=catalogue.kinds().index):
        resource, runs = catalogue.resource(name), spilled.runs.get(name, [])
        before = [of_file(entry, folder, resource, working) for entry in old.of(name)]
        held = [
            StoredSnapshots(SegmentReader(folder, SegmentEntry(entry.file, name, entry.rows, entry.size)))
            for entry in old.held
            if entry.resource == name
        ]
        emitted = SortedFileWriter(working, "emitted")
        resolved = resolution.resolve(
            [run.snapshots for run in before], held, [run.snapshots for run in runs], emitted.add
        )
        emitted.flush()
        superseded += resolved.superseded
        next_number = max(next_number, resolution.next_number(resolved.new, next_number))
        others = [*resolved.live, *resolved.new]
        written = held_snapshots.write(name, resolved.held, others, folder, working, keeps_counts=False)
        held_entries += [HeldEntry(entry.file, name, entry.rows, entry.size) for entry in written]
        rows = [(run, one.roles == Role.LIVE) for run, one in zip([*before, *runs], others, strict=True)]
        rows += [(run, np.ones(len(run.created), bool)) for run in emitted.runs.get(name, ())]
        merged = _to_merge(rows, has_new=any(mask.any() for run, mask in rows if run.entry is None))
        entries += [run.entry for run in before if run.entry is not None and run.path not in merged]
        to_write = [(run, mask) for run, mask in rows if run.entry is None or run.path in merged]
        entries += _merge(to_write, resource, folder, working)
    return ArchiveManifest(tuple(entries), tuple(held_entries), next_number), superseded


def _to_merge(rows: list[tuple[SortedFile, NDArray[np.bool_]]], *, has_new: bool) -> set[Path]:
    """The files to write anew: those that lose a record, and the small ones when there are many."""
    before = [(run, mask) for run, mask in rows if run.entry is not None]
    losing = {run.path for run, mask in before if not mask.all()}
    small = {run.path for run, _ in before if len(run.created) < FILE_ROWS // 2}
    return losing | small if len(small) + has_new > SMALL_FILES_MAX else losing


def _merge(
    runs: list[tuple[SortedFile, NDArray[np.bool_]]], resource: Resource, folder: Path, working: Path
) -> Iterator[FileEntry]:
    """Writes the kept rows of some runs as files in time order; yields what the manifest says of each."""
    if not runs:
        return
    kept = [np.flatnonzero(mask[run.read_at]) for run, mask in runs]
    created = np.concatenate([run.created[rows] for (run, _), rows in zip(runs, kept, strict=True)])
    sizes = np.concatenate([run.sizes[rows] for (run, _), rows in zip(runs, kept, strict=True)])
    of_run = np.repeat(np.arange(len(kept)), [len(rows) for rows in kept])
    rows_in_runs = np.concatenate(kept)
    readers = [files.Rows(run.path, resource) for run, _ in runs]
    paths = {key: path for run, _ in runs for key, path in run.extras.items()}
    for places in _slices(np.argsort(created, kind="stable"), sizes):
        with files.FileWriter(working / "file.new", resource) as writer:
            for start in range(0, len(places), files.GROUP_ROWS):
                group = places[start : start + files.GROUP_ROWS]
                writer.add(_gathered(of_run[group], rows_in_runs[group], readers))
            entry = writer.close(folder, paths)
        yield entry


def _gathered(of_run: NDArray[np.int64], rows: NDArray[np.int64], readers: list[files.Rows]) -> pa.Table:
    """Some rows of all runs together, in their order; rows of one run ascend.

    Runs 1 0 1 with rows 4 7 5 are read as row 7 of run 0, then rows 4 and 5 of run 1: `by_run` is 1 0 2, and the rows
    are put back by its inverse.
    """
    by_run = np.argsort(of_run, kind="stable")
    parts = [readers[run].take(rows[of_run == run]) for run in np.unique(of_run).tolist()]
    return pa.concat_tables(parts).take(pa.array(np.argsort(by_run)))


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
