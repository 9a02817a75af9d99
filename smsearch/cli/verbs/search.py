"""`smsearch search`: the matching records, in any format.

Methods import what writes, so that completion reads the declaration quickly.
"""

from __future__ import annotations

import time
from itertools import islice
from typing import TYPE_CHECKING, Final

from smsearch.cli import exit_codes
from smsearch.cli.arguments import comma_separated, sources_and_query
from smsearch.cli.formats import FORMATS, DefaultColumns
from smsearch.cli.options import (
    DelimitedVerb,
    DrawingVerb,
    EngineVerb,
    PricedVerb,
    QueryingVerb,
    case_option,
    exit_status_option,
    format_option,
)
from smsearch.cli.usage import UsageError
from smsearch.cli.verb import flag, option, positionals, whole
from smsearch.frozen import frozen
from smsearch.messages import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsearch.cli.formats import Format
    from smsearch.cli.query_argument import QueryArgument
    from smsearch.cli.standard_error import StandardError
    from smsearch.frames.summary import SummaryColumn
    from smsearch.result import Result
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

TABLE_ROWS: Final = 50
"""Records in a table where neither a limit nor `--all` is given."""


class SearchVerb(QueryingVerb, DelimitedVerb, DrawingVerb, PricedVerb, EngineVerb):
    """Writes the records that match the QUERY, all records without one.

    The last argument is the QUERY unless a file, folder or glob of that name exists. The query's SELECT, ORDER BY
    and LIMIT say what is written, in which order and how much; -c and -n do so too.
    """

    examples = (
        "search data/exports \"status = Failed AND created > '2024-06' ORDER BY created DESC\"",
        'search data/exports "validation:accuracy > 0.9 AND team = vision" -c name,HyperParameters.*',
        'search data/exports -r processing "duration > 2h" -n 10 -f csv',
    )

    arguments: tuple[str, ...] = positionals("SOURCE... [QUERY]")
    format_name: str | None = format_option(tuple(FORMATS), "a table on a terminal, else jsonl")
    columns: tuple[str, ...] = option(
        "-c --columns NAMES", "Properties to show, separated by commas; * stands for any characters.", is_repeated=True
    )
    limit: int | None = option("-n --limit N", "At most so many records.", convert=whole(0))
    everything: bool = flag("--all", f"Every match, where a table shows {TABLE_ROWS}.")
    case: str = case_option()
    page_size: int | None = option(
        "--page-size N", "With -f aws: records on the page, 1 to 100; else 10.", convert=whole()
    )
    next_token: str | None = option("--next-token TOKEN", "With -f aws: the page after the one that gave the token.")
    exit_status: bool = exit_status_option()

    def run(self) -> int:
        """Writes the matches; of none, why there is none."""
        form = self.format_of(self.format_name, tuple(FORMATS))
        self._refuse_conflicts(form)
        sources, text = sources_and_query(self.arguments)
        query = self.query(text)
        opened = self.open(sources)
        answer = _Answering(self, form, opened.searcher, query)
        matches = answer.write_page() if form.name == "aws" else answer.write_matches()
        return exit_codes.NOTHING_FOUND if self.exit_status and not matches else opened.exit_code

    def _refuse_conflicts(self, form: Format) -> None:
        self.refuse_csv_safe(form.name)
        is_page = form.name == "aws"
        has_page_option = self.page_size is not None or self.next_token is not None
        if self.everything and self.limit is not None:
            raise UsageError("--all and --limit contradict each other")
        if is_page and self.limit is not None:
            raise UsageError("-f aws writes a page: use --page-size, not --limit")
        if form.name in {"aws", "names"} and self.columns:
            raise UsageError(f"-f {form.name} has no columns to choose")
        if is_page and self.case == "snake":
            raise UsageError("-f aws is spelled as the service spells it: leave out --case")
        if not is_page and has_page_option:
            raise UsageError("--page-size and --next-token are for -f aws")
        if is_page and self.everything and has_page_option:
            raise UsageError("--all is every page: leave out --page-size and --next-token")


