"""Which derived properties a kind has follows from its members, and no one else than a text may name them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from smsearch.errors import UnknownPropertyError
from smsearch.schema import catalogue, formulas
from smsearch.schema.derived import with_derived
from smsearch.schema.names import Schema
from smsearch.schema.prices import Prices, prices_of


def names(kind: str, prices: Prices | None = None) -> set[str]:
    return {prop.name for prop in with_derived(Schema(catalogue.resource(kind)), prices).derived.values()}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("Experiment", set()),
        ("PipelineExecution", set()),
        ("Model", {"ImageRepository", "ImageTag"}),
        ("PipelineExecutionStep", {"DurationInSeconds"}),
        ("CompilationJob", {"DurationInSeconds", "QueuedInSeconds"}),
        ("TransformJob", {"DurationInSeconds", "QueuedInSeconds", "InstanceSeconds"}),
        ("HyperParameterTuningJob", {"DurationInSeconds", "ImageRepository", "ImageTag"}),
    ],
)
def test_a_kind_has_what_its_members_allow(kind: str, expected: set[str]) -> None:
    assert names(kind) == expected


def test_cost_takes_prices_and_instances() -> None:
    prices = prices_of({"ml.a": 1})
    assert names("TransformJob", prices) - names("TransformJob") == {"Cost"}
    assert names("CompilationJob", prices) == names("CompilationJob")


@pytest.mark.parametrize("kind", catalogue.kinds())
def test_every_derived_property_is_single_and_no_property_of_the_service(kind: str) -> None:
    plain = Schema(catalogue.resource(kind))
    wider = with_derived(plain, prices_of({"ml.a": 1}))
    for prop in wider.derived.values():
        assert prop.is_derived
        assert not prop.is_many
        assert wider.property(prop.name.lower()) is prop
        with pytest.raises(UnknownPropertyError):
            plain.property(prop.name)


def test_cost_without_prices_says_what_it_needs() -> None:
    with pytest.raises(UnknownPropertyError, match="--prices FILE"):
        with_derived(Schema(catalogue.resource("TrainingJob"))).property("Cost")


def test_a_cluster_can_be_sent_the_formulas_since_they_import_nothing_of_the_package() -> None:
    tree = ast.parse(Path(formulas.__file__).read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {module for module in modules if module is not None and module.startswith("smsearch")} == set()
