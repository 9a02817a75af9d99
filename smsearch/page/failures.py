"""Why matches failed: reasons without their numbers and ids, by image and instance, with when each was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from smsearch.errors import RequestError
from smsearch.frozen import replace
from smsearch.page import histogram
from smsearch.page.addresses import SearchAddress
from smsearch.page.mending import refusal
from smsearch.page.query_text import read_query
from smsearch.page.record import masked
from smsearch.page.screen import Screen
from smsearch.schema import values
from smsearch.syntax.text.lexer import write_name, write_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.page.addresses import FailuresAddress
    from smsearch.page.query_text import QueryText
    from smsearch.result import Result
    from smsearch.searcher import Searcher

    _Key = tuple[str | None, ...]
    """A masked reason, then image and instance, as far as the kind has them."""

ROWS_MAX: Final = 5_000
"""Failed matches whose reasons are read; of more, a sample of as many."""
SHOWN_MAX: Final = 50
"""Kinds of failure on one page."""
_TEXTS_MAX: Final = 20
"""Reasons that a link lists one by one; of more it says what they have in common."""
_PERIODS: Final = 24
_NO_TIME: Final = np.iinfo(np.int64).min
_REASON: Final = "FailureReason"
_CREATED: Final = "CreationTime"
_IMAGE: Final = "ImageRepository"
_MACHINES: Final = ".InstanceType"


@dataclass(frozen=True, slots=True)
class _FailedMatches:
    """The failed matches that are read, column by column.

    Attributes:
        reasons: The reason of each, never empty.
        further: What else tells it apart: a column for each of `_further`.
        created: int64: when it was created, in microseconds since 1970; the least int64 where it does not say so.
    """

    reasons: Sequence[str]
    further: Sequence[Sequence[str | None]]
    created: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FailureRow:
    """Matches that failed alike.

    Attributes:
        reason: The reason on one line, `#` in the place of numbers and ids.
        further: Image and instance, as far as the kind has them.
        first: When the first of them was created, and the last.
        last: The same of the last.
        jobs: How many they are.
        share: Of all that are counted.
        spark: The outline of how they are spread over the time of all failures, as an SVG's path; `""` for none.
        url: The matches.
    """

    reason: str
    further: tuple[str, ...]
    first: str
    last: str
    jobs: int
    share: float
    spark: str
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
    count = sample.table.num_rows
    failed = _with_reason(sample.table, has_times=bool(created))
    groups = _alike(failed)
    pages = max(-(-len(groups) // SHOWN_MAX), 1)
    page = min(address.page, pages)
    begin = (page - 1) * SHOWN_MAX
    rows = list(_rows(result, address, failed, groups[begin : begin + SHOWN_MAX], further))
    values_shown: dict[str, object] = {
        "resource": result.resource,
        "rows": rows,
        "number": len(groups),
        "begin": begin,
        "before_url": replace(address, page=page - 1).url() if page > 1 else "",
        "after_url": replace(address, page=page + 1).url() if page < pages else "",
        "header": further,
        "counted": count,
        "empty": count - len(failed.reasons),
        "failed": sample.total,
        "total": result.total,
    }
    return Screen("failures.html", f"Failures: {address.query or result.resource}", address, shared | values_shown)


def _further(result: Result) -> list[str]:
    """The properties that failures are told apart by, besides their reason."""
    machines = [prop.name for prop in result.schema.properties() if prop.name.endswith(_MACHINES) and not prop.is_many]
    return [*([_IMAGE] if result.schema.knows(_IMAGE) else []), *machines[:1]]


def _with_reason(table: pa.Table, *, has_times: bool) -> _FailedMatches:
    """The matches of a sample whose reason is not empty; its columns are reason, further ones, and a time if it has."""
    has_reason = pc.greater(pc.utf8_length(table.column(0)), 0)
    reasons, *further = table.filter(has_reason).columns
    created = np.full(len(reasons), _NO_TIME)
    if has_times:
        created = further.pop().cast(pa.int64()).fill_null(_NO_TIME).to_numpy()
    return _FailedMatches(reasons.to_pylist(), [column.to_pylist() for column in further], created)


def _alike(failed: _FailedMatches) -> list[tuple[_Key, list[int]]]:
    """The places of matches that failed alike, most first, each with the masked reason and what else tells it apart."""
    groups: dict[_Key, list[int]] = {}
    for place, key in enumerate(zip(map(masked, failed.reasons), *failed.further, strict=True)):
        groups.setdefault(key, []).append(place)
    return sorted(groups.items(), key=lambda item: (-len(item[1]), str(item[0])))


def _rows(
    result: Result,
    address: FailuresAddress,
    failed: _FailedMatches,
    groups: Sequence[tuple[_Key, list[int]]],
    further: Sequence[str],
) -> Iterator[FailureRow]:
    periods = _periods(failed.created)
    query = read_query(address.query)
    for key, places in groups:
        times = failed.created[places]
        times = times[times != _NO_TIME]
        reasons = {failed.reasons[place] for place in places}
        yield FailureRow(
            " ".join(str(key[0]).split("\n")),
            tuple(value or "" for value in key[1:]),
            _day(times.min()) if len(times) else "",
            _day(times.max()) if len(times) else "",
            len(places),
            len(places) / len(failed.reasons),
            _spark(periods[places]) if len(times) else "",
            SearchAddress(result.resource, _narrowed(query, key, reasons, further)).url(),
        )


def _day(micros: np.int64) -> str:
    return f"{values.datetime_of(int(micros)):%Y-%m-%d}"


def _periods(created: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each time, in which of `_PERIODS` equal periods of all times it is; -1 where there is none."""
    has_time = created != _NO_TIME
    first, last = (int(created[has_time].min()), int(created[has_time].max())) if has_time.any() else (0, 0)
    numbers = (created - first) * _PERIODS // max(last - first, 1)
    return np.where(has_time, np.minimum(numbers, _PERIODS - 1), -1)


def _spark(periods: NDArray[np.int64]) -> str:
    """A bar for each period, as high as there are matches in it, as one path: a screen has many of them."""
    counts = np.bincount(periods[periods >= 0], minlength=_PERIODS).tolist()
    greatest = max(counts)
    bars = [
        (*histogram.place(number, _PERIODS), histogram.height(count, greatest)) for number, count in enumerate(counts)
    ]
    return "".join(
        f"M{x:g} {histogram.HEIGHT}v{-tall:g}h{width:g}V{histogram.HEIGHT}" for x, width, tall in bars if tall
    )


def _narrowed(query: QueryText, key: _Key, reasons: set[str], further: Sequence[str]) -> str:
    """The query with what failures that are alike have in common."""
    mask, *values = key
    if len(reasons) <= _TEXTS_MAX:
        texts = ", ".join(map(write_value, sorted(reasons)))
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
    pattern = mask.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return pattern.replace("#", "%")
