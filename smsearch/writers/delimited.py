"""Matches as comma- or tab-separated values: RFC 4180 quoting, a line feed at the end of each line, UTF-8.

An absent value is an empty field, and an empty text is `""`, so that a reader can tell one from the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

from smsearch.frames.table_text import RecordCells, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsearch.writers.answer import Answer

_QUOTED: Final = frozenset('"\r\n')
"""A field with one of these characters, or with the delimiter, stands in quotes."""


def write_csv(stream: BinaryIO, answer: Answer) -> None:
    """Comma-separated values under a line of column names."""
    _write(stream, answer, ",")


def write_tsv(stream: BinaryIO, answer: Answer) -> None:
    """Tab-separated values under a line of column names."""
    _write(stream, answer, "\t")


def write_lines(stream: BinaryIO, header: Iterable[str], rows: Iterable[Iterable[object]], delimiter: str) -> None:
    """A line of names, then a line for each row."""
    stream.write(_line(header, delimiter))
    stream.writelines(_line(row, delimiter) for row in rows)


def _write(stream: BinaryIO, answer: Answer, delimiter: str) -> None:
    rows = map(RecordCells(answer.columns), answer.records)
    write_lines(stream, answer.header, rows, delimiter)


def _line(row: Iterable[object], delimiter: str) -> bytes:
    return f"{delimiter.join(_field(cell, delimiter) for cell in row)}\n".encode()


def _field(cell: object, delimiter: str) -> str:
    if cell is None:
        return ""
    field = text(cell)
    if field and delimiter not in field and _QUOTED.isdisjoint(field):
        return field
    escaped = field.replace('"', '""')
    return f'"{escaped}"'
