"""A column in memory behind the same readers as one in a file: its arrays stand in one buffer, and nothing is verified.

It knows no property and no value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from smsearch.numpy_later import np
from smsearch.store.column_metadata import read_column
from smsearch.store.directory import DirectoryEntry
from smsearch.store.segment import ALIGNMENT, Segment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smsearch.store.column_metadata import ColumnMetadata
    from smsearch.store.directory import ArrayReference

_NAME = "memory"


class MemorySegment(Segment):
    """The arrays of one column.

    Attributes:
        column: Its metadata, arrays replaced by references.
    """

    def __init__(self, metadata: ColumnMetadata[NDArray[Any]]) -> None:  # a file's reader opens a file
        self._parts: list[bytes] = []
        self.end = 0
        written = self._referenced(metadata.members())
        self._path = self.name = _NAME
        self.mapped = b"".join(self._parts)
        self.elements = np.frombuffer(self.mapped, np.uint8)
        self.column: ColumnMetadata[ArrayReference] = read_column(DirectoryEntry(written, _NAME, _NAME))

    def _referenced(self, value: object) -> object:
        match value:
            case np.ndarray():
                offset = self.end
                size = value.nbytes
                self._parts += [np.ascontiguousarray(value).tobytes(), bytes(-size % ALIGNMENT)]
                self.end += size + -size % ALIGNMENT
                return [offset, value.size, value.dtype.str]
            case Mapping():
                return {name: self._referenced(member) for name, member in value.items()}
            case list() | tuple():
                return [self._referenced(member) for member in value]
            case _:
                return value

    def verify(self, start: int, end: int) -> None:
        """Nothing can have changed."""

    def verify_at(self, offsets: NDArray[np.int64]) -> None:
        """Nothing can have changed."""
