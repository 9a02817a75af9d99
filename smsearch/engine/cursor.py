"""A cursor: where a page begins in the order of a query.

A cursor is opaque bytes. The engine that gave it out can read it, and nobody else; it is good for one query over one
snapshot. The empty cursor is the beginning. An engine whose order has numbered positions packs those; another engine
packs what it likes, within `CURSOR_BYTES_MAX`.
"""

from __future__ import annotations

import struct
from typing import Final

Cursor = bytes
"""Where a page begins; `b""` is the beginning."""
CURSOR_BYTES_MAX: Final = 6_000
"""Bytes of a cursor: a NextToken has at most 8,192 characters, and base64 makes four of three bytes."""
_POSITION_BYTES: Final = 8


class InvalidCursorError(Exception):
    """A cursor at which no page of a query begins, so that no page of it has given it out."""


def pack(positions: tuple[int, ...]) -> Cursor:
    """A cursor of positions from 0 to before 2^64: 8 bytes each, the most significant first."""
    return struct.pack(f">{len(positions)}Q", *positions)


def unpack(cursor: Cursor) -> tuple[int, ...]:
    """The positions of a cursor; none for the beginning.

    Raises:
        InvalidCursorError: The cursor does not consist of positions.
    """
    count, rest = divmod(len(cursor), _POSITION_BYTES)
    if rest:
        raise InvalidCursorError(cursor)
    return struct.unpack(f">{count}Q", cursor)
