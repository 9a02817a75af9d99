"""Parses JSON without losing a digit.

orjson is the fast path. It makes a double of every number that is no 64-bit integer, so a document with a number that a
double cannot hold is read again by the standard library, such a number as an `int` or a `Decimal`. NaN and the
infinities, which Python writes and JSON does not have, are read too. It knows no document's shape.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final

from smsearch import small_json
from smsearch.orjson_later import orjson
from smsearch.schema.values import INTEGER_DIGITS_MAX

DEPTH_MAX: Final = 200
"""Levels of lists and objects that are read; the service's own documents have fewer than twenty."""

_OUTLINE: Final = bytes(
    48 if chr(byte) in "0123456789." else ord(chr(byte).lower()) if chr(byte) in "eE-" else 32 for byte in range(256)
)
"""Makes every digit (and point) a zero, and everything that is no part of a number a blank."""
_LONG_RUN: Final = b"0" * 16
"""Fewer digits (and a point) than this are never too many for a double."""
_SMALL: Final = b"0e-000"
"""What the outline of a number has that is perhaps too small for a double."""
_SMALL_NUMBER: Final = rb"[\s:,\[-][0-9]+(?:\.[0-9]+)?[eE]-[0-9]{3}"
_LITERAL: Final = rb"[0-9.]+(?:[eE][+-]?[0-9]+)?"

_pattern = cache(re.compile)
"""Compiled at its first use."""


class DecodeError(ValueError):
    """The bytes are no JSON document that can be read; the message says what is wrong and where."""


def loads(raw: bytes) -> object:
    """The document that some bytes spell.

    Returns:
        Parsed JSON; numbers are `int`, `float`, or `Decimal` where a float would lose digits.

    Raises:
        DecodeError: Not UTF-8, not JSON, or nested too deep.
    """
    try:
        document = small_json.loads(raw)
    except orjson.JSONDecodeError as error:
        return _loads_exactly(raw, str(error))
    if may_lose_digits(raw):
        return _loads_exactly(raw, "")
    _refuse_depth(raw, document)
    return document


def _refuse_depth(raw: bytes, document: object) -> None:
    """Raises for a document that is nested too deep, so that whoever walks it may do so by recursion."""
    if raw.count(b"[") + raw.count(b"{") <= DEPTH_MAX:
        return
    level: list[object] = [document]
    for _ in range(DEPTH_MAX + 1):
        level = [
            child
            for parent in level
            if isinstance(parent, dict | list)
            for child in (parent.values() if isinstance(parent, dict) else parent)
        ]
        if not level:
            return
    raise DecodeError(f"nested deeper than {DEPTH_MAX} levels")


def may_lose_digits(raw: bytes) -> bool:
    """Whether some number has more digits than the double that is read; a text of digits may deceive it."""
    outline = raw.translate(_OUTLINE)
    at = outline.find(_LONG_RUN)
    while at >= 0:
        literal = _pattern(_LITERAL).match(raw, at)
        if literal is None:  # pragma: no cover - a run begins with a digit or a point
            return True
        if not _is_kept(literal[0].decode("ascii")):
            return True
        at = outline.find(_LONG_RUN, literal.end())
    return _SMALL in outline and _pattern(_SMALL_NUMBER).search(b" " + raw) is not None


def _is_kept(literal: str) -> bool:
    if literal.isdigit():
        return len(literal) < 19  # noqa: PLR2004 - orjson keeps integers of 64 bits; with 19 digits some need more
    try:
        return repr(float(literal)) == literal
    except ValueError:
        return True  # dots and digits of a text


def _loads_exactly(raw: bytes, complaint: str) -> object:
    import json  # hardly a document needs it

    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DecodeError(f"not UTF-8: byte {error.start} is {raw[error.start]:#04x}") from None
    try:
        document = json.loads(text, parse_float=_float, parse_int=_integer)
        json.dumps(document, ensure_ascii=False, default=str).encode("utf-8")  # lone surrogates show only here
    except json.JSONDecodeError as error:
        raise DecodeError(f"not JSON: {complaint or error}") from None
    except RecursionError:
        raise DecodeError(f"nested deeper than {DEPTH_MAX} levels") from None
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise DecodeError(f"a text holds half a surrogate pair ({half!a}), which UTF-8 cannot hold") from None
    _refuse_depth(raw, document)
    return document


def _float(literal: str) -> float | Decimal:
    number = float(literal)
    try:
        exact = Decimal(literal)
    except InvalidOperation:  # an exponent beyond all arithmetic
        return _saturated(literal)
    return number if Decimal(repr(number)) == exact else exact


def _saturated(literal: str) -> Decimal:
    """A number whose exponent Decimal cannot hold, with the largest that it can (row F15)."""
    mantissa, _, exponent = literal.lower().partition("e")
    sign = "-" if exponent.startswith("-") else ""
    return Decimal(f"{mantissa}e{sign}{'9' * 17}")


def _integer(literal: str) -> int | Decimal:
    return int(literal) if len(literal) < INTEGER_DIGITS_MAX else Decimal(literal)
