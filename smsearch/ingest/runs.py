"""Runs: flattened records spilled to disk, so that a build's memory does not grow with the dump.

A run holds some thousand records of one resource: their documents, what tells them apart, and the raw values of every
column by JSON type. Runs are private to one build and gone when it ends.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import orjson

from smsearch import durable
from smsearch.ingest import compiled, flattened
from smsearch.ingest.ahead import Taken
from smsearch.ingest.compiled.layout import layout_of
from smsearch.ingest.compiled.values import SUMMARY, WRAPPED, read_records
from smsearch.ingest.flatten import Flattener
from smsearch.ingest.identities import identity as identity_of
from smsearch.ingest.identities import identity_of_read
from smsearch.ingest.snapshots import DocumentSpans, SpilledSnapshots
from smsearch.ingest.streaming_parser import RECORD_BYTES_MAX
from smsearch.schema import catalogue, notation
from smsearch.schema.arns import account_of
from smsearch.store.address import PIECE, ROOT
from smsearch.store.identities import digest, of_rows
from smsearch.store.sources import of_origins

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

    from numpy.typing import NDArray

    from smsearch.ingest.compiled.values import ReadRecords
    from smsearch.schema.origin import Origin
    from smsearch.schema.record import Record
    from smsearch.schema.value_kinds import Kind
    from smsearch.store.identities import Identities, Identity
    from smsearch.store.sources import Origins

RUN_RECORDS: Final = 20_000
"""Records of a run: larger runs did not build faster, and a run is held in memory as Python objects."""
RUN_BYTES: Final = 64 << 20
"""Bytes of documents from which a run is spilled, however few they are."""


class Loadable(Protocol):
    """What lies in a file, to be loaded by whoever needs it."""

    @property
    def length(self) -> int:
        """Its bytes, about."""

    def load(self) -> Any:  # noqa: ANN401 - `BufferedValues` or an array
        """The value."""


@dataclass(frozen=True, slots=True)
class Spilled:
    """Where in a run's file a pickled value lies."""

    path: Path
    start: int
    length: int

    def load(self) -> Any:  # noqa: ANN401 - `BufferedValues` or an array
        """The value; the file is this build's own."""
        with self.path.open("rb", buffering=0) as file:
            file.seek(self.start)
            return pickle.loads(file.read(self.length))  # noqa: S301 - written by this build a moment ago


@dataclass(frozen=True, slots=True)
class Run:
    """Where a run lies on disk.

    Attributes:
        resource: What its records are.
        path: The file.
        lengths: Bytes of each document; they stand at the file's beginning.
        identities_at: What tells the records apart, an `Identities`.
        origins_at: Where they were read, an `Origins`.
        accounts: The account of each record, as a place in `account_names`.
        columns_at: `(table, column)` to its kind and its values, a `BufferedValues`: of a run of training jobs 620, of
            which memory keeps none.
        spilled_bytes: Bytes of the columns and tables.
        tables: Path of each list's table to the rows above its own, uint32.
        extras: Dotted names of the plain fields that the service model does not know, to their paths.
        exported: What the export had in other types (`notation.other_types_of`), by the row of the records that have
            any: a `dict[int, bytes]`; None if there are none.
        first_number: The number of the first record in the order of arrival; None where the identities have it.
        lines_before: Lines of the file that stand before the piece of which the origins tell.
    """

    resource: str
    path: Path
    lengths: NDArray[np.uint32]
    identities_at: Loadable
    origins_at: Loadable
    accounts: NDArray[np.uint32]
    account_names: tuple[str, ...]
    columns_at: Loadable
    spilled_bytes: int
    tables: Mapping[str, Loadable]
    extras: dict[str, tuple[str, ...]] = field(default_factory=dict)
    exported: Loadable | None = None
    first_number: int | None = None
    lines_before: int = 0

    @property
    def identities(self) -> Identities:
        """What tells the records apart, loaded."""
        identities: Identities = self.identities_at.load()
        return identities if self.first_number is None else identities.numbered_from(self.first_number)

    @property
    def columns(self) -> Mapping[tuple[str, str], tuple[Kind, Loadable]]:
        """Where its columns lie, loaded."""
        columns: Mapping[tuple[str, str], tuple[Kind, Loadable]] = self.columns_at.load()
        return columns

    @property
    def origins(self) -> Origins:
        """Where the records were read, loaded."""
        origins: Origins = self.origins_at.load()
        return origins.after(self.lines_before) if self.lines_before else origins

    @property
    def size(self) -> int:
        """Its bytes: at 2,000 to 20,000 jobs, a segment of it had 97 to 99 % as many."""
        return int(self.lengths.sum()) + self.spilled_bytes

    def created(self) -> NDArray[np.int64]:
        """CreationTime of each record in microseconds since 1970, the greatest int64 of one that has none."""
        key = (ROOT, PIECE.join((*catalogue.resource(self.resource).arn[:-1], "CreationTime")))
        times = np.full(len(self.lengths), np.iinfo(np.int64).max)
        column = self.columns.get(key)
        if column is not None:
            values = column[1].load()
            times[values.integer_rows] = values.integers
        return times

    def snapshots(self) -> SpilledSnapshots:
        """Its records, to be read back."""
        exported = dict if self.exported is None else self.exported.load
        return SpilledSnapshots(
            self.resource,
            len(self.lengths),
            lambda: self.identities,
            lambda: DocumentSpans.one_after_another(self.path, self.lengths),
            exported,
            lambda: self.origins,
        )


