"""What a format is given to write: records, and which of their properties; and their cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from smsearch.frames.gather import Gatherer
from smsearch.schema import notation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from smsearch.schema.property import Property
    from smsearch.schema.record import Record


@dataclass(frozen=True, slots=True)
class Answer:
    """The matches to write.

    Attributes:
        records: In order; a list where the format reads them more than once (`Columns.ALL`).
        columns: The properties to write, or `()` for whole documents.
        is_colored: Whether a table may have colours.
        width: The columns of the terminal that a table has to fit, or None for no bound.
        expendable: Names of columns that may be left out to fit it.
    """

    records: Iterable[Record]
    columns: tuple[Property, ...] = ()
    is_colored: bool = False
    width: int | None = None
    expendable: frozenset[str] = frozenset()


class Rows:
    """Called with a record, gives its cells: the JSON values of some properties, times as ISO 8601 in UTC."""

    def __init__(self, columns: Sequence[Property]) -> None:
        self._columns = columns
        self._gather = Gatherer(columns)

    def __call__(self, record: Record) -> list[object]:
        """A cell for each property: a list where there may be several values, None where there is none."""
        row: list[object] = [None] * len(self._columns)
        for place, raws in self._gather(notation.document(record, notation.ISO)).items():
            row[place] = raws if self._columns[place].is_many else raws[0]
        return row


def documents(answer: Answer) -> Iterator[dict[str, Any]]:
    """The records for `orjson.dumps`: whole, or flat with the columns alone; times as ISO 8601 in UTC."""
    if not answer.columns:
        yield from (notation.document(record, notation.ISO) for record in answer.records)
        return
    row = Rows(answer.columns)
    names = [prop.name for prop in answer.columns]
    yield from (dict(zip(names, row(record), strict=True)) for record in answer.records)


def text(cell: object) -> str:
    """A cell that is there as text: a text itself, the JSON of anything else."""
    return cell if isinstance(cell, str) else orjson.dumps(cell).decode()
