"""Dictionaries of numbers, ascending and exact: where int64 or float64 would lose digits, the digits stand beside."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from smsearch.store.column_metadata import DictionaryMetadata
from smsearch.store.dictionaries.dictionary import Dictionary
from smsearch.store.encoded_column import by_row, encoded_column, unreadable_rows
from smsearch.store.texts import text_arrays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.schema.value_kinds import Kind
    from smsearch.store.buffered_values import BufferedValues
    from smsearch.store.encoded_column import EncodedColumn
    from smsearch.store.segment import Array
    from smsearch.store.texts import Texts

_EXACT_INTEGER_MAX: Final = 1 << 53


def encode(values: BufferedValues, kind: Kind) -> EncodedColumn:
    """As int64 or float64 where those say each number exactly; else with the digits beside."""
    is_nan = np.isnan(values.floats)
    unreadable = values.float_rows[is_nan].tolist()
    float_rows, floats = values.float_rows[~is_nan], values.floats[~is_nan]
    has_numbers_only = not len(values.text_rows) and not len(values.boolean_rows) and not values.others
    if has_numbers_only and not len(floats):
        entries, places = np.unique(values.integers, return_inverse=True)
        parts = [(values.integer_rows, places.astype(np.uint32))]
    elif has_numbers_only and _are_exact_as_doubles(values.integers):
        entries, places = np.unique(np.concatenate([floats, values.integers.astype(np.float64)]), return_inverse=True)
        codes = places.astype(np.uint32)
        parts = [(float_rows, codes[: len(floats)]), (values.integer_rows, codes[len(floats) :])]
    else:
        return _encode_exact(values, kind)
    parts.append(unreadable_rows(unreadable, len(entries)))
    return encoded_column(parts, len(entries), DictionaryMetadata(numbers=entries))


def _are_exact_as_doubles(integers: NDArray[np.int64]) -> bool:
    """Whether no two integers near them share a double; the least one has no absolute value of 64 bits."""
    if not len(integers):
        return True
    return int(integers.min()) >= -_EXACT_INTEGER_MAX and int(integers.max()) <= _EXACT_INTEGER_MAX


def _encode_exact(values: BufferedValues, kind: Kind) -> EncodedColumn:
    """Numbers of mixed spellings, each kept to its last digit."""
    import pyarrow as pa

    read = [*values.read(kind), *((row, kind.read(truth)) for row, truth in values.truths())]
    entries = sorted({number for _, number in read if isinstance(number, Decimal)})
    code_of = {number: at for at, number in enumerate(entries)}
    rows = np.array([row for row, _ in read], np.uint32)
    codes = [code_of[number] if isinstance(number, Decimal) else len(entries) for _, number in read]
    dictionary = DictionaryMetadata(
        numbers=np.array([nearest(number) for number in entries], np.float64),
        exact=text_arrays(pa.array([str(number) for number in entries], pa.large_string())),
    )
    return encoded_column([by_row(rows, np.array(codes, np.uint32))], len(entries), dictionary)


def nearest(number: Decimal) -> float:
    """The double nearest to a number; infinite beyond all doubles, which keeps the order."""
    try:
        return float(number)
    except OverflowError:  # pragma: no cover - Decimal gives infinity, other numbers would raise
        return math.inf if number > 0 else -math.inf


class NumberDictionary(Dictionary):
    """Numbers, ascending."""

    is_numeric = True
    has_texts_apart = False

    @cached_property
    def numbers(self) -> Array:
        """int64 or float64; of longer digits, the nearest double."""
        return self._opened(self._metadata.numbers)

    @cached_property
    def exact(self) -> Texts | None:
        """The digits of each number, where `numbers` would lose some."""
        return None if self._metadata.exact is None else self._segment.texts(self._metadata.exact)

    def number(self, code: int) -> Decimal:
        """The exact number of a code."""
        if self.exact is not None:
            return Decimal(self.exact[code])
        value = self.numbers.at(code)
        return Decimal(value) if isinstance(value, int) else Decimal(repr(value))

    def sort_value(self, code: int) -> Decimal:
        """The exact number of a code."""
        return self.number(code)

    def check(self) -> Iterator[str]:
        """What is wrong with it, a sentence each."""
        numbers = self.numbers.whole()
        if len(numbers) != self.size or np.isnan(numbers).any():
            yield f"it has {len(numbers)} numbers for {self.size} codes."
        elif self.exact is None:
            if (numbers[1:] <= numbers[:-1]).any():
                yield "its numbers do not ascend."
        elif len(self.exact) != self.size:
            yield "its exact numbers are not as many as its numbers."
        else:
            exact = [Decimal(text) for text in self.exact.decoded()]
            if any(after <= before for before, after in pairwise(exact)):
                yield "its numbers do not ascend."
            elif [float(number) for number in exact] != numbers.tolist():
                yield "its numbers are not those nearest to its exact ones."
