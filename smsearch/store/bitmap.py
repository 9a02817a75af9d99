"""Sets of rows of one table, a bit a row, so that many are combined and counted in the time of reading an eighth.

Bit `row & 7` of byte `row >> 3` stands for a row; the bits past the last row are 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.numpy_later import np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

BLOCK_ROWS: Final = 1 << 16
"""Rows that are tested at once: what is made for them fits the processor's cache, and is no new memory each time."""
_WORD_BITS: Final = 64


class Bitmap:
    """A set of rows; it does not change.

    Args:
        words: uint64, all bits.
        row_count: Rows of the table.
    """

    __slots__ = ("_words", "row_count")

    def __init__(self, words: NDArray[np.uint64], row_count: int) -> None:
        self._words = words
        self.row_count = row_count

    @classmethod
    def of_mask(cls, mask: NDArray[np.bool_]) -> Bitmap:
        """The rows at which a mask is true."""
        return cls.of_blocks(mask, lambda block: block)

    @classmethod
    def of_rows(cls, rows: NDArray[Any], row_count: int) -> Bitmap:
        """Some rows, in any order, each once.

        Raises:
            IndexError: There is no such row; rows are numbers of a file, too.
        """
        if len(rows) and rows.max() >= row_count:
            raise IndexError
        words = np.zeros(-(-row_count // _WORD_BITS), np.uint64)
        np.add.at(words.view(np.uint8), rows >> 3, _bit_of(rows))  # a third of what a mask and its packing take
        return cls(words, row_count)

    @classmethod
    def of_blocks(cls, codes: NDArray[Any], passing: Callable[[NDArray[Any]], NDArray[np.bool_]]) -> Bitmap:
        """The rows whose codes pass.

        Args:
            codes: One for each row.
            passing: Tells of the codes of some rows which pass.
        """
        words = np.zeros(-(-len(codes) // _WORD_BITS), np.uint64)
        held = words.view(np.uint8)
        for start in range(0, len(codes), BLOCK_ROWS):
            bits = np.packbits(passing(codes[start : start + BLOCK_ROWS]), bitorder="little")
            held[start >> 3 : (start >> 3) + len(bits)] = bits
        return cls(words, len(codes))

    def __and__(self, other: Bitmap) -> Bitmap:
        return Bitmap(self._words & other._words, self.row_count)

    def __or__(self, other: Bitmap) -> Bitmap:
        return Bitmap(self._words | other._words, self.row_count)

    def __invert__(self) -> Bitmap:
        words = ~self._words
        if self.row_count % _WORD_BITS:
            past = np.packbits(np.arange(_WORD_BITS) < self.row_count % _WORD_BITS, bitorder="little")
            words[-1:] &= past.view(np.uint64)
        return Bitmap(words, self.row_count)

    def __len__(self) -> int:
        return int(np.add.reduce(_ones(self._words)))

    def holds(self, rows: NDArray[Any]) -> NDArray[np.bool_]:
        """bool: of some rows, which it holds.

        Raises:
            IndexError: There is no such row; rows are numbers of a file, too.
        """
        if len(rows) and rows.max() >= self.row_count:
            raise IndexError
        return (self._words.view(np.uint8).take(rows >> 3) & _bit_of(rows)).astype(bool)

    def mask(self) -> NDArray[np.bool_]:
        """bool: of every row, whether it holds it."""
        return np.unpackbits(self._words.view(np.uint8), count=self.row_count, bitorder="little").view(bool)

    def rows(self) -> NDArray[np.intp]:
        """Its rows, ascending."""
        held = self._words.view(np.uint8)
        at = (held != 0).nonzero()[0]  # of truth values, which NumPy finds in a fifth of the time
        if len(at) > len(held) >> 1:
            return self.mask().nonzero()[0]
        bits = np.unpackbits(held.take(at), bitorder="little").view(bool).nonzero()[0]
        rows: NDArray[np.intp] = (at.take(bits >> 3) << 3) + (bits & 7)
        return rows


class PrefixCounts:
    """How many rows of a bitmap stand before a row, from counts before each word: half the bitmap's size beside it."""

    __slots__ = ("_before", "_words")

    def __init__(self, bitmap: Bitmap) -> None:
        words = self._words = bitmap._words  # noqa: SLF001 - its own module
        self._before = np.zeros(len(words) + 1, np.uint32)
        np.cumsum(_ones(words), out=self._before[1:])

    def before(self, row: int) -> int:
        """How many of the bitmap's rows are less than a row.

        Raises:
            IndexError: The row is greater than the number of rows, rounded up to whole words.
        """
        word, bit = divmod(row, _WORD_BITS)
        count = int(self._before.item(word))
        return count + (int(self._words.item(word)) & ((1 << bit) - 1)).bit_count() if bit else count


def _ones(words: NDArray[np.uint64]) -> NDArray[Any]:
    """The number of rows in each word."""
    if hasattr(np, "bitwise_count"):
        counts: NDArray[Any] = np.bitwise_count(words)
    else:  # NumPy 1
        counts = np.unpackbits(words.view(np.uint8)).reshape(-1, _WORD_BITS).sum(axis=1)
    return counts


def _bit_of(rows: NDArray[Any]) -> NDArray[np.uint8]:
    """The bit of each row in its byte."""
    return np.left_shift(np.uint8(1), (rows & 7).astype(np.uint8))
