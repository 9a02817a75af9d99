"""The documents of a segment, one after another from the beginning of the file: reader and check of that structure.

Each is `{"TrainingJob":{...}}` and a comma. The writers of segments and of held snapshots copy documents as they come,
and give `offsets_of` their lengths. It knows no member of a document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.numpy_later import np
from smsearch.schema import catalogue
from smsearch.store.footer import CHUNK_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from smsearch.store.segment import Segment
    from smsearch.store.table_metadata import RecordsMetadata

_CHUNK_STRADDLED: Final = CHUNK_BYTES
_TAIL: Final = b"}},"


def offsets_of(lengths: NDArray[np.integer[Any]]) -> NDArray[np.uint64]:
    """Where each document begins, and the end, given the bytes of each with its comma."""
    offsets = np.zeros(len(lengths) + 1, np.uint64)
    np.cumsum(lengths, dtype=np.uint64, out=offsets[1:])
    return offsets


class Documents:
    """The documents of a segment, or of a file of held snapshots."""

    def __init__(self, segment: Segment, metadata: RecordsMetadata) -> None:
        self._segment = segment
        self._metadata = metadata
        self.offsets = segment.array(metadata.documents)

    def of(self, rows: NDArray[Any]) -> list[bytes]:
        """The documents of some rows, without the comma that follows."""
        mapped = self._segment.mapped
        return [mapped[start:end] for start, end in self.spans(rows)]

    def spans(self, rows: NDArray[Any]) -> Iterable[tuple[int, int]]:
        """Where in the file the documents of some rows begin and end, once those bytes are verified."""
        if not len(rows):
            return []
        segment = self._segment
        starts = self.offsets.take(rows).astype(np.int64)
        ends = self.offsets.take(rows + 1).astype(np.int64) - 1
        segment.verify_at(starts)
        segment.verify_at(ends)
        pairs = zip(starts.tolist(), ends.tolist(), strict=True)
        if (ends - starts).max() <= _CHUNK_STRADDLED:
            return pairs
        spans = list(pairs)
        for start, end in spans:
            segment.verify(start, end)
        return spans

    def one(self, row: int) -> bytes:
        """The document of a row, without the comma that follows; read without NumPy."""
        start, end = self.offsets.at(row), self.offsets.at(row + 1)
        return self._segment.bytes_between(int(start), int(end) - 1)

    def check(self) -> Iterator[str]:
        """What is wrong with them, a sentence each: one begins where the last ends, as an object of one member."""
        offsets = self.offsets.whole().astype(np.int64)
        if len(offsets) != self._metadata.rows + 1 or offsets[0] or (np.diff(offsets) <= 0).any():
            yield "its documents do not stand one after another."
            return
        if offsets[-1] > self.offsets.offset:
            yield "its documents do not end before its arrays begin."
            return
        head = b'{"%s":{' % catalogue.resource(self._metadata.resource).record_key.encode()
        mapped = self._segment.mapped
        for row, (start, end) in enumerate(zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)):
            if mapped[start : start + len(head)] != head or mapped[end - len(_TAIL) : end] != _TAIL:
                yield f"the document of row {row} does not begin and end as one."
                return
