"""Dictionaries of numbers, ascending and exact: where int64 or float64 would lose digits, the digits stand beside."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from smsearch.numpy_later import np
from smsearch.schema.values import without_idle_zeros
from smsearch.store.column_metadata import DictionaryMetadata
from smsearch.store.dictionaries.dictionary import Dictionary, ascend
from smsearch.store.encoded_column import by_row, distinct_numbers, encoded_column, unreadable_rows
from smsearch.store.texts import text_arrays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.schema.value_kinds import Kind
    from smsearch.schema.values import Value
    from smsearch.store.buffered_values import BufferedValues
    from smsearch.store.encoded_column import EncodedColumn
    from smsearch.store.segment import Array
    from smsearch.store.texts import Texts

_EXACT_INTEGER_MAX: Final = 1 << 53
_INTEGERS: Final = np.iinfo(np.int64)


def encode(values: BufferedValues, kind: Kind) -> EncodedColumn:
    """The layout follows from the values alone, not from how JSON had them: merged segments have it too.

    It is int64 where all numbers are integers of 64 bits, float64 where each is the shortest spelling of its double,
    and else float64 with the digits beside.
    """
    is_nan = np.isnan(values.floats)
    float_rows, floats = values.float_rows[~is_nan], values.floats[~is_nan]
    if len(values.text_rows) or len(values.boolean_rows) or values.others:
        return _encode_read(values, kind)
    if not len(floats):
        entries, codes = distinct_numbers(values.integers)
        parts = [(values.integer_rows, codes)]
    elif _are_exact_as_doubles(values.integers):
        doubles, codes = distinct_numbers(
            np.concatenate([floats, values.integers.astype(np.float64)]) + 0.0  # there is no negative zero
        )
        entries = _narrowed(doubles)
        parts = [(float_rows, codes[: len(floats)]), (values.integer_rows, codes[len(floats) :])]
    else:
        return _encode_read(values, kind)
    parts.append(unreadable_rows(values.float_rows[is_nan], len(entries)))
    return encoded_column(parts, len(entries), DictionaryMetadata(numbers=entries))


def _are_exact_as_doubles(integers: NDArray[np.int64]) -> bool:
    """Whether no two integers near them share a double; the least one has no absolute value of 64 bits."""
    if not len(integers):
        return True
    return int(integers.min()) >= -_EXACT_INTEGER_MAX and int(integers.max()) <= _EXACT_INTEGER_MAX


def _narrowed(doubles: NDArray[np.float64]) -> NDArray[Any]:
    """Doubles as int64 where they spell integers of 64 bits, else as they are."""
    if not (np.isfinite(doubles).all() and (np.trunc(doubles) == doubles).all()):
        return doubles
    if np.abs(doubles).max(initial=0) <= _EXACT_INTEGER_MAX:
        return doubles.astype(np.int64)
    return _layout([Decimal(repr(double)) for double in doubles.tolist()]).numbers  # type: ignore[return-value]


def _encode_read(values: BufferedValues, kind: Kind) -> EncodedColumn:
    """Numbers of mixed spellings, each kept to its last digit."""
    read = [*values.read(kind), *((row, kind.read(truth)) for row, truth in values.truths())]
    entries = sorted({number for _, number in read if isinstance(number, Decimal)})
    code_of = {number: at for at, number in enumerate(entries)}
    rows = np.array([row for row, _ in read], np.uint32)
    codes = [code_of[number] if isinstance(number, Decimal) else len(entries) for _, number in read]
    return encoded_column([by_row(rows, np.array(codes, np.uint32))], len(entries), _layout(entries))


def _layout(entries: list[Decimal]) -> DictionaryMetadata[NDArray[Any]]:
    """The dictionary of some numbers, ascending."""
    from smsearch.store.arrow_arrays import of_texts

    if all(_is_integer(number) for number in entries):
        return DictionaryMetadata(numbers=np.array([int(number) for number in entries], np.int64))
    doubles = [nearest(number) for number in entries]
    numbers = np.array(doubles, np.float64) + 0.0
    if all(Decimal(repr(double)) == number for double, number in zip(doubles, entries, strict=True)):
        return DictionaryMetadata(numbers=numbers)
    digits = of_texts([str(without_idle_zeros(number)) for number in entries])
    return DictionaryMetadata(numbers=numbers, exact=text_arrays(digits))


def _is_integer(number: Decimal) -> bool:
    """Whether it is an integer of 64 bits; `1e999999` is found to be none without its digits."""
    if not number.is_finite() or number.adjusted() >= len(str(_INTEGERS.max)):
        return False
    return number == number.to_integral_value() and _INTEGERS.min <= number <= _INTEGERS.max


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
        """The exact number of a code.

        Raises:
            StoreError: It is none.
        """
        value = self.numbers.at(code) if self.exact is None else self.exact[code]
        number = self._spelled(repr(value) if isinstance(value, float) else value)
        if number.is_nan():
            raise self._no_value()
        return number

    def in_order(self) -> NDArray[Any]:
        """int64 or float64: all numbers, once it is known that they are.

        Raises:
            StoreError: They do not ascend.
        """
        numbers: NDArray[Any] = self.numbers.whole()
        if not ascend(numbers):
            raise self._no_value()
        return numbers

    def sort_value(self, code: int) -> Decimal:
        """The exact number of a code."""
        return self.number(code)

    def buffered(self, rows: NDArray[np.uint32], codes: NDArray[Any]) -> BufferedValues:
        """Rows and their codes as the numbers that JSON has."""
        from smsearch.store.buffered_values import BufferedValues

        if self.exact is not None:
            numbers = [self._spelled(text) for text in self.exact.decoded()]
            return BufferedValues(
                others=[(row, numbers[code]) for row, code in zip(rows.tolist(), codes.tolist(), strict=True)]
            )
        values = self.numbers.whole()[codes]
        if values.dtype.kind == "i":
            return BufferedValues(integer_rows=rows, integers=values)
        return BufferedValues(float_rows=rows, floats=values)

    def add_unreadable(self, values: BufferedValues, rows: NDArray[np.uint32]) -> None:
        """NaN where the numbers are doubles or integers, which are encoded quicker."""
        if self.exact is not None:
            super().add_unreadable(values, rows)
            return
        every = np.concatenate([values.float_rows, rows])
        floats = np.concatenate([values.floats, np.full(len(rows), np.nan)])
        order = np.argsort(every, kind="stable")
        values.float_rows, values.floats = every[order], floats[order]

    def sort_values(self) -> list[Value]:
        """Every number."""
        if self.exact is not None:
            return super().sort_values()
        numbers = self.in_order().tolist()
        return [Decimal(value) if isinstance(value, int) else Decimal(repr(value)) for value in numbers]

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
