"""Counts the snapshots behind each row while versions are resolved (`store/counts.py` says what is counted).

Every snapshot is of one class, so what a class stands for only grows. A group's record supersedes what its classes
stand for, less one. It does not know which snapshot wins: `resolution.py` says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from smsearch.ingest.classes import Role
from smsearch.store.counts import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_NO_ROW: Final = -1


class _Emitted(NamedTuple):
    """A record that was emitted: the row that it is a copy of, or `_NO_ROW`, and what it superseded."""

    row: int
    superseded: int


class SnapshotCounts:
    """What the rows of one resolution stand for and supersede.

    Args:
        counts: The counts before, which are changed; a new row stands for itself.
        before: What each row was.
        keys: The number of each row's class.
        aliases: The numbers of the classes that may belong to it; -1 for none.
        derived: Which rows were made of several snapshots.
    """

    def __init__(
        self,
        counts: Counts,
        before: NDArray[np.uint8],
        keys: NDArray[np.int64],
        aliases: NDArray[np.int64],
        derived: NDArray[np.bool_],
    ) -> None:
        self._before = before
        self._derived = derived
        self._keys = keys
        self._aliases = aliases
        self._standing, self._superseded = counts.standing, counts.superseded
        self._standing[before == Role.DROPPED] = 0
        self._of_class = _sums(keys, self._standing, int(max(keys.max(initial=-1), aliases.max(initial=-1))) + 1)
        self._emitted: list[_Emitted] = []

    def choose(self, rows: NDArray[np.intp], revived: Iterable[int]) -> None:
        """Rows are records, each of a class that is a group by itself; the revived ones are written again, in order."""
        self._superseded[rows] = self._of_class[self._keys[rows]] - 1
        self._emitted += [_Emitted(row, int(self._superseded[row])) for row in revived]

    def group(self, classes: Iterable[int]) -> int:
        """How many snapshots the record of a group of classes supersedes."""
        return int(sum(self._of_class[key] for key in classes)) - 1

    def choose_of(self, row: int, classes: Iterable[int]) -> None:
        """A row that was chosen, or made a record again, is the record of a group of classes."""
        superseded = self.group(classes)
        if self._emitted and self._emitted[-1].row == row:
            self._emitted[-1] = _Emitted(row, superseded)
        self._superseded[row] = superseded

    def make(self, classes: Iterable[int]) -> None:
        """The record of a group was made of its snapshots."""
        self._emitted.append(_Emitted(_NO_ROW, self.group(classes)))

    def settle(self, roles: NDArray[np.uint8], resolved: NDArray[np.intp]) -> tuple[Counts, Counts]:
        """The counts of the rows and of the records that were made, when every role is known.

        Args:
            roles: What became of each row.
            resolved: The rows of the classes that were resolved anew.
        """
        self._repeat(roles, resolved)
        self._move(roles)
        rows, superseded = np.array(self._emitted, np.int64).reshape(-1, 2).T
        standing = np.where(rows == _NO_ROW, 0, self._standing[rows])
        self._standing[rows[rows != _NO_ROW]] = 0
        self._superseded[roles != Role.LIVE] = 0
        return Counts(self._standing, self._superseded), Counts(standing, superseded)

    def _repeat(self, roles: NDArray[np.uint8], resolved: NDArray[np.intp]) -> None:
        """Counts new snapshots that say what is known for the records of their classes, which stay as they are."""
        was_resolved = np.zeros(len(self._of_class), dtype=bool)
        was_resolved[self._keys[resolved]] = True
        repeated = np.flatnonzero((self._before == Role.NEW) & (roles == Role.DROPPED) & ~was_resolved[self._keys])
        if not len(repeated):
            return
        living = np.flatnonzero(roles == Role.LIVE)
        record_of = np.full(len(self._of_class) + 1, _NO_ROW)
        for column in self._aliases[living].T:  # a class that is no record belongs to the only record with its alias
            record_of[column] = living
        record_of[self._keys[living]] = living
        np.add.at(self._superseded, record_of[self._keys[repeated]], 1)

    def _move(self, roles: NDArray[np.uint8]) -> None:
        """Gives what dropped rows stand for to a row of their class that is kept."""
        dropped = np.flatnonzero((roles == Role.DROPPED) & (self._standing > 0))
        if not len(dropped):
            return
        heir_of = np.full(len(self._of_class), _NO_ROW)
        stands = self._standing > 0
        for kept in (roles == Role.HELD, (roles == Role.HELD) & stands, roles == Role.LIVE):  # the last are preferred
            rows = np.flatnonzero(kept & ~self._derived)
            heir_of[self._keys[rows]] = rows
        np.add.at(self._standing, heir_of[self._keys[dropped]], self._standing[dropped])
        self._standing[dropped] = 0


def _sums(keys: NDArray[np.int64], values: NDArray[np.int64], count: int) -> NDArray[np.int32]:
    return np.bincount(keys, values, count).astype(np.int32)
