"""Makes archives of exports and stores, and adds dumps to one.

As a build of a store: records are spilled to runs, by several processes, and versions are resolved over identities. A
store is runs that are there already. What is kept is written into files by CreationTime, a slice at a time, so that
memory does not grow with the dump; each process makes columns of the documents of the slice that it writes. A file that
loses a record is written anew, never changed. Nothing of the old archive is touched until the new manifest is renamed
over its own. Then the files that only the old one names go, since whoever reads the folders as plain Parquet would
count superseded records with them; a search that still runs over them ends with an error.
"""

from __future__ import annotations

import os
import shutil
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa

from smsearch import occupied
from smsearch.archive import files
from smsearch.archive.manifest import MANIFEST, ArchiveManifest, FileEntry, HeldEntry, read_manifest, write_manifest
from smsearch.errors import StoreError
from smsearch.ingest import folders, held_snapshots, resolution, snapshots, sources
from smsearch.ingest.archive_runs import of_emitted, of_file, of_run
from smsearch.ingest.build import pool_for, read_all
from smsearch.ingest.classes import Role
from smsearch.ingest.report import FileReport, Report
from smsearch.ingest.runs import RunWriter
from smsearch.ingest.snapshots import StoredSnapshots
from smsearch.ingest.splits import splits_of
from smsearch.ingest.stored_members import StoredMembers
from smsearch.ingest.stored_runs import SegmentFile, stored_run
from smsearch.ingest.workers import Inline
from smsearch.schema import catalogue
from smsearch.store.address import PIECE, escaped
from smsearch.store.guard import Guard
from smsearch.store.manifest import SegmentEntry, is_store
from smsearch.store.segment_reader import SegmentReader
from smsearch.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from smsearch.ingest.archive_runs import ArchivePart, Rows
    from smsearch.ingest.progress import Progress
    from smsearch.ingest.runs import Run
    from smsearch.ingest.workers import Pool, Workers
    from smsearch.schema.catalogue import Resource
    from smsearch.schema.record import Record

FILE_ROWS: Final = 50_000
FILE_BYTES: Final = 256 << 20
"""Records, and bytes of their documents before compression, of one file at most."""
FILES_AHEAD: Final = 2
"""Files that are asked for ahead of the one that is waited for."""
SMALL_FILES_MAX: Final = 8
"""Files of one resource, of less than half those records, beyond which an addition writes them as one."""


def build(
    names: Iterable[str],
    folder: Path,
    *,
    add: bool = False,
    progress: Progress | None = None,
    processes: int | None = None,
) -> Report:
    """Makes an archive of exports and stores, or adds them to one.

    Args:
        names: Stores; files, folders, globs of exports, `-`.
        folder: The archive; made if it is not there.
        add: Whether to keep what the archive holds; several snapshots of one record tell together what it is.
        progress: Is told how many bytes of exports were read, and of how many.
        processes: How many work side by side; left out, one for each processor.

    Returns:
        What was read, kept, superseded and skipped.

    Raises:
        ExportError: A source that is not there.
        StoreError: Another writer is at work, a store or the archive to add to is damaged or of another version, or
            the folder holds other files.
    """
    named = list(names)
    stores = [Store(Path(name)) for name in named if is_store(Path(name))]
    files_read = sources.find([name for name in named if not is_store(Path(name))])
    splits = [split for file in files_read for split in splits_of(file)]
    size = sum(split.size for split in splits) + sum(part.entry.size for store in stores for part in store.parts)
    report = Report()

    def gather(arrived: _Arrived, working: Path, pool: Pool) -> None:
        for store in stores:
            arrived.add_store(store, report, working)
        read = read_all(splits, working, progress, pool)
        report.add(read.report)
        arrived.add_runs(read.runs)

    pool = pool_for(size, processes or os.cpu_count() or 1)
    with Guard([part for store in stores for part in store.parts]):
        arrived, superseded = _write(gather, folder, pool, add=add)
    report.superseded = report.records - (arrived - superseded)
    return report


