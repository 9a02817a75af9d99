"""Version resolution over arrays: which snapshots of one resource are records, which are kept beside them, and why.

The rules are those of `schema/versions.py` (rows D1 to D3). Classes of full snapshots alone, the common dump, are
decided over identities. Groups with summaries, or with classes by name that may belong to another, are read and
merged, some thousand snapshots at a time. An addition touches only what shares a key or an alias with a new snapshot.
This module writes nothing and knows no file: it says the role of each row, and hands over the records that have to be
made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from smsearch.ingest.classes import Classes, Role, changed_rows, numbered
from smsearch.ingest.identities import alias_digests, digest, identity, without_time
from smsearch.ingest.standing import Standing
from smsearch.schema import versions
from smsearch.store.counts import joined as joined_counts
from smsearch.store.counts import usual
from smsearch.store.identities import Identity, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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


class Source(Protocol):
    """Snapshots that lie somewhere."""

    @property
    def identities(self) -> Identities:
        """What tells them apart."""

    def records(self, rows: Rows) -> Sequence[Record]:
        """Some of them, in the order of the rows."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What resolution decided.

    Attributes:
        roles: For each source, the role of each of its rows, uint8.
        superseded: How many new snapshots are no record, or only add to one.
        counts: For each source, what its rows stand for and supersede now.
        made: The same of the records that were emitted, in their order.
    """

    roles: list[NDArray[np.uint8]]
    superseded: int
    counts: list[Counts]
    made: Counts


def resolve(
    sources: Sequence[Source],
    before: Sequence[NDArray[np.uint8]],
    emit: Emit,
    counts: Sequence[Counts] | None = None,
) -> Resolution:
    """The roles of the snapshots of one resource.

    Args:
        sources: Where they lie.
        before: For each source, what its rows were: `LIVE` and `HELD` of what is kept already, `NEW`, and `DROPPED`.
        emit: Takes the records that are neither a new row nor a living one, each once.
        counts: For each source, what its rows stand for and supersede; left out, each stands for itself.
    """
    if not sources:
        return Resolution([], 0, [], usual(0))
    bounds = np.cumsum([len(source.identities) for source in sources])
    every = joined([source.identities for source in sources])
    known = usual(len(every)) if counts is None else joined_counts(counts)
    resolver = _Resolver(sources, bounds, every, np.concatenate(before))
    counted, made = resolver.run(emit, known)
    parts = [counted.of(rows) for rows in np.split(np.arange(len(every)), bounds[:-1])]
    return Resolution(np.split(resolver.roles, bounds[:-1]), resolver.superseded, parts, made)


def next_number(identities: Sequence[Identities], roles: Sequence[NDArray[np.uint8]], first: int) -> int:
    """The number that comes after those of the new snapshots that are kept; `first` if there are none."""
    kept = [some.numbers[role != Role.DROPPED] for some, role in zip(identities, roles, strict=True)]
    return max((int(numbers.max()) + 1 for numbers in kept if len(numbers)), default=first)


class _Resolver:
    """One resolution under way; rows are numbered through all sources."""

    def __init__(
        self, sources: Sequence[Source], bounds: NDArray[np.int64], every: Identities, before: NDArray[np.uint8]
    ) -> None:
        self._sources = sources
        self._bounds = bounds
        self._every = every
        self._before = before
        self._standing: Standing
        self._derived_of: dict[int, int] = {}
        """The row of the derived record of each changed class that has one, by the number of its key."""
        self.roles = before.copy()
        self.superseded = int((before == Role.NEW).sum())

    def run(self, emit: Emit, counts: Counts) -> tuple[Counts, Counts]:
        """Decides every role; returns the counts of all rows and of the records that were emitted."""
        every, before = self._every, self._before
        keys, aliases = numbered(every, before != Role.DROPPED)
        self._standing = Standing(counts, before, keys, aliases, every.derived)
        rows, derived = changed_rows(every, before, keys, aliases)
        self.roles[before == Role.NEW] = Role.DROPPED
        self.roles[rows] = Role.DROPPED
        self.roles[derived[:, 1]] = Role.DROPPED
        self._derived_of = dict(derived.tolist())
        classes = Classes(every, rows, keys, aliases)
        self._choose(classes.plain_winners(), emit)
        self._resolve_apart(classes, emit)
        self._resolve_linked(classes, emit)
        return self._standing.settle(self.roles, rows)

    def _resolve_apart(self, classes: Classes, emit: Emit) -> None:
        """Classes with summaries that neither belong to another nor have one that may belong to them."""
        for some in self._batches(classes, classes.apart()):
            for at, rows, records in some:
                kept = versions.needed(records)
                key = classes.key(at)
                self._settle(key, [key], [rows[place] for place in kept], [records[place] for place in kept], emit)

    def _resolve_linked(self, classes: Classes, emit: Emit) -> None:
        """Classes that may belong to another one: first who belongs to whom, then group by group."""
        linked = classes.linked()
        if not len(linked):
            return
        needed = {at: [classes.winner(at)] for at in linked.tolist() if classes.is_plain(at)}
        by_digest = {self._every.keys[classes.rows(at)[0]].tobytes(): at for at in linked.tolist()}
        digests = {at: self._every.aliases[rows[0]].tobytes() for at, rows in needed.items()}
        for some in self._batches(classes, [at for at in linked.tolist() if at not in needed]):
            for at, rows, records in some:
                kept = versions.needed(records)
                needed[at] = [rows[place] for place in kept]
                digests[at] = alias_digests(versions.merged([records[place] for place in kept]))
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
        for batch in _batched((root, self._in_order(rows)) for root, rows in several.items()):
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
            self._standing.choose_of(chosen, keys)
            return
        self.superseded -= int(self._before[rows[versions.base_of(records)]] == Role.NEW)
        parts = self._every.of(np.array(rows))
        contents = digest(parts.contents.tobytes() + parts.modified.tobytes() + parts.full.tobytes())
        old = self._derived_of.get(key)
        if old is not None and self._every.contents[old].tobytes() == contents:
            self.roles[old] = Role.LIVE
            self._standing.choose_of(old, keys)
        else:
            self._standing.make(keys)
            emit(record, identity(record, contents)._replace(derived=True, number=_NO_NUMBER))

    def _choose(self, rows: Rows, emit: Emit) -> None:
        """Makes snapshots records as they are."""
        before = self._before[rows]
        self.superseded -= int((before == Role.NEW).sum())
        self.roles[rows] = Role.LIVE
        revived = rows[before == Role.HELD]  # they stay where they are, and are written again as records
        self.roles[revived] = Role.HELD
        records = self._read(revived.tolist())
        self._standing.choose(rows, records)
        for row, record in records.items():
            emit(record, self._every.at(row))

    def _batches(
        self, classes: Classes, chosen: Sequence[int] | NDArray[np.intp]
    ) -> Iterator[Iterator[tuple[int, list[int], list[Record]]]]:
        """Some classes, their snapshots in their order of arrival, read some thousand at a time."""
        every = ((int(at), self._in_order(classes.rows(int(at)).tolist())) for at in chosen)
        for batch in _batched(every):
            records = self._read([row for _, rows in batch for row in rows])
            yield ((at, rows, [records[row] for row in rows]) for at, rows in batch)

    def _read(self, rows: list[int]) -> dict[int, Record]:
        """Some snapshots by row, with the times by which they were compared before."""
        wanted = np.array(sorted(set(rows)))
        of_source = np.searchsorted(self._bounds, wanted, "right")
        records: dict[int, Record] = {}
        for at in np.unique(of_source).tolist():
            mine = wanted[of_source == at]
            start = int(self._bounds[at - 1]) if at else 0
            read = self._sources[at].records(mine - start)
            modified = self._every.modified[mine].tolist()
            records.update(
                (row, record if record.modified == time else replace(record, modified=time))
                for row, record, time in zip(mine.tolist(), read, map(without_time, modified), strict=True)
            )
        return records


def _parts(digests: bytes) -> Iterator[bytes]:
    return (digests[at : at + 16] for at in range(0, len(digests), 16))


def _batched(groups: Iterable[tuple[int, list[int]]]) -> Iterator[list[tuple[int, list[int]]]]:
    """Groups of rows, so many at a time that they have some thousand rows."""
    batch: list[tuple[int, list[int]]] = []
    count = 0
    for group in groups:
        batch.append(group)
        count += len(group[1])
        if count >= BATCH_ROWS:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch
