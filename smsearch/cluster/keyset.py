"""Where a page begins, as the whole numbers that a NextToken holds.

The first is how many records were given before; the others spell the sort values, ARN and name of the last of them, so
that the next page begins behind it and costs what an early one does. Values too long for a token are left out: then the
page is found by counting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import orjson

if TYPE_CHECKING:
    from smsearch.cluster.order import KeyValue
    from smsearch.predicate.page import Places

_WORD: Final = 8
VALUES_BYTES_MAX: Final = 4_000
"""Bytes of spelled values; a token has at most 8,192 characters, and base64 makes four of three bytes."""


@dataclass(frozen=True, slots=True)
class Keyset:
    """How many records came before, and the values of the last of them if they are known."""

    given: int = 0
    values: tuple[KeyValue, ...] = ()


def to_places(keyset: Keyset) -> Places:
    """The numbers of a keyset."""
    spelled = orjson.dumps(keyset.values) if keyset.values else b""
    if len(spelled) > VALUES_BYTES_MAX:
        return (keyset.given,)
    padded = spelled + b" " * (-len(spelled) % _WORD)
    words = (int.from_bytes(padded[at : at + _WORD], "big") for at in range(0, len(padded), _WORD))
    return (keyset.given, *words)


def of_places(places: Places) -> Keyset:
    """The keyset of some numbers; the beginning, for none."""
    if not places:
        return Keyset()
    spelled = b"".join(word.to_bytes(_WORD, "big") for word in places[1:])
    values = cast("list[KeyValue]", orjson.loads(spelled)) if spelled else []
    return Keyset(places[0], tuple(values))
