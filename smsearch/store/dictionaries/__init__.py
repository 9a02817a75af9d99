"""The distinct values of a column in the order of row S3, one module a type: its encoder, reader and check.

A code is a place among the values. The encoder of a type makes a dictionary of buffered values, and gives each row its
code; the reader gives the value of a code. Knows no row's document and no file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.schema.value_kinds import ValueType, encoded_as
from smsearch.store.dictionaries.dictionary import Dictionary

if TYPE_CHECKING:
    from smsearch.schema.value_kinds import Kind
    from smsearch.store.buffered_values import BufferedValues
    from smsearch.store.column import Column
    from smsearch.store.column_metadata import ColumnMetadata
    from smsearch.store.directory import ArrayReference
    from smsearch.store.encoded_column import EncodedColumn
    from smsearch.store.segment import Segment


def encode(kind: Kind, values: BufferedValues) -> EncodedColumn:
    """The column of a kind: its dictionary, and the code of each row."""
    from smsearch.store.dictionaries import boolean, number, presence, text, text_or_number, time

    encoder = {
        ValueType.TEXT: text.encode,
        ValueType.NUMBER: number.encode,
        ValueType.TIME: time.encode,
        ValueType.BOOLEAN: boolean.encode,
        ValueType.TEXT_OR_NUMBER: text_or_number.encode,
        ValueType.PRESENCE: presence.encode,
    }
    return encoder[kind.type](values, kind)


def open_dictionary(segment: Segment, metadata: ColumnMetadata[ArrayReference]) -> Dictionary:
    """The dictionary of a column; which members its metadata has tells the type of the values."""
    return _reader(metadata)(segment, metadata.dictionary, metadata.readable)


def kind_of(column: Column) -> Kind:
    """A kind that encodes the values of a column as they are encoded: that of the property, or one like it."""
    if column.has_texts:
        value_type = ValueType.TEXT_OR_NUMBER if column.is_numeric else ValueType.TEXT
    elif column.is_numeric:
        value_type = ValueType.NUMBER
    elif column.is_time:
        value_type = ValueType.TIME
    else:
        value_type = ValueType.BOOLEAN if column.is_boolean else ValueType.PRESENCE
    with_json_numbers = column.json_numbers is not None
    return encoded_as(value_type, with_json_numbers=with_json_numbers, texts_apart=column.has_texts_apart)


def _reader(metadata: ColumnMetadata[ArrayReference]) -> type[Dictionary]:
    """The class of a dictionary; a search loads the modules of those that it opens."""
    dictionary = metadata.dictionary
    if dictionary.texts is not None and dictionary.numbers is not None:
        from smsearch.store.dictionaries.text_or_number import TextOrNumberDictionary

        return TextOrNumberDictionary
    if dictionary.texts is not None:
        from smsearch.store.dictionaries.text import TextDictionary

        return TextDictionary
    if dictionary.numbers is not None:
        from smsearch.store.dictionaries.number import NumberDictionary

        return NumberDictionary
    if dictionary.micros is not None:
        from smsearch.store.dictionaries.time import TimeDictionary

        return TimeDictionary
    if dictionary.booleans is not None:
        from smsearch.store.dictionaries.boolean import BooleanDictionary

        return BooleanDictionary
    return Dictionary
