"""Describes what was planned and done for a page of one segment, for people who ask why it was quick or slow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.columnar.operators.combinations import Complement, Conjunction, Disjunction, ListFilter
from smsearch.columnar.operators.filters import ColumnFilter, Everything
from smsearch.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.columnar.operators.filters import RowFilter
    from smsearch.columnar.operators.scan import PageRows
    from smsearch.columnar.plan import Plan


@frozen
class Trace:
    """What a page of one segment cost.

    Attributes:
        file: The segment's file.
        condition: The condition that its rows must meet.
        plan: The plan.
        page: The rows that running the plan gave.
    """

    file: str
    condition: RowFilter
    plan: Plan
    page: PageRows

    def lines(self) -> Iterator[str]:
        """The trace, one line a step."""
        plan, page, row_count = self.plan, self.page, self.condition.row_count
        yield f"segment   {self.file}: {row_count:,} records"
        yield f"plan      {plan.access_path}: expects to read {plan.estimated_rows:,} of {row_count:,}"
        if plan.is_confined:
            slices = " and ".join(f"{start:,} to {stop:,}" for start, stop in plan.slices)
            yield f"slice     positions {slices} of the sort order"
        yield from (f"filter    {line}" for line in _described(self.condition, 0))
        is_replanned = page.access_path is not plan.access_path
        replanned = f", after {plan.access_path} gave way to {page.access_path}" if is_replanned else ""
        yield f"read      {page.rows_read:,} records for {len(page.rows):,} matches{replanned}"


def _described(condition: RowFilter, depth: int) -> Iterator[str]:
    """A filter and its children, with the number of rows that pass."""
    words = {
        Conjunction: "all of",
        Disjunction: "any of",
        Complement: "not",
        ListFilter: "an element with",
        ColumnFilter: getattr(condition, "name", ""),
        Everything: "every record" if condition.max_count else "nothing",
    }
    word = next((word for kind, word in words.items() if isinstance(condition, kind)), "live records")
    exact = condition.exact_count
    count = f"{exact:,}" if exact is not None else f"about {condition.estimated_count:,.0f}"
    yield f"{'  ' * depth}{word}: {count} of {condition.row_count:,} rows"
    for child in condition.children:
        yield from _described(child, depth + 1)
