r"""An index of the words of a dictionary's texts, for needles that are part of one word: its writer, reader and check.

A word is a run of letters and digits, or of bytes beyond ASCII; all else stands between words. A needle of such bytes
alone is in a text exactly if it is in one of its words, and names and addresses have few different words. Texts are
sorted, so the texts that have a word stand in runs. Five texts, and the runs of each word:

    0  ads-bert-1   2  ads-yolo-1        ads   0..3     bert   0..2, 3..4     yolo   2..3, 4..5
    1  ads-bert-2   3  nlp-bert-1        nlp   3..5     1      ...
                    4  nlp-yolo-7

A word whose runs are as good as its texts, one by one, is listed without runs: a needle in it is left to trigrams. It
knows texts and their places, nothing of columns.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from smsearch.numpy_later import np
from smsearch.store import trigrams
from smsearch.store.column_metadata import WordMetadata
from smsearch.store.texts import joined_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.store.directory import ArrayReference
    from smsearch.store.segment import Segment
    from smsearch.store.texts import Texts

WORDS_SHARE: Final = 16
"""Texts of which more than one word in this many is new have no index: of identifiers, no word comes twice."""
RUNS_MIN: Final = 64
RUNS_SHARE: Final = 64
"""A word has runs if they are few, or fewer than one for this many texts: they take 8 bytes each."""
_END: Final = b"\n"
"""Follows each word, so that no needle is found across two."""


_WORD_BYTES: Final = bytes(byte for byte in range(256) if byte >= 128 or chr(byte).isalnum())  # noqa: PLR2004 - ASCII


@cache
def _is_word() -> NDArray[np.bool_]:
    """For each byte, whether it is one of a word."""
    return np.isin(np.arange(256), list(_WORD_BYTES))


def index(encoded: NDArray[np.uint8], offsets: NDArray[np.int64]) -> WordMetadata[NDArray[Any]] | None:
    """The index of sorted texts; None where they have too many different words.

    Args:
        encoded: The joined UTF-8.
        offsets: int64, one more than there are texts.
    """
    count = len(offsets) - 1
    codes: dict[bytes, int] = {}
    parts = [_runs(np.empty(0, np.int64), np.empty(0, np.int64))]
    slices = trigrams.slices(offsets)
    met_max = _runs_max(count) + len(slices)  # a run that goes on into the next slice is met in both
    met = np.zeros(0, np.int64)
    for first, last in slices:
        words, of_word, texts = _words(
            encoded[offsets[first] : offsets[last]], offsets[first : last + 1] - offsets[first]
        )
        own = np.array([codes.setdefault(word, len(codes)) for word in words], np.int64)
        if len(codes) * WORDS_SHARE > count:
            return None
        pairs = own[of_word] * count + (texts + first)  # a word and a text each; `np.unique` is slower
        pairs.sort()
        part = _runs(pairs // count, pairs % count)
        met = np.append(met, np.zeros(len(codes) - len(met), np.int64)) + np.bincount(part.words, minlength=len(codes))
        parts.append(part.of(met[part.words] <= met_max))  # most runs are of words that have too many
    runs = _Runs(*map(np.concatenate, zip(*parts, strict=True)))
    parts.clear()
    may_be_listed = met <= met_max
    runs = runs.of(may_be_listed[runs.words])
    order = np.argsort(runs.words.astype(np.min_scalar_type(len(codes))), kind="stable")
    return _laid_out(list(codes), _runs(*runs.of(order)), may_be_listed, count)


def _runs_max(count: int) -> int:
    """The runs of a word that has any, at most, in so many texts."""
    return max(RUNS_MIN, count // RUNS_SHARE)


class _Runs(NamedTuple):
    """Runs of texts that have a word, uint32 each: a word's place, its first text and its last."""

    words: NDArray[np.uint32]
    firsts: NDArray[np.uint32]
    lasts: NDArray[np.uint32]

    def of(self, places: NDArray[Any]) -> _Runs:
        """Some of them."""
        return _Runs(*(column[places] for column in self))


def _runs(
    words: NDArray[np.integer[Any]], firsts: NDArray[np.integer[Any]], lasts: NDArray[np.integer[Any]] | None = None
) -> _Runs:
    """Runs by word and text, those joined that go on into the next one; left out, the last text is the first."""
    lasts = firsts if lasts is None else lasts
    begins = np.ones(len(words), bool)
    begins[1:] = (words[1:] != words[:-1]) | (firsts[1:] > lasts[:-1] + 1)
    ends = np.append(begins[1:], True)
    return _Runs(*(column.astype(np.uint32) for column in (words[begins], firsts[begins], lasts[ends[: len(lasts)]])))


