"""Matches as a table for people: aligned text, or Markdown.

Times have whole seconds. Control characters, which a terminal would obey, are written as escapes. A cell is cut, and
ends in an ellipsis, only to fit a width; names, numbers and times are never cut.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from smsearch.schema import values
from smsearch.writers.answer import RecordCells, text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from smsearch.schema.property import Property
    from smsearch.writers.answer import Answer

_COLORS: Final = {
    "Completed": "green",
    "Failed": "red",
    "InProgress": "cyan",
    "Stopped": "yellow",
    "Stopping": "yellow",
}
_GAP: Final = "  "
_LEAST_WIDTH: Final = 12


def write_table(stream: BinaryIO, answer: Answer) -> None:
    """A table with a line of column names; absent cells are empty."""
    header, rows = _grid(answer)
    uncut = [prop.kind.is_number or prop.kind.is_time for prop in answer.columns]
    grid = Grid(header, rows, tuple(prop.kind.is_number for prop in answer.columns), tuple(uncut))
    if answer.width is not None:
        grid = grid.without(answer.expendable, answer.width)
    write_grid(stream, grid, answer)


def write_grid(stream: BinaryIO, grid: Grid, look: Answer) -> None:
    """Writes a table of texts; `look` has the width to fit, and says whether colours may be used."""
    widths = grid.widths if look.width is None else grid.fitted(look.width)
    for place, row in enumerate((grid.header, *grid.rows)):
        cells_of_row = list(map(_padded, row, widths, grid.numeric))
        if look.is_colored:
            cells_of_row = [_colored(cell, is_header=place == 0) for cell in cells_of_row]
        stream.write(f"{_GAP.join(cells_of_row).rstrip()}\n".encode())


def lines(grid: Grid) -> Iterator[str]:
    """The lines of a table in which nothing is cut, the column names first, each as wide as the table."""
    widths = grid.widths
    for row in (grid.header, *grid.rows):
        yield _GAP.join(map(_padded, row, widths, grid.numeric))


@dataclass(frozen=True, slots=True)
class Grid:
    """The texts of a table.

    Attributes:
        header: The column names.
        rows: As many cells each.
        numeric: Which columns hold numbers, and are aligned to the right.
        uncut: In which columns no cell may be cut. Cells of the first column never are.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: tuple[bool, ...]
    uncut: tuple[bool, ...]

    @property
    def widths(self) -> list[int]:
        """The width of each column if nothing is cut."""
        return [max(map(_width, column)) for column in zip(self.header, *self.rows, strict=True)]

    def without(self, names: Collection[str], bound: int) -> Grid:
        """The grid without as many of these columns, from the right, as it takes to fit."""
        places = list(range(len(self.header)))
        for place in reversed(range(len(self.header))):
            least = self._least()
            if sum(least[at] + len(_GAP) for at in places) - len(_GAP) <= bound:
                break
            if self.header[place] in names:
                places.remove(place)
        return Grid(
            [self.header[place] for place in places],
            [[row[place] for place in places] for row in self.rows],
            tuple(self.numeric[place] for place in places),
            tuple(self.uncut[place] for place in places),
        )

    def fitted(self, bound: int) -> list[int]:
        """Widths that make a line as wide as the bound, if cutting what may be cut suffices."""
        widths, least = self.widths, self._least()
        excess = sum(widths) + len(_GAP) * (len(widths) - 1) - bound
        while excess > 0:
            spare, place = max(
                (width - low, place) for place, (width, low) in enumerate(zip(widths, least, strict=True))
            )
            if spare <= 0:
                break
            widths[place] -= 1
            excess -= 1
        return widths

    def _least(self) -> list[int]:
        """The widths below which no column goes."""
        cells_only = [max(map(_width, column), default=0) for column in zip(*self.rows, strict=True)]
        cells_only = cells_only or [0] * len(self.header)
        widths = self.widths
        return [
            widths[place] if place == 0 else min(widths[place], max(cells_only[place] if fixed else 0, _LEAST_WIDTH))
            for place, fixed in enumerate(self.uncut)
        ]


def write_markdown(stream: BinaryIO, answer: Answer) -> None:
    """A Markdown table."""
    header, rows = _grid(answer)
    write_markdown_grid(stream, header, rows, [prop.kind.is_number for prop in answer.columns])


def write_markdown_grid(
    stream: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[str]], numeric: Sequence[bool]
) -> None:
    """A Markdown table of texts, columns of numbers aligned to the right."""
    rule = ["---:" if is_numeric else "---" for is_numeric in numeric]
    for row in (header, rule, *rows):
        escaped = (cell.replace("\\", "\\\\").replace("|", "\\|") for cell in row)
        stream.write(f"| {' | '.join(escaped)} |\n".encode())


def _grid(answer: Answer) -> tuple[list[str], list[list[str]]]:
    header = list(map(visible, answer.header))
    rows = [
        [_shown(cell, prop) for cell, prop in zip(row, answer.columns, strict=True)]
        for row in map(RecordCells(answer.columns), answer.records)
    ]
    return header, rows


def _shown(cell: object, prop: Property) -> str:
    if cell is None:
        return ""
    if prop.kind.is_time and isinstance(cell, str):
        micros = values.parse_timestamp(cell)
        if micros is not None:
            return values.datetime_of(micros).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, list) and all(isinstance(element, str) for element in cell):
        return visible(", ".join(cell))
    return visible(text(cell))


def visible(value: str) -> str:
    """A text on one line: a line feed, a colour code and the like become escapes."""
    return value if value.isprintable() else "".join(map(_escaped, value))


def _escaped(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]


def _padded(cell: str, width: int, is_numeric: bool) -> str:  # noqa: FBT001 - one of a row's parallel values
    shown = _cut(cell, width)
    filling = " " * (width - _width(shown))
    return filling + shown if is_numeric else shown + filling


def _cut(cell: str, width: int) -> str:
    if _width(cell) <= width:
        return cell
    while _width(cell) > width - 1:
        cell = cell[:-1]
    return f"{cell}\N{HORIZONTAL ELLIPSIS}"


def _colored(cell: str, *, is_header: bool) -> str:
    color = _COLORS.get(cell.strip())
    if is_header:
        return styled(cell, bold=True)
    return styled(cell, color=color) if color else cell


def styled(shown: str, *, bold: bool | None = None, color: str | None = None) -> str:
    """A text with the codes that make a terminal show it bold or coloured."""
    import click

    return click.style(shown, bold=bold, fg=color)


def _width(cell: str) -> int:
    """The columns of a terminal that a text takes."""
    if cell.isascii():
        return len(cell)
    return sum(map(_character_width, cell))


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
