"""Keys of decimals sort as the decimals, exactly and without end."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch.schema import values
from smsearch.schema.decimal_key import decimal_key, number_of_key
from tests.properties.strategies import NUMERALS

_DIGITS = st.integers(-(10**40), 10**40)
_EXPONENTS = st.integers(-30, 30) | st.sampled_from((-(10**17) + 1, 10**17 - 1, -999, 999, 10**9))
DECIMALS = (
    st.builds(lambda digits, exponent: Decimal(f"{digits}e{exponent}"), _DIGITS, _EXPONENTS)
    | st.decimals(allow_nan=False)
    | st.sampled_from([number for text in NUMERALS if (number := values.parse_number(text)) is not None])
)


@given(DECIMALS, DECIMALS)
def test_keys_compare_as_the_numbers(this: Decimal, that: Decimal) -> None:
    assert (decimal_key(this) < decimal_key(that)) is (this < that)
    assert (decimal_key(this) == decimal_key(that)) is (this == that)


@given(st.lists(DECIMALS))
def test_keys_compare_as_bytes_of_utf_8_too(numbers: list[Decimal]) -> None:
    by_bytes = sorted(numbers, key=lambda number: decimal_key(number).encode())
    assert by_bytes == sorted(numbers)


@pytest.mark.parametrize(
    ("spelled", "key"),
    [("50", "1a15"), ("2.5e10", "1b1025"), ("0.5", "1Z85"), ("-50", "-Z84~"), ("-0.0", "0"), ("007", "1a07")],
)
def test_keys_are_what_the_docstring_says(spelled: str, key: str) -> None:
    assert decimal_key(Decimal(spelled)) == key


def test_equal_numbers_have_one_key() -> None:
    assert len({decimal_key(Decimal(text)) for text in ("1", "1.0", "1e0", "10e-1", "+1.00")}) == 1


@given(DECIMALS)
def test_a_key_gives_the_number_back(number: Decimal) -> None:
    assert number_of_key(decimal_key(number)) == number
    assert str(number_of_key(decimal_key(number))) == str(values.without_idle_zeros(number))