def _laid_out(
    words: list[bytes], runs: _Runs, may_be_listed: NDArray[np.bool_], count: int
) -> WordMetadata[NDArray[Any]]:
    """The runs of each word, words in order.

    Args:
        words: The words.
        runs: Their runs, by word and text; of words that may not be listed, none.
        may_be_listed: Which words those are not.
        count: How many texts there are.
    """
    counts = np.bincount(runs.words, minlength=len(words))
    is_listed = may_be_listed & (counts <= _runs_max(count))
    in_order = sorted(range(len(words)), key=words.__getitem__)
    place = np.empty(len(words), np.int64)
    place[in_order] = np.arange(len(words))
    is_kept = is_listed[runs.words]
    order = np.argsort(place[runs.words[is_kept]], kind="stable")
    lengths = np.where(is_listed, counts, 0)[in_order]
    return WordMetadata(
        words=joined_texts([words[at] + _END for at in in_order]),
        offsets=np.append(0, np.cumsum(lengths)).astype(np.uint32),
        begins=runs.firsts[is_kept][order],
        ends=runs.lasts[is_kept][order] + np.uint32(1),
    )


def _words(
    encoded: NDArray[np.uint8], offsets: NDArray[np.int64]
) -> tuple[list[bytes], NDArray[np.int64], NDArray[np.int64]]:
    """The distinct words of some texts; and of each word in them, which it is and the text that it is in."""
    import pyarrow as pa

    from smsearch.store.arrow_arrays import numbers_of

    is_word = _is_word()[encoded]
    begins = is_word.copy()
    begins[1:] &= ~is_word[:-1]
    firsts = offsets[:-1][np.diff(offsets) > 0]
    begins[firsts] = is_word[firsts]  # the texts stand side by side, with nothing between them
    starts = np.flatnonzero(begins)
    if not len(starts):
        return [], starts, starts
    joined_words = encoded[is_word]
    lengths = np.cumsum(is_word)[starts] - 1
    bounds = np.append(lengths, len(joined_words)).astype(np.int64)
    arrays = [None, pa.py_buffer(bounds), pa.py_buffer(joined_words)]
    coded = pa.Array.from_buffers(pa.large_binary(), len(starts), arrays).dictionary_encode()
    texts = np.searchsorted(offsets, starts, "right") - 1
    return coded.dictionary.to_pylist(), numbers_of(coded.indices).astype(np.int64), texts


class WordIndex:
    """The index of a dictionary's texts.

    Args:
        metadata: What the directory says of it.
        texts: The texts.
        segment: Where both lie.
    """

    def __init__(self, metadata: WordMetadata[ArrayReference], texts: Texts, segment: Segment) -> None:
        self._texts = texts
        self._words = segment.texts(metadata.words)
        self._offsets, self._begins, self._ends = map(segment.array, (metadata.offsets, metadata.begins, metadata.ends))

    @cached_property
    def _joined(self) -> tuple[bytes, tuple[int, ...]]:
        """All words, each with what ends it, and where each begins and the last ends."""
        return self._words.joined()

    def find(self, needle: bytes) -> list[tuple[int, int]] | None:
        """The runs of texts that hold a needle, in any order, which may overlap; None where the index does not tell."""
        if not needle or needle.translate(None, _WORD_BYTES):
            return None
        joined, starts = self._joined
        runs: list[tuple[int, int]] = []
        at = joined.find(needle)
        while at >= 0:
            word = bisect_right(starts, at) - 1
            first, last = self._offsets.part(word, word + 2).tolist()
            if first == last:
                return None
            runs += zip(self._begins.part(first, last).tolist(), self._ends.part(first, last).tolist(), strict=True)
            at = joined.find(needle, starts[word + 1])
        return runs

    def check(self) -> Iterator[str]:
        """What is wrong with it, a sentence each: a text that it does not know of is never found."""
        offsets, encoded = self._texts.arrays()
        expected = index(encoded, offsets.astype(np.int64))
        stored = (*self._words.arrays()[::-1], self._offsets.whole(), self._begins.whole(), self._ends.whole())
        if expected is None or not all(
            map(np.array_equal, stored, (*expected.words, expected.offsets, expected.begins, expected.ends))
        ):
            yield "its words are not those of its texts."
