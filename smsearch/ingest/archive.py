"""Makes archives of exports and stores, and adds dumps to one.

As a build of a store: records are spilled to sorted runs, the winners are decided over identities alone, and what is
kept is merged into files by CreationTime, a slice at a time, so that memory does not grow with the dump. A file that
loses a record is written anew, never changed. Nothing of the old archive is touched until the new manifest is renamed
over its own, and its files stay until the next writer comes, for those who are still reading them.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import pyarrow as pa

from smsearch import occupied
from smsearch.archive import cells, files, layout
from smsearch.archive.manifest import MANIFEST, FileEntry, Manifest, read_manifest, write_manifest
from smsearch.errors import StoreError
from smsearch.ingest import folders, load, stored
from smsearch.ingest.report import FileReport, Report
from smsearch.ingest.runs import NEVER_MODIFIED, identities_of, identity
from smsearch.ingest.winners import joined, winners
from smsearch.regular import open_within
from smsearch.schema import catalogue, notation, values
from smsearch.schema.record import Record
from smsearch.store.manifest import is_store
from smsearch.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from smsearch.ingest.sources import Progress
    from smsearch.ingest.winners import Identities
    from smsearch.schema.catalogue import Resource

RUN_ROWS: Final = 10_000
RUN_BYTES: Final = 64 << 20
"""Records, and bytes of their documents, that are held as Python objects before they are spilled."""
FILE_ROWS: Final = 50_000
FILE_BYTES: Final = 256 << 20
"""Records, and bytes of their documents before compression, of one file at most."""
SMALL_FILES_MAX: Final = 8
"""Files of one resource, of less than half those records, beyond which an addition writes them as one."""
_AGAIN: Final = "Restore it, or make the archive again with `smsearch archive`."
_RUN_GROUP_ROWS: Final = 2_000
_COMPRESSION: Final = 4
"""How many times smaller a file is than what is read of it, about; its rows are not read to know their sizes."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Sorted rows at rest: a spilled run, or a file of the old archive.

    Attributes:
        path: The file.
        created: int64, one a row, ascending: CreationTime.
        sizes: int64, one a row: bytes of the document.
        identities: What tells the records apart, in the order in which they were read.
        read_at: int64, one a row: which of the identities is the row's.
        extras: Keys of unknown plain fields to their paths.
        entry: What the old manifest says of the file, or None for a spilled run.
    """

    path: Path
    created: NDArray[np.int64]
    sizes: NDArray[np.int64]
    identities: Identities
    read_at: NDArray[np.int64]
    extras: dict[str, tuple[str, ...]] = field(default_factory=dict)
    entry: FileEntry | None = None


def build(names: Iterable[str], folder: Path, *, add: bool = False, progress: Progress | None = None) -> Report:
    """Makes an archive of exports and stores, or adds them to one.

    Args:
        names: Stores; files, folders, globs of exports, `-`.
        folder: The archive; made if it is not there.
        add: Whether to keep what the archive holds; a newer record of one resource replaces the older.
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
    report.superseded = write(chain(chain.from_iterable(of_stores), exported), folder, add=add)
    return report


def _of_store(folder: Path, report: Report) -> Iterator[Record]:
    """The living records of a store, oldest segment first."""
    store = Store(folder)
    file = FileReport(str(folder), sum(part.entry.size for part in store.parts))
    report.files.append(file)
    for part in store.parts:
        for record in stored.records(part, stored.living(part)):
            file.records += 1
            report.kinds[record.resource] += 1
            report.unknown_fields.update(".".join(path) for path in record.extras)
            yield record


def write(records: Iterable[Record], folder: Path, *, add: bool = False) -> int:
    """Writes records as an archive, or adds them to one; returns how many of them were superseded.

    Raises:
        StoreError: As for `build`.
    """
    folders.refuse_to_archive(folder)
    with occupied.writing(folder, MANIFEST):
        old = _replaced(folder, must_be_read=add)
        _sweep(folder, old)
        working = occupied.working(folder, os.getpid())
        working.mkdir()
        try:
            spilled = _Spill(working)
            for record in records:
                spilled.add(record)
            spilled.flush()
            entries, superseded = _merge_all(
                spilled.runs, old if add and old is not None else Manifest(), folder, working
            )
            write_manifest(folder, Manifest(tuple(entries)))
        finally:
            shutil.rmtree(working, ignore_errors=True)
    return superseded


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
    named = {entry.file for entry in manifest.files} if manifest is not None else set()
    kinds = catalogue.kinds()
    for path in folder.glob("*/part-*.parquet") if manifest is not None else ():
        if path.relative_to(folder).as_posix() not in named and path.parent.name in kinds:
            path.unlink(missing_ok=True)
    for path in list(occupied.left_behind(folder)):
        shutil.rmtree(path, ignore_errors=True)


class _Spill:
    """Gathers rows and writes them as runs, those of each resource apart."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._identities: dict[str, list[tuple[bytes, bytes, int, bool, bytes]]] = {}
        self._extras: dict[str, dict[str, tuple[str, ...]]] = {}
        self._count = self._bytes = 0
        self.runs: dict[str, list[_Run]] = {}

    def add(self, record: Record) -> None:
        resource = catalogue.resource(record.resource)
        document, apart = _document(record, resource.record_key), notation.written_apart(record)
        made = identity(record, resource.arn_is_shared, document + apart)
        created = values.timestamp_of(_at(record.document, (*resource.arn[:-1], "CreationTime")))
        row = cells.row(record.document, resource)
        row[layout.ARN], row[layout.NAME] = record.arn, record.name
        row[layout.CREATED] = created if isinstance(created, int) else None
        row[layout.MODIFIED], row[layout.PARTIAL] = record.modified, record.is_partial
        row[layout.DIGEST], row[layout.DOCUMENT] = made[-1], document.decode()
        row[layout.EXTRAS] = cells.extras(record.document, resource) or None
        row[layout.EXPORTED] = apart.decode() or None
        self._rows.setdefault(resource.name, []).append(row)
        self._identities.setdefault(resource.name, []).append(made)
        known = self._extras.setdefault(resource.name, {})
        known.update((layout.extra_key(path), path) for path in record.extras)
        self._count += 1
        self._bytes += len(document)
        if self._count >= RUN_ROWS or self._bytes >= RUN_BYTES:
            self.flush()

    def flush(self) -> None:
        """Writes what was gathered."""
        for name, rows in self._rows.items():
            runs = self.runs.setdefault(name, [])
            path = self._folder / f"{name}-{len(runs)}.parquet"
            created = np.array(
                [files.WITHOUT_TIME if row[layout.CREATED] is None else row[layout.CREATED] for row in rows]
            )
            order = np.argsort(created, kind="stable")
            table = pa.Table.from_pylist([rows[at] for at in order], schema=layout.schema_of(catalogue.resource(name)))
            files.write(table, path, _RUN_GROUP_ROWS)
            sizes = np.array([len(rows[at][layout.DOCUMENT]) for at in order], np.int64)
            identities = identities_of(self._identities[name])
            runs.append(_Run(path, created[order], sizes, identities, order, dict(self._extras[name])))
        self._rows.clear()
        self._identities.clear()
        self._count = self._bytes = 0


def _document(record: Record, record_key: str) -> bytes:
    members = notation.complete(record, notation.document(record, notation.WIRE))
    return b'{"%s":%s}' % (record_key.encode(), orjson.dumps(members))


def _at(document: Any, path: tuple[str, ...]) -> object:  # noqa: ANN401 - any JSON value
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _merge_all(
    spilled: dict[str, list[_Run]], old: Manifest, folder: Path, working: Path
) -> tuple[list[FileEntry], int]:
    """The files of the new archive, and how many of the records just read were superseded."""
    entries: list[FileEntry] = []
    superseded = 0
    kinds = set(spilled) | {entry.resource for entry in old.files}
    for name in sorted(kinds, key=catalogue.kinds().index):
        resource = catalogue.resource(name)
        runs = spilled.get(name, [])
        before = [_of_file(entry, folder, resource) for entry in old.of(name)]
        everything = [*before, *runs]
        kept = winners(joined([run.identities for run in everything]))
        split = np.split(kept, np.cumsum([len(run.identities) for run in everything])[:-1])
        superseded += sum(int((~keep).sum()) for keep in split[len(before) :])
        worn = _worn(before, split, has_new=bool(runs))
        entries += [run.entry for run in before if run.entry is not None and run.path not in worn]
        merged = [pair for pair in zip(everything, split, strict=True) if pair[0].entry is None or pair[0].path in worn]
        entries += _merge(merged, resource, folder, working)
    return entries, superseded


def _worn(before: list[_Run], split: list[NDArray[np.bool_]], *, has_new: bool) -> set[Path]:
    """The files to write anew: those that lose a record, and the small ones when there are many."""
    losing = {run.path for run, keep in zip(before, split, strict=False) if not keep.all()}
    small = {run.path for run in before if len(run.created) < FILE_ROWS // 2}
    return losing | small if len(small) + has_new > SMALL_FILES_MAX else losing


def _of_file(entry: FileEntry, folder: Path, resource: Resource) -> _Run:
    """A file of the archive as a run, its identities made again of what it says of its records.

    Raises:
        StoreError: It is missing, no regular file, or of another size than the manifest says.
    """
    path = folder / entry.file
    try:
        with open_within(folder, entry.file) as file:
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}.", hint=_AGAIN) from None
    if size != entry.size:
        raise StoreError(f"{path} is damaged: it has {size:,} bytes and not {entry.size:,}.", hint=_AGAIN)
    names = [layout.ARN, layout.NAME, layout.MODIFIED, layout.PARTIAL, layout.DIGEST, layout.CREATED]
    table = files.Rows(path, resource).columns(names)
    modified = table[layout.MODIFIED].cast(pa.int64()).to_pylist()
    columns = [table[name].to_pylist() for name in (layout.ARN, layout.NAME, layout.PARTIAL, layout.DIGEST)]
    rows = []
    for arn, name, partial, digest, micros in zip(*columns, modified, strict=True):
        bare = Record(resource.name, arn, name, {}, NEVER_MODIFIED if micros is None else micros, partial)
        rows.append((*identity(bare, resource.arn_is_shared, b"")[:-1], digest))
    paths = {layout.extra_key(tuple(path)): tuple(path) for path in entry.extras.values()}
    every = np.arange(len(rows))
    sizes = np.full(len(rows), entry.size // max(len(rows), 1) * _COMPRESSION, np.int64)
    return _Run(path, files.created_of(table), sizes, identities_of(rows), every, paths, entry)


def _merge(
    runs: list[tuple[_Run, NDArray[np.bool_]]], resource: Resource, folder: Path, working: Path
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
