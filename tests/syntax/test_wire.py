"""JSON to expression and back (rows E4, E7, F1, F2, F4, R11)."""

from __future__ import annotations

from typing import Any

import pytest

from smsearch.errors import InvalidValueError, LimitExceededError, ShapeError
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression
from smsearch.syntax.operators import Operator
from smsearch.syntax.wire import from_json, to_json


def only_filter(**members: object) -> Filter:
    (condition,) = from_json({"Filters": [members]}).filters
    return condition


def test_value_without_operator_is_equals() -> None:
    assert only_filter(Name="a", Value="1") == Filter("a", Operator.EQUALS, "1")


def test_neither_value_nor_operator_is_exists() -> None:
    assert only_filter(Name="a") == Filter("a", Operator.EXISTS)


@pytest.mark.parametrize("operator", ["Exists", "NotExists", "EXISTS", "NOT_EXISTS"])
def test_presence_drops_its_value(operator: str) -> None:
    assert only_filter(Name="a", Operator=operator, Value="ignored").value is None


@pytest.mark.parametrize("operator", Operator)
def test_both_spellings_of_an_operator_are_the_same(operator: Operator) -> None:
    assert only_filter(Name="a", Operator=operator.value, Value="1").operator is operator
    assert only_filter(Name="a", Operator=operator.name, Value="1").operator is operator


@pytest.mark.parametrize("operator", ["greater_than", "greaterThan", "GREATERTHAN", "", "Equal"])
def test_other_spellings_are_refused_in_the_services_wording(operator: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        from_json({"SubExpressions": [{"Filters": [{"Name": "a"}, {"Name": "b", "Operator": operator}]}]})
    assert refused.value.path == "SearchExpression.SubExpressions[0].Filters[1].Operator"
    assert refused.value.message == (
        f"1 validation error detected: Value '{operator}' at "
        "'searchExpression.subExpressions.1.member.filters.2.member.operator' failed to satisfy constraint: "
        "Member must satisfy enum value set: [Equals, NotEquals, GreaterThan, GreaterThanOrEqualTo, LessThan, "
        "LessThanOrEqualTo, Contains, Exists, NotExists, In]"
    )


def test_a_misspelt_operator_is_told_the_nearest() -> None:
    with pytest.raises(InvalidValueError, match="Did you mean 'GreaterThan'") as refused:
        only_filter(Name="a", Operator="greater_than", Value="1")
    assert refused.value.hint == "Did you mean 'GreaterThan'?"


def test_boolean_operator_defaults_to_and() -> None:
    assert from_json({"Filters": [{"Name": "a"}]}).operator is BooleanOperator.AND
    assert from_json({"Filters": [{"Name": "a"}], "Operator": "Or"}).operator is BooleanOperator.OR
    assert from_json({"Filters": [{"Name": "a"}], "Operator": "OR"}).operator is BooleanOperator.OR


def test_unknown_boolean_operator_lists_the_allowed_ones() -> None:
    with pytest.raises(InvalidValueError, match=r"'searchExpression\.operator'.*\[And, Or\]"):
        from_json({"Filters": [{"Name": "a"}], "Operator": "Xor"})


@pytest.mark.parametrize(
    ("expression", "path", "hint"),
    [
        ({"Filter": []}, "SearchExpression.Filter", "Did you mean 'Filters'?"),
        ({"subexpressions": []}, "SearchExpression.subexpressions", "Did you mean 'SubExpressions'?"),
        ({"Filters": [{"name": "a"}]}, "SearchExpression.Filters[0].name", "Did you mean 'Name'?"),
        ({"Zzz": 1}, "SearchExpression.Zzz", "It has Filters, NestedFilters, SubExpressions and Operator."),
        ({1: 1}, "SearchExpression.1", "It has Filters, NestedFilters, SubExpressions and Operator."),
    ],
)
def test_unknown_members_are_refused_with_a_hint(expression: object, path: str, hint: str) -> None:
    with pytest.raises(ShapeError) as refused:
        from_json(expression)
    assert (refused.value.path, refused.value.hint) == (path, hint)


@pytest.mark.parametrize(
    ("expression", "path"),
    [
        (None, "SearchExpression"),
        (
            {"NestedFilters": [{"NestedPropertyName": None, "Filters": []}]},
            "SearchExpression.NestedFilters[0].NestedPropertyName",
        ),
        ([], "SearchExpression"),
        ("a = 1", "SearchExpression"),
        ({"Filters": {}}, "SearchExpression.Filters"),
        ({"Filters": [None]}, "SearchExpression.Filters[0]"),
        ({"Filters": [{"Name": 1}]}, "SearchExpression.Filters[0].Name"),
        ({"Filters": [{"Name": "a", "Value": 5}]}, "SearchExpression.Filters[0].Value"),
        ({"Filters": [{"Name": "a", "Value": True}]}, "SearchExpression.Filters[0].Value"),
        ({"Filters": [{"Name": None}]}, "SearchExpression.Filters[0].Name"),
        ({"Filters": [{"Value": "a"}]}, "SearchExpression.Filters[0].Name"),
        ({"NestedFilters": [{"Filters": []}]}, "SearchExpression.NestedFilters[0].NestedPropertyName"),
        ({"NestedFilters": [{"NestedPropertyName": "L"}]}, "SearchExpression.NestedFilters[0].Filters"),
        ({"SubExpressions": ["a"]}, "SearchExpression.SubExpressions[0]"),
    ],
)
def test_wrong_shapes_are_refused_with_their_path(expression: object, path: str) -> None:
    with pytest.raises(ShapeError) as refused:
        from_json(expression)
    assert refused.value.path == path


def test_null_is_absent_at_every_depth() -> None:
    spelled = {
        "Filters": [{"Name": "a", "Operator": None, "Value": None}],
        "NestedFilters": None,
        "SubExpressions": [{"Filters": [{"Name": "a", "Operator": None, "Value": "b"}], "Operator": None}],
        "Operator": None,
    }
    sub = SearchExpression((Filter("a", Operator.EQUALS, "b"),))
    assert from_json(spelled) == SearchExpression((Filter("a", Operator.EXISTS),), sub_expressions=(sub,))


def test_text_that_cannot_be_encoded_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="surrogate"):
        only_filter(Name="a", Value="\ud800")


