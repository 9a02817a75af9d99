"""Texts one after another: their joined UTF-8, and where each begins. Where they are sorted, it is by code point."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from smsearch.store.directory import TextArrays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.store.segment import Array


def joined_texts(texts: Sequence[bytes]) -> TextArrays[NDArray[Any]]:
    """Texts as the two arrays that `Texts` reads."""
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in texts], out=offsets[1:])
    return TextArrays(np.frombuffer(b"".join(texts), dtype=np.uint8), _narrow_offsets(offsets))


def text_arrays(texts: Any) -> TextArrays[NDArray[Any]]:  # noqa: ANN401 - Arrow ships no types
    """A large_string array as the two arrays that `Texts` reads."""
    offsets, encoded = arrow_buffers(texts)
    return TextArrays(encoded, _narrow_offsets(offsets))


def arrow_buffers(texts: Any) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:  # noqa: ANN401 - Arrow ships no types
    """The offsets and the joined UTF-8 of a large_string array."""
    _, offset_buffer, data = texts.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    encoded = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, np.uint8)
    return offsets - offsets[0], encoded[offsets[0] : offsets[-1]]


def sorted_texts(texts: Any) -> tuple[Any, NDArray[np.uint32]]:  # noqa: ANN401 - Arrow ships no types
    """Distinct texts by code point, and the place of each in that order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    by_text = pc.sort_indices(texts).to_numpy()
    places = np.empty(len(texts), dtype=np.uint32)
    places[by_text] = np.arange(len(texts), dtype=np.uint32)
    return texts.take(pa.array(by_text)), places


def _narrow_offsets(offsets: NDArray[np.int64]) -> NDArray[Any]:
    """Offsets in 32 bits where they fit."""
    return offsets.astype(np.uint32) if offsets[-1] < 1 << 32 else offsets


class Texts:
    """Texts of a segment."""

    __slots__ = ("_encoded", "_offsets")

    def __init__(self, encoded: Array, offsets: Array) -> None:
        self._encoded = encoded
        self._offsets = offsets

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def encoded(self, at: int) -> bytes:
        """The UTF-8 of one text."""
        start, end = self._offsets.part(at, at + 2).tolist()
        return self._encoded.part(start, end).tobytes()

    def __getitem__(self, at: int) -> str:
        return self.encoded(at).decode()

    def arrow(self) -> Any:  # noqa: ANN401 - Arrow ships no types
        """All of them as a large_string array, without a copy of the texts."""
        import pyarrow as pa

        offsets, encoded = self._offsets.whole().astype(np.int64), self._encoded.whole()
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(encoded)]
        return pa.Array.from_buffers(pa.large_string(), len(self), buffers)

    def arrays(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Where each text begins and the last ends, and the joined UTF-8."""
        return self._offsets.whole(), self._encoded.whole()

    def hold(self, places: NDArray[Any], needle: bytes) -> NDArray[np.bool_]:
        """Which of the texts at some places hold a needle."""
        starts = self._offsets.take(places).astype(np.int64) + self._encoded.offset
        ends = self._offsets.take(places + 1).astype(np.int64) + self._encoded.offset
        return self._encoded.find_between(starts, ends, needle)

    def place(self, text: str, *, after: bool = False) -> int:
        """How many of the sorted texts stand before a text (or, with `after`, before or at it)."""
        wanted = text.encode("utf-8", "surrogatepass")
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            current = self.encoded(middle)
            if current < wanted or (after and current == wanted):
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, text: str) -> int | None:
        """Where a text stands among the sorted texts, or None."""
        at = self.place(text)
        return at if at < len(self) and self.encoded(at) == text.encode("utf-8", "surrogatepass") else None

    def decoded(self) -> list[str]:
        """All texts, each of them UTF-8.

        Raises:
            ValueError: The offsets are none, or a text is no UTF-8.
        """
        offsets, encoded = self.arrays()
        bounds = offsets.astype(np.int64)
        if bounds[0] or bounds[-1] != len(encoded) or (np.diff(bounds) < 0).any():
            raise ValueError("its texts do not stand one after another")
        whole = encoded.tobytes()
        return [whole[start:end].decode() for start, end in pairwise(bounds.tolist())]
