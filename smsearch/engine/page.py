"""The page that every engine returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.frozen import frozen
from smsearch.schema.parsed import ParsedDocuments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsearch.engine.cursor import Cursor
    from smsearch.schema.record import Record


@frozen
class Page:
    """Consecutive matches along a sort order.

    Attributes:
        records: At most as many as the page holds.
        next_cursor: Where the next page begins, or None if this is the last page.
        total: How many records match in all.
        stored: The records as a response holds them, in the wire's JSON, if the engine has them as bytes or as views of
            a file, which are read at once or not at all.
    """

    records: Sequence[Record]
    next_cursor: Cursor | None
    total: int
    stored: Sequence[bytes | memoryview] | None = None

    def lines(self) -> Iterable[bytes]:
        """Its records as `notation.line` gives each."""
        if isinstance(self.records, ParsedDocuments):
            return self.records.lines()
        from smsearch.schema import notation

        return map(notation.line, self.records)
