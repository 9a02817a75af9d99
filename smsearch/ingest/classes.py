"""Classes of snapshots over arrays: which rows share a key, which an addition touches, and who wins without reading.

`resolution.py` decides with it. It reads no record.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smsearch.store.identities import Identities


class Role(IntEnum):
    """What becomes of a row."""

    DROPPED = 0
    HELD = 1
    """It is no record, but can still matter (`versions.needed`)."""
    LIVE = 2
    """It is a record as it is."""
    NEW = 3
    """It was just read, and its role is not known yet: only as what a row was before."""


def numbered(every: Identities, is_there: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers for the keys and aliases of rows: equal digests alike; -1 for an alias that is the key of no row there.

    Returns:
        int64, one a row; int64, one a row and alias.
    """
    count, width = every.aliases.shape[:2]
    digests = np.concatenate([every.keys, every.aliases.reshape(-1, 2)])
    order = np.lexsort((digests[:, 1], digests[:, 0]))
    is_new = np.zeros(len(order), dtype=bool)
    for half in (0, 1):  # of five million records an array of both would be another 160 MB
        ordered = digests[order, half]
        is_new[1:] |= ordered[1:] != ordered[:-1]
    del digests, ordered
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = np.cumsum(is_new)
    del order
    keys, aliases = numbers[:count], numbers[count:]
    is_key = np.zeros(len(numbers) + 1, dtype=bool)
    is_key[keys[is_there]] = True
    aliases[~is_key[aliases]] = -1
    aliases[~every.aliases.reshape(-1, 2).any(axis=1)] = -1
    return keys, aliases.reshape(count, width)


def changed_rows(
    every: Identities, before: NDArray[np.uint8], keys: NDArray[np.int64], aliases: NDArray[np.int64]
) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """The snapshots that have to be resolved anew, and the derived records of their classes.

    A new snapshot that says again what is known changes nothing, and is left out; so is a held one that also lives.

    Returns:
        The rows, by key, then full ones after summaries, then by time and arrival; and int64 pairs of a class's key
        and the row of its derived record.
    """
    is_there = before != Role.DROPPED
    is_new = before == Role.NEW
    is_snapshot = is_there & ~every.derived
    is_all_new = bool(is_new.all())
    if not is_all_new:
        living = every.numbers[(before == Role.LIVE) & is_snapshot]
        is_snapshot &= ~((before == Role.HELD) & np.isin(every.numbers, living))
    near = is_snapshot if is_all_new else is_snapshot & _reached(is_new, is_there, keys, aliases)
    rows = _sorted(every, np.flatnonzero(near), keys)
    repeated = _repeated(every, rows, keys) & is_new[rows]
    if repeated.any() and not is_all_new:
        is_change = np.zeros(len(before), dtype=bool)
        is_change[rows[~repeated]] = is_new[rows[~repeated]]
        repeated |= ~_reached(is_change, is_there, keys, aliases)[rows]
    rows = rows[~repeated]
    derived = np.flatnonzero(is_there & every.derived)
    derived = derived[np.isin(keys[derived], keys[rows])]
    return rows, np.stack([keys[derived], derived], axis=1)


