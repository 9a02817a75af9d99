"""The texts of a stored property, around one that is looked for: what a slip in a query may have meant.

A dictionary says what was stored, not what is left: a text may be that of superseded records only.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from smsearch.columnar.property_columns import members_of
from smsearch.store.address import address

if TYPE_CHECKING:
    from smsearch.schema.property import Property
    from smsearch.store.store import Part


def spellings(part: Part, prop: Property, near: str, at_most: int) -> list[str]:
    """The texts of one part of a store, at most so many of a column, as many on either side of `near` as there are."""
    return [text for member in members_of(prop) for text in _of_column(part, member, near, at_most)]


def _of_column(part: Part, prop: Property, near: str, at_most: int) -> list[str]:
    place = address(prop.steps)
    table = part.tables.get(place.table)
    column = None if table is None else table.column(place.column)
    if column is None or not column.has_texts:
        return []
    first = len(column.numbers) if column.is_numeric else 0  # numbers stand before texts
    texts = column.texts
    middle = first + bisect_left(range(first, column.readable), near.encode("utf-8", "replace"), key=texts.encoded)
    start = max(first, min(middle - at_most // 2, column.readable - at_most))
    return [texts[code] for code in range(start, min(start + at_most, column.readable))]
