"""Prices are read from CSV as people write it, and the price of a region comes before one for every region."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

import smsearch
from smsearch.errors import InvalidValueError
from smsearch.schema.prices import parse, prices_of

if TYPE_CHECKING:
    from pathlib import Path


def test_columns_stand_in_any_order_and_case() -> None:
    prices = parse(["Region,Price per hour,Instance Type", "eu-west-1,0.1,ml.a", "", " , 2 ,ml.a"])
    assert prices.by_type == {("eu-west-1", "ml.a"): Decimal("0.1"), ("", "ml.a"): Decimal(2)}
    assert prices.depend_on_region
    assert not parse(["type,price", "ml.a,1"]).depend_on_region


def test_a_later_line_replaces_an_earlier_one() -> None:
    assert parse(["type,price", "ml.a,1", "ml.a,2"]).by_type == {("", "ml.a"): Decimal(2)}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "no column"),
        (["type,cost", "ml.a,1"], "no column"),
        (["type,price", "ml.a"], "Line 2"),
        (["type,price", "ml.a,1", "ml.b,dear"], "Line 3"),
        (["type,price", "ml.a,-1"], "Line 2"),
        (["type,price", ",1"], "Line 2"),
    ],
)
def test_what_is_no_price_is_refused_with_its_line(lines: list[str], message: str) -> None:
    with pytest.raises(InvalidValueError, match=message):
        parse(lines)


def test_a_file_is_read_and_one_that_is_not_utf_8_refused(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_bytes("\ufefftype,price\r\nml.a,0.5\r\n".encode())
    assert prices_of(file).by_type == prices_of({"ml.a": 0.5}).by_type == {("", "ml.a"): Decimal("0.5")}
    file.write_bytes(b"type,price\nml.\xff,1\n")
    with pytest.raises(InvalidValueError, match="not UTF-8"):
        prices_of(file)


def test_a_price_of_the_region_comes_first(tmp_path: Path) -> None:
    """Row V6."""
    file = tmp_path / "prices.csv"
    file.write_text("type,region,price\nml.a,,1\nml.a,eu-west-1,2\n")
    jobs = [
        {
            "TrainingJobName": region,
            "TrainingJobArn": f"arn:aws:sagemaker:{region}:111111111111:training-job/{region}",
            "BillableTimeInSeconds": 3600,
            "ResourceConfig": {"InstanceType": "ml.a", "InstanceCount": 1},
        }
        for region in ("eu-west-1", "us-east-1")
    ]
    jobs.append({name: value for name, value in jobs[0].items() if name != "TrainingJobArn"})
    jobs[-1]["TrainingJobName"] = "without"
    (tmp_path / "jobs.jsonl").write_text("".join(f"{json.dumps(job)}\n" for job in jobs))
    smsearch.build([tmp_path / "jobs.jsonl"], tmp_path / "store")
    for searcher in (smsearch.from_records(jobs, prices=file), smsearch.open(tmp_path / "store", prices=file)):
        table = searcher.query("ORDER BY TrainingJobName ASC").to_arrow(["TrainingJobName", "Cost"])
        assert table["Cost"].to_pylist() == [2.0, 1.0, 1.0]