def _reached(
    start: NDArray[np.bool_], is_there: NDArray[np.bool_], keys: NDArray[np.int64], aliases: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """The rows that share a key or an alias with some rows, or with a row that does, and so on."""
    count = max(int(keys.max(initial=-1)), int(aliases.max(initial=-1))) + 1
    reached: NDArray[np.bool_] = start.copy()
    size = -1
    while (now := int(reached.sum())) != size:
        size = now
        touched = np.zeros(count + 1, dtype=bool)  # the last stands for -1
        touched[keys[reached]] = True
        touched[aliases[reached].reshape(-1)] = True
        touched[-1] = False
        np.logical_and(is_there, touched[keys] | touched[aliases].any(axis=1), out=reached)
    return reached


def _sorted(every: Identities, rows: NDArray[np.intp], keys: NDArray[np.int64]) -> NDArray[np.intp]:
    order = np.lexsort((every.numbers[rows], every.modified[rows], every.full[rows], keys[rows]))
    return rows[order]


def _repeated(every: Identities, rows: NDArray[np.intp], keys: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of some sorted rows say what the first of their class, fullness and time says, if all of those do."""
    if not len(rows):
        return np.zeros(0, dtype=bool)
    begins = _begins(keys[rows]) | _begins(every.full[rows]) | _begins(every.modified[rows])
    run = np.cumsum(begins) - 1
    first = rows[np.flatnonzero(begins)][run]
    same = (every.contents[rows] == every.contents[first]).all(axis=1)
    differing = np.zeros(int(run[-1]) + 1, dtype=bool)
    differing[run[~same]] = True
    repeated: NDArray[np.bool_] = ~begins & ~differing[run]
    return repeated


def _begins(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Where a value differs from the one before."""
    begins = np.ones(len(values), dtype=bool)
    begins[1:] = values[1:] != values[:-1]
    return begins


class Classes:
    """The classes of some sorted rows, numbered in their order."""

    def __init__(
        self, every: Identities, rows: NDArray[np.intp], keys: NDArray[np.int64], aliases: NDArray[np.int64]
    ) -> None:
        """Takes rows as `changed_rows` returns them."""
        self._every = every
        self._rows = rows
        self._keys = keys[rows]
        self._starts = np.flatnonzero(_begins(self._keys))
        self._ends = np.append(self._starts[1:], len(rows)) if len(self._starts) else self._starts
        has_summary = ~every.full[rows[self._starts]]  # summaries stand first
        self._single = ~has_summary | (self._ends - self._starts == 1)
        self._linked = self._find_linked(aliases[rows])

    def _find_linked(self, aliases: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which classes may belong to another one, or have one that may belong to them."""
        if not len(self._rows):
            return np.zeros(0, dtype=bool)
        keys = self._keys[self._starts]
        holds = np.logical_or.reduceat((aliases >= 0).any(axis=1), self._starts)
        return holds | np.isin(keys, aliases)

    def key(self, at: int) -> int:
        """The number of a class's key."""
        return int(self._keys[self._starts[at]])

    def rows(self, at: int) -> NDArray[np.intp]:
        """The rows of a class."""
        return self._rows[self._starts[at] : self._ends[at]]

    def is_single(self, at: int) -> bool:
        """Whether a class is one snapshot, or only full ones."""
        return bool(self._single[at])

    def single_winners(self) -> NDArray[np.intp]:
        """The record of each class that needs no reading and is not linked."""
        return self._winners(np.flatnonzero(self._single & ~self._linked))

    def winner(self, at: int) -> int:
        """The snapshot that is the record of a class of one, or of full ones only."""
        return int(self._winners(np.array([at]))[0])

    def unlinked(self) -> NDArray[np.intp]:
        """The classes that have to be read and are not linked."""
        return np.flatnonzero(~self._single & ~self._linked)

    def linked(self) -> NDArray[np.intp]:
        """The classes that may belong to another one, or have one that may belong to them."""
        return np.flatnonzero(self._linked)

    def _winners(self, classes: NDArray[np.intp]) -> NDArray[np.intp]:
        """The newest row of each of some classes; where it came several times in a row, the first of those."""
        best = self._ends[classes] - 1
        active = np.flatnonzero(best > self._starts[classes])  # few: most classes are one snapshot
        winners = self._rows[best[active]]
        while len(active):
            places = best[active] - 1
            here = self._rows[places]
            ties = (self._every.modified[here] == self._every.modified[winners]) & (
                self._every.full[here] == self._every.full[winners]
            )
            equal = ties & (self._every.contents[here] == self._every.contents[winners]).all(axis=1)
            active, winners = active[equal], winners[equal]
            best[active] = places[equal]
            goes_on = best[active] > self._starts[classes[active]]
            active, winners = active[goes_on], winners[goes_on]
        return self._rows[best]
