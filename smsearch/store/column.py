"""One column of a table, read: codes of rows, rows of codes, and the entries that codes stand for.

Codes are places among the sorted entries, so that every comparison is a comparison of codes and a range of values is a
slice of the sort order. The code `absent` stands for a row without the property. This module knows no test and no page.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from smsearch.schema import values
from smsearch.schema.values import UNREADABLE, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.store.segment import Array, Segment, Texts

FEW_RANGES_MAX: Final = 8
"""So many ranges are counted one by one in the time of a gather."""
KNOWN_TEXTS_MAX: Final = 4_096
"""Dictionaries up to this many texts are kept as a Python dict once they are asked."""


class Column:
    """A column of `row_count` rows; see `docs/store-format.md` for what its directory entry holds."""

    def __init__(self, segment: Segment, meta: dict[str, Any], row_count: int, natural: Array | None) -> None:
        self._segment = segment
        self._meta = meta
        self._natural = natural
        self.row_count = row_count
        self.present: int = meta["present"]
        self.readable: int = meta["readable"]
        self.has_unreadable: bool = meta["unreadable"]
        self.absent: int = self.readable + self.has_unreadable
        """The code of a row without the property; also the number of entries, unreadable values being one."""

    def array_of(self, reference: list[Any]) -> NDArray[Any]:
        """All elements of an array that the column's entry refers to."""
        return self._segment.array(reference).whole()

    def _array(self, name: str) -> Array | None:
        reference = self._meta.get(name)
        return None if reference is None else self._segment.array(reference)

    @cached_property
    def at(self) -> Array | None:
        """uint32, ascending: the rows of a sparse column; None where the codes are of every row."""
        return self._array("at")

    @cached_property
    def codes(self) -> Array | None:
        """Codes of every row (dense) or of `at` (sparse); None where there is one code only."""
        return self._array("codes")

    @cached_property
    def order(self) -> Array | None:
        """uint32: rows by group, ties in the table's order, unreadable ones last; None where it is that very order."""
        order = self._array("order")
        return self._natural if order is None else order

    @cached_property
    def starts(self) -> Array | None:
        """Where in `order` each group begins, and the end; None where each group is one row or there is one group."""
        return self._array("starts")

    @cached_property
    def groups(self) -> Array | None:
        """uint32: the group of each entry; None where each entry is its own."""
        return self._array("groups")

    @cached_property
    def counts(self) -> Array | None:
        """uint32: the rows of each entry, where entries share groups."""
        return self._array("counts")

    @property
    def is_constant(self) -> bool:
        """Whether every row has the same value."""
        return self._meta["order"] is None and self.present == self.row_count and self.absent == 1

    @cached_property
    def readable_rows(self) -> int:
        """How many rows of `order` have a value that can be read; the others follow."""
        return self.start(self.group(self.readable))

    @property
    def numeric_groups(self) -> int:
        """How many groups, the leading ones, are not text; all of them unless text may stand beside numbers."""
        if not (self.has_texts and self.is_numeric):
            return self.group(self.readable)
        return self.group(len(self.numbers))

    def group(self, code: int) -> int:
        """The group of an entry; past the last entry, the number of groups."""
        if self.groups is None:
            return code
        if code >= self.readable:
            return int(self.groups.at(self.readable - 1)) + 1 + code - self.readable if self.readable else code
        return int(self.groups.at(code))

    def start(self, group: int) -> int:
        """Where in `order` a group begins."""
        if self.is_constant:
            return group * self.row_count
        return group if self.starts is None else int(self.starts.at(group))

    def group_at(self, place: int) -> int:
        """The group of a place in `order`."""
        if self.is_constant:
            return 0
        if self.starts is None:
            return place
        return self.starts.place(place, "right") - 1

    def rows_at(self, start: int, end: int) -> NDArray[Any]:
        """Rows along `order`."""
        return np.arange(start, end, dtype=np.uint32) if self.order is None else self.order.part(start, end)

    def codes_of(self, rows: NDArray[Any]) -> NDArray[Any]:
        """The code of each row."""
        if self.is_constant:
            return np.zeros(len(rows), dtype=np.uint8)
        if self.at is None:
            return self.codes.take(rows)  # type: ignore[union-attr]  # a dense column has codes
        return self._sparse_codes(rows, self.at.whole())

    def _sparse_codes(self, rows: NDArray[Any], present: NDArray[Any]) -> NDArray[Any]:
        places = present.searchsorted(rows.astype(present.dtype, copy=False))
        found = present.take(places, mode="clip") == rows
        codes: NDArray[Any] = np.full(len(rows), self.absent, dtype=np.uint32)
        codes[found] = 0 if self.codes is None else self.codes.take(places[found])
        return codes

    def all_codes(self) -> NDArray[Any]:
        """The code of every row of the table, dense or not."""
        if self.is_constant:
            return np.zeros(self.row_count, dtype=np.uint8)
        if self.at is None:
            return self.codes.whole()  # type: ignore[union-attr]  # a dense column has codes
        codes = np.full(self.row_count, self.absent, dtype=np.min_scalar_type(self.absent))
        codes[self.at.whole()] = 0 if self.codes is None else self.codes.whole()
        return codes

    def count_in(self, ranges: Sequence[tuple[int, int]]) -> int:
        """How many rows have a code in one of some ranges, each from its first to before its second."""
        if self.counts is not None:
            return sum(int(self.counts.part(low, high).sum()) for low, high in ranges)
        if self.starts is None or len(ranges) <= FEW_RANGES_MAX:
            return sum(self.start(high) - self.start(low) for low, high in ranges)
        bounds = np.array(ranges, np.int64)
        return int((self.starts.take(bounds[:, 1]).astype(np.int64) - self.starts.take(bounds[:, 0])).sum())

    def count_of(self, codes: NDArray[np.int64]) -> int:
        """How many rows have one of some codes, each given once."""
        if self.counts is not None:
            return int(self.counts.take(codes).sum())
        return int(self._lengths(codes).sum())

    def rows_of(self, codes: NDArray[np.int64]) -> NDArray[Any]:
        """The rows that have one of some codes, each given once, by code; where each entry is its own group."""
        lengths = self._lengths(codes)
        starts = codes if self.starts is None else self.starts.take(codes)
        skipped = np.repeat(starts - np.append(0, lengths.cumsum()[:-1]), lengths)
        places = skipped + np.arange(len(skipped))
        return places.astype(np.uint32) if self.order is None else self.order.take(places)

    def _lengths(self, groups: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many rows each of some groups has."""
        if self.starts is None:
            return np.full(len(groups), self.row_count if self.is_constant else 1)
        lengths: NDArray[np.int64] = self.starts.take(groups + 1).astype(np.int64) - self.starts.take(groups)
        return lengths

    # --- what the codes stand for ---

    @cached_property
    def texts(self) -> Texts:
        """The spelling of each entry of a column that may hold text."""
        return self._segment.texts(self._meta["values"]["texts"])

    @property
    def is_numeric(self) -> bool:
        """Whether entries are numbers, or the leading ones are."""
        return "numbers" in self._meta["values"]

    @property
    def has_texts_apart(self) -> bool:
        """Whether texts stand by code point alone, those that spell numbers too."""
        return not self.is_numeric or bool(self._meta["values"].get("texts_apart"))

    @property
    def is_time(self) -> bool:
        """Whether entries are times."""
        return "micros" in self._meta["values"]

    @property
    def is_boolean(self) -> bool:
        """Whether entries are truth values."""
        return "booleans" in self._meta["values"]

    @property
    def has_texts(self) -> bool:
        """Whether entries are spelled out."""
        return "texts" in self._meta["values"]

    @cached_property
    def known_texts(self) -> dict[str, list[int]] | None:
        """Codes by spelling, if there are few enough to keep."""
        if self.readable > KNOWN_TEXTS_MAX:
            return None
        known: dict[str, list[int]] = {}
        for code in range(self.readable):
            known.setdefault(self.texts[code], []).append(code)
        return known

    @cached_property
    def numbers(self) -> Array:
        """Entries as int64 or float64; where text may stand too, those of the leading entries that are numbers."""
        return self._segment.array(self._meta["values"]["numbers"])

    @cached_property
    def micros(self) -> Array:
        """int64: the entries of a timestamp column, in microseconds since 1970."""
        return self._segment.array(self._meta["values"]["micros"])

    @cached_property
    def exact(self) -> Texts | None:
        """The digits of each number, where `numbers` would lose some."""
        references = self._meta["values"].get("exact")
        return None if references is None else self._segment.texts(references)

    @cached_property
    def json_numbers(self) -> Array | None:
        """uint8: which entries of a column with texts are JSON numbers; None where none is."""
        reference = self._meta["values"].get("json_numbers")
        return None if reference is None else self._segment.array(reference)

    @cached_property
    def trigrams(self) -> dict[str, Any] | None:
        """The directory entry of the trigram index over `texts`, if there is one."""
        found: dict[str, Any] | None = self._meta["values"].get("trigrams")
        return found

    @cached_property
    def booleans(self) -> list[bool]:
        """The entries of a boolean column."""
        found: list[bool] = self._meta["values"]["booleans"]
        return found

    def number(self, code: int) -> Decimal:
        """The exact number of an entry."""
        if "texts" in self._meta["values"]:
            spelled = self.texts[code]
            number = None if self._is_json_number(code) else values.parse_number(spelled)
            return Decimal(spelled) if number is None else number
        if self.exact is not None:
            return Decimal(self.exact[code])
        value = self.numbers.at(code)
        return Decimal(value) if isinstance(value, int) else Decimal(repr(value))

    def _is_json_number(self, code: int) -> bool:
        return self.json_numbers is not None and bool(self.json_numbers.at(code))

    def sort_value(self, group: int) -> Value:
        """The value that a group sorts by, comparable with those of the same column in other segments."""
        entries = self._meta["values"]
        code = group if self.groups is None else self.groups.place(group, "left")
        if code >= self.readable:
            return UNREADABLE
        if "booleans" in entries:
            return self.booleans[code]
        if "micros" in entries:
            return int(self.micros.at(code))
        if "numbers" in entries and code < len(self.numbers):
            return self.number(code)
        return self.texts[code]
