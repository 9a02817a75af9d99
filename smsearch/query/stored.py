"""The records of a store, as one ordered whole over its segments.

Each segment plans and scans for itself; where there are several, their pages are merged by sort value, ARN and name.
Counts that the indexes do not give are made once and remembered. It knows no request and no token.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from smsearch.predicate.order import rank
from smsearch.predicate.page import Page, Places
from smsearch.query.codes import number_place
from smsearch.query.compiler import compile_filter
from smsearch.query.filters import Conjunction, Everything, Filter
from smsearch.query.order import Order
from smsearch.query.plan import Move, make_plan
from smsearch.query.scan import find_page
from smsearch.query.selection import rows_of, select
from smsearch.query.spellings import spellings
from smsearch.schema import catalogue, values
from smsearch.schema.names import Schema
from smsearch.schema.observe import name_of_column
from smsearch.schema.parsed import ParsedDocuments, text_at
from smsearch.schema.property import FirstMember
from smsearch.store.address import LEVEL, PIECE, names_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.predicate.chosen import Chosen
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.predicate.tally import Tally
    from smsearch.query.facets import Matches
    from smsearch.query.filters import Rows
    from smsearch.query.plan import Plan
    from smsearch.query.scan import Found
    from smsearch.schema.property import Property, Step
    from smsearch.schema.record import Record
    from smsearch.store.column import Column
    from smsearch.store.store import Part, Store

REMEMBERED_MAX: Final = 512
REMEMBERED_BYTES: Final = 256 << 20
"""Questions that are remembered, and bytes for them at a byte a row, which is what one takes at most; beyond, all are
forgotten."""
BATCHES: Final = (100, 1_000)
"""Records that an iteration without limit fetches at first, as many as most want, and then at a time."""


class Alive:
    """Rows that no newer segment supersedes."""

    parts: Sequence[Filter] = ()

    def __init__(self, row_count: int, dead: NDArray[np.uint32]) -> None:
        self.row_count = row_count
        self.bound = self.exact = row_count - len(dead)
        self.expected = float(self.bound)
        self._mask = np.ones(row_count, dtype=bool)
        self._mask[dead] = False

    def test(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of the rows are alive."""
        return self._mask.take(rows)

    def everywhere(self) -> NDArray[np.bool_]:
        """Every row that is alive."""
        return self._mask.copy()

    def candidates(self) -> Rows | None:
        """Nearly every row is alive: picking them out gains nothing."""
        return None


@dataclass(frozen=True, slots=True)
class _View:
    """One segment under one condition and one order."""

    part: Part
    order: Order
    condition: Filter

    def find(self, place: int, size: int, known: Filter | None, forced: Move | None) -> tuple[Plan, Found]:
        """The rows of a page that begins at a place, one more than `size` if there is a next one, and their plan.

        Args:
            place: Where in the order the page begins.
            size: How many records the page holds.
            known: The condition once its rows were counted, if they were.
            forced: A move to take whatever it costs.
        """
        plan = make_plan(self.condition, self.order, place, size, known, forced)
        return plan, find_page(plan, self.order, size)

    def place_after(self, rows: NDArray[Any], used: int) -> int:
        """Where the segment goes on when some of a page's rows were used."""
        return self.order.place_of(int(rows[used])) if used < len(rows) else self.order.end


class _Asked:
    """What was compiled for one question: its views, what counting found, and where walks met the first match."""

    __slots__ = ("begins", "known", "views")

    def __init__(self, views: list[_View]) -> None:
        self.views = views
        self.known: list[Filter] = []
        self.begins = [0] * len(views)

    def count(self) -> int:
        """How many records match; counted once."""
        if not self.known:
            self.known = [select(view.condition) for view in self.views]
        return sum(known.bound for known in self.known)

    def rows(self) -> Iterator[tuple[NDArray[Any] | None, int]]:
        """For each view the rows that match, or None where every row does, and how many they are."""
        self.count()
        for known in self.known:
            every = known.exact == known.row_count
            yield None if every else rows_of(known), known.bound

    def find(self, places: Places, size: int, forced: Move | None) -> list[tuple[Plan, Found]]:
        """What each view has for a page that begins at some places."""
        known = self.known or (None,) * len(self.views)
        asked = zip(self.views, places or self.begins, known, strict=True)
        found = [view.find(place, size, counted, forced) for view, place, counted in asked]
        if not places:
            self.begins = [
                view.order.place_of(int(page.rows[0])) if page.move is Move.WALK and len(page.rows) else begin
                for view, (_, page), begin in zip(self.views, found, self.begins, strict=True)
            ]
        return found


