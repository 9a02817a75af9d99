"""Text and JSON become typed values: rows F13, F15, F20, F21 and the forms in which exports hold times."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from smsearch.schema import values
from smsearch.schema.values import UNREADABLE

NOON_2024 = 1_706_702_400_000_000
"""2024-01-31T12:00:00Z in microseconds since 1970."""


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("+5", "5"),
        ("007", "7"),
        (" 7\t", "7"),
        ("\r\n7", "7"),
        ("1.", "1"),
        (".5", "0.5"),
        ("-.5e1", "-5"),
        ("1E-05", "0.00001"),
        ("1e+3", "1000"),
        ("1e0003", "1000"),
        ("0.10", "0.1"),
        ("9007199254740993", "9007199254740993"),
        ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
    ],
)
def test_a_number_is_exactly_what_its_text_spells(text: str, number: str) -> None:
    assert values.parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ".", "+", "-", "e5", ".e5", "1e", "1e+", "--1", "+-1", "1 2", "1,5", "1_000", "0x10", "1.2.3"),
        *(
            "NaN",
            "nan",
            "inf",
            "Infinity",
            "-inf",
            "1f",
            "½",
            "٣",
            "\uff11\uff12",
            "1e٣",
            "\u00a07",
            "7\u00a0",
            "7\x0b",
            "true",
        ),
        "1\x00",
    ],
)
def test_what_spells_no_number_is_none(text: str) -> None:
    assert values.parse_number(text) is None


def test_two_to_the_53_and_its_successor_differ() -> None:
    assert values.parse_number("9007199254740993") != values.parse_number("9007199254740992")


def test_an_exponent_beyond_all_arithmetic_compares_by_magnitude() -> None:
    huge = values.parse_number("1e999999999")
    larger = values.parse_number("1e" + "9" * 30)
    tiny = values.parse_number("1e-" + "9" * 30)
    assert huge is not None
    assert larger is not None
    assert tiny is not None
    assert Decimal(0) < tiny < Decimal(1) < huge < larger
    assert larger.copy_negate() < huge.copy_negate() < tiny.copy_negate() < Decimal(0)
    assert values.timestamp_of("1e-" + "9" * 30) == 0
    assert values.parse_number("0e" + "9" * 30) == 0


def test_a_huge_exponent_is_hashed_compared_and_truncated_without_being_expanded() -> None:
    huge = values.parse_number("1.5e999999999")
    tiny = values.parse_number("1.5e-999999999")
    assert huge is not None
    assert tiny is not None
    assert hash(huge) == hash(values.parse_number("15e999999998"))
    assert values.truncate(huge) == huge
    assert values.truncate(tiny) == 0
    assert huge > Decimal("1e400")


def test_a_million_digits_are_all_kept() -> None:
    number = values.parse_number("1" * 1_000_000)
    assert number is not None
    assert number.adjusted() == 999_999
    other = values.parse_number("1" * 999_999 + "2")
    assert other is not None
    assert number < other


def test_a_long_fraction_is_truncated_exactly() -> None:
    number = values.parse_number("9" * 50 + "." + "9" * 50)
    assert number is not None
    assert values.truncate(number) == Decimal("9" * 50)


@pytest.mark.parametrize(
    ("text", "whole"), [("0.7", "0"), ("-0.7", "0"), ("1.999", "1"), ("-1.999", "-1"), ("2e-1", "0"), ("2e3", "2000")]
)
def test_truncation_is_towards_zero(text: str, whole: str) -> None:
    assert values.truncate(Decimal(text)) == Decimal(whole)


@pytest.mark.parametrize(
    ("text", "is_integer"), [("5", True), ("+05", True), ("5.", False), ("5e0", False), ("5E0", False)]
)
def test_an_integer_literal_has_neither_point_nor_exponent(text: str, is_integer: bool) -> None:  # noqa: FBT001
    assert values.is_integer_literal(text) is is_integer


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (5, Decimal(5)),
        (0.1, Decimal("0.1")),
        (1e-05, Decimal("0.00001")),
        (Decimal("1.0000000000000000001"), Decimal("1.0000000000000000001")),
        ("0.1", Decimal("0.1")),
        (2**53 + 1, Decimal(9007199254740993)),
        (math.inf, Decimal("Infinity")),
        (-math.inf, Decimal("-Infinity")),
    ],
)
def test_the_number_in_a_json_value(raw: object, number: Decimal) -> None:
    assert values.number_of(raw) == number


@pytest.mark.parametrize("raw", [math.nan, Decimal("NaN"), True, False, None, [], {}, "", "NaN", [1]])
def test_no_number_in_a_json_value(raw: object) -> None:
    assert values.number_of(raw) is UNREADABLE


@pytest.mark.parametrize(
    ("raw", "text"),
    [("", ""), ("é", "é"), (True, "true"), (False, "false"), (5, "5"), (0.5, "0.5"), (Decimal("1.50"), "1.50")],
)
def test_the_text_in_a_json_value(raw: object, text: str) -> None:
    assert values.text_of(raw) == text


def test_an_integer_of_any_length_has_a_text() -> None:
    assert values.text_of(10**5_000) == "1" + "0" * 5_000


@pytest.mark.parametrize("raw", [None, [], {}, ["a"], {"a": "b"}])
def test_a_list_a_map_and_null_have_no_text(raw: object) -> None:
    assert values.text_of(raw) is UNREADABLE


@pytest.mark.parametrize(("text", "truth"), [("true", True), ("FALSE", False), ("True", True), ("fAlSe", False)])
def test_a_truth_value_in_any_case(text: str, truth: bool) -> None:  # noqa: FBT001
    assert values.parse_boolean(text) is truth
    assert values.boolean_of(text) is truth
    assert values.boolean_of(truth) is truth


@pytest.mark.parametrize(("one", "zero"), [(1, 0), (1.0, 0.0), (Decimal("1.0"), Decimal("-0"))])
def test_one_is_true_and_zero_is_false(one: object, zero: object) -> None:
    assert values.boolean_of(one) is True
    assert values.boolean_of(zero) is False


@pytest.mark.parametrize("raw", ["", " true", "1", "yes", "t", "tru\u0435", 2, -1, 0.5, math.nan, None, [True]])
def test_no_truth_value(raw: object) -> None:
    assert values.boolean_of(raw) is UNREADABLE


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31T12:00:00Z",
        "2024-01-31T12:00:00z",
        "2024-01-31T12:00:00",
        "2024-01-31 12:00:00",
        "2024-01-31T12:00",
        "2024-01-31T12:00:00.000Z",
        "2024-01-31T12:00:00,0",
        "2024-01-31T13:00:00+01:00",
        "2024-01-31T13:00:00+0100",
        "2024-01-31T13:00:00+01",
        "2024-01-31 13:00:00 +01:00",
        "2024-01-31T06:30:00-05:30",
        "2024-01-31T12:00:30+00:00:30",
        "2024-02-01T00:00:00+12:00",
    ],
)
def test_every_spelling_of_one_moment(text: str) -> None:
    assert values.parse_timestamp(text) == NOON_2024


def test_a_date_alone_is_its_midnight() -> None:
    assert values.parse_timestamp("2024-01-31") == NOON_2024 - 12 * 3_600_000_000


def test_fractions_count_to_the_microsecond_and_are_cut_beyond() -> None:
    assert values.parse_timestamp("2024-01-31T12:00:00.5") == NOON_2024 + 500_000
    assert values.parse_timestamp("2024-01-31T12:00:00.000001Z") == NOON_2024 + 1
    assert values.parse_timestamp("2024-01-31T12:00:00.0000019Z") == NOON_2024 + 1
    assert values.parse_timestamp("2024-01-31T12:00:00." + "9" * 100_000) == NOON_2024 + 999_999


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "now",
            "2024",
            "2024-01",
            "2024-1-31",
            "24-01-31",
            "2024-13-01",
            "2024-02-30",
            "2023-02-29",
            "0000-01-01",
        ),
        *("2024-01-31T", "2024-01-31T12", "2024-01-31T24:00:00", "2024-01-31T12:60:00", "2024-01-31T12:00:60"),
        *("2024-01-31T12:00:00.", "2024-01-31T12:00:00 ", " 2024-01-31", "2024-01-31Z", "2024-01-31T12:00:00+"),
        *("2024-01-31T12:00:00+1", "2024-01-31T12:00:00+24:00", "2024-01-31T12:00:00+01:60", "2024-01-31T12:00:00 UTC"),
        *(
            "\uff12\uff10\uff12\uff14-01-31",
            "2024-01-31T12:00:00\u066b5",
            "2024-01-31t12:00:00",
            "2024-01-31_12:00:00Z",
            "1706702400",
            "2024/01/31",
            "20240131T120000Z",
        ),
        "2024-01-31T12:00:00Z\n",
    ],
)
def test_what_spells_no_moment_is_none(text: str) -> None:
    assert values.parse_timestamp(text) is None


def test_a_moment_that_its_offset_pushes_out_of_the_calendar_is_none() -> None:
    assert values.parse_timestamp("0001-01-01T00:00:00") is not None
    assert values.parse_timestamp("0001-01-01T00:00:00+01:00") is None
    assert values.parse_timestamp("9999-12-31T23:59:59.999999Z") is not None
    assert values.parse_timestamp("9999-12-31T23:59:59-01:00") is None


@pytest.mark.parametrize(
    "raw",
    [
        "2024-01-31T12:00:00Z",
        " 2024-01-31 12:00:00+00:00 ",
        1_706_702_400,
        1_706_702_400.0,
        Decimal(1_706_702_400),
        "1706702400",
        1_706_702_400_000,
        "1706702400000",
        "1.7067024e9",
        datetime(2024, 1, 31, 12, tzinfo=UTC),
        datetime(2024, 1, 31, 12),  # noqa: DTZ001 - a naive time is one of the forms
        datetime(2024, 1, 31, 13, tzinfo=timezone(timedelta(hours=1))),
        {"__class__": "datetime", "year": 2024, "month": 1, "day": 31, "hour": 12},
    ],
)
def test_every_form_in_which_exports_hold_one_moment(raw: object) -> None:
    assert values.timestamp_of(raw) == NOON_2024


def test_fractions_of_epoch_seconds_are_kept() -> None:
    assert values.timestamp_of(1_706_702_400.123456) == NOON_2024 + 123_456
    assert values.timestamp_of(1_706_702_400_123) == NOON_2024 + 123_000
    assert values.timestamp_of(-0.5) == -500_000


@pytest.mark.parametrize(
    "raw",
    [
        *(None, True, [], "", "yesterday", math.nan, math.inf, -math.inf, "1e999999999", 10**30, -(10**30)),
        *(Decimal("Infinity"), Decimal("1e400"), {}, {"year": 2024, "month": 1, "day": 1}),
        {"__class__": "datetime", "year": 2024, "month": 13, "day": 1},
        {"__class__": "datetime", "year": True, "month": 1, "day": 1},
        {"__class__": "datetime", "year": "2024", "month": 1, "day": 1},
        {"__class__": "datetime", "year": 10**30, "month": 1, "day": 1},
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
    ],
)
def test_what_holds_no_moment_is_unreadable(raw: object) -> None:
    assert values.timestamp_of(raw) is UNREADABLE


@pytest.mark.parametrize(
    ("raw", "is_naive"),
    [
        ("2024-01-31T12:00:00", True),
        ("2024-01-31T12:00:00Z", False),
        ("2024-01-31T12:00:00+01:00", False),
        ("2024-01-31", False),
        (1_706_702_400, False),
        ("soon", False),
    ],
)
def test_a_stored_time_without_an_offset_is_told(raw: object, is_naive: bool) -> None:  # noqa: FBT001
    assert values.has_no_offset(raw) is is_naive


def test_a_time_goes_out_as_it_came_in() -> None:
    assert values.datetime_of(NOON_2024 + 1) == datetime(2024, 1, 31, 12, 0, 0, 1, tzinfo=UTC)
    assert values.iso_of(NOON_2024) == "2024-01-31T12:00:00Z"
    assert values.parse_timestamp(values.iso_of(NOON_2024 + 1)) == NOON_2024 + 1


@pytest.mark.parametrize("raw", ["", 0, False, math.nan, [""], {"a": 0}, [[], [False]]])
def test_what_is_there(raw: object) -> None:
    assert values.is_present(raw)


@pytest.mark.parametrize("raw", [None, [], {}, [None], {"a": None}, [[], {}], {"a": {"b": []}}])
def test_what_is_not_there(raw: object) -> None:
    assert not values.is_present(raw)


@pytest.mark.parametrize("number", [0, -1.5, 10**400, Decimal("7" * 400), Decimal("1e999999999")])
def test_a_number_beyond_doubles_is_one_that_json_can_say(number: object) -> None:
    assert values.is_json_number(number)


@pytest.mark.parametrize("other", [math.nan, math.inf, Decimal("Infinity"), Decimal("NaN"), True, "1", None, [1]])
def test_what_json_cannot_say_as_a_number_is_none(other: object) -> None:
    assert not values.is_json_number(other)
