"""An array of texts of a segment: their joined UTF-8, and where each begins; read one by one, without NumPy.

The three texts "a", "" and "bc" are the UTF-8 `abc` and the offsets 0, 1, 1, 3. Where texts are sorted, it is by code
point. `texts.py` has the writer, and the face of the same array that reads all texts at once, with NumPy.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from struct import Struct, unpack_from
from typing import TYPE_CHECKING

from smsearch.store.directory import checked_reference
from smsearch.store.footer import damaged, outside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.store.footer_reader import FooterReader

_PAIRS = {"<u4": "<2I", "<i8": "<2q"}
"""How two offsets are unpacked: those of less than 4 GiB are written in 32 bits."""


class StringArray:
    """Texts of a segment; each is verified when it is read.

    Args:
        segment: The file.
        references: The references to the UTF-8 and to the offsets.

    Raises:
        StoreError: The references are none to texts.
    """

    __slots__ = ("_length", "_offsets_start", "_pair", "_segment", "_size", "_start", "_width")

    def __init__(self, segment: FooterReader, references: Sequence[Sequence[object]]) -> None:
        encoded, offsets = (checked_reference(one, segment.name, segment.end) for one in references)
        self._segment = segment
        self._start = encoded.offset
        self._offsets_start = offsets.offset
        self._length = offsets.length - 1
        self._size = encoded.length
        if self._length < 0 or encoded.dtype != "|u1" or offsets.dtype not in _PAIRS:
            raise damaged(segment.name, "its texts do not say where each begins and ends")
        self._pair = Struct(_PAIRS[offsets.dtype])
        self._width = self._pair.size // 2

    def __len__(self) -> int:
        return self._length

    def encoded(self, at: int) -> bytes:
        """The UTF-8 of one text.

        Raises:
            StoreError: There is no such text, or it does not lie among the texts.
        """
        segment = self._segment
        if not 0 <= at < self._length:
            raise outside(segment.name)
        place = self._offsets_start + at * self._width
        segment.verify(place, place + 2 * self._width)
        start, end = self._pair.unpack_from(segment.mapped, place)
        if not 0 <= start <= end <= self._size:
            raise outside(segment.name)
        segment.verify(self._start + start, self._start + end)
        return segment.mapped[self._start + start : self._start + end]

    def joined(self) -> tuple[bytes, tuple[int, ...]]:
        """The UTF-8 of all texts, one after another, and where each begins and the last ends."""
        segment, start = self._segment, self._offsets_start
        segment.verify(start, start + (self._length + 1) * self._width)
        bounds = unpack_from(f"<{self._length + 1}{self._pair.format[-1]}", segment.mapped, start)
        return segment.bytes_between(self._start, self._start + self._size), bounds

    def __getitem__(self, at: int) -> str:
        try:
            return self.encoded(at).decode()
        except UnicodeDecodeError:
            raise damaged(self._segment.name, "a text in it is no UTF-8") from None

    def place(self, text: str, *, after: bool = False) -> int:
        """How many of the sorted texts stand before a text (or, with `after`, before or at it)."""
        bisect = bisect_right if after else bisect_left
        return bisect(range(self._length), text.encode("utf-8", "surrogatepass"), key=self.encoded)

    def find(self, text: str) -> int | None:
        """Where a text stands among the sorted texts, or None."""
        at = self.place(text)
        return at if at < self._length and self.encoded(at) == text.encode("utf-8", "surrogatepass") else None

    def beginning(self, prefix: str) -> Iterator[str]:
        """The sorted texts that begin with a prefix."""
        for at in range(self.place(prefix), self._length):
            text = self[at]
            if not text.startswith(prefix):
                return
            yield text
