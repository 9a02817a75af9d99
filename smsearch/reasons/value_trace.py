"""Traces one value of a record through a test: its spelling, its type, and what it was compared as.

The words are those that a reader of the record knows; the typing rules stand in `predicate/bind.py`.
"""

from __future__ import annotations

import math
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

import orjson

from smsearch.frozen import frozen
from smsearch.live import reference
from smsearch.messages import shortened
from smsearch.predicate.predicate import (
    BooleanIs,
    InAccount,
    NumberIs,
    Present,
    Reading,
    TextContains,
    TextIn,
    TextLike,
    TextOrNumberIs,
    TimestampIs,
)
from smsearch.schema import values
from smsearch.schema.values import UNREADABLE, SpelledNumber, Unreadable

if TYPE_CHECKING:
    from smsearch.predicate.predicate import Match, Test
    from smsearch.schema.property import Property
    from smsearch.schema.values import Value


class Compared(StrEnum):
    """What a value was compared as."""

    PRESENCE = "presence"
    TEXT = "text"
    NUMBER = "number"
    TRUNCATED = "number without its fraction"
    TIME = "time"
    TRUTH_VALUE = "truth value"
    UNREADABLE = "UNREADABLE"
    """It is there and cannot be read as its type: it satisfies no comparison."""


_TYPES: Final = {str: "text", bool: "truth value", int: "number", float: "number", Decimal: "number"}


@frozen
class ValueTrace:
    """One value of a record, and how a test read and judged it.

    Attributes:
        spelling: It as the document has it: a text as it is, all else as JSON, shortened.
        type: Its type in the document: text, number, truth value, list, structure.
        compared: What it was compared as.
        reading: What it was read as, where that is not its spelling: `0.7` of the text `"0.70"`, a time in ISO 8601.
        passes: Whether it passes the positive test; for `!=` and NOT EXISTS that is a reason against.
        places: The places of the list elements that it is in, from 0.
    """

    spelling: str
    type: str
    compared: Compared
    reading: str
    passes: bool
    places: tuple[int, ...] = ()

    @property
    def is_coerced(self) -> bool:
        """Whether a text was compared as something else."""
        plain = {Compared.TEXT, Compared.PRESENCE, Compared.UNREADABLE}
        return self.type == "text" and self.compared not in plain


def trace_value(raw: object, places: tuple[int, ...], match: Match) -> ValueTrace:
    """Traces a JSON value, which is present, through the test of a Match."""
    test = match.test
    value = UNREADABLE if isinstance(test, Present) else match.property.kind.read(raw)
    passes = reference.passes(test, raw if isinstance(test, Present) else value)
    compared, reading = _compared(test, value)
    spelled = shortened(value.spelling) if isinstance(value, SpelledNumber) else spelling(raw)
    return ValueTrace(spelled, type_of(raw), compared, "" if reading == spelled else reading, passes, places)


def trace_side(raw: object, places: tuple[int, ...], prop: Property, *, passes: bool) -> ValueTrace:
    """Traces a JSON value that was compared with the one of another property, as a number or a time."""
    value, spelled = prop.kind.read(raw), spelling(raw)
    if isinstance(value, Unreadable):
        return ValueTrace(spelled, type_of(raw), Compared.UNREADABLE, "", passes, places)
    is_time = prop.kind.is_time and isinstance(value, int)
    reading = values.iso_of(value) if is_time and isinstance(value, int) else str(value)
    compared = Compared.TIME if is_time else Compared.NUMBER
    return ValueTrace(spelled, type_of(raw), compared, "" if reading == spelled else reading, passes, places)


def _compared(test: Test, value: Value) -> tuple[Compared, str]:
    """What a value is compared as, and what it is read as; `""` where that is not worth telling."""
    if isinstance(test, Present):
        return Compared.PRESENCE, ""
    if isinstance(value, Unreadable):
        return Compared.UNREADABLE, ""
    match test:
        case TextIn() | TextContains() | TextLike() | InAccount():
            return Compared.TEXT, ""
        case NumberIs():
            return Compared.NUMBER, str(value)
        case TimestampIs():
            return Compared.TIME, values.iso_of(value) if isinstance(value, int) else ""
        case BooleanIs():
            return Compared.TRUTH_VALUE, str(value).lower()
        case TextOrNumberIs():
            return _text_or_number(test, value)
    assert_never(test)


def _text_or_number(test: TextOrNumberIs, value: Value) -> tuple[Compared, str]:
    """Rows F14, F14b, F18."""
    if isinstance(value, SpelledNumber):
        return Compared.NUMBER, value.spelling
    number = values.parse_number(str(value))
    if number is None or test.reading is Reading.AS_TEXT:
        return Compared.TEXT, ""
    if test.reading is Reading.AS_INTEGER and values.truncate(number) != number:
        return Compared.TRUNCATED, str(values.truncate(number))
    return Compared.NUMBER, str(number)


def type_of(raw: object) -> str:
    """The JSON type of a value, in words."""
    if isinstance(raw, dict):
        return "structure"
    return "list" if isinstance(raw, list) else _TYPES.get(type(raw), "time")


def spelling(raw: object) -> str:
    """A value on one line, shortened: a text as it is, all else as JSON."""
    if isinstance(raw, str):
        return shortened(raw)
    if isinstance(raw, Decimal) or (isinstance(raw, float) and not math.isfinite(raw)):  # JSON has no word for those
        return shortened(str(Decimal(raw)))
    try:
        return shortened(orjson.dumps(raw, default=str).decode())
    except orjson.JSONEncodeError:  # an integer beyond 64 bits
        return shortened(str(Decimal(raw) if isinstance(raw, int) else raw))
