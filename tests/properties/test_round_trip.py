"""Laws of the two notations, over hostile names and values.

`from_json(to_json(e)) == e`, `parse(format(e)).expression == canonical(e)`, `canonical` is idempotent and changes
no answer, and whatever text there is, nothing but a RequestError comes out of `parse`.
"""

from __future__ import annotations

import contextlib
import string
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from smsearch.errors import LimitExceededError, RequestError
from smsearch.policy import Policy
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression, SortOrder
from smsearch.syntax.check import check
from smsearch.syntax.condition import NotCondition, PairCondition
from smsearch.syntax.names import full_name
from smsearch.syntax.operators import Operator
from smsearch.syntax.query import Query
from smsearch.syntax.text.formatter import canonical, format_query
from smsearch.syntax.text.formatter import format as write
from smsearch.syntax.text.lexer import KEYWORDS
from smsearch.syntax.text.parser import parse
from smsearch.syntax.wire import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

ANY_CONTAINS = Policy(contains_max=None)
VALUELESS = (Operator.EXISTS, Operator.NOT_EXISTS)

UNICODE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
PIECES = st.sampled_from(
    [
        *KEYWORDS,
        *"()[]{},'\"`<>=!&|*;:.~-+%_ \n\t\0\x1b",
        "--",
        "''",
        '""',
        "a",
        "é",
        "\ufeff",
        "5",
        "1e-4",
        "ago(7d)",
        ":p",
    ]
)
HOSTILE = st.lists(PIECES, min_size=1, max_size=8).map("".join)
NAMES = st.one_of(
    st.sampled_from(
        ["TrainingJobStatus", "Metrics.train:loss", "L.x", "L", "l.x", "L.L.x", "HyperParameters.batch size", "n" * 254]
    ),
    HOSTILE,
    UNICODE,
)
VALUES = st.one_of(st.sampled_from(["0.5", "Failed", "true", "a,b", "a, b", ",", "1,2"]), HOSTILE, UNICODE)


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    operator = draw(st.sampled_from(Operator))
    return Filter(draw(NAMES), operator, None if operator in VALUELESS else draw(VALUES))


NESTED = st.builds(
    NestedFilters, st.one_of(st.just("L"), NAMES), st.lists(filters(), min_size=1, max_size=4).map(tuple)
)


def expressions() -> st.SearchStrategy[SearchExpression]:
    def around(children: st.SearchStrategy[SearchExpression]) -> st.SearchStrategy[SearchExpression]:
        return st.builds(
            SearchExpression,
            st.lists(filters(), max_size=3).map(tuple),
            st.lists(NESTED, max_size=2).map(tuple),
            st.lists(children, max_size=3).map(tuple),
            st.sampled_from(BooleanOperator),
        ).filter(lambda expression: not expression.is_empty)

    leaf = st.builds(
        SearchExpression,
        st.lists(filters(), min_size=1, max_size=22).map(tuple),
        operator=st.sampled_from(BooleanOperator),
    )
    return st.recursive(leaf, around, max_leaves=8)


def within_limits(expression: SearchExpression) -> bool:
    try:
        check(expression, "TrainingJob", ANY_CONTAINS)
    except LimitExceededError:
        return False
    return True


VALID = expressions().filter(within_limits)


@given(expressions())
def test_json_reads_back(expression: SearchExpression) -> None:
    assert from_json(to_json(expression)) == expression


@given(VALID)
def test_text_reads_back_as_the_canonical_form(expression: SearchExpression) -> None:
    assert parse(write(expression)).expression == canonical(expression)


COMPARATORS = tuple(operator for operator in Operator if not operator.row.text[0].isalpha())
PAIRS = st.builds(PairCondition, NAMES, st.sampled_from(COMPARATORS), NAMES, st.none() | VALUES)


@given(PAIRS)
def test_a_comparison_of_two_properties_reads_back(pair: PairCondition) -> None:
    assert parse(write(pair)).condition == pair
    assert parse(write(NotCondition(pair))).condition == NotCondition(pair)


@given(VALID)
def test_the_canonical_form_is_idempotent_and_within_the_limits(expression: SearchExpression) -> None:
    found = canonical(expression)
    assert canonical(found) == found
    assert (
        check(found, "TrainingJob", ANY_CONTAINS).conditions
        <= check(expression, "TrainingJob", ANY_CONTAINS).conditions
    )


@given(VALID, st.randoms(use_true_random=False))
def test_the_canonical_form_has_the_same_truth(expression: SearchExpression, random: object) -> None:
    """Whatever each condition is by itself, both trees say the same."""
    leaves = sorted({*leaves_of(expression), *leaves_of(canonical(expression))}, key=repr)
    for _ in range(5):
        truth = {leaf: random.random() < 0.5 for leaf in leaves}  # type: ignore[attr-defined]
        assert evaluate(expression, truth) is evaluate(canonical(expression), truth)


Leaf = Filter | NestedFilters


def in_full(nested: NestedFilters) -> NestedFilters:
    name = nested.nested_property_name
    inner = (Filter(full_name(name, part.name), part.operator, part.value) for part in nested.filters)
    return NestedFilters(name, tuple(inner))


def own_leaves(expression: SearchExpression) -> list[Leaf]:
    return [*expression.filters, *map(in_full, expression.nested_filters)]


def leaves_of(expression: SearchExpression) -> set[Leaf]:
    return set(own_leaves(expression)).union(*map(leaves_of, expression.sub_expressions))


def evaluate(expression: SearchExpression, truth: Mapping[Leaf, bool]) -> bool:
    terms = [truth[leaf] for leaf in own_leaves(expression)]
    terms += [evaluate(child, truth) for child in expression.sub_expressions]
    return any(terms) if expression.operator is BooleanOperator.OR else all(terms)


QUERIES = st.builds(
    Query,
    st.none() | VALID.map(canonical),
    st.sampled_from([None, "TrainingJob", "Model"]),
    st.lists(NAMES.filter(lambda name: name != "*"), max_size=3).map(tuple),
    st.none() | NAMES,
    st.just(SortOrder.DESCENDING),
    st.none() | st.integers(0, 2**60),
).map(lambda query: query if query.sort_by is not None else Query(query.expression, query.resource, query.columns))


@given(QUERIES)
def test_a_whole_query_reads_back(query: Query) -> None:
    assert parse(format_query(query)) == query


WORDS = st.sampled_from(
    [
        *KEYWORDS,
        "a",
        "L",
        "'x'",
        '"y z"',
        "5",
        "=",
        "!=",
        "<",
        ">=",
        "=>",
        "~",
        "(",
        ")",
        "[",
        "]",
        ",",
        ":p",
        "ago",
        "7d",
        ";",
        "*",
    ]
)


@given(st.lists(WORDS, max_size=14).map(" ".join))
@example("a = 1 AND NOT (b IN (1) OR L[c = 1])")
@example("")
def test_sentences_of_words_are_queries_or_request_errors(text: str) -> None:
    answer(text)


@given(st.text(max_size=60) | HOSTILE | st.text(string.printable, max_size=60))
def test_any_text_is_a_query_or_a_request_error(text: str) -> None:
    answer(text)


def answer(text: str) -> None:
    """Parses it; what comes back, reads back, and is refused as strictly as it was."""
    parameters = {"p": "1"} if ":p" in text else {}
    with contextlib.suppress(RequestError):
        query = parse(text, parameters)
        assume(query.expression is None or within_limits(query.expression))
        again = parse(format_query(query))
        assert again == query
        if query.refusals:
            with pytest.raises(RequestError):
                parse(text, parameters, strict=True)
        else:
            assert parse(text, parameters, strict=True) == query
