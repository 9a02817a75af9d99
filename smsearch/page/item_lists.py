"""Lists in one parameter of an address: items separated by commas, quoted as in CSV where one holds a comma itself.

`read_list([written_list(items)]) == items` for different items that are not empty. It knows no screen.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE_END: Final = "\r\n"
"""Both of its characters make the writer quote an item that holds one."""


def written_list(items: Iterable[str]) -> str:
    """Items as one line of CSV without its end; `""` for none."""
    row = list(items)
    if not row:
        return ""
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator=_LINE_END).writerow(row)
    return line.getvalue().removesuffix(_LINE_END)


def read_list(lines: Iterable[str]) -> tuple[str, ...]:
    """The items of lines of CSV, each once, blank ones left out."""
    rows = (row for line in lines for row in _rows(line))
    return tuple(dict.fromkeys(item for row in rows for item in row if item))


def _rows(line: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(line, newline="")))
    except csv.Error:  # too long an item, or a line end outside quotes: nobody's link
        return []
