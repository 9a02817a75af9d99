"""What a searcher holds, for a notebook: kinds, counts, times, and what was left out when it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.facets.wording import text_of
from smsearch.frames.cell_text import time_text
from smsearch.messages import counted
from smsearch.notebook import html

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from smsearch.result import Result
    from smsearch.store.build_reports import BuildReport

_CREATED: Final = "CreationTime"
_KINDS_NAMED: Final = 3
_HEADER: Final = ("kind", "records", "first created", "last created")


def line(kinds: Mapping[str, int]) -> str:
    """The records in a line: `342 TrainingJob, 36 ProcessingJob and 4 more kinds`."""
    most = sorted(kinds.items(), key=lambda item: -item[1])
    shown = ", ".join(f"{count:,} {kind}" for kind, count in most[:_KINDS_NAMED]) or "no records"
    more = len(most) - _KINDS_NAMED
    return f"{shown} and {counted(more, 'more kind')}" if more > 0 else shown


def figure(results: Sequence[Result], reports: Sequence[BuildReport]) -> str:
    """The records as HTML.

    Args:
        results: For each kind all of its records.
        reports: What was read to make them.
    """
    rows = [[result.resource, f"{result.total:,}", *_span(result)] for result in results]
    caption = f"{counted(sum(result.total for result in results), 'record')} of {counted(len(rows), 'kind')}"
    drawn = [html.table(_HEADER, rows, (False, True, False, False))] if rows else []
    return html.figure(caption, drawn, _left_out(reports))


def _span(result: Result) -> tuple[str, str]:
    """The first and the last creation; where counts take long, they are not looked for."""
    if not result.counts_quickly or not result.schema.knows(_CREATED):
        return "", ""
    created = result.facet(_CREATED)
    if created.spread is None:
        return "", ""
    bounds = (created.spread.minimum, created.spread.maximum)
    first, last = (time_text(text_of(bound, created.kind)) for bound in bounds)
    return first, last


def _left_out(reports: Sequence[BuildReport]) -> Iterator[str]:
    files = sum(report.files_read for report in reports)
    numbers = {
        "superseded": sum(report.superseded for report in reports),
        "skipped, which are no records": sum(report.skipped for report in reports),
    }
    left_out = [f"{number:,} {word}" for word, number in numbers.items() if number]
    if files:
        yield ", ".join([f"read from {counted(files, 'file')}", *left_out])
    misread = sum(report.misread for report in reports)
    if misread:
        yield f"{counted(misread, 'value')} left out, which cannot be read as what the service has there"