class StoredRecords:
    """Answers pages, counts and look-ups over an open store.

    Attributes:
        forced: A move that every plan must take, for tests; None leaves the choice to the planner.
    """

    def __init__(self, store: Store, forced: Move | None = None) -> None:
        self._store = store
        self._asked: dict[tuple[str, Predicate, SortKey | None], _Asked] = {}
        self._schemas: dict[str, Schema] = {}
        self.forced = forced
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
    ) -> Page:
        """At most `size` matches from some places on; `total` is what an earlier page counted, if any.

        The total is counted first, since the plan is the better for it.
        """
        asked = self._compiled(resource, predicate, key)
        total = asked.count() if total is None else total
        found = [one for _, one in asked.find(places, size, self.forced)]
        resume: Places | None = None
        if len(found) == 1:
            view, rows = asked.views[0], found[0].rows
            stored = view.part.documents(rows[:size])
            if len(rows) > size:
                known = found[0].next_place
                resume = (view.place_after(rows, size) if known is None else known,)
        else:
            stored, resume = _merged(asked.views, [one.rows for one in found], key, size)
        return Page(ParsedDocuments(resource, stored), resume, total, stored)

    def matches(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[Record]:
        """Every match in order."""
        places: Places | None = ()
        size, later = BATCHES
        while places is not None:
            page = self.page(resource, predicate, key, places, size, 0)
            yield from page.records
            places, size = page.resume, later

    def chosen(self, resource: str, predicate: Predicate, key: SortKey, limit: int | None) -> Chosen:
        """The matches in order, at most `limit`, as rows of columns."""
        from smsearch.query.cells import ChosenRows

        asked = self._compiled(resource, predicate, key)
        pairs = zip(asked.views, asked.rows(), strict=True)
        found = [_sorted(view, rows) for view, (rows, _) in pairs]
        if len(found) == 1:
            rows = found[0][:limit]
            at = np.zeros(len(rows), np.uint8)
        else:
            streams = [
                _ranked(view, rows, at, key) for at, (view, rows) in enumerate(zip(asked.views, found, strict=True))
            ]
            merged = [(number, row) for *_, number, row in islice(heapq.merge(*streams), limit)]
            at = np.array([number for number, _ in merged], np.uint32)
            rows = np.array([row for _, row in merged], np.uint32)
        return ChosenRows(resource, [view.part for view in asked.views], at, rows)

    def count(self, resource: str, predicate: Predicate) -> int:
        """How many records match; counted once."""
        return self._compiled(resource, predicate, None).count()

    def tallies(self, resource: str, predicate: Predicate, props: Sequence[Property]) -> Sequence[Tally]:
        """How often each value of some properties occurs among the matches."""
        from smsearch.query import facets

        matches = self._matching(resource, predicate)
        return [facets.tally(matches, prop) for prop in props]

    def having(self, resource: str, predicate: Predicate, props: Sequence[Property]) -> list[int]:
        """For each of some properties, how many of the matches have it."""
        from smsearch.query import facets

        matches = self._matching(resource, predicate)
        return [facets.having(matches, prop) for prop in props]

    def _matching(self, resource: str, predicate: Predicate) -> list[Matches]:
        asked = self._compiled(resource, predicate, None)
        return [(view.part, rows, count) for view, (rows, count) in zip(asked.views, asked.rows(), strict=True)]

    def observed(self, resource: str) -> list[Property]:
        """Every property of the schema, and of the families what the columns are of."""
        schema = self.schema(resource)
        fixed = [prop for prop in schema.properties() if "<name>" not in prop.name]
        own = [schema.property(name) for name in self._names_of_columns(resource)]
        whole = {prop.steps[:-1] for prop in own if _is_either(prop.steps[-1])}
        return [*fixed, *(prop for prop in own if prop.steps[:-1] not in whole or _is_either(prop.steps[-1]))]

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
        codes = None if column is None else _codes_of(column, text)
        if column is None or codes is None:
            return ()
        rows = column.rows_at(column.start(codes[0]), column.start(codes[1]))
        if part.dead is not None:
            rows = rows[~np.isin(rows, part.dead)]
        return ParsedDocuments(part.entry.resource, part.documents(rows))

    def explain(self, resource: str, predicate: Predicate, key: SortKey, size: int) -> list[str]:
        """How a first page is found, segment by segment."""
        from smsearch.query.explain import Trace

        asked = self._compiled(resource, predicate, key)
        asked.count()
        found = zip(asked.views, asked.find((), size, self.forced), strict=True)
        return [
            line
            for view, (plan, page) in found
            for line in Trace(view.part.entry.file, view.condition, plan, page).lines()
        ]

    def forget(self) -> None:
        """Drops the compiled questions and their counts."""
        self._asked.clear()

    def dynamic_names(self, resource: str) -> frozenset[str]:
        """The names in the user's own families that the data has (`Metrics.loss`, `Tags.team`)."""
        schema = self.schema(resource)
        keys = set(chain.from_iterable(part.tables.records.column_keys() for part in self._store.of(resource)))
        names = (name_of_column(names_in(key), schema, is_whole=True) for key in keys)
        return frozenset(name for name in names if name is not None)

    def _names_of_columns(self, resource: str) -> set[str]:
        """The names in the user's own families with each of their suffixes, those inside lists too."""
        schema = self.schema(resource)
        tables = [table for part in self._store.of(resource) for table in part.tables.all()]
        columns = {(table.path, key) for table in tables for key in table.column_keys()}
        names = (
            name_of_column(names_in(key), schema, [names_in(level) for level in path.split(LEVEL) if level])
            for path, key in columns
        )
        return {name for name in names if name is not None}

    def spellings(self, resource: str, prop: Property, near: str, at_most: int) -> list[str]:
        """Texts that records have under a property; of many, those nearest to a text in code-point order."""
        return list(chain.from_iterable(spellings(part, prop, near, at_most) for part in self._store.of(resource)))

    def _compiled(self, resource: str, predicate: Predicate, key: SortKey | None) -> _Asked:
        """A question compiled; without a key it can only be counted."""
        question = (resource, predicate, key)
        asked = self._asked.get(question)
        if asked is None:
            views = [_view(part, predicate, key) for part in self._store.of(resource)]
            size = sum(view.part.entry.rows for view in views)
            if len(self._asked) >= min(REMEMBERED_MAX, REMEMBERED_BYTES // max(size, 1)):
                self._asked.clear()
            asked = self._asked[question] = _Asked(views)
        return asked


def _view(part: Part, predicate: Predicate, key: SortKey | None) -> _View:
    records = part.tables.records
    condition = _alive(compile_filter(predicate, part.tables, part.segment), part)
    return _View(part, Order(records, key), condition)


def _sorted(view: _View, rows: NDArray[Any] | None) -> NDArray[Any]:
    """Rows of a view, or all of them, in its order."""
    every = np.arange(view.part.entry.rows, dtype=np.uint32) if rows is None else rows.astype(np.uint32)
    return every[np.argsort(view.order.keys(every), kind="stable")]


def _merged(
    views: list[_View], found: list[NDArray[Any]], key: SortKey, size: int
) -> tuple[list[bytes], Places | None]:
    """A page over several segments, given that of each: the first of all are taken."""
    streams = [_ranked(view, rows, at, key) for at, (view, rows) in enumerate(zip(views, found, strict=True))]
    merged = list(islice(heapq.merge(*streams), size + 1))
    taken = [at for *_, at, _ in merged[:size]]
    stored = [views[at].part.documents(np.array([row], np.uint32))[0] for *_, at, row in merged[:size]]
    if len(merged) <= size:
        return stored, None
    return stored, tuple(view.place_after(found[at], taken.count(at)) for at, view in enumerate(views))


def _ranked(view: _View, rows: NDArray[Any], at: int, key: SortKey) -> Iterator[tuple[Any, ...]]:
    """Rows with what they sort by across segments: rank, ARN, name, then segment and row."""
    resource = catalogue.resource(view.part.entry.resource)
    for row in rows.tolist():
        arn, name = (_text_at(view.part, path, row) for path in (resource.arn, resource.name_path))
        yield (*rank(view.order.value_of(row), key), arn, name, at, row)


def _alive(condition: Filter, part: Part) -> Filter:
    if part.dead is None or condition.bound == 0:
        return condition
    alive = Alive(part.entry.rows, part.dead)
    return alive if isinstance(condition, Everything) else Conjunction([condition, alive], part.entry.rows)


def _text_at(part: Part, path: tuple[str, ...], row: int) -> str:
    """A record's ARN or name as a text."""
    column = part.tables.records.column(PIECE.join(path))
    if column is None:
        return ""
    at = np.array([row], np.uint32)
    if not column.has_texts:  # the name of a version is a number
        return text_at(ParsedDocuments(part.entry.resource, part.documents(at))[0].document, path)
    code = int(column.codes_of(at)[0])
    return column.texts[code] if code < column.readable else ""


def _codes_of(column: Column, text: str) -> tuple[int, int] | None:
    """The codes of an ARN or a name, from the first to before the second; None if no record has it."""
    if column.has_texts:
        code = column.texts.find(text)
        return None if code is None else (code, code + 1)
    number = values.parse_number(text)  # the name of a version
    if number is None:
        return None
    return number_place(column, number, after=False), number_place(column, number, after=True)


def _is_either(step: Step) -> bool:
    """Whether a step is into the one of several members that is there, each of which has a column of its own too."""
    return isinstance(step, FirstMember) and len(step.names) > 1
