"""`smsearch diff`: two records side by side, or two queries, and only what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from smsearch.cli import query_argument
from smsearch.cli.arguments import needed
from smsearch.cli.not_found import not_found
from smsearch.cli.options import DrawingVerb, ReadingVerb, format_option, resource_option
from smsearch.cli.usage import UsageError
from smsearch.cli.verb import option, positionals
from smsearch.frames import cell_text
from smsearch.frames.table_text import text
from smsearch.frozen import frozen, replace
from smsearch.messages import counted, visible
from smsearch.reasons import difference
from smsearch.schema.notation import ISO
from smsearch.writers import tables
from smsearch.writers.answer import Answer
from smsearch.writers.grid import Fit, Grid
from smsearch.writers.screen_text import width_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from smsearch.cli.formats import Format
    from smsearch.cli.open_sources import OpenSources
    from smsearch.cli.query_argument import QueryArgument
    from smsearch.cli.standard_error import StandardError
    from smsearch.reasons.difference import Change
    from smsearch.schema.record import Record
    from smsearch.schema.value_kinds import Kind

FORMATS = ("table", "json", "jsonl", "md")
_BOTH_NAMES = 2
_LETTERS = ("A", "B")


class DiffVerb(DrawingVerb, ReadingVerb):
    """Writes the properties in which the records A and B differ, each with both values.

    A and B are names or ARNs. With --left and --right, the names that only one of two queries finds; how many
    both find is said on standard error.
    """

    examples = (
        "diff data/exports vision-resnet-2024-12-26-04-55-07-537 ads-bert-2024-12-26-01-43-14-721",
        "diff data/exports vision-resnet-2024-12-26-04-55-07-537 ads-bert-2024-12-26-01-43-14-721 -f md",
        'diff data/exports --left "team = vision" --right "status = Failed"',
    )

    arguments: tuple[str, ...] = positionals("SOURCE... [A B]")
    left: str | None = option("--left QUERY", "With --right and without A and B: two queries.")
    right: str | None = option("--right QUERY", "The other query.")
    resource: str | None = resource_option()
    format_name: str | None = format_option(FORMATS, "a table on a terminal, else jsonl")

    def run(self) -> int:
        """Compares and writes."""
        if (self.left is None) != (self.right is None):
            raise UsageError("--left and --right belong together")
        form = self.format_of(self.format_name, FORMATS)
        if self.left is None or self.right is None:
            sources, names = _sources_and_names(self.arguments)
            opened = self.open(sources)
            rows = _of_records(names, self.resource, opened, self.stderr)
        else:
            queries = [query_argument.read(query, (), self.resource) for query in (self.left, self.right)]
            opened = self.open(needed(self.arguments))
            rows = _of_queries(queries, opened, self.stderr, form)
        with self.open_output_in(form.name) as stream:
            _write(stream, form, rows, Answer((), is_colored=self.is_colored, width=self.table_width))
        return opened.exit_code


@frozen
class _Rows:
    """What is written: as JSON (a list, for a table's formats one row each), and as the texts of a table."""

    members: list[dict[str, Any]] | dict[str, Any]
    header: list[str]
    cells: list[list[str]]


def _of_records(names: tuple[str, str], resource: str | None, opened: OpenSources, stderr: StandardError) -> _Rows:
    ours, theirs = (_one(name, resource, opened) for name in names)
    if ours.resource != theirs.resource:
        raise UsageError(f"{names[0]} is a {ours.resource} and {names[1]} a {theirs.resource}")
    changes = difference.changes(ours, theirs)
    stderr.note(f"{counted(len(changes), 'property', 'properties')} differ{'s' if len(changes) == 1 else ''}")
    header = ["Property", *map(visible, names)]
    return _Rows([_members(change) for change in changes], header, [_cells(change) for change in changes])


def _of_queries(queries: Sequence[QueryArgument], opened: OpenSources, stderr: StandardError, form: Format) -> _Rows:
    for query in queries:
        query.refuse_page()
    one, other = (query.result(opened.searcher) for query in queries)
    shared = one.overlap(other)
    stderr.note(f"{len(shared.left):,} only left, {len(shared.right):,} only right, {shared.both:,} in both")
    sides = {"left": shared.left, "right": shared.right}
    names = {side: [record.name or record.arn for record in records] for side, records in sides.items()}
    pairs = [(side, name) for side in sides for name in names[side]]
    members = [{"Only": side, "Name": name} for side, name in pairs]
    cells = [[side, visible(name)] for side, name in pairs]
    return _Rows({**names, "both": shared.both} if form.name == "json" else members, ["Only", "Name"], cells)


def _sources_and_names(arguments: Sequence[str]) -> tuple[Sequence[str], tuple[str, str]]:
    if len(arguments) < _BOTH_NAMES:
        raise UsageError("diff takes two names, or --left and --right")
    return needed(arguments[:-_BOTH_NAMES]), (arguments[-2], arguments[-1])


def _one(name: str, resource: str | None, opened: OpenSources) -> Record:
    records = opened.searcher.describe(name, resource)
    if not records:
        raise not_found(name, resource, opened.searcher)
    if len(records) > 1:
        arns = ", ".join(f"{record.resource} {record.arn}" for record in records)
        raise UsageError(f"{len(records)} records are called {name}: say which by ARN or with -r ({arns})")
    return records[0]


def _members(change: Change) -> dict[str, Any]:
    return {"Property": change.path, "Left": _json(change.left), "Right": _json(change.right)}


def _json(value: object) -> object:
    """A value that orjson writes to the last digit."""
    is_number = not isinstance(value, str | bool | list | dict | None)
    return ISO.number(value) if is_number else value  # type: ignore[arg-type]  # what is left is a number


def _cells(change: Change) -> list[str]:
    return [visible(change.path), _shown(change.left, change.kind), _shown(change.right, change.kind)]


def _shown(value: object, kind: Kind) -> str:
    """A value as a table shows it; what is absent is empty, an empty text `""`."""
    if value is None:
        return ""
    if kind.is_time and isinstance(value, str):
        return visible(cell_text.time_text(value)) or '""'
    return visible(text(_json(value))) or '""'


def _write(stream: BinaryIO, form: Format, rows: _Rows, look: Answer) -> None:
    flags = (False,) * len(rows.header)
    match form.name:
        case "json":
            stream.write(orjson.dumps(rows.members, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        case "jsonl":
            stream.writelines(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows.members)
        case "md":
            tables.write_markdown_grid(stream, rows.header, rows.cells, flags)
        case _:
            _write_table(stream, rows, look)


def _write_table(stream: BinaryIO, rows: _Rows, look: Answer) -> None:
    """Writes a table in which nothing is cut; headings that a terminal has no room for stand above it, as A and B."""
    flags = (False,) * len(rows.header)
    grid = Grid(rows.header, rows.cells, flags, (Fit.FOLD,) * len(rows.header))
    if any(width_of(name) > width for name, width in zip(rows.header, grid.widths(look.width), strict=True)):
        letters = dict(zip(_LETTERS, rows.header[1:], strict=True))
        for letter, name in letters.items():
            tables.write_folded(stream, f"{letter}: {name}", look.width)
        grid = replace(grid, header=[rows.header[0], *letters])
    tables.write_grid(stream, grid, look)
