"""What a segment's directory says of a column: typed, as it is written and as it is read.

The names of the members are those of `docs/store-format.md`; their order is that in which the arrays are written. This
module needs no NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic

from smsearch.frozen import field_values, frozen
from smsearch.store.directory import Stored, TextArrays, without_none

if TYPE_CHECKING:
    from smsearch.store.directory import ArrayReference, DirectoryEntry


MEMBERS: Final = ("present", "readable", "unreadable", "values", "at", "codes", "order", "starts", "groups", "counts")
"""The members of a column's entry."""


@frozen
class TrigramMetadata(Generic[Stored]):
    """The trigram index of a dictionary (`trigrams.py`).

    Attributes:
        grams: uint32, ascending: each run of three bytes that a text has.
        offsets: uint32, one more than there are grams: where in `blocks` the postings of each begin.
        blocks: unsigned: the postings, blocks of 32 texts.
    """

    grams: Stored
    offsets: Stored
    blocks: Stored

    def members(self) -> dict[str, Any]:
        """The JSON members, arrays and all."""
        return {"grams": self.grams, "starts": self.offsets, "blocks": self.blocks}


@frozen
class WordMetadata(Generic[Stored]):
    """The index of the words of a dictionary (`words.py`).

    Attributes:
        words: Each distinct word and a line feed, in order.
        offsets: uint32, one more than there are words: where the runs of each begin; none of a word in too many texts.
        begins: uint32: the first text of each run.
        ends: uint32: the text after the last one.
    """

    words: TextArrays[Stored]
    offsets: Stored
    begins: Stored
    ends: Stored

    def members(self) -> dict[str, Any]:
        """The JSON members, arrays and all."""
        return {"words": self.words, "starts": self.offsets, "begins": self.begins, "ends": self.ends}


@frozen
class DictionaryMetadata(Generic[Stored]):
    """The distinct values of a column; which members there are tells their type.

    Attributes:
        texts: The spelling of each value that may be text.
        numbers: int64 or float64, each value; beside `texts`, each of the leading ones that are numbers.
        exact: The digits of each number, where `numbers` would lose some.
        micros: int64: microseconds since 1970.
        booleans: Truth values.
        trigrams: An index of `texts`.
        words: An index of the words of `texts`, if those are few.
        json_numbers: uint8: which of `texts` are numbers in JSON; None where none is.
        texts_apart: Whether texts that spell numbers stand among texts.
    """

    texts: TextArrays[Stored] | None = None
    numbers: Stored | None = None
    exact: TextArrays[Stored] | None = None
    micros: Stored | None = None
    booleans: list[bool] | None = None
    trigrams: TrigramMetadata[Stored] | None = None
    json_numbers: Stored | None = None
    texts_apart: bool = False
    words: WordMetadata[Stored] | None = None

    def members(self) -> dict[str, Any]:
        """The JSON members that there are, arrays and all."""
        trigrams = None if self.trigrams is None else self.trigrams.members()
        words = None if self.words is None else self.words.members()
        return without_none(
            field_values(self) | {"trigrams": trigrams, "texts_apart": self.texts_apart or None, "words": words}
        )


@frozen
class ColumnMetadata(Generic[Stored]):
    """A column.

    Attributes:
        present: How many rows have the property.
        readable: How many values the dictionary has.
        has_unreadable: Whether a row has a value that cannot be read as the property's type.
        dictionary: The values.
        rows: uint32, ascending: the rows of a sparse column; None where the codes are of every row.
        codes: unsigned: the code of every row, or of each of `rows`; None where there is one code only.
        sorted_rows: uint32: rows by sort group, ties in the table's order, unreadable ones last.
        offsets: unsigned: where in `sorted_rows` each sort group begins, and the end; None where each is one row.
        sort_groups: uint32: the sort group of each value; None where each value is its own.
        counts: uint32: the rows of each value, where values share groups.
    """

    present: int
    readable: int
    has_unreadable: bool
    dictionary: DictionaryMetadata[Stored]
    rows: Stored | None = None
    codes: Stored | None = None
    sorted_rows: Stored | None = None
    offsets: Stored | None = None
    sort_groups: Stored | None = None
    counts: Stored | None = None

    def members(self) -> dict[str, Any]:
        """The JSON members, arrays and all."""
        return {
            "present": self.present,
            "readable": self.readable,
            "unreadable": self.has_unreadable,
            "values": self.dictionary.members(),
            "at": self.rows,
            "codes": self.codes,
            "order": self.sorted_rows,
            "starts": self.offsets,
            "groups": self.sort_groups,
            **({} if self.counts is None else {"counts": self.counts}),
        }

    @property
    def code_count(self) -> int:
        """How many codes there are: one for each value, and one for values that cannot be read."""
        return self.readable + self.has_unreadable

    def is_constant(self, row_count: int) -> bool:
        """Whether every row of a table has the same value; nothing more is written then."""
        return self.sorted_rows is None and self.present == row_count and self.code_count == 1


def read_column(entry: DirectoryEntry) -> ColumnMetadata[ArrayReference]:
    """The metadata of a column.

    Raises:
        StoreError: A member is missing, or is not what it should be.
    """
    return ColumnMetadata(
        present=entry.count("present"),
        readable=entry.count("readable"),
        has_unreadable=entry.truth("unreadable"),
        dictionary=_read_dictionary(entry.inner("values")),
        rows=entry.optional_array("at"),
        codes=entry.optional_array("codes"),
        sorted_rows=entry.optional_array("order"),
        offsets=entry.optional_array("starts"),
        sort_groups=entry.optional_array("groups"),
        counts=entry.array("counts") if entry.has("counts") else None,
    )


def _read_dictionary(entry: DirectoryEntry) -> DictionaryMetadata[ArrayReference]:
    index = entry.inner("trigrams") if entry.has("trigrams") else None
    words = entry.inner("words") if entry.has("words") else None
    return DictionaryMetadata(
        texts=entry.text_arrays("texts") if entry.has("texts") else None,
        numbers=entry.array("numbers") if entry.has("numbers") else None,
        exact=entry.text_arrays("exact") if entry.has("exact") else None,
        micros=entry.array("micros") if entry.has("micros") else None,
        booleans=entry.truths("booleans") if entry.has("booleans") else None,
        trigrams=None if index is None else TrigramMetadata(*map(index.array, ("grams", "starts", "blocks"))),
        json_numbers=entry.array("json_numbers") if entry.has("json_numbers") else None,
        texts_apart=entry.has("texts_apart") and entry.truth("texts_apart"),
        words=None
        if words is None
        else WordMetadata(words.text_arrays("words"), *map(words.array, ("starts", "begins", "ends"))),
    )
