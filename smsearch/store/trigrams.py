"""A trigram index over the texts of a dictionary: its writer, reader and check.

It says which blocks of 32 texts hold each run of three bytes, so that the texts that hold a rare needle are found
without reading the others. It knows texts and their places, nothing of columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from smsearch.numpy_later import np
from smsearch.store.column_metadata import TrigramMetadata
from smsearch.store.sorted_index import first_of_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.store.directory import ArrayReference
    from smsearch.store.segment import Segment
    from smsearch.store.texts import Texts

BLOCK_BITS: Final = 5
BLOCK_TEXTS: Final = 1 << BLOCK_BITS
INDEXED_FROM: Final = 4_096
"""Dictionaries of fewer texts are read whole faster than an index is consulted."""
COMMON_SHARE: Final = 0.3
"""A needle whose rarest trigram is in this share of the blocks is met by reading, not by intersecting lists."""
_FEW_BLOCKS: Final = 4
"""So few blocks are read in the time of one more intersection."""
_OVERLAPPING_MAX: Final = 12
"""Bytes of a needle up to which all its trigrams are looked up; of a longer one, those that do not overlap will do."""
_SLICE_BYTES: Final = 1 << 20
_LENGTH: Final = 3


def index(encoded: NDArray[np.uint8], offsets: NDArray[np.int64]) -> TrigramMetadata[NDArray[Any]]:
    """The index of sorted texts.

    Args:
        encoded: The joined UTF-8.
        offsets: int64, one more than there are texts.
    """
    block_type = np.min_scalar_type(max(len(offsets) >> BLOCK_BITS, 1))
    parts = [_postings_of(_pairs(encoded, offsets, first, last), block_type) for first, last in slices(offsets)]
    grams = np.unique(np.concatenate([np.empty(0, np.uint32), *(part.grams for part in parts)]))
    starts = np.zeros(len(grams) + 1, np.int64)
    for part in parts:
        starts[1 + grams.searchsorted(part.grams)] += part.counts
    np.cumsum(starts, out=starts)
    blocks = np.empty(int(starts[-1]), block_type)
    ends = starts[:-1].copy()
    nothing = _Postings(np.empty(0, np.uint32), np.empty(0, np.int64), np.empty(0, np.uint32))
    for at, part in enumerate(parts):  # their blocks ascend from part to part
        places = grams.searchsorted(part.grams)
        behind = ends[places] - np.cumsum(part.counts) + part.counts
        blocks[np.repeat(behind, part.counts) + np.arange(len(part.blocks))] = part.blocks
        ends[places] += part.counts
        parts[at] = nothing  # a million ARNs have some 20 million pairs: no part stays beside its copy
    return TrigramMetadata(grams, starts.astype(np.uint32), blocks)


class _Postings(NamedTuple):
    """The trigrams of some blocks, ascending, how many of the blocks have each, and which, trigram by trigram."""

    grams: NDArray[np.uint32]
    counts: NDArray[np.int64]
    blocks: NDArray[Any]


def _postings_of(pairs: NDArray[np.uint64], block_type: np.dtype[Any]) -> _Postings:
    """Sorted pairs of a trigram and a block, in fewer bytes."""
    grams = (pairs >> np.uint64(32)).astype(np.uint32)
    starts = first_of_each(grams).nonzero()[0]
    counts = np.diff(np.append(starts, len(grams)))
    return _Postings(grams[starts], counts, pairs.astype(np.uint32).astype(block_type))


def slices(offsets: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Ranges of texts, whole blocks each, of about a megabyte, which takes thirty times as much while it is indexed."""
    slices = []
    first, count = 0, len(offsets) - 1
    while first < count:
        last = int(np.searchsorted(offsets, offsets[first] + _SLICE_BYTES))
        last = min(max((last >> BLOCK_BITS) << BLOCK_BITS, first + BLOCK_TEXTS), count)
        slices.append((first, last))
        first = last
    return slices


def _pairs(encoded: NDArray[np.uint8], offsets: NDArray[np.int64], first: int, last: int) -> NDArray[np.uint64]:
    """Each (trigram, block) of a range of texts once, as `trigram << 32 | block`."""
    start, end = int(offsets[first]), int(offsets[last])
    data = encoded[start:end]
    count = len(data) - _LENGTH + 1
    if count < 1:
        return np.empty(0, np.uint64)
    packed = data[:count].astype(np.uint64)
    for at in range(1, _LENGTH):
        packed <<= np.uint64(8)
        packed |= data[at : at + count]
    packed <<= np.uint64(32)
    blocks = np.arange(first, last, dtype=np.uint64) >> np.uint64(BLOCK_BITS)
    packed |= np.repeat(blocks, np.diff(offsets[first : last + 1]))[:count]
    within = np.ones(count + _LENGTH - 1, dtype=bool)
    ends = offsets[first + 1 : last + 1] - start
    for at in range(1, _LENGTH):
        within[ends - at] = False  # a run that goes on into the next text; of a short text, the one before it says so
    pairs = np.sort(packed[within[:count]])  # np.unique hashes first and takes three times as long
    return pairs[first_of_each(pairs)]


class TrigramIndex:
    """The index of a dictionary's texts.

    Args:
        metadata: What the directory says of it.
        texts: The texts.
        segment: Where both lie.
    """

    def __init__(self, metadata: TrigramMetadata[ArrayReference], texts: Texts, segment: Segment) -> None:
        self._texts = texts
        self._grams, self._offsets, self._blocks = map(
            segment.array, (metadata.grams, metadata.offsets, metadata.blocks)
        )

    def find(self, needle: bytes) -> NDArray[np.int64] | None:
        """The places of the texts that hold a needle, or None where reading texts as they come is cheaper."""
        if len(needle) < _LENGTH:
            return None
        lists = self._postings(needle)
        if lists is None:
            return np.empty(0, np.int64)
        lists.sort(key=len)
        block_count = (len(self._texts) + BLOCK_TEXTS - 1) >> BLOCK_BITS
        if len(lists[0]) > COMMON_SHARE * block_count:
            return None
        blocks = lists[0]
        for other in lists[1:]:
            if len(blocks) <= _FEW_BLOCKS or len(other) > COMMON_SHARE * block_count:
                break
            blocks = np.intersect1d(blocks, other, assume_unique=True)
        places = ((blocks.astype(np.int64) << BLOCK_BITS)[:, None] | np.arange(BLOCK_TEXTS)).reshape(-1)
        places = places[places < len(self._texts)]
        return places[self._texts.hold(places, needle)]

    def _postings(self, needle: bytes) -> list[NDArray[Any]] | None:
        """The blocks of each trigram of the needle; None if one of them is nowhere."""
        grams, last = self._grams, len(needle) - _LENGTH
        starting = [*range(0, last, 1 if len(needle) <= _OVERLAPPING_MAX else _LENGTH), last]
        lists = []
        for gram in {int.from_bytes(needle[at : at + _LENGTH], "big") for at in starting}:
            place = grams.place(gram, "left")
            if place == len(grams) or grams.at(place) != gram:
                return None
            first, last = self._offsets.part(place, place + 2).tolist()
            lists.append(self._blocks.part(first, last))
        return lists

    def check(self) -> Iterator[str]:
        """What is wrong with it, a sentence each: a text that it does not know of is never found."""
        offsets, encoded = self._texts.arrays()
        expected = index(encoded, offsets.astype(np.int64))
        kept = (self._grams, self._offsets, self._blocks)
        for (name, array), stored in zip(expected.members().items(), kept, strict=True):
            if not np.array_equal(stored.whole(), array):
                yield f"the {name} of its trigram index are not those of its texts."
                return
