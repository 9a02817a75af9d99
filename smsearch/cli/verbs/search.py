"""`smsearch search`: the matching records, in any format."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

import click

from smsearch.cli import aws_page, exit_codes, formats, options, query_argument, query_warnings
from smsearch.cli.arguments import sources_and_query
from smsearch.cli.formats import Columns
from smsearch.cli.open_sources import EngineChoice, open_sources
from smsearch.cli.output import open_output
from smsearch.cli.standard_error import StandardError, counted
from smsearch.cli.writers.answer import Answer
from smsearch.frames import columns
from smsearch.schema import case

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsearch.cli.formats import Format
    from smsearch.cli.open_sources import OpenSources
    from smsearch.cli.query_argument import QueryArgument
    from smsearch.result import Result
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record

TABLE_ROWS: Final = 50
"""Records in a table where neither a limit nor `--all` is given."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How an answer is to be shown."""

    format: Format
    output: str | None
    columns: tuple[str, ...]
    limit: int | None
    everything: bool
    color: str
    page_size: int | None
    next_token: str | None
    is_snake: bool

    @property
    def to_stdout(self) -> bool:
        """Whether the data goes to standard output."""
        return self.output in {None, "-"}


@click.command("search", short_help="The matching records.")
@click.argument("arguments", nargs=-1, metavar="SOURCE... [QUERY]")
@options.asking
@options.format_of(tuple(formats.FORMATS), "a table on a terminal, else jsonl")
@options.output
@click.option("-c", "--columns", multiple=True, metavar="NAMES", help="Properties to show; commas, * for any text.")
@click.option("-n", "--limit", type=click.IntRange(min=0), help="At most so many records.")
@click.option("--all", "everything", is_flag=True, help=f"Every match, where a table shows {TABLE_ROWS}.")
@options.case
@click.option("--page-size", type=int, metavar="N", help="With -f aws: records on the page, 1 to 100; else 10.")
@click.option("--next-token", metavar="TOKEN", help="With -f aws: the page after the one that gave the token.")
@click.option("-e", "--exit-status", is_flag=True, help="Exit with 1 if nothing matches.")
@options.color
@options.engine
@options.reading
@click.pass_context
def command(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    arguments: tuple[str, ...],
    resource: str | None,
    parameters: tuple[str, ...],
    extended: bool,
    format_name: str | None,
    output: str | None,
    columns: tuple[str, ...],
    limit: int | None,
    everything: bool,
    case_name: str,
    page_size: int | None,
    next_token: str | None,
    exit_status: bool,
    color: str,
    engine: str,
    master: str | None,
    remote: str | None,
    quiet: bool,
    report: str | None,
) -> None:
    """Writes the records that match the QUERY, all records without one.

    The last argument is the QUERY unless it is there as a file, folder or glob. The query's SELECT, ORDER BY
    and LIMIT say what is written, in which order and how much; -c and -n do so too.
    """
    on_terminal = sys.stdout.isatty() and output in {None, "-"}
    form = formats.chosen(format_name, output, tuple(formats.FORMATS), on_terminal=on_terminal)
    names, is_snake = options.column_names(columns), case_name == "snake"
    choices = Choices(form, output, names, limit, everything, color, page_size, next_token, is_snake)
    _refuse_conflicts(choices)
    stderr = StandardError(quiet)
    at = EngineChoice.of(engine, master, remote)
    split = sources_and_query(arguments)
    asked = query_argument.read(split.last, parameters, resource, extended=extended)
    reading = open_sources(split.sources, stderr, report, at)
    found = _answer(reading, asked, choices, stderr)
    context.exit(exit_codes.NOTHING_FOUND if exit_status and not found else reading.exit_code)


def _refuse_conflicts(choices: Choices) -> None:
    is_page = choices.format.name == "aws"
    if choices.everything and choices.limit is not None:
        raise click.UsageError("--all and --limit contradict each other")
    if is_page and choices.limit is not None:
        raise click.UsageError("-f aws writes a page: use --page-size, not --limit")
    if choices.format.columns is Columns.NONE and choices.format.name in ("aws", "names") and choices.columns:
        raise click.UsageError(f"-f {choices.format.name} has no columns to choose")
    if is_page and choices.is_snake:
        raise click.UsageError("-f aws is spelled as the service spells it: leave out --case")
    if not is_page and (choices.page_size is not None or choices.next_token is not None):
        raise click.UsageError("--page-size and --next-token are for -f aws")
    if is_page and choices.everything and (choices.page_size is not None or choices.next_token is not None):
        raise click.UsageError("--all is every page: leave out --page-size and --next-token")


