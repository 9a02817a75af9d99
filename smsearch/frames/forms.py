"""The Arrow type that holds a column's values without losing any, and how each value becomes one of it.

A kind has a ladder of forms: an integer is `int64`, or a decimal where one value does not fit, or else text.
The first form that holds every value is the column's; readers of Arrow and Parquet can take each of them. Knows raw
JSON values, no record and no name.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

import orjson
import pyarrow as pa

from smsearch.frozen import frozen
from smsearch.schema import values
from smsearch.schema.notation import WIRE
from smsearch.schema.value_kinds import ValueType
from smsearch.schema.values import UNREADABLE, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from smsearch.schema.value_kinds import Kind
    from smsearch.schema.values import Value

_INT64_MIN, _INT64_MAX = -(1 << 63), (1 << 63) - 1
_DECIMAL_DIGITS_MAX: Final = 38
"""Digits of a decimal that Polars, DuckDB and Spark read. Of a wider one Polars panics, and DuckDB makes a double."""
_INTEGER_TEXT: Final = re.compile(r"-?(0|[1-9][0-9]{0,18})", re.ASCII)
_LEADING_ZERO: Final = re.compile(r"[ \t\r\n]*[+-]?0[0-9]", re.ASCII)
_SPECIAL_NUMBERS: Final = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
"""How the wire's JSON spells the numbers that JSON has not."""


@frozen
class Form:
    """An Arrow type, and a reader that gives a raw value as one of it, or UNREADABLE if it does not fit."""

    type: pa.DataType
    read: Callable[[Any], object]


def form_of(kind: Kind, raws: Sequence[object]) -> Form:
    """The first form of a kind's ladder that holds every value; the kind's own where there is none."""
    return read_as(kind, raws)[0]


def read_as(kind: Kind, raws: Sequence[object]) -> tuple[Form, list[object]]:
    """The form that `form_of` returns, and the values as ones of it."""
    if kind.type is ValueType.TEXT_OR_NUMBER and not raws:
        return _TEXT, []
    for form in _ladder(kind, raws):
        cells = list(takewhile(_is_readable, map(form.read, raws)))
        if len(cells) == len(raws):
            return form, cells
    return _TEXT, [*map(_TEXT.read, raws)]


def _is_readable(cell: object) -> bool:
    return cell is not UNREADABLE


def _ladder(kind: Kind, raws: Sequence[object]) -> Iterator[Form]:
    match kind.type:
        case ValueType.BOOLEAN:
            yield Form(pa.bool_(), kind.read)
        case ValueType.TIME:
            yield Form(pa.timestamp("us", tz="UTC"), kind.read)
        case ValueType.NUMBER:
            plain, read = (pa.int64(), _int64) if kind.is_whole else (pa.float64(), _float64)
            yield Form(plain, partial(read, number_of=kind.read))
            yield from _decimal(raws, kind.read)
        case ValueType.TEXT_OR_NUMBER:
            yield _SPELLED_INT64
            yield _SPELLED_FLOAT64
        case ValueType.TEXT | ValueType.PRESENCE:
            pass


def _int64(raw: object, number_of: Callable[[object], Value] = values.number_of) -> int | Unreadable:
    """An integer of 64 bits, as a kind reads it."""
    if type(raw) is int:  # not a bool
        return raw if _INT64_MIN <= raw <= _INT64_MAX else UNREADABLE
    number = number_of(raw)
    if not isinstance(number, Decimal) or not number.is_finite() or number.adjusted() > _DECIMAL_DIGITS_MAX:
        return UNREADABLE
    whole = int(number)
    return whole if whole == number and _INT64_MIN <= whole <= _INT64_MAX else UNREADABLE


def _float64(raw: object, number_of: Callable[[object], Value] = values.number_of) -> float | Unreadable:
    """A number that a double holds: exactly, or as the shortest decimal that denotes it."""
    if isinstance(raw, float):
        return raw
    if isinstance(raw, str) and raw in _SPECIAL_NUMBERS:
        return _SPECIAL_NUMBERS[raw]
    number = number_of(raw)
    if not isinstance(number, Decimal):
        return UNREADABLE
    double = float(number)
    return double if number in (Decimal(repr(double)), Decimal(double)) else UNREADABLE


def _spelled_int64(raw: object) -> int | Unreadable:
    """An integer, or a text in an integer's usual spelling: `007` and `+7` are text."""
    if isinstance(raw, str):
        return _int64(raw) if _INTEGER_TEXT.fullmatch(raw) else UNREADABLE
    return _int64(raw) if type(raw) is int else UNREADABLE


def _spelled_float64(raw: object) -> float | Unreadable:
    """A number, or a text that spells one; words such as `NaN` are text (row F15)."""
    if isinstance(raw, str) and (raw in _SPECIAL_NUMBERS or _LEADING_ZERO.match(raw)):
        return UNREADABLE
    return _float64(raw)


def _text(raw: object) -> str:
    """A text, a number's or a boolean's spelling, the JSON of anything else."""
    if isinstance(raw, str):
        return raw
    text = values.text_of(raw)
    return json_text(raw) if isinstance(text, Unreadable) else text


def json_text(raw: object) -> str:
    """Compact JSON of a raw value, every number with all its digits."""
    return orjson.dumps(_exact(raw)).decode()


def _exact(raw: object) -> object:
    """A copy that orjson writes whole: it makes NaN null, and knows no decimals or long integers."""
    if isinstance(raw, dict):
        return {name: _exact(value) for name, value in raw.items()}
    if isinstance(raw, list):
        return [_exact(value) for value in raw]
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        return WIRE.number(raw)
    return raw


def _decimal(raws: Iterable[object], number_of: Callable[[object], Value]) -> Iterator[Form]:
    """The narrowest decimal that holds all of these numbers, if one of 38 digits does."""
    whole_digits = fraction_digits = 0
    for raw in raws:
        number = number_of(raw)
        if not isinstance(number, Decimal) or not number.is_finite():
            return
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int):  # pragma: no cover - it is finite
            return
        whole_digits = max(whole_digits, number.adjusted() + 1)
        fraction_digits = max(fraction_digits, -exponent)
    digits = whole_digits + fraction_digits
    if 0 < digits <= _DECIMAL_DIGITS_MAX:
        yield Form(pa.decimal128(digits, fraction_digits), number_of)


_TEXT = Form(pa.string(), _text)
_SPELLED_INT64 = Form(pa.int64(), _spelled_int64)
_SPELLED_FLOAT64 = Form(pa.float64(), _spelled_float64)
