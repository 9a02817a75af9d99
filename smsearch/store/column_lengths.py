"""What the references of a column must say of each other before a reader believes them: lengths and types.

Checksums do not tell whether arrays fit together. So this is looked at once, when a column is opened, and costs no
reading: a reference says how long its array is and of what type. What the elements are, their readers look at where
they use them, and `check` in full. This module needs no NumPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.store.directory import NUMBERS, OFFSETS, ROWS, UNSIGNED
from smsearch.store.footer import damaged

if TYPE_CHECKING:
    from collections.abc import Collection

    from smsearch.store.column_metadata import ColumnMetadata, DictionaryMetadata
    from smsearch.store.directory import ArrayReference, TextArrays

_TRUTHS_MAX: Final = 2


def refuse_unfit(metadata: ColumnMetadata[ArrayReference], row_count: int, file: str) -> None:
    """Passes a column whose arrays fit together, and the table that it is of.

    Args:
        metadata: What the directory says of the column.
        row_count: Rows of the table.
        file: The name of the segment's file.

    Raises:
        StoreError: They do not.
    """
    if not (_fits_rows(metadata, row_count) and _fits_order(metadata, row_count) and _fits_dictionary(metadata)):
        raise damaged(file, "the arrays of a column do not fit together")


def _fits_rows(column: ColumnMetadata[ArrayReference], row_count: int) -> bool:
    """Whether each row that has the property has one code, and no code is that of no row."""
    if not (0 < column.present <= row_count and 0 < column.code_count <= column.present):
        return False
    if column.is_constant(row_count):
        return True
    if column.rows is None:
        return _is(column.codes, UNSIGNED, row_count)
    is_one_code = column.codes is None and column.code_count == 1
    return _is(column.rows, ROWS, column.present) and (is_one_code or _is(column.codes, UNSIGNED, column.present))


def _fits_order(column: ColumnMetadata[ArrayReference], row_count: int) -> bool:
    """Whether the order has each of the rows, and each group its beginning."""
    if column.is_constant(row_count):
        return True
    if not _is(column.sorted_rows, ROWS, column.present):
        return False
    if column.sort_groups is None:
        if column.offsets is None:
            return column.code_count == column.present
        return _is(column.offsets, UNSIGNED, column.code_count + 1)
    groups_max = column.code_count + 1
    return (
        _is(column.sort_groups, UNSIGNED, column.readable)
        and _is(column.counts, UNSIGNED, column.code_count)
        and column.offsets is not None
        and _is(column.offsets, UNSIGNED, min(max(column.offsets.length, 2), groups_max))
    )


def _fits_dictionary(column: ColumnMetadata[ArrayReference]) -> bool:
    """Whether the dictionary has as many values as the column."""
    values, count = column.dictionary, column.readable
    if values.texts is not None:
        numbers = values.numbers
        return (
            _are_texts(values.texts, count)
            and (numbers is None or (numbers.dtype == "<f8" and numbers.length <= count))
            and (values.json_numbers is None or _is(values.json_numbers, ("|u1",), count))
            and _fit_indexes(values)
        )
    if values.numbers is not None:
        return _is(values.numbers, NUMBERS, count) and (values.exact is None or _are_texts(values.exact, count))
    if values.micros is not None:
        return _is(values.micros, ("<i8",), count)
    return count <= (1 if values.booleans is None else len(values.booleans)) <= _TRUTHS_MAX


def _fit_indexes(values: DictionaryMetadata[ArrayReference]) -> bool:
    """Whether the indexes of texts say of each of their entries where it begins and ends."""
    trigrams, words = values.trigrams, values.words
    if trigrams is not None and not (
        _is(trigrams.grams, ROWS, trigrams.grams.length)
        and _is(trigrams.offsets, UNSIGNED, trigrams.grams.length + 1)
        and _is(trigrams.blocks, UNSIGNED, trigrams.blocks.length)
    ):
        return False
    return words is None or (
        _are_texts(words.words, words.offsets.length - 1)
        and _is(words.offsets, UNSIGNED, words.offsets.length)
        and _is(words.begins, ROWS, words.begins.length)
        and _is(words.ends, ROWS, words.begins.length)
    )


def _are_texts(texts: TextArrays[ArrayReference], count: int) -> bool:
    return _is(texts.encoded, ("|u1",), texts.encoded.length) and _is(texts.offsets, OFFSETS, count + 1)


def _is(array: ArrayReference | None, types: Collection[str], length: int) -> bool:
    return array is not None and array.dtype in types and array.length == length
