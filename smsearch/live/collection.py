"""Records in memory that can be added, replaced and removed, with a sorted index for each sort that is used.

A page is a scan of one index until it is full. Conditions are judged by the reference, record by record.
The collection knows no request, no token and no JSON notation; its `snapshot` names its content, so that a
position in an index means the same record as long as the snapshot is the same.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson
from sortedcontainers import SortedKeyList

from smsearch.engine.cursor import InvalidCursorError, pack, unpack
from smsearch.engine.page import Page
from smsearch.engine.value_counts import count_values, number_of
from smsearch.live import grouping, reference
from smsearch.live.groups import VersionGroups
from smsearch.predicate.predicate import Always
from smsearch.schema import catalogue, notation, read, versions
from smsearch.schema.arns import account_of, main_account
from smsearch.schema.names import Schema
from smsearch.schema.observe import dynamic_names
from smsearch.schema.origin import record_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from smsearch.engine.cursor import Cursor
    from smsearch.engine.grouping import Aggregate, GroupedRows, GroupKey
    from smsearch.engine.value_counts import ValueCounts
    from smsearch.live.groups import Change
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.origin import RecordSource
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record

_DIGEST_BYTES = 16
_DIGEST_MODULUS = 1 << (8 * _DIGEST_BYTES)
_COUNTED_QUICKLY_MAX = 2_000
"""Records that a count reads in some 20 ms."""
_COUNTS_MAX = 1_000
"""Counts that are remembered until the collection changes; beyond, all are forgotten."""
_ORDERS_MAX = 32
"""Sort orders that are kept, each of all records of a kind; beyond, all are forgotten."""


class _IndexedRecords:
    """The records of one resource and their indexes."""

    def __init__(self) -> None:
        self.records: dict[Record, None] = {}
        self.groups = VersionGroups()
        self.by_name: dict[str, dict[Record, None]] = {}
        self.orders: dict[SortKey, SortedKeyList] = {}
        self.extras: Counter[tuple[str, ...]] = Counter()
        self.counts: dict[Predicate, int] = {}
        self.names: frozenset[str] | None = None

    def add(self, record: Record) -> None:
        self._forget()
        self.records[record] = None
        self.by_name.setdefault(record.name, {})[record] = None
        for order in self.orders.values():
            order.add(record)
        self.extras.update(record.extras)

    def discard(self, record: Record) -> None:
        self._forget()
        del self.records[record]
        namesakes = self.by_name[record.name]
        del namesakes[record]
        if not namesakes:
            del self.by_name[record.name]
        for order in self.orders.values():
            order.remove(record)
        self.extras.subtract(record.extras)

    def order(self, key: SortKey) -> SortedKeyList:
        order = self.orders.get(key)
        if order is not None:
            return order

        def place(record: Record) -> tuple[object, ...]:
            return (*reference.sort_ranks(record.document, key), *versions.identity(record))

        if len(self.orders) >= _ORDERS_MAX:
            self.orders.clear()
        return self.orders.setdefault(key, SortedKeyList(self.records, key=place))

    def _forget(self) -> None:
        self.counts.clear()
        self.names = None


class Collection:
    """Records of any resources; see the module."""

    def __init__(self) -> None:
        self._by_resource: dict[str, _IndexedRecords] = {}
        self._digest = 0
        self._accounts: Counter[str] = Counter()

    def offer(self, record: Record) -> int:
        """Adds a snapshot of a record to those that are here; together they say what the record is (rows D1 to D3).

        Returns:
            How many records more there are: none, if it is one that is here already.
        """
        return self._change(record.resource, self._records_of(record.resource).groups.offer(record))

    def upsert(self, record: Record) -> None:
        """Adds a record in the place of the same resource's, if there is one, whichever is newer.

        It is all that is known of the resource from now on. One without an ARN takes the place of the only record of
        its name, and then has none; where several have the name, it stands beside them (row D1).
        """
        self._change(record.resource, self._records_of(record.resource).groups.replace(record))

    def remove(self, resource: str, name: str) -> int:
        """Removes the records of a resource with this name or ARN; returns how many there were."""
        records = self.find(resource, name)
        self._change(resource, self._records_of(resource).groups.discard(records))
        return len(records)

    def _change(self, resource: str, change: Change) -> int:
        gone, come = change
        indexed = self._records_of(resource)
        for record in gone:
            self._discard(indexed, record)
        for record in come:
            indexed.add(record)
            self._digest = (self._digest + _digest_of(record)) % _DIGEST_MODULUS
            self._accounts[account_of(record.arn)] += 1
        return len(come) - len(gone)

    def _discard(self, indexed: _IndexedRecords, record: Record) -> None:
        indexed.discard(record)
        self._digest = (self._digest - _digest_of(record)) % _DIGEST_MODULUS
        self._accounts[account_of(record.arn)] -= 1

    def find(self, resource: str, name: str) -> list[Record]:
        """The records of a resource with this name or ARN; several accounts or regions may share a name."""
        if not name:
            return []
        indexed = self._records_of(resource)
        by_name = list(indexed.by_name.get(name, ()))
        return by_name or [record for record in indexed.records if record.arn == name]

    def sources(self, resource: str, name: str) -> list[RecordSource]:
        """Where each of the records that `find` gives came from, in the same order."""
        groups = self._records_of(resource).groups
        return [record_source(record.origin, groups.superseded(record)) for record in self.find(resource, name)]

    def snapshots(self, resource: str, name: str) -> list[tuple[Record, ...]]:
        """For each of the records that `find` gives the other snapshots of it that can still matter."""
        groups = self._records_of(resource).groups
        return [groups.others(record) for record in self.find(resource, name)]

    def resources(self) -> dict[str, int]:
        """How many records there are of each kind that has any, in the catalogue's order."""
        counts = {name: len(self._by_resource[name].records) for name in catalogue.kinds() if name in self._by_resource}
        return {name: count for name, count in counts.items() if count}

    def schema(self, resource: str) -> Schema:
        """What can be filtered and sorted on: the catalogue, and the plain fields that only the data has."""
        paths = sorted(path for path, count in self._records_of(resource).extras.items() if count)
        return Schema(catalogue.resource(resource), {".".join(path): path for path in paths})

    @property
    def snapshot(self) -> str:
        """A name for the content: equal content has an equal name, in any process."""
        return f"{self._digest:032x}"

    def main_account(self) -> str:
        """The account that most records belong to, or `""`; of several, the first in order."""
        return main_account(self._accounts)

    def page(
        self, resource: str, predicate: Predicate, key: SortKey, cursor: Cursor, size: int, total: int | None
    ) -> Page:
        """At most `size` matches from a cursor on; see `Engine.page`.

        Raises:
            InvalidCursorError: No match stands at the cursor's position in the order or after it.
        """
        order = self._records_of(resource).order(key)
        positions = unpack(cursor)
        start = positions[0] if positions else 0
        if len(positions) > 1 or (cursor and start >= len(order)):
            raise InvalidCursorError(cursor)
        records: list[Record] = []
        next_cursor = None
        for position, record in enumerate(order.islice(start), start):
            if not reference.holds(predicate, record.document):
                continue
            if len(records) == size:
                next_cursor = pack((position,))
                break
            records.append(record)
        if cursor and not records:
            raise InvalidCursorError(cursor)
        return Page(records, next_cursor, self.count(resource, predicate) if total is None else total)

    def records(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[Record]:
        """Every match in order, as the collection is now."""
        for record in list(self._records_of(resource).order(key)):
            if reference.holds(predicate, record.document):
                yield record

    def names(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[str]:
        """What every match is called, in order."""
        return (record.called for record in self.records(resource, predicate, key))

    def lines(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[bytes]:
        """Every match in order, as `notation.line` gives it."""
        return map(notation.line, self.records(resource, predicate, key))

    def columns(self, resource: str, predicate: Predicate, key: SortKey, limit: int | None) -> None:
        """None: the records are documents."""

    def sample(self, resource: str, predicate: Predicate, size: int, seed: int) -> None:
        """None: the records are documents."""

    def count(self, resource: str, predicate: Predicate) -> int:
        """How many records match; remembered until the collection changes."""
        indexed = self._records_of(resource)
        if isinstance(predicate, Always):
            return len(indexed.records)
        count = indexed.counts.get(predicate)  # looked up once: another thread may forget it
        if count is None:
            count = sum(reference.holds(predicate, record.document) for record in indexed.records)
            if len(indexed.counts) >= _COUNTS_MAX:
                indexed.counts.clear()
            indexed.counts[predicate] = count
        return count

    def counts_quickly(self, resource: str) -> bool:
        """Whether there are so few records that reading all of them takes milliseconds."""
        return len(self._records_of(resource).records) <= _COUNTED_QUICKLY_MAX

    def value_counts(
        self,
        resource: str,
        predicate: Predicate,
        props: Sequence[Property],
        sample: int | None = None,  # noqa: ARG002 - all are counted
    ) -> Sequence[ValueCounts]:
        """For each property, how many of the matches have each of its values."""
        documents = [record.document for record in self._matching(resource, predicate)]
        return [
            count_values((read.property_values(document, prop) for document in documents), prop.kind) for prop in props
        ]

    def presence_counts(self, resource: str, predicate: Predicate, props: Sequence[Property]) -> list[int]:
        """For each property, how many of the matches have it."""
        counts = [0] * len(props)
        for record in self._matching(resource, predicate):
            for at, prop in enumerate(props):
                counts[at] += bool(read.raw_values(record.document, prop.steps))
        return counts

    def group(
        self, resource: str, predicate: Predicate, keys: Sequence[GroupKey], aggregates: Sequence[Aggregate]
    ) -> GroupedRows:
        """The groups of the matches, and what is asked of each; see `Engine.group`."""
        return grouping.group(self._matching(resource, predicate), keys, aggregates)

    def observed_properties(self, resource: str) -> None:
        """None: only the records tell, one by one."""

    def _matching(self, resource: str, predicate: Predicate) -> Iterator[Record]:
        return (record for record in self._records_of(resource).records if reference.holds(predicate, record.document))

    def explain(self, resource: str, predicate: Predicate, key: SortKey, size: int) -> list[str]:
        """How a first page is found: along the sorted index, record by record."""
        order = self._records_of(resource).order(key)
        matches = records_read = 0
        for records_read, record in enumerate(order, 1):  # noqa: B007 - the last number is what is printed
            matches += reference.holds(predicate, record.document)
            if matches > size:
                break
        return [
            f"records   {len(order):,} in memory",
            "plan      index scan: the sorted index, each record judged by the reference",
            f"read      {records_read:,} records for {min(matches, size):,} matches",
        ]

    def forget(self) -> None:
        """Drops the counts and the sort orders that were remembered."""
        for indexed in self._by_resource.values():
            indexed.counts.clear()
            indexed.orders.clear()

    def dynamic_names(self, resource: str) -> frozenset[str]:
        """The names in the user's own families that the data has (`Metrics.loss`, `Tags.team`)."""
        indexed = self._records_of(resource)
        names = indexed.names
        if names is None:
            schema = self.schema(resource)
            every_name = (name for record in indexed.records for name in dynamic_names(record.document, schema))
            indexed.names = names = frozenset(every_name)
        return names

    def spellings(self, resource: str, prop: Property, near: str, at_most: int) -> list[str]:
        """Texts that records have under a property; of many, those nearest to a text in code-point order."""
        documents = (record.document for record in self._records_of(resource).records)
        raws = (raw for document in documents for raw in read.raw_values(document, prop.steps))
        distinct = {raw for raw in raws if isinstance(raw, str)}
        texts = sorted(text for text in distinct if number_of(text, prop.kind) is None)
        first = max(0, min(bisect_left(texts, near) - at_most // 2, len(texts) - at_most))
        return texts[first : first + at_most]

    def _records_of(self, resource: str) -> _IndexedRecords:
        if resource not in self._by_resource:
            # A KeyError here is a bug of the caller: no records of an unknown kind are kept.
            catalogue.resource(resource)
            self._by_resource.setdefault(resource, _IndexedRecords())
        return self._by_resource[resource]


def collect(records: Iterable[Record]) -> tuple[Collection, int]:
    """A collection of what some snapshots tell, and how many of them are superseded or part of another's record."""
    collection = Collection()
    superseded = sum(1 - collection.offer(record) for record in records)
    return collection, superseded


def _content_of(document: dict[str, Any]) -> bytes:
    """Equal bytes for equal documents only; what orjson cannot say or says as null (NaN) is said slowly."""
    try:
        content = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        content = b"null"
    if b"null" not in content:
        return content
    try:
        return json.dumps(document, sort_keys=True, default=repr).encode("ascii")
    except ValueError:  # an integer of more digits than Python spells
        return orjson.dumps(notation.written(document), option=orjson.OPT_SORT_KEYS)


def _digest_of(record: Record) -> int:
    content = _content_of(record.document)
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    identity = (record.resource, record.arn, record.name)
    for member in (*(text.encode("utf-8", "surrogatepass") for text in identity), content):
        digest.update(len(member).to_bytes(8, "big"))
        digest.update(member)
    return int.from_bytes(digest.digest(), "big")
