"""A segment file with NumPy: aligned arrays, a directory of them, and a checksum for every 16 KiB; writer and reader.

Bytes are verified when they are first touched (`footer_reader.py`). An array is a NumPy view of the mapping; nothing is
copied until rows are gathered. This module knows arrays and directory entries, not what they mean.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from contextlib import suppress
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from smsearch import durable
from smsearch.numpy_later import np
from smsearch.orjson_later import orjson
from smsearch.store.checksum import crc32
from smsearch.store.directory import checked_reference
from smsearch.store.footer import CHUNK_BITS, CHUNK_BYTES, Footer, damaged_at, outside
from smsearch.store.footer_reader import FooterReader
from smsearch.store.texts import Texts, joined_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from numpy.typing import NDArray

    from smsearch.regular import StrPath

ALIGNMENT: Final = 64
_WRITTEN_BYTES: Final = 1 << 20
PATIENCE_READS: Final = 16
PATIENCE_BITS: Final = 16
"""Reads after which an array is verified whole, and one more for each 64 KiB: looking up what was verified costs as
much as reading a page's elements, and verifying more than was asked for must pay."""


class SegmentWriter:
    """Writes one segment file from front to back; memory does not grow with it, save 4 bytes a chunk.

    A context that ends before `close` leaves what is there, which is no segment yet.

    Args:
        path: The file.
        advance: Is called with the bytes that were written since the call before.
    """

    def __init__(self, path: Path, advance: Callable[[int], None] = lambda _: None) -> None:
        self._advance = advance
        self._file: BinaryIO = durable.create(path)
        self._offset = 0
        self._pending = bytearray()
        self._checksums = array("I")
        self._entries: dict[str, dict[str, object]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # of what could not be written, which was raised before
            self._file.close()

    def write(self, data: bytes | memoryview) -> int:
        """Appends bytes; returns the offset at which they stand."""
        offset = self._offset
        for at in range(0, len(data), _WRITTEN_BYTES):  # of a large array no copy is held
            self._write(data[at : at + _WRITTEN_BYTES])
        return offset

    def _write(self, data: bytes | memoryview) -> None:
        self._offset += len(data)
        self._file.write(data)
        self._pending += data
        if len(self._pending) >= CHUNK_BYTES:
            whole = len(self._pending) & ~(CHUNK_BYTES - 1)
            view = memoryview(self._pending)
            self._checksums.extend(crc32(view[at : at + CHUNK_BYTES]) for at in range(0, whole, CHUNK_BYTES))
            view.release()
            del self._pending[:whole]
            self._advance(whole)

    def align(self) -> None:
        """Pads to the next aligned offset."""
        self.write(bytes(-self._offset % ALIGNMENT))

    def entry(self, key: str, meta: Mapping[str, object]) -> None:
        """Puts an entry into the directory, its arrays written and replaced by references; keys are unique."""
        self._entries[key] = self._members(meta)

    def amend(self, key: str, members: Mapping[str, object]) -> None:
        """Adds members to an entry."""
        self._entries[key] = {**self._entries[key], **self._members(members)}

    def member(self, key: str, name: str) -> object:
        """A member of an entry of the directory, as `entry` was given it; None if there is no such entry."""
        return self._entries.get(key, {}).get(name)

    def _members(self, meta: Mapping[str, object]) -> dict[str, object]:
        return {name: self._referenced(member) for name, member in meta.items()}

    def _referenced(self, value: object) -> object:
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, Mapping):
            return self._members(value)
        if isinstance(value, list | tuple):
            return [self._referenced(member) for member in value]
        return value

    def _array(self, values: NDArray[Any]) -> list[object]:
        self.align()
        contiguous = np.ascontiguousarray(values).reshape(-1)
        offset = self.write(memoryview(contiguous.view(np.uint8).data) if contiguous.size else b"")
        return [offset, int(contiguous.size), contiguous.dtype.str]

    def close(self) -> int:
        """Writes directory, checksums and footer, to the disk itself; returns the file's size in bytes."""
        keys = sorted(self._entries, key=str.encode)
        names = [key.encode() for key in keys]
        metas = [orjson.dumps(self._entries[key]) for key in keys]
        directory = orjson.dumps(self._referenced([*joined_texts(names), *joined_texts(metas)]))
        self.align()
        directory_offset = self.write(directory)
        self.align()
        table_offset = self._offset
        if self._pending:
            self._checksums.append(crc32(self._pending))
        table = np.array(self._checksums, dtype="<u4").tobytes()
        self._file.write(table)
        footer = Footer(directory_offset, len(directory), table_offset, crc32(table))
        self._file.write(footer.packed())
        durable.sync(self._file)
        size = self._file.tell()
        self._file.close()
        return size


