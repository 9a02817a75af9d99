"""Snapshots at rest, read back as records: of a segment, a file of held snapshots, a run, or a file of an archive.

What a stored document has for the sake of a response, and an export has not, is undone: members that the service always
sends (row R12), and the texts that stand for NaN and infinities.
"""

from __future__ import annotations

import os
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np

from smsearch.frozen import replace
from smsearch.ingest.normalise import Notes, normalise
from smsearch.schema import catalogue, stored_document
from smsearch.store.counts import usual
from smsearch.store.sources import nowhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.schema.origin import Origin
    from smsearch.schema.record import Record
    from smsearch.store.counts import Counts
    from smsearch.store.identities import Identities
    from smsearch.store.segment_reader import SegmentReader
    from smsearch.store.sources import Origins

    Rows = NDArray[np.intp]

_ROWS_AT_ONCE: Final = 1_000


def living(part: SegmentReader) -> NDArray[np.bool_]:
    """For each row of a segment, whether no newer segment supersedes it."""
    alive = np.ones(part.entry.rows, dtype=bool)
    if part.dead is not None:
        alive[part.dead] = False
    return alive


class Snapshots(Protocol):
    """Snapshots of one resource that lie somewhere; rows are numbers of snapshots, as of their identities.

    Attributes:
        resource: What they are snapshots of.
    """

    resource: str

    @property
    def identities(self) -> Identities:
        """What tells them apart."""

    def __len__(self) -> int:
        """How many there are."""

    @property
    def origins(self) -> Origins:
        """Where they were read."""

    def counts(self) -> Counts:
        """How many snapshots each row stands for and supersedes."""

    def stored(self, rows: Rows) -> list[bytes]:
        """The documents of some rows, without the comma that follows each."""

    def exported(self, rows: Rows) -> Mapping[int, bytes]:
        """What the export had in other types, as JSON, by place among some rows."""

    def origins_at(self, rows: Rows) -> Sequence[Origin]:
        """Where some rows were read."""
        return [self.origins.at(row) for row in rows.tolist()]

    def records(self, rows: Rows) -> list[Record]:
        """The records of some rows, in the order of the rows."""
        resource, notes, exported = catalogue.resource(self.resource), Notes(), self.exported(rows)
        records = []
        columns = zip(self.stored(rows), self.identities.full[rows].tolist(), self.origins_at(rows), strict=True)
        for place, (document, is_full, origin) in enumerate(columns):
            members = stored_document.members_of(document, resource)
            record = normalise(self.resource, members, notes, is_partial=not is_full, origin=origin)
            if place in exported:
                record = replace(record, exported=stored_document.exported_of(exported[place], resource))
            records.append(record)
        return records


class StoredSnapshots(Snapshots):
    """The snapshots of a segment, or of a file of held ones."""

    def __init__(self, part: SegmentReader) -> None:
        self.part = part
        self.resource = part.entry.resource

    @property
    def identities(self) -> Identities:
        """As `Snapshots.identities`."""
        return self.part.identities

    def __len__(self) -> int:
        return self.part.entry.rows

    @cached_property
    def origins(self) -> Origins:
        """As `Snapshots.origins`."""
        return self.part.sources.whole()

    def origins_at(self, rows: Rows) -> Sequence[Origin]:
        """As `Snapshots.origins_at`; the others are not read."""
        return self.part.sources.of(rows)

    def counts(self) -> Counts:
        """As `Snapshots.counts`."""
        return self.part.counts.whole()

    def stored(self, rows: Rows) -> list[bytes]:
        """As `Snapshots.stored`."""
        return self.part.documents(rows)

    def exported(self, rows: Rows) -> Mapping[int, bytes]:
        """As `Snapshots.exported`."""
        return self.part.exported(rows)


