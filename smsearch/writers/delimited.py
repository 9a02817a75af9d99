"""Matches as comma- or tab-separated values: RFC 4180 quoting, a line feed at the end of each line, UTF-8.

An absent value is an empty field, and an empty text is `""`, so that a reader can tell one from the other.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, Final

from smsearch.frames.table_text import RecordCells, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsearch.writers.answer import Answer

_QUOTED: Final = frozenset('"\r\n')
"""A field with one of these characters, or with the delimiter, stands in quotes."""
_FORMULA: Final = re.compile(r"(?![-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\Z)[=+\-@\t\r\n]")
"""How a text begins that a spreadsheet runs, a number excepted."""


def write_csv(stream: BinaryIO, answer: Answer) -> None:
    """Comma-separated values under a line of column names."""
    _write(stream, answer, "csv")


def write_tsv(stream: BinaryIO, answer: Answer) -> None:
    """Tab-separated values under a line of column names."""
    _write(stream, answer, "tsv")


def write_lines(
    stream: BinaryIO, header: Iterable[str], rows: Iterable[Iterable[object]], form: str, *, is_safe: bool = False
) -> None:
    """A line of names, then one for each row, in the format `csv` or `tsv`; if safe, a spreadsheet runs none of it."""
    delimiter = "," if form == "csv" else "\t"
    lines: Iterable[Iterable[object]] = chain([header], rows)
    stream.writelines(_line(line, delimiter) for line in (map(_neutralised, lines) if is_safe else lines))


def _write(stream: BinaryIO, answer: Answer, form: str) -> None:
    rows = map(RecordCells(answer.columns), answer.records)
    write_lines(stream, answer.header, rows, form, is_safe=answer.is_csv_safe)


def _neutralised(row: Iterable[object]) -> list[object]:
    """A row with an apostrophe before each cell that a spreadsheet would run, which makes it a text there."""
    return [f"'{field}" if _FORMULA.match(field := text(cell)) else cell for cell in row]


def _line(row: Iterable[object], delimiter: str) -> bytes:
    return f"{delimiter.join(_field(cell, delimiter) for cell in row)}\n".encode()


def _field(cell: object, delimiter: str) -> str:
    if cell is None:
        return ""
    field = text(cell)
    if field and delimiter not in field and _QUOTED.isdisjoint(field):
        return field
    content = field.replace('"', '""')
    return f'"{content}"'
