"""The predicate's own algebra: flattening, trivial truths, negation, and values that can be keys."""

from __future__ import annotations

from decimal import Decimal

import pytest

from smsearch.predicate.predicate import (
    ALWAYS,
    NEVER,
    And,
    AnyElement,
    Match,
    Not,
    NumberIs,
    Or,
    Predicate,
    Present,
    Relation,
    all_of,
    any_of,
    negation,
)
from smsearch.schema import catalogue, value_kinds
from smsearch.schema.names import Schema
from smsearch.schema.property import Member, Property


def present(name: str) -> Match:
    return Match(Property(name, value_kinds.TEXT, (Member(name),)), Present())


A, B, C = present("a"), present("b"), present("c")


def test_no_term_at_all_is_the_neutral_element() -> None:
    assert all_of([]) == ALWAYS
    assert any_of([]) == NEVER


def test_a_single_term_stands_for_itself() -> None:
    assert all_of([A]) == A
    assert any_of([A]) == A
    assert all_of([A, A]) == A
    assert any_of([A, A]) == A


def test_terms_of_the_same_kind_are_opened_up_in_order() -> None:
    assert all_of([all_of([A, B]), C, A]) == And((A, B, C))
    assert any_of([any_of([A, B]), C, A]) == Or((A, B, C))


def test_terms_of_the_other_kind_stay_closed() -> None:
    assert all_of([any_of([A, B]), C]) == And((Or((A, B)), C))
    assert any_of([all_of([A, B]), C]) == Or((And((A, B)), C))


def test_trivial_truths_are_folded() -> None:
    assert all_of([A, ALWAYS, B]) == And((A, B))
    assert any_of([A, NEVER, B]) == Or((A, B))
    assert all_of([A, NEVER, B]) == NEVER
    assert any_of([A, ALWAYS, B]) == ALWAYS
    assert all_of([ALWAYS, ALWAYS]) == ALWAYS
    assert any_of([NEVER]) == NEVER


@pytest.mark.parametrize("term", [ALWAYS, NEVER, A, all_of([A, B]), any_of([A, B]), Not(A)])
def test_a_double_negation_is_none(term: Predicate) -> None:
    assert negation(negation(term)) == term
    assert negation(term) != term


def test_equal_predicates_hash_alike_whatever_the_size_of_their_numbers() -> None:
    prop = Property("a", value_kinds.NUMBER, (Member("a"),))
    first = Match(prop, NumberIs(Relation.GT, Decimal("10e999999998")))
    second = Match(prop, NumberIs(Relation.GT, Decimal("1e999999999")))
    assert first == second
    assert hash(first) == hash(second)


def test_a_condition_on_elements_can_be_a_key() -> None:
    def channels() -> AnyElement:
        return AnyElement(Schema(catalogue.resource("TrainingJob")).list_property("InputDataConfig"), A)

    assert {channels(): 1}[channels()] == 1
    assert all_of([channels(), channels()]) == channels()
