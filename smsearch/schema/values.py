"""Text and JSON become typed values here, and nowhere else.

A number is a `Decimal`, exactly as it was spelled; a timestamp is an `int` of microseconds since 1970 in UTC;
a boolean is a `bool`; text is a `str`. What is there but cannot be read as its type is `UNREADABLE`: it
exists and satisfies no comparison, as NaN does. This module knows no property, no operator and no record.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_FLOOR, Decimal
from enum import Enum
from functools import cache
from typing import Final

from smsearch.durations import parse_duration
from smsearch.frozen import frozen

_NUMBER: Final = r"[ \t\r\n]*([+-]?)([0-9]*)(\.[0-9]*)?(?:[eE]([+-]?)([0-9]+))?[ \t\r\n]*"
_EXPONENT_DIGITS_MAX: Final = 17
"""Digits of an exponent that Decimal can hold; a longer one becomes the largest of this length (row F15)."""

_DOTNET_DATE: Final = r"/Date\((-?\d{1,17})(?:[+-]\d{4})?\)/"
_ZONED: Final = r"(?a)(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)(?: ([+-]\d{4}))?(?: ([A-Z]{2,5}))?(?: m=\S+)?"
_ZONES_OF_UTC: Final = frozenset({"UTC", "GMT"})
_PYTHON_DATETIME: Final = (
    r"(?a)datetime\.datetime\((\d+(?:, ?\d+){2,6}), ?tzinfo="
    r"(?:datetime\.timezone\.utc|datetime\.UTC|tzutc\(\)|<UTC>|UTC)\)"
)
_TIMESTAMP: Final = (
    r"(?a)(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?"
    r"(?:[ ]?(Z|z|[+-](?:[01]\d|2[0-3])(?::?[0-5]\d)?(?::?[0-5]\d(?:\.\d+)?)?))?)?"
)
_OFFSET: Final = r"(?a)([+-])(\d\d):?(\d\d)?:?(\d\d(?:\.\d+)?)?"
_RECORDED = ("year", "month", "day", "hour", "minute", "second", "microsecond")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
MICROS_MIN: Final = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
MICROS_MAX: Final = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_PLAIN_LENGTH: Final = len("2024-01-31T12:00:00")
_BEFORE_TIMES: Final = frozenset("T ")
_PLAIN_ENDINGS: Final = frozenset(("", "Z", "+00:00"))
"""What stands before the time of day, and behind its seconds, where Python reads what this module would read."""
MILLISECONDS_FROM: Final = 100_000_000_000
"""Epoch numbers from here on are milliseconds: as seconds it would be the year 5138, as such it is 1973."""
_EPOCH_DIGITS_MAX: Final = 17
"""Digits of an epoch number beyond which it is no date, even as milliseconds."""
_PLAIN_MICROS_MAX: Final = (1 << 33) * 1_000_000
"""Microseconds up to which each has a double of epoch seconds of its own: beyond, neighbours share one."""
INTEGER_DIGITS_MAX: Final = 4_000
"""Digits up to which a number is made a Python integer; Python itself refuses more than 4,300."""
NUMBER_NAMES: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
"""The numbers that JSON does not have, under the protocol's names."""


class Unreadable(Enum):
    """The type of `UNREADABLE`."""

    UNREADABLE = "unreadable"


UNREADABLE: Final = Unreadable.UNREADABLE


@frozen
class SpelledNumber:
    """A JSON number that stands where text may stand too: it compares by value, and as text by its own spelling."""

    number: Decimal
    spelling: str


Value = str | Decimal | SpelledNumber | int | bool | Unreadable
"""One typed value of a record; an `int` is a timestamp in microseconds."""


@cache
def _pattern(spelled: str) -> re.Pattern[str]:
    """A regular expression, compiled when it is first used: a command that reads no value does without."""
    return re.compile(spelled)


