"""The other snapshots of a record that a store still has: superseded rows of segments, and held snapshots.

A row that a newer segment supersedes stays in its segment until segments are merged. What can still matter to a record
is held beside the segments (rows D1 to D3). Of all others a store knows only how many there were. Which snapshots are
one record, `schema/versions.py` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.columnar.lookup import records_at
from smsearch.frozen import replace
from smsearch.numpy_later import np
from smsearch.schema import versions
from smsearch.store.identities import NEVER_MODIFIED, digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.schema.record import Record
    from smsearch.schema.versions import Key
    from smsearch.store.segment_reader import SegmentReader

    Rows = NDArray[Any]


def other_snapshots(
    records: Sequence[Record], living: Sequence[tuple[SegmentReader, Rows]], held: Sequence[SegmentReader]
) -> dict[Key, tuple[Record, ...]]:
    """The other snapshots of some records in their order of arrival, by the key of each record's class.

    Args:
        records: All records of a name.
        living: The segments of their resource, and the rows of the records in each.
        held: The files of held snapshots of their resource.
    """
    keys = {key for record in records for key in (versions.key(record), *versions.aliases(record))}
    digests = np.frombuffer(b"".join(map(digest_of, keys)), np.uint64).reshape(-1, 2)
    by_number: dict[int, Record] = {}
    for reader, _ in living:
        if reader.dead is not None:
            by_number.update(_snapshots(reader, reader.dead, digests))
    for reader in held:
        by_number.update(_snapshots(reader, np.arange(reader.entry.rows), digests))
    for reader, rows in living:
        for number in _identities(reader, "numbers", rows).tolist():
            by_number.pop(number, None)  # it is held, and a record by itself as well
    snapshots = [by_number[number] for number in sorted(by_number)]
    return _by_record(records, snapshots)


def _snapshots(reader: SegmentReader, rows: Rows, digests: NDArray[np.uint64]) -> Iterator[tuple[int, Record]]:
    """The snapshots among some rows whose class has one of some keys, each with its number in the order of arrival."""
    parts = [_identities(reader, "keys", 2 * rows + half)[:, None] == digests[:, half] for half in (0, 1)]
    rows = rows[(parts[0] & parts[1]).any(axis=1)]
    rows = rows[_identities(reader, "derived", rows) == 0]
    columns = (_identities(reader, name, rows).tolist() for name in ("numbers", "modified", "full"))
    for record, origin, number, modified, is_full in zip(
        records_at(reader, rows), reader.sources.of(rows), *columns, strict=True
    ):
        time = None if modified == NEVER_MODIFIED else modified
        yield number, replace(record, modified=time, is_partial=not is_full, origin=origin)


def _identities(reader: SegmentReader, name: str, places: Rows) -> NDArray[Any]:
    """Some elements of an array of `store/identities.py`; no other is read."""
    elements: NDArray[Any] = reader.segment.array(reader.metadata.identities[name]).take(places)
    return elements


def _by_record(records: Sequence[Record], snapshots: Sequence[Record]) -> dict[Key, tuple[Record, ...]]:
    aliases_of: dict[Key, tuple[Key, ...]] = {}
    for one in (*records, *snapshots):
        key, aliases = versions.key_and_aliases(one)
        aliases_of[key] = (*aliases_of.get(key, ()), *aliases)
    owner_of = versions.owners({key: dict.fromkeys(aliases) for key, aliases in aliases_of.items()})
    by_record: dict[Key, tuple[Record, ...]] = {versions.key(record): () for record in records}
    for one in snapshots:
        key = versions.key(one)
        root = owner_of.get(key, key)
        if root in by_record:
            by_record[root] = (*by_record[root], one)
    return by_record
