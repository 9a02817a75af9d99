"""What a format is given to write: records, and which of their properties; and the cells of one record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from smsearch.schema import notation, read

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def document(record: Record, columns: tuple[Property, ...]) -> dict[str, Any]:
    """A record for `orjson.dumps`, times as ISO 8601 in UTC: whole, or flat with the columns alone."""
    if not columns:
        return notation.document(record, notation.ISO)
    return dict(zip((prop.name for prop in columns), cells(record, columns), strict=True))


def cells(record: Record, columns: tuple[Property, ...]) -> list[object]:
    """The JSON values of some properties of a record: a list where there may be several, None where there is none."""
    members = notation.document(record, notation.ISO)
    found = (read.raw_values(members, prop.steps) for prop in columns)
    return [(raws if prop.is_many else raws[0]) if raws else None for prop, raws in zip(columns, found, strict=True)]


def text(cell: object) -> str:
    """A cell that is there as text: a text itself, the JSON of anything else."""
    return cell if isinstance(cell, str) else orjson.dumps(cell).decode()
