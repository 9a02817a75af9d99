"""Files of held snapshots: those that are no record by themselves, but can still matter to one (rows D1 to D3).

They lie apart from the segments that are searched. A file has the container of a segment, with documents and what tells
the snapshots apart, and no columns. An addition writes what it has to hold as one more file; when there are many of a
resource, it writes them as one. A snapshot that has become superfluous since may stay in a file.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from smsearch.frozen import replace
from smsearch.ingest.classes import Role
from smsearch.store import sources
from smsearch.store.address import ROOT, table_key
from smsearch.store.checksum import crc32
from smsearch.store.counts import joined as joined_counts
from smsearch.store.counts import write as write_counts
from smsearch.store.documents import members_of
from smsearch.store.exported import members as exported_members
from smsearch.store.identities import joined
from smsearch.store.manifest import SegmentEntry
from smsearch.store.segment import Segment, SegmentWriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.ingest.resolution import Resolved
    from smsearch.ingest.snapshots import Snapshots, StoredSnapshots
    from smsearch.store.counts import Counts

FILES_MAX: Final = 8
"""Files of one resource beyond which an addition writes them as one."""
_ROWS_AT_ONCE: Final = 1_000


class _RowsToWrite(NamedTuple):
    """Rows that are to be written."""

    snapshots: Snapshots
    rows: NDArray[np.intp]
    counts: Counts


def write(
    resource: str,
    held: Sequence[Resolved[StoredSnapshots]],
    others: Sequence[Resolved[Snapshots]],
    folder: Path,
    working: Path,
    *,
    keeps_counts: bool = True,
) -> list[SegmentEntry]:
    """Brings the files of a resource up to date; returns what the manifest says of each.

    Args:
        resource: Whose snapshots they are.
        held: The files there are.
        others: Segments and runs, of which the held snapshots have to be written.
        folder: The store.
        working: Where the new file is written before it gets its name.
        keeps_counts: Whether counts are written too; an archive keeps none.
    """
    new = _held_rows(others)
    entries = []
    if len(held) + bool(new) > FILES_MAX:
        new = [*_not_live(held, others), *new]
    else:
        entries = [(one.snapshots.part.entry, one.counts) for one in held]
    if new:
        counts = joined_counts([one.counts.of(one.rows) for one in new])
        entries.append((_write(resource, new, folder, working), counts))
    return [with_counts(entry, counts, folder) if keeps_counts else entry for entry, counts in entries]


def with_counts(entry: SegmentEntry, counts: Counts, folder: Path) -> SegmentEntry:
    """What the manifest says of a file whose rows have some counts, which are written."""
    name, rows = write_counts(folder, counts)
    return replace(entry, counts=name, counted_rows=rows)


def _held_rows(every: Sequence[Resolved[Snapshots]]) -> list[_RowsToWrite]:
    rows = [_RowsToWrite(one.snapshots, np.flatnonzero(one.roles == Role.HELD), one.counts) for one in every]
    return [one for one in rows if len(one.rows)]


def _not_live(held: Sequence[Resolved[Snapshots]], others: Sequence[Resolved[Snapshots]]) -> list[_RowsToWrite]:
    """The held snapshots of all files, without those that have become records since."""
    live = [one.snapshots.identities.numbers[one.roles == Role.LIVE] for one in others]
    numbers = np.concatenate([*live, np.empty(0, np.int64)])
    every = _held_rows(held)
    rows = [one.rows[~np.isin(one.snapshots.identities.numbers[one.rows], numbers)] for one in every]
    return [one._replace(rows=some) for one, some in zip(every, rows, strict=True) if len(some)]


def _write(resource: str, every: Sequence[_RowsToWrite], folder: Path, working: Path) -> SegmentEntry:
    """Writes some snapshots as a file; returns what the manifest says of it."""
    beside = working / "held.new"
    with SegmentWriter(beside) as writer:
        lengths: list[int] = []
        checksums = array("I")
        exported: dict[int, bytes] = {}
        for snapshots, rows, _ in every:
            for start in range(0, len(rows), _ROWS_AT_ONCE):
                batch = rows[start : start + _ROWS_AT_ONCE]
                other_types = snapshots.exported(batch)
                exported |= {len(lengths) + place: members for place, members in other_types.items()}
                documents = snapshots.stored(batch)
                writer.write(b"".join([document + b"," for document in documents]))
                checksums.extend(map(crc32, documents))
                lengths += [len(document) + 1 for document in documents]
        writer.entry(
            table_key(ROOT),
            {
                "rows": len(lengths),
                "resource": resource,
                **members_of(np.array(lengths, np.int64), checksums),
                **joined([snapshots.identities.of(rows) for snapshots, rows, _ in every]).arrays(),
                **exported_members(exported),
            },
        )
        origins = sources.joined([snapshots.origins.of(rows) for snapshots, rows, _ in every])
        writer.entry(sources.KEY, sources.entry(origins))
        size = writer.close()
    name = f"held-{Segment(beside).digest}.smseg"
    beside.replace(folder / name)
    return SegmentEntry(name, resource, len(lengths), size)
