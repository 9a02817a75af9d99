"""The records of a store, as one ordered whole over its segments.

Questions are compiled and counted once and remembered; pages of several segments are merged. It knows no request.
"""

from __future__ import annotations

from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

import numpy as np

from smsearch.columnar.codes import number_place
from smsearch.columnar.compiled_query import Question, view_of
from smsearch.columnar.cursor import are_places, is_cut
from smsearch.columnar.operators import merge
from smsearch.columnar.spellings import spellings
from smsearch.engine.engine import NoSuchPlaceError, Page, Places
from smsearch.schema import catalogue, values
from smsearch.schema.names import Schema
from smsearch.schema.observe import name_of_column
from smsearch.schema.parsed import ParsedDocuments
from smsearch.schema.property import FirstMember
from smsearch.store.address import LEVEL, PIECE, escaped, names_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from smsearch.columnar.aggregate import Matches
    from smsearch.columnar.plan import Move
    from smsearch.engine.result_columns import Chosen
    from smsearch.engine.value_counts import Tally
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
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


class StoredRecords:
    """Answers pages, counts and look-ups over an open store.

    Attributes:
        forced: A move that every plan must take, for tests; None leaves the choice to the planner.
    """

    def __init__(self, store: Store, forced: Move | None = None) -> None:
        self._store = store
        self._questions: dict[tuple[str, Predicate, SortKey | None], Question] = {}
        self._schemas: dict[str, Schema] = {}
        self.forced = forced
        self.snapshot = store.manifest.snapshot

    def schema(self, resource: str) -> Schema:
        """What can be filtered and sorted on: the catalogue, and the plain fields that only the data has."""
        if resource not in self._schemas:
            extras = {
                name: tuple(path)
                for part in self._store.of(resource)
                for name, path in part.meta["extras"].items()
                if _is_had(part, path)
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
        """At most `size` matches from some places on; `total` is what they count, where that is known or of no matter.

        The total is counted first, since the plan is the better for it; it is counted once.

        Raises:
            NoSuchPlaceError: The places are none at which a page of this question begins.
        """
        asked = self._compiled(resource, predicate, key)
        total = asked.count() if total is None else total
        is_known = places in asked.cuts
        if places and not is_known and not are_places(asked.views, places):
            raise NoSuchPlaceError(places)
        found = [one for _, one in asked.find(places, size, self.forced)]
        if places and not is_known and not is_cut(asked.views, places, found, key):
            raise NoSuchPlaceError(places)
        resume: Places | None = None
        exported: Callable[[], Mapping[int, bytes]] | None
        if len(found) == 1:
            view, rows = asked.views[0], found[0].rows
            stored = view.part.documents(rows[:size])
            exported = partial(view.part.exported, rows[:size]) if view.part.has_exported else None
            if len(rows) > size:
                known = found[0].next_place
                resume = (view.place_after(rows, size) if known is None else known,)
        else:
            stored, exported, resume = merge.page(asked.views, [one.rows for one in found], key, size)
        if resume is not None:
            asked.remember(resume)
        return Page(ParsedDocuments(resource, stored, exported), resume, total, stored)

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
        from smsearch.columnar.project import ChosenRows

        asked = self._compiled(resource, predicate, key)
        pairs = zip(asked.views, asked.rows(), strict=True)
        found = [view.in_order(rows) for view, (rows, _) in pairs]
        if len(found) == 1:
            rows = found[0][:limit]
            at = np.zeros(len(rows), np.uint8)
        else:
            merged = list(islice(merge.merged(asked.views, found, key), limit))
            at = np.array([number for number, _ in merged], np.uint32)
            rows = np.array([row for _, row in merged], np.uint32)
        return ChosenRows(resource, [view.part for view in asked.views], at, rows)

    def count(self, resource: str, predicate: Predicate) -> int:
        """How many records match; counted once."""
        return self._compiled(resource, predicate, None).count()

    def tallies(self, resource: str, predicate: Predicate, props: Sequence[Property]) -> Sequence[Tally]:
        """How often each value of some properties occurs among the matches."""
        from smsearch.columnar import aggregate

        matches = self._matching(resource, predicate)
        return [aggregate.tally(matches, prop) for prop in props]

    def having(self, resource: str, predicate: Predicate, props: Sequence[Property]) -> list[int]:
        """For each of some properties, how many of the matches have it."""
        from smsearch.columnar import aggregate

        matches = self._matching(resource, predicate)
        return [aggregate.having(matches, prop) for prop in props]

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
        return ParsedDocuments(part.entry.resource, part.documents(rows), partial(part.exported, rows))

    def explain(self, resource: str, predicate: Predicate, key: SortKey, size: int) -> list[str]:
        """How a first page is found, segment by segment."""
        from smsearch.columnar.explain import Trace

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
        self._questions.clear()

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

    def _compiled(self, resource: str, predicate: Predicate, key: SortKey | None) -> Question:
        """A question compiled; without a key it can only be counted."""
        said = (resource, predicate, key)
        question = self._questions.get(said)
        if question is None:
            views = [view_of(part, predicate, key) for part in self._store.of(resource)]
            size = sum(view.part.entry.rows for view in views)
            if len(self._questions) >= min(REMEMBERED_MAX, REMEMBERED_BYTES // max(size, 1)):
                self._questions.clear()
            question = self._questions[said] = Question(views)
        return question


def _is_had(part: Part, path: list[str]) -> bool:
    """Whether a record has a field that the service model does not know: one that is not superseded."""
    if part.dead is None:
        return True
    column = part.tables.records.column(PIECE.join(map(escaped, path)))
    if column is None or column.present > len(part.dead):
        return column is not None
    return not np.isin(column.rows_at(0, column.present), part.dead).all()


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
