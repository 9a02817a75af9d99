"""One property among the matches of a query: its values with the records that have them, or bins where they are many.

Text and truth values are listed, most records first; few different numbers in their own order, many in bins; times by
periods of the calendar; a family or a structure by what is in it. It knows counts, not records.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from smsearch.facets import bins, periods
from smsearch.messages import visible
from smsearch.notebook import html
from smsearch.schema.values import without_idle_zeros

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsearch.engine.value_counts import Number, Scalar, ValueCounts
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property
    from smsearch.schema.value_kinds import Kind

ROWS_DRAWN: Final = 40
"""Rows that a notebook shows."""
NUMBERS_LISTED: Final = 20
"""Different numbers up to which each is a row; more are drawn together in bins."""


@dataclass(frozen=True, slots=True)
class Row:
    """A value, or a bin, and how many of the matches have it.

    Attributes:
        records: How many. A record with several values in one bin (of a list) counts once for each.
        value: The value; None in a bin. An `int` is a time in microseconds since 1970.
        low: Where a bin begins.
        high: Before what it ends.
        label: What a period is called; `""` elsewhere.
    """

    records: int
    value: Scalar | None = None
    low: Number | None = None
    high: Number | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """How numbers or times are spread; each is one that occurs, the least that as many do not exceed."""

    minimum: Number
    lower_quartile: Number
    median: Number
    upper_quartile: Number
    maximum: Number


@dataclass(frozen=True, slots=True, repr=False)
class Facet:
    """A property among the matches of a query.

    Attributes:
        name: The property, canonically spelled.
        kind: How its values compare.
        matching: How many records match.
        having: How many of them have the property.
        unreadable: How many have a value that cannot be read as the property's type.
        distinct: How many different values there are; of a family or a structure, how many names.
        rows: The values, bins or names.
        more: How many values or names are in no row, for want of room.
        spread: Of numbers and times.
        unit: The unit of periods, or `""`.
    """

    name: str
    kind: Kind
    matching: int
    having: int
    unreadable: int
    distinct: int
    rows: tuple[Row, ...]
    more: int = 0
    spread: Spread | None = None
    unit: str = ""

    @property
    def coverage(self) -> float:
        """The share of the matches that have the property, 0 if nothing matches."""
        return self.having / self.matching if self.matching else 0.0

    def __repr__(self) -> str:
        having = f"{self.having:,} of {self.matching:,}"
        return f"<smsearch.Facet: {visible(self.name)}, {self.distinct:,} different in {having}>"

    def _repr_html_(self) -> str:
        """The values with bars, for a notebook."""
        from smsearch.facets import wording

        header, rows = wording.cells(self)
        longest = max((row.records for row in self.rows), default=1)
        shares = [row.records / longest for row in self.rows[:ROWS_DRAWN]]
        numeric = (self.kind.is_number, True, True)
        drawn = [html.table(header, rows[:ROWS_DRAWN], numeric, shares)] if rows else []
        undrawn = len(rows) - ROWS_DRAWN
        remarks = [*wording.remarks(self), *([f"{undrawn:,} more values are not drawn"] if undrawn > 0 else [])]
        return html.figure(wording.headline(self), drawn, remarks)


def of_values(prop: Property, counts: ValueCounts, limit: int | None) -> Facet:
    """The facet of a property with values.

    Args:
        prop: The property.
        counts: Its values among the matches.
        limit: At most how many values are listed; None for all. Bins are never cut.
    """
    rows: list[Row] = []
    unit, value_count = "", counts.distinct
    if counts.number_count and prop.kind.is_time:
        unit, rows = _periods(counts)
        value_count = 0
    elif counts.distinct_numbers > NUMBERS_LISTED:
        rows = _bins(counts)
        value_count = counts.distinct - counts.distinct_numbers
    top = counts.top(value_count if limit is None else limit, texts_only=bool(rows)) if value_count else []
    if prop.kind.is_number:
        top.sort()
    rows += [Row(count, value) for value, count in top]
    is_measured = bool(counts.number_count) and (prop.kind.is_number or any(row.low is not None for row in rows))
    spread = _spread(counts) if is_measured else None
    return Facet(
        prop.name, prop.kind, counts.matching, counts.present, counts.unreadable, counts.distinct,
        tuple(rows), value_count - len(top), spread, unit,
    )  # fmt: skip


def of_names(prop: Property, counts: ValueCounts, counted: Iterable[tuple[Property, int]], limit: int | None) -> Facet:
    """The facet of a family or a structure: what is in it, each name with the matches that have it.

    Args:
        prop: The family or structure.
        counts: How many of the matches have it.
        counted: The properties in it, and how many of the matches have each.
        limit: At most how many names are listed; None for all.
    """
    names = sorted((-count, inner.name) for inner, count in counted if count)
    rows = tuple(Row(-count, name) for count, name in names[:limit])
    return Facet(
        prop.name, prop.kind, counts.matching, counts.present, counts.unreadable, len(names),
        rows, len(names) - len(rows),
    )  # fmt: skip


def properties_inside(container: Property, schema: Schema, dynamic_names: Iterable[str]) -> list[Property]:
    """The properties with values in a family or a structure; of a family, the names that the data has.

    Args:
        container: The family or the structure.
        schema: The resource's.
        dynamic_names: Names of the user's own that the records have.
    """
    depth = len(container.steps)
    templates = {prop.name: prop for prop in schema.properties() if prop.steps[:depth] == container.steps}
    own = [prop for prop in map(schema.property, dynamic_names) if prop.steps[:depth] == container.steps]
    if any(name.partition("<name>")[0] == f"{container.name}." for name in templates if "<name>" in name):
        return own
    static = [prop for name, prop in templates.items() if "<name>" not in name and prop.kind.has_values]
    return [*static, *own]


def _periods(counts: ValueCounts) -> tuple[str, list[Row]]:
    unit, edges = periods.edges(int(counts.at(0)), int(counts.at(counts.number_count - 1)))
    rows = [Row(count, None, low, high, unit.name_of(int(low))) for count, low, high in _between(counts, edges)]
    return unit.name, rows


def _bins(counts: ValueCounts) -> list[Row]:
    """Bins of the finite numbers; infinite ones, which only broken exports have, stand by themselves."""
    greatest = Decimal("Infinity")
    low = counts.below(_just_above(-greatest, counts))
    high = counts.below(greatest)
    rows = [Row(low, -greatest)] if low else []
    if high > low:
        edges = bins.edges(Decimal(counts.at(low)), Decimal(counts.at(high - 1)))
        rows += [Row(count, None, start, end) for count, start, end in _between(counts, edges)]
    if counts.number_count > high:
        rows.append(Row(counts.number_count - high, greatest))
    return rows


def _just_above(lowest: Decimal, counts: ValueCounts) -> Number:
    """The least finite number, or, with none, what is above it."""
    place, end = 0, counts.number_count
    while place < end:
        middle = (place + end) // 2
        place, end = (middle + 1, end) if counts.at(middle) == lowest else (place, middle)
    return counts.at(place) if place < counts.number_count else Decimal(0)


def _between(counts: ValueCounts, edges: Sequence[Number]) -> list[tuple[int, Number, Number]]:
    before = [counts.below(edge) for edge in edges]
    bins_of = zip(pairwise(before), pairwise(edges), strict=True)
    return [(after - ahead, low, high) for (ahead, after), (low, high) in bins_of]


def _spread(counts: ValueCounts) -> Spread:
    quarters = (-(-quarter * counts.number_count // 4) - 1 for quarter in range(5))
    numbers = (counts.at(max(place, 0)) for place in quarters)
    return Spread(*(without_idle_zeros(one) if isinstance(one, Decimal) else one for one in numbers))
