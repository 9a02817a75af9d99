"""The dictionary of a structure as a whole, which has no values: one code, for being there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.numpy_later import np
from smsearch.store.column_metadata import DictionaryMetadata
from smsearch.store.encoded_column import encoded_column

if TYPE_CHECKING:
    from smsearch.schema.value_kinds import Kind
    from smsearch.store.buffered_values import BufferedValues
    from smsearch.store.encoded_column import EncodedColumn


def encode(values: BufferedValues, kind: Kind) -> EncodedColumn:  # noqa: ARG001 - every kind alike
    """Rows that have the structure come as those of integers."""
    rows = values.integer_rows
    return encoded_column([(rows, np.zeros(len(rows), np.uint32))], 1, DictionaryMetadata())
