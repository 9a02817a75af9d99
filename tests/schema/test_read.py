"""Values are read out of a document along a property's steps: rows E6, F5, F16, F17, F18, F19."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from smsearch.schema import catalogue, read, value_kinds
from smsearch.schema.names import Schema
from smsearch.schema.property import Elements, FirstMember, Member, Pair, Step
from smsearch.schema.values import UNREADABLE, SpelledNumber, Value

if TYPE_CHECKING:
    from smsearch.schema.value_kinds import Kind

MAX_TIME = "9999-12-31T23:59:59Z"


def found(name: str, document: dict[str, Any], resource: str = "TrainingJob") -> list[Value]:
    return read.property_values(document, Schema(catalogue.resource(resource)).property(name))


def metrics(*entries: tuple[str, float | None, object]) -> dict[str, Any]:
    return {
        "FinalMetricDataList": [
            {"MetricName": name, "Value": value, **({} if time is None else {"Timestamp": time})}
            for name, value, time in entries
        ]
    }


def test_an_empty_way_leads_to_the_document_itself() -> None:
    assert read.raw_values({"a": 1}, ()) == [{"a": 1}]
    assert read.raw_values({}, ()) == []


@pytest.mark.parametrize("document", [None, 5, "text", [], {}, {"a": None}, {"a": []}, {"a": {"b": None}}, {"b": 1}])
def test_what_is_absent_yields_nothing(document: object) -> None:
    assert read.raw_values(document, (Member("a"),)) == []


@pytest.mark.parametrize("step", [Member("a"), Elements(), Pair("Key", "a"), FirstMember(("a",))])
def test_a_step_into_a_value_of_another_shape_yields_nothing(step: Step) -> None:
    assert read.raw_values("text", (step,)) == []
    assert read.raw_values(5, (step,)) == []
    assert read.raw_values(None, (step,)) == []


def test_empty_text_zero_and_false_are_there() -> None:
    assert found("FailureReason", {"FailureReason": ""}) == [""]
    assert found("BillableTimeInSeconds", {"BillableTimeInSeconds": 0}) == [Decimal(0)]
    assert found("EnableNetworkIsolation", {"EnableNetworkIsolation": False}) == [False]


def test_a_way_through_lists_takes_every_element_that_is_there() -> None:
    document = {"InputDataConfig": [{"ChannelName": "train"}, None, {}, 5, {"ChannelName": "test"}]}
    assert found("InputDataConfig.ChannelName", document) == ["train", "test"]
    assert found("VpcConfig.Subnets", {"VpcConfig": {"Subnets": ["a", "b", None]}}) == ["a", "b"]


def test_a_metric_is_the_value_of_its_name() -> None:
    document = metrics(("loss", 0.5, None), ("acc", 0.9, None))
    assert found("Metrics.acc", document) == [Decimal("0.9")]
    assert found("Metrics.Acc", document) == []


def test_of_several_values_of_a_metric_the_last_by_time_counts_then_by_place() -> None:
    assert found("Metrics.a", metrics(("a", 1, 300), ("a", 2, 100), ("a", 3, 200))) == [Decimal(1)]
    assert found("Metrics.a", metrics(("a", 1, 300), ("a", 2, 300))) == [Decimal(2)]
    assert found("Metrics.a", metrics(("a", 1, "2024-01-01T00:00:00Z"), ("a", 2, 1_600_000_000))) == [Decimal(1)]


def test_a_metric_without_a_readable_time_is_older_than_any_with_one() -> None:
    assert found("Metrics.a", metrics(("a", 1, "0001-01-01T00:00:00Z"), ("a", 2, None))) == [Decimal(1)]
    assert found("Metrics.a", metrics(("a", 1, "soon"), ("a", 2, None))) == [Decimal(2)]
    assert found("Metrics.a", metrics(("a", 1, MAX_TIME), ("a", 2, "soon"))) == [Decimal(1)]


def test_nan_is_there_and_unreadable() -> None:
    assert found("Metrics.a", metrics(("a", math.nan, None))) == [UNREADABLE]


def test_a_metric_whose_last_value_is_missing_is_absent() -> None:
    assert found("Metrics.a", metrics(("a", 1, 100), ("a", None, 200))) == []


def test_a_trial_components_metric_has_statistics() -> None:
    summary = {"MetricName": "loss", "Max": 3, "Min": 1, "Avg": 2.0, "Last": 2.5, "Count": 7, "StdDev": 0.5}
    document = {"Metrics": [summary]}
    resource = "ExperimentTrialComponent"
    assert found("Metrics.loss", document, resource) == [Decimal("2.5")]
    assert found("Metrics.loss.max", document, resource) == [Decimal(3)]
    assert found("metrics.loss.STDDEV", document, resource) == [Decimal("0.5")]
    assert found("Metrics.loss.Count", document, resource) == [Decimal(7)]
    assert found("Metrics.Loss.Max", document, resource) == []


def test_a_trial_components_parameter_is_a_number_or_a_text() -> None:
    parameters = {
        "lr": {"NumberValue": 0.1},
        "opt": {"StringValue": "7"},
        "both": {"NumberValue": 1, "StringValue": "x"},
    }
    document = {"Parameters": parameters}
    resource = "ExperimentTrialComponent"
    assert found("Parameters.lr", document, resource) == [SpelledNumber(Decimal("0.1"), "0.1")]
    assert found("Parameters.opt", document, resource) == ["7"]
    assert found("Parameters.both", document, resource) == [SpelledNumber(Decimal(1), "1")]
    assert found("Parameters.both.StringValue", document, resource) == ["x"]
    assert found("Parameters.Lr", document, resource) == []


def test_all_tags_are_their_keys_and_values() -> None:
    document = {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b"}, {"Value": "2"}, None, {"Key": "", "Value": None}]}
    assert found("AllTags", document, "FeatureGroup") == ["a", "1", "b", "2", ""]


def test_a_whole_map_of_artifacts_holds_names_values_and_media_types() -> None:
    components = Schema(catalogue.resource("ExperimentTrialComponent"))
    within = components.texts_within(components.property("InputArtifacts"))
    assert within is not None
    assert within.is_many
    artifacts = {
        "a": {"Value": "v", "MediaType": "m"},
        "b": {"MediaType": "n"},
        "c": {},
        "d": {"Other": "x"},
        "e": None,
    }
    assert read.property_values({"InputArtifacts": artifacts}, within) == ["a", "v", "m", "b", "n"]
    assert read.property_values({"InputArtifacts": []}, within) == []


def test_contains_may_name_few_lists_as_a_whole() -> None:
    schemas = [Schema(catalogue.resource(name)) for name in catalogue.searchable()]
    whole = {
        (schema.resource.name, member)
        for schema in schemas
        for member in schema.resource.root.members
        if schema.texts_within(schema.property(member)) is not None
    }
    assert whole == {
        *(("Experiment", "Tags"), ("ExperimentTrial", "Tags"), ("ExperimentTrialComponent", "Tags")),
        *(("ExperimentTrialComponent", "InputArtifacts"), ("ExperimentTrialComponent", "OutputArtifacts")),
    }


def test_a_tag_is_the_value_of_its_key_and_the_last_of_several() -> None:
    document = {
        "Tags": [{"Key": "a.b:c d", "Value": "1"}, {"Key": "a.b:c d", "Value": "2"}, {"Key": "Key", "Value": "k"}]
    }
    assert found("Tags.a.b:c d", document) == ["2"]
    assert found("Tags.Key", document) == ["k"]
    assert found("Tags.Value", document) == []


@pytest.mark.parametrize(
    ("raw", "kind", "value"),
    [
        ("5", value_kinds.NUMBER, Decimal(5)),
        (5, value_kinds.TEXT, "5"),
        ("5", value_kinds.PARAMETER, "5"),
        (5, value_kinds.PARAMETER, SpelledNumber(Decimal(5), "5")),
        (5.0, value_kinds.UNKNOWN, SpelledNumber(Decimal(5), "5.0")),
        (-0.0, value_kinds.UNKNOWN, SpelledNumber(Decimal(0), "-0.0")),
        (1e22, value_kinds.UNKNOWN, SpelledNumber(Decimal(10**22), "1e+22")),
        (10**22, value_kinds.UNKNOWN, SpelledNumber(Decimal(10**22), "10000000000000000000000")),
        (math.inf, value_kinds.PARAMETER, SpelledNumber(Decimal("Infinity"), "Infinity")),
        (math.inf, value_kinds.UNKNOWN, "Infinity"),
        (math.nan, value_kinds.UNKNOWN, "NaN"),
        (True, value_kinds.PARAMETER, "true"),
        (math.nan, value_kinds.PARAMETER, UNREADABLE),
        (5, value_kinds.HYPERPARAMETER, "5"),
        (5.0, value_kinds.HYPERPARAMETER, "5.0"),
        (5.0, value_kinds.TEXT_MAP, "5.0"),
        (math.nan, value_kinds.HYPERPARAMETER, "NaN"),
        (-math.inf, value_kinds.TEXT, "-Infinity"),
        ("true", value_kinds.BOOLEAN, True),
        ("x", value_kinds.INTEGER, UNREADABLE),
        (0, value_kinds.TIMESTAMP, 0),
        ({"a": 1}, value_kinds.TEXT, UNREADABLE),
        ({"a": 1}, value_kinds.STRUCTURE, UNREADABLE),
    ],
)
def test_a_json_value_as_a_value_of_a_kind(raw: object, kind: Kind, value: Value) -> None:
    typed = kind.read(raw)
    assert typed == value
    assert type(typed) is type(value)