class Segment(FooterReader):
    """An open segment file, whose arrays are views of the mapping.

    Raises:
        StoreError: As `FooterReader` does.
    """

    _crc32 = staticmethod(crc32)

    def __init__(self, path: StrPath, size: int | None = None) -> None:
        super().__init__(path, size)
        self._view()

    @classmethod
    def over(cls, reader: FooterReader) -> Segment:
        """The other face of a file that is open already; both know what is verified."""
        segment = cls.__new__(cls)
        segment.__dict__ |= vars(reader)
        segment._view()  # noqa: SLF001 - its own class
        return segment

    def _view(self) -> None:
        self.elements = np.frombuffer(self.mapped, dtype=np.uint8)
        self._is_verified = np.frombuffer(self._verified, dtype=bool)  # the same bytes, so that both faces share them

    def verify_at(self, offsets: NDArray[np.int64]) -> None:
        """Verifies the chunks in which these bytes lie."""
        chunks = offsets >> CHUNK_BITS
        try:
            is_verified = self._is_verified[chunks]
        except IndexError:
            raise outside(self.name) from None
        if not np.logical_and.reduce(is_verified):  # `all` is a function of Python
            self._verify_chunks(sorted(set(chunks[~is_verified].tolist())))  # np.unique would load numpy.ma

    def verify_each(self, starts: list[int], ends: list[int], checksums: list[int]) -> None:
        """Verifies ranges of bytes by checksums of their own.

        Raises:
            StoreError: One is not as it was written.
        """
        for start, end, checksum in zip(starts, ends, checksums, strict=True):
            if crc32(self.bytes[start:end]) != checksum:
                raise damaged_at(self.name, start)

    def array(self, reference: Sequence[Any]) -> Array:  # type: ignore[override]  # the face with NumPy
        """The array of a reference."""
        return Array(self, reference)

    def texts(self, references: Sequence[Sequence[Any]]) -> Texts:
        """The texts of two references."""
        return Texts(self, references)


class Array:
    """One array of a segment; every read is verified first."""

    __slots__ = ("_offset", "_patience", "_segment", "_values", "_whole")

    def __init__(self, segment: Segment, reference: Sequence[Any]) -> None:
        offset, length, dtype = checked_reference(reference, segment.name, segment.end)
        element = np.dtype(dtype)
        self._segment = segment
        self._offset: int = offset
        self._values: NDArray[Any] = segment.elements[offset : offset + length * element.itemsize].view(element)
        self._whole = not length
        self._patience = PATIENCE_READS + (self._values.nbytes >> PATIENCE_BITS)

    def _is_whole(self) -> bool:
        """Whether all of it is verified, which happens when it has been read so often that looking costs more."""
        if not self._whole:
            self._patience -= 1
            if self._patience < 0:
                self.whole()
        return self._whole

    def __len__(self) -> int:
        return len(self._values)

    @property
    def holds_integers(self) -> bool:
        """Whether the elements are whole numbers."""
        return self._values.dtype.kind != "f"

    @property
    def dtype(self) -> np.dtype[Any]:
        """The element's type."""
        return self._values.dtype

    @property
    def offset(self) -> int:
        """Where in the file the first element stands."""
        return self._offset

    def whole(self) -> NDArray[Any]:
        """A view of all elements."""
        if not self._whole:
            self._segment.verify(self._offset, self._offset + self._values.nbytes)
            self._whole = True
        return self._values

    def part(self, start: int, end: int) -> NDArray[Any]:
        """A view of the elements from `start` to before `end`."""
        if not self._is_whole() and end > start:
            size = self._values.itemsize
            self._segment.verify(self._offset + start * size, self._offset + end * size)
        return self._values[start:end]

    def take(self, places: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """A copy of the elements at some places.

        Raises:
            StoreError: There is no such place; places are numbers of a file, too.
        """
        if not self._is_whole():
            self._segment.verify_at(self._offset + places.astype(np.int64) * self._values.itemsize)
        try:
            return self._values.take(places)  # half of what `self._values[places]` costs: measured, uint8 to uint32
        except IndexError:
            raise outside(self._segment.name) from None

    def place(self, value: float, side: Literal["left", "right"]) -> int:
        """How many elements of a sorted array stand before a value (`left`), or before or at it (`right`).

        Only the chunks around the place are verified: where its two neighbours are right, so is the place.
        """
        key = self._values.dtype.type(value)  # of another type, NumPy would convert the whole array to it first
        before_it = int(self._values.searchsorted(key, side))
        if self._is_whole():
            return before_it
        around = self.part(max(before_it - 1, 0), min(before_it + 1, len(self))).tolist()
        before = around[0] if before_it > 0 else None
        after = around[-1] if before_it < len(self) else None
        fits_before = before is None or before < value or (side == "right" and before == value)
        fits_after = after is None or after > value or (side == "left" and after == value)
        if not (fits_before and fits_after):
            return int(self.whole().searchsorted(key, side))
        return before_it

    def at(self, place: int) -> int | float:
        """One element as a Python number.

        Raises:
            StoreError: There is no such place.
        """
        if not self._is_whole():
            start = self._offset + place * self._values.itemsize
            self._segment.verify(start, start + 1)
        try:
            return self._values.item(place)  # type: ignore[no-any-return]
        except IndexError:
            raise outside(self._segment.name) from None

    def find_between(self, starts: NDArray[np.int64], ends: NDArray[np.int64], needle: bytes) -> NDArray[np.bool_]:
        """Which ranges of the file hold a needle."""
        if not self._whole:
            self._segment.verify_at(starts)
            straddling = (starts >> CHUNK_BITS != (ends - 1) >> CHUNK_BITS) & (ends > starts)
            for start, end in zip(starts[straddling].tolist(), ends[straddling].tolist(), strict=True):
                self._segment.verify(start, end)
        places = map(self._segment.mapped.find, repeat(needle), starts.tolist(), ends.tolist())
        return np.fromiter(places, dtype=np.int64, count=len(starts)) >= 0
