"""The documented limits (rows E2, E3, F3, R4)."""

from __future__ import annotations

from typing import Any

import pytest

from smsearch.errors import InvalidValueError, LimitExceededError
from smsearch.policy import DEFAULT, Policy
from smsearch.syntax.ast import Filter, NestedFilters, SearchExpression
from smsearch.syntax.check import Usage, check, check_lists
from smsearch.syntax.operators import Operator

LIFTED = Policy(contains_max=None)
EMPTY_ALLOWED = Policy(empty_expression_allowed=True)


def exists(count: int) -> tuple[Filter, ...]:
    return tuple(Filter(f"p{index}", Operator.EXISTS) for index in range(count))


def contains(*names: str) -> SearchExpression:
    return SearchExpression(tuple(Filter(name, Operator.CONTAINS, "x") for name in names))


def refusal(
    expression: SearchExpression, resource: str = "TrainingJob", policy: Policy = DEFAULT
) -> LimitExceededError:
    with pytest.raises(LimitExceededError) as refused:
        check(expression, resource, policy)
    return refused.value


def test_twenty_of_each_kind_pass() -> None:
    assert check(SearchExpression(exists(20)), "TrainingJob") == Usage(20, 0)


def test_twenty_one_filters_are_refused() -> None:
    refused = refusal(SearchExpression(exists(21)))
    assert refused.path == "SearchExpression.Filters"
    assert refused.message.endswith(
        "at 'searchExpression.filters' failed to satisfy constraint: Member must have length less than or equal to 20"
    )


@pytest.mark.parametrize("count", [0, 21])
def test_nested_filters_hold_one_to_twenty(count: int) -> None:
    refused = refusal(SearchExpression(nested_filters=(NestedFilters("L", exists(count)),)))
    assert refused.path == "SearchExpression.NestedFilters[0].Filters"


def test_fifty_conditions_pass_and_fifty_one_do_not() -> None:
    inner = SearchExpression(exists(19))
    at_limit = SearchExpression(exists(10), sub_expressions=(inner, inner))  # 10 + 2 + 2 x 19
    assert check(at_limit, "TrainingJob") == Usage(50, 0)
    refused = refusal(SearchExpression(exists(11), sub_expressions=(inner, inner)))
    assert refused.path == "SearchExpression"
    assert "more than 50 conditions" in refused.message


def test_filters_inside_nested_filters_count() -> None:
    nested = tuple(NestedFilters(f"L{index}", exists(9)) for index in range(5))
    assert check(SearchExpression(nested_filters=nested), "TrainingJob").conditions == 50
    refusal(SearchExpression(exists(1), nested))


def test_a_chain_of_ten_thousand_is_refused_without_recursion() -> None:
    expression = SearchExpression(exists(1))
    for _ in range(10_000):
        expression = SearchExpression(sub_expressions=(expression,))
    assert refusal(expression).path == "SearchExpression"


@pytest.mark.parametrize(
    ("condition", "member"),
    [
        (Filter("", Operator.EXISTS), "Name"),
        (Filter("n" * 256, Operator.EXISTS), "Name"),
        (Filter("a", Operator.EQUALS, ""), "Value"),
        (Filter("a", Operator.EQUALS, "v" * 1025), "Value"),
    ],
)
def test_lengths_of_names_and_values(condition: Filter, member: str) -> None:
    assert refusal(SearchExpression((condition,))).path == f"SearchExpression.Filters[0].{member}"


def test_the_longest_name_and_value_pass() -> None:
    condition = Filter("n" * 255, Operator.EQUALS, "v" * 1024)
    assert check(SearchExpression((condition,)), "TrainingJob") == Usage(1, 0)


def test_the_name_of_a_nested_property_has_the_same_length() -> None:
    refused = refusal(SearchExpression(nested_filters=(NestedFilters("L" * 256, exists(1)),)))
    assert refused.path == "SearchExpression.NestedFilters[0].NestedPropertyName"


def test_an_operator_without_its_value_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="GreaterThan on a has no Value") as refused:
        check(SearchExpression((Filter("a", Operator.GREATER_THAN),)), "TrainingJob")
    assert refused.value.path == "SearchExpression.Filters[0].Value"


def test_an_empty_expression_is_refused_unless_the_policy_allows_it() -> None:
    assert refusal(SearchExpression()).path == "SearchExpression"
    assert check(SearchExpression(), "TrainingJob", EMPTY_ALLOWED) == Usage(0, 0)


def test_an_empty_sub_expression_is_refused_with_its_path() -> None:
    expression = SearchExpression(exists(1), sub_expressions=(SearchExpression(),))
    assert refusal(expression).path == "SearchExpression.SubExpressions[0]"


