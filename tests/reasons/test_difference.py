"""Two records differ in what means something else, not in how it is spelled; two results in whom they hold."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import smsearch
from smsearch.errors import InvalidValueError
from smsearch.reasons.difference import changes
from smsearch.schema.record import Record
from tests.properties.strategies import records, resources

if TYPE_CHECKING:
    from smsearch.reasons.difference import Change


def differing(left: dict[str, Any], right: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    one, other = (Record("TrainingJob", "", "job", document) for document in (left, right))
    return {change.path: (change.left, change.right) for change in changes(one, other)}


@given(data=st.data(), resource=resources())
def test_a_record_does_not_differ_from_its_copy(data: st.DataObject, resource: str) -> None:
    record = data.draw(records(resource))
    twin = Record(resource, record.arn, record.name, copy.deepcopy(record.document))
    assert changes(record, twin) == ()


@given(data=st.data(), resource=resources())
def test_left_and_right_change_places(data: st.DataObject, resource: str) -> None:
    one, other = data.draw(records(resource)), data.draw(records(resource))

    def seen(found: tuple[Change, ...], *, turned: bool) -> set[tuple[str, str, str]]:
        sides = ((change.path, repr(change.left), repr(change.right)) for change in found)
        return {(path, right, left) if turned else (path, left, right) for path, left, right in sides}

    assert seen(changes(one, other), turned=False) == seen(changes(other, one), turned=True)


def test_elements_are_told_apart_by_their_names() -> None:
    train, test = {"ChannelName": "train", "ContentType": "a"}, {"ChannelName": "test"}
    left = {"InputDataConfig": [train, test]}
    assert differing(left, {"InputDataConfig": [test, train]}) == {}
    changed = {"InputDataConfig": [test, {**train, "ContentType": "b"}]}
    assert differing(left, changed) == {"InputDataConfig[train].ContentType": ("a", "b")}


def test_elements_of_one_name_are_told_apart_by_their_places() -> None:
    pair = [{"ChannelName": "x"}, {"ChannelName": "x", "ContentType": "a"}]
    assert differing({"InputDataConfig": pair}, {"InputDataConfig": pair[:1]}) == {
        "InputDataConfig[1].ChannelName": ("x", None),
        "InputDataConfig[1].ContentType": ("a", None),
    }


@pytest.mark.parametrize(
    ("left", "right", "path"),
    [
        ({"Tags": [{"Key": "a b", "Value": "1"}]}, {"Tags": [{"Key": "a b", "Value": "2"}]}, "Tags.a b"),
        ({"HyperParameters": {"lr": "0.1"}}, {"HyperParameters": {"lr": "0.10"}}, "HyperParameters.lr"),
        ({"HyperParameters": {"lr": 1}}, {"HyperParameters": {}}, "HyperParameters.lr"),
        (
            {"FinalMetricDataList": [{"MetricName": "loss", "Value": 1}]},
            {"FinalMetricDataList": [{"MetricName": "loss", "Value": 2}]},
            "Metrics.loss",
        ),
        ({"New": {"Field": [1, 2]}}, {"New": {"Field": [1, 3]}}, "New.Field[1]"),
        ({"EnableManagedSpotTraining": True}, {"EnableManagedSpotTraining": False}, "EnableManagedSpotTraining"),
    ],
)
def test_a_difference_has_the_name_of_its_property(left: dict[str, Any], right: dict[str, Any], path: str) -> None:
    assert list(differing(left, right)) == [path]


def test_a_spelling_alone_is_no_difference() -> None:
    left = {"CreationTime": 0, "BillableTimeInSeconds": 7, "EnableManagedSpotTraining": True}
    right = {
        "CreationTime": "1970-01-01T01:00:00+01:00",
        "BillableTimeInSeconds": 7.0,
        "EnableManagedSpotTraining": "true",
    }
    assert differing(left, right) == {}


JOBS = smsearch.from_records(
    [{"TrainingJobName": f"job-{at}", "TrainingJobArn": f"{at}", "CreationTime": at} for at in range(9)]
)


def test_two_results_overlap() -> None:
    shared = JOBS.query("TrainingJobName IN (job-1, job-2, job-3)").overlap(
        JOBS.query("TrainingJobName IN (job-3, job-4) ORDER BY CreationTime")
    )
    assert {record.name for record in shared.left} == {"job-1", "job-2"}
    assert [record.name for record in shared.right] == ["job-4"]
    assert shared.both == 1


def test_results_that_cannot_be_compared_are_refused() -> None:
    with pytest.raises(InvalidValueError, match="LIMIT"):
        JOBS.query("LIMIT 3").overlap(JOBS.query(""))
    with pytest.raises(InvalidValueError, match="Endpoint"):
        JOBS.query("").overlap(JOBS.query("FROM Endpoint"))
    with pytest.raises(InvalidValueError, match="different records"):
        JOBS.query("").overlap(smsearch.from_records([]).query(""))
