"""The cursor of the Spark engine: keyset pagination.

The first 8 bytes hold how many records the pages before gave. Then, as JSON, come the sort values, ARN, name and
version of the last of them, so that the next page begins behind it and costs what an early page does. Values too long
for a token are left out: then Spark skips the records by their number. Blanks fill up to a multiple of 8 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson

from smsearch.engine.cursor import InvalidCursorError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.cluster.order import KeyValue
    from smsearch.engine.cursor import Cursor

_WORD_BYTES: Final = 8
VALUES_BYTES_MAX: Final = 4_000
"""Bytes of JSON; a token has at most 8,192 characters, and base64 makes four of three bytes."""
GIVEN_MAX: Final = 2**31 - 1
"""Records that Spark can skip."""
TIME_MAX: Final = 2**63
"""Microseconds that Spark's timestamps end before."""


@dataclass(frozen=True, slots=True)
class Keyset:
    """How many records came before, and the values of the last of them if they are known."""

    given: int = 0
    values: tuple[KeyValue, ...] = ()


def pack(keyset: Keyset) -> Cursor:
    """The cursor of a keyset."""
    offset = keyset.given.to_bytes(_WORD_BYTES, "big")
    written = orjson.dumps(keyset.values) if keyset.values else b""
    if len(written) > VALUES_BYTES_MAX:
        return offset
    return offset + written + b" " * (-len(written) % _WORD_BYTES)


def unpack(cursor: Cursor, types: Sequence[type[str | int | bool]]) -> Keyset:
    """The keyset of a cursor; the empty keyset for the beginning.

    Args:
        cursor: The cursor.
        types: The types of the values that records are sorted by; any value may be absent.

    Raises:
        InvalidCursorError: The cursor is not that of a keyset of such values.
    """
    if not cursor:
        return Keyset()
    offset, written = int.from_bytes(cursor[:_WORD_BYTES], "big"), cursor[_WORD_BYTES:]
    try:
        values = orjson.loads(written) if written else []
    except orjson.JSONDecodeError:
        raise InvalidCursorError(cursor) from None
    is_lawful = isinstance(values, list) and (_fit(values, types) if written else offset <= GIVEN_MAX)
    if not (is_lawful and offset) or pack(Keyset(offset, tuple(values))) != cursor:  # there is one spelling only
        raise InvalidCursorError(cursor)
    return Keyset(offset, tuple(values))


def _fit(values: list[object], types: Sequence[type[str | int | bool]]) -> bool:
    """Whether each value is absent or of its type."""
    if len(values) != len(types):
        return False
    return all(value is None or type(value) is kind for value, kind in zip(values, types, strict=True)) and all(
        abs(value) < TIME_MAX for value in values if isinstance(value, int)
    )
