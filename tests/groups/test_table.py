"""Groups as a program asks for them, and as readers of Arrow take them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pyarrow as pa
import pytest

import smsearch
from smsearch.errors import InvalidValueError, TextSyntaxError, UnknownPropertyError

if TYPE_CHECKING:
    from smsearch.result import Result


def job(name: str, team: str | None, seconds: object, **members: object) -> dict[str, dict[str, object]]:
    """A training job of a team."""
    tags = {} if team is None else {"Tags": [{"Key": "team", "Value": team}]}
    return {"TrainingJob": {"TrainingJobName": name, "BillableTimeInSeconds": seconds, **tags, **members}}


@pytest.fixture
def result() -> Result:
    """Four jobs of two teams, one of none."""
    records = [
        job("a", "ml", 10, CreationTime="2024-01-05T00:00:00Z", HyperParameters={"lr": "0.1"}),
        job("b", "ml", 20, CreationTime="2024-02-05T00:00:00Z", HyperParameters={"lr": "fast"}),
        job("c", "cv", 2**63),
        job("d", None, "soon"),
    ]
    return smsearch.from_records(records).query("", resource="TrainingJob")


def test_a_row_is_a_dict_and_a_name_may_be_given(result: Result) -> None:
    table = result.group_by("Tags.team").agg("count(*) AS n", seconds="sum(BillableTimeInSeconds)")
    assert list(table) == [
        {"Tags.team": "cv", "n": 1, "seconds": 2**63},
        {"Tags.team": "ml", "n": 2, "seconds": 30},
        {"Tags.team": None, "n": 1, "seconds": None},
    ]
    assert (len(table), table.total) == (3, 3)
    assert table.notes == ()
    assert result.group_by().agg("max(HyperParameters.lr)").notes == (
        "1 value of HyperParameters.lr is no number, and left out",
    )
    assert repr(table) == "<smsearch.GroupTable: 3 groups, Tags.team, n, seconds>"


def test_a_key_may_be_named_too(result: Result) -> None:
    table = result.group_by("Tags.team AS team", 'year(created) AS "the year"').agg("count(*)", order_by="team DESC")
    assert [column.title for column in table.columns] == ["team", "the year", "count(*)"]
    assert [row["team"] for row in table] == ["ml", "cv", None]
    assert len(result.group_by("Tags.team AS team").agg(having="team = ml")) == 1


def test_columns_have_arrows_types(result: Result) -> None:
    table = result.group_by("month(created)", "HyperParameters.lr").agg(
        "count(*)", "avg(BillableTimeInSeconds)", "sum(HyperParameters.lr)", "best(BillableTimeInSeconds)"
    )
    types = [field.type for field in table.to_arrow().schema]
    assert types == [
        *(pa.timestamp("us", tz="UTC"), pa.string(), pa.int64(), pa.float64(), pa.float64()),
        *(pa.decimal128(19, 0), pa.string()),
    ]
    assert [row["month(CreationTime)"] for row in table] == [
        datetime(2024, 1, 1, tzinfo=UTC),
        datetime(2024, 2, 1, tzinfo=UTC),
        None,
    ]


def test_readers_of_arrow_take_it(result: Result) -> None:
    teams = result.group_by("Tags.team").agg(n="count(*)")
    assert duckdb.connect().execute("select sum(n) from teams").fetchall() == [(4,)]
    assert pl.DataFrame(teams)["n"].sum() == 4
    assert teams.to_pandas()["n"].sum() == 4
    assert teams.to_polars().shape == (3, 2)


def test_a_text_with_groups_is_its_table(result: Result) -> None:
    asked = smsearch.from_records([job("a", "ml", 1), job("b", "cv", 5), job("c", "ml", 1)]).query(
        "SELECT Tags.team AS team, count(*), sum(BillableTimeInSeconds) WHERE BillableTimeInSeconds < 10 GROUP BY team"
        " HAVING count(*) >= 1 ORDER BY 3 DESC, team LIMIT 1"
    )
    assert list(asked) == [{"team": "cv", "count(*)": 1, "sum(BillableTimeInSeconds)": 5}]
    assert len(asked) == 1
    assert asked.groups().total == 2
    assert asked.to_arrow().column_names == ["team", "count(*)", "sum(BillableTimeInSeconds)"]
    assert list(result.group_by("status").agg()) == [{"TrainingJobStatus": None, "count(*)": 4}]


@pytest.mark.parametrize(
    ("keys", "columns", "message"),
    [
        (["status"], ["summe(BillableTimeInSeconds)"], r"no function summe\(\)\. Did you mean sum"),
        (["HyperParameters"], [], "Group by one of the properties in it"),
        (["status"], ["Tags.team"], "GROUP BY TrainingJobStatus|Tags.team is no key"),
        (["sum(BillableTimeInSeconds)"], [], "cannot be grouped by"),
        (["month(BillableTimeInSeconds)"], [], "BillableTimeInSeconds is no time"),
        (["bin(status, 10)"], [], "has no numbers"),
        (["status"], ["sum(*)"], r"Write sum\(name\)"),
        (["status"], ["sum(DISTINCT BillableTimeInSeconds)"], "DISTINCT is for count"),
        (["status"], ["sum(BillableTimeInSeconds, 3)"], "too many arguments"),
        ([], ["status"], r"Write count\(status\)"),
    ],
)
def test_what_cannot_be_asked_is_told(result: Result, keys: list[str], columns: list[str], message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        result.group_by(*keys).agg(*columns)


def test_order_and_having_are_looked_over(result: Result) -> None:
    groups = result.group_by("status")
    with pytest.raises(InvalidValueError, match="There is no column 3"):
        groups.agg("count(*)", order_by="3")
    with pytest.raises(InvalidValueError, match="'many' is not an integer"):
        groups.agg("count(*)", having="count(*) > many")
    with pytest.raises(UnknownPropertyError, match="Unknown property name: x"):
        groups.agg("count(*)", having="sum(x) > 3")
    with pytest.raises(TextSyntaxError):
        groups.agg("count(*)", having="count(*) like 3")
    with pytest.raises(InvalidValueError, match="asks for records"):
        result.groups()


def test_a_number_that_no_double_holds_is_a_decimal() -> None:
    records = [{"TrainingJob": {"TrainingJobName": "a", "HyperParameters": {"x": "0.1000000000000000000001"}}}]
    (row,) = smsearch.from_records(records).query("").group_by().agg("sum(HyperParameters.x)")
    assert row == {"sum(HyperParameters.x)": Decimal("0.1000000000000000000001")}
