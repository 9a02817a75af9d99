"""The parameters that several verbs share, each declared once, with what a verb does with them.

What a method needs is imported when it is called, so that a declaration can be read quickly.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from smsearch.cli import terminal
from smsearch.cli.resources import kind, kinds
from smsearch.cli.standard_error import StandardError
from smsearch.cli.usage import UsageError
from smsearch.cli.verb import Verb, flag, option, whole, zero_or_more

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from typing import BinaryIO

    from smsearch.cli.formats import Format
    from smsearch.cli.open_sources import OpenSources
    from smsearch.cli.query_argument import QueryArgument
    from smsearch.ingest.report import Report
    from smsearch.result import Result
    from smsearch.schema.prices import Prices

_RESOURCE_HELP = "The kind of record. Left out: TrainingJob; if there is none, the kind of most records."


def resource_option() -> Any:  # noqa: ANN401 - the field's own type
    """`--resource`, in any case, of every kind of record."""
    return option("-r --resource RESOURCE", _RESOURCE_HELP, choices=kinds, convert=kind)


def case_option() -> Any:  # noqa: ANN401 - the field's own type
    """`--case`."""
    help_text = "The spelling of the service model's names: TrainingJobName, or training_job_name."
    return option("--case", help_text, choices=("model", "snake"), default="model")


def format_option(names: tuple[str, ...], default: str) -> Any:  # noqa: ANN401 - the field's own type
    """`--format`, one of some names."""
    return option("-f --format FORMAT", f"One of {', '.join(names)}; {default}.", choices=names)


def exit_status_option() -> Any:  # noqa: ANN401 - the field's own type
    """`--exit-status` of a verb that finds records."""
    return flag("-e --exit-status", "Exit with 1 if nothing matches.")


class QuietVerb(Verb):
    """A verb that writes notes and warnings to standard error."""

    quiet: bool = flag("-q --quiet", "Write only errors to standard error.")

    @property
    def stderr(self) -> StandardError:
        """Writes notes and warnings."""
        return StandardError(self.quiet)

    @property
    def shows_progress(self) -> bool:
        """Whether a person watches standard error."""
        return self.stderr.is_on_terminal and not self.quiet


class ReadingVerb(QuietVerb):
    """A verb that reads sources."""

    report: str | None = option(
        "--report",
        "Write to standard error what was read, and what was left out and why.",
        choices=("text", "json"),
    )

    @property
    def whole_report(self) -> str | None:
        """The form of the report of a verb that reports whatever it read, unless it is quiet."""
        return self.report or (None if self.quiet else "text")

    def open(self, sources: Sequence[str]) -> OpenSources:
        """Opens the sources and reports on them."""
        from smsearch.cli.open_sources import open_sources

        return open_sources(sources, self.stderr, self.report)

    def write_report(self, report: Report) -> None:
        """Reports what a build read."""
        from smsearch.cli.open_sources import write_report

        write_report(report, self.stderr, self.whole_report)


class PricedVerb(ReadingVerb):
    """A verb whose queries may name the derived Cost."""

    prices: str | None = option(
        "--prices FILE", "CSV of instance types and their price an hour, for the derived property Cost."
    )

    def open(self, sources: Sequence[str]) -> OpenSources:
        """Reads the prices, and opens the sources."""
        prices = self.read_prices()
        opened = super().open(sources)
        opened.searcher.prices = prices
        return opened

    def read_prices(self) -> Prices | None:
        """The prices, if there is a file of them."""
        if self.prices is None:
            return None
        from smsearch.schema.prices import prices_of

        return prices_of(self.prices)


class EngineVerb(ReadingVerb):
    """A verb whose sources are read by this process or by Spark."""

    engine: str = option(
        "--engine", "What does the work; spark searches an archive.", choices=("local", "spark"), default="local"
    )
    master: str | None = option("--master URL", "With spark: the master, spark://HOST:7077, yarn, local[2].")
    remote: str | None = option("--remote URL", "With spark: a Spark Connect server, sc://HOST:15002.")
    timeout: float = option(
        "--timeout SECONDS",
        "With --remote: how long to wait for its first answer; serve, with --master: for a worker.",
        convert=zero_or_more,
        default=30.0,
    )

    def check(self) -> None:
        """Refuses the options of another engine."""
        if not self.is_spark and (self.master is not None or self.remote is not None):
            raise UsageError("--master and --remote are for --engine spark")
        if self.master is not None and self.remote is not None:
            raise UsageError("--master and --remote contradict each other")

    @property
    def is_spark(self) -> bool:
        """Whether Spark does the work."""
        return self.engine == "spark"

    @property
    def worker_seconds(self) -> float | None:
        """How long Spark may wait for a worker; None for ever, since whoever waits at a terminal is told of it."""
        return None

    def open(self, sources: Sequence[str]) -> OpenSources:
        """Opens the sources; for Spark, the one archive among them."""
        if not self.is_spark:
            return super().open(sources)
        from smsearch.cli.open_sources import open_archive
        from smsearch.cluster.session import SparkAddress

        address = SparkAddress(self.master, self.remote, self.timeout, shows_log=self.debug)
        return open_archive(sources, address, self.worker_seconds)


class QueryingVerb(QuietVerb):
    """A verb that takes a query."""

    resource: str | None = resource_option()
    parameters: tuple[str, ...] = option(
        "--param NAME=VALUE", "Value for :NAME in a text query; repeated, a list for IN (:NAME).", is_repeated=True
    )
    strict: bool = flag("--strict", "Refuse a text query that says more than the service accepts.")
    extended: bool = flag("--extended", "Does nothing any more: a text query may say more unless it is --strict.")

    def query(self, argument: str | None) -> QueryArgument:
        """Reads the QUERY argument; None is every record."""
        from smsearch.cli import query_argument

        if self.extended:
            self.stderr.warning("--extended does nothing any more: a text query may say more unless it is --strict")
        return query_argument.read(argument, self.parameters, self.resource, strict=self.strict)

    def warn(self, result: Result, query: QueryArgument, columns: Sequence[str] = ()) -> None:
        """Writes the warnings about a query over its records, and about the columns that it shows."""
        if not self.quiet:
            from smsearch.cli import query_warnings

            query_warnings.warn(result, query, self.stderr, columns)


class WritingVerb(Verb):
    """A verb that writes data to standard output or to a file."""

    output: str | None = option("-o --output FILE", "Write to FILE, whole or not at all; its suffix says the format.")

    @property
    def is_to_stdout(self) -> bool:
        """Whether the data goes to standard output."""
        return self.output in {None, "-"}

    @property
    def is_to_terminal(self) -> bool:
        """Whether the data goes to a terminal."""
        return self.is_to_stdout and terminal.is_output()

    @property
    def table_width(self) -> int | None:
        """The columns of the terminal that a table has to fit; None elsewhere."""
        return terminal.width() if self.is_to_stdout else None

    def open_output(self) -> AbstractContextManager[BinaryIO]:
        """The stream for the data."""
        from smsearch.cli.output import open_output

        return open_output(self.output)

    def format_of(self, name: str | None, allowed: Sequence[str]) -> Format:
        """The format of a name; without a name, of the file's suffix; else a table on a terminal and JSON lines."""
        from smsearch.cli.formats import choose

        return choose(name, self.output, allowed, on_terminal=self.is_to_terminal)


