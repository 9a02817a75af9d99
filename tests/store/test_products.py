"""Products of whole arrays are those of the formulas, to the last digit, or none."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsearch.schema.formulas import INSTANCE_SECONDS, Cost
from smsearch.store.products import products

MICROS = 1_000_000
PRICES = st.decimals(-1_000, 1_000, places=4).map(abs) | st.decimals(0, 100, places=7) | st.integers(0, 99).map(Decimal)


@given(
    jobs=st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(0, 2)), min_size=1, max_size=20),
    prices=st.lists(PRICES, min_size=3, max_size=3),
    is_whole=st.booleans(),
)
def test_products_are_what_the_formulas_say(
    jobs: list[tuple[int, int]], prices: list[Decimal], *, is_whole: bool
) -> None:
    numbers = [number for number, _ in jobs]
    seconds = np.array(numbers) if is_whole else np.array(numbers) / MICROS
    exact = [Decimal(number) if is_whole else Decimal(number) / MICROS for number in numbers]
    places = np.array([place for _, place in jobs])
    costs = products(seconds, prices, places, Cost.divisor, Cost.digits)
    spans = products(seconds, prices, places, INSTANCE_SECONDS.divisor, INSTANCE_SECONDS.digits)
    assert costs is not None
    formula = Cost({("", str(place)): price for place, price in enumerate(prices)})
    expected = [formula([one], [str(place)], [Decimal(1)]) for one, place in zip(exact, places, strict=True)]
    assert [Decimal(repr(cost)) for cost in costs.tolist()] == expected
    if spans is not None:
        weighted = [INSTANCE_SECONDS([one], [prices[place]]) for one, place in zip(exact, places, strict=True)]
        assert [Decimal(repr(span)) for span in spans.tolist()] == weighted


@pytest.mark.parametrize(("seconds", "expected"), [(1, 0.0), (3, 2e-06), (5, 2e-06), (-1, 0.0), (-3, -2e-06)])
def test_a_half_is_rounded_to_the_even_digit(seconds: int, expected: float) -> None:
    multiplied = products(np.array([seconds]), [Decimal("0.0018")], np.zeros(1, np.int64), 3_600, 6)
    assert multiplied is not None
    assert multiplied.tolist() == [expected]


@pytest.mark.parametrize(
    ("seconds", "weight"),
    [
        (1 << 61, "2"),
        (10**15, "1"),
        (1, "1e40"),
        (1, "1e-40"),
        (0.1 + 2**-40, "1"),
        (float("inf"), "1"),
        (1, "Infinity"),
    ],
)
def test_what_is_not_exact_is_left_to_the_formula(seconds: float, weight: str) -> None:
    assert products(np.array([seconds]), [Decimal(weight)], np.zeros(1, np.int64), 1, None) is None
