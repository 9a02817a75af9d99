"""Unions whose member's name is lost: the value's type tells it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import botocore.session
import pytest

from smsearch.schema import catalogue, unions
from smsearch.schema.catalogue import Structure


def union(name: str) -> Structure:
    shape = catalogue.shape(name)
    assert isinstance(shape, Structure)
    assert unions.is_union(shape)
    return shape


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Value": 0.1}, {"NumberValue": 0.1}),
        ({"value": Decimal("0.10")}, {"NumberValue": Decimal("0.10")}),
        ({"Value": "adam"}, {"StringValue": "adam"}),
        ({"Value": True}, {"Value": True}),
        ({"Value": None}, {"Value": None}),
        ({"NumberValue": 1}, {"NumberValue": 1}),
        ({"Value": 1, "Other": 2}, {"Value": 1, "Other": 2}),
        (1, 1),
    ],
    ids=repr,
)
def test_a_parameter_of_a_trial_component(value: object, expected: object) -> None:
    assert unions.unwrapped(union("TrialComponentParameterValue"), value) == expected


def test_a_structure_is_told_by_its_members() -> None:
    problem = union("AutoMLProblemTypeConfig")
    tabular: dict[str, Any] = {
        "TargetAttributeName": "label",
        "ProblemType": "Regression",
        "CandidateGenerationConfig": None,
    }
    assert unions.unwrapped(problem, {"Value": tabular}) == {"TabularJobConfig": tabular}
    both = {"CompletionCriteria": {"MaxCandidates": 1}}
    assert unions.unwrapped(problem, {"Value": both}) == {"Value": both}, "several members have such a one"
    assert unions.unwrapped(problem, {"Value": {}}) == {"Value": {}}


def test_every_union_of_the_service_model_is_known_as_one() -> None:
    model = botocore.session.get_session().get_service_model("sagemaker")
    marked = {name for name in model.shape_names if getattr(model.shape_for(name), "is_tagged_union", False)}
    there = set()
    for name in marked:
        try:
            shape = catalogue.shape(name)
        except KeyError:  # of requests only
            continue
        assert isinstance(shape, Structure)
        assert unions.is_union(shape)
        there.add(name)
    assert len(there) > 8


def test_other_structures_are_no_unions() -> None:
    shape = catalogue.shape("ResourceConfig")
    assert isinstance(shape, Structure)
    assert not unions.is_union(shape)