def test_sub_expressions_alone_are_fine() -> None:
    assert check(SearchExpression(sub_expressions=(SearchExpression(exists(1)),)), "TrainingJob") == Usage(2, 0)


def test_contains_may_be_used_once() -> None:
    assert check(contains("TrainingJobName"), "TrainingJob") == Usage(1, 1)
    refused = refusal(contains("TrainingJobName", "FailureReason"))
    assert refused.message == "'CONTAINS' operator usage limit of 1 exceeded."
    assert refused.path == "SearchExpression.Filters[1].Operator"


def test_the_policy_lifts_the_limit_on_contains() -> None:
    assert check(contains("a", "b", "c"), "TrainingJob", LIFTED) == Usage(3, 3)


@pytest.mark.parametrize(
    ("resource", "names"),
    [
        ("Experiment", ("DisplayName", "ExperimentName", "Tags.team", "displayname", "Tags", "tags", "Description")),
        ("ExperimentTrial", ("DisplayName", "TrialName", "Tags.team", "Tags", "tags", "ExperimentName")),
        ("ExperimentTrialComponent", ("TrialComponentName", "InputArtifacts.data", "OutputArtifacts.model.Value")),
        ("ExperimentTrialComponent", ("DisplayName", "Tags", "InputArtifacts", "OutputArtifacts", "inputartifacts")),
        ("TrainingJob", ("Tags.a", "tags.b", "TrainingJobName")),
        ("FeatureGroup", ("FeatureGroupName", "AllTags", "Description")),
        ("FeatureMetadata", ("FeatureGroupName", "FeatureName", "AllParameters")),
    ],
)
def test_contains_repeats_on_exempted_properties(resource: str, names: tuple[str, ...]) -> None:
    assert check(contains(*names), resource).contains <= 1


@pytest.mark.parametrize(
    ("resource", "names"),
    [
        ("Experiment", ("Description", "Source.SourceArn")),
        ("Experiment", ("DisplayName.x", "ExperimentName.x")),
        ("Experiment", ("InputArtifacts", "TrialName")),
        ("ExperimentTrial", ("ExperimentName", "Source.SourceArn")),
        ("TrainingJob", ("DisplayName", "InputArtifacts.data")),
        ("TrainingJob", ("Tagsx.a", "Tags")),
    ],
)
def test_contains_does_not_repeat_on_others(resource: str, names: tuple[str, ...]) -> None:
    refusal(contains(*names), resource)


def test_contains_inside_nested_filters_counts_by_its_full_name() -> None:
    nested = NestedFilters("InputDataConfig", contains("ChannelName").filters)
    refused = refusal(SearchExpression(contains("TrainingJobName").filters, (nested,)))
    assert refused.path == "SearchExpression.NestedFilters[0].Filters[0].Operator"


@pytest.mark.parametrize("path", ["Filters", "NestedFilters", "SubExpressions", "SubExpressions[1].Filters"])
def test_an_empty_list_beside_another_is_refused(path: str) -> None:
    entry = {"Filters": [{"Name": "a"}]}
    spelled: dict[str, Any] = {**entry, "SubExpressions": [dict(entry), dict(entry)]}
    outer, dot, inner = path.partition("[1].")
    holder = spelled["SubExpressions"][1] if dot else spelled
    check_lists(spelled)
    holder[inner or outer] = []
    with pytest.raises(LimitExceededError) as refused:
        check_lists(spelled)
    assert (refused.value.path, refused.value.row) == (f"SearchExpression.{path}", "E2")


@pytest.mark.parametrize(
    ("expression", "path"),
    [
        (SearchExpression((Filter("a\nb", Operator.EXISTS),)), "Filters[0].Name"),
        (SearchExpression((*exists(2), Filter("a", Operator.EQUALS, "b\n"))), "Filters[2].Value"),
        (SearchExpression(nested_filters=(NestedFilters("a\n", exists(1)),)), "NestedFilters[0].NestedPropertyName"),
        (
            SearchExpression(nested_filters=(NestedFilters("a", (Filter("b", Operator.IN, "\n"),)),)),
            "NestedFilters[0].Filters[0].Value",
        ),
    ],
)
def test_patterns_hold_for_what_is_sent_and_not_for_text(expression: SearchExpression, path: str) -> None:
    check(expression, "TrainingJob")
    with pytest.raises(InvalidValueError) as refused:
        check(expression, "TrainingJob", is_sent=True)
    assert refused.value.path == f"SearchExpression.{path}"
