"""GetSearchSuggestions: the request's shape, and which names are offered in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smsearch.api.suggestions import SuggestionRequest, parse, suggest
from smsearch.errors import RequestError
from smsearch.schema import catalogue
from smsearch.schema.names import Schema

if TYPE_CHECKING:
    from collections.abc import Iterable

JOBS = Schema(catalogue.resource("TrainingJob"))


def suggested(hint: str, dynamic: Iterable[str] = (), schema: Schema = JOBS) -> list[str]:
    response = suggest(hint, schema, dynamic)
    assert list(response) == ["PropertyNameSuggestions"]
    return [entry["PropertyName"] for entry in response["PropertyNameSuggestions"]]


def hinted(hint: object) -> dict[str, Any]:
    return {"Resource": "TrainingJob", "SuggestionQuery": {"PropertyNameQuery": {"PropertyNameHint": hint}}}


def test_a_hint_may_be_left_out_at_every_level() -> None:
    without: list[dict[str, Any]] = [
        {},
        {"SuggestionQuery": None},
        {"SuggestionQuery": {}},
        {"SuggestionQuery": {"PropertyNameQuery": None}},
    ]
    for members in without:
        assert parse({"Resource": "TrainingJob", **members}) == SuggestionRequest("TrainingJob", "")
    assert parse(hinted("abc")) == SuggestionRequest("TrainingJob", "abc")
    assert parse(hinted("")) == SuggestionRequest("TrainingJob", "")
    assert parse(hinted("x" * 100)).hint == "x" * 100


@pytest.mark.parametrize(
    ("members", "code", "path"),
    [
        ({}, "Shape", "Resource"),
        ({"Resource": "Job2"}, "InvalidValue", "Resource"),
        ({"Resource": "TrainingJob", "Hint": "a"}, "Shape", "Hint"),
        ({"Resource": "TrainingJob", "SuggestionQuery": "a"}, "Shape", "SuggestionQuery"),
        ({"Resource": "TrainingJob", "SuggestionQuery": {"Name": "a"}}, "Shape", "SuggestionQuery.Name"),
        (
            {"Resource": "TrainingJob", "SuggestionQuery": {"PropertyNameQuery": []}},
            "Shape",
            "SuggestionQuery.PropertyNameQuery",
        ),
        (
            {"Resource": "TrainingJob", "SuggestionQuery": {"PropertyNameQuery": {}}},
            "Shape",
            "SuggestionQuery.PropertyNameQuery.PropertyNameHint",
        ),
        (hinted(5), "Shape", "SuggestionQuery.PropertyNameQuery.PropertyNameHint"),
        (hinted("x" * 101), "LimitExceeded", "SuggestionQuery.PropertyNameQuery.PropertyNameHint"),
    ],
)
def test_a_broken_request(members: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(RequestError) as raised:
        parse(members)
    assert (raised.value.code, raised.value.path) == (code, path)


def test_without_a_hint_hyperparameters_metrics_and_tags_come_first() -> None:
    dynamic = {"Tags.a", "Environment.a", "Metrics.b", "Metrics.a", "HyperParameters.z"}
    first = ["HyperParameters.z", "Metrics.a", "Metrics.b", "Tags.a"]
    found = suggested("", dynamic)
    assert len(found) == 10
    assert found[:5] == [*first, "AlgorithmSpecification.AlgorithmName"]
    assert found[4:] == sorted(found[4:])
    assert suggested("", {f"Tags.{at:02}" for at in range(20)}) == [f"Tags.{at:02}" for at in range(10)]


@pytest.mark.parametrize("hint", ["TrainingJobN", "trainingjobn", "TRAININGJOBN"])
def test_a_hint_in_any_case(hint: str) -> None:
    assert suggested(hint) == ["TrainingJobName"]


def test_names_of_the_data_are_found_whole_and_after_their_familys_prefix() -> None:
    dynamic = {"HyperParameters.linear_lr", "HyperParameters.lr", "Metrics.linear", "Tags.Lin: x"}
    assert suggested("linear", dynamic) == ["HyperParameters.linear_lr", "Metrics.linear"]
    assert suggested("LIN", dynamic) == ["HyperParameters.linear_lr", "Metrics.linear", "Tags.Lin: x"]
    assert suggested("hyperparameters.l", dynamic) == ["HyperParameters.linear_lr", "HyperParameters.lr"]


def test_whole_matches_come_before_those_after_a_prefix() -> None:
    assert suggested("train", {"HyperParameters.train_size", "Tags.Training"})[-2:] == [
        "HyperParameters.train_size",
        "Tags.Training",
    ]
    assert suggested("HyperP", {"Metrics.hyperp"}) == ["HyperParameters", "Metrics.hyperp"]


def test_a_familys_prefix_may_be_long() -> None:
    schema = Schema(catalogue.resource("Model"))
    dynamic = {"Model.PrimaryContainer.Environment.WORKERS"}
    assert suggested("workers", dynamic, schema) == ["Model.PrimaryContainer.Environment.WORKERS"]
    assert suggested("primary", dynamic, schema) == []


def test_a_static_name_is_offered_only_from_its_beginning() -> None:
    assert "ResourceConfig.InstanceType" not in suggested("InstanceType")


def test_at_most_ten_and_each_once() -> None:
    found = suggested("a", {f"HyperParameters.a{at:02}" for at in range(50)})
    assert len(found) == len(set(found)) == 10


@pytest.mark.parametrize("resource", catalogue.searchable())
def test_what_is_suggested_is_a_property_and_never_a_template(resource: str) -> None:
    schema = Schema(catalogue.resource(resource))
    for hint in ("", *"abcdefghijklmnopqrstuvwxyz"):
        for name in suggested(hint, schema=schema):
            assert "<" not in name
            assert schema.property(name).name == name


def test_nothing_begins_with_that() -> None:
    assert suggested("zzz", {"Tags.a"}) == []
