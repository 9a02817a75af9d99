"""Dictionaries of times: microseconds since 1970, ascending."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from smsearch.numpy_later import np
from smsearch.schema.values import MICROS_MAX, MICROS_MIN
from smsearch.store.column_metadata import DictionaryMetadata
from smsearch.store.dictionaries.dictionary import Dictionary, ascend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.schema.value_kinds import Kind
    from smsearch.store.buffered_values import BufferedValues
    from smsearch.store.encoded_column import EncodedColumn
    from smsearch.store.segment import Array


def encode(values: BufferedValues, kind: Kind) -> EncodedColumn:
    """Times come as integers of microseconds, or as texts that the kind reads; all else could not be read as a time."""
    from smsearch.store.encoded_column import distinct_numbers, encoded_column, unreadable_rows

    texts = values.read_texts(kind)
    read = [(row, micros) for row, micros in texts if isinstance(micros, int)]
    micros = values.integers
    if read:
        micros = np.concatenate([micros, np.array([micros for _, micros in read], np.int64)])
    times, codes = distinct_numbers(micros)
    unread = [row for row, micros in texts if not isinstance(micros, int)]
    unread += [*values.float_rows.tolist(), *values.boolean_rows.tolist(), *values.other_rows().tolist()]
    parts = [
        (values.integer_rows, codes[: len(values.integers)]),
        (np.array([row for row, _ in read], np.uint32), codes[len(values.integers) :]),
        unreadable_rows(sorted(unread), len(times)),
    ]
    return encoded_column(parts, len(times), DictionaryMetadata(micros=times))


class TimeDictionary(Dictionary):
    """Times, ascending."""

    is_time = True

    @cached_property
    def micros(self) -> Array:
        """int64: times in microseconds since 1970."""
        return self._opened(self._metadata.micros)

    def sort_value(self, code: int) -> int:
        """Microseconds since 1970."""
        micros = int(self.micros.at(code))
        if not MICROS_MIN <= micros <= MICROS_MAX:
            raise self._no_value()
        return micros

    def in_order(self) -> NDArray[np.int64]:
        """int64: all times, once it is known that they are.

        Raises:
            StoreError: They do not ascend, or one is none.
        """
        micros: NDArray[np.int64] = self.micros.whole()
        if not (ascend(micros) and (not len(micros) or (micros[0] >= MICROS_MIN and micros[-1] <= MICROS_MAX))):
            raise self._no_value()
        return micros

    def buffered(self, rows: NDArray[np.uint32], codes: NDArray[Any]) -> BufferedValues:
        """Rows and their codes as microseconds."""
        from smsearch.store.buffered_values import BufferedValues

        return BufferedValues(integer_rows=rows, integers=self.micros.whole()[codes])

    def check(self) -> Iterator[str]:
        """What is wrong with it, a sentence each."""
        if len(self.micros) != self.size or (np.diff(self.micros.whole()) <= 0).any():
            yield "its times do not ascend."
