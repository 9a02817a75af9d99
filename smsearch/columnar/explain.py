"""What was planned and done for a page, in words and as data, for whoever asks why it was quick or slow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smsearch.columnar.operators.filters import (
    ColumnFilter,
    Complement,
    Conjunction,
    Disjunction,
    Everything,
    ListFilter,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.columnar.operators.filters import Filter
    from smsearch.columnar.operators.scan import Found
    from smsearch.columnar.plan import Plan


@dataclass(frozen=True, slots=True)
class Trace:
    """What one segment's page cost.

    Attributes:
        file: The segment.
        condition: What its rows must pass.
        plan: What was planned.
        found: What was done.
    """

    file: str
    condition: Filter
    plan: Plan
    found: Found

    def lines(self) -> Iterator[str]:
        """The trace for a reader."""
        plan, found, rows = self.plan, self.found, self.condition.row_count
        yield f"segment   {self.file}: {rows:,} records"
        yield f"plan      {plan.move}: expects to look at {plan.expected_rows:,} of {rows:,}"
        if plan.is_slice:
            yield f"slice     places {plan.start:,} to {plan.stop:,} of the sort order"
        yield from (f"filter    {line}" for line in _described(self.condition, 0))
        gave_way = f", after {plan.move} gave way to {found.move}" if found.move is not plan.move else ""
        yield f"touched   {found.touched:,} records for {len(found.rows):,} matches{gave_way}"


def _described(condition: Filter, depth: int) -> Iterator[str]:
    """A filter and what it is made of, with the rows that pass where the indexes say so."""
    words = {
        Conjunction: "all of",
        Disjunction: "any of",
        Complement: "not",
        ListFilter: "an element with",
        ColumnFilter: getattr(condition, "name", ""),
        Everything: "every record" if condition.bound else "nothing",
    }
    word = next((word for kind, word in words.items() if isinstance(condition, kind)), "records not superseded")
    passing = f"{condition.exact:,}" if condition.exact is not None else f"about {condition.expected:,.0f}"
    yield f"{'  ' * depth}{word}: {passing} of {condition.row_count:,} rows"
    for inner in condition.parts:
        yield from _described(inner, depth + 1)
