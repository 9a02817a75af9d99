"""Files of held snapshots: those that are no record by themselves, but can still matter to one (rows D1 to D3).

They lie apart from the segments that are searched. A file has the container of a segment, with documents and what tells
the snapshots apart, and no columns. An addition writes what it has to hold as one more file; when there are many of a
resource, it writes them as one. A snapshot that has become superfluous since may stay in a file.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, Protocol, TypeVar

import numpy as np

from smsearch.ingest.classes import Role
from smsearch.store import counts, sources
from smsearch.store.address import ROOT, table_key
from smsearch.store.documents import offsets_of
from smsearch.store.exported import members
from smsearch.store.identities import joined
from smsearch.store.manifest import SegmentEntry
from smsearch.store.segment import Segment, SegmentWriter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.ingest.stored import StoredSnapshots
    from smsearch.store.counts import Counts
    from smsearch.store.identities import Identities
    from smsearch.store.sources import Origins

FILES_MAX: Final = 8
"""Files of one resource beyond which an addition writes them as one."""
_ROWS_AT_ONCE: Final = 1_000


class Holder(Protocol):
    """Snapshots whose documents can be read as they are stored."""

    @property
    def identities(self) -> Identities:
        """What tells them apart."""

    @property
    def origins(self) -> Origins:
        """Where they were read."""

    def stored(self, rows: NDArray[np.intp]) -> list[bytes]:
        """The documents of some rows, without the comma that follows each."""

    def exported(self, rows: NDArray[np.intp]) -> Mapping[int, bytes]:
        """What the export had in other types, as JSON, by place among some rows."""


Holder_co = TypeVar("Holder_co", bound=Holder, covariant=True)


class Resolved(NamedTuple, Generic[Holder_co]):
    """Snapshots, with the role of each, and what they stand for; None where that is not kept, as in an archive."""

    snapshots: Holder_co
    roles: NDArray[np.uint8]
    counts: Counts | None = None


class _Chosen(NamedTuple):
    """Rows that are to be written."""

    snapshots: Holder
    rows: NDArray[np.intp]
    counts: Counts | None


def write(
    resource: str,
    held: Sequence[Resolved[StoredSnapshots]],
    others: Sequence[Resolved[Holder]],
    folder: Path,
    working: Path,
) -> list[SegmentEntry]:
    """Brings the files of a resource up to date; returns what the manifest says of each.

    Args:
        resource: Whose snapshots they are.
        held: The files there are.
        others: Segments and runs, of which the held snapshots have to be written.
        folder: The store.
        working: Where the new file is written before it gets its name.
    """
    fresh = _of_role(others)
    if len(held) + bool(fresh) > FILES_MAX:
        return _write(resource, [*_once(held, others), *fresh], folder, working)
    entries = [with_counts(one.snapshots.part.entry, one.counts, folder) for one in held]
    return [*entries, *_write(resource, fresh, folder, working)]


def with_counts(entry: SegmentEntry, counted: Counts | None, folder: Path) -> SegmentEntry:
    """What the manifest says of a file whose rows have some counts, which are written; None are not kept at all."""
    if counted is None:
        return entry
    name, rows = counts.write(folder, counted)
    return replace(entry, counts=name, counted_rows=rows)


def _of_role(every: Sequence[Resolved[Holder]]) -> list[_Chosen]:
    chosen = [_Chosen(one.snapshots, np.flatnonzero(one.roles == Role.HELD), one.counts) for one in every]
    return [one for one in chosen if len(one.rows)]


def _once(held: Sequence[Resolved[Holder]], others: Sequence[Resolved[Holder]]) -> list[_Chosen]:
    """The held snapshots of all files, without those that have become records since."""
    living = [one.snapshots.identities.numbers[one.roles == Role.LIVE] for one in others]
    numbers = np.concatenate(living) if living else np.empty(0, np.int64)
    chosen = []
    for one in _of_role(held):
        kept = one.rows[~np.isin(one.snapshots.identities.numbers[one.rows], numbers)]
        if len(kept):
            chosen.append(one._replace(rows=kept))
    return chosen


def _write(resource: str, chosen: Sequence[_Chosen], folder: Path, working: Path) -> list[SegmentEntry]:
    """Writes some snapshots as a file; returns what the manifest says of it, nothing if there are none."""
    if not chosen:
        return []
    beside = working / "held.new"
    with SegmentWriter(beside) as writer:
        lengths: list[int] = []
        exported: dict[int, bytes] = {}
        for snapshots, rows, _ in chosen:
            for start in range(0, len(rows), _ROWS_AT_ONCE):
                some = rows[start : start + _ROWS_AT_ONCE]
                exported |= {len(lengths) + place: apart for place, apart in snapshots.exported(some).items()}
                documents = snapshots.stored(some)
                writer.write(b"".join(document + b"," for document in documents))
                lengths += [len(document) + 1 for document in documents]
        identities = joined([snapshots.identities.of(rows) for snapshots, rows, _ in chosen])
        writer.entry(
            table_key(ROOT),
            {
                "rows": len(lengths),
                "resource": resource,
                "documents": offsets_of(np.array(lengths, np.int64)),
                **identities.arrays(),
                **members(exported),
            },
        )
        writer.entry(sources.KEY, sources.entry(sources.joined([one.origins.of(rows) for one, rows, _ in chosen])))
        size = writer.close()
    name = f"held-{Segment(beside).digest}.smseg"
    beside.replace(folder / name)
    counted = [one.counts.of(one.rows) for one in chosen if one.counts is not None]
    entry = SegmentEntry(name, resource, len(lengths), size)
    return [with_counts(entry, counts.joined(counted) if counted else None, folder)]