def test_the_path_begins_where_the_caller_says() -> None:
    with pytest.raises(ShapeError) as refused:
        from_json({"Filters": 1}, "Rules[3]")
    assert refused.value.path == "Rules[3].Filters"


@pytest.mark.parametrize("depth", [51, 10_000])
def test_deep_nesting_is_a_limit_and_no_recursion_error(depth: int) -> None:
    expression: dict[str, Any] = {"Filters": [{"Name": "a"}]}
    for _ in range(depth):
        expression = {"SubExpressions": [expression]}
    with pytest.raises(LimitExceededError) as refused:
        from_json(expression)
    assert refused.value.path == "SearchExpression"


def test_json_is_minimal_and_writes_every_operator() -> None:
    expression = SearchExpression(
        filters=(Filter("a", Operator.EQUALS, "1"), Filter("b", Operator.EXISTS)),
        nested_filters=(NestedFilters("L", (Filter("L.x", Operator.IN, "a,b"),)),),
        sub_expressions=(SearchExpression((Filter("c", Operator.NOT_EXISTS),), operator=BooleanOperator.OR),),
    )
    assert to_json(expression) == {
        "Filters": [{"Name": "a", "Operator": "Equals", "Value": "1"}, {"Name": "b", "Operator": "Exists"}],
        "NestedFilters": [{"NestedPropertyName": "L", "Filters": [{"Name": "L.x", "Operator": "In", "Value": "a,b"}]}],
        "SubExpressions": [{"Filters": [{"Name": "c", "Operator": "NotExists"}], "Operator": "Or"}],
        "Operator": "And",
    }
    assert from_json(to_json(expression)) == expression


def test_the_callers_object_is_not_changed() -> None:
    given = {"Filters": [{"Name": "a", "Operator": "Exists", "Value": "x"}]}
    from_json(given)
    assert given == {"Filters": [{"Name": "a", "Operator": "Exists", "Value": "x"}]}
