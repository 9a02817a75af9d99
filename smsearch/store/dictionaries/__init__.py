"""The distinct values of a column in the order of row S3, one module a type: its encoder, reader and check.

A code is a place among the values. The encoder of a type makes a dictionary of buffered values, and gives each row its
code; the reader gives the value of a code. Knows no row's document and no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from smsearch.schema.value_kinds import ValueType
from smsearch.store.dictionaries import boolean, number, presence, text, text_or_number, time
from smsearch.store.dictionaries.dictionary import Dictionary

if TYPE_CHECKING:
    from smsearch.schema.value_kinds import Kind
    from smsearch.store.buffered_values import BufferedValues
    from smsearch.store.column_metadata import ColumnMetadata
    from smsearch.store.directory import ArrayReference
    from smsearch.store.encoded_column import EncodedColumn
    from smsearch.store.segment import Segment


def encode(kind: Kind, values: BufferedValues) -> EncodedColumn:
    """The column of a kind: its dictionary, and the code of each row."""
    match kind.type:
        case ValueType.TEXT:
            return text.encode(values, kind)
        case ValueType.NUMBER:
            return number.encode(values, kind)
        case ValueType.TIME:
            return time.encode(values, kind)
        case ValueType.BOOLEAN:
            return boolean.encode(values, kind)
        case ValueType.TEXT_OR_NUMBER:
            return text_or_number.encode(values, kind)
        case ValueType.PRESENCE:
            return presence.encode(values)
    assert_never(kind.type)


def open_dictionary(segment: Segment, metadata: ColumnMetadata[ArrayReference]) -> Dictionary:
    """The dictionary of a column; which members its metadata has tells the type of the values."""
    return _reader(metadata)(segment, metadata.dictionary, metadata.readable)


def _reader(metadata: ColumnMetadata[ArrayReference]) -> type[Dictionary]:
    dictionary = metadata.dictionary
    if dictionary.texts is not None:
        return text.TextDictionary if dictionary.numbers is None else text_or_number.TextOrNumberDictionary
    if dictionary.numbers is not None:
        return number.NumberDictionary
    if dictionary.micros is not None:
        return time.TimeDictionary
    return Dictionary if dictionary.booleans is None else boolean.BooleanDictionary
