"""The queries over one store, compiled and counted once and remembered, with their pages. It knows no request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.columnar.compiled_query import CompiledQuery, segment_order, segment_query
from smsearch.columnar.cursor import are_positions, is_cut
from smsearch.columnar.operators import merge
from smsearch.engine.cursor import InvalidCursorError, pack, unpack
from smsearch.engine.page import Page
from smsearch.predicate.rewrite import rewrite
from smsearch.schema.parsed import ParsedDocuments

if TYPE_CHECKING:
    from smsearch.columnar.operators.composed_order import ComposedOrder
    from smsearch.columnar.operators.order import SegmentOrder
    from smsearch.columnar.operators.scan import PageRows
    from smsearch.columnar.plan import AccessPath
    from smsearch.engine.cursor import Cursor
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.store.store import Store

QUERIES_MAX: Final = 512
QUERIES_BYTES_MAX: Final = 256 << 20
"""Compiled queries that are remembered, and bytes for them at two bits a row, for a bitmap and what it was made of;
beyond, all are forgotten."""
PAGES_MAX: Final = 512
PAGE_ROWS_MAX: Final = 100
"""Pages whose rows are remembered, of all queries, and their size: some 20 KB each; beyond, all are forgotten."""
_COMPOSED_BITS: Final = 66
"""Bits a row of a compiled query by several sort keys, whose positions and rows are kept."""


class CompiledQueries:
    """The queries over an open store.

    Args:
        store: The store.
        forced: An access path that every plan must take, for tests; None leaves the choice to the planner.
    """

    def __init__(self, store: Store, forced: AccessPath | None) -> None:
        self._store = store
        self._forced = forced
        self._queries: dict[tuple[str, Predicate, SortKey | None], CompiledQuery] = {}
        self._orders: dict[tuple[str, SortKey | None], list[SegmentOrder | ComposedOrder]] = {}
        """Those of the queries, for other queries in the same order."""
        self._pages: dict[tuple[CompiledQuery, Cursor, int], merge.FoundPage] = {}

    def of(self, resource: str, predicate: Predicate, key: SortKey | None) -> CompiledQuery:
        """The compiled query; without a key it can only be counted."""
        identity = (resource, predicate, key)
        query = self._queries.get(identity)
        if query is None:
            rewritten, readers = rewrite(predicate), self._store.of(resource)
            kept = self._orders.get((resource, key))
            orders = kept or [segment_order(reader, key) for reader in readers]
            segments = [segment_query(reader, rewritten, order) for reader, order in zip(readers, orders, strict=True)]
            bits_a_row = 2 if key is None or key.then is None else _COMPOSED_BITS
            size = bits_a_row * sum(segment.reader.entry.rows for segment in segments) >> 3
            if len(self._queries) >= min(QUERIES_MAX, QUERIES_BYTES_MAX // max(size, 1)):
                self.forget()
            query = self._queries[identity] = CompiledQuery(segments)
            if kept is None and (key is None or key.then is None):  # else they hold whole arrays, which count each time
                self._orders[resource, key] = orders
        return query

    def page(
        self, resource: str, predicate: Predicate, key: SortKey, cursor: Cursor, size: int, total: int | None
    ) -> Page:
        """At most `size` matches from a cursor on; see `Engine.page`.

        The matches are counted before the page is found, since the plan is better for it; they are counted once.

        Raises:
            InvalidCursorError: No page of this query begins at the cursor.
        """
        query = self.of(resource, predicate, key)
        total = query.count() if total is None else total
        identity = (query, cursor, size)
        found = self._pages.get(identity)
        if found is None:
            found = merge.page(query.segments, self._found(query, key, cursor, size), key, size)
            if len(self._pages) >= PAGES_MAX:
                self._pages.clear()
            if size <= PAGE_ROWS_MAX:
                self._pages[identity] = found
        next_cursor = None
        if found.next_positions is not None:
            next_cursor = pack(found.next_positions)
            query.remember(next_cursor, found.next_positions)
        stored = found.documents()
        return Page(ParsedDocuments(resource, stored, found.exported, found.file_of), next_cursor, total, stored)

    def _found(self, query: CompiledQuery, key: SortKey, cursor: Cursor, size: int) -> list[PageRows]:
        """The rows of each segment from a cursor on.

        Raises:
            InvalidCursorError: No page of this query begins at the cursor.
        """
        known = query.cursors.get(cursor)
        positions = unpack(cursor) if known is None else known
        if known is None and not are_positions(query.segments, positions):
            raise InvalidCursorError(cursor)
        pages = [page for _, page in query.find(positions, size, self._forced)]
        if known is None and not is_cut(query.segments, positions, pages, key):
            raise InvalidCursorError(cursor)
        return pages

    def forget(self) -> None:
        """Drops the queries, their counts and their pages."""
        self._pages.clear()
        self._queries.clear()
        self._orders.clear()