def _answer(reading: OpenSources, asked: QueryArgument, choices: Choices, stderr: StandardError) -> int:
    """Writes the answer; returns how many records match."""
    if choices.format.name == "aws":
        return _write_page(reading, asked, choices, stderr)
    asked.refuse_page()
    begun = time.perf_counter()
    result = asked.result(reading.searcher)
    query_warnings.warn(result, asked, stderr)
    given, bound = len(result), _bound(result, choices)
    spent = time.perf_counter() - begun
    _write(result, bound, choices)
    in_all = reading.searcher.resources().get(result.resource, 0)
    shown = given if bound is None else min(given, bound)
    _sum_up(_Sum(shown, given, result.total, in_all, spent), choices, stderr)
    if not given:
        from smsearch.cli import diagnosis  # most queries find something

        diagnosis.tell(result, stderr)
    return given


def _bound(result: Result, choices: Choices) -> int | None:
    """At most how many records are written, whatever the query's LIMIT."""
    is_for_people = choices.format.columns is Columns.SUMMARY
    if choices.limit is None and is_for_people and not choices.everything and result.query.limit is None:
        return TABLE_ROWS
    return choices.limit


def _write(result: Result, bound: int | None, choices: Choices) -> None:
    if choices.format.is_binary:
        _write_batches(result if bound is None else result.limited(bound), choices)
        return
    is_drawn = sys.stdout.isatty() and choices.to_stdout
    records: Iterable[Record] = islice(result.records(), bound)
    shown: tuple[Property, ...] = ()
    if choices.columns or result.query.columns or choices.format.columns is not Columns.NONE:
        records = list(records)  # columns are found by reading all of it once
        shown = _columns(result, records, choices)
    answer = Answer(
        records,
        shown,
        is_colored=choices.to_stdout and options.is_colored(choices.color),
        width=_terminal_width() if is_drawn else None,
        expendable=frozenset(_called(result, _expendable(result, shown, choices), choices)),
        names=tuple(_called(result, [prop.name for prop in shown], choices)),
        is_snake=choices.is_snake,
    )
    with open_output(choices.output) as stream:
        choices.format.write(stream, answer)


def _write_batches(result: Result, choices: Choices) -> None:
    """Writes a format that Arrow makes, from columns where the records are kept as such."""
    from smsearch.cli.writers import arrow  # it loads pyarrow, as few searches do

    batches = result.to_reader(choices.columns or None)
    called = _called(result, batches.schema.names, choices)
    with open_output(choices.output) as stream:
        choices.format.write(stream, arrow.renamed(batches, called))


def _called(result: Result, names: Iterable[str], choices: Choices) -> Iterable[str]:
    """What columns are called."""
    root = result.schema.resource.root
    return (case.column(name, root) for name in names) if choices.is_snake else names


def _terminal_width() -> int:
    import shutil  # it loads what unpacks archives

    return shutil.get_terminal_size().columns


def _expendable(result: Result, shown: tuple[Property, ...], choices: Choices) -> frozenset[str]:
    """Times that nobody asked for; the first of them, when the record was created, stays."""
    if choices.columns or result.query.columns:
        return frozenset()
    times = [prop.name for prop in shown if prop.kind.is_time]
    return frozenset(times[1:]).difference(result.mentioned)


def _columns(result: Result, records: Sequence[Record], choices: Choices) -> tuple[Property, ...]:
    if choices.columns or result.query.columns or choices.format.columns is not Columns.SUMMARY:
        return result.columns_of(records, choices.columns)
    return columns.summary(records, result.schema, result.mentioned)


def _write_page(reading: OpenSources, asked: QueryArgument, choices: Choices, stderr: StandardError) -> int:
    searcher = reading.searcher
    request = aws_page.request_of(asked, searcher, stderr, choices.page_size, choices.next_token)
    answer = aws_page.all_pages(searcher, request) if choices.everything else searcher.search(**request)
    with open_output(choices.output) as stream:
        stream.write(aws_page.written(answer))
    found: int = answer["TotalHits"]["Value"]
    if not found and asked.is_for_all:
        from smsearch.cli import diagnosis  # most queries find something

        diagnosis.tell(asked.result(searcher), stderr)
    return found


@dataclass(frozen=True, slots=True)
class _Sum:
    """Records shown, those the query gives, those that match, those there are, and the seconds it took."""

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


def _sum_up(done: _Sum, choices: Choices, stderr: StandardError) -> None:
    """Never a silent cut: what nobody asked to be cut is told, and a person always learns how much there was."""
    if done.shown < done.given and choices.limit is None:
        stderr.note(f"showing {done}: use -n or --all")
    elif not choices.to_stdout:
        stderr.note(f"wrote {done} to {choices.output}")
    elif choices.format.columns is Columns.SUMMARY or stderr.is_on_terminal:
        stderr.note(f"{'showing ' if done.shown < done.matching else ''}{done}")
