"""The records of a store, as one ordered whole over its segments.

Each segment plans and scans for itself; where there are several, their pages are merged by sort value, ARN and name.
Counts that the indexes do not give are made once and remembered. It knows no request and no token.
"""

from __future__ import annotations

import heapq
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from smsearch.predicate.order import rank
from smsearch.predicate.page import Page, Places
from smsearch.query import scan
from smsearch.query.explain import Trace
from smsearch.query.filters import Conjunction, Everything, Filter, compile_filter
from smsearch.query.order import Order
from smsearch.query.plan import make_plan
from smsearch.schema import catalogue
from smsearch.schema.decode import loads
from smsearch.schema.names import Schema
from smsearch.schema.observe import name_of_column
from smsearch.schema.record import Record
from smsearch.store.address import PIECE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.query.plan import Move
    from smsearch.store.store import Part, Store

REMEMBERED_MAX: Final = 512
"""Counts and compiled conditions that are remembered; beyond, all are forgotten."""
BATCH: Final = 1_000
"""Records that an iteration without limit fetches at a time."""


class Alive:
    """Rows that no newer segment supersedes."""

    parts: Sequence[Filter] = ()

    def __init__(self, row_count: int, dead: NDArray[np.uint32]) -> None:
        self.row_count = row_count
        self.bound = self.exact = row_count - len(dead)
        self.expected = float(self.bound)
        self._mask = np.ones(row_count, dtype=bool)
        self._mask[dead] = False

    def test(self, rows: NDArray[Any]) -> NDArray[np.bool_]:
        return self._mask[rows]

    def everywhere(self) -> NDArray[np.bool_]:
        return self._mask.copy()

    def candidates(self) -> NDArray[Any] | None:
        return None


