"""What the dictionaries of all types have in common, read."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import TYPE_CHECKING, Any

from smsearch.store.footer import damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from smsearch.errors import StoreError
    from smsearch.schema.values import Value
    from smsearch.store.buffered_values import BufferedValues
    from smsearch.store.column_metadata import DictionaryMetadata
    from smsearch.store.directory import ArrayReference
    from smsearch.store.segment import Array, Segment
    from smsearch.store.texts import Texts
    from smsearch.store.trigrams import TrigramIndex
    from smsearch.store.words import WordIndex


class Dictionary:
    """The values of a column; of a structure as a whole, which has none, the one code for being there.

    What only some types have is read as a member. The property tells the type, so a column that
    does not have it is of a segment that is not what it should be.

    Attributes:
        has_texts: Whether values are spelled out.
        is_numeric: Whether values are numbers, or the leading ones are.
        is_time: Whether values are times.
        is_boolean: Whether values are truth values.
        has_texts_apart: Whether texts stand by code point alone, those that spell numbers too.
    """

    has_texts = False
    is_numeric = False
    is_time = False
    is_boolean = False
    has_texts_apart = True

    def __init__(self, segment: Segment, metadata: DictionaryMetadata[ArrayReference], size: int) -> None:
        """Opens a dictionary; its arrays are opened when they are first read.

        Args:
            segment: Where it lies.
            metadata: What the directory says of it.
            size: How many values it has.
        """
        self._segment = segment
        self._metadata = metadata
        self.size = size

    @cached_property
    def texts(self) -> Texts:
        """The spelling of each value that may be text."""
        raise self._lacking("texts")

    @cached_property
    def numbers(self) -> Array:
        """Values as int64 or float64; where text may stand too, the leading ones, which are numbers."""
        raise self._lacking("numbers")

    @cached_property
    def micros(self) -> Array:
        """int64: times in microseconds since 1970."""
        raise self._lacking("times")

    @cached_property
    def booleans(self) -> list[bool]:
        """Truth values."""
        raise self._lacking("truth values")

    @cached_property
    def exact(self) -> Texts | None:
        """The digits of each number, where `numbers` would lose some."""
        return None

    @cached_property
    def json_numbers(self) -> Array | None:
        """uint8: which values of a dictionary of texts and numbers are numbers in JSON; None where none is."""
        return None

    @cached_property
    def trigrams(self) -> TrigramIndex | None:
        """An index of `texts`, if there is one."""
        return None

    @cached_property
    def words(self) -> WordIndex | None:
        """An index of the words of `texts`, if there is one."""
        return None

    def in_order(self) -> NDArray[Any]:
        """All numbers or times, ascending."""
        raise self._lacking("numbers")

    def number(self, code: int) -> Decimal:
        """The exact number of a code."""
        raise self._lacking(f"number {code}")

    def sort_value(self, code: int) -> Value:
        """A value, comparable with those of the same property in other segments."""
        raise self._lacking(f"value {code}")

    def buffered(self, rows: NDArray[np.uint32], codes: NDArray[Any]) -> BufferedValues:  # noqa: ARG002 - of one code
        """Rows, ascending, and their codes, all of which can be read, as values that encode to the same ones."""
        from smsearch.store.buffered_values import BufferedValues

        return BufferedValues(integer_rows=rows)

    def add_unreadable(self, values: BufferedValues, rows: NDArray[np.uint32]) -> None:
        """Adds a value to each of some rows that no kind can read."""
        values.others = sorted([*values.others, *((row, []) for row in rows.tolist())], key=lambda pair: pair[0])

    def sort_values(self) -> list[Value]:
        """`sort_value` of every code."""
        return list(map(self.sort_value, range(self.size)))

    def check(self) -> Iterator[str]:
        """What is wrong with it, a sentence each: its values are as many as its codes, distinct and in order."""
        yield from ()

    def check_groups(self, groups: list[int]) -> Iterator[str]:
        """What is wrong with the sort groups of its values: each value is its own, for no two sort alike."""
        if len(set(groups)) != len(groups):
            yield "values of one sort group are not the same number."

    def _opened(self, reference: ArrayReference | None) -> Array:
        """An array that values of this type have."""
        if reference is None:
            raise self._lacking("values of its type")
        return self._segment.array(reference)

    def _spelled(self, number: str | int) -> Decimal:
        """A number as it is spelled."""
        try:
            return Decimal(number)
        except InvalidOperation:
            raise self._no_value() from None

    def _no_value(self) -> StoreError:
        return damaged(self._segment.name, "a value of a column is none of its type, or not in order")

    def _lacking(self, what: str) -> StoreError:
        return damaged(self._segment.name, f"a column has no {what}, which its property has")


def ascend(values: NDArray[Any]) -> bool:
    """Whether numbers ascend, each greater than the one before; NaN is greater than none."""
    return bool((values[1:] > values[:-1]).all()) and not (len(values) == 1 and values[0] != values[0])