class RunWriter:
    """Gathers records of one resource and spills them as runs.

    Records come from two sides: parsed ones are flattened here; of those that the compiled reader takes, it holds the
    values. Both are numbered together, in the order in which they come, and joined when they are spilled.
    """

    def __init__(self, resource: str, folder: Path, prefix: str) -> None:
        self._resource = catalogue.resource(resource)
        self._folder = folder
        self._prefix = prefix
        self._flattener = Flattener(self._resource)
        self._layout = layout_of(resource)
        self._reader = compiled.reader_of(self._layout) if self._layout is not None else None
        self._documents: list[bytes] = []
        self._lengths: list[int] = []
        self._size = 0
        self._identities: list[Identity] = []
        self._origins: list[Origin] = []
        self._accounts: list[int] = []
        self._account_places: dict[str, int] = {}
        self._extras: dict[str, tuple[str, ...]] = {}
        self._exported: dict[int, bytes] = {}
        self.runs: list[Run] = []

    def add(self, record: Record, identity: Identity | None = None) -> None:
        """Takes a record over; its document is rewritten in place.

        Args:
            record: The record.
            identity: What tells it apart, if that is known already.
        """
        other_types = notation.other_types_of(record)  # before the document is rewritten: the two may share parts
        if other_types:
            self._exported[len(self._lengths)] = other_types
        self._flattener.row_count = len(self._lengths)
        self._flattener.add(record.document)
        document = stored_document(record, self._resource.record_key)
        self._documents.append(document)
        self._lengths.append(len(document))
        self._size += len(document)
        self._identities.append(identity or identity_of(record, digest(document + other_types)))
        self._origins.append(record.origin)
        self._add_account(record.arn)
        for path in record.extras:
            self._extras.setdefault(".".join(path), path)
        self._spill_if_large()

    def take_documents(self, data: bytes, at: int, start: Origin, *, is_last: bool) -> Taken:
        """Takes documents as the compiled reader does, up to one that it leaves, or the end of a run (`Taker`)."""
        if self._reader is None:
            return Taken(at)
        row = len(self._lengths)
        end, lines, count, are_lines = self._reader.read(data, at, row, start.line, RUN_RECORDS - row, is_last)
        if not count:
            return Taken(end, lines)
        records = read_records(self._reader)
        naive_times = self._take(records, [start._replace(line=line) for line in records.places])
        return Taken(end, lines, self._resource.name, count, naive_times, are_lines)

    def take_elements(self, data: bytes, at: int, start: Origin, place: int, *, may_be_summaries: bool) -> Taken:
        """Takes elements of a list, as `take_documents`.

        Args:
            data: The list, or a part of it.
            at: Where an element begins, or the comma before it.
            start: The file, the line of the document, and the path of the list.
            place: The position of the element.
            may_be_summaries: Whether the list is of a List operation.
        """
        if self._reader is None:
            return Taken(at)
        row = len(self._lengths)
        end, count = self._reader.read_list(data, at, row, place, RUN_RECORDS - row, RECORD_BYTES_MAX)
        if not count:
            return Taken(at)
        records = read_records(self._reader)
        origins = [start._replace(path=(*start.path, position)) for position in records.places]
        naive_times = self._take(records, origins, may_be_summaries=may_be_summaries)
        return Taken(end, 0, self._resource.name, count, naive_times)

    def _take(self, records: ReadRecords, starts: list[Origin], *, may_be_summaries: bool = False) -> int:
        """Takes records of the compiled reader over; returns how many of their times had no offset."""
        self._documents.append(records.documents)
        self._lengths += records.lengths
        self._size += len(records.documents)
        view, start = memoryview(records.documents), 0
        key = self._resource.record_key
        columns = (records.lengths, starts, records.marks, records.arns, records.names, records.versions)
        for length, origin, mark, arn, name, version, modified in zip(*columns, records.modified, strict=True):
            contents = digest(view[start : start + length])
            start += length
            is_full = not (may_be_summaries and mark & SUMMARY) or bool(mark & WRAPPED)  # which a result of Search is
            self._identities.append(
                identity_of_read(self._resource, (arn, name, version), modified, contents, is_full=is_full)
            )
            self._origins.append(origin._replace(path=(*origin.path, key)) if mark & WRAPPED else origin)
            self._add_account(arn)
        self._spill_if_large()
        return records.naive_times

    def _add_account(self, arn: str) -> None:
        account = account_of(arn)
        self._accounts.append(self._account_places.setdefault(account, len(self._account_places)))

    def _spill_if_large(self) -> None:
        if len(self._lengths) >= RUN_RECORDS or self._size >= RUN_BYTES:
            self.spill()

    def spill(self) -> None:
        """Writes what was gathered as a run, if there is anything."""
        if not self._lengths:
            return
        path = self._folder / f"{self._prefix}-{self._resource.name}-{len(self.runs)}.run"
        columns: dict[tuple[str, str], tuple[Kind, Spilled]] = {}
        tables: dict[str, Spilled] = {}
        with durable.create(path) as file:
            file.writelines(self._documents)
            parts = [flattened.of_flattener(self._flattener)]
            if self._reader is not None and self._layout is not None:
                parts.insert(0, flattened.of_reader(self._reader, self._layout))
            whole = parts[0] if len(parts) == 1 else flattened.united(*parts)
            for table, parents in whole.tables.items():
                tables[table] = _spill(parents, path, file)
            for address, (kind, values) in whole.columns.items():
                columns[address] = (kind, _spill(values, path, file))
            columns_at = _spill(columns, path, file)
            exported = _spill(self._exported, path, file) if self._exported else None
            identities = _spill(of_rows(self._resource.name, self._identities), path, file)
            origins = _spill(of_origins(self._origins), path, file)
        self.runs.append(
            Run(
                resource=self._resource.name,
                path=path,
                lengths=np.array(self._lengths, np.uint32),
                identities_at=identities,
                origins_at=origins,
                accounts=np.array(self._accounts, np.uint32),
                account_names=tuple(self._account_places),
                columns_at=columns_at,
                spilled_bytes=sum(one.length for _, one in columns.values())
                + sum(one.length for one in tables.values()),
                tables=tables,
                extras=dict(self._extras),
                exported=exported,
            )
        )
        self._documents.clear()
        self._lengths.clear()
        self._size = 0
        self._exported.clear()
        self._identities.clear()
        self._origins.clear()
        self._accounts.clear()
        self._flattener.clear()


def stored_document(record: Record, record_key: str) -> bytes:
    """A record as a Search response holds it, `{"TrainingJob":{...}}` and a comma, in the wire's spelling."""
    try:
        body = orjson.dumps(notation.complete(record, record.document))
    except TypeError:  # digits that a double would lose
        body = notation.kept(record)
    else:
        if b"null" in body:  # perhaps a NaN or infinity, which the protocol spells otherwise
            body = notation.kept(record)
    return b'{"%s":%s},' % (record_key.encode(), body)


def _spill(value: object, path: Path, file: BinaryIO) -> Spilled:
    start = file.tell()
    pickle.dump(value, file, protocol=5)
    return Spilled(path, start, file.tell() - start)
