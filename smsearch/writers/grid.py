"""A table of texts laid out for a terminal: which columns become narrower, and how, so that a line fits.

A name such as `HyperParameters.lr` stands in two lines of the heading, and neighbours share the first
(`HyperParameters | epochs | lr`). It knows texts, no property and no record.
"""

from __future__ import annotations

from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING, Final

from smsearch.frozen import frozen
from smsearch.writers import screen_text
from smsearch.writers.screen_text import width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

GAP: Final = "  "
_LEAST_CUT_WIDTH: Final = 12
_LEAST_FOLDED_WIDTH: Final = 24
_DATE_WIDTH: Final = 10
_MINUTES_WIDTH: Final = 16
_COLORS: Final = {
    "Completed": "green",
    "Failed": "red",
    "InProgress": "cyan",
    "Stopped": "yellow",
    "Stopping": "yellow",
}


class Fit(Enum):
    """How the cells of a column become narrower."""

    WHOLE = "not at all"
    CUT = "the end of a long text becomes an ellipsis"
    FOLD = "a long text takes several lines"
    HEADING = "the heading takes several lines, and cells stay whole"
    TIME = "a time loses its seconds, then its time of day"


@frozen
class Grid:
    """The texts of a table.

    Attributes:
        header: The heading of each column.
        rows: As many cells each.
        numeric: Which columns hold numbers, and are aligned to the right.
        fits: How each column becomes narrower.
        prefixes: What stands above each heading, once above neighbours that share it; `()` or `""` for nothing.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[bool]
    fits: Sequence[Fit]
    prefixes: Sequence[str] = ()

    def keep(self, places: Sequence[int]) -> Grid:
        """The grid with only the columns at these places."""
        header, numeric = [self.header[place] for place in places], [self.numeric[place] for place in places]
        rows = [[row[place] for place in places] for row in self.rows]
        prefixes = [self.prefixes[place] for place in places] if self.prefixes else ()
        return Grid(header, rows, numeric, [self.fits[place] for place in places], prefixes)

    def places_within(self, expendable: Sequence[int], bound: int) -> list[int]:
        """The places that stay if expendable columns are left out, the first of them first, until a line fits."""
        places = list(range(len(self.header)))
        for place in expendable:
            if self.keep(places).is_within(bound):
                break
            places.remove(place)
        return places

    def is_within(self, bound: int) -> bool:
        """Whether its lines can be made as narrow as the bound."""
        return _line_width(self._least()) <= bound

    def widths(self, bound: int | None = None) -> list[int]:
        """The width of each column: without a bound nothing is cut; with one, lines are as wide if that suffices."""
        widths = self._widened([self._natural(place) for place in range(len(self.header))])
        if bound is None:
            return widths
        least = self._least()
        for _ in range(_line_width(widths) - bound):
            narrowable = [place for place, width in enumerate(widths) if width > least[place]]
            if not narrowable:
                break
            widths[max(narrowable, key=lambda place: (widths[place], place))] -= 1
        return self._snapped(widths, bound)

    def _snapped(self, widths: list[int], bound: int) -> list[int]:
        """Narrow times as wide as they are shown; other narrow columns get what that leaves over."""
        snapped = list(widths)
        for place, fit in enumerate(self.fits):
            natural = self._natural(place)
            if fit is Fit.TIME and snapped[place] < natural:
                least = self._least_at(place)
                snapped[place] = max(_MINUTES_WIDTH if snapped[place] >= _MINUTES_WIDTH else _DATE_WIDTH, least)
        for place, fit in enumerate(self.fits):
            spare = bound - _line_width(snapped)
            if fit in {Fit.CUT, Fit.FOLD, Fit.HEADING} and spare > 0:
                snapped[place] = min(self._natural(place), snapped[place] + spare)
        return snapped

    def lines(self, bound: int | None = None, *, is_colored: bool = False) -> Iterator[str]:
        """The lines of the table, the heading first, without blanks at their ends."""
        for row in self.row_lines(bound, is_colored=is_colored):
            yield from row

    def row_lines(self, bound: int | None = None, *, is_colored: bool = False) -> Iterator[list[str]]:
        """The lines of the heading, then those of each row."""
        widths = self.widths(bound)
        prefixes = [self._prefix_line(widths)] if any(self.prefixes) else []
        header = [*prefixes, *self._cell_lines(self.header, widths)]
        yield _printed(header, is_header=True, is_colored=is_colored)
        for row in self.rows:
            yield _printed(self._cell_lines(row, widths), is_header=False, is_colored=is_colored)

    def _prefix_line(self, widths: Sequence[int]) -> list[str]:
        return [
            screen_text.padded(prefix, _line_width([widths[place] for place in places]))
            for prefix, places in self._spans()
        ]

    def _cell_lines(self, row: Sequence[str], widths: Sequence[int]) -> list[list[str]]:
        columns = [_narrowed(cell, width, fit) for cell, width, fit in zip(row, widths, self.fits, strict=True)]
        height = max(map(len, columns), default=0)
        filled = [[*lines, *[""] * (height - len(lines))] for lines in columns]
        return [
            [
                screen_text.padded(line[at], width, is_numeric=is_numeric)
                for line, width, is_numeric in zip(filled, widths, self.numeric, strict=True)
            ]
            for at in range(height)
        ]

    def _natural(self, place: int) -> int:
        return max([width_of(self.header[place]), *(width_of(row[place]) for row in self.rows)])

    def _least(self) -> list[int]:
        """The widths below which no column goes; a heading is folded with its column, and else stays whole."""
        return self._widened([self._least_at(place) for place in range(len(self.header))])

    def _least_at(self, place: int) -> int:
        natural, heading = self._natural(place), width_of(self.header[place])
        match self.fits[place]:
            case Fit.WHOLE:
                return natural
            case Fit.CUT:
                return min(natural, max(heading, _LEAST_CUT_WIDTH))
            case Fit.FOLD:
                return min(natural, _LEAST_FOLDED_WIDTH)
            case Fit.HEADING:
                cells = max((width_of(row[place]) for row in self.rows), default=0)
                return min(natural, max(cells, _LEAST_CUT_WIDTH))
            case Fit.TIME:
                return min(natural, max(heading, _DATE_WIDTH))

    def _spans(self) -> list[tuple[str, list[int]]]:
        """Neighbours under one prefix, each column without one by itself."""
        prefixes = self.prefixes or [""] * len(self.header)
        runs = groupby(range(len(prefixes)), lambda place: (prefixes[place], place if not prefixes[place] else -1))
        return [(prefix, list(places)) for (prefix, _), places in runs]

    def _widened(self, widths: list[int]) -> list[int]:
        """The widths with room for each prefix; the last column below it has what is missing."""
        widened = list(widths)
        for prefix, places in self._spans():
            missing = width_of(prefix) - _line_width([widened[place] for place in places])
            widened[places[-1]] += max(missing, 0)
        return widened


def _line_width(widths: Sequence[int]) -> int:
    return sum(widths) + len(GAP) * (len(widths) - 1)


def _narrowed(cell: str, width: int, fit: Fit) -> list[str]:
    """The lines of a cell in a column of this width."""
    match fit:
        case Fit.FOLD | Fit.HEADING:
            return screen_text.folded(cell, width)
        case Fit.TIME if width_of(cell) > width:
            return [cell[: _MINUTES_WIDTH if width >= _MINUTES_WIDTH else _DATE_WIDTH]]
        case _:
            return [screen_text.cut(cell, width)]


def _printed(lines: Sequence[Sequence[str]], *, is_header: bool, is_colored: bool) -> list[str]:
    colored = ([_colored(cell, is_header=is_header) for cell in cells] if is_colored else cells for cells in lines)
    return [GAP.join(cells).rstrip() for cells in colored]


def _colored(cell: str, *, is_header: bool) -> str:
    color = _COLORS.get(cell.strip())
    if is_header:
        return screen_text.styled(cell, bold=True)
    return screen_text.styled(cell, color=color) if color else cell
