"""What a table shows of a value."""

from __future__ import annotations

from decimal import Decimal

import pytest

from smsearch.frames import cell_text


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, "0s"), (45, "45s"), (60, "1m 0s"), (152, "2m 32s"), (6_372, "1h 46m"), (273_600, "3d 4h")],
)
def test_a_duration_has_its_two_greatest_units(seconds: int, expected: str) -> None:
    assert cell_text.seconds_text(seconds) == expected


def test_a_duration_needs_a_number_that_is_not_below_zero() -> None:
    assert [cell_text.duration_text(seconds) for seconds in (90.9, Decimal("90.5"), 0)] == ["1m 30s", "1m 30s", "0s"]
    assert [cell_text.duration_text(seconds) for seconds in (-1, None, "90")] == ["", "", ""]


@pytest.mark.parametrize(
    ("spelled", "expected"),
    [
        ("0.7857351899147034", "0.785735"),
        ("-2.3128058910369873", "-2.31281"),
        ("0.000012345678", "0.0000123457"),
        ("1.23456789e-05", "0.0000123457"),
        ("1234567.891", "1234568"),
        ("0.999999951", "1.00000"),
        ("1e-3", "1e-3"),
        ("0.1", "0.1"),
        ("12345678", "12345678"),
        ("adam", "adam"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_a_number_has_six_significant_digits_and_never_fewer_before_its_point(spelled: str, expected: str) -> None:
    assert cell_text.short_number(spelled) == expected


def test_machines_have_their_count_where_there_is_one() -> None:
    assert cell_text.machines_text(["ml.m5.large", 2]) == "ml.m5.large \N{MULTIPLICATION SIGN} 2"
    assert (
        cell_text.machines_text([None, None, ["a", "b"], [1, 3]])
        == "a \N{MULTIPLICATION SIGN} 1, b \N{MULTIPLICATION SIGN} 3"
    )
    assert cell_text.machines_text(["ml.t3.medium", None]) == "ml.t3.medium"
    assert cell_text.machines_text([None, None]) == ""
