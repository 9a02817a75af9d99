"""Matches as a table for people: aligned text, record by record, or Markdown.

Times have whole seconds. Control characters, which a terminal would obey, are written as escapes. Only to fit a width
a long text is cut and ends in an ellipsis, a time loses its seconds, and a number has six digits; names are never cut.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO, Final

from smsearch.frames.summary import Look, SummaryColumn
from smsearch.frames.table_text import rows_of
from smsearch.messages import visible
from smsearch.writers import screen_text
from smsearch.writers.grid import Fit, Grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsearch.writers.answer import Answer

_LEAST_VALUE_WIDTH: Final = 20
"""Columns that a value has at least, record by record, beside its name."""


def write_table(stream: BinaryIO, answer: Answer) -> None:
    """A table with a heading; absent cells are empty, columns of nothing else are named below. Of no records, nothing.

    On a terminal that is too narrow, a summary leaves out columns and says which; what was chosen is written record by
    record.
    """
    columns, rows = _columns(answer), _rows(answer)
    if not rows:
        return  # headings alone say nothing
    filled = [at for at in range(len(columns)) if not at or any(row[at] for row in rows)]
    grid = _grid(columns, rows, answer)
    empty = [_heading(column, answer) for at, column in enumerate(columns) if at not in filled]
    places = filled
    if answer.width is not None:
        ranked = sorted((at for at in filled if columns[at].width_rank), key=lambda at: -columns[at].width_rank)
        fitting = grid.keep(filled).places_within([filled.index(at) for at in ranked], answer.width)
        places = [filled[place] for place in fitting]
        if not grid.keep(places).is_within(answer.width):
            write_long(stream, answer)
            return
    hidden = [_heading(columns[at], answer) for at in filled if at not in places]
    write_grid(stream, grid.keep(places), answer)
    for remark, names in (("no value here", empty), ("no room here", hidden)):
        if names:
            write_folded(stream, f"{remark}: {', '.join(map(visible, names))}", answer.width)


def write_long(stream: BinaryIO, answer: Answer) -> None:
    """Record by record, a line for each column that it has; on a terminal nothing is cut, long texts are folded."""
    names = [visible(_heading(column, answer)) for column in _columns(answer)]
    write_records(stream, names, _rows(answer), answer)


def write_records(stream: BinaryIO, names: Sequence[str], rows: Iterable[Sequence[str]], look: Answer) -> None:
    """Rows of texts one below the other, a line for each name and the text, if there is one."""
    label_width = max(map(screen_text.width_of, names))
    for at, row in enumerate(rows):
        cells = [[name, cell] for name, cell in zip(names, row, strict=True) if cell]
        stream.write(b"\n" if at else b"")
        _write_record(stream, cells, label_width, look)


def _write_record(stream: BinaryIO, cells: Sequence[Sequence[str]], label_width: int, answer: Answer) -> None:
    width = answer.width
    if width is not None:
        label_width = max(min(label_width, width - _LEAST_VALUE_WIDTH - 2), _LEAST_VALUE_WIDTH)
    for name, cell in cells:
        labels = screen_text.folded(name, label_width)
        values = [cell] if width is None else screen_text.folded(cell, max(width - label_width - 2, 1))
        for at in range(max(len(labels), len(values))):
            label = screen_text.padded(labels[at] if at < len(labels) else "", label_width)
            label = screen_text.styled(label, bold=True) if answer.is_colored else label
            value = values[at] if at < len(values) else ""
            stream.write(f"{label}  {value}".rstrip().encode() + b"\n")


def write_folded(stream: BinaryIO, remark: str, width: int | None) -> None:
    """Writes a remark in lines of at most this width."""
    lines = [remark] if width is None else screen_text.folded(remark, width)
    stream.writelines(f"{line}\n".encode() for line in lines)


def write_grid(stream: BinaryIO, grid: Grid, look: Answer) -> None:
    """Writes a table of texts; `look` has the width to fit, and says whether colours may be used."""
    stream.writelines(f"{line}\n".encode() for line in grid.lines(look.width, is_colored=look.is_colored))


def write_markdown(stream: BinaryIO, answer: Answer) -> None:
    """A Markdown table."""
    columns = _columns(answer)
    header = [visible(_heading(column, answer)) for column in columns]
    write_markdown_grid(stream, header, _rows(answer), [column.is_numeric for column in columns])


def write_markdown_grid(
    stream: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[bool]
) -> None:
    """A Markdown table of texts, columns of numbers aligned to the right."""
    rule = ["---:" if is_numeric else "---" for is_numeric in numeric]
    stream.writelines(f"| {' | '.join(map(_literal, row))} |\n".encode() for row in (header, rule, *rows))


def _literal(cell: str) -> str:
    """A text that Markdown shows as it is: neither markup nor a link nor a column of its own."""
    escaped = re.sub(r"([\\|`])", r"\\\1", cell).replace("](", "]\\(")
    return re.sub(r"&(?=#?\w+;)", "&amp;", escaped).replace("<", "&lt;")


def _columns(answer: Answer) -> tuple[SummaryColumn, ...]:
    return answer.summary or tuple(SummaryColumn(prop.name, (prop,)) for prop in answer.columns)


def _heading(column: SummaryColumn, answer: Answer) -> str:
    """The heading in the spelling that is asked for."""
    return answer.spelled(column.heading) if column.is_property else column.heading


def _rows(answer: Answer) -> list[list[str]]:
    return rows_of(answer.records, _columns(answer), is_short=answer.width is not None)


def _grid(columns: Sequence[SummaryColumn], rows: Sequence[Sequence[str]], answer: Answer) -> Grid:
    """The table, a name such as `HyperParameters.lr` in two lines of the heading."""
    split = [_split(column, answer) for column in columns]
    return Grid(
        header=[visible(heading) for _, heading in split],
        rows=rows,
        numeric=[column.is_numeric for column in columns],
        fits=[_fit(column, is_first=at == 0) for at, column in enumerate(columns)],
        prefixes=[visible(prefix) for prefix, _ in split],
    )


def _split(column: SummaryColumn, answer: Answer) -> tuple[str, str]:
    """What stands above the heading, and the heading: a user's own key, or the last segment of another name."""
    name = _heading(column, answer)
    if not column.is_property:
        return "", name
    family = max((prefix for prefix in answer.families if column.heading.startswith(prefix)), key=len, default="")
    dots = family.count(".") or name.count(".")
    segments = name.split(".", dots)
    return ".".join(segments[:-1]), segments[-1]


def _fit(column: SummaryColumn, *, is_first: bool) -> Fit:
    kind = column.properties[0].kind
    if is_first or column.look is not Look.VALUE or kind.is_number:
        return Fit.WHOLE
    if kind.is_time:
        return Fit.TIME if column.width_rank else Fit.WHOLE
    return Fit.CUT
