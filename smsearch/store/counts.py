"""How many snapshots stand behind the rows of a segment, or of a file of held snapshots: writer, reader and check.

A store counts every snapshot that was read once. A row *stands for* itself and for those of its class that gave way to
it; a record *supersedes* all snapshots of its group but one. Most rows stand for one and supersede none: only the
others are listed, in a file of their own, for an addition changes these numbers and never a segment:

    row   stands for   supersedes
    4     3            2             it came three times
    9     1            1             and a held summary adds to it
    10    0            2             made of two held snapshots, and an older one that gave way to one of them

Invariant: over all files of a store, the sum of what living and held rows stand for is the number of snapshots read,
and so is the sum over living rows of one more than they supersede. This module knows no snapshot.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from smsearch.frozen import frozen
from smsearch.numpy_later import np
from smsearch.store import rows_file
from smsearch.store.manifest import counts_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from mmap import mmap
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

    from smsearch.regular import StrPath
    from smsearch.store.manifest import SegmentEntry

_COLUMNS: Final = 3


@frozen
class Counts:
    """The counts of some rows; element i of each array is row i.

    Attributes:
        standing: int64: how many snapshots a row stands for; 0 of one that is made of others, or that another has the
            place of.
        superseded: int64: how many snapshots a record superseded; 0 of what is no record.
    """

    standing: NDArray[np.int64]
    superseded: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.standing)

    def of(self, rows: NDArray[np.integer[Any]] | NDArray[np.bool_]) -> Counts:
        """Those of some rows."""
        return Counts(self.standing[rows], self.superseded[rows])


def usual(count: int) -> Counts:
    """Rows that stand for themselves alone; they take no memory, and nobody may change them."""
    return Counts(np.broadcast_to(np.int64(1), count), np.broadcast_to(np.int64(0), count))


def compacted(counts: Counts) -> Counts:
    """The same counts, `usual` where they are."""
    return usual(len(counts)) if (counts.standing == 1).all() and not counts.superseded.any() else counts


def joined(parts: Sequence[Counts]) -> Counts:
    """The rows of all parts, one after another."""
    nothing = np.empty(0, np.int64)
    standing = np.concatenate([*(part.standing for part in parts), nothing])
    return Counts(standing, np.concatenate([*(part.superseded for part in parts), nothing]))


def write(folder: Path, counts: Counts) -> tuple[str, int]:
    """Writes the counts of a file's rows; returns the name of the file that lists them, and how many it lists.

    Both say nothing, `("", 0)`, if all rows stand for themselves alone.
    """
    rows = np.flatnonzero((counts.standing != 1) | (counts.superseded != 0))
    if not len(rows):
        return "", 0
    columns = np.stack([rows, counts.standing[rows], counts.superseded[rows]])
    return rows_file.write(folder, "counts", columns), len(rows)


class CountsFile:
    """The counts of a segment's rows, mapped when it is opened and verified when it is first touched.

    Args:
        folder: The store's.
        entry: What the manifest says of the segment.

    Raises:
        StoreError: The file is missing, or not as long as the manifest says.
    """

    def __init__(self, folder: StrPath, entry: SegmentEntry) -> None:
        self._entry = entry
        self._file: rows_file.RowsFile | None = None
        if entry.counts:
            size = counts_size(entry.counted_rows)
            self._file = rows_file.RowsFile(folder, entry.counts, entry.counted_rows, size)

    @property
    def mapped(self) -> mmap | None:
        """The file; None if all rows stand for themselves alone."""
        return None if self._file is None else self._file.mapped

    @cached_property
    def _listed(self) -> NDArray[np.uint32]:
        """Rows, what each stands for, and what each superseded: an array each.

        Raises:
            StoreError: They are damaged.
        """
        if self._file is None:
            return np.empty((_COLUMNS, 0), np.uint32)
        return self._file.columns(self._entry)

    def superseded(self, rows: NDArray[Any]) -> list[int]:
        """How many snapshots some records superseded.

        Raises:
            StoreError: The file is damaged.
        """
        listed, _, superseded = self._listed
        if not len(listed):
            return [0] * len(rows)
        at = np.minimum(np.searchsorted(listed, rows), len(listed) - 1)
        counted: list[int] = np.where(listed[at] == rows, superseded[at], 0).tolist()
        return counted

    def whole(self) -> Counts:
        """The counts of all rows.

        Raises:
            StoreError: The file is damaged.
        """
        rows, *columns = self._listed
        counts = Counts(np.ones(self._entry.rows, np.int64), np.zeros(self._entry.rows, np.int64))
        counts.standing[rows], counts.superseded[rows] = columns
        return counts

    def check(self, *, are_records: bool) -> Iterator[str]:
        """What is wrong with the counts, a sentence each.

        Args:
            are_records: Whether the rows are records, and no held snapshots.
        """
        _, standing, superseded = self._listed
        if ((standing == 1) & (superseded == 0)).any():
            yield "a row is listed that stands for itself alone."
        if not are_records and superseded.any():
            yield "a held snapshot supersedes others."
        if are_records and (superseded + 1 < standing.astype(np.int64)).any():
            yield "a record supersedes fewer snapshots than it stands for."
