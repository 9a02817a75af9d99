"""Version resolution over arrays: which snapshots of one resource are records, which are kept beside them, and why.

The rules are those of `schema/versions.py` (rows D1 to D3). Classes of full snapshots alone, the common dump, are
decided over identities. Groups with summaries, or with classes by name that may belong to another, are read and
merged, some thousand snapshots at a time. An addition touches only what shares a key or an alias with a new snapshot.
This module writes nothing and knows no file: it says the role of each row, and hands over the records that have to be
made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

import numpy as np

from smsearch.frozen import replace
from smsearch.ingest.batches import batches
from smsearch.ingest.classes import Classes, Role, changed_rows, numbered
from smsearch.ingest.identities import alias_digests, identity, without_time
from smsearch.ingest.snapshot_counts import SnapshotCounts
from smsearch.ingest.snapshots import Snapshots, StoredSnapshots, rows_of
from smsearch.schema import versions
from smsearch.store.counts import compacted
from smsearch.store.counts import joined as joined_counts
from smsearch.store.identities import Identity, digest, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.schema.record import Record
    from smsearch.store.counts import Counts
    from smsearch.store.identities import Identities

    Emit = Callable[[Record, Identity], None]
    """Takes a record that has to be written, for no living row holds it."""
    Rows = NDArray[np.intp]

BATCH_ROWS: Final = 2_000
"""Snapshots that are read at a time, so that memory does not grow with the dump."""
_NO_NUMBER: Final = -1
"""Of a derived record, which never arrived."""


Live_co = TypeVar("Live_co", bound=Snapshots, covariant=True)


class Resolved(NamedTuple, Generic[Live_co]):
    """Snapshots, with the role of each (uint8), and what each stands for and supersedes now."""

    snapshots: Live_co
    roles: NDArray[np.uint8]
    counts: Counts


class Resolution(NamedTuple, Generic[Live_co]):
    """What resolution decided.

    Attributes:
        live: The snapshots that were records before, those of each segment by themselves.
        held: Those that were held.
        new: Those that were just read.
        superseded: How many new snapshots are no record, or only add to one.
        emitted: The counts of the records that were emitted, in their order.
    """

    live: list[Resolved[Live_co]]
    held: list[Resolved[StoredSnapshots]]
    new: list[Resolved[Snapshots]]
    superseded: int
    emitted: Counts


def resolve(
    live: Sequence[Live_co],
    held: Sequence[StoredSnapshots],
    new: Sequence[Snapshots],
    emit: Emit,
    is_live: Sequence[NDArray[np.bool_]] = (),
) -> Resolution[Live_co]:
    """The roles of the snapshots of one resource, one at least.

    Args:
        live: Those that are records now.
        held: Those that are kept beside them.
        new: Those that were just read.
        emit: Takes the records that are neither a new row nor a living one, each once.
        is_live: For each of `live`, which of its rows are records still; left out, all of them.
    """
    sources: list[Snapshots] = [*live, *held, *new]
    of_source = [*[Role.LIVE] * len(live), *[Role.HELD] * len(held), *[Role.NEW] * len(new)]
    before = [np.full(len(one), role, np.uint8) for one, role in zip(sources, of_source, strict=True)]
    for roles, mask in zip(before, is_live, strict=False):
        roles[~mask] = Role.DROPPED
    every = joined([source.identities for source in sources])
    resolver = _Resolver(sources, every, np.concatenate(before))
    counts, emitted = resolver.run(emit, joined_counts([source.counts() for source in sources]))
    bounds = np.cumsum([len(source) for source in sources])[:-1]
    parts = zip(np.split(resolver.roles, bounds), np.split(np.arange(len(every)), bounds), strict=True)
    pairs = [(roles, compacted(counts.of(rows))) for roles, rows in parts]
    return Resolution(
        [Resolved(one, *pair) for one, pair in zip(live, pairs, strict=False)],
        [Resolved(one, *pair) for one, pair in zip(held, pairs[len(live) :], strict=False)],
        [Resolved(one, *pair) for one, pair in zip(new, pairs[len(live) + len(held) :], strict=True)],
        resolver.superseded,
        emitted,
    )


def next_number(new: Sequence[Resolved[Snapshots]], first: int) -> int:
    """The number that comes after those of the new snapshots that are kept; `first` if there are none."""
    numbers_kept = [one.snapshots.identities.numbers[one.roles != Role.DROPPED] for one in new]
    return max((int(numbers.max()) + 1 for numbers in numbers_kept if len(numbers)), default=first)


class _Resolver:
    """One resolution under way; rows are numbered through all sources."""

    def __init__(self, sources: Sequence[Snapshots], every: Identities, before: NDArray[np.uint8]) -> None:
        self._sources = sources
        self._every = every
        self._before = before
        self._counts: SnapshotCounts
        self._derived_of: dict[int, int] = {}
        """The row of the derived record of each changed class that has one, by the number of its key."""
        self.roles = before.copy()
        self.superseded = int((before == Role.NEW).sum())

    def run(self, emit: Emit, counts: Counts) -> tuple[Counts, Counts]:
        """Decides every role; returns the counts of all rows and of the records that were emitted."""
        every, before = self._every, self._before
        keys, aliases = numbered(every, before != Role.DROPPED)
        self._counts = SnapshotCounts(counts, before, keys, aliases, every.derived)
        rows, derived = changed_rows(every, before, keys, aliases)
        self.roles[before == Role.NEW] = Role.DROPPED
        self.roles[rows] = Role.DROPPED
        self.roles[derived[:, 1]] = Role.DROPPED
        self._derived_of = dict(derived.tolist())
        classes = Classes(every, rows, keys, aliases)
        self._choose(classes.single_winners(), emit)
        self._resolve_unlinked(classes, emit)
        self._resolve_linked(classes, emit)
        return self._counts.settle(self.roles, rows)

    def _resolve_unlinked(self, classes: Classes, emit: Emit) -> None:
        """Classes with summaries that neither belong to another nor have one that may belong to them."""
        for some in self._batches(classes, classes.unlinked()):
            for at, rows, records in some:
                places = versions.needed(records)
                key = classes.key(at)
                self._settle(key, [key], [rows[place] for place in places], [records[place] for place in places], emit)

    def _resolve_linked(self, classes: Classes, emit: Emit) -> None:
        """Classes that may belong to another one: first who belongs to whom, then group by group."""
        linked = classes.linked()
        if not len(linked):
            return
        needed = {at: [classes.winner(at)] for at in linked.tolist() if classes.is_single(at)}
        by_digest = {self._every.keys[classes.rows(at)[0]].tobytes(): at for at in linked.tolist()}
        digests = {at: self._every.aliases[rows[0]].tobytes() for at, rows in needed.items()}
        for some in self._batches(classes, [at for at in linked.tolist() if at not in needed]):
            for at, rows, records in some:
                places = versions.needed(records)
                needed[at] = [rows[place] for place in places]
                digests[at] = alias_digests(versions.merged([records[place] for place in places]))
        aliases_of = {at: [by_digest[one] for one in _parts(some) if one in by_digest] for at, some in digests.items()}
        owners = versions.owners(aliases_of)
        groups: dict[int, list[int]] = {}
        keys: dict[int, list[int]] = {}
        for at, rows in needed.items():
            groups.setdefault(owners.get(at, at), []).extend(rows)
            keys.setdefault(owners.get(at, at), []).append(classes.key(at))
        several = {root: rows for root, rows in groups.items() if len(rows) > 1}
        alone = [row for root, rows in groups.items() if root not in several for row in rows]
        self._choose(np.array(alone, np.intp), emit)
        ordered = ((root, self._in_order(rows)) for root, rows in several.items())
        for batch in batches(ordered, _row_count, BATCH_ROWS):
            read = self._read([row for _, rows in batch for row in rows])
            for root, rows in batch:
                self._settle(classes.key(root), keys[root], rows, [read[row] for row in rows], emit)

    def _in_order(self, rows: list[int]) -> list[int]:
        """Rows in their order of arrival."""
        return sorted(rows, key=lambda row: int(self._every.numbers[row]))

    def _settle(self, key: int, keys: list[int], rows: list[int], records: Sequence[Record], emit: Emit) -> None:
        """Gives the needed snapshots of a group their roles, and makes its record if it is none of them.

        Args:
            key: The class that the others belong to.
            keys: All classes of the group.
            rows: Its snapshots.
            records: The same, read.
            emit: Takes the record.
        """
        record = versions.merged(records)
        chosen = next((row for row, snapshot in zip(rows, records, strict=True) if snapshot is record), None)
        self.roles[rows] = Role.HELD
        if chosen is not None:
            self._choose(np.array([chosen]), emit)
            self._counts.choose_of(chosen, keys)
            return
        self.superseded -= int(self._before[rows[versions.base_of(records)]] == Role.NEW)
        parts = self._every.of(np.array(rows))
        contents = digest(parts.contents.tobytes() + parts.modified.tobytes() + parts.full.tobytes())
        old = self._derived_of.get(key)
        if old is not None and self._every.contents[old].tobytes() == contents:
            self.roles[old] = Role.LIVE
            self._counts.choose_of(old, keys)
        else:
            self._counts.make(keys)
            emit(record, identity(record, contents)._replace(derived=True, number=_NO_NUMBER))

    def _choose(self, rows: Rows, emit: Emit) -> None:
        """Makes snapshots records as they are."""
        before = self._before[rows]
        self.superseded -= int((before == Role.NEW).sum())
        self.roles[rows] = Role.LIVE
        revived = rows[before == Role.HELD]  # they stay where they are, and are written again as records
        self.roles[revived] = Role.HELD
        records = self._read(revived.tolist())
        self._counts.choose(rows, records)
        for row, record in records.items():
            emit(record, self._every.at(row))

    def _batches(
        self, classes: Classes, chosen: Sequence[int] | NDArray[np.intp]
    ) -> Iterator[Iterator[tuple[int, list[int], list[Record]]]]:
        """Some classes, their snapshots in their order of arrival, read some thousand at a time."""
        every = ((int(at), self._in_order(classes.rows(int(at)).tolist())) for at in chosen)
        for batch in batches(every, _row_count, BATCH_ROWS):
            records = self._read([row for _, rows in batch for row in rows])
            yield ((at, rows, [records[row] for row in rows]) for at, rows in batch)

    def _read(self, rows: list[int]) -> dict[int, Record]:
        """Some snapshots by row, with the times by which they were compared before."""
        distinct = np.array(sorted(set(rows)), np.intp)
        times = map(without_time, self._every.modified[distinct].tolist())
        records = rows_of(self._sources, distinct).items()
        return {
            row: record if record.modified == time else replace(record, modified=time)
            for (row, record), time in zip(records, times, strict=True)
        }


def _parts(digests: bytes) -> Iterator[bytes]:
    return (digests[at : at + 16] for at in range(0, len(digests), 16))


def _row_count(group: tuple[int, list[int]]) -> int:
    return len(group[1])
