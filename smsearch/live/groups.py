"""The snapshots of one resource that can still matter, and the record that each group of them is (rows D1 to D3).

Whatever arrives, and in whatever order, the records are those of `schema/versions.py` over everything that arrived. It
knows no index and no search: it says which records come and which go.
"""

from __future__ import annotations

from itertools import count
from operator import itemgetter
from typing import TYPE_CHECKING

from smsearch.schema import versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smsearch.schema.record import Record
    from smsearch.schema.versions import Key

    Snapshots = tuple[tuple[int, Record], ...]
    """Snapshots of one class, each with its number in the order of arrival."""
    Change = tuple[list[Record], list[Record]]
    """The records that go, and those that come."""


class VersionGroups:
    """Classes of snapshots, and the groups that they form."""

    def __init__(self) -> None:
        self._numbers = count()
        self._snapshots: dict[Key, Snapshots] = {}
        self._arrived: dict[Key, int] = {}
        """How many snapshots of each class arrived."""
        self._merged: dict[Key, Record] = {}
        """What each class tells by itself."""
        self._holders: dict[Key, dict[Key, None]] = {}
        """The classes that have a key among their aliases."""
        self._records: dict[Key, Record] = {}
        """The record of each group, under the key of the class that the others belong to."""
        self._roots: dict[Record, Key] = {}

    def offer(self, record: Record) -> Change:
        """Takes a snapshot among the others."""
        key = versions.key(record)
        self._arrived[key] = self._arrived.get(key, 0) + 1
        snapshots = (*self._snapshots.get(key, ()), (next(self._numbers), record))
        places = versions.needed([snapshot for _, snapshot in snapshots])
        return self._settle({key: tuple(snapshots[place] for place in places)})

    def replace(self, record: Record) -> Change:
        """Takes a record as all that is known of its group."""
        key = versions.key(record)
        self._arrived[key] = 1
        gone, come = self._settle({key: ((next(self._numbers), record),)})
        root = self._owner(key) or key
        others = [member for member in (root, *self._members(root)) if member != key]
        if others:
            then_gone, then_come = self._settle(dict.fromkeys(others, ()))
            gone += [one for one in then_gone if one not in come]
            come = [one for one in come if one not in then_gone] + then_come
        return gone, come

    def discard(self, records: Iterable[Record]) -> Change:
        """Forgets the snapshots of the groups that some records are of."""
        roots = [self._roots[record] for record in records]
        return self._settle({key: () for root in roots for key in (root, *self._members(root))})

    def superseded(self, record: Record) -> int:
        """How many snapshots gave way to one of the records, or are a part of it."""
        root = self._roots[record]
        return sum(self._arrived[key] for key in (root, *self._members(root))) - 1

    def others(self, record: Record) -> tuple[Record, ...]:
        """The snapshots of a record's group that can still matter, in their order of arrival, without itself."""
        root = self._roots[record]
        numbered = [pair for key in (root, *self._members(root)) for pair in self._snapshots.get(key, ())]
        return tuple(snapshot for _, snapshot in sorted(numbered, key=itemgetter(0)) if snapshot is not record)

    def _settle(self, classes: dict[Key, Snapshots]) -> Change:
        """Gives some classes other snapshots, and makes the records of the groups that this touches anew."""
        merged = {key: self._merged_of(snapshots) for key, snapshots in classes.items()}
        near = self._near(classes, merged.values())
        roots = {self._owner(key) or key for key in near}
        for key, snapshots in classes.items():
            self._register(key, snapshots, merged[key])
        roots |= {self._owner(key) or key for key in near}
        gone: list[Record] = []
        come: list[Record] = []
        for root in roots:
            before, after = self._records.pop(root, None), self._group(root)
            if before is not None:
                del self._roots[before]
            if after is not None:
                self._records[root], self._roots[after] = after, root
            if before is not after:
                gone += [before] if before is not None else []
                come += [after] if after is not None else []
        return gone, come

    def _merged_of(self, snapshots: Snapshots) -> Record | None:
        return versions.merged([snapshot for _, snapshot in snapshots]) if snapshots else None

    def _near(self, classes: Iterable[Key], merged: Iterable[Record | None]) -> set[Key]:
        """The classes that change, and those that may belong to another one afterwards."""
        near = set(classes)
        waiting = [*(record for record in merged if record is not None), *filter(None, map(self._merged.get, near))]
        while waiting:
            for alias in versions.aliases(waiting.pop()):
                if alias in self._merged and alias not in near:
                    near.add(alias)
                    waiting.append(self._merged[alias])
        return near

    def _register(self, key: Key, snapshots: Snapshots, merged: Record | None) -> None:
        before = self._merged.pop(key, None)
        for alias in versions.aliases(before) if before is not None else ():
            holders = self._holders[alias]
            del holders[key]
            if not holders:
                del self._holders[alias]
        if merged is None:
            self._snapshots.pop(key, None)
            self._arrived.pop(key, None)
            return
        self._snapshots[key], self._merged[key] = snapshots, merged
        for alias in versions.aliases(merged):
            self._holders.setdefault(alias, {})[key] = None

    def _owner(self, key: Key) -> Key | None:
        """As `versions.owners`; the first two roots say enough."""
        owner = None
        for holder in self._holders.get(key, ()):
            if self._owner(holder) is None:
                if owner is not None:
                    return None
                owner = holder
        return owner

    def _members(self, root: Key) -> Iterator[Key]:
        """The classes that belong to one."""
        merged = self._merged.get(root)
        aliases = versions.aliases(merged) if merged is not None else ()
        return (alias for alias in aliases if alias in self._merged and self._owner(alias) == root)

    def _group(self, root: Key) -> Record | None:
        """The record of a group; None if there is none, or the class belongs to another."""
        if root not in self._merged or self._owner(root) is not None:
            return None
        members = list(self._members(root))
        if not members:
            return self._merged[root]
        snapshots = [snapshot for key in (root, *members) for snapshot in self._snapshots[key]]
        return versions.merged([snapshot for _, snapshot in sorted(snapshots, key=lambda numbered: numbered[0])])
