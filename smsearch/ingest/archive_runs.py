"""Rows of an archive on their way: those of runs and of stores, and those of the archive's own files.

The documents of the first lie one after another in a file, and are made columns of when a file of the archive is
written, in whatever process does that. It knows not which rows are kept.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import partial
from itertools import compress
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np
import pyarrow as pa

from smsearch.archive import files, layout
from smsearch.archive.cells import Columns
from smsearch.errors import StoreError
from smsearch.frozen import replace
from smsearch.ingest.identities import identity as identity_of
from smsearch.ingest.snapshots import DocumentSpans, SpilledSnapshots
from smsearch.ingest.spilled_documents import spill
from smsearch.ingest.stored_members import has_negative_zero
from smsearch.regular import open_within
from smsearch.schema import catalogue, stored_document, values, versions
from smsearch.schema.record import Record
from smsearch.schema.walk import value_at
from smsearch.store.identities import NEVER_MODIFIED, digest, of_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.archive.manifest import FileEntry
    from smsearch.ingest.runs import Run
    from smsearch.ingest.stored_members import StoredMembers
    from smsearch.schema.catalogue import Resource
    from smsearch.store.identities import Identities

AGAIN: Final = "Restore it, or make the archive again with `smsearch archive`."
_COMPRESSION: Final = 4
"""How many times smaller a file is than what is read of it, about; its rows are not read to know their sizes."""
_ROWS_AT_ONCE: Final = 1_000


class Rows(Protocol):
    """Some rows, to be made a table of in any process."""

    def take(self, places: NDArray[np.int64]) -> pa.Table:
        """The rows at some places, at least one, ascending."""


@dataclass(frozen=True, slots=True)
class ArchivePart:
    """Rows at rest: those of a run, or a file of the old archive.

    Attributes:
        created: int64, one a row: CreationTime.
        sizes: int64, one a row: bytes of the document.
        snapshots: The rows as snapshots.
        extras: Keys of unknown plain fields to their paths.
        entry: What the old manifest says of the file, or None for a run.
        path: That file, or None.
        members: What columns tell of the rows, where there are any.
    """

    created: NDArray[np.int64]
    sizes: NDArray[np.int64]
    snapshots: SpilledSnapshots
    extras: dict[str, tuple[str, ...]] = field(default_factory=dict)
    entry: FileEntry | None = None
    path: Path | None = None
    members: StoredMembers | None = None

    def rows(self, rows: NDArray[np.int64]) -> Rows:
        """Some of the rows, ascending."""
        snapshots = self.snapshots
        if self.path is not None:
            return _FileRows(self.path, snapshots.resource, rows)
        exported = dict(snapshots.exported(rows))
        identities, created = snapshots.identities.of(rows), self.created[rows]
        members = None if self.members is None else self.members.of(rows)
        return _DocumentRows(snapshots.resource, snapshots.documents.of(rows), identities, created, exported, members)


class _FileRows(NamedTuple):
    """Rows of a file of the archive."""

    path: Path
    resource: str
    rows: NDArray[np.int64]

    def take(self, places: NDArray[np.int64]) -> pa.Table:
        """As `Rows.take`."""
        return files.FileRows(self.path, catalogue.resource(self.resource)).take(self.rows[places])


class _DocumentRows(NamedTuple):
    """Rows of which the documents lie in a file.

    Attributes:
        resource: What they are.
        documents: Where the documents lie.
        identities: What tells the rows apart.
        created: As of `ArchivePart`.
        exported: What the export had in other types, by place.
        members: What columns tell of the rows; None if there are none.
    """

    resource: str
    documents: DocumentSpans
    identities: Identities
    created: NDArray[np.int64]
    exported: Mapping[int, bytes]
    members: StoredMembers | None

    def take(self, places: NDArray[np.int64]) -> pa.Table:
        """As `Rows.take`; a row with a negative zero is made of its document, since columns tell a zero."""
        documents = self.documents.of(places).read()
        if self.members is None:
            return self._table(places, documents, {})
        stored, has_zero = self.members.of(places).read()
        is_odd = np.array([flag and has_negative_zero(one) for flag, one in zip(has_zero, documents, strict=True)])
        if not is_odd.any():
            return self._table(places, documents, stored)
        plain, odd = ~is_odd, list(compress(documents, is_odd))
        tables = [self._table(places[is_odd], odd, {})]
        if plain.any():
            of_plain = {name: array.filter(pa.array(plain)) for name, array in stored.items()}
            tables.append(self._table(places[plain], list(compress(documents, plain)), of_plain))
        order = np.argsort(np.argsort(plain, kind="stable"))
        return pa.concat_tables(tables).take(pa.array(order))

    def _table(self, places: NDArray[np.int64], documents: list[bytes], stored: dict[str, pa.Array]) -> pa.Table:
        """Some rows, from columns as far as those tell them, else from documents."""
        resource = catalogue.resource(self.resource)
        columns = self._own_columns(places, documents) | stored
        if not columns.keys() >= layout.told_by_documents(resource):
            columns = _of_documents(resource, documents, stored) | columns
        schema = layout.schema_of(resource)
        arrays = [columns[one.name] if one.name in columns else pa.nulls(len(places), one.type) for one in schema]
        return pa.Table.from_arrays(arrays, schema=schema)

    def _own_columns(self, places: NDArray[np.int64], documents: list[bytes]) -> dict[str, pa.Array]:
        """What tells the rows apart beside their names, and their documents."""
        identities, created = self.identities.of(places), self.created[places]
        exported = [self.exported.get(place) for place in places.tolist()]
        return {
            layout.CREATED: _times(created, files.WITHOUT_TIME),
            layout.MODIFIED: _times(identities.modified, NEVER_MODIFIED),
            layout.PARTIAL: pa.array(~identities.full),
            layout.DIGEST: pa.array([row.tobytes() for row in identities.contents], pa.binary()),
            layout.DERIVED: pa.array(identities.derived),
            layout.NUMBER: pa.array(identities.numbers),
            layout.DOCUMENT: pa.array([document.decode() for document in documents], pa.large_string()),
            layout.EXPORTED: pa.array([None if one is None else one.decode() for one in exported], pa.large_string()),
        }


def _of_documents(resource: Resource, documents: list[bytes], stored: Collection[str]) -> dict[str, pa.Array]:
    """The columns that documents tell, without the members among those that are stored."""
    columns, own = Columns(resource, stored), []
    for document in documents:
        members = stored_document.members_of(document, resource)
        columns.add(members)
        arn, name = (stored_document.text_at(members, path) for path in (resource.arn, resource.name_path))
        own.append(versions.identity(Record(resource.name, arn, name, members)))
    members_by_name, extras = columns.finish()
    texts = (pa.array(one, pa.string()) for one in zip(*own, strict=True))
    of_names = zip((layout.ARN, layout.NAME, layout.VERSION), texts, strict=True)
    return members_by_name | dict(of_names) | {layout.EXTRAS: extras}


def _times(micros: NDArray[np.int64], never: int) -> pa.Array:
    return pa.array(micros, pa.int64(), mask=micros == never).cast(layout.TIME)


def of_emitted(run: Run) -> ArchivePart:
    """Records that version resolution made or revived: what tells them apart it has said."""
    return _part(run, run.snapshots(), run.created())


def of_run(
    run: Run, rows: NDArray[np.intp], numbers: NDArray[np.int64], members: StoredMembers | None = None
) -> ArchivePart:
    """Some records of a run, or of a store as a run; an archive's digests are of documents without the comma.

    Args:
        run: The run.
        rows: Its rows.
        numbers: The place of each in the order of arrival.
        members: What columns tell of those rows.
    """
    whole = run.snapshots()
    spans, exported = whole.documents.of(rows), dict(whole.exported(rows))
    created = run.created()[rows]
    contents, without_column = list[bytes](), not run.columns
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = np.arange(start, min(start + _ROWS_AT_ONCE, len(rows)))
        documents = spans.of(some).read()
        contents += [digest(one + exported.get(start + at, b"")) for at, one in enumerate(documents)]
        if without_column:
            created[some] = [_created(document, whole.resource) for document in documents]
    digests = np.frombuffer(b"".join(contents), np.uint64).reshape(-1, 2)
    identities = replace(whole.identities.of(rows), contents=digests, numbers=numbers)
    kept = SpilledSnapshots(whole.resource, len(rows), lambda: identities, lambda: spans, lambda: exported)
    return replace(_part(run, kept, created), members=members)


def _part(run: Run, snapshots: SpilledSnapshots, created: NDArray[np.int64]) -> ArchivePart:
    extras = {layout.extra_key(path): path for path in run.extras.values()}
    return ArchivePart(created, snapshots.documents.lengths.astype(np.int64) - 1, snapshots, extras)


def _created(document: bytes, resource_name: str) -> int:
    """CreationTime of a document of which there is no column: that of a held snapshot."""
    resource = catalogue.resource(resource_name)
    path = (*resource.arn[:-1], "CreationTime")
    created = values.timestamp_of(value_at(stored_document.members_of(document, resource), path))
    return created if isinstance(created, int) else files.WITHOUT_TIME


def _documents_of(file: Path, resource: Resource, path: Path) -> DocumentSpans:
    """Where the documents of a file of the archive lie, which are written beside it when one of them is needed."""
    texts = files.FileRows(file, resource).texts(layout.DOCUMENT)
    return DocumentSpans.one_after_another(*spill(path, (text.encode() for text in texts if text is not None)))


def _exported(path: Path, resource: Resource) -> dict[int, bytes]:
    """What the export had in other types, of the rows of a file that have any."""
    texts = files.FileRows(path, resource).texts(layout.EXPORTED)
    return {row: text.encode() for row, text in enumerate(texts) if text is not None}


def of_file(entry: FileEntry, folder: Path, resource: Resource, working: Path) -> ArchivePart:
    """A file of the archive, its identities made again of what it says of its records.

    Raises:
        StoreError: It is missing, no regular file, damaged, or has not the size and the rows that the manifest says.
    """
    path = folder / entry.file
    try:
        with open_within(folder, entry.file) as file:
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}.", hint=AGAIN) from None
    if size != entry.size:
        raise StoreError(f"{path} is damaged: it has {size:,} bytes and not {entry.size:,}.", hint=AGAIN)
    names = [layout.ARN, layout.NAME, layout.VERSION, layout.PARTIAL, layout.DIGEST, layout.DERIVED, layout.NUMBER]
    table = files.FileRows(path, resource).columns([*names, layout.MODIFIED, layout.CREATED])
    if table.num_rows != entry.rows:
        raise StoreError(f"{path} is damaged: it has {table.num_rows:,} rows and not {entry.rows:,}.", hint=AGAIN)
    times = table[layout.MODIFIED].cast(pa.int64()).to_pylist()
    identities = []
    for *texts, is_partial, contents, derived, number, micros in zip(
        *(table[name].to_pylist() for name in names), times, strict=True
    ):
        arn, name, version = texts
        document = {resource.version: version} if version else {}
        modified = NEVER_MODIFIED if micros is None else micros
        record = Record(resource.name, arn, name, document, modified, is_partial)
        identities.append(identity_of(record, contents)._replace(derived=derived, number=number))
    paths = {layout.extra_key(tuple(path)): tuple(path) for path in entry.extras.values()}
    sizes = np.full(entry.rows, entry.size // max(entry.rows, 1) * _COMPRESSION, np.int64)
    snapshots = SpilledSnapshots(
        resource.name,
        entry.rows,
        partial(of_rows, resource.name, identities),
        partial(_documents_of, path, resource, working / f"{path.stem}.documents"),
        partial(_exported, path, resource),
    )
    return ArchivePart(files.created_of(table), sizes, snapshots, paths, entry, path)
