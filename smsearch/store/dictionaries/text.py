"""Dictionaries of texts: distinct ones by code point, and from some thousands on an index of their trigrams."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from smsearch.frozen import frozen
from smsearch.numpy_later import np
from smsearch.schema.values import Unreadable
from smsearch.store.column_metadata import DictionaryMetadata
from smsearch.store.dictionaries.dictionary import Dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from smsearch.schema.value_kinds import Kind
    from smsearch.schema.values import Value
    from smsearch.store.buffered_values import BufferedValues
    from smsearch.store.encoded_column import EncodedColumn
    from smsearch.store.texts import Texts
    from smsearch.store.trigrams import TrigramIndex
    from smsearch.store.words import WordIndex


def encode(values: BufferedValues, kind: Kind) -> EncodedColumn:
    """JSON strings, and the texts that the kind reads of other values."""
    from smsearch.store import trigrams, words
    from smsearch.store.encoded_column import encoded_column, unreadable_rows
    from smsearch.store.texts import arrow_buffers, sorted_texts, text_arrays

    others = [*values.numbers_and_others(), *values.truths()]
    texts, rows_by_text = spelled_texts(values, [(row, kind.read(value)) for row, value in others])
    in_order, places = sorted_texts(texts)
    index = of_words = None
    if len(in_order) >= trigrams.INDEXED_FROM:
        offsets, encoded = arrow_buffers(in_order)
        index = trigrams.index(encoded, offsets)
        of_words = words.index(encoded, offsets)
    parts = [(rows, places[codes]) for rows, codes in rows_by_text.readable]
    return encoded_column(
        [*parts, unreadable_rows(rows_by_text.unreadable, len(in_order))],
        len(in_order),
        DictionaryMetadata(texts=text_arrays(in_order), trigrams=index, words=of_words),
    )


@frozen
class RowsByText:
    """Rows by the text that they hold.

    Attributes:
        readable: Rows, ascending in each pair, and for each the place of its text.
        unreadable: Rows whose value is no text.
    """

    readable: list[tuple[NDArray[np.uint32], NDArray[np.uint32]]]
    unreadable: list[int]


def spelled_texts(values: BufferedValues, others: Sequence[tuple[int, Value]]) -> tuple[Any, RowsByText]:
    """The distinct texts of a column, and the rows that hold each.

    Args:
        values: The column, whose JSON strings are texts.
        others: Rows that hold other JSON values, with the text that each reads as.
    """
    import pyarrow as pa

    from smsearch.store.arrow_arrays import numbers_of, of_texts
    from smsearch.store.encoded_column import by_row

    readable = [(row, text) for row, text in others if isinstance(text, str)]
    texts = values.texts
    if readable:
        texts = pa.concat_arrays([texts, of_texts([text for _, text in readable])])
    if not readable:
        return texts, RowsByText([(values.text_rows, values.text_codes)], _unreadable(others))
    encoded = texts.dictionary_encode()
    places = numbers_of(encoded.indices).astype(np.uint32)
    rows = np.array([row for row, _ in readable], np.uint32)
    parts = [(values.text_rows, places[values.text_codes]), by_row(rows, places[len(values.texts) :])]
    return encoded.dictionary, RowsByText(parts, _unreadable(others))


def _unreadable(others: Sequence[tuple[int, Value]]) -> list[int]:
    """The rows that hold no text, ascending."""
    return sorted(row for row, text in others if isinstance(text, Unreadable))


class TextDictionary(Dictionary):
    """Texts by code point."""

    has_texts = True

    @cached_property
    def texts(self) -> Texts:
        """Each text."""
        if self._metadata.texts is None:
            raise self._lacking("texts")
        return self._segment.texts(self._metadata.texts)

    @cached_property
    def trigrams(self) -> TrigramIndex | None:
        """The index of the texts, if they are many."""
        index = self._metadata.trigrams
        if index is None:
            return None
        from smsearch.store.trigrams import TrigramIndex  # few queries look into texts

        return TrigramIndex(index, self.texts, self._segment)

    @cached_property
    def words(self) -> WordIndex | None:
        """The index of the words of the texts, if those are few."""
        index = self._metadata.words
        if index is None:
            return None
        from smsearch.store.words import WordIndex

        return WordIndex(index, self.texts, self._segment)

    def sort_value(self, code: int) -> Value:
        """A text."""
        return self.texts[code]

    def buffered(self, rows: NDArray[np.uint32], codes: NDArray[Any]) -> BufferedValues:
        """Rows and their codes as texts."""
        from smsearch.store.buffered_values import BufferedValues

        return BufferedValues(text_rows=rows, text_codes=codes.astype(np.uint32), texts=self.texts.arrow())

    def sort_values(self) -> list[Value]:
        """Every text."""
        return [*self.texts.decoded()]

    def check(self) -> Iterator[str]:
        """What is wrong with it, a sentence each."""
        if len(self.texts) != self.size:
            yield f"its dictionary has {len(self.texts)} texts for {self.size} codes."
            return
        if any(after <= before for before, after in pairwise([text.encode() for text in self.texts.decoded()])):
            yield "its dictionary is not sorted."
        if self.trigrams is not None:
            yield from self.trigrams.check()
        if self.words is not None:
            yield from self.words.check()
