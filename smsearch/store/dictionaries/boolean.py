"""Dictionaries of truth values: false before true, each if a row has it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from smsearch.numpy_later import np
from smsearch.store.column_metadata import DictionaryMetadata
from smsearch.store.dictionaries.dictionary import Dictionary
from smsearch.store.encoded_column import by_row, encoded_column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.schema.value_kinds import Kind
    from smsearch.store.buffered_values import BufferedValues
    from smsearch.store.encoded_column import EncodedColumn


def encode(values: BufferedValues, kind: Kind) -> EncodedColumn:
    """JSON booleans, and whatever else the kind reads as one."""
    others = values.read(kind)
    truths = sorted(
        {truth for _, truth in others if isinstance(truth, bool)} | set(np.unique(values.booleans).tolist())
    )
    codes = [truths.index(truth) if isinstance(truth, bool) else len(truths) for _, truth in others]
    places = np.array([truths.index(truth) if truth in truths else 0 for truth in (False, True)], np.uint32)
    parts = [
        (values.boolean_rows, places[values.booleans.astype(np.intp)]),
        by_row(np.array([row for row, _ in others], np.uint32), np.array(codes, np.uint32)),
    ]
    return encoded_column(parts, len(truths), DictionaryMetadata(booleans=truths))


class BooleanDictionary(Dictionary):
    """False, true, or both."""

    is_boolean = True

    @cached_property
    def booleans(self) -> list[bool]:
        """The truth values."""
        return self._metadata.booleans or []

    def sort_value(self, code: int) -> bool:
        """A truth value."""
        return self.booleans[code]

    def buffered(self, rows: NDArray[np.uint32], codes: NDArray[Any]) -> BufferedValues:
        """Rows and their codes as truth values."""
        from smsearch.store.buffered_values import BufferedValues

        return BufferedValues(boolean_rows=rows, booleans=np.array(self.booleans, np.bool_)[codes])

    def check(self) -> Iterator[str]:
        """What is wrong with it, a sentence each."""
        if self.booleans != sorted(set(self.booleans)) or len(self.booleans) != self.size:
            yield "its truth values are not false before true."
