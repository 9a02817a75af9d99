"""What a format writes: records, the properties to write of them, and their cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.frames.table_text import RecordCells
from smsearch.frozen import field, frozen
from smsearch.schema import case, notation
from smsearch.schema.catalogue import resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from smsearch.frames.summary import SummaryColumn
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record


@frozen
class Answer:
    """The matches to write.

    Attributes:
        records: In order; a list where the format reads them more than once (`DefaultColumns.ALL`).
        columns: The properties to write, or `()` for whole documents.
        summary: The columns of a table that nobody chose, or `()`; `columns` is empty then.
        is_colored: Whether a table may have colours.
        width: The columns of the terminal that a table has to fit, or None for no bound.
        is_csv_safe: Whether CSV has an apostrophe before cells that a spreadsheet would run.
        families: Beginnings of names, each with its dot, after which a user's own key stands (`HyperParameters.`).
        names: What properties are called, if not by their names.
        is_snake: Whether whole documents are written in snake_case, as far as the service model names their members.
    """

    records: Iterable[Record]
    columns: tuple[Property, ...] = ()
    summary: tuple[SummaryColumn, ...] = ()
    is_colored: bool = False
    width: int | None = None
    is_csv_safe: bool = False
    families: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    is_snake: bool = False

    @property
    def header(self) -> list[str]:
        """What the columns are called."""
        return [self.spelled(prop.name) for prop in self.columns]

    def spelled(self, name: str) -> str:
        """What a property is called."""
        return self.names.get(name, name)


def documents(answer: Answer) -> Iterator[dict[str, Any]]:
    """The records for `orjson.dumps`: whole, or flat with the columns alone; times as ISO 8601 in UTC."""
    if answer.columns:
        row, names = RecordCells(answer.columns), answer.header
        yield from (dict(zip(names, row(record), strict=True)) for record in answer.records)
        return
    for record in answer.records:
        members = notation.exported(record, notation.ISO)
        yield case.document(members, resource(record.resource).root) if answer.is_snake else members