def parse_number(text: str) -> Decimal | None:
    """The exact number that a text spells, or None if it spells none (row F15).

    Digits with an optional sign, point and exponent, ASCII only, blanks around it allowed. An exponent too
    large for any arithmetic keeps its sign and is cut to one that is still larger than all others.
    """
    match = _pattern(_NUMBER).fullmatch(text)
    if match is None:
        return None
    sign, whole, fraction, exponent_sign, exponent = match.groups()
    digits = whole + (fraction or "")
    if digits in ("", "."):
        return None
    if exponent is None:
        return Decimal(sign + digits)
    exponent = exponent.lstrip("0")
    if len(exponent) > _EXPONENT_DIGITS_MAX:
        exponent = "9" * _EXPONENT_DIGITS_MAX
    return Decimal(f"{sign}{digits}e{exponent_sign}{exponent or '0'}")


def parse_seconds(text: str) -> Decimal | None:
    """The seconds that a text spells: as a number, or as spans of time one after another (`90m`, `1h30m`; row V1)."""
    seconds = parse_duration(text)
    return parse_number(text) if seconds is None else seconds


def is_integer_literal(text: str) -> bool:
    """Whether a number is spelled without point and exponent, so that row F14 compares as integers."""
    return not ("." in text or "e" in text or "E" in text)


def truncate(number: Decimal) -> Decimal:
    """The number without its fraction, towards zero (row F14)."""
    return number.to_integral_value(ROUND_DOWN)


def number_of(raw: object) -> Decimal | Unreadable:
    """The number in a JSON value: a JSON number, or a text that spells one.

    A float counts as the shortest decimal that denotes it, which is how every writer of JSON spells it. NaN
    is UNREADABLE; infinity is larger than every number.
    """
    if isinstance(raw, bool):
        return UNREADABLE
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, float):
        return UNREADABLE if raw != raw else Decimal(repr(raw))  # noqa: PLR0124 - the test for NaN
    if isinstance(raw, Decimal):
        return UNREADABLE if raw.is_nan() else raw
    if isinstance(raw, str):
        number = parse_number(raw)
        return UNREADABLE if number is None else number
    return UNREADABLE


def double_or_exact(number: Decimal) -> float | Decimal:
    """A number as parsed JSON has it: its double, where that is spelled as the number is, else the number itself."""
    double = float(number)
    return double if Decimal(repr(double)) == number else number


def without_idle_zeros(number: Decimal) -> Decimal:
    """The same number with as few digits as spell it."""
    sign, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int):  # infinite
        return number
    text = "".join(map(str, digits)).rstrip("0")
    if not text:
        return Decimal(0)
    exponent += len(digits) - len(text)
    return Decimal((sign, tuple(map(int, text)), exponent))


def spelled(number: Decimal) -> str:
    """A number as people write it: plain while that is short."""
    short = without_idle_zeros(number)
    if short.is_finite() and -6 <= short.adjusted() <= 15:  # noqa: PLR2004 - as JavaScript and Python write floats
        return format(short, "f")
    return str(short).replace("E", "e")


def text_of(raw: object) -> str | Unreadable:
    """The text in a JSON value; a number or a boolean counts as its spelling, NaN and infinity as the wire has them."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int):
        return str(Decimal(raw))  # str(int) refuses what has more than 4,300 digits
    if isinstance(raw, float):
        return repr(raw) if math.isfinite(raw) else str(Decimal(raw))
    return str(raw) if isinstance(raw, Decimal) else UNREADABLE


def is_json_number(raw: object) -> bool:
    """Whether JSON can say the value as a number: neither NaN nor an infinity."""
    if isinstance(raw, Decimal):  # `math.isfinite` would make a double of it, and call what no double holds infinite
        return raw.is_finite()
    return not isinstance(raw, bool) and (isinstance(raw, int) or (isinstance(raw, float) and math.isfinite(raw)))


def spelled_number(raw: object) -> SpelledNumber | Unreadable:
    """A JSON number with its spelling, `1` and `1.0` apart; NaN is UNREADABLE."""
    number, spelling = number_of(raw), text_of(raw)
    if isinstance(number, Unreadable) or isinstance(spelling, Unreadable) or isinstance(raw, str):
        return UNREADABLE
    return SpelledNumber(number, spelling)


def name_of_number(number: Decimal | float) -> str:
    """The protocol's name of a number that JSON does not have."""
    exact = Decimal(number)
    return "NaN" if exact.is_nan() else "Infinity" if exact > 0 else "-Infinity"