class DocumentSpans(NamedTuple):
    """Where documents lie in a file.

    Attributes:
        path: The file.
        starts: int64: where each begins.
        lengths: uint32: how long each is with the comma behind it.
    """

    path: Path
    starts: NDArray[np.int64]
    lengths: NDArray[np.uint32]

    @classmethod
    def one_after_another(cls, path: Path, lengths: NDArray[np.uint32]) -> DocumentSpans:
        """Those at the beginning of a file."""
        return cls(path, np.cumsum(lengths, dtype=np.int64) - lengths, lengths)

    def of(self, rows: Rows) -> DocumentSpans:
        """Some of them."""
        return DocumentSpans(self.path, self.starts[rows], self.lengths[rows])

    def read(self) -> list[bytes]:
        """The documents, without their commas."""
        spans = zip(self.starts.tolist(), self.lengths.tolist(), strict=True)
        with self.path.open("rb", buffering=0) as file:
            return [os.pread(file.fileno(), length - 1, start) for start, length in spans]


class SpilledSnapshots(Snapshots):
    """The snapshots of a run.

    Args:
        resource: What they are snapshots of.
        count: How many there are.
        identities: Gives what tells them apart.
        documents: Gives where their documents lie.
        exported: Gives what the export had in other types, by row.
        origins: Gives where they were read; left out, that is not known.
    """

    def __init__(
        self,
        resource: str,
        count: int,
        identities: Callable[[], Identities],
        documents: Callable[[], DocumentSpans],
        exported: Callable[[], Mapping[int, bytes]],
        origins: Callable[[], Origins] | None = None,
    ) -> None:
        self.resource = resource
        self._count = count
        self._read_identities = identities
        self._read_origins = origins
        self._read_exported = cache(exported)
        self._read_documents = documents

    @property
    def identities(self) -> Identities:
        """As `Snapshots.identities`; read each time, since memory has no room for those of all runs."""
        return self._read_identities()

    def __len__(self) -> int:
        return self._count

    @property
    def origins(self) -> Origins:
        """As `Snapshots.origins`."""
        return nowhere(len(self)) if self._read_origins is None else self._read_origins()

    @cached_property
    def documents(self) -> DocumentSpans:
        """Where the documents lie."""
        return self._read_documents()

    def counts(self) -> Counts:
        """Each stands for itself."""
        return usual(len(self))

    def stored(self, rows: Rows) -> list[bytes]:
        """As `Snapshots.stored`."""
        return self.documents.of(rows).read()

    def exported(self, rows: Rows) -> Mapping[int, bytes]:
        """As `Snapshots.exported`."""
        by_row = self._read_exported()
        return {place: by_row[row] for place, row in enumerate(rows.tolist()) if row in by_row} if by_row else {}


def rows_of(every: Sequence[Snapshots], rows: Rows) -> dict[int, Record]:
    """Some records by row, their rows numbered through all of some snapshots."""
    starts = np.cumsum([0, *map(len, every)])
    places = np.searchsorted(starts, rows, "right") - 1
    records: dict[int, Record] = {}
    for place in np.unique(places).tolist():
        own = rows[places == place]
        records.update(zip(own.tolist(), every[place].records(own - starts[place]), strict=True))
    return records


def arrived(parts: list[SegmentReader], held: list[SegmentReader]) -> Iterator[Record]:
    """The snapshots that a store has of a resource, in their order of arrival; each once.

    Args:
        parts: Its segments.
        held: Its files of held snapshots.
    """
    every = [StoredSnapshots(part) for part in (*parts, *held)]
    rows = np.flatnonzero(np.concatenate([living(one.part) & ~one.identities.derived for one in every]))
    numbers = np.concatenate([snapshots.identities.numbers for snapshots in every])[rows]
    rows = rows[np.unique(numbers, return_index=True)[1]]
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        batch = rows[start : start + _ROWS_AT_ONCE]
        records = rows_of(every, batch)
        yield from (records[row] for row in batch.tolist())


def records(part: SegmentReader, mask: NDArray[np.bool_]) -> Iterator[Record]:
    """The records of some rows of a segment, in their order."""
    snapshots, rows = StoredSnapshots(part), np.flatnonzero(mask)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield from snapshots.records(rows[start : start + _ROWS_AT_ONCE])