@frozen
class _Answering:
    """Writes the answer to a query in the form that the options ask for; each method returns the number of matches."""

    options: SearchVerb
    format: Format
    searcher: Searcher
    query: QueryArgument

    def write_page(self) -> int:
        """Writes one page as the API does, or with `--all` all of them."""
        from smsearch.cli import aws_page

        options, stderr = self.options, self.options.stderr
        request = aws_page.request_of(self.query, self.searcher, stderr, options.page_size, options.next_token)
        pages = aws_page.all_pages if options.everything else aws_page.page
        written, total = pages(self.searcher, request)
        with options.open_output() as stream:
            stream.write(written)
        if not total and self.query.is_for_all:
            _write_diagnosis(self.query.result(self.searcher), stderr)
        return total

    def write_matches(self) -> int:
        """Writes the matches, and a line about how many there are."""
        stderr = self.options.stderr
        self.query.refuse_page()
        start = time.perf_counter()
        result = self.query.result(self.searcher)
        if result.query.grouping is not None:
            return self._write_groups(result)
        self.options.warn(result, self.query, self._column_names)
        given, bound = len(result), self._bound(result)
        seconds = time.perf_counter() - start
        self._write(result, bound)
        in_all = self.searcher.resources().get(result.resource, 0)
        shown = given if bound is None else min(given, bound)
        self._summarise(_Counts(shown, given, result.total, in_all, seconds))
        if not given:
            _write_diagnosis(result, stderr)
        return given

    @property
    def _column_names(self) -> tuple[str, ...]:
        return comma_separated(self.options.columns)

    def _write_groups(self, result: Result) -> int:
        """Writes the table of a query that asks for groups.

        Raises:
            UsageError: Options that are for records.
        """
        from smsearch.cli import grouped

        options, stderr = self.options, self.options.stderr
        if self.format.name not in grouped.FORMATS or options.columns:
            raise UsageError("a query with groups has no records: leave out -c, and -f names")
        options.warn(result, self.query, grouped.names_of(result))
        table = (result if options.limit is None else result.limited(options.limit)).groups()
        from smsearch.writers import groups
        from smsearch.writers.answer import Answer

        look = Answer((), is_colored=options.is_colored, width=options.table_width, is_csv_safe=options.csv_safe)
        with options.open_output_in(self.format.name) as stream:
            groups.write(stream, self.format.name, table, look)
        grouped.tell(table, stderr)
        if not result.total:
            _write_diagnosis(result, stderr)
        return len(table)

    def _bound(self, result: Result) -> int | None:
        """The number of records that are written at most, whatever the query's LIMIT."""
        options = self.options
        is_for_people = self.format.columns is DefaultColumns.SUMMARY
        if options.limit is None and is_for_people and not options.everything and result.query.limit is None:
            return TABLE_ROWS
        return options.limit

    def _write(self, result: Result, bound: int | None) -> None:
        if self.format.name == "names":
            if result.query.columns:
                result.columns_of(islice(result.records(), bound))  # a name that nothing has is refused
            with self.options.open_output() as stream:
                stream.writelines(f"{name}\n".encode() for name in islice(result.names(), bound))
            return
        names = self._column_names
        has_columns = bool(names or result.query.columns)
        if self.format.name in {"jsonl", "json"} and not has_columns and not self._is_snake:
            lines = islice(result.lines(), bound)
            with self.options.open_output_in(self.format.name) as stream:
                if self.format.name == "jsonl":
                    stream.writelines(lines)
                else:
                    from smsearch.writers import indented

                    indented.write_array(stream, lines)
            return
        from smsearch.writers.answer import Answer

        if self.format.is_binary:
            self._write_batches(result if bound is None else result.limited(bound), names)
            return
        records: Iterable[Record] = islice(result.records(), bound)
        shown: tuple[Property, ...] = ()
        summary: tuple[SummaryColumn, ...] = ()
        if has_columns or self.format.columns is not DefaultColumns.NONE:
            records = list(records)  # the columns are those of all records, so all are read first
            if has_columns or self.format.columns is not DefaultColumns.SUMMARY:
                shown = result.columns_of(records, names)
            else:
                summary = result.summary_of(records)
        properties = [*shown, *(prop for column in summary for prop in column.properties)]
        spelled = self._spelled(result, [prop.name for prop in properties])
        answer = Answer(
            records,
            shown,
            summary,
            is_colored=self.options.is_colored,
            width=self.options.table_width,
            is_csv_safe=self.options.csv_safe,
            families=result.schema.families() if self.format.columns is DefaultColumns.SUMMARY else (),
            names=dict(zip((prop.name for prop in properties), spelled, strict=True)),
            is_snake=self._is_snake,
        )
        with self.options.open_output_in(self.format.name) as stream:
            self.format.write(stream, answer)

    def _write_batches(self, result: Result, names: tuple[str, ...]) -> None:
        """Writes a format that Arrow makes, from columns where the engine has them."""
        from smsearch.writers import arrow  # it loads pyarrow, which few searches need

        batches = result.to_reader(names or None)
        header = self._spelled(result, batches.schema.names)
        with self.options.open_output() as stream:
            self.format.write(stream, arrow.renamed(batches, header))

    @property
    def _is_snake(self) -> bool:
        return self.options.case == "snake"

    def _spelled(self, result: Result, names: Iterable[str]) -> Iterable[str]:
        """The names of columns, in snake_case if that is asked for."""
        from smsearch.schema import case

        root = result.schema.resource.root
        return (case.column(name, root) for name in names) if self._is_snake else names

    def _summarise(self, counts: _Counts) -> None:
        """Says how much was written: always if it was cut without a limit, else to a person."""
        options, stderr = self.options, self.options.stderr
        if counts.shown < counts.given and options.limit is None:
            stderr.note(f"showing {counts}: use -n or --all")
        elif not options.is_to_stdout:
            stderr.note(f"wrote {counts} to {options.output}")
        elif self.format.columns is DefaultColumns.SUMMARY or stderr.is_on_terminal:
            stderr.note(f"{'showing ' if counts.shown < counts.matching else ''}{counts}")


def _write_diagnosis(result: Result, stderr: StandardError) -> None:
    from smsearch.cli import diagnosis  # most queries match something

    diagnosis.write(result, stderr)


@frozen
class _Counts:
    """How many records are shown, the query gives, match and exist, and the seconds that it took."""

    shown: int
    given: int
    matching: int
    in_all: int
    seconds: float

    def __str__(self) -> str:
        """`50 of 1,284 matches in 31,007 records (3 ms)`."""
        shown = f"{self.shown:,} of " if self.shown < self.matching else ""
        matches = counted(self.matching, "match", "matches")
        return f"{shown}{matches} in {counted(self.in_all, 'record')} ({self.seconds * 1000:,.0f} ms)"
