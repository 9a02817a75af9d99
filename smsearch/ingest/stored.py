"""Reads records back: out of a segment, a file of held snapshots or a run, for who compares them or writes them anew.

What a stored document has for the sake of a response, and an export has not, is undone: members that the service always
sends (row R12), and the texts that stand for NaN and infinities.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from smsearch.ingest.normalise import Notes, normalise
from smsearch.schema import catalogue, notation, parsed
from smsearch.store.sources import nowhere

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.schema.origin import Origin
    from smsearch.schema.record import Record
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


class StoredSnapshots:
    """The snapshots of a segment, or of a file of held ones."""

    def __init__(self, part: SegmentReader) -> None:
        self.part = part
        self.identities: Identities = part.identities

    @cached_property
    def origins(self) -> Origins:
        """Where they were read."""
        return self.part.sources.whole()

    def stored(self, rows: Rows) -> list[bytes]:
        """The documents of some rows, as `SegmentReader.documents`."""
        return self.part.documents(rows)

    def exported(self, rows: Rows) -> Mapping[int, bytes]:
        """What the export had in other types, as `SegmentReader.exported`."""
        return self.part.exported(rows)

    def records(self, rows: Rows) -> Sequence[Record]:
        """The records of some rows."""
        full, origins = self.identities.full[rows], self.part.sources.of(rows)
        return read_back(self.part.entry.resource, self.stored(rows), self.exported(rows), full, origins)


class SpilledSnapshots:
    """The snapshots of a run.

    Args:
        resource: What they are snapshots of.
        path: A file of documents that follow one another, each with a comma behind it.
        lengths: How long they are with it, uint32.
        identities: What tells them apart.
        exported: Gives what the export had in other types, by row.
        origins: Where they were read; left out, that is not known.
    """

    def __init__(
        self,
        resource: str,
        path: Path,
        lengths: NDArray[np.uint32],
        identities: Identities,
        exported: Callable[[], Mapping[int, bytes]],
        origins: Origins | None = None,
    ) -> None:
        self.identities = identities
        self.origins: Origins = nowhere(len(identities)) if origins is None else origins
        self._resource = resource
        self._path = path
        self._lengths = lengths
        self._ends = np.cumsum(lengths, dtype=np.int64)
        self._read_exported = exported

    @cached_property
    def _exported(self) -> Mapping[int, bytes]:
        return self._read_exported()

    def stored(self, rows: Rows) -> list[bytes]:
        """The documents of some rows, without the comma that follows each."""
        documents = []
        with self._path.open("rb", buffering=0) as file:
            for end, length in zip(self._ends[rows].tolist(), self._lengths[rows].tolist(), strict=True):
                file.seek(end - length)
                documents.append(file.read(length - 1))
        return documents

    def exported(self, rows: Rows) -> Mapping[int, bytes]:
        """What the export had in other types, by place among some rows."""
        if not self._exported:
            return {}
        return {place: self._exported[row] for place, row in enumerate(rows.tolist()) if row in self._exported}

    def records(self, rows: Rows) -> Sequence[Record]:
        """The records of some rows."""
        full, origins = self.identities.full[rows], [self.origins.at(row) for row in rows.tolist()]
        return read_back(self._resource, self.stored(rows), self.exported(rows), full, origins)


def read_back(
    resource_name: str,
    stored: list[bytes],
    exported: Mapping[int, bytes],
    full: NDArray[np.bool_],
    origins: Sequence[Origin],
) -> list[Record]:
    """Stored documents as the records that they were read as.

    Args:
        resource_name: What they are records of.
        stored: The documents.
        exported: What the export had in other types, as JSON, by the place of the document.
        full: Which of them are no summaries.
        origins: Where each was read.
    """
    resource = catalogue.resource(resource_name)
    notes = Notes()
    records = []
    for place, (document, is_full, origin) in enumerate(zip(stored, full.tolist(), origins, strict=True)):
        members = notation.uncompleted(resource_name, parsed.members_of(document, resource))
        record = normalise(resource_name, members, notes, is_partial=not is_full, origin=origin)
        apart = exported.get(place)
        records.append(record if apart is None else replace(record, exported=parsed.exported_of(apart, resource)))
    return records


def arrived(parts: list[SegmentReader], held: list[SegmentReader]) -> Iterator[Record]:
    """The snapshots that a store has of a resource, in their order of arrival; each once.

    Args:
        parts: Its segments.
        held: Its files of held snapshots.
    """
    sources = [StoredSnapshots(part) for part in (*parts, *held)]
    chosen = [living(source.part) & ~source.identities.derived for source in sources]
    numbers = np.concatenate([source.identities.numbers[some] for source, some in zip(sources, chosen, strict=True)])
    of_source = np.concatenate([np.full(int(some.sum()), at) for at, some in enumerate(chosen)])
    rows = np.concatenate([np.flatnonzero(some) for some in chosen])
    _, order = np.unique(numbers, return_index=True)
    for start in range(0, len(order), _ROWS_AT_ONCE):
        batch = order[start : start + _ROWS_AT_ONCE]
        read: dict[int, Record] = {}
        for at in np.unique(of_source[batch]).tolist():
            mine = batch[of_source[batch] == at]
            read.update(zip(mine.tolist(), sources[at].records(rows[mine]), strict=True))
        yield from (read[place] for place in batch.tolist())


def records(part: SegmentReader, chosen: NDArray[np.bool_]) -> Iterator[Record]:
    """The records of some rows of a segment, in their order."""
    snapshots = StoredSnapshots(part)
    rows = np.flatnonzero(chosen)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield from snapshots.records(rows[start : start + _ROWS_AT_ONCE])
