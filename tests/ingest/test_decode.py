"""No digit of a number is lost on the way from bytes, and nothing but a DecodeError comes of bad ones."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from smsearch.schema import values
from smsearch.schema.decode import DecodeError, loads

NUMBERS = [
    *("0", "-0", "7", "-7", "9007199254740993", "18446744073709551615", "-9223372036854775808"),
    *("18446744073709551616", "-9223372036854775809", "123456789012345678901234567890"),
    *(
        "0.1",
        "0.10",
        "0.8791999816894531",
        "1.0",
        "1e3",
        "1E+3",
        "1e-05",
        "-1.5e-7",
        "5e-324",
        "1.7976931348623157e308",
    ),
    *(
        "0.1000000000000000000001",
        "9007199254740993.0",
        "9007199254740993e0",
        "9007199254740993E+0",
        "1234567890123456.7",
    ),
    *("0.30000000000000001", "123456789.1234567891", "2.2250738585072011e-308", "1e400", "-1e400", "1e-400", "1E-0400"),
    *("1e999999999", "1e-999999999", "4.9e-325", "9007199254740993e-3", "1" + "0" * 400),
]


@pytest.mark.parametrize("literal", NUMBERS)
@pytest.mark.parametrize("text", ["%s", "[%s]", '{"a":%s}', '{"a": [1, %s , 2], "long": "0000000000000000000000"}'])
def test_a_number_is_exactly_what_is_written(literal: str, text: str) -> None:
    document = loads((text % literal).encode())
    while isinstance(document, list | dict):
        document = document["a"] if isinstance(document, dict) else document[len(document) // 2]
    assert not isinstance(document, bool)
    assert isinstance(document, int | float | Decimal)
    assert values.number_of(document) == values.parse_number(literal)


@pytest.mark.parametrize("digits", [4_299, 4_300, 4_301, 1_000_000])
def test_a_number_of_very_many_digits_is_read(digits: int) -> None:
    for literal in ("7" * digits, "-" + "7" * digits, "0." + "7" * digits):
        assert values.number_of(loads(literal.encode())) == Decimal(literal)


def test_an_exponent_beyond_all_arithmetic_keeps_its_side() -> None:
    found = loads(b"[-1e99999999999999999999999, 1e-99999999999999999999999, 1e99999999999999999999999]")
    assert isinstance(found, list)
    numbers = [Decimal(str(values.number_of(number))) for number in found]
    assert numbers[0] < -(10**6) < 0 < numbers[1] < Decimal("1e-6") < 10**6 < numbers[2]


def test_what_only_python_writes_is_read() -> None:
    found = loads(b"[NaN, Infinity, -Infinity]")
    assert isinstance(found, list)
    assert math.isnan(found[0])
    assert found[1:] == [math.inf, -math.inf]


def test_digits_in_a_text_are_left_alone() -> None:
    text = "18446744073709551616 0.1000000000000000000001 1e-999"
    assert loads(b'{"a": "%s", "b": 0.1}' % text.encode()) == {"a": text, "b": 0.1}


def test_the_last_of_several_equal_keys_wins() -> None:
    assert loads(b'{"a": 1, "b": 2, "a": 3}') == {"a": 3, "b": 2}
    assert loads(b'{"a": NaN, "a": 3}') == {"a": 3}


def test_escapes_and_pairs_are_read() -> None:
    assert loads(rb'["\u0000", "\ud83d\ude00", "\u00e9"]') == ["\0", "\U0001f600", "\u00e9"]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"a": 1,}', "not JSON"),
        (b'{"a": "\x00"}', "not JSON"),
        (b"\x00", "not JSON"),
        (b'{"a": 01}', "not JSON"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
        (rb'{"a": "\ud800"}', "surrogate"),
        (rb'{"\udc00": 1}', "surrogate"),
        (b"[" * 201 + b"1" + b"]" * 201, "deeper than 200"),
        (b"[" * 10_000 + b"]" * 10_000, "deeper than 200"),
        (b"[" * 1_000_000, "deeper than 200"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "deeper than 200"),
        (b"[" * 300 + b"NaN" + b"]" * 300, "deeper than 200"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_what_cannot_be_read_says_why(raw: bytes, says: str) -> None:
    with pytest.raises(DecodeError, match=says):
        loads(raw)
