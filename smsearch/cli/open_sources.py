"""Opens the sources of a verb: shows how far reading has come, and says afterwards what was read and what was not."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click
import orjson

from smsearch import searcher
from smsearch.cli import exit_codes
from smsearch.cli.progress import Bar
from smsearch.cli.standard_error import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.cli.standard_error import StandardError
    from smsearch.ingest.report import Problem, Report
    from smsearch.searcher import Searcher


@dataclass(frozen=True, slots=True)
class OpenSources:
    """What was opened, and the exit code of a verb that has otherwise done its work."""

    searcher: Searcher
    exit_code: int


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """Who does the work: this process, or Spark at a master or a Connect server."""

    is_spark: bool = False
    master: str | None = None
    remote: str | None = None

    @classmethod
    def of(cls, engine: str, master: str | None, remote: str | None) -> EngineChoice:
        """What the options say.

        Raises:
            click.UsageError: They contradict each other.
        """
        if engine != "spark" and (master is not None or remote is not None):
            raise click.UsageError("--master and --remote are for --engine spark")
        if master is not None and remote is not None:
            raise click.UsageError("--master and --remote contradict each other")
        return cls(engine == "spark", master, remote)

    def open(self, sources: Sequence[str]) -> Searcher:
        """A searcher over the one archive among the sources; its session ends with the verb.

        Raises:
            StoreError: There is no archive, or there are several.
            ClusterError: pyspark or Java is missing, or Spark cannot be asked.
        """
        from smsearch.cli.silence_stderr import silence_stderr  # with what it needs, only for those who ask Spark
        from smsearch.cluster.session import open_session

        with silence_stderr(is_on="--debug" not in sys.argv):
            session = open_session(self.master, self.remote)
        click.get_current_context().call_on_close(session.stop)
        return searcher.open_archive(sources, session)


LOCAL = EngineChoice()


def open_sources(
    sources: Sequence[str], stderr: StandardError, report_form: str | None, engine: EngineChoice = LOCAL
) -> OpenSources:
    """Opens sources and reports on them.

    Args:
        sources: Files, folders, globs, `-`; for Spark, one archive.
        stderr: Says the summary.
        report_form: `text` or `json` for a whole report; None for a summary where a person is there or
            something was left out.
        engine: Who does the work.

    Raises:
        ExportError: A source that is not there or cannot be opened at all.
        ClusterError: Spark cannot be asked.
    """
    if engine.is_spark:
        return OpenSources(engine.open(sources), exit_codes.DONE)
    with Bar(is_shown=stderr.is_on_terminal and not stderr.is_quiet) as bar:
        found = searcher.open_sources(sources, progress=bar)
    tell(found.report, stderr, report_form)
    return OpenSources(found, exit_codes.IN_PART if found.report.skipped else exit_codes.DONE)


def tell(report: Report, stderr: StandardError, form: str | None) -> None:
    """Reports what was read: whole where a form is asked for, else in a line or two where that is of use."""
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
