"""Laws of values: what is spelled is what is read, and comparisons are those of the numbers and times meant."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, localcontext

from hypothesis import assume, example, given
from hypothesis import strategies as st

from smsearch.predicate.order import SortKey, rank
from smsearch.schema import value_kinds, values
from smsearch.schema.property import Member, Property
from smsearch.schema.values import UNREADABLE
from smsearch.syntax.ast import SortOrder
from tests.properties.strategies import TEXTS, moments, numbers, texts

finite_numbers = st.decimals(allow_nan=False, allow_infinity=False)
blanks = st.text(" \t\r\n", max_size=3)
moments_in_calendar = st.datetimes(timezones=st.just(UTC))


@given(finite_numbers, blanks, blanks)
def test_a_number_is_read_as_it_is_spelled(number: Decimal, before: str, after: str) -> None:
    assert values.parse_number(f"{before}{number}{after}") == number


@given(st.text("0123456789+-.eE \u0663_xn", max_size=8) | st.text(max_size=8))
@example("1e")
@example(".")
def test_what_is_no_number_for_decimal_is_none_for_us(text: str) -> None:
    number = values.parse_number(text)
    is_plain = re.fullmatch(r"[+-]?[0-9.]+([eE][+-]?[0-9]+)?", text.strip(" \t\r\n"))
    try:
        expected = Decimal(text.strip(" \t\r\n")) if is_plain else None
    except ArithmeticError:
        expected = None
    assert number == expected


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_floats_compare_as_numbers_as_they_do_as_floats(one: float, other: float) -> None:
    first, second = values.number_of(one), values.number_of(other)
    assert isinstance(first, Decimal)
    assert isinstance(second, Decimal)
    assert (first < second, first == second) == (one < other, one == other)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_the_number_of_its_json_spelling(number: float) -> None:
    assert values.number_of(number) == values.parse_number(repr(number))


@given(finite_numbers)
def test_truncation_is_that_of_int(number: Decimal) -> None:
    assume(abs(number.adjusted()) < 1_000)
    assert values.truncate(number) == int(number)


@given(finite_numbers, finite_numbers)
def test_truncation_keeps_the_order_and_asks_nothing_of_the_context(one: Decimal, other: Decimal) -> None:
    with localcontext(prec=1):
        first, second = values.truncate(one), values.truncate(other)
    assert first <= second or one > other


@given(moments_in_calendar)
def test_a_time_is_read_as_it_is_spelled(moment: datetime) -> None:
    micros = values.timestamp_of(moment)
    assert isinstance(micros, int)
    assert values.datetime_of(micros) == moment
    assert values.parse_timestamp(values.iso_of(micros)) == micros
    assert values.parse_timestamp(moment.isoformat()) == micros
    assert values.timestamp_of(str(moment)) == micros
    assert values.timestamp_of(str(moment.replace(tzinfo=None))) == micros


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)), st.integers(-1_439, 1_439))  # noqa: DTZ001 - the offset is added
def test_an_offset_counts_to_the_minute(naive: datetime, minutes: int) -> None:
    moment = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert values.parse_timestamp(moment.isoformat()) == values.timestamp_of(moment)


@given(moments_in_calendar, st.sampled_from(["", "Z", "+00:00"]), st.integers(0, 18), st.text(max_size=1))
@example(datetime(2024, 1, 31, tzinfo=UTC), "Z", 10, "t")
@example(datetime(2024, 1, 24, tzinfo=UTC), "Z", 11, "24")
@example(datetime(2024, 1, 24, tzinfo=UTC), "Z", 15, "\u0663")
def test_whole_seconds_are_read_by_the_rules_of_fractions(moment: datetime, ending: str, at: int, other: str) -> None:
    spelled = moment.isoformat()[:19]
    changed = spelled[:at] + other + spelled[at + len(other) :]
    assert values.parse_timestamp(changed + ending) == values.parse_timestamp(f"{changed}.0{ending}")


@given(moments_in_calendar, moments_in_calendar)
def test_times_compare_as_moments(one: datetime, other: datetime) -> None:
    first, second = values.timestamp_of(one), values.timestamp_of(other)
    assert isinstance(first, int)
    assert isinstance(second, int)
    assert (first < second, first == second) == (one < other, one == other)


@given(st.integers(0, 4_000_000_000))
def test_epoch_seconds_and_text_of_them_are_one_moment(seconds: int) -> None:
    assert values.timestamp_of(seconds) == seconds * 1_000_000
    assert values.timestamp_of(str(seconds)) == seconds * 1_000_000
    assert values.timestamp_of(float(seconds)) == seconds * 1_000_000


json_values = st.recursive(
    st.none() | st.booleans() | texts() | numbers() | moments(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(json_values)
def test_any_json_value_is_read_or_unreadable_and_never_an_error(raw: object) -> None:
    assert isinstance(values.number_of(raw), Decimal) or values.number_of(raw) is UNREADABLE
    assert isinstance(values.text_of(raw), str) or values.text_of(raw) is UNREADABLE
    assert isinstance(values.boolean_of(raw), bool) or values.boolean_of(raw) is UNREADABLE
    micros = values.timestamp_of(raw)
    assert micros is UNREADABLE or isinstance(values.datetime_of(micros), datetime)
    assert isinstance(values.is_present(raw), bool)


@given(st.text() | st.sampled_from(TEXTS))
def test_any_text_is_read_or_none(text: str) -> None:
    assert isinstance(values.parse_number(text), Decimal | None)
    assert isinstance(values.parse_timestamp(text), int | None)
    assert isinstance(values.parse_boolean(text), bool | None)


@given(st.lists(texts() | st.just(UNREADABLE), max_size=8))
def test_both_orders_of_a_text_map_are_total_and_each_others_reverse_within_a_group(found: list[values.Value]) -> None:
    prop = Property("a", value_kinds.HYPERPARAMETER, (Member("a"),))
    up, down = (SortKey(prop, order) for order in (SortOrder.ASCENDING, SortOrder.DESCENDING))
    for one in found:
        for other in found:
            first, second = (rank(value, up) for value in (one, other))
            assert (first < second) + (first == second) + (second < first) == 1
            if first[0] == second[0]:
                assert (first < second) is (rank(other, down) < rank(one, down))
            else:
                assert (first < second) is (rank(one, down) < rank(other, down))


def test_nan_and_infinity_are_told_apart() -> None:
    assert values.number_of(math.nan) is UNREADABLE
    assert values.number_of(math.inf) != values.number_of(-math.inf)
