"""Why matches failed: reasons without their numbers and ids, by image and instance, with when each was seen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import RequestError
from smsearch.page import histogram
from smsearch.page.addresses import SearchAddress
from smsearch.page.histogram import HistogramBar
from smsearch.page.mending import refusal
from smsearch.page.query_text import read_query
from smsearch.page.record import masked
from smsearch.page.screen import Screen
from smsearch.syntax.text.lexer import write_name, write_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from smsearch.page.addresses import FailuresAddress
    from smsearch.page.query_text import QueryText
    from smsearch.result import Result
    from smsearch.searcher import Searcher

    _Key = tuple[str | None, ...]
    """A masked reason, then image and instance, as far as the kind has them."""

ROWS_MAX: Final = 5_000
"""Failed matches whose reasons are read; of more, a sample of as many."""
SHOWN_MAX: Final = 100
_TEXTS_MAX: Final = 20
"""Reasons that a link lists one by one; of more it says what they have in common."""
_PERIODS: Final = 24
_REASON: Final = "FailureReason"
_CREATED: Final = "CreationTime"
_IMAGE: Final = "ImageRepository"
_MACHINES: Final = ".InstanceType"


@dataclass(slots=True)
class _Failures:
    """Matches that failed alike."""

    reasons: set[str] = field(default_factory=set)
    times: list[datetime] = field(default_factory=list)
    jobs: int = 0


@dataclass(frozen=True, slots=True)
class FailureRow:
    """Matches that failed alike.

    Attributes:
        reason: The reason, `#` in the place of numbers and ids.
        further: Image and instance, as far as the kind has them.
        first: When the first of them was created, and the last.
        last: The same of the last.
        jobs: How many they are.
        share: Of all that are counted.
        bars: How they are spread over the time of all failures.
        url: The matches.
    """

    reason: str
    further: tuple[str, ...]
    first: str
    last: str
    jobs: int
    share: float
    bars: tuple[HistogramBar, ...]
    url: str


def failures_screen(searcher: Searcher, address: FailuresAddress) -> Screen:
    """The reasons of an address; a wrong query is shown with what is wrong about it."""
    shared: dict[str, object] = {
        "kinds": searcher.resources(),
        "resource": address.resource or searcher.default_resource,
    }
    try:
        result = searcher.quiet_result(address.query, resource=address.resource or None)
        further = _further(result)
        created = [_CREATED] if result.schema.knows(_CREATED) else []
        sample = result.sample([_REASON, *further, *created], ROWS_MAX, having=(_REASON,))
    except RequestError as error:
        wrong = refusal(error, SearchAddress(address.resource, address.query))
        return Screen("refused.html", "Failures", address, shared | {"refusal": wrong})
    table = [tuple(row.values()) for row in sample.table.to_pylist()]
    with_text = [row for row in table if row[0]]
    groups = _alike(with_text, len(further), have_times=bool(created))
    shown: dict[str, object] = {
        "resource": result.resource,
        "rows": list(_rows(result, address, groups, further)),
        "number": len(groups),
        "header": further,
        "counted": len(table),
        "empty": len(table) - len(with_text),
        "failed": sample.total,
        "total": result.total,
    }
    return Screen("failures.html", f"Failures: {address.query or result.resource}", address, shared | shown)


def _further(result: Result) -> list[str]:
    """The properties that failures are told apart by, besides their reason."""
    machines = [prop.name for prop in result.schema.properties() if prop.name.endswith(_MACHINES) and not prop.is_many]
    return [*([_IMAGE] if result.schema.knows(_IMAGE) else []), *machines[:1]]


def _alike(matches: Sequence[tuple[Any, ...]], further: int, *, have_times: bool) -> list[tuple[_Key, _Failures]]:
    """Matches that failed alike, most first, each with its masked reason and what else tells it apart.

    Args:
        matches: For each its reason, as many other values as `further` says, and when it was created.
        further: How many other values there are.
        have_times: Whether the last value is a time.
    """
    groups: dict[_Key, _Failures] = defaultdict(_Failures)
    for reason, *others in matches:
        group = groups[masked(reason), *others[:further]]
        group.jobs += 1
        group.reasons.add(reason)
        if have_times and others[-1] is not None:
            group.times.append(others[-1])
    return sorted(groups.items(), key=lambda item: (-item[1].jobs, str(item[0])))


def _rows(
    result: Result, address: FailuresAddress, groups: Sequence[tuple[_Key, _Failures]], further: Sequence[str]
) -> Iterator[FailureRow]:
    every = [time for _, one in groups for time in one.times]
    span = (min(every), max(every)) if every else None
    counted = sum(one.jobs for _, one in groups)
    query = read_query(address.query)
    for key, one in groups[:SHOWN_MAX]:
        yield FailureRow(
            str(key[0]),
            tuple(value or "" for value in key[1:]),
            f"{min(one.times):%Y-%m-%d}" if one.times else "",
            f"{max(one.times):%Y-%m-%d}" if one.times else "",
            one.jobs,
            one.jobs / counted,
            _bars(one, span),
            SearchAddress(result.resource, _narrowed(query, key, one, further)).url(),
        )


def _bars(failures: _Failures, span: tuple[datetime, datetime] | None) -> tuple[HistogramBar, ...]:
    """How many were created in each of some equal periods of the time of all failures."""
    if span is None:
        return ()
    length = (span[1] - span[0]) / _PERIODS
    counts = [0] * _PERIODS
    for time in failures.times:
        counts[min(int((time - span[0]) / length), _PERIODS - 1) if length else 0] += 1
    greatest = max(counts)
    bars = []
    for place, count in enumerate(counts):
        x, width = histogram.place(place, _PERIODS)
        tall = histogram.height(count, greatest)
        label = f"{span[0] + length * place:%Y-%m-%d}: {count:,}"
        bars.append(HistogramBar(x, histogram.HEIGHT - tall, width, tall, label, ""))
    return tuple(bars)


def _narrowed(query: QueryText, key: _Key, failures: _Failures, further: Sequence[str]) -> str:
    """The query with what failures that are alike have in common."""
    mask, *values = key
    if len(failures.reasons) <= _TEXTS_MAX:
        texts = ", ".join(map(write_value, sorted(failures.reasons)))
        reason = f"{_REASON} IN ({texts})"
    else:
        reason = f"{_REASON} LIKE {write_value(_pattern(mask or ''))}"
    parts = [reason]
    for name, value in zip(further, values, strict=True):
        parts.append(
            f"{write_name(name)} NOT EXISTS" if value is None else f"{write_name(name)} = {write_value(value)}"
        )
    return query.with_condition(" AND ".join(parts))


def _pattern(mask: str) -> str:
    """A masked reason as LIKE has it."""
    escaped = mask.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("#", "%")
