"""Rows of an archive on their way: spilled while records are read, and those of the archive's own files.

A run is a sorted Parquet file of rows, with what tells its records apart. Documents that version resolution has to read
lie beside it, one after another, since a Parquet file is not read here and there. It knows not which rows are kept.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import orjson
import pyarrow as pa

from smsearch import durable
from smsearch.archive import cells, files, layout
from smsearch.errors import StoreError
from smsearch.ingest.identities import digest, identity
from smsearch.ingest.stored import SpilledSnapshots
from smsearch.regular import open_within
from smsearch.schema import catalogue, notation, values, versions
from smsearch.schema.record import Record
from smsearch.store.identities import NEVER_MODIFIED, of_rows
from smsearch.store.sources import nowhere

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.archive.manifest import FileEntry
    from smsearch.schema.catalogue import Resource
    from smsearch.store.identities import Identities, Identity
    from smsearch.store.sources import Origins

RUN_ROWS: Final = 10_000
RUN_BYTES: Final = 64 << 20
"""Records, and bytes of their documents, that are held as Python objects before they are spilled."""
AGAIN: Final = "Restore it, or make the archive again with `smsearch archive`."
_RUN_GROUP_ROWS: Final = 2_000
_COMPRESSION: Final = 4
"""How many times smaller a file is than what is read of it, about; its rows are not read to know their sizes."""


class Snapshots(Protocol):
    """The snapshots of a run, in the order in which they were read."""

    @property
    def identities(self) -> Identities:
        """What tells them apart."""

    @property
    def origins(self) -> Origins:
        """Where they were read, which an archive does not keep."""

    def stored(self, rows: NDArray[np.intp]) -> list[bytes]:
        """Some documents."""

    def exported(self, rows: NDArray[np.intp]) -> Mapping[int, bytes]:
        """What the export had in other types, as JSON, by place among some rows."""

    def records(self, rows: NDArray[np.intp]) -> Sequence[Record]:
        """Some records."""


@dataclass(frozen=True, slots=True)
class Run:
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


class Spill:
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
        self.runs: dict[str, list[Run]] = {}
        self.next_number = first

    def add(self, record: Record, known: Identity | None = None) -> None:
        """Takes a record over.

        Args:
            record: The record.
            known: What tells it apart, if that is known already; else it arrives now.
        """
        resource = catalogue.resource(record.resource)
        document, apart = _document(record, resource.record_key), notation.written_apart(record)
        made = known
        if made is None:
            made = identity(record, digest(document + apart))._replace(number=self.next_number)
            self.next_number += 1
        created = values.timestamp_of(_at(record.document, (*resource.arn[:-1], "CreationTime")))
        row = cells.row(record.document, resource)
        row[layout.ARN], row[layout.NAME] = record.arn, record.name
        row[layout.VERSION] = versions.version_of(record)
        row[layout.CREATED] = created if isinstance(created, int) else None
        row[layout.MODIFIED], row[layout.PARTIAL] = record.modified, record.is_partial
        row[layout.DIGEST], row[layout.DOCUMENT] = made.contents, document.decode()
        row[layout.DERIVED], row[layout.NUMBER] = made.derived, made.number
        row[layout.EXTRAS] = cells.extras(record.document, resource) or None
        row[layout.EXPORTED] = apart.decode() or None
        self._rows.setdefault(resource.name, []).append(row)
        self._identities.setdefault(resource.name, []).append(made)
        known_paths = self._extras.setdefault(resource.name, {})
        known_paths.update((layout.extra_key(path), path) for path in record.extras)
        self._count += 1
        self._bytes += len(document)
        if self._count >= RUN_ROWS or self._bytes >= RUN_BYTES:
            self.flush()

    def flush(self) -> None:
        """Writes what was gathered."""
        for name, rows in self._rows.items():
            runs = self.runs.setdefault(name, [])
            path = self._folder / f"{self._prefix}-{name}-{len(runs)}.parquet"
            created = np.array(
                [files.WITHOUT_TIME if row[layout.CREATED] is None else row[layout.CREATED] for row in rows]
            )
            order = np.argsort(created, kind="stable")
            table = pa.Table.from_pylist([rows[at] for at in order], schema=layout.schema_of(catalogue.resource(name)))
            files.write(table, path, _RUN_GROUP_ROWS)
            sizes = np.array([len(rows[at][layout.DOCUMENT]) for at in order], np.int64)
            identities = of_rows(name, self._identities[name])
            documents = (row[layout.DOCUMENT].encode() for row in rows)
            beside = path.with_suffix(".documents")
            lengths = _write_documents(beside, documents)
            exported = partial(_exported, path, catalogue.resource(name), order)
            snapshots = SpilledSnapshots(name, beside, lengths, identities, exported)
            runs.append(Run(path, created[order], sizes, snapshots, order, dict(self._extras[name])))
        self._rows.clear()
        self._identities.clear()
        self._count = self._bytes = 0


def _write_documents(path: Path, documents: Iterator[bytes]) -> NDArray[np.uint32]:
    """Writes documents one after another, each with a comma behind it; returns how long each is with it."""
    lengths = []
    with durable.create(path) as file:
        for document in documents:
            file.write(document + b",")
            lengths.append(len(document) + 1)
    return np.array(lengths, np.uint32)


def _exported(path: Path, resource: Resource, read_at: NDArray[np.int64]) -> dict[int, bytes]:
    """What the export had in other types, of the rows of a file that have any, by the order in which they were read."""
    written = zip(read_at.tolist(), files.Rows(path, resource).texts(layout.EXPORTED), strict=True)
    return {at: text.encode() for at, text in written if text is not None}


def _document(record: Record, record_key: str) -> bytes:
    members = notation.complete(record, notation.document(record, notation.WIRE))
    return b'{"%s":%s}' % (record_key.encode(), orjson.dumps(members))


def _at(document: Any, path: tuple[str, ...]) -> object:  # noqa: ANN401 - any JSON value
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


class _OfFile:
    """The snapshots of a file of the archive; its documents are written beside the runs when one of them is needed."""

    def __init__(self, path: Path, resource: Resource, identities: Identities, working: Path) -> None:
        self.identities = identities
        self.origins: Origins = nowhere(len(identities))
        self._path = path
        self._resource = resource
        self._working = working

    @cached_property
    def _spilled(self) -> SpilledSnapshots:
        rows = files.Rows(self._path, self._resource)
        beside = self._working / f"{self._path.stem}.documents"
        lengths = _write_documents(beside, (text.encode() for text in rows.texts(layout.DOCUMENT) if text is not None))
        exported = partial(_exported, self._path, self._resource, np.arange(len(lengths)))
        return SpilledSnapshots(self._resource.name, beside, lengths, self.identities, exported)

    def stored(self, rows: NDArray[np.intp]) -> list[bytes]:
        """As `Snapshots.stored`."""
        return self._spilled.stored(rows)

    def exported(self, rows: NDArray[np.intp]) -> Mapping[int, bytes]:
        """As `Snapshots.exported`."""
        return self._spilled.exported(rows)

    def records(self, rows: NDArray[np.intp]) -> Sequence[Record]:
        """As `Snapshots.records`."""
        return self._spilled.records(rows)


def of_file(entry: FileEntry, folder: Path, resource: Resource, working: Path) -> Run:
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
    told = [layout.ARN, layout.NAME, layout.VERSION, layout.PARTIAL, layout.DIGEST, layout.DERIVED, layout.NUMBER]
    table = files.Rows(path, resource).columns([*told, layout.MODIFIED, layout.CREATED])
    if table.num_rows != entry.rows:
        raise StoreError(f"{path} is damaged: it has {table.num_rows:,} rows and not {entry.rows:,}.", hint=AGAIN)
    modified = table[layout.MODIFIED].cast(pa.int64()).to_pylist()
    rows = []
    for *texts, is_partial, contents, derived, number, micros in zip(
        *(table[name].to_pylist() for name in told), modified, strict=True
    ):
        arn, name, version = texts
        document = {resource.version: version} if version else {}
        bare = Record(resource.name, arn, name, document, NEVER_MODIFIED if micros is None else micros, is_partial)
        rows.append(identity(bare, contents)._replace(derived=derived, number=number))
    paths = {layout.extra_key(tuple(path)): tuple(path) for path in entry.extras.values()}
    sizes = np.full(len(rows), entry.size // max(len(rows), 1) * _COMPRESSION, np.int64)
    snapshots = _OfFile(path, resource, of_rows(resource.name, rows), working)
    return Run(path, files.created_of(table), sizes, snapshots, np.arange(len(rows)), paths, entry)
