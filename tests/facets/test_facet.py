"""Facets: bounds of bins and periods, what is listed and what is drawn together, and that nothing is lost."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import smsearch
from smsearch.engine.value_counts import count_values
from smsearch.errors import UnknownPropertyError
from smsearch.facets import bins, facet, periods
from smsearch.schema import catalogue, values
from smsearch.schema.names import Schema

SCHEMA = Schema(catalogue.resource("TrainingJob"))


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False), min_size=1))
def test_bins_cover_all_numbers_and_are_few(numbers: list[Decimal]) -> None:
    edges = bins.edges(min(numbers), max(numbers))
    assert edges[0] <= min(numbers)
    assert edges[-1] > max(numbers)
    assert all(low < high for low, high in pairwise(edges))
    assert 2 <= len(edges) <= bins.BINS_MAX + 2


@pytest.mark.parametrize(
    ("least", "greatest", "expected"),
    [
        ("0", "10", "0 1 2 3 4 5 6 7 8 9 10 11"),
        ("-3", "21", "-4 -2 0 2 4 6 8 10 12 14 16 18 20 22"),
        ("0.25", "0.5", "0.25 0.3 0.35 0.4 0.45 0.5 0.55"),
        ("3", "7000", "2 5 10 20 50 100 200 500 1000 2000 5000 10000"),
        ("7", "7", "7 8"),
    ],
)
def test_bins_begin_where_people_would_begin_them(least: str, greatest: str, expected: str) -> None:
    assert bins.edges(Decimal(least), Decimal(greatest)) == [Decimal(edge) for edge in expected.split()]


def test_numbers_too_near_for_their_size_make_one_bin() -> None:
    edges = bins.edges(Decimal("1e300"), Decimal("1e300") + Decimal("1e280"))
    assert len(edges) >= 2
    assert bins.edges(Decimal("-1e999999"), Decimal("1e-999999"))[-1] > Decimal("1e-999999")


TIMES = st.datetimes().map(values.timestamp_of)


@given(TIMES, TIMES)
def test_periods_cover_all_times_and_are_few(one: int, other: int) -> None:
    least, greatest = sorted((one, other))
    unit, edges = periods.edges(least, greatest)
    assert edges[0] <= least
    assert edges[-1] > greatest
    assert all(low < high for low, high in pairwise(edges))
    assert len(edges) <= (periods.PERIODS_MAX + 1 if unit.name != "century" else 101)


@pytest.mark.parametrize(
    ("least", "greatest", "unit", "first", "number"),
    [
        ("2024-01-01T10:00:00Z", "2024-01-01T10:00:30Z", "second", "2024-01-01 10:00:00", 31),
        ("2024-02-27", "2024-03-01", "day", "2024-02-27", 4),
        ("2024-01-03", "2024-03-20", "week", "2024-01-01", 12),
        ("2023-11-30", "2025-01-01", "month", "2023-11", 15),
        ("1999-12-31", "2024-01-01", "year", "1999", 26),
        ("0001-01-01", "9999-12-31T23:59:59.999999", "century", "0001", 100),
    ],
)
def test_periods_are_of_the_unit_that_fits(least: str, greatest: str, unit: str, first: str, number: int) -> None:
    begun, ended = values.parse_timestamp(least), values.parse_timestamp(greatest)
    assert begun is not None
    assert ended is not None
    found, edges = periods.edges(begun, ended)
    assert (found.name, found.name_of(edges[0]), len(edges) - 1) == (unit, first, number)


@given(st.lists(st.lists(st.sampled_from(["1", "2.5", "-7", "1e3", "adam", "", "0.1", "0.10", *map(str, range(30))]))))
def test_every_occurrence_is_in_one_row(records: list[list[str]]) -> None:
    prop = SCHEMA.property("HyperParameters.lr")
    tally = count_values([list(texts) for texts in records], prop.kind)
    found = facet.of_values(prop, tally, None)
    assert sum(row.records for row in found.rows) == sum(len(set(texts)) for texts in records)
    assert (found.more, found.matching) == (0, len(records))


def test_a_limit_cuts_values_and_says_how_many() -> None:
    prop = SCHEMA.property("TrainingJobStatus")
    tally = count_values([["Failed"], ["Completed"], ["Completed"], ["Stopped"]], prop.kind)
    found = facet.of_values(prop, tally, 1)
    assert [(row.value, row.records) for row in found.rows] == [("Completed", 2)]
    assert (found.more, found.distinct) == (2, 3)


def test_infinite_numbers_stand_by_themselves() -> None:
    prop = SCHEMA.property("Metrics.loss")
    endless = Decimal("Infinity")
    tally = count_values([[Decimal(number)] for number in range(30)] + [[endless], [-endless], [-endless]], prop.kind)
    rows = facet.of_values(prop, tally, None).rows
    assert (rows[0].value, rows[0].records, rows[-1].value, rows[-1].records) == (-endless, 2, endless, 1)
    assert sum(row.records for row in rows[1:-1]) == 30


def test_a_result_gives_facets() -> None:
    jobs = smsearch.from_records(
        {"TrainingJobName": f"job-{at}", "TrainingJobStatus": status, "Tags": [{"Key": "team", "Value": "ml"}]}
        for at, status in enumerate(("Failed", "Completed", "Completed"))
    )
    found = jobs.query("status = Completed LIMIT 1").facet("status")
    assert [(row.value, row.records) for row in found.rows] == [("Completed", 2)]
    assert found.coverage == 1
    assert [(row.value, row.records) for row in jobs.query("").facet("Tags").rows] == [("Tags.team", 3)]
    with pytest.raises(UnknownPropertyError):
        jobs.query("").facet("TrainingJobStaus")