class _Arrived:
    """What was read, in the order in which it arrived.

    Attributes:
        parts: By resource.
        count: How many snapshots there are.
        next_number: The number of the next one.
    """

    def __init__(self, next_number: int) -> None:
        self.parts: dict[str, list[ArchivePart]] = {}
        self.count = 0
        self.next_number = next_number

    def add_store(self, store: Store, report: Report, working: Path) -> None:
        """Takes the snapshots of a store; the report counts its records."""
        file = FileReport(str(store.folder), sum(part.entry.size for part in store.parts))
        report.files.append(file)
        for resource in dict.fromkeys(part.entry.resource for part in store.parts):
            written: list[NDArray[np.int64]] = []
            for part in store.of(resource):
                is_living = snapshots.living(part)
                file.records += int(is_living.sum())
                report.kinds[resource] += int(is_living.sum())
                report.unknown_fields.update(_unknown_fields(part, np.flatnonzero(is_living)))
                written.append(self._add_part(part, is_living & ~part.identities.derived, working))
            for part in store.held_of(resource):
                is_first = ~np.isin(part.identities.numbers, np.concatenate(written))
                written.append(self._add_part(part, is_first, working))
        self.next_number += store.manifest.next_number

    def _add_part(self, part: SegmentReader, mask: NDArray[np.bool_], working: Path) -> NDArray[np.int64]:
        """Takes some rows of a segment, or of a file of held snapshots; returns their numbers in the store."""
        rows = np.flatnonzero(mask)
        numbers = part.identities.numbers[rows]
        if len(rows):
            run = stored_run(part, working)
            members = StoredMembers(run.resource, SegmentFile(part.segment.path), rows) if run.columns else None
            self._add(of_run(run, rows, self.next_number + numbers, members))
        return numbers

    def add_runs(self, runs: list[Run]) -> None:
        """Takes the snapshots of runs."""
        for run in runs:
            numbers = np.arange(self.next_number, self.next_number + len(run.lengths))
            self._add(of_run(run, np.arange(len(run.lengths)), numbers))
            self.next_number += len(run.lengths)

    def _add(self, part: ArchivePart) -> None:
        self.parts.setdefault(part.snapshots.resource, []).append(part)
        self.count += len(part.created)


def _unknown_fields(part: SegmentReader, rows: NDArray[np.intp]) -> dict[str, int]:
    """How many of some rows of a segment have each plain field that the service model does not know."""
    table, counts = part.tables.records, dict[str, int]()
    for dotted, path in part.metadata.extras.items():
        column = table.column(PIECE.join(map(escaped, path)))
        counts[dotted] = 0 if column is None else int((column.codes_of(rows) < column.readable).sum())
    return {dotted: count for dotted, count in counts.items() if count}


def write(records: Iterable[Record], folder: Path, *, add: bool = False) -> int:
    """Writes records as an archive, or adds them to one; returns how many of them were superseded.

    Raises:
        StoreError: As for `build`.
    """

    def gather(arrived: _Arrived, working: Path, pool: Pool) -> None:  # noqa: ARG001 - records are read by the caller
        writers: dict[str, RunWriter] = {}
        for record in records:
            if record.resource not in writers:
                writers[record.resource] = RunWriter(record.resource, working, "read")
            writers[record.resource].add(record)
        for writer in writers.values():
            writer.spill()
            arrived.add_runs(writer.runs)

    _, superseded = _write(gather, folder, Inline(), add=add)
    return superseded


def _write(
    gather: Callable[[_Arrived, Path, Pool], None], folder: Path, pool: Inline | Workers, *, add: bool
) -> tuple[int, int]:
    """Writes what is gathered; returns how many snapshots there were, and how many of them were superseded."""
    folders.refuse_to_archive(folder)
    with occupied.writing(folder, MANIFEST):
        old = _replaced(folder, must_be_read=add)
        _sweep(folder, old)
        before = old if add and old is not None else ArchiveManifest()
        with occupied.working_folder(folder) as working, pool:
            arrived = _Arrived(before.next_number)
            gather(arrived, working, pool)
            manifest, superseded = _merge_all(arrived.parts, before, _Workplace(folder, working, pool))
            write_manifest(folder, manifest)
        _sweep(folder, manifest)
    return arrived.count, superseded


class _Workplace(NamedTuple):
    """Where an archive is written: its folder, where new files are written first, and who writes them."""

    folder: Path
    working: Path
    pool: Pool


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
    arrived: dict[str, list[ArchivePart]], old: ArchiveManifest, place: _Workplace
) -> tuple[ArchiveManifest, int]:
    """The new archive, and how many of the records just read were superseded."""
    entries: list[FileEntry] = []
    held_entries: list[HeldEntry] = []
    superseded, next_number = 0, old.next_number
    kinds = {*arrived, *(entry.resource for entry in old.files), *(entry.resource for entry in old.held)}
    for name in sorted(kinds, key=catalogue.kinds().index):
        resource, new = catalogue.resource(name), arrived.get(name, [])
        before = [of_file(entry, place.folder, resource, place.working) for entry in old.of(name)]
        held = [
            StoredSnapshots(SegmentReader(place.folder, SegmentEntry(entry.file, name, entry.rows, entry.size)))
            for entry in old.held
            if entry.resource == name
        ]
        emitted = RunWriter(name, place.working, "emitted")
        resolved = resolution.resolve(
            [part.snapshots for part in before], held, [part.snapshots for part in new], emitted.add
        )
        emitted.spill()
        superseded += resolved.superseded
        next_number = max(next_number, resolution.next_number(resolved.new, next_number))
        others = [*resolved.live, *resolved.new]
        written = held_snapshots.write(name, resolved.held, others, place.folder, place.working, keeps_counts=False)
        held_entries += [HeldEntry(entry.file, name, entry.rows, entry.size) for entry in written]
        rows = [(part, one.roles == Role.LIVE) for part, one in zip([*before, *new], others, strict=True)]
        rows += [(of_emitted(run), np.ones(len(run.lengths), bool)) for run in emitted.runs]
        merged = _to_merge(rows, has_new=any(mask.any() for part, mask in rows if part.entry is None))
        entries += [part.entry for part in before if part.entry is not None and part.path not in merged]
        to_write = [(part, mask) for part, mask in rows if part.entry is None or part.path in merged]
        entries += _merge(to_write, resource, place)
    return ArchiveManifest(tuple(entries), tuple(held_entries), next_number), superseded


