"""What exports had in other types than the service model's (row R13): writer, reader and check of that structure.

Few records have any. For those the structure holds the rows, ascending, and for each the JSON of the members as they
were exported (`notation.other_types_of`). It knows no member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.numpy_later import np
from smsearch.schema.decode import loads
from smsearch.store.texts import joined_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from smsearch.store.segment import Segment
    from smsearch.store.table_metadata import RecordsMetadata


def members(exported: Mapping[int, bytes]) -> dict[str, object]:
    """The members of a directory's entry, given the JSON of each row that has any; none if no row has."""
    if not exported:
        return {}
    rows = sorted(exported)
    return {"exported": [np.array(rows, np.uint32), *joined_texts([exported[row] for row in rows])]}


class Exported:
    """What exports had in other types, for the rows of a segment, or of a file of held snapshots."""

    def __init__(self, segment: Segment, metadata: RecordsMetadata) -> None:
        self._row_count = metadata.rows
        self.is_empty = metadata.exported is None
        if metadata.exported is not None:
            self._rows = segment.array(metadata.exported.rows)
            self._texts = segment.texts(metadata.exported.texts)

    def of(self, rows: NDArray[Any]) -> dict[int, bytes]:
        """The JSON, by place among some rows."""
        if self.is_empty:
            return {}
        stored = self._rows.whole()
        places = np.searchsorted(stored, rows)
        is_stored = stored[np.minimum(places, len(stored) - 1)] == rows
        return {at: self._texts.encoded(int(places[at])) for at in np.flatnonzero(is_stored).tolist()}

    def check(self) -> Iterator[str]:
        """What is wrong with it, a sentence each: rows in order, and of each a JSON object."""
        if self.is_empty:
            return
        rows, texts = self._rows.whole(), self._texts
        ascend = bool((rows[1:] > rows[:-1]).all())
        if not len(rows) or len(rows) != len(texts) or not ascend or int(rows[-1]) >= self._row_count:
            yield "what exports had in other types is not of rows of it in order."
        elif not all(isinstance(loads(texts.encoded(at)), dict) for at in range(len(texts))):
            yield "what exports had in other types is no JSON object."
