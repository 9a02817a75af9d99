"""Arrays of texts with NumPy and Arrow: the writer of `string_array.py`, and the face that reads all texts at once."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from smsearch.numpy_later import np
from smsearch.store.directory import TextArrays
from smsearch.store.footer import damaged
from smsearch.store.string_array import StringArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.errors import StoreError
    from smsearch.store.segment import Segment

_FEW_TEXTS: Final = 32
"""So few texts are sorted by Python in a tenth of the time that it takes Arrow to begin, measured."""
_MANY_TEXTS: Final = 1 << 16


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
    from smsearch.store.arrow_arrays import of_numbers

    by_text, places = text_order(texts)
    return texts if by_text is places else texts.take(of_numbers(by_text)), places


def text_order(texts: Any) -> tuple[NDArray[Any], NDArray[np.uint32]]:  # noqa: ANN401 - Arrow ships no types
    """The order of distinct texts by code point: which text has each place, and the place of each.

    Both are one array where the texts stand in order already.
    """
    places = np.arange(len(texts), dtype=np.uint32)
    if len(texts) <= _FEW_TEXTS:
        spelled = texts.to_pylist()  # Python's order of texts is that of their UTF-8
        by_text = np.array(sorted(range(len(spelled)), key=spelled.__getitem__), np.uint32)
    else:
        by_text = _order_of_many(texts, places)
    if (by_text == places).all():
        return places, places
    places[by_text] = np.arange(len(texts), dtype=np.uint32)
    return by_text, places


def _order_of_many(texts: Any, places: NDArray[np.uint32]) -> NDArray[Any]:  # noqa: ANN401 - Arrow ships no types
    import pyarrow.compute as pc

    from smsearch.store.arrow_arrays import numbers_of

    are_in_order = pc.all(pc.less(texts[:-1], texts[1:])).as_py() is not False  # of no texts it is null
    return places if are_in_order else numbers_of(pc.sort_indices(texts))


def distinct_texts(parts: list[Any]) -> tuple[Any, NDArray[np.uint32]]:
    """The distinct texts of two parts or more, and the place of each text among them; the list is cleared.

    Texts that are mostly different are sorted, since a table of their hashes takes a few times their own memory.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    from smsearch.store.arrow_arrays import numbers_of, of_truths, truths_of

    to_sort = _are_mostly_distinct(parts)
    whole = pa.concat_arrays(parts)
    parts.clear()
    if not to_sort:
        encoded = whole.dictionary_encode()
        return encoded.dictionary, numbers_of(encoded.indices).astype(np.uint32)
    by_text = pc.sort_indices(whole)
    in_order = whole.take(by_text)
    del whole
    is_first = np.ones(len(in_order), bool)
    is_first[1:] = truths_of(pc.not_equal(in_order[1:], in_order[:-1]))
    places = np.empty(len(in_order), np.uint32)
    places[numbers_of(by_text)] = np.cumsum(is_first) - 1
    return in_order if is_first.all() else in_order.filter(of_truths(is_first)), places


def _are_mostly_distinct(parts: list[Any]) -> bool:
    """Whether the parts have many texts, of which those of one are seldom among those of another."""
    import pyarrow.compute as pc

    if sum(map(len, parts)) < _MANY_TEXTS:
        return False
    half = len(parts) // 2
    one, other = max(parts[:half], key=len), max(parts[half:], key=len)
    shared = pc.sum(pc.is_in(one, other)).as_py() or 0  # of no texts it is null
    return bool(2 * shared < len(one))


def _narrow_offsets(offsets: NDArray[np.int64]) -> NDArray[Any]:
    """Offsets in 32 bits where they fit."""
    return offsets.astype(np.uint32) if offsets[-1] < 1 << 32 else offsets


class Texts(StringArray):
    """Texts of a segment, also read all at once."""

    __slots__ = ("_encoded", "_is_sound", "_offsets")

    def __init__(self, segment: Segment, references: Sequence[Sequence[Any]]) -> None:
        super().__init__(segment, references)
        self._encoded, self._offsets = map(segment.array, references)
        self._is_sound = False

    def arrow(self) -> Any:  # noqa: ANN401 - Arrow ships no types
        """All of them as a large_string array, without a copy of the texts.

        Raises:
            StoreError: They do not stand one after another, or one is no UTF-8; Arrow would read beyond them.
        """
        import pyarrow as pa

        offsets, encoded = self._offsets.whole().astype(np.int64), self._encoded.whole()
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(encoded)]
        texts = pa.Array.from_buffers(pa.large_string(), len(self), buffers)
        if not self._is_sound:
            try:
                texts.validate(full=True)
            except pa.ArrowInvalid:
                raise self._unsound() from None
            self._is_sound = True
        return texts

    def arrays(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Where each text begins and the last ends, and the joined UTF-8."""
        return self._offsets.whole(), self._encoded.whole()

    def hold(self, places: NDArray[Any], needle: bytes) -> NDArray[np.bool_]:
        """Which of the texts at some places hold a needle."""
        starts = self._offsets.take(places).astype(np.int64) + self._encoded.offset
        ends = self._offsets.take(places + 1).astype(np.int64) + self._encoded.offset
        return self._encoded.find_between(starts, ends, needle)

    def decoded(self) -> list[str]:
        """All texts, each of them UTF-8.

        Raises:
            StoreError: The offsets are none, or a text is no UTF-8.
        """
        offsets, encoded = self.arrays()
        bounds = offsets.astype(np.int64)
        if bounds[0] or bounds[-1] != len(encoded) or (np.diff(bounds) < 0).any():
            raise self._unsound()
        whole = encoded.tobytes()
        try:
            return [whole[start:end].decode() for start, end in pairwise(bounds.tolist())]
        except UnicodeDecodeError:
            raise self._unsound() from None

    def _unsound(self) -> StoreError:
        return damaged(self._segment.name, "its texts do not stand one after another, each in UTF-8")