def _to_merge(rows: list[tuple[ArchivePart, NDArray[np.bool_]]], *, has_new: bool) -> set[Path | None]:
    """The files to write anew: those that lose a record, and the small ones when there are many."""
    before = [(part, mask) for part, mask in rows if part.entry is not None]
    losing = {part.path for part, mask in before if not mask.all()}
    small = {part.path for part, _ in before if len(part.created) < FILE_ROWS // 2}
    return losing | small if len(small) + has_new > SMALL_FILES_MAX else losing


def _merge(
    parts: list[tuple[ArchivePart, NDArray[np.bool_]]], resource: Resource, place: _Workplace
) -> Iterator[FileEntry]:
    """Writes the kept rows of some parts as files in time order; yields what the manifest says of each."""
    if not parts:
        return
    kept = [np.flatnonzero(mask) for _, mask in parts]
    created = np.concatenate([part.created[rows] for (part, _), rows in zip(parts, kept, strict=True)])
    sizes = np.concatenate([part.sizes[rows] for (part, _), rows in zip(parts, kept, strict=True)])
    of_part = np.repeat(np.arange(len(kept)), [len(rows) for rows in kept])
    rows_in_parts = np.concatenate(kept)
    paths = {key: path for part, _ in parts for key, path in part.extras.items()}
    waiting: deque[Future[FileEntry]] = deque()
    for at, places in enumerate(_slices(np.argsort(created, kind="stable"), sizes)):
        owners, in_rows = of_part[places], np.empty(len(places), np.int64)
        rows: list[Rows] = []
        for number in np.unique(owners).tolist():
            own = rows_in_parts[places[owners == number]]
            ascending = np.sort(own)
            in_rows[owners == number] = np.searchsorted(ascending, own)
            owners[owners == number] = len(rows)  # parts that were passed are smaller: their places are taken
            rows.append(parts[number][0].rows(ascending))
        beside = place.working / f"file-{resource.name}-{at}.new"
        waiting.append(
            place.pool.submit(_write_file, resource.name, rows, (owners, in_rows), paths, (beside, place.folder))
        )
        if len(waiting) > FILES_AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _write_file(
    resource_name: str,
    rows: list[Rows],
    order: tuple[NDArray[np.int64], NDArray[np.int64]],
    paths: dict[str, tuple[str, ...]],
    where: tuple[Path, Path],
) -> FileEntry:
    """Writes rows as a file: what one process does.

    Args:
        resource_name: What they are.
        rows: The rows of each part.
        order: For each row of the file the place of its part, and its place among the rows of that.
        paths: As for `FileWriter.close`.
        where: Where the file is written, and the archive.
    """
    beside, folder = where
    of_rows, places = order
    with files.FileWriter(beside, catalogue.resource(resource_name)) as writer:
        for start in range(0, len(places), files.GROUP_ROWS):
            group = slice(start, start + files.GROUP_ROWS)
            writer.add(_gathered(of_rows[group], places[group], rows))
        return writer.close(folder, paths)


def _gathered(of_rows: NDArray[np.int64], places: NDArray[np.int64], rows: list[Rows]) -> pa.Table:
    """Some rows of all parts together, in their order.

    Parts 1 0 1 with rows 4 7 5 are read as row 7 of part 0, then rows 4 and 5 of part 1: `by_part` is 1 0 2, and the
    rows are put back by its inverse.
    """
    by_part = np.lexsort((places, of_rows))
    tables = [rows[number].take(np.sort(places[of_rows == number])) for number in np.unique(of_rows).tolist()]
    return pa.concat_tables(tables).take(pa.array(np.argsort(by_part)))


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
