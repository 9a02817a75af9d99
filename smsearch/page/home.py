"""Home: what is in the dump, what was left out, when it came about, and questions that it can answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from smsearch.facets import facet as facets
from smsearch.frames.metric_names import is_less_better
from smsearch.frames.summary import status_property
from smsearch.page import conditions, histogram
from smsearch.page.addresses import HomeAddress, SearchAddress
from smsearch.page.histogram import HistogramBar
from smsearch.page.screen import Screen
from smsearch.predicate.predicate import ALWAYS
from smsearch.schema import values
from smsearch.syntax.text.lexer import write_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.engine.value_counts import ValueCounts
    from smsearch.result import Result
    from smsearch.searcher import Searcher
    from smsearch.store.build_reports import BuildReport

STATUSES_SHOWN: Final = 4
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
    created = {kind: counts for kind in kinds if (counts := _created(searcher, kind)) is not None}
    everything = searcher.quiet_result("", resource=searcher.default_resource)
    when = created.get(everything.resource)
    rows, bars, ends = _timeline(searcher, everything, when) if when is not None else ([], [], ())
    values: dict[str, object] = {
        "kinds": kinds,
        "resource": everything.resource,
        "cards": [_card(kind, count, created.get(kind)) for kind, count in kinds.items()],
        "statuses": rows,
        "bars": bars,
        "ends": ends,
        "questions": list(_questions(searcher, everything, when)) if kinds else [],
        "builds": searcher.reports(),
        "problems": _problems(searcher.reports()),
        "unknown": _unknown(searcher.reports()),
    }
    return Screen("home.html", "Home", address, values)


def _created(searcher: Searcher, kind: str) -> ValueCounts | None:
    """When the records of a kind were created; None if none of them says so."""
    result = searcher.quiet_result("", resource=kind)
    if not result.schema.knows(_CREATED):
        return None
    (counts,) = result.value_counts([result.property(_CREATED)])
    return counts if counts.number_count else None


def _card(kind: str, records: int, created: ValueCounts | None) -> KindCard:
    if created is None:
        return KindCard(kind, records, "", "", SearchAddress(kind).url())
    first, last = (_day(int(created.at(rank))) for rank in (0, created.number_count - 1))
    return KindCard(kind, records, first, last, SearchAddress(kind).url())


def _day(micros: int) -> str:
    return values.datetime_of(micros).strftime("%Y-%m-%d")


def _timeline(
    searcher: Searcher, result: Result, when: ValueCounts
) -> tuple[list[StatusRow], list[HistogramBar], tuple[str, ...]]:
    """The creations of the usual kind, period by period, each a stack of statuses."""
    status = status_property(result.schema)
    if status is None:
        return [], [], ()
    created = result.property(_CREATED)
    facet = facets.of_values(created, when, None)
    periods = [row for row in facet.rows if row.low is not None and row.high is not None]
    greatest = max((row.records for row in periods), default=0)
    tops = [row for row in result.facet(status.name, STATUSES_SHOWN).rows if row.value is not None]
    rows, parts = [], []
    for tone, row in enumerate(tops):
        condition = conditions.condition_of(status.name, row, status.kind)
        rows.append(StatusRow(str(row.value), row.records, tone, SearchAddress(result.resource, condition).url()))
        (counts,) = searcher.quiet_result(condition, resource=result.resource).value_counts([created])
        parts.append([counts.below(period.high or 0) - counts.below(period.low or 0) for period in periods])
    bars: list[HistogramBar] = []
    for at, period in enumerate(periods):
        x, width = histogram.place(at, len(periods))
        numbers = [part[at] for part in parts]
        in_period = conditions.condition_of(_CREATED, period, created.kind)
        for tone, (y, height) in enumerate(histogram.stack(numbers, greatest)):
            if numbers[tone]:
                label = f"{period.label} {rows[tone].status}: {numbers[tone]:,}"
                query = f"{conditions.condition_of(status.name, tops[tone], status.kind)} AND {in_period}"
                bars.append(
                    HistogramBar(x, y, width, height, label, SearchAddress(result.resource, query).url(), tone=tone)
                )
    return rows, bars, (periods[0].label, periods[-1].label) if periods else ()


def _questions(searcher: Searcher, result: Result, when: ValueCounts | None) -> Iterator[ReadyQuestion]:
    """At most five questions, those that find something."""
    for label, query, sort in _asked(searcher, result, when):
        number = searcher.quiet_result(query, resource=result.resource).total
        if number:
            yield ReadyQuestion(label, number, SearchAddress(result.resource, query, sort=sort).url())


def _asked(searcher: Searcher, result: Result, when: ValueCounts | None) -> Iterator[tuple[str, str, str]]:
    """Words, conditions and an order each."""
    names = searcher.engine.dynamic_names(result.resource)
    status = status_property(result.schema)
    if status is not None and when is not None:
        newest = values.datetime_of(int(when.at(when.number_count - 1)))
        since = (newest - RECENT).strftime("%Y-%m-%d")
        yield (
            f"Failed in the last {RECENT.days} days of the dump",
            f"{write_name(status.name)} = 'Failed' AND {_CREATED} >= '{since}'",
            f"-{_CREATED}",
        )
    metric = _commonest(searcher, result, [name for name in names if name.startswith("Metrics.")])
    if metric:
        yield f"Best by {metric.removeprefix('Metrics.')}", f"{write_name(metric)} EXISTS", _best_first(metric)
    for label, name in (("Most billable seconds", "BillableTimeInSeconds"), ("Longest", "TrainingTimeInSeconds")):
        if result.schema.knows(name):
            yield label, f"{write_name(name)} EXISTS", f"-{name}"
    if "Tags.team" in names:
        yield "Without a team tag", "Tags.team NOT EXISTS", f"-{_CREATED}"


def _commonest(searcher: Searcher, result: Result, names: Sequence[str]) -> str:
    """The name that most records have, or `""`."""
    props = [result.property(name) for name in sorted(names)]
    counts = searcher.engine.presence_counts(result.resource, ALWAYS, props)
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
