"""Files of held snapshots: those that are no record by themselves, but can still matter to one (rows D1 to D3).

They lie apart from the segments that are searched. A file has the container of a segment, with documents and what tells
the snapshots apart, and no columns. An addition writes what it has to hold as one more file; when there are many of a
resource, it writes them as one. A snapshot that has become superfluous since may stay in a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from smsearch.ingest.classes import Role
from smsearch.ingest.identities import joined
from smsearch.store.address import ROOT, table_key
from smsearch.store.manifest import SegmentEntry
from smsearch.store.segment import Segment, SegmentWriter, joined_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.ingest.identities import Identities
    from smsearch.ingest.stored import StoredSnapshots

FILES_MAX: Final = 8
"""Files of one resource beyond which an addition writes them as one."""
_ROWS_AT_ONCE: Final = 1_000


class Holder(Protocol):
    """Snapshots whose documents can be read as they are stored."""

    @property
    def identities(self) -> Identities:
        """What tells them apart."""

    def stored(self, rows: NDArray[np.intp]) -> list[bytes]:
        """The documents of some rows, without the comma that follows each."""

    def exported(self, rows: NDArray[np.intp]) -> Mapping[int, bytes]:
        """What the export had in other types, as JSON, by place among some rows."""


def write(
    resource: str,
    held: Sequence[tuple[StoredSnapshots, NDArray[np.uint8]]],
    others: Sequence[tuple[Holder, NDArray[np.uint8]]],
    folder: Path,
    working: Path,
) -> list[SegmentEntry]:
    """Brings the files of a resource up to date; returns what the manifest says of each.

    Args:
        resource: Whose snapshots they are.
        held: The files there are, and the role of each of their snapshots.
        others: Segments and runs, and the role of each of their snapshots: the held ones have to be written.
        folder: The store.
        working: Where the new file is written before it gets its name.
    """
    fresh = _of_role(others)
    entries = [snapshots.part.entry for snapshots, _ in held]
    if len(entries) + bool(fresh) > FILES_MAX:
        fresh, entries = [*_once(held, others), *fresh], []
    return [*entries, _write(resource, fresh, folder, working)] if fresh else entries


def _of_role(every: Sequence[tuple[Holder, NDArray[np.uint8]]]) -> list[tuple[Holder, NDArray[np.intp]]]:
    chosen = [(snapshots, np.flatnonzero(roles == Role.HELD)) for snapshots, roles in every]
    return [(snapshots, rows) for snapshots, rows in chosen if len(rows)]


def _once(
    held: Sequence[tuple[StoredSnapshots, NDArray[np.uint8]]],
    others: Sequence[tuple[Holder, NDArray[np.uint8]]],
) -> list[tuple[Holder, NDArray[np.intp]]]:
    """The held snapshots of all files, without those that have become records since."""
    living = [snapshots.identities.numbers[roles == Role.LIVE] for snapshots, roles in others]
    numbers = np.concatenate(living) if living else np.empty(0, np.int64)
    chosen = []
    for snapshots, rows in _of_role(held):
        kept = rows[~np.isin(snapshots.identities.numbers[rows], numbers)]
        if len(kept):
            chosen.append((snapshots, kept))
    return chosen


def _write(
    resource: str, chosen: Sequence[tuple[Holder, NDArray[np.intp]]], folder: Path, working: Path
) -> SegmentEntry:
    beside = working / "held.new"
    with SegmentWriter(beside) as writer:
        lengths: list[int] = []
        exported: dict[int, bytes] = {}
        for snapshots, rows in chosen:
            for start in range(0, len(rows), _ROWS_AT_ONCE):
                some = rows[start : start + _ROWS_AT_ONCE]
                exported |= {len(lengths) + place: apart for place, apart in snapshots.exported(some).items()}
                documents = snapshots.stored(some)
                writer.write(b"".join(document + b"," for document in documents))
                lengths += [len(document) + 1 for document in documents]
        offsets = np.zeros(len(lengths) + 1, np.uint64)
        np.cumsum(lengths, dtype=np.uint64, out=offsets[1:])
        identities = joined([snapshots.identities.of(rows) for snapshots, rows in chosen])
        meta = {"rows": len(lengths), "resource": resource, "documents": offsets, **identities.arrays()}
        if exported:
            ascending = sorted(exported)
            texts = joined_texts([exported[row] for row in ascending])
            meta["exported"] = [np.array(ascending, np.uint32), *texts]
        writer.entry(table_key(ROOT), meta)
        size = writer.close()
    name = f"held-{Segment(beside).digest}.smseg"
    beside.replace(folder / name)
    return SegmentEntry(name, resource, len(lengths), size)
