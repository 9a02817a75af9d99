"""Where a page begins, as the whole numbers that a NextToken holds.

The first is how many records were given before; the others spell the sort values, ARN, name and version of the last of
them, so that the next page begins behind it and costs what an early one does. Values too long for a token are left out:
then the page is found by counting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson

from smsearch.engine.engine import NoSuchPlaceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.cluster.order import KeyValue
    from smsearch.engine.engine import Places

_WORD: Final = 8
VALUES_BYTES_MAX: Final = 4_000
"""Bytes of spelled values; a token has at most 8,192 characters, and base64 makes four of three bytes."""

GIVEN_MAX: Final = 2**31 - 1
"""Records that Spark can pass over."""
TIME_MAX: Final = 2**63
"""Microseconds that Spark's timestamps end before."""


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


def of_places(places: Places, types: Sequence[type[str | int | bool]]) -> Keyset:
    """The keyset of some numbers; the beginning, for none.

    Args:
        places: The numbers.
        types: Those of the values that records are sorted by; any of them may be absent.

    Raises:
        NoSuchPlaceError: No keyset of such values has these numbers.
    """
    if not places:
        return Keyset()
    spelled = b"".join(word.to_bytes(_WORD, "big") for word in places[1:])
    try:
        values = orjson.loads(spelled) if spelled else []
    except orjson.JSONDecodeError:
        raise NoSuchPlaceError(places) from None
    is_known = isinstance(values, list) and (_fit(values, types) if spelled else places[0] <= GIVEN_MAX)
    if not (is_known and places[0]) or to_places(Keyset(places[0], tuple(values))) != places:  # no other spelling
        raise NoSuchPlaceError(places)
    return Keyset(places[0], tuple(values))


def _fit(values: list[object], types: Sequence[type[str | int | bool]]) -> bool:
    """Whether each value is absent or of its type."""
    if len(values) != len(types):
        return False
    return all(value is None or type(value) is kind for value, kind in zip(values, types, strict=True)) and all(
        abs(value) < TIME_MAX for value in values if isinstance(value, int)
    )
