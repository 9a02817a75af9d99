"""Facets beside the table: each value is a link that adds its condition; numbers and times are histograms of links.

Of many matches a sample is counted, unless the address asks for all; the panel then says how many matches it counted,
and its counts are estimates of two digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from smsearch.errors import RequestError
from smsearch.facets.wording import text_of
from smsearch.frames.cell_text import short_number
from smsearch.frames.summary import status_property
from smsearch.frozen import replace
from smsearch.page import conditions, histogram
from smsearch.page.histogram import HistogramBar
from smsearch.page.query_text import AND, OR, read_query
from smsearch.schema.value_kinds import ValueType
from smsearch.schema.values import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from smsearch.facets.facet import Facet, Row
    from smsearch.page.addresses import SearchAddress
    from smsearch.page.query_text import QueryText
    from smsearch.result import Result
    from smsearch.schema.property import Property

SAMPLE: Final = 20_000
"""Matches above which a sample of so many is counted: a share of a tenth is then told to within half a hundredth."""
VALUES_SHOWN: Final = 8
TAGS_SHOWN: Final = 2
_TIME: Final = "CreationTime"
_MACHINES: Final = ".InstanceType"


@dataclass(frozen=True, slots=True)
class FacetRow:
    """A value, how many records have it, and the links that add it with AND, with OR, and its opposite.

    A value that no query can ask for has no links.
    """

    label: str
    records: int
    share: float
    and_url: str
    or_url: str
    not_url: str


@dataclass(frozen=True, slots=True)
class FacetPanel:
    """A facet beside the table.

    Attributes:
        name: The property.
        having: How many of the matches have it.
        matching: How many matches there are.
        sampled: How many of them were counted; 0 for all. All other counts are estimates then.
        all_url: The screen with all of them counted; `""` if they are.
        rows: Its values; none of a histogram.
        bars: The bars of a histogram.
        spread: Least, median and greatest number, or `""`.
        unit: The unit of periods, or `""`.
        more: How many values are not shown.
        absent: How many of the matches do not have it.
        absent_url: The matches without it; `""` if all have it.
        removal_url: The screen without this facet.
    """

    name: str
    having: int
    matching: int
    sampled: int
    all_url: str
    rows: tuple[FacetRow, ...]
    bars: tuple[HistogramBar, ...]
    spread: str
    unit: str
    more: int
    absent: int
    absent_url: str
    removal_url: str


@dataclass(frozen=True, slots=True)
class _ConditionLinks:
    """Makes the links that add a condition to the query of an address."""

    address: SearchAddress
    query: QueryText

    def added(self, condition: str, connective: str = AND) -> str:
        """The screen with a condition more, from its first page on."""
        text = self.query.with_condition(condition, connective)
        return replace(self.address, query=text, page=1, selected=()).url()


def panels(
    result: Result, address: SearchAddress, counts: Mapping[Property, int]
) -> tuple[tuple[FacetPanel, ...], tuple[str, ...]]:
    """The facets of the address, or the usual ones; and names that are none, each with the reason."""
    names = address.facets or usual(result, counts)
    links = _ConditionLinks(address, read_query(address.query))
    sample = None if address.counts_all else SAMPLE
    facet_panels: list[FacetPanel] = []
    wrong: list[str] = []
    for name in names:
        try:
            facet = result.facet(name, VALUES_SHOWN, sample)
        except RequestError as error:
            wrong.append(str(error))
            continue
        others = tuple(other for other in names if other != name)
        facet_panels.append(_panel(facet, _Estimate(facet.matching, result.total), links, others))
    return tuple(facet_panels), tuple(wrong)


def usual(result: Result, counts: Mapping[Property, int]) -> tuple[str, ...]:
    """Status, creation, the type of machines, then the metric and the tags that most records have.

    Args:
        result: The matches.
        counts: The properties of the records that are shown, with how many have each: a sample tells which to count.
    """
    names = [prop.name for prop in counts if prop.kind.has_values]
    own = [prop.name for prop in sorted(counts, key=lambda prop: -counts[prop])]
    own_status = status_property(result.schema)
    status = [own_status.name] if own_status is not None and own_status.name in names else []
    time = [name for name in names if name == _TIME]
    machines = [name for name in names if name.endswith(_MACHINES)]
    metrics = [name for name in own if name.startswith("Metrics.")]
    tags = [name for name in own if name.startswith("Tags.")]
    return (*status, *time, *machines[:1], *metrics[:1], *tags[:TAGS_SHOWN])


@dataclass(frozen=True, slots=True)
class _Estimate:
    """What counts among some of the matches say about all of them."""

    counted: int
    total: int

    @property
    def is_sample(self) -> bool:
        """Whether not all were counted."""
        return self.counted < self.total

    def of_all(self, count: int) -> int:
        """How many of all matches there are where `count` of those counted are; of a sample two digits of it."""
        if not self.is_sample:
            return count
        number = round(count * self.total / self.counted)
        return round(number, min(2 - len(str(number)), 0))

    def label(self, count: int) -> str:
        """The same as people read it."""
        return f"{'~' if self.is_sample else ''}{self.of_all(count):,}"


def _panel(facet: Facet, estimate: _Estimate, links: _ConditionLinks, others: Sequence[str]) -> FacetPanel:
    is_binned = any(row.low is not None for row in facet.rows)
    rows = [row for row in facet.rows if row.value is not None]
    absent = facet.matching - facet.having
    return FacetPanel(
        name=facet.name,
        having=estimate.of_all(facet.having),
        matching=estimate.total,
        sampled=estimate.counted if estimate.is_sample else 0,
        all_url=replace(links.address, counts_all=True).url() if estimate.is_sample else "",
        rows=tuple(_rows(facet, estimate, rows, links)),
        bars=tuple(_bars(facet, estimate, links)) if is_binned else (),
        spread=_spread(facet),
        unit=facet.unit,
        more=facet.more,
        absent=estimate.of_all(absent),
        absent_url=links.added(conditions.absent(facet.name)) if absent and facet.having else "",
        removal_url=replace(links.address, facets=tuple(others)).url() if others else "",
    )


def _rows(facet: Facet, estimate: _Estimate, rows: Sequence[Row], links: _ConditionLinks) -> Iterator[FacetRow]:
    for row in rows:
        if not conditions.can_be_asked(row, facet.kind):
            yield FacetRow(_label(row, facet), estimate.of_all(row.records), _share(row, facet), "", "", "")
            continue
        condition = conditions.condition_of(facet.name, row, facet.kind)
        yield FacetRow(
            label=_label(row, facet),
            records=estimate.of_all(row.records),
            share=_share(row, facet),
            and_url=links.added(condition),
            or_url=links.added(condition, OR) if links.query.conditions else "",
            not_url=links.added(conditions.negated(condition, facet.name, row, facet.kind)),
        )


def _label(row: Row, facet: Facet) -> str:
    return text_of(row.value if row.value is not None else "", facet.kind) or '""'


def _share(row: Row, facet: Facet) -> float:
    return row.records / facet.matching if facet.matching else 0.0


def _bars(facet: Facet, estimate: _Estimate, links: _ConditionLinks) -> Iterator[HistogramBar]:
    rows = [row for row in facet.rows if row.low is not None and row.high is not None]
    greatest = max((row.records for row in rows), default=0)
    for at, row in enumerate(rows):
        x, width = histogram.place(at, len(rows))
        tall = histogram.height(row.records, greatest)
        low, high = (conditions.bound(value, facet.kind) for value in (row.low, row.high))
        label = row.label or f"{_short(row.low)} to {_short(row.high)}"
        can_hold_some = row.records or estimate.is_sample
        url = links.added(conditions.condition_of(facet.name, row, facet.kind)) if can_hold_some else ""
        yield HistogramBar(
            x, histogram.HEIGHT - tall, width, tall, f"{label}: {estimate.label(row.records)}", url, low, high
        )


def _spread(facet: Facet) -> str:
    spread = facet.spread
    if spread is None or facet.kind.type is ValueType.TIME:
        return ""
    return f"{_short(spread.minimum)} to {_short(spread.maximum)}, median {_short(spread.median)}"


def _short(value: object) -> str:
    if not isinstance(value, Decimal):
        return str(value)
    return short_number(spelled(value))
