"""The documents of a segment, one after another from the beginning of the file: reader and check of that structure.

Each is `{"TrainingJob":{...}}` and a comma; or, where a segment has a dictionary, a frame of that alone
(`compression.py`). The writers of segments and of held snapshots copy documents as they come, and give `members_of`
their lengths and checksums. Documents of a page lie far apart, so each is verified by a checksum of its own, when it is
first read: those of the chunks cover four times as many bytes. It knows no member of a document.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from smsearch.numpy_later import np
from smsearch.schema import catalogue
from smsearch.store.directory import checked_reference
from smsearch.store.footer import CHUNK_BITS, CHUNK_BYTES, damaged, outside

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from smsearch.store.segment import Segment
    from smsearch.store.table_metadata import RecordsMetadata

_CHUNK_STRADDLED: Final = CHUNK_BYTES
_SCATTERED_FROM: Final = 2
"""Bytes of chunks to verify, over those of documents, from which on each document is verified by itself: measured."""
_TAIL: Final = b"}},"


def members_of(lengths: NDArray[np.integer[Any]], checksums: array[int]) -> dict[str, NDArray[Any]]:
    """The members that say where each document begins, and where the last ends, and what verifies it.

    Args:
        lengths: The bytes that are stored of each, its comma among them.
        checksums: The `crc32` of what is stored of each without the comma; of type code `I`.
    """
    offsets = np.zeros(len(lengths) + 1, np.uint64)
    np.cumsum(lengths, dtype=np.uint64, out=offsets[1:])
    return {"documents": offsets, "checksums": np.frombuffer(checksums, np.uint32)}


def _are_scattered(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> bool:
    """Whether documents lie so far apart that their chunks have many times their bytes."""
    chunks = set((starts >> CHUNK_BITS).tolist())
    return len(chunks) << CHUNK_BITS > _SCATTERED_FROM * int(np.add.reduce(lengths))


class Documents:
    """The documents of a segment, or of a file of held snapshots; they end before its arrays begin."""

    def __init__(self, segment: Segment, metadata: RecordsMetadata) -> None:
        self._segment = segment
        self._metadata = metadata
        self._behind = 1 if metadata.dictionary is None else 0  # the comma
        self.offsets = segment.array(metadata.documents)
        self._checksums = None if metadata.checksums is None else segment.array(metadata.checksums)

    @cached_property
    def _is_verified(self) -> NDArray[np.bool_]:
        """bool: for each row, whether its document was verified by itself."""
        return np.zeros(self._metadata.rows, bool)

    @cached_property
    def expand(self) -> Callable[[bytes], bytes] | None:
        """Gives the document of the bytes that are stored of it; None where these are the document.

        Raises:
            StoreError: They are not what was compressed; as the function that is returned.
        """
        if self._metadata.dictionary is None:
            return None
        from smsearch.store.compression import Expander  # few stores are compressed

        name = self._segment.name
        offset, length, _ = checked_reference(self._metadata.dictionary, name, self._segment.end)
        expander = Expander(self._segment.bytes_between(offset, offset + length))

        def expand(frame: bytes) -> bytes:
            try:
                return expander.expand(frame)
            except ValueError:
                raise damaged(name, "a document cannot be expanded") from None

        return expand

    def of(self, rows: NDArray[Any]) -> list[bytes]:
        """The documents of some rows, without the comma that follows."""
        mapped, expand = self._segment.mapped, self.expand
        stored = [mapped[start:end] for start, end in zip(*self.spans(rows), strict=True)]
        return stored if expand is None else list(map(expand, stored))

    def spans(self, rows: NDArray[Any]) -> tuple[list[int], list[int]]:
        """Where in the file what is stored of some rows begins, and where it ends, once those bytes are verified.

        Raises:
            StoreError: One is damaged, or does not stand where documents do.
        """
        if not len(rows):
            return [], []
        segment = self._segment
        starts = self.offsets.take(rows).astype(np.int64)
        ends = self.offsets.take(rows + 1).astype(np.int64) - self._behind
        lengths = ends - starts
        least, greatest = np.minimum.reduce, np.maximum.reduce  # `min` and `max` are functions of Python
        if least(lengths) <= 0 or least(starts) < 0 or greatest(ends) > self.offsets.offset:
            raise outside(segment.name)
        spans = starts.tolist(), ends.tolist()
        if self._checksums is not None and _are_scattered(starts, lengths):
            self._verify_each(rows, starts, ends)
            return spans
        segment.verify_at(starts)
        segment.verify_at(ends - 1 + self._behind)
        if greatest(lengths) > _CHUNK_STRADDLED:
            for start, end in zip(*spans, strict=True):
                segment.verify(start, end)
        return spans

    def _verify_each(self, rows: NDArray[Any], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
        """Verifies what is stored of some rows, where that was not done yet.

        Raises:
            StoreError: One is not as it was written.
        """
        is_verified = self._is_verified.take(rows)
        if self._checksums is None or np.logical_and.reduce(is_verified):
            return
        new = (~is_verified).nonzero()[0]
        new_rows = rows.take(new)
        checksums = self._checksums.take(new_rows).tolist()
        self._segment.verify_each(starts.take(new).tolist(), ends.take(new).tolist(), checksums)
        self._is_verified[new_rows] = True

    def one(self, row: int) -> bytes:
        """The document of a row, without the comma that follows; read without NumPy."""
        start, end = int(self.offsets.at(row)), int(self.offsets.at(row + 1)) - self._behind
        if not 0 <= start <= end <= self.offsets.offset:
            raise outside(self._segment.name)
        stored = self._segment.bytes_between(start, end)
        return stored if self.expand is None else self.expand(stored)

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
        mapped, expand = self._segment.mapped, self.expand
        from smsearch.store.checksum import crc32  # no search needs it

        checksums = None if self._checksums is None else self._checksums.whole()
        for row, (start, end) in enumerate(zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)):
            if checksums is not None and crc32(mapped[start : end - self._behind]) != checksums[row]:
                yield f"the document of row {row} is not that of its checksum."
                return
            stored = mapped[start:end] if expand is None else expand(mapped[start:end]) + b","
            if not (stored.startswith(head) and stored.endswith(_TAIL)):
                yield f"the document of row {row} does not begin and end as one."
                return
