"""One question, a condition and an order, over the segments of a store: compiled once, counted once, its pages found.

Each segment plans and scans for itself. It knows no request and no record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from smsearch.columnar.compile import compile_filter
from smsearch.columnar.operators.filters import Conjunction, Everything
from smsearch.columnar.operators.order import Order
from smsearch.columnar.operators.scan import find_page
from smsearch.columnar.operators.selection import rows_of, select
from smsearch.columnar.plan import Move, make_plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.operators.filters import Filter, Rows
    from smsearch.columnar.operators.scan import Found
    from smsearch.columnar.plan import Plan
    from smsearch.engine.engine import Places
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.store.store import Part


CUTS_MAX: Final = 64
"""Places that a question remembers: callers come back with the last ones; beyond, all are forgotten."""


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
class View:
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

    def in_order(self, rows: NDArray[Any] | None) -> NDArray[Any]:
        """Some rows, or all of them, in order."""
        every = np.arange(self.part.entry.rows, dtype=np.uint32) if rows is None else rows.astype(np.uint32)
        return every[np.argsort(self.order.keys(every), kind="stable")]

    def place_after(self, rows: NDArray[Any], used: int) -> int:
        """Where the segment goes on when some of a page's rows were used."""
        return self.order.place_of(int(rows[used])) if used < len(rows) else self.order.end


class Question:
    """What was compiled for one question, and what its pages found.

    Attributes:
        views: The segments under the condition and the order.
        known: The condition in each once its rows were counted.
        begins: Where a walk meets the first match of each.
        cuts: Places that pages gave out of late: that they are good need not be found out again.
    """

    __slots__ = ("begins", "cuts", "known", "views")

    def __init__(self, views: list[View]) -> None:
        self.views = views
        self.cuts: set[Places] = set()
        self.known: list[Filter] = []
        self.begins: list[int] | None = None

    def remember(self, places: Places) -> None:
        """Takes places that a page gave out."""
        if len(self.cuts) >= CUTS_MAX:
            self.cuts.clear()
        self.cuts.add(places)

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
        asked = zip(self.views, places or self.begins or (0,) * len(self.views), known, strict=True)
        found = [view.find(place, size, counted, forced) for view, place, counted in asked]
        if not places and self.begins is None:
            self.begins = [
                view.order.place_of(int(page.rows[0])) if plan.move is Move.WALK and len(page.rows) else 0
                for view, (plan, page) in zip(self.views, found, strict=True)
            ]
        return found


def view_of(part: Part, predicate: Predicate, key: SortKey | None) -> View:
    """What a condition and an order are in one segment; without a key it can only be counted."""
    records = part.tables.records
    condition = _alive(compile_filter(predicate, part.tables, part.segment), part)
    return View(part, Order(records, key), condition)


def _alive(condition: Filter, part: Part) -> Filter:
    if part.dead is None or condition.bound == 0:
        return condition
    alive = Alive(part.entry.rows, part.dead)
    return alive if isinstance(condition, Everything) else Conjunction([condition, alive], part.entry.rows)
