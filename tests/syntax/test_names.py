"""Aliases expand to properties that are there, and a property of the very name wins."""

from __future__ import annotations

import pytest

from smsearch.schema import catalogue
from smsearch.schema.names import Schema
from smsearch.syntax.ast import SortOrder
from smsearch.syntax.names import ALIASES, expand_alias, full_name, inner_name, resource_named, short_name
from smsearch.syntax.text.parser import parse


def known_to(resource: str) -> Schema:
    return Schema(catalogue.resource(resource))


def nothing(_: str) -> bool:
    return False


def test_every_resource_of_search_has_its_aliases() -> None:
    assert set(ALIASES) == set(catalogue.searchable())


@pytest.mark.parametrize("resource", ALIASES)
def test_every_alias_means_a_property_of_its_resource(resource: str) -> None:
    schema = known_to(resource)
    for alias, target in ALIASES[resource].items():
        assert alias.endswith(".") == target.endswith(".")
        name = f"{target}x" if target.endswith(".") else target
        assert schema.property(name).kind.has_values


@pytest.mark.parametrize(
    ("resource", "name", "meant"),
    [
        ("TrainingJob", "status", "TrainingJobStatus"),
        ("TrainingJob", "STATUS", "TrainingJobStatus"),
        ("TrainingJob", "created", "CreationTime"),
        ("TrainingJob", "attributes.start_time", "TrainingStartTime"),
        ("TrainingJob", "attributes.FailureReason", "FailureReason"),
        ("TrainingJob", "params.lr", "HyperParameters.lr"),
        ("TrainingJob", "hp.batch size", "HyperParameters.batch size"),
        ("TrainingJob", "metrics.train:loss", "Metrics.train:loss"),
        ("TrainingJob", "tags.a.b", "Tags.a.b"),
        ("TrainingJob", "HyperParameters.status", "HyperParameters.status"),
        ("TrainingJob", "params", "params"),
        ("TrainingJob", "params.", "params."),
        ("TrainingJob", "attributes.params.", "params."),
        ("PipelineVersion", "tags.a", "tags.a"),
        ("FeatureMetadata", "tags.a", "tags.a"),
        ("ExperimentTrialComponent", "status", "Status.PrimaryStatus"),
        ("ExperimentTrialComponent", "Status", "Status"),
        ("ExperimentTrialComponent", "params.lr", "Parameters.lr"),
        ("ExperimentTrialComponent", "start_time", "StartTime"),
        ("Experiment", "status", "status"),
        ("Experiment", "params.lr", "params.lr"),
        ("Nonsense", "status", "status"),
    ],
)
def test_expansion(resource: str, name: str, meant: str) -> None:
    known = known_to(resource).knows if resource in ALIASES else nothing
    assert expand_alias(name, resource, known) == meant


def test_a_property_of_the_very_name_wins() -> None:
    assert expand_alias("status", "TrainingJob", lambda name: name == "status") == "status"
    assert expand_alias("params.lr", "TrainingJob", lambda name: name == "params.lr") == "params.lr"


def test_a_resource_is_named_in_any_case() -> None:
    assert resource_named("experimenttrialcomponent") == "ExperimentTrialComponent"
    assert resource_named("Nonsense") == "Nonsense"


def test_a_query_is_resolved_everywhere() -> None:
    text = (
        "SELECT created, metrics.*, params.lr WHERE (status = x OR tags.t = y) AND params.items[Key = z] "
        "ORDER BY metrics.acc"
    )
    query = parse(text).resolve_aliases(known_to("TrainingJob").knows, "TrainingJob")
    assert query == parse(
        "SELECT CreationTime, Metrics.*, HyperParameters.lr "
        "WHERE (TrainingJobStatus = x OR Tags.t = y) AND HyperParameters.items[Key = z] ORDER BY Metrics.acc"
    )
    assert query.sort_order is SortOrder.ASCENDING


def test_the_querys_own_resource_serves_where_none_is_given() -> None:
    assert parse("FROM Image LIMIT 1 ").resolve_aliases(nothing).resource == "Image"
    assert parse("FROM Image WHERE status = x").resolve_aliases(nothing) == parse("FROM Image WHERE ImageStatus = x")
    assert parse("status = x").resolve_aliases(nothing) == parse("status = x")


@pytest.mark.parametrize(
    ("container", "name", "full", "inner"),
    [
        ("L", "x", "L.x", "x"),
        ("L", "L.x", "L.x", "x"),
        ("InputDataConfig", "inputDataConfig.ChannelName", "inputDataConfig.ChannelName", "ChannelName"),
        ("InputDataConfig", "input_data_config.x.y", "input_data_config.x.y", "x.y"),
        ("A.B", "A.B.C.D", "A.B.C.D", "C.D"),
        ("A.B", "B.C", "A.B.B.C", "B.C"),
        ("L", "L", "L.L", "L"),
        ("L", "Lx.y", "L.Lx.y", "Lx.y"),
        ("L", "n" * 254, "n" * 254, "n" * 254),
    ],
)
def test_full_and_inner_names(container: str, name: str, full: str, inner: str) -> None:
    assert full_name(container, name) == full
    assert inner_name(container, name) == inner
    assert full_name(container, short_name(container, full)) == full


def test_a_short_name_is_never_one_that_would_be_read_as_full() -> None:
    assert short_name("L", "L.L.x") == "L.L.x"
    assert short_name("L", "L.x") == "x"
    assert short_name("L", "L.") == "L."