def parse_boolean(text: str) -> bool | None:
    """`true` or `false` in any case, else None (row F21)."""
    return {"true": True, "false": False}.get(text.lower())


def boolean_of(raw: object) -> bool | Unreadable:
    """The truth value in a JSON value: a JSON boolean, 1 or 0, or a text that spells one (row F21)."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int | float | Decimal):
        number = number_of(raw)
        return bool(number) if number in (0, 1) else UNREADABLE
    if isinstance(raw, str):
        truth = parse_boolean(raw)
        return UNREADABLE if truth is None else truth
    return UNREADABLE


def parse_timestamp(text: str) -> int | None:
    """Microseconds since 1970 in UTC of an ISO 8601 text, or None (row F20).

    A date alone is its midnight; a blank may stand for the `T`; no offset is UTC; digits beyond the
    microsecond are cut.
    """
    if text[10:11] in _BEFORE_TIMES and text[11:13] < "24" and text[16:17] == ":" and text[19:] in _PLAIN_ENDINGS:
        micros = _plain_micros(text)
        if micros is not None:
            return micros
    match = _pattern(_TIMESTAMP).fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
    except ValueError:
        return None
    micros = (moment - _EPOCH) // _MICROSECOND + int((fraction or "0")[:6].ljust(6, "0"))
    if offset and offset not in "Zz":
        micros -= _offset_micros(offset)
    return micros if MICROS_MIN <= micros <= MICROS_MAX else None


def _offset_micros(offset: str) -> int:
    match = _pattern(_OFFSET).fullmatch(offset)
    if match is None:  # pragma: no cover - _TIMESTAMP has seen it already
        return 0
    sign, hours, minutes, seconds = match.groups()
    micros = (int(hours) * 60 + int(minutes or 0)) * 60_000_000 + int(Decimal(seconds or 0) * 1_000_000)
    return -micros if sign == "-" else micros


def has_no_offset(raw: object) -> bool:
    """Whether a stored timestamp is a text with a time of day and no offset, which is taken as UTC."""
    if not isinstance(raw, str):
        return False
    match = _pattern(_TIMESTAMP).fullmatch(raw.strip())
    return match is not None and match[4] is not None and match[8] is None


def timestamp_of(raw: object) -> int | Unreadable:
    """Microseconds since 1970 in UTC of any form in which exports hold a time.

    ISO 8601 and `str(datetime)`, epoch seconds or milliseconds as a number or a text, the recorded form
    `{"__class__": "datetime", "year": ...}`, and boto3's own `datetime`, taken as UTC if it is naive.
    """
    if isinstance(raw, datetime):
        return _in_range((raw.replace(tzinfo=raw.tzinfo or UTC) - _EPOCH) // _MICROSECOND)
    if isinstance(raw, str):
        micros = _plain_micros(raw)
        if micros is None:
            micros = parse_timestamp(raw.strip())
        if micros is not None:
            return micros
        number = parse_number(raw)
        return _foreign_micros(raw.strip()) if number is None else _epoch_micros(number)
    if isinstance(raw, dict):
        return _recorded_micros(raw)
    number_or_not = number_of(raw)
    return UNREADABLE if isinstance(number_or_not, Unreadable) else _epoch_micros(number_or_not)


def _foreign_micros(text: str) -> int | Unreadable:
    """A time as another language writes it: PowerShell's `/Date(…)/`, Ruby's and Go's with a zone, Python's repr.

    A repr is read if it says that it is UTC; of `tzlocal()` nobody knows what it was.
    """
    if match := _pattern(_DOTNET_DATE).fullmatch(text):
        return _in_range(int(match[1]) * 1_000)
    if (match := _pattern(_ZONED).fullmatch(text)) and (match[2] or match[3] in _ZONES_OF_UTC):
        micros = parse_timestamp(match[1] + (match[2] or "Z"))
        return UNREADABLE if micros is None else micros
    if match := _pattern(_PYTHON_DATETIME).fullmatch(text):
        numbers = [int(number) for number in match[1].split(",")]
        try:
            return _in_range((datetime(*numbers, tzinfo=UTC) - _EPOCH) // _MICROSECOND)  # type: ignore[misc,arg-type]
        except (TypeError, ValueError):
            return UNREADABLE
    return UNREADABLE


def plain_datetime(text: str) -> datetime | None:
    """A full date and time in the spelling that most exports use, at a tenth of the cost; None for any other."""
    if len(text) < _PLAIN_LENGTH or not (text[4] == text[7] == "-" and text[13] == ":"):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _plain_micros(text: str) -> int | None:
    """As `plain_datetime`, in microseconds."""
    moment = plain_datetime(text)
    if moment is None:
        return None
    try:
        delta = (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)) - _EPOCH
    except OverflowError:
        return None
    micros = delta.days * 86_400_000_000 + delta.seconds * 1_000_000 + delta.microseconds
    return micros if MICROS_MIN <= micros <= MICROS_MAX else None


def _epoch_micros(number: Decimal) -> int | Unreadable:
    if not number.is_finite() or number.adjusted() > _EPOCH_DIGITS_MAX:
        return UNREADABLE
    scale = 1_000 if abs(number) >= MILLISECONDS_FROM else 1_000_000
    return _in_range(int((number * scale).to_integral_value(ROUND_FLOOR)))


def micros_of(seconds: float) -> int:
    """Microseconds since 1970 of epoch seconds, as the wire has them; beyond a datetime, its end."""
    micros = int((Decimal(repr(seconds)) * 1_000_000).to_integral_value(ROUND_FLOOR))
    return max(MICROS_MIN, min(micros, MICROS_MAX))


def seconds_of(micros: int) -> float | Decimal | str:
    """A time as the wire has it, from which `timestamp_of` reads the same microseconds again.

    Epoch seconds, a double where that is exact enough. Seconds so many that they would be taken for milliseconds, from
    the year 5138 on, are spelled out.
    """
    if -_PLAIN_MICROS_MAX <= micros <= _PLAIN_MICROS_MAX:
        return micros / 1_000_000
    if abs(micros) >= MILLISECONDS_FROM * 1_000_000:
        return iso_of(micros)
    seconds = micros / 1_000_000
    return seconds if micros_of(seconds) == micros else Decimal(micros).scaleb(-6)


def _in_range(micros: int) -> int | Unreadable:
    """The time, if a datetime can say it."""
    return micros if MICROS_MIN <= micros <= MICROS_MAX else UNREADABLE


def _recorded_micros(raw: dict[str, object]) -> int | Unreadable:
    fields = [raw.get(name, 0) for name in _RECORDED]
    whole = [field for field in fields if isinstance(field, int) and not isinstance(field, bool)]
    if raw.get("__class__") != "datetime" or len(whole) != len(fields):
        return UNREADABLE
    year, month, day, hour, minute, second, micros = whole
    try:
        moment = datetime(year, month, day, hour, minute, second, micros, tzinfo=UTC)
    except (ValueError, OverflowError):
        return UNREADABLE
    return (moment - _EPOCH) // _MICROSECOND


def datetime_of(micros: int) -> datetime:
    """The aware datetime, in UTC, of microseconds since 1970; what boto3 would give."""
    return _EPOCH + timedelta(microseconds=micros)


def iso_of(micros: int) -> str:
    """The ISO 8601 spelling, in UTC, of microseconds since 1970."""
    return datetime_of(micros).isoformat().replace("+00:00", "Z")


def is_present(raw: object) -> bool:
    """Whether a JSON value is there (row F5): not null, and not a list or map in which nothing is there."""
    if isinstance(raw, dict):
        return any(is_present(value) for value in raw.values())
    if isinstance(raw, list):
        return any(is_present(value) for value in raw)
    return raw is not None