class StoredRecords:
    """Answers pages, counts and look-ups over an open store.

    Attributes:
        forced: A move that every plan must take, for tests; None leaves the choice to the planner.
        traces: What the last page did, segment by segment.
    """

    def __init__(self, store: Store, forced: Move | None = None) -> None:
        self._store = store
        self._conditions: dict[tuple[str, Predicate], list[Filter]] = {}
        self._counts: dict[tuple[str, Predicate], int] = {}
        self._orders: dict[tuple[str, SortKey], list[Order]] = {}
        self._schemas: dict[str, Schema] = {}
        self.forced = forced
        self.traces: list[Trace] = []
        self.snapshot = store.manifest.snapshot

    def schema(self, resource: str) -> Schema:
        """What can be filtered and sorted on: the catalogue, and the plain fields that only the data has."""
        if resource not in self._schemas:
            extras = {
                name: tuple(path) for part in self._store.of(resource) for name, path in part.meta["extras"].items()
            }
            self._schemas[resource] = Schema(catalogue.resource(resource), extras)
        return self._schemas[resource]

    def resources(self) -> dict[str, int]:
        """How many records there are of each kind that has any, in the catalogue's order."""
        counts = dict.fromkeys(catalogue.kinds(), 0)
        for entry in self._store.manifest.segments:
            counts[entry.resource] += entry.rows - entry.dead_rows
        return {name: count for name, count in counts.items() if count}

    def main_account(self) -> str:
        """The account that most records belong to, or `""`; of several, the first in order."""
        counted = [
            (-count, account) for account, count in self._store.manifest.accounts.items() if account and count > 0
        ]
        return min(counted)[1] if counted else ""

    def page(
        self, resource: str, predicate: Predicate, key: SortKey, places: Places, size: int, total: int | None
    ) -> Page:  # noqa: PLR0913
        """At most `size` matches from some places on; `total` is what an earlier page counted, if any."""
        parts = self._store.of(resource)
        counted = self.count(resource, predicate) if total is None else total
        self.traces = []
        if len(parts) != 1:
            chosen, resume = self._merged(resource, predicate, key, places, size)
        else:
            rows = self._rows(resource, predicate, key, 0, places[0] if places else 0, size)
            resume = (self._order(resource, key)[0].place_of(int(rows[size])),) if len(rows) > size else None
            chosen = [(parts[0], rows[:size])]
        stored = [document for part, rows in chosen for document in part.documents(rows)]
        return Page(ParsedDocuments(resource, stored), resume, counted, stored)

    def _rows(self, resource: str, predicate: Predicate, key: SortKey, at: int, place: int, size: int) -> NDArray[Any]:  # noqa: PLR0913
        """The rows of one segment's page, one more than `size` if there is a next one."""
        part, order = self._store.of(resource)[at], self._order(resource, key)[at]
        condition = self._condition(resource, predicate)[at]
        plan = make_plan(condition, order, place, size, part.entry.rows, self.forced)
        found = scan.find_page(plan, order, size)
        self.traces.append(Trace(part.entry.file, part.entry.rows, plan, found))
        return found.rows

    def _merged(
        self, resource: str, predicate: Predicate, key: SortKey, places: Places, size: int
    ) -> tuple[list[tuple[Part, NDArray[Any]]], Places | None]:
        """A page over several segments: each gives its own, and the first of all are taken."""
        parts, orders = self._store.of(resource), self._order(resource, key)
        starts = list(places) if places else [0] * len(parts)
        found = [self._rows(resource, predicate, key, at, place, size) for at, place in enumerate(starts)]
        streams = [
            self._ranked(part, order, rows, at, key)
            for at, (part, order, rows) in enumerate(zip(parts, orders, found, strict=True))
        ]
        merged = list(zip(heapq.merge(*streams), range(size + 1), strict=False))
        taken = [at for (*_, at, _), _ in merged[:size]]
        chosen = [(parts[at], np.array([row])) for (*_, at, row), _ in merged[:size]]
        if len(merged) <= size:
            return chosen, None
        for at, rows in enumerate(found):
            used = taken.count(at)
            starts[at] = orders[at].place_of(int(rows[used])) if used < len(rows) else orders[at].end
        return chosen, tuple(starts)

    def _ranked(self, part: Part, order: Order, rows: NDArray[Any], at: int, key: SortKey) -> Iterator[tuple[Any, ...]]:
        """Rows with what they sort by across segments: rank, ARN, name, then segment and row."""
        resource = catalogue.resource(part.entry.resource)
        for row in rows.tolist():
            arn, name = (_text_at(part, PIECE.join(path), row) for path in (resource.arn, resource.name_path))
            yield (*rank(order.value_of(row), key), arn, name, at, row)

    def matches(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[Record]:
        """Every match in order."""
        places: Places | None = ()
        while places is not None:
            page = self.page(resource, predicate, key, places, BATCH, 0)
            yield from page.records
            places = page.resume

    def count(self, resource: str, predicate: Predicate) -> int:
        """How many records match; counted once."""
        key = (resource, predicate)
        if key not in self._counts:
            if len(self._counts) >= REMEMBERED_MAX:
                self._counts.clear()
            self._counts[key] = sum(scan.count(condition) for condition in self._condition(resource, predicate))
        return self._counts[key]

    def find(self, resource: str, name: str) -> list[Record]:
        """The records of a resource with this name or ARN."""
        kind = catalogue.resource(resource)
        for path in (kind.name_path, kind.arn):
            found = [
                record for part in self._store.of(resource) for record in self._with_text(part, PIECE.join(path), name)
            ]
            if found:
                return found
        return []

    def _with_text(self, part: Part, key: str, text: str) -> Sequence[Record]:
        column = part.tables.records.column(key)
        codes = [] if column is None else [code for code in [column.texts.find(text)] if code is not None]
        if column is None or not codes:
            return ()
        rows = column.rows_at(column.start(codes[0]), column.start(codes[0] + 1))
        if part.dead is not None:
            rows = rows[~np.isin(rows, part.dead)]
        return ParsedDocuments(part.entry.resource, part.documents(rows))

    def explain(self, resource: str, predicate: Predicate, key: SortKey, size: int) -> list[str]:
        """How a first page is found, segment by segment."""
        self.page(resource, predicate, key, (), size, None)
        return [line for trace in self.traces for line in trace.lines()]

    def dynamic_names(self, resource: str) -> frozenset[str]:
        """The names in the user's own families that the data has (`Metrics.loss`, `Tags.team`)."""
        schema = self.schema(resource)
        keys = set(chain.from_iterable(part.tables.records.column_keys() for part in self._store.of(resource)))
        names = (name_of_column(key.split(PIECE), schema) for key in keys)
        return frozenset(name for name in names if name is not None)

    def _condition(self, resource: str, predicate: Predicate) -> list[Filter]:
        key = (resource, predicate)
        if key not in self._conditions:
            if len(self._conditions) >= REMEMBERED_MAX:
                self._conditions.clear()
            self._conditions[key] = [
                _alive(compile_filter(predicate, part.tables, part.segment), part) for part in self._store.of(resource)
            ]
        return self._conditions[key]

    def _order(self, resource: str, key: SortKey) -> list[Order]:
        if (resource, key) not in self._orders:
            self._orders[resource, key] = [Order(part.tables.records, key) for part in self._store.of(resource)]
        return self._orders[resource, key]


def _alive(condition: Filter, part: Part) -> Filter:
    if part.dead is None or condition.bound == 0:
        return condition
    alive = Alive(part.entry.rows, part.dead)
    return alive if isinstance(condition, Everything) else Conjunction([condition, alive], part.entry.rows)


def _text_at(part: Part, key: str, row: int) -> str:
    column = part.tables.records.column(key)
    if column is None:
        return ""
    code = int(column.codes_of(np.array([row]))[0])
    return column.texts[code] if code < column.readable else ""


class ParsedDocuments:
    """Stored documents as records, parsed when they are asked for."""

    def __init__(self, resource: str, stored: list[bytes]) -> None:
        self._resource = catalogue.resource(resource)
        self._stored = stored

    def __len__(self) -> int:
        return len(self._stored)

    def __getitem__(self, at: int) -> Record:
        document = cast("dict[str, dict[str, Any]]", loads(self._stored[at]))[self._resource.record_key]
        arn, name = (_member(document, path) for path in (self._resource.arn, self._resource.name_path))
        return Record(self._resource.name, arn, name, document)

    def __iter__(self) -> Iterator[Record]:
        return (self[at] for at in range(len(self)))


def _member(document: Any, path: tuple[str, ...]) -> str:  # noqa: ANN401 - any JSON value
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return "" if document is None else str(document)
