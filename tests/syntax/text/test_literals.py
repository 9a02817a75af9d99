"""Parameters of a query: what is bound reads back as itself, and never as a piece of query."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum

import numpy as np
import pytest

from smsearch.errors import InvalidValueError, RequestError, ShapeError, TextSyntaxError
from smsearch.syntax.ast import Filter, SearchExpression
from smsearch.syntax.operators import Operator
from smsearch.syntax.text.parser import parse


class Team(StrEnum):
    """Text that prints as itself."""

    VISION = "cv"


class Mixed(str, Enum):  # noqa: UP042 - its str() is "Mixed.VISION"
    """Text that does not."""

    VISION = "cv"


@pytest.mark.parametrize(
    ("bound", "value"),
    [
        ("x' OR a = 'y", "x' OR a = 'y"),
        ("1,2", "1,2"),
        (Team.VISION, "cv"),
        (Mixed.VISION, "cv"),
        (5, "5"),
        (-(2**53) - 1, "-9007199254740993"),
        (True, "true"),
        (False, "false"),
        (0.1, "0.1"),
        (1e-5, "1e-05"),
        (1e22, "1e+22"),
        (Decimal("0.10"), "0.10"),
        (Decimal("1E+3"), "1E+3"),
        (np.float64(0.1), "0.1"),
        (np.int32(7), "7"),
        (date(2024, 1, 2), "2024-01-02"),
        (datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC), "2024-01-02T03:04:05Z"),
        (datetime(2024, 1, 2, 3, 4, 5, 600), "2024-01-02T03:04:05.000600Z"),  # noqa: DTZ001 - what is tested
        (datetime(2024, 1, 2, 3, tzinfo=timezone(timedelta(hours=2))), "2024-01-02T01:00:00Z"),
    ],
)
def test_a_parameter_is_written_so_that_it_reads_back(bound: object, value: str) -> None:
    expected = SearchExpression((Filter("a", Operator.EQUALS, value),))
    assert parse("a = :p", {"p": bound}).expression == expected


def test_a_list_stands_after_in_with_or_without_brackets() -> None:
    expected = SearchExpression((Filter("a", Operator.IN, "x,1,y"),))
    assert parse("a IN (:names, y)", {"names": ["x", 1]}).expression == expected
    assert parse("a IN :names", {"names": ("x", 1, "y")}).expression == expected


def test_a_comma_in_a_bound_item_separates_nothing() -> None:
    expected = parse("a IN ('x') OR a = 'y,z'").expression
    assert parse("a IN (:p)", {"p": ["x", "y,z"]}).expression == expected
    assert parse("a IN (x, :p)", {"p": "y,z"}).expression == expected


def test_parameters_stand_wherever_a_value_does() -> None:
    parameters = {"low": 1, "high": 2, "part": "%x%", "n": 3}
    query = parse("a BETWEEN :low AND :high AND b LIKE :part LIMIT :n", parameters)
    assert query == parse("a BETWEEN 1 AND 2 AND b LIKE '%x%' LIMIT 3")


def test_one_parameter_may_be_used_twice() -> None:
    assert parse("a = :p OR b = :p", {"p": 1}) == parse("a = 1 OR b = 1")


@pytest.mark.parametrize(
    ("text", "bound", "error"),
    [
        ("a = :p", float("nan"), InvalidValueError),
        ("a = :p", float("inf"), InvalidValueError),
        ("a = :p", Decimal("NaN"), InvalidValueError),
        ("a = :p", None, InvalidValueError),
        ("a = :p", "\ud800", InvalidValueError),
        pytest.param("a = :p", 10**5_000, InvalidValueError, id="an integer of 5,000 digits"),
        ("a = :p", b"x", ShapeError),
        ("a = :p", {"x": 1}, ShapeError),
        ("a = :p", ["x"], TextSyntaxError),
        ("a IN (:p)", [], TextSyntaxError),
        ("a IN (:p)", [["x"]], ShapeError),
        ("a IN (:p)", [""], TextSyntaxError),
        ("a IN :p", "x,y", TextSyntaxError),
        ("LIMIT :p", -1, TextSyntaxError),
        ("LIMIT :p", 1.5, TextSyntaxError),
        ("LIMIT :p", 10**30, TextSyntaxError),
    ],
)
def test_what_no_value_can_hold_is_refused(text: str, bound: object, error: type[RequestError]) -> None:
    with pytest.raises(error):
        parse(text, {"p": bound})


def test_a_parameter_without_value_points_at_itself() -> None:
    with pytest.raises(TextSyntaxError) as refused:
        parse("a = :treshold", {"threshold": 1})
    assert (refused.value.column, refused.value.hint) == (5, "Did you mean 'threshold'?")


def test_a_parameter_that_is_not_used_is_refused() -> None:
    with pytest.raises(ShapeError, match="no parameter :p") as refused:
        parse("a = :q", {"p": 1, "q": 2})
    assert refused.value.path == "p"


def test_ago_counts_in_utc_from_a_time_without_zone() -> None:
    query = parse("a > ago(1d)", now=datetime(2024, 3, 1, 0, 30))  # noqa: DTZ001 - what is tested
    assert query.expression == SearchExpression((Filter("a", Operator.GREATER_THAN, "2024-02-29T00:30:00Z"),))
