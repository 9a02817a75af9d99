"""Home: what is in the dump, what was left out, when it came about, and questions that it can answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from smsearch.frames.summary import status_property
from smsearch.page import conditions, histogram
from smsearch.page.addresses import HomeAddress, SearchAddress
from smsearch.page.cells import is_less_better
from smsearch.page.histogram import HistogramBar
from smsearch.page.screen import Screen
from smsearch.schema import values
from smsearch.syntax.text.lexer import write_name
from smsearch.writers.facets import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.result import Result
    from smsearch.searcher import Searcher
    from smsearch.store.build_reports import BuildReport

STATUSES_SHOWN: Final = 5
PROBLEMS_SHOWN: Final = 20
RECENT: Final = timedelta(days=30)
_CREATED: Final = "CreationTime"


@dataclass(frozen=True, slots=True)
class KindCard:
    """A kind of records: how many there are, from when to when, and where they are searched."""

    kind: str
    records: int
    first: str
    last: str
    url: str


@dataclass(frozen=True, slots=True)
class ReadyQuestion:
    """A question that the dump can answer: its words, how many records answer it, and where."""

    label: str
    records: int
    url: str


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A status in the timeline: which tone its bars have, how many records have it, and where they are."""

    status: str
    records: int
    tone: int
    url: str


def home_screen(searcher: Searcher, address: HomeAddress) -> Screen:
    """The screen of everything that was read."""
    kinds = searcher.resources()
    everything = searcher.query("", resource=searcher.default_resource)
    rows, bars, ends = _timeline(searcher, everything)
    shown: dict[str, object] = {
        "kinds": kinds,
        "resource": everything.resource,
        "cards": [_card(searcher, kind, count) for kind, count in kinds.items()],
        "statuses": rows,
        "bars": bars,
        "ends": ends,
        "questions": list(_questions(searcher, everything)) if kinds else [],
        "builds": searcher.reports(),
        "problems": _problems(searcher.reports()),
        "unknown": _unknown(searcher.reports()),
    }
    return Screen("home.html", "Home", address, shown)


def _card(searcher: Searcher, kind: str, records: int) -> KindCard:
    result = searcher.query("", resource=kind)
    first = last = ""
    if result.schema.knows(_CREATED):
        prop = result.property(_CREATED)
        (counts,) = result.value_counts([prop])
        if counts.number_count:
            ends = (counts.at(0), counts.at(counts.number_count - 1))
            first, last = (text_of(end, prop.kind)[:10] for end in ends)
    return KindCard(kind, records, first, last, SearchAddress(kind).url())


def _timeline(searcher: Searcher, result: Result) -> tuple[list[StatusRow], list[HistogramBar], tuple[str, ...]]:
    """The creations of the usual kind, period by period, each a stack of statuses."""
    status = status_property(result.schema)
    if status is None or not result.schema.knows(_CREATED):
        return [], [], ()
    created = result.property(_CREATED)
    facet = result.facet(_CREATED)
    periods = [row for row in facet.rows if row.low is not None and row.high is not None]
    greatest = max((row.records for row in periods), default=0)
    tops = [row for row in result.facet(status.name, STATUSES_SHOWN).rows if row.value is not None]
    rows, parts = [], []
    for tone, row in enumerate(tops):
        condition = conditions.condition_of(status.name, row, status.kind)
        rows.append(StatusRow(str(row.value), row.records, tone, SearchAddress(result.resource, condition).url()))
        (counts,) = searcher.query(condition, resource=result.resource).value_counts([created])
        parts.append([counts.below(period.high or 0) - counts.below(period.low or 0) for period in periods])
    bars: list[HistogramBar] = []
    for at, period in enumerate(periods):
        x, width = histogram.place(at, len(periods))
        numbers = [part[at] for part in parts]
        when = conditions.condition_of(_CREATED, period, created.kind)
        for tone, (y, height) in enumerate(histogram.stack(numbers, greatest)):
            if numbers[tone]:
                label = f"{period.label} {rows[tone].status}: {numbers[tone]:,}"
                query = f"{conditions.condition_of(status.name, tops[tone], status.kind)} AND {when}"
                bars.append(
                    HistogramBar(x, y, width, height, label, SearchAddress(result.resource, query).url(), tone=tone)
                )
    return rows, bars, (periods[0].label, periods[-1].label) if periods else ()


def _questions(searcher: Searcher, result: Result) -> Iterator[ReadyQuestion]:
    """At most five questions, those that find something."""
    for label, query, sort in _asked(searcher, result):
        number = searcher.query(query, resource=result.resource).total
        if number:
            yield ReadyQuestion(label, number, SearchAddress(result.resource, query, sort=sort).url())


def _asked(searcher: Searcher, result: Result) -> Iterator[tuple[str, str, str]]:
    """Words, conditions and an order each."""
    names = searcher.engine.dynamic_names(result.resource)
    status = status_property(result.schema)
    if status is not None and result.schema.knows(_CREATED):
        (counts,) = result.value_counts([result.property(_CREATED)])
        if counts.number_count:
            newest = values.datetime_of(int(counts.at(counts.number_count - 1)))
            since = (newest - RECENT).strftime("%Y-%m-%d")
            yield (
                f"Failed in the last {RECENT.days} days of the dump",
                f"{write_name(status.name)} = 'Failed' AND {_CREATED} >= '{since}'",
                f"-{_CREATED}",
            )
    metric = _commonest(result, [name for name in names if name.startswith("Metrics.")])
    if metric:
        yield f"Best by {metric.removeprefix('Metrics.')}", f"{write_name(metric)} EXISTS", _best_first(metric)
    for label, name in (("Most billable seconds", "BillableTimeInSeconds"), ("Longest", "TrainingTimeInSeconds")):
        if result.schema.knows(name):
            yield label, f"{write_name(name)} EXISTS", f"-{name}"
    if "Tags.team" in names:
        yield "Without a team tag", "Tags.team NOT EXISTS", f"-{_CREATED}"


def _commonest(result: Result, names: Sequence[str]) -> str:
    """The name that most records have, or `""`."""
    props = [result.property(name) for name in sorted(names)]
    counts = [one.present for one in result.value_counts(props)]
    pairs = sorted(zip(counts, props, strict=True), key=lambda pair: (-pair[0], pair[1].name))
    return pairs[0][1].name if pairs else ""


def _best_first(metric: str) -> str:
    return metric if is_less_better(metric) else f"-{metric}"


def _problems(builds: Sequence[BuildReport]) -> list[tuple[str, str]]:
    """The first of what was skipped, misread or ignored, each with its file."""
    problems = [(file.file, problem) for build in builds for file in build.files for problem in file.problems]
    problems += [(file.file, file.ignored) for build in builds for file in build.files if file.ignored]
    return problems[:PROBLEMS_SHOWN]


def _unknown(builds: Sequence[BuildReport]) -> list[tuple[str, int]]:
    """Fields that the service model does not know, with how many records have each, over all builds."""
    counts: dict[str, int] = {}
    for build in builds:
        for name, number in build.unknown_fields.items():
            counts[name] = counts.get(name, 0) + number
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
