"""A trigram index over the texts of a dictionary: which blocks of 32 texts hold each run of three bytes.

Finds the texts that hold a rare needle without reading the others. It knows texts and their places, nothing of columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from smsearch.store.segment import Segment, Texts

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
_SLICE_BYTES: Final = 4 << 20
_LENGTH: Final = 3


def index(encoded: NDArray[np.uint8], offsets: NDArray[np.int64]) -> dict[str, Any]:
    """The index of sorted texts, as a directory entry.

    Args:
        encoded: The joined UTF-8.
        offsets: int64, one more than there are texts.
    """
    pairs = [_pairs(encoded, offsets, first, last) for first, last in _slices(offsets)]
    packed = np.sort(np.concatenate([np.empty(0, np.uint64), *pairs]))
    every = (packed >> np.uint64(32)).astype(np.uint32)
    starts = _first_of_each(every).nonzero()[0]
    blocks = packed.astype(np.uint32).astype(np.min_scalar_type(max(len(offsets) >> BLOCK_BITS, 1)))
    return {
        "grams": every[starts],
        "starts": np.append(starts, len(packed)).astype(np.uint32),
        "blocks": blocks,
    }


def _first_of_each(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of some sorted values differ from the one before."""
    first = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return first


def _slices(offsets: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Ranges of texts, whole blocks each, of some megabytes."""
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
    found = np.sort(packed[within[:count]])  # np.unique hashes first and takes three times as long
    return found[_first_of_each(found)]


def find(needle: bytes, texts: Texts, meta: dict[str, Any], segment: Segment) -> NDArray[np.int64] | None:
    """The places of the texts that hold a needle, or None where reading texts as they come is cheaper."""
    if len(needle) < _LENGTH:
        return None
    lists = _postings(needle, meta, segment)
    if lists is None:
        return np.empty(0, np.int64)
    lists.sort(key=len)
    block_count = (len(texts) + BLOCK_TEXTS - 1) >> BLOCK_BITS
    if len(lists[0]) > COMMON_SHARE * block_count:
        return None
    blocks = lists[0]
    for other in lists[1:]:
        if len(blocks) <= _FEW_BLOCKS or len(other) > COMMON_SHARE * block_count:
            break
        blocks = np.intersect1d(blocks, other, assume_unique=True)
    places = ((blocks.astype(np.int64) << BLOCK_BITS)[:, None] | np.arange(BLOCK_TEXTS)).reshape(-1)
    places = places[places < len(texts)]
    return places[texts.hold(places, needle)]


def _postings(needle: bytes, meta: dict[str, Any], segment: Segment) -> list[NDArray[Any]] | None:
    """The blocks of each trigram of the needle; None if one of them is nowhere."""
    grams, starts, blocks = (segment.array(meta[name]) for name in ("grams", "starts", "blocks"))
    last = len(needle) - _LENGTH
    starting = [*range(0, last, 1 if len(needle) <= _OVERLAPPING_MAX else _LENGTH), last]
    lists = []
    for gram in {int.from_bytes(needle[at : at + _LENGTH], "big") for at in starting}:
        place = grams.place(gram, "left")
        if place == len(grams) or grams.at(place) != gram:
            return None
        first, last = starts.part(place, place + 2).tolist()
        lists.append(blocks.part(first, last))
    return lists
