"""Stored documents with their times in ISO 8601, made from their bytes.

A store holds each document in the wire's JSON, so that nothing but its times is spelled otherwise in `notation.ISO`.
Parsing tells which numbers are times, and all other bytes are copied: a quarter of what converting each value takes.
Where bytes alone do not tell, `notation.py` does.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from smsearch import small_json
from smsearch.schema import notation, values
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, shape
from smsearch.schema.decode import DEPTH_MAX, may_lose_digits
from smsearch.schema.value_kinds import JsonType
from smsearch.schema.walk import element_of, member_of

if TYPE_CHECKING:
    from smsearch.schema.catalogue import Resource, Shape

_SECONDS_DIGITS_MAX: Final = 10
"""More may be milliseconds."""
_MICROS_DIGITS: Final = 6
_TIMES_MAX: Final = 4_096
"""Times whose spelling is remembered: half of those in a document stand there twice."""


def members(stored: bytes, resource: Resource) -> bytes | None:
    """The JSON of `notation.exported` in `notation.ISO`, of a record that was exported in the model's types.

    Args:
        stored: `{"TrainingJob":{...}}`, in the wire's JSON.
        resource: What it is.

    Returns:
        None where bytes alone do not tell.
    """
    spelled = None if notation.completions_of_elements(resource.name, "Parents") else document(stored, resource)
    if spelled is None:
        return None
    inner = spelled[len(_head(resource)) - 1 : -1]
    for empty in _empty_ends(resource.name):
        inner = inner[: -len(empty)] + b"}" if inner.endswith(empty) else inner
    return inner


def document(stored: bytes, resource: Resource, *, is_exact: bool = False) -> bytes | None:
    """A stored document with its times in ISO 8601.

    Args:
        stored: `{"TrainingJob":{...}}`, in the wire's JSON.
        resource: What it is.
        is_exact: Whether its numbers have to be ones that a double holds, as boto3's callers get them.

    Returns:
        None where bytes alone do not tell.
    """
    is_deep = stored.count(b"[") + stored.count(b"{") > DEPTH_MAX
    if is_deep or not stored.startswith(_head(resource)) or notation.may_have_named_numbers(stored):
        return None
    if is_exact and may_lose_digits(stored):
        return None
    times: list[tuple[bytes, str]] = []
    try:
        [value] = small_json.loads(stored).values()
        _collect(value, _times_below(resource), times)
        return _respelled(stored, times)
    except (AttributeError, ValueError):
        return None


def _head(resource: Resource) -> bytes:
    return b'{"%b":{' % resource.record_key.encode()


@cache
def _empty_ends(kind: str) -> tuple[bytes, ...]:
    """How documents end that `notation.complete` has completed, from the last member on."""
    return tuple(b",%b}" % member.encode() for member in reversed(notation.completions(kind).values()))


class _TimesBelow(dict[str, "bytes | _TimesBelow | None"]):
    """What is below a shape by its name: of a time its key in JSON, of what may hold times its part, else None."""

    def __init__(self, reached: Shape) -> None:
        super().__init__()
        self._reached = reached

    def __missing__(self, name: str) -> bytes | _TimesBelow | None:
        is_list = isinstance(self._reached, ListOf)
        below = element_of(self._reached) if is_list else member_of(self._reached, name)
        inner = shape(below.value) if isinstance(below, MapOf) else element_of(below)
        part: bytes | _TimesBelow | None = None
        if _is_time(below):
            part = b'"%b":' % name.encode()
        elif not (below is None or isinstance(below, Scalar)) and (not isinstance(inner, Scalar) or _is_time(inner)):
            part = _TimesBelow(below)
        self[name] = part
        return part


@cache
def _times_below(resource: Resource) -> _TimesBelow:
    return _TimesBelow(resource.root)


def _is_time(reached: Shape | None) -> bool:
    return isinstance(reached, Scalar) and reached.kind.json is JsonType.TIME


def _collect(value: dict[str, Any], part: _TimesBelow, times: list[tuple[bytes, str]]) -> None:
    """Adds the keys and the numbers of all times, in their order.

    Raises:
        ValueError: A time stands in a list, or lists in a list.
    """
    for name, member in value.items():
        below = None if isinstance(member, str) else part[name]
        if below is None:
            continue
        if isinstance(below, bytes):
            times.append((below, repr(member)))
        elif isinstance(member, dict):
            _collect(member, below, times)
        elif isinstance(member, list):
            element = below[""]
            for one in member:
                if not isinstance(one, dict) or not isinstance(element, _TimesBelow):
                    raise ValueError(name)  # noqa: TRY004 - of the text, whose parts have other types than most
                _collect(one, element, times)


def _respelled(stored: bytes, times: list[tuple[bytes, str]]) -> bytes:
    """A document with other times.

    Raises:
        ValueError: A time is no plain number, or what is no time has the key of one.
    """
    keys = [key for key, _ in times]
    if any(stored.count(key) != keys.count(key) for key in set(keys)):
        raise ValueError(keys)
    pieces: list[bytes] = []
    end = 0
    for key, number in times:
        start = stored.index(key, end) + len(key)
        pieces += stored[end:start], _iso_of(number)
        end = start + len(number)
        if stored[start:end] != number.encode() or stored[end : end + 1] not in {b",", b"}"}:
            raise ValueError(number)
    return b"".join([*pieces, stored[end:]])


@lru_cache(_TIMES_MAX)
def _iso_of(number: str) -> bytes:
    """The time of epoch seconds in JSON.

    Raises:
        ValueError: They are written in another way than `values.seconds_of` gives them.
    """
    seconds, _, fraction = number.partition(".")
    if not seconds.isdigit() or len(seconds) > _SECONDS_DIGITS_MAX or len(fraction) > _MICROS_DIGITS:
        raise ValueError(number)
    return b'"%b"' % values.iso_of(int(seconds) * 1_000_000 + int(fraction.ljust(_MICROS_DIGITS, "0"))).encode()
