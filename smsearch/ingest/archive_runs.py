"""Rows of an archive on their way: spilled while records are read, and those of the archive's own files.

A run is a sorted Parquet file of rows, with what tells its records apart. Documents that version resolution has to read
lie beside it, one after another, since a Parquet file is not read here and there. It knows not which rows are kept.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import pyarrow as pa

from smsearch.archive import cells, files, layout
from smsearch.errors import StoreError
from smsearch.ingest.identities import digest
from smsearch.ingest.identities import identity as identity_of
from smsearch.ingest.snapshots import SpilledSnapshots
from smsearch.ingest.spilled_documents import spill
from smsearch.regular import open_within
from smsearch.schema import catalogue, notation, values, versions
from smsearch.schema.record import Record
from smsearch.schema.walk import value_at
from smsearch.store.identities import NEVER_MODIFIED, of_rows

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.archive.manifest import FileEntry
    from smsearch.ingest.snapshots import Snapshots
    from smsearch.schema.catalogue import Resource
    from smsearch.store.identities import Identity

RUN_ROWS: Final = 10_000
RUN_BYTES: Final = 64 << 20
"""Records, and bytes of their documents, that are held as Python objects before they are spilled."""
AGAIN: Final = "Restore it, or make the archive again with `smsearch archive`."
_RUN_GROUP_ROWS: Final = 2_000
_COMPRESSION: Final = 4
"""How many times smaller a file is than what is read of it, about; its rows are not read to know their sizes."""


@dataclass(frozen=True, slots=True)
class SortedFile:
    """Sorted rows at rest: a spilled run, or a file of the old archive.

    Attributes:
        path: The file.
        created: int64, one a row, ascending: CreationTime.
        sizes: int64, one a row: bytes of the document.
        snapshots: The snapshots, in the order in which they were read.
        read_at: int64, one a row: which of the snapshots is the row's.
        extras: Keys of unknown plain fields to their paths.
        entry: What the old manifest says of the file, or None for a spilled run.
    """

    path: Path
    created: NDArray[np.int64]
    sizes: NDArray[np.int64]
    snapshots: Snapshots
    read_at: NDArray[np.int64]
    extras: dict[str, tuple[str, ...]] = field(default_factory=dict)
    entry: FileEntry | None = None


class SortedFileWriter:
    """Gathers rows and writes them as runs, those of each resource apart.

    Args:
        folder: Where to write.
        prefix: What the names of its files begin with.
        first: The number of the first record, in the order of arrival.
    """

    def __init__(self, folder: Path, prefix: str, first: int = 0) -> None:
        self._folder = folder
        self._prefix = prefix
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._identities: dict[str, list[Identity]] = {}
        self._extras: dict[str, dict[str, tuple[str, ...]]] = {}
        self._count = self._bytes = 0
        self.runs: dict[str, list[SortedFile]] = {}
        self.next_number = first

    def add(self, record: Record, identity: Identity | None = None) -> None:
        """Takes a record over.

        Args:
            record: The record.
            identity: What tells it apart; left out, it arrives now.
        """
        resource = catalogue.resource(record.resource)
        document, other_types = _document(record, resource.record_key), notation.other_types_of(record)
        if identity is None:
            identity = identity_of(record, digest(document + other_types))._replace(number=self.next_number)
            self.next_number += 1
        created = values.timestamp_of(value_at(record.document, (*resource.arn[:-1], "CreationTime")))
        row = cells.row(record.document, resource)
        row[layout.ARN], row[layout.NAME] = record.arn, record.name
        row[layout.VERSION] = versions.version_of(record)
        row[layout.CREATED] = created if isinstance(created, int) else None
        row[layout.MODIFIED], row[layout.PARTIAL] = record.modified, record.is_partial
        row[layout.DIGEST], row[layout.DOCUMENT] = identity.contents, document.decode()
        row[layout.DERIVED], row[layout.NUMBER] = identity.derived, identity.number
        row[layout.EXTRAS] = cells.extras(record.document, resource) or None
        row[layout.EXPORTED] = other_types.decode() or None
        self._rows.setdefault(resource.name, []).append(row)
        self._identities.setdefault(resource.name, []).append(identity)
        paths = self._extras.setdefault(resource.name, {})
        paths.update((layout.extra_key(path), path) for path in record.extras)
        self._count += 1
        self._bytes += len(document)
        if self._count >= RUN_ROWS or self._bytes >= RUN_BYTES:
            self.flush()

    def flush(self) -> None:
        """Writes what was gathered."""
        for name, rows in self._rows.items():
            runs = self.runs.setdefault(name, [])
            runs.append(self._written(name, rows, self._folder / f"{self._prefix}-{name}-{len(runs)}.parquet"))
        self._rows.clear()
        self._identities.clear()
        self._count = self._bytes = 0

    def _written(self, name: str, rows: list[dict[str, Any]], path: Path) -> SortedFile:
        resource = catalogue.resource(name)
        created = np.array([files.WITHOUT_TIME if row[layout.CREATED] is None else row[layout.CREATED] for row in rows])
        order = np.argsort(created, kind="stable")
        in_order = [rows[at] for at in order]
        files.write(pa.Table.from_pylist(in_order, schema=layout.schema_of(resource)), path, _RUN_GROUP_ROWS)
        sizes = np.array([len(row[layout.DOCUMENT]) for row in in_order], np.int64)
        beside = path.with_suffix(".documents")
        documents = spill(beside, (row[layout.DOCUMENT].encode() for row in rows))
        identities = of_rows(name, self._identities[name])
        exported = partial(_exported, path, resource, order)
        snapshots = SpilledSnapshots(name, identities, lambda: documents, exported)
        return SortedFile(path, created[order], sizes, snapshots, order, dict(self._extras[name]))


def _write_documents_of(file: Path, resource: Resource, path: Path) -> tuple[Path, NDArray[np.uint32]]:
    """The same of the documents of a file of the archive, when one of them is needed."""
    texts = files.Rows(file, resource).texts(layout.DOCUMENT)
    return spill(path, (text.encode() for text in texts if text is not None))


def _exported(path: Path, resource: Resource, read_at: NDArray[np.int64]) -> dict[int, bytes]:
    """What the export had in other types, of the rows of a file that have any, by the order in which they were read."""
    written = zip(read_at.tolist(), files.Rows(path, resource).texts(layout.EXPORTED), strict=True)
    return {at: text.encode() for at, text in written if text is not None}


def _document(record: Record, record_key: str) -> bytes:
    members = notation.complete(record, notation.document(record, notation.WIRE))
    return b'{"%s":%s}' % (record_key.encode(), orjson.dumps(members))


def of_file(entry: FileEntry, folder: Path, resource: Resource, working: Path) -> SortedFile:
    """A file of the archive as a run, its identities made again of what it says of its records.

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
    table = files.Rows(path, resource).columns([*names, layout.MODIFIED, layout.CREATED])
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
    places = np.arange(entry.rows)
    snapshots = SpilledSnapshots(
        resource.name,
        of_rows(resource.name, identities),
        partial(_write_documents_of, path, resource, working / f"{path.stem}.documents"),
        partial(_exported, path, resource, places),
    )
    return SortedFile(path, files.created_of(table), sizes, snapshots, places, paths, entry)
