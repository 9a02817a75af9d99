"""Responses in boto3's shape and the wire's: rows R2, R8, R12, times, numbers that are not ordinary, and copies."""

from __future__ import annotations

import copy
import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest

from smsearch.api.response import BOTO3, ISO, WIRE, document, page, spliced
from smsearch.schema import catalogue
from smsearch.schema.record import Record

NOON = datetime(2024, 1, 31, 12, tzinfo=UTC)


def record(resource: str = "TrainingJob", **members: object) -> Record:
    return Record(resource, "", "a", members)


@pytest.mark.parametrize("raw", ["2024-01-31T12:00:00Z", "2024-01-31 13:00:00+01:00", 1_706_702_400, 1_706_702_400_000])
def test_times_along_the_shape(raw: object) -> None:
    made = record(
        CreationTime=raw,
        FinalMetricDataList=[{"MetricName": "m", "Timestamp": raw}],
        SecondaryStatusTransitions=[{"StartTime": raw}],
    )
    boto3 = document(made, BOTO3)
    assert boto3["CreationTime"] == boto3["FinalMetricDataList"][0]["Timestamp"] == NOON
    assert boto3["SecondaryStatusTransitions"][0]["StartTime"].tzinfo is not None
    assert document(made, WIRE)["CreationTime"] == 1_706_702_400.0
    assert document(made, ISO)["CreationTime"] == "2024-01-31T12:00:00Z"


def test_what_looks_like_a_time_elsewhere_stays_as_it_is() -> None:
    made = record(HyperParameters={"CreationTime": "2024-01-31T12:00:00Z"}, Unknown={"CreationTime": "2024-01-31"})
    assert document(made, BOTO3) == made.document


def test_an_unreadable_time_stays_as_it_is() -> None:
    made = record(CreationTime="soon", LastModifiedTime={"__class__": "date"}, TrainingEndTime=None)
    assert document(made, BOTO3) == made.document


@pytest.mark.parametrize(
    ("raw", "given"),
    [
        (5, 5),
        (0.1, 0.1),
        (True, True),
        (Decimal(12345678901234567890123), 12345678901234567890123),
        (Decimal("0.1000000000000000000001"), 0.1),
        (Decimal("1e999999999"), math.inf),
        (Decimal("1" * 5_000), math.inf),
        (2**70, 2**70),
    ],
)
def test_numbers_for_boto3(raw: object, given: object) -> None:
    value = document(record(FailureReason=raw), BOTO3)["FailureReason"]
    assert value == given
    assert type(value) is type(given)


@pytest.mark.parametrize(
    ("raw", "spelled"),
    [
        (5, "5"),
        (0.1, "0.1"),
        (True, "true"),
        (None, "null"),
        (2**64 - 1, "18446744073709551615"),
        (2**64, "18446744073709551616"),
        (-(2**63) - 1, "-9223372036854775809"),
        pytest.param(10**5_000, "1" + "0" * 5_000, id="5001 digits"),
        (Decimal("0.1000000000000000000001"), "0.1000000000000000000001"),
        (Decimal("1e999999999"), "1E+999999999"),
        (math.nan, '"NaN"'),
        (math.inf, '"Infinity"'),
        (-math.inf, '"-Infinity"'),
        (Decimal("NaN"), '"NaN"'),
        (Decimal("-Infinity"), '"-Infinity"'),
    ],
)
def test_numbers_on_the_wire_keep_their_digits(raw: object, spelled: str) -> None:
    text = orjson.dumps(document(record(FailureReason=raw), WIRE)).decode()
    assert text == f'{{"FailureReason":{spelled}}}'


def test_a_page() -> None:
    response = page([record(TrainingJobName="a")], 7, "token", BOTO3)
    assert response == {
        "Results": [{"TrainingJob": {"TrainingJobName": "a", "Tags": []}}],
        "TotalHits": {"Value": 7, "Relation": "EqualTo"},
        "NextToken": "token",
    }
    assert page([], 0, "", BOTO3) == {"Results": [], "TotalHits": {"Value": 0, "Relation": "EqualTo"}}


@pytest.mark.parametrize("token", ["", "token_-"])
def test_a_spliced_page_is_the_same_page(token: str) -> None:
    records = [record(TrainingJobName=name) for name in ("a", "\u00e9")]
    whole = page(records, 7, token, WIRE)
    stored = [orjson.dumps(result) for result in whole["Results"]]
    assert orjson.loads(spliced(stored, 7, token)) == whole
    assert orjson.loads(spliced([], 0, "")) == page([], 0, "", WIRE)


@pytest.mark.parametrize("resource", catalogue.searchable())
def test_every_record_stands_under_its_key_and_has_tags_where_the_resource_does(resource: str) -> None:
    (result,) = page([record(resource)], 1, "", BOTO3)["Results"]
    (key,) = result
    assert key == catalogue.resource(resource).record_key
    assert ("Tags" in result[key]) == ("Tags" in catalogue.resource(resource).root.members)


def test_what_clients_read_from_a_trial_component_is_always_there() -> None:
    made = record("ExperimentTrialComponent", Parents=[{"TrialName": "t"}, {}], Parameters={"a": {"NumberValue": 1}})
    (result,) = page([made], 1, "", BOTO3)["Results"]
    assert result["TrialComponent"] == {
        "Parents": [{"TrialName": "t", "ExperimentName": ""}, {"TrialName": "", "ExperimentName": ""}],
        "Parameters": {"a": {"NumberValue": 1}},
        "InputArtifacts": {},
        "OutputArtifacts": {},
        "Tags": [],
    }


def test_what_is_handed_out_is_the_callers_to_change() -> None:
    members: dict[str, Any] = {
        "Parents": [{"TrialName": "t"}],
        "Parameters": {"a": {"NumberValue": 1}},
        "CreationTime": {"unreadable": ["x"]},
        "Unknown": {"list": [1, {"a": 2}]},
        "Tags": [{"Key": "a", "Value": "b"}],
    }
    before = copy.deepcopy(members)
    made = record("ExperimentTrialComponent", **members)
    for notation in (BOTO3, WIRE, ISO):
        (result,) = page([made], 1, "", notation)["Results"]
        spoil(result)
    assert made.document == before
    (again,) = page([made], 1, "", BOTO3)["Results"]
    assert again["TrialComponent"]["InputArtifacts"] == {}


def spoil(value: object) -> None:
    """Changes every list and object inside a value."""
    if isinstance(value, dict):
        for inner in value.values():
            spoil(inner)
        value["spoilt"] = True
    elif isinstance(value, list):
        for inner in value:
            spoil(inner)
        value.append("spoilt")
