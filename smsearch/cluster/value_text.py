"""Values as they travel between Spark and Python: a text that tells a value from all others of its property.

It knows no property and no session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from pyspark.sql import functions as F  # noqa: N812 - as everyone writes it

from smsearch.schema.decimal_key import number_of_key
from smsearch.schema.value_kinds import ValueType

if TYPE_CHECKING:
    from pyspark.sql import Column

    from smsearch.engine.value_counts import Scalar


def text_of_cell(cell: Column, value_type: ValueType) -> Column:
    """What tells a value from others; null where it cannot be read."""
    match value_type:
        case ValueType.TEXT | ValueType.TEXT_OR_NUMBER:
            return cell.getField("text")
        case ValueType.NUMBER:
            return cell.getField("key")
        case ValueType.TIME:
            return F.unix_micros(cell.getField("time")).cast("string")
        case ValueType.BOOLEAN:
            return cell.getField("truth").cast("string")
        case ValueType.PRESENCE:  # pragma: no cover - it is not asked for
            raise TypeError(value_type)
    assert_never(value_type)


def value_of_text(text: str, value_type: ValueType) -> Scalar:
    """The value that a text stands for."""
    match value_type:
        case ValueType.NUMBER:
            return number_of_key(text)
        case ValueType.TIME:
            return int(text)
        case ValueType.BOOLEAN:
            return text == "true"
        case _:
            return text
