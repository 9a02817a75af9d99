"""JSON read without orjson, up to a megabyte: loading that takes a process longer than all that a short search reads.

The scanner of the standard library reads a plain text. Whatever it might read otherwise than orjson, and whatever it
refuses, is left to orjson, which decides and words the refusal. Once orjson is loaded, it reads everything.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from smsearch.orjson_later import orjson

if TYPE_CHECKING:
    from collections.abc import Callable

_BYTES_MAX: Final = 1 << 20
"""Reading more in all takes longer than loading orjson."""
_DIGITS_MAX: Final = 15
"""Digits of a whole number that all readers of JSON have in common."""
_LONG_NUMBER: Final = b"0" * 20
"""The shortest whole number beyond 64 bits, its digits as zeros."""
_AS_ZEROS: Final = bytes.maketrans(b"123456789", b"0" * 9)
_DEPTH_MAX: Final = 100
"""Levels that the scanner may read: how deep it can depends on Python, and from 3.12 on it is deeper than orjson."""
_BRACKETS: Final = b"[]{}"
_NO_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in _BRACKETS)
_AS_SQUARE: Final = bytes.maketrans(b"{}", b"[]")
_INFINITIES: Final = (float("inf"), float("-inf"))
_BLANKS: Final = " \t\r\n"


class _NotPlainError(Exception):
    """The text holds what readers of JSON read in more than one way."""


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS_MAX or digits == "-0":
        raise _NotPlainError
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if number in _INFINITIES:  # more than a double can hold
        raise _NotPlainError
    return number


def _refuse(_: str) -> None:
    raise _NotPlainError


class _Settings:
    """What the scanner reads of its caller."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_int = staticmethod(_integer)
    parse_float = staticmethod(_float)
    parse_constant = staticmethod(_refuse)


def _scanner() -> Callable[[str, int], tuple[Any, int]] | None:
    """The scanner of the standard library; None where Python has none in C."""
    try:
        from _json import make_scanner  # json's own; json itself compiles regular expressions before
    except ImportError:  # pragma: no cover - a Python that is not CPython
        return None
    settings: Any = _Settings
    scanner: Callable[[str, int], tuple[Any, int]] = make_scanner(settings)
    return scanner


class _Budget:
    """How much a process may still read before orjson is worth its loading."""

    bytes_left = _BYTES_MAX


_scan: Final = _scanner()


def loads(text: str | bytes) -> Any:  # noqa: ANN401 - whatever the text says
    """The value of a JSON text, as orjson reads it.

    Raises:
        orjson.JSONDecodeError: It is none.
    """
    if _scan is not None and len(text) <= _Budget.bytes_left and "orjson" not in sys.modules:
        _Budget.bytes_left -= len(text)
        try:
            return _scanned(text, _scan)
        except (_NotPlainError, StopIteration, ValueError, RecursionError):
            pass
    return orjson.loads(text)


def loads_request(text: str | bytes) -> Any:  # noqa: ANN401 - whatever the text says
    """The value of a request, as `loads`; whole numbers beyond 64 bits, of which orjson makes floats, stay whole.

    Raises:
        orjson.JSONDecodeError: It is none.
    """
    value = loads(text)
    raw = text.encode() if isinstance(text, str) else text
    if _LONG_NUMBER in raw.translate(_AS_ZEROS):
        import json  # hardly a request needs it

        try:
            return json.loads(text)
        except RecursionError:  # orjson reads deeper
            return value
    return value


def _scanned(text: str | bytes, scan: Callable[[str, int], tuple[Any, int]]) -> Any:  # noqa: ANN401
    """The value of a plain text; any of four errors for another one."""
    decoded = text.decode() if isinstance(text, bytes) else text
    if "\\u" in decoded and "\\ud" in decoded.replace("\\\\", "").lower():  # it may spell half of a surrogate pair
        raise _NotPlainError
    raw = decoded.encode()  # so may a text of the command line
    if raw.count(b"[") + raw.count(b"{") > _DEPTH_MAX and not _is_shallow(raw):
        raise _NotPlainError
    plain = decoded.strip(_BLANKS)
    value, end = scan(plain, 0)
    if end != len(plain):
        raise _NotPlainError
    return value


def _is_shallow(raw: bytes) -> bool:
    """Whether a text is nested at most so deep; brackets within its texts may make it seem deeper."""
    brackets = raw.translate(_AS_SQUARE, _NO_BRACKETS)
    for _ in range(_DEPTH_MAX):
        brackets = brackets.replace(b"[]", b"")
    return not brackets


def _encoder(item_separator: str, key_separator: str) -> Callable[[object], str]:
    """Writes what `json.dumps` writes, in ASCII; of objects, lists, texts and numbers."""
    try:
        from _json import encode_basestring_ascii, make_encoder  # json itself compiles regular expressions before
    except ImportError:  # pragma: no cover - a Python that is not CPython
        import json

        return json.JSONEncoder(separators=(item_separator, key_separator)).encode
    separators = (key_separator, item_separator)
    encode = make_encoder(None, _refuse, encode_basestring_ascii, None, *separators, False, False, True)  # noqa: FBT003 - they have no names
    return lambda value: "".join(encode(value, 0))


dumps: Final = _encoder(", ", ": ")
dumps_compact: Final = _encoder(",", ":")
