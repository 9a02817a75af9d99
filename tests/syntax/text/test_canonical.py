"""The normal form changes what its docstring lists, and nothing else."""

from __future__ import annotations

from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression
from smsearch.syntax.check import check
from smsearch.syntax.operators import Operator
from smsearch.syntax.text.formatter import canonical

AND, OR = BooleanOperator.AND, BooleanOperator.OR


def exists(name: str) -> Filter:
    return Filter(name, Operator.EXISTS)


def test_a_sub_expression_of_one_condition_moves_behind_its_parents() -> None:
    nested = NestedFilters("L", (exists("L.x"),))
    expression = SearchExpression(
        (exists("a"),),
        sub_expressions=(
            SearchExpression((exists("b"),), operator=OR),
            SearchExpression(nested_filters=(nested,)),
            SearchExpression(sub_expressions=(SearchExpression((exists("c"),)),)),
        ),
        operator=OR,
    )
    assert canonical(expression) == SearchExpression((exists("a"), exists("b"), exists("c")), (nested,), operator=OR)


def test_a_root_of_one_sub_expression_is_that() -> None:
    inner = SearchExpression((exists("a"), exists("b")), operator=OR)
    assert canonical(SearchExpression(sub_expressions=(inner,))) == inner


def test_one_condition_has_the_operator_and() -> None:
    assert canonical(SearchExpression((exists("a"),), operator=OR)).operator is AND


def test_names_inside_nested_filters_are_in_full() -> None:
    expression = SearchExpression(nested_filters=(NestedFilters("L", (exists("x"), exists("L.y"))),))
    (nested,) = canonical(expression).nested_filters
    assert [condition.name for condition in nested.filters] == ["L.x", "L.y"]


def test_presence_has_no_value() -> None:
    expression = SearchExpression((Filter("a", Operator.NOT_EXISTS, "x"),))
    assert canonical(expression).filters == (Filter("a", Operator.NOT_EXISTS),)


def test_groups_of_the_same_operator_and_duplicates_stay() -> None:
    group = SearchExpression((exists("b"), exists("b")))
    expression = SearchExpression((exists("a"), exists("a")), sub_expressions=(group,))
    assert canonical(expression) == expression


def test_what_moves_up_keeps_within_the_limits() -> None:
    singles = tuple(SearchExpression((exists(f"s{index}"),)) for index in range(15))
    expression = SearchExpression(tuple(exists(f"f{index}") for index in range(20)), sub_expressions=singles)
    assert check(expression, "TrainingJob").conditions == 50
    written = canonical(expression)
    assert check(written, "TrainingJob").conditions == 36
    assert canonical(written) == written
