"""One column of a table, opened: codes of rows, rows of codes, and the values that codes stand for.

Codes are places in the dictionary, whose values are sorted, so that every comparison is a comparison of codes and a
range of values is a slice of the sort order. The code `absent` stands for a row without the property. Which class a
column is, its metadata says when it is opened:

    ConstantColumn   every row has the same value; no array is stored
    DenseColumn      one code for every row of the table
    SparseColumn     the rows that have the property, and one code for each

This module knows no test and no page.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

from smsearch.numpy_later import np
from smsearch.schema.values import MICROS_MAX, MICROS_MIN, UNREADABLE, Value
from smsearch.store.column_lengths import refuse_unfit
from smsearch.store.dictionaries import open_dictionary
from smsearch.store.footer import damaged, outside
from smsearch.store.sorted_index import SortedIndex
from smsearch.store.string_array import StringArray

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from numpy.typing import NDArray

    from smsearch.store.bitmap import Bitmap, PrefixCounts
    from smsearch.store.buffered_values import BufferedValues
    from smsearch.store.column_metadata import ColumnMetadata
    from smsearch.store.directory import ArrayReference
    from smsearch.store.segment import Array, Segment
    from smsearch.store.texts import Texts
    from smsearch.store.trigrams import TrigramIndex

KNOWN_TEXTS_MAX: Final = 4_096
"""Dictionaries up to this many texts are kept as a Python dict once they are asked."""


class Column(SortedIndex, ABC):
    """A column: its sort order, its dictionary, and which row has which code.

    Attributes:
        row_count: Rows of the table.
        present: How many of them have the property.
        readable: How many values the dictionary has.
        has_unreadable: Whether a row has a value that cannot be read.
        absent: The code of a row without the property; also the number of codes, that of unreadable values included.
    """

    is_constant: ClassVar[bool] = False
    """Whether every row has the same value."""

    def __init__(self, segment: Segment, metadata: ColumnMetadata[ArrayReference], row_count: int) -> None:
        super().__init__(segment, metadata)
        self.row_count = row_count
        self.has_unreadable = metadata.has_unreadable
        self.absent = self.code_count
        self.dictionary = open_dictionary(segment, metadata)
        self.has_texts = self.dictionary.has_texts
        self.has_texts_apart = self.dictionary.has_texts_apart
        self.is_numeric = self.dictionary.is_numeric
        self.is_time = self.dictionary.is_time
        self.is_boolean = self.dictionary.is_boolean

    @abstractmethod
    def codes_of(self, rows: NDArray[Any]) -> NDArray[Any]:
        """The code of each row."""

    @abstractmethod
    def code_of(self, row: int) -> int:
        """The code of a row; read without NumPy."""

    @abstractmethod
    def all_codes(self) -> NDArray[Any]:
        """The code of every row of the table."""

    def coded_rows(self) -> tuple[NDArray[np.uint32], NDArray[Any]]:
        """The rows that have the property, ascending, and the code of each."""
        codes = self.all_codes()
        rows = np.flatnonzero(codes < self.absent).astype(np.uint32)
        return rows, codes[rows]

    def coded_among(self, rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """The places of those of some rows, ascending, that have the property, and the code of each."""
        codes = self.codes_of(rows)
        places = np.flatnonzero(codes < self.absent)
        return places, codes[places]

    def buffered(self) -> BufferedValues:
        """Values that encode to the column again: what could not be read is any value that cannot."""
        rows, codes = self.coded_rows()
        if not self.has_unreadable:
            return self.dictionary.buffered(rows, codes)
        readable = codes < self.readable
        values = self.dictionary.buffered(rows[readable], codes[readable])
        self.dictionary.add_unreadable(values, rows[~readable])
        return values

    @abstractmethod
    def check_rows(self) -> Iterator[str]:
        """What is wrong with the rows and the number of codes, a sentence each."""

    def check(self, tiebreak_rank: Array | None) -> Iterator[str]:
        """What is wrong with the column, a sentence each; every structure is compared with what it is made of.

        Args:
            tiebreak_rank: That of the table; None is the order of the rows.
        """
        problems = [*self._check_codes()]
        if not problems:  # else there is nothing to compare with
            problems += self.dictionary.check()
        if not problems and not self.is_constant:
            groups = [*range(self.readable)] if self.sort_groups is None else self.sort_groups.whole().tolist()
            problems += self.dictionary.check_groups(groups)
            rank = np.arange(self.row_count) if tiebreak_rank is None else tiebreak_rank.whole()
            problems += self.check_order(self.all_codes(), rank)
        yield from problems

    def _check_codes(self) -> Iterator[str]:
        """Which rows have the property, and which code each of them has."""
        if not 0 < self.present <= self.row_count:
            yield f"its entry counts {self.present} rows and {self.readable} values."
            return
        problems = list(self.check_rows())
        yield from problems
        if problems:
            return
        codes = self.all_codes()
        present = int((codes < self.absent).sum())
        if (codes > self.absent).any():
            yield "a code is larger than that of an absent value."
        elif present != self.present:
            yield f"{present} rows have it and its entry says {self.present}."
        elif not np.bincount(codes, minlength=self.absent)[: self.absent].all():
            yield "one of its values is that of no row."

    @property
    def numeric_groups(self) -> int:
        """How many groups, the leading ones, are not text; all of them unless text may stand beside numbers."""
        if not (self.has_texts and self.is_numeric):
            return self.group(self.readable)
        return self.group(len(self.numbers))

    @cached_property
    def bitmaps(self) -> dict[tuple[tuple[int, int], ...], Bitmap]:
        """The rows of some ranges of codes, as far as a filter has kept them."""
        return {}

    @cached_property
    def prefix_counts(self) -> dict[tuple[tuple[Column, tuple[tuple[int, int], ...]], ...], PrefixCounts | int]:
        """The rows of ranges of codes of other columns, counted along this order, or how often they were asked."""
        return {}

    # --- what the codes stand for ---

    @cached_property
    def texts(self) -> Texts:
        """The spelling of each value of a column that may hold text."""
        return self.dictionary.texts

    @cached_property
    def known_texts(self) -> dict[str, list[int]] | None:
        """Codes by spelling, if there are few enough to keep, and all of them are read at once."""
        if self.readable > KNOWN_TEXTS_MAX or type(self.texts) is StringArray:
            return None
        codes: dict[str, list[int]] = {}
        for code in range(self.readable):
            codes.setdefault(self.texts[code], []).append(code)
        return codes

    @cached_property
    def numbers(self) -> Array:
        """Values as int64 or float64; where text may stand too, the leading ones, which are numbers."""
        return self.dictionary.numbers

    @cached_property
    def micros(self) -> Array:
        """int64: times, in microseconds since 1970."""
        return self.dictionary.micros

    def in_order(self) -> NDArray[Any]:
        """int64 or float64: all values of a column of times, or of numbers alone, once it is known that they ascend."""
        return self.dictionary.in_order()

    def moments(self, codes: NDArray[Any]) -> NDArray[np.int64]:
        """int64: the times of some codes, in microseconds.

        Raises:
            StoreError: One is none that a calendar has.
        """
        micros: NDArray[np.int64] = self.micros.take(codes)
        if len(micros) and not (micros.min() >= MICROS_MIN and micros.max() <= MICROS_MAX):
            raise outside(self._segment.name)
        return micros

    @cached_property
    def measures(self) -> Array | None:
        """Times, or numbers that need no digits beside: comparable across segments; None where values are others."""
        if self.is_time:
            return self.micros
        return self.numbers if self.is_numeric and not self.has_texts and self.exact is None else None

    @cached_property
    def exact(self) -> Texts | None:
        """The digits of each number, where `numbers` would lose some."""
        return self.dictionary.exact

    @cached_property
    def json_numbers(self) -> Array | None:
        """uint8: which values of a column with texts are JSON numbers; None where none is."""
        return self.dictionary.json_numbers

    @cached_property
    def trigrams(self) -> TrigramIndex | None:
        """The trigram index over `texts`, if there is one."""
        return self.dictionary.trigrams

    @cached_property
    def booleans(self) -> list[bool]:
        """The values of a boolean column."""
        return self.dictionary.booleans

    def number(self, code: int) -> Decimal:
        """The exact number of a code."""
        return self.dictionary.number(code)

    def sort_value(self, group: int) -> Value:
        """The value that a group sorts by, comparable with those of the same column in other segments."""
        code = group if self.sort_groups is None else self.sort_groups.place(group, "left")
        return UNREADABLE if code >= self.readable else self.dictionary.sort_value(code)


class ConstantColumn(Column):
    """Every row has the same value, or one that cannot be read; its sort order is the tiebreak order of the table."""

    is_constant = True

    def __init__(
        self,
        segment: Segment,
        metadata: ColumnMetadata[ArrayReference],
        row_count: int,
        tiebreak_order: Array | None,
    ) -> None:
        super().__init__(segment, metadata, row_count)
        self.sorted_rows = tiebreak_order

    def codes_of(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Zeros."""
        return np.zeros(len(rows), dtype=np.uint8)

    def code_of(self, row: int) -> int:  # noqa: ARG002 - every row has it
        """0."""
        return 0

    def all_codes(self) -> NDArray[Any]:
        """Zeros."""
        return np.zeros(self.row_count, dtype=np.uint8)

    def start(self, group: int) -> int:
        """The one group begins with the first row, and ends with the last."""
        return group * self.row_count

    def group_at(self, place: int) -> int:  # noqa: ARG002 - every place is in it
        """The one group."""
        return 0

    def _lengths(self, groups: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.full(len(groups), self.row_count)

    def check_rows(self) -> Iterator[str]:
        """There is no array: no row has to be told from another."""
        column = self._metadata
        if any(one is not None for one in (column.rows, column.codes, column.offsets, column.sort_groups)):
            yield "every row has the same value, and it has arrays all the same."


class DenseColumn(Column):
    """A column with a code for every row."""

    @cached_property
    def codes(self) -> Array:
        """Unsigned: the code of every row."""
        reference = self._metadata.codes
        if reference is None:
            raise damaged(self._segment.name, "a column has neither rows nor codes")
        return self._segment.array(reference)

    def codes_of(self, rows: NDArray[Any]) -> NDArray[Any]:
        """The code of each row."""
        return self.codes.take(rows)

    def code_of(self, row: int) -> int:
        """The code of a row."""
        return int(self.codes.at(row))

    def all_codes(self) -> NDArray[Any]:
        """The code of every row."""
        return self.codes.whole()

    def check_rows(self) -> Iterator[str]:
        """There is one code for every row."""
        if len(self.codes) != self.row_count:
            yield f"it has not one code for each of {self.row_count} rows."


class SparseColumn(Column):
    """A column with the rows that have the property, and a code for each, unless all have the same one."""

    @cached_property
    def rows(self) -> Array:
        """uint32, ascending: the rows that have the property."""
        return self._segment.array(self._metadata.rows or ())

    @cached_property
    def codes(self) -> Array | None:
        """Unsigned: the code of each of `rows`; None where all have the code 0."""
        return self._optional(self._metadata.codes)

    def codes_of(self, rows: NDArray[Any]) -> NDArray[Any]:
        """The code of each row."""
        present = self.rows.whole()
        places = present.searchsorted(rows.astype(present.dtype, copy=False))
        is_present = present.take(places, mode="clip") == rows
        codes: NDArray[Any] = np.full(len(rows), self.absent, dtype=np.uint32)
        codes[is_present] = 0 if self.codes is None else self.codes.take(places[is_present])
        return codes

    def code_of(self, row: int) -> int:
        """The code of a row."""
        place = self.rows.place(row, "left")
        if place == len(self.rows) or self.rows.at(place) != row:
            return self.absent
        return 0 if self.codes is None else int(self.codes.at(place))

    def all_codes(self) -> NDArray[Any]:
        """The code of every row of the table."""
        codes = np.full(self.row_count, self.absent, dtype=np.min_scalar_type(self.absent))
        codes[self.rows.whole()] = 0 if self.codes is None else self.codes.whole()
        return codes

    def coded_rows(self) -> tuple[NDArray[np.uint32], NDArray[Any]]:
        """As they are stored."""
        codes = np.zeros(self.present, np.uint8) if self.codes is None else self.codes.whole()
        return self.rows.whole(), codes

    def coded_among(self, rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """As `Column.coded_among`; only what is stored of the rows from the first to the last is read."""
        if not len(rows):
            return super().coded_among(rows)
        start, end = self.rows.place(int(rows[0]), "left"), self.rows.place(int(rows[-1]), "right")
        present = self.rows.part(start, end)
        places = rows.searchsorted(present)
        here = rows[places] == present
        codes = np.zeros(end - start, np.uint8) if self.codes is None else self.codes.part(start, end)
        return places[here], codes[here]

    def check_rows(self) -> Iterator[str]:
        """The rows are rows of the table in order, with a code each."""
        if len(self.rows) != self.present or not ascends(self.rows.whole(), self.row_count):
            yield "its rows are not rows of the table in order."
        elif self.absent != 1 if self.codes is None else len(self.codes) != self.present:
            yield f"it has not one code for each of {self.present} rows."


def open_column(
    segment: Segment, metadata: ColumnMetadata[ArrayReference], row_count: int, tiebreak_order: Array | None
) -> Column:
    """A column of a table.

    Args:
        segment: Where it lies.
        metadata: What the directory says of it.
        row_count: Rows of the table.
        tiebreak_order: All rows of the table in the order of those that sort alike; None is the order of the rows.

    Raises:
        StoreError: Its arrays do not fit together.
    """
    refuse_unfit(metadata, row_count, segment.name)
    if metadata.is_constant(row_count):
        return ConstantColumn(segment, metadata, row_count, tiebreak_order)
    return (DenseColumn if metadata.rows is None else SparseColumn)(segment, metadata, row_count)


def ascends(rows: NDArray[Any], count: int) -> bool:
    """Whether some rows ascend and are less than a count."""
    return not len(rows) or (bool((rows[1:] > rows[:-1]).all()) and int(rows[-1]) < count)
