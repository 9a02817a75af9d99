"""An expression with its conditions bound: each keeps what was written, and predicates stay equal as cache keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from smsearch.frozen import replace
from smsearch.live import reference
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind, bind_expression
from smsearch.predicate.bound import Bound, BoundExpression, BoundFilter, BoundNested
from smsearch.predicate.predicate import And, AnyElement, Match, Not, Or, Predicate
from smsearch.predicate.rewrite import rewrite
from smsearch.syntax.ast import Filter, SearchExpression, walk
from smsearch.syntax.operators import Operator
from tests.properties.strategies import expressions, records, resources, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator

FREELY = replace(DEFAULT, contains_max=None)


def filters_of(bound: Bound) -> Iterator[Filter]:
    match bound:
        case BoundFilter():
            yield bound.filter
        case BoundNested():
            yield from (one.filter for one in bound.filters)
        case BoundExpression():
            for part in bound.conditions:
                yield from filters_of(part)


@given(data=st.data(), resource=resources())
def test_every_condition_keeps_the_filter_that_it_came_from(data: st.DataObject, resource: str) -> None:
    expression = data.draw(expressions(resource))
    bound = bind_expression(expression, schema_of(resource), FREELY)
    written = [
        condition
        for _, part in walk(expression, "")
        for condition in (*part.filters, *(one for nested in part.nested_filters for one in nested.filters))
    ]
    assert sorted(map(repr, filters_of(bound))) == sorted(map(repr, written))
    assert bound.expression == expression
    assert bound.predicate == bind(expression, schema_of(resource), FREELY)


def test_predicates_of_one_meaning_are_equal_however_they_were_written() -> None:
    """They are cache keys: what a bound node keeps must not tell them apart."""
    schema = schema_of("TrainingJob")
    one, other = (
        bind_expression(SearchExpression((Filter(name, Operator.EQUALS, value),)), schema, DEFAULT)
        for name, value in (("BillableTimeInSeconds", "5"), ("billabletimeinseconds", "5.0"))
    )
    assert one.expression != other.expression
    assert one.predicate == other.predicate
    assert hash(one.predicate) == hash(other.predicate)


def negations(predicate: Predicate) -> Iterator[Predicate]:
    """What each Not of a predicate stands before."""
    match predicate:
        case Not(term):
            yield term
            yield from negations(term)
        case And(terms) | Or(terms):
            for term in terms:
                yield from negations(term)
        case AnyElement(_, term):
            yield from negations(term)


@st.composite
def negated(draw: st.DrawFn, resource: str) -> Predicate:
    """A predicate with some parts of it complemented."""
    predicate = bind(draw(expressions(resource)), schema_of(resource), FREELY)

    def some(term: Predicate) -> Predicate:
        match term:
            case And(terms):
                term = And(tuple(map(some, terms)))
            case Or(terms):
                term = Or(tuple(map(some, terms)))
            case AnyElement(container, inner):
                term = AnyElement(container, some(inner))
            case _:
                pass
        return Not(term) if draw(st.booleans()) else term

    return some(predicate)


@given(data=st.data(), resource=resources())
def test_a_rewritten_predicate_holds_for_the_same_records(data: st.DataObject, resource: str) -> None:
    predicate = data.draw(negated(resource))
    rewritten = rewrite(predicate)
    for document in [record.document for record in data.draw(st.lists(records(resource), max_size=4))]:
        assert reference.holds(rewritten, document) is reference.holds(predicate, document)
    assert all(isinstance(term, Match | AnyElement) for term in negations(rewritten))
    assert rewrite(rewritten) == rewritten