class DrawingVerb(WritingVerb):
    """A verb that may write a table."""

    color: str = option(
        "--color",
        "Colours in a table; auto is on a terminal, unless NO_COLOR is set.",
        choices=("auto", "always", "never"),
        default="auto",
    )

    @property
    def is_colored(self) -> bool:
        """Whether a table may have colours."""
        wanted = self.color == "always" or (
            self.color == "auto" and terminal.is_output() and not os.environ.get("NO_COLOR")
        )
        return self.is_to_stdout and wanted

    def open_output_in(self, form: str) -> AbstractContextManager[BinaryIO]:
        """The stream for data in a format: colours reach a terminal in a table, which escapes what records hold."""
        from smsearch.cli.output import open_output

        return open_output(self.output, keeps_styles=self.is_colored and form in {"table", "long"})


class DelimitedVerb(WritingVerb):
    """A verb that may write CSV, which people open in a spreadsheet."""

    csv_safe: bool = flag("--csv-safe", "In csv and tsv: an apostrophe before what a spreadsheet would run.")

    def refuse_csv_safe(self, form: str) -> None:
        """Refuses the option in a format without cells that a spreadsheet would run.

        Raises:
            UsageError: It is given.
        """
        if self.csv_safe and form not in {"csv", "tsv"}:
            raise UsageError("--csv-safe is for -f csv and -f tsv")


class LimitedVerb(Verb):
    """A verb that may list many values, and shows the first of them in a table."""

    limit: int | None = option("-n --limit N", "At most so many values of each property.", convert=whole(1))
    everything: bool = flag("--all", "Every value, where a table shows the first of them.")

    def limit_in(self, form: str, table_rows: int) -> int | None:
        """How many values are written at most: those of a table for people, unless an option says otherwise.

        Raises:
            UsageError: `--all` and `--limit` are both given.
        """
        if self.everything and self.limit is not None:
            raise UsageError("--all and --limit contradict each other")
        return table_rows if self.limit is None and not self.everything and form in {"table", "md"} else self.limit
