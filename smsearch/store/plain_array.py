"""An array of a segment, read element by element without NumPy; `segment.py` has the face of it that NumPy reads."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any, Final, Literal

from smsearch.store.directory import checked_reference
from smsearch.store.footer import outside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.store.footer_reader import FooterReader

_FORMATS: Final[dict[str, Any]] = {
    "|b1": "?", "|u1": "B", "|i1": "b", "<u2": "H", "<i2": "h",
    "<u4": "I", "<i4": "i", "<u8": "Q", "<i8": "q", "<f8": "d",
}  # fmt: skip
"""What `memoryview.cast` calls the types of arrays, on a machine whose numbers begin with the lowest byte."""
CAN_READ: Final = sys.byteorder == "little"


class PlainArray:
    """One array of a segment; every element is verified before it is read.

    Raises:
        StoreError: The reference is none to an array of the file.
    """

    __slots__ = ("_elements", "_segment", "holds_integers", "offset")

    def __init__(self, segment: FooterReader, reference: Sequence[Any]) -> None:
        offset, length, dtype = checked_reference(reference, segment.name, segment.end)
        elements = segment.bytes.cast("B")[offset:]
        size = memoryview(b"").cast(_FORMATS[dtype]).itemsize
        self._elements: memoryview[Any] = elements[: length * size].cast(_FORMATS[dtype])
        self._segment = segment
        self.offset: int = offset
        self.holds_integers = dtype != "<f8"

    def __len__(self) -> int:
        return len(self._elements)

    def at(self, place: int) -> Any:  # noqa: ANN401 - a whole number or a float, as the array has
        """One element.

        Raises:
            StoreError: There is no such place; places are numbers of a file, too.
        """
        start = self.offset + place * self._elements.itemsize
        self._segment.verify(start, start + self._elements.itemsize)
        try:
            return self._elements[place]
        except IndexError:
            raise outside(self._segment.name) from None

    def part(self, start: int, end: int) -> memoryview[Any]:
        """A view of the elements from `start` to before `end`."""
        size = self._elements.itemsize
        if end > start:
            self._segment.verify(self.offset + start * size, self.offset + end * size)
        return self._elements[start:end]

    def place(self, value: float, side: Literal["left", "right"]) -> int:
        """How many elements of a sorted array stand before a value (`left`), or before or at it (`right`)."""
        bisect = bisect_right if side == "right" else bisect_left
        return bisect(range(len(self._elements)), value, key=self.at)
