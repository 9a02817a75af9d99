"""Opens the sources of a verb: shows how far reading has come, and says afterwards what was read and what was not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from smsearch import searcher
from smsearch.cli import main
from smsearch.cli.notes import counted
from smsearch.cli.progress import Bar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.cli.notes import Notes
    from smsearch.ingest.report import Report
    from smsearch.searcher import Searcher


@dataclass(frozen=True, slots=True)
class Reading:
    """What was opened, and the exit code of a verb that has otherwise done its work."""

    searcher: Searcher
    exit_code: int


def opened(sources: Sequence[str], notes: Notes, report_form: str | None) -> Reading:
    """Opens sources and reports on them.

    Args:
        sources: Files, folders, globs, `-`.
        notes: Says the summary.
        report_form: `text` or `json` for a whole report; None for a summary where a person is there or
            something was left out.

    Raises:
        ExportError: A source that is not there or cannot be opened at all.
    """
    with Bar(is_shown=notes.is_on_terminal and not notes.is_quiet) as bar:
        found = searcher.open_sources(sources, progress=bar)
    tell(found.report, notes, report_form)
    return Reading(found, main.IN_PART if found.report.skipped else main.DONE)


def tell(report: Report, notes: Notes, form: str | None) -> None:
    """Reports what was read: whole where a form is asked for, else in a line or two where that is of use."""
    if form == "json":
        notes.report(orjson.dumps(report.to_json(), option=orjson.OPT_INDENT_2).decode())
    elif form == "text":
        notes.report(report.to_text())
    elif report.skipped or (notes.is_on_terminal and report.files):
        notes.note("\n".join(_summary(report)))


def _summary(report: Report) -> Iterator[str]:
    """One line, and a second one if something was left out."""
    superseded = f", {report.superseded:,} of them superseded" if report.superseded else ""
    yield f"read {counted(report.records, 'record')} from {counted(len(report.files), 'file')}{superseded}"
    if report.skipped:
        first = next((file, problem) for file in report.files for problem in file.problems)
        place = f"{first[0].name}:{first[1].line}" if first[1].line else first[0].name
        more = ", the first" if report.skipped > 1 else ""
        yield f"warning: skipped {report.skipped:,}{more} {place}: {first[1].reason} (--report text says more)"
