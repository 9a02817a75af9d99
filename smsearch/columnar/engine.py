"""The engine over a store: one ordered whole over the store's segments.

Queries are compiled and counted once and remembered; pages of several segments are merged. It knows no request.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Final

from smsearch.columnar import short_path
from smsearch.columnar.short_segment import NotShortError
from smsearch.errors import MissingFileError
from smsearch.numpy_later import np
from smsearch.schema import catalogue
from smsearch.schema.names import Schema
from smsearch.schema.property import FirstMember
from smsearch.store.guard import Guard, guarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.aggregate import Matches
    from smsearch.columnar.compiled_queries import CompiledQueries
    from smsearch.columnar.plan import AccessPath
    from smsearch.engine.cursor import Cursor
    from smsearch.engine.grouping import Aggregate, GroupedRows, GroupKey
    from smsearch.engine.page import Page
    from smsearch.engine.result_columns import ResultColumns
    from smsearch.engine.value_counts import ValueCounts
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.origin import RecordSource
    from smsearch.schema.property import Property, Step
    from smsearch.schema.record import Record
    from smsearch.store.segment_reader import SegmentReader
    from smsearch.store.store import Store

SAMPLE_SEED: Final = 0
"""Of the sample in which values are counted, so that a count asked again is the same."""
SHORT_ANSWERS_MAX: Final = 16
"""Questions that the short path is asked: it remembers no answer. A process that asks more is quicker with NumPy."""
SHORT_CURSORS_MAX: Final = 1_024
"""Cursors of pages of the short path that are remembered; beyond, all are forgotten, and are then checked."""
ALONG_THE_ORDER_MAX: Final = 2_000
"""First matches up to which it is faster to find them along the order than to sort all that match."""
BATCHES: Final = (100, 1_000)
"""Records that an iteration without limit fetches at first, as many as most callers want, and then at a time."""


class ColumnarEngine:
    """An engine over an open store.

    Attributes:
        guard: What every segment is read within.

    Args:
        store: The store.
        forced: An access path that every plan must take, for tests; None leaves the choice to the planner.
    """

    def __init__(self, store: Store, forced: AccessPath | None = None) -> None:
        self._store = store
        self._schemas: dict[str, Schema] = {}
        self._short_cursors: set[Cursor] = {b""}
        """The beginning, and what pages of the short path gave out: cursors that need no check."""
        self._short_answers = 0
        self._forced = forced
        self.guard = Guard(store.parts)

    @cached_property
    def _queries(self) -> CompiledQueries:
        from smsearch.columnar.compiled_queries import CompiledQueries  # the short path does without

        return CompiledQueries(self._store, self._forced)

    @cached_property
    def snapshot(self) -> str:
        """A name for the content of the store."""
        return self._store.manifest.snapshot

    def schema(self, resource: str) -> Schema:
        """What can be filtered and sorted on: the catalogue, and the plain fields that only the data has."""
        if resource not in self._schemas:
            self._schemas[resource] = self._read_schema(resource)
        return self._schemas[resource]

    @guarded
    def _read_schema(self, resource: str) -> Schema:
        extras = {
            name: tuple(path)
            for reader in self._store.of(resource)
            for name, path in reader.metadata.extras.items()
            if reader.deleted is None or _is_live(reader, path)
        }
        return Schema(catalogue.resource(resource), extras)

    def resources(self) -> dict[str, int]:
        """The number of records of each resource that has any, in the catalogue's order."""
        counts = dict.fromkeys(catalogue.kinds(), 0)
        for entry in self._store.manifest.segments:
            counts[entry.resource] += entry.rows - entry.dead_rows
        return {name: count for name, count in counts.items() if count}

    def main_account(self) -> str:
        """The account that most records belong to, or `""`; of several, the first in order."""
        from smsearch.schema import arns

        return arns.main_account(self._store.manifest.accounts)

    @guarded
    def page(
        self, resource: str, predicate: Predicate, key: SortKey, cursor: Cursor, size: int, total: int | None
    ) -> Page:
        """At most `size` matches from a cursor on; see `Engine.page`.

        Raises:
            InvalidCursorError: No page of this query begins at the cursor.
        """
        if cursor in self._short_cursors and self._is_short():
            try:
                page = short_path.find_page(self._store.of(resource), predicate, key, cursor, size, total)
            except NotShortError:
                pass
            else:
                self._remember_short(page.next_cursor)
                return page
        return self._queries.page(resource, predicate, key, cursor, size, total)

    def records(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[Record]:
        """Every match in order."""
        return chain.from_iterable(page.records for page in self._pages(resource, predicate, key))

    def lines(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[bytes]:
        """Every match in order, as `notation.line` gives it."""
        return chain.from_iterable(page.lines() for page in self._pages(resource, predicate, key))

    def _pages(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[Page]:
        cursor: Cursor | None = b""
        size, later = BATCHES
        while cursor is not None:
            page = self.page(resource, predicate, key, cursor, size, 0)
            yield page
            cursor, size = page.next_cursor, later

    def names(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[str]:
        """What every match is called, in order."""
        cursor: Cursor | None = b""
        size, later = BATCHES
        while cursor is not None:
            names, cursor = self._names(resource, predicate, key, cursor, size)
            yield from names
            size = later

    @guarded
    def _names(
        self, resource: str, predicate: Predicate, key: SortKey, cursor: Cursor, size: int
    ) -> tuple[list[str], Cursor | None]:
        """What the matches of a page are called, and where the next one begins."""
        if cursor in self._short_cursors and self._is_short():
            with suppress(NotShortError):
                names, next_cursor = short_path.find_names(self._store.of(resource), predicate, key, cursor, size)
                self._remember_short(next_cursor)
                return names, next_cursor
        page = self._queries.page(resource, predicate, key, cursor, size, 0)
        return [record.called for record in page.records], page.next_cursor

    def _is_short(self) -> bool:
        """Whether the short path is asked, and counts that it was; it is for processes that answer few questions."""
        if not short_path.is_open() or self._short_answers >= SHORT_ANSWERS_MAX:
            return False
        self._short_answers += 1
        return True

    def _remember_short(self, cursor: Cursor | None) -> None:
        if len(self._short_cursors) >= SHORT_CURSORS_MAX:
            self._short_cursors = {b""}
        self._short_cursors.add(cursor or b"")

    @guarded
    def columns(self, resource: str, predicate: Predicate, key: SortKey, limit: int | None) -> ResultColumns:
        """At most `limit` matches in order, as columns."""
        from smsearch.columnar.operators import merge
        from smsearch.columnar.project import ProjectedColumns

        query = self._queries.of(resource, predicate, key)
        if limit is not None and limit <= ALONG_THE_ORDER_MAX:
            query.count()  # the plan is better for it
            sorted_rows = [page.rows for _, page in query.find((), max(limit, 1), self._forced)]
        else:
            matches = zip(query.segments, query.rows(), strict=True)
            sorted_rows = [segment.in_order(rows) for segment, (rows, _) in matches]
        owners, rows = merge.merged(query.segments, sorted_rows, key, limit)
        return ProjectedColumns(resource, [segment.reader for segment in query.segments], owners, rows)

    @guarded
    def sample(self, resource: str, predicate: Predicate, size: int, seed: int) -> ResultColumns:
        """At most `size` of the matches as columns, in the order of the segments; see `Engine.sample`."""
        from smsearch.columnar.project import ProjectedColumns

        matches = _sampled(self._matches(resource, predicate), size, seed)
        rows_of_segments = [np.arange(count, dtype=np.uint32) if rows is None else rows for _, rows, count in matches]
        owners = np.repeat(np.arange(len(rows_of_segments)), list(map(len, rows_of_segments)))
        rows = np.concatenate([np.empty(0, np.uint32), *rows_of_segments]).astype(np.uint32)
        return ProjectedColumns(resource, [reader for reader, _, _ in matches], owners, rows)

    @guarded
    def count(self, resource: str, predicate: Predicate) -> int:
        """How many records match; counted once."""
        if self._is_short():
            with suppress(NotShortError):
                return short_path.count(self._store.of(resource), predicate)
        return self._queries.of(resource, predicate, None).count()

    def counts_quickly(self, resource: str) -> bool:  # noqa: ARG002 - the contract's
        """True: a count is the length of a range of the sort order, or a pass over codes."""
        return True

    @guarded
    def value_counts(
        self, resource: str, predicate: Predicate, props: Sequence[Property], sample: int | None = None
    ) -> Sequence[ValueCounts]:
        """For each property, how many of the matches, or of a sample of them, have each of its values."""
        from smsearch.columnar import aggregate

        matches = self._matches(resource, predicate)
        if sample is not None and any(rows is not None for _, rows, _ in matches):  # else columns know their counts
            matches = _sampled(matches, sample, SAMPLE_SEED)
        return [aggregate.value_counts(matches, prop) for prop in props]

    @guarded
    def presence_counts(self, resource: str, predicate: Predicate, props: Sequence[Property]) -> list[int]:
        """For each property, how many of the matches have it."""
        from smsearch.columnar import aggregate

        matches = self._matches(resource, predicate)
        return [aggregate.presence_count(matches, prop) for prop in props]

    @guarded
    def group(
        self, resource: str, predicate: Predicate, keys: Sequence[GroupKey], aggregates: Sequence[Aggregate]
    ) -> GroupedRows:
        """The groups of the matches, and what is asked of each; see `Engine.group`."""
        from smsearch.columnar import grouping

        return grouping.group(self._matches(resource, predicate), keys, aggregates)

    def _matches(self, resource: str, predicate: Predicate) -> list[Matches]:
        query = self._queries.of(resource, predicate, None)
        return [
            (segment.reader, rows, count) for segment, (rows, count) in zip(query.segments, query.rows(), strict=True)
        ]

    @guarded
    def observed_properties(self, resource: str) -> list[Property]:
        """Every property of the schema, and of the user's own families those that have a column."""
        from smsearch.columnar import lookup

        schema = self.schema(resource)
        fixed = [prop for prop in schema.properties() if "<name>" not in prop.name]
        names = {name for reader in self._store.of(resource) for name in lookup.column_names(reader, schema)}
        own = [schema.property(name) for name in names]
        whole = {prop.steps[:-1] for prop in own if _is_choice(prop.steps[-1])}
        return [*fixed, *(prop for prop in own if prop.steps[:-1] not in whole or _is_choice(prop.steps[-1]))]

    @guarded
    def find(self, resource: str, name: str) -> list[Record]:
        """The records of a resource with this name or ARN."""
        readers = self._store.of(resource)
        if readers and self._is_short():
            with suppress(NotShortError):
                return short_path.find_called(readers, name)
        return _records(self._named(resource, name))

    @guarded
    def sources(self, resource: str, name: str) -> list[RecordSource]:
        """Where each of the records that `find` returns came from, in the same order."""
        from smsearch.columnar import lookup

        named = self._named(resource, name)
        return [source for reader, rows in named for source in lookup.sources_at(reader, rows)]

    @guarded
    def snapshots(self, resource: str, name: str) -> list[tuple[Record, ...]]:
        """For each of the records that `find` returns the other snapshots of it that the store still has."""
        from smsearch.columnar.other_snapshots import other_snapshots
        from smsearch.schema import versions

        records = self.find(resource, name)
        names = dict.fromkeys(record.name or record.arn for record in records)
        living = [part for one in names for part in self._named(resource, one)]
        try:
            held = self._store.held_of(resource)
        except MissingFileError:  # a build has replaced it, and removed it since
            held = []
        found = other_snapshots(_records(living), living, held)
        return [found[versions.key(record)] for record in records]

    def _named(self, resource: str, name: str) -> list[tuple[SegmentReader, NDArray[np.uint32]]]:
        """The rows of each segment with this name, or with this ARN if no record has the name."""
        from smsearch.columnar import lookup

        kind = catalogue.resource(resource)
        for path in (kind.name_path, kind.arn):
            named = [(reader, lookup.rows_with_text(reader, path, name)) for reader in self._store.of(resource)]
            if any(len(rows) for _, rows in named):
                return named
        return []

    @guarded
    def dynamic_names(self, resource: str) -> frozenset[str]:
        """The names in the user's own families that the data has (`Metrics.loss`, `Tags.team`)."""
        from smsearch.columnar import lookup

        schema = self.schema(resource)
        return frozenset(name for reader in self._store.of(resource) for name in lookup.family_names(reader, schema))

    @guarded
    def spellings(self, resource: str, prop: Property, near: str, at_most: int) -> list[str]:
        """Texts that records have under a property; of many, those nearest to `near` in code-point order."""
        from smsearch.columnar import lookup

        readers = self._store.of(resource)
        return list(chain.from_iterable(lookup.spellings(reader, prop, near, at_most) for reader in readers))

    @guarded
    def explain(self, resource: str, predicate: Predicate, key: SortKey, size: int) -> list[str]:
        """How a first page is found, segment by segment."""
        from smsearch.columnar.explain import Trace

        query = self._queries.of(resource, predicate, key)
        query.count()
        pages = zip(query.segments, query.find((), size, self._forced), strict=True)
        return [
            line
            for segment, (plan, page) in pages
            for line in Trace(segment.reader.entry.file, segment.condition, plan, page).lines()
        ]

    def forget(self) -> None:
        """Drops the compiled queries, their counts and their pages, and the names that were asked for."""
        self._queries.forget()
        self._short_cursors = {b""}
        for schema in list(self._schemas.values()):
            schema.forget()


def _sampled(matches: Sequence[Matches], size: int, seed: int) -> list[Matches]:
    """At most `size` of the matches, each as likely as any other."""
    from smsearch.engine.sampling import sampled_places

    total = sum(count for _, _, count in matches)
    if total <= size:
        return list(matches)
    places = sampled_places(total, size, seed)
    sample: list[Matches] = []
    first = 0
    for reader, rows, count in matches:
        start, stop = np.searchsorted(places, (first, first + count))
        inside = places[start:stop] - first
        sample.append((reader, inside if rows is None else rows[inside], len(inside)))
        first += count
    return sample


def _records(named: Sequence[tuple[SegmentReader, NDArray[np.uint32]]]) -> list[Record]:
    """The records of some rows of each segment."""
    from smsearch.columnar import lookup

    return [record for reader, rows in named for record in lookup.records_at(reader, rows)]


def _is_live(reader: SegmentReader, path: Sequence[str]) -> bool:
    from smsearch.columnar import lookup  # most segments have no superseded row

    return lookup.is_live(reader, path)


def _is_choice(step: Step) -> bool:
    """Whether a step leads into the one of several members that is there; each member has a column of its own too."""
    return isinstance(step, FirstMember) and len(step.names) > 1
