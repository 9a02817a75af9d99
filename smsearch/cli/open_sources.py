"""Opens the sources of a verb: shows the progress of reading, and reports what was read and what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch import opening
from smsearch.cli import exit_codes
from smsearch.frozen import frozen
from smsearch.messages import counted
from smsearch.orjson_later import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyspark.sql import SparkSession

    from smsearch.cli.standard_error import StandardError
    from smsearch.cluster.session import SparkAddress
    from smsearch.ingest.report import Problem, Report
    from smsearch.searcher import Searcher


@frozen
class OpenSources:
    """A searcher over the sources, and the exit code of a verb that succeeds: IN_PART if something was skipped."""

    searcher: Searcher
    exit_code: int


def open_archive(sources: Sequence[str], address: SparkAddress, worker_seconds: float | None = None) -> OpenSources:
    """Opens the one archive among the sources with Spark, by a session that lasts as long as the verb.

    Args:
        sources: One archive: a folder or a URI.
        address: Where Spark is.
        worker_seconds: How long a question may wait for a worker; None for ever.

    Raises:
        StoreError: There is no archive, or there are several.
        ClusterError: pyspark or Java is missing, or Spark cannot be asked.
    """
    import logging

    from smsearch.cli.invocation import at_end
    from smsearch.cli.silence_stderr import silence_stderr
    from smsearch.cluster.reopening import LastingSession
    from smsearch.cluster.session import open_session

    if not address.shows_log:  # py4j logs a traceback for every call that is interrupted
        logging.getLogger().setLevel(logging.CRITICAL)
        logging.getLogger("smsearch").setLevel(logging.WARNING)

    def open_silently() -> SparkSession:
        with silence_stderr(is_on=not address.shows_log) as stderr:
            return open_session(address, lambda notice: print(notice, file=stderr, flush=True))

    session = LastingSession(address, open_silently, worker_seconds)
    at_end(session.stop)
    return OpenSources(opening.open_archive(sources, session), exit_codes.DONE)


def open_sources(sources: Sequence[str], stderr: StandardError, report_form: str | None) -> OpenSources:
    """Opens sources and reports on them.

    Args:
        sources: Files, folders, globs, `-`.
        stderr: Where the report goes.
        report_form: `text` or `json` for the whole report. None for a summary, where standard error is a terminal or
            something was left out.

    Raises:
        ExportError: A source does not exist or cannot be opened at all.
    """
    opened = _opened(sources) if stderr.is_on_terminal and not stderr.is_quiet else opening.open_sources(sources)
    if opened.is_built and report_form is None:
        return OpenSources(opened, exit_codes.DONE)
    write_report(opened.report, stderr, report_form)
    return OpenSources(opened, exit_codes.IN_PART if opened.report.skipped else exit_codes.DONE)


def _opened(sources: Sequence[str]) -> Searcher:
    """The sources opened, while a line tells a person how much is read."""
    from smsearch.cli.progress import Bar

    with Bar(is_shown=True) as bar:
        return opening.open_sources(sources, progress=bar)


def write_report(report: Report, stderr: StandardError, form: str | None) -> None:
    """Writes what was read: all of it in a form, else a line or two for a person, or where something was left out."""
    if form == "json":
        stderr.report(orjson.dumps(report.to_json(), option=orjson.OPT_INDENT_2).decode())
    elif form == "text":
        stderr.report(report.to_text())
    elif report.skipped or report.misread or (stderr.is_on_terminal and report.files):
        stderr.note("\n".join(_summary(report)))


def _summary(report: Report) -> Iterator[str]:
    """One line, and one more for each way in which something was left out."""
    superseded = f", {report.superseded:,} of them superseded" if report.superseded else ""
    yield f"read {counted(report.records, 'record')} from {counted(len(report.files), 'file')}{superseded}"
    if report.skipped:
        first = next((file.name, problem) for file in report.files for problem in file.problems)
        yield _warning(f"skipped {report.skipped:,}", report.skipped > 1, *first)
    if report.misread:
        first = next((file.name, value) for file in report.files for value in file.misread_values)
        yield _warning(f"left out {counted(report.misread, 'value')}", report.misread > 1, *first)


def _warning(what: str, are_more: bool, file: str, problem: Problem) -> str:  # noqa: FBT001 - what is counted
    place = f"{file}:{problem.line}" if problem.line else file
    return f"warning: {what}{', the first' if are_more else ''} {place}: {problem.reason} (--report text says more)"
