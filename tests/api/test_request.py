"""A Search request is checked member by member; each refusal has its code, path and wording: rows R1 to R11."""

from __future__ import annotations

from typing import Any

import pytest

from smsearch.api.request import Accounts, SearchRequest, VisibilityCondition, parse, query_of
from smsearch.errors import RequestError
from smsearch.policy import DEFAULT, Policy
from smsearch.schema import catalogue
from smsearch.syntax.ast import Filter, SearchExpression, SortOrder
from smsearch.syntax.operators import Operator

JOBS: dict[str, Any] = {"Resource": "TrainingJob"}
NAMED = {"Name": "TrainingJobName", "Value": "a"}


def refusal(members: dict[str, Any], policy: Policy = DEFAULT) -> RequestError:
    with pytest.raises(RequestError) as raised:
        parse(members, policy)
    assert raised.value.response["Error"]["Code"] == "ValidationException"
    return raised.value


def test_what_is_left_out() -> None:
    assert parse(JOBS, DEFAULT) == SearchRequest("TrainingJob")
    assert SearchRequest("TrainingJob").max_results == 10


def test_null_is_left_out() -> None:
    members = ("SearchExpression", "SortBy", "SortOrder", "NextToken", "MaxResults", "VisibilityConditions")
    assert parse({**JOBS, **dict.fromkeys(members)}, DEFAULT) == SearchRequest("TrainingJob")


def test_every_member() -> None:
    request = parse(
        {
            "Resource": "TrainingJob",
            "SearchExpression": {"Filters": [NAMED]},
            "SortBy": "Metrics.loss",
            "SortOrder": "Ascending",
            "NextToken": "abc",
            "MaxResults": 100,
            "CrossAccountFilterOption": "CrossAccount",
            "VisibilityConditions": [{"Key": "Tags.team", "Value": ""}],
        },
        DEFAULT,
    )
    assert request == SearchRequest(
        "TrainingJob",
        SearchExpression((Filter("TrainingJobName", Operator.EQUALS, "a"),)),
        "Metrics.loss",
        SortOrder.ASCENDING,
        100,
        "abc",
        accounts=Accounts.CROSS,
        visibility=(VisibilityCondition("Tags.team", ""),),
    )


@pytest.mark.parametrize("resource", catalogue.searchable())
def test_every_resource_of_search_is_one(resource: str) -> None:
    assert parse({"Resource": resource}, DEFAULT).resource == resource


@pytest.mark.parametrize(
    "resource", ["", "Trial", "TrialComponent", "trainingjob", "CompilationJob", "TrainingJobs", " TrainingJob"]
)
def test_another_resource_is_refused_with_the_allowed_set(resource: str) -> None:
    error = refusal({"Resource": resource})
    assert (error.code, error.path) == ("InvalidValue", "Resource")
    assert error.message.startswith(
        f"1 validation error detected: Value '{resource}' at 'resource' failed to satisfy constraint: "
        "Member must satisfy enum value set: ["
    )
    for name in catalogue.searchable():
        assert name in error.message


def test_a_near_resource_is_offered() -> None:
    assert refusal({"Resource": "TrainingJobs"}).hint == "Did you mean 'TrainingJob'?"
    assert refusal({"Resource": "Zzz"}).hint == ""


@pytest.mark.parametrize("members", [{}, {"Resource": None}, {"SortBy": "a"}])
def test_a_missing_resource(members: dict[str, Any]) -> None:
    error = refusal(members)
    assert (error.code, error.path) == ("Shape", "Resource")


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("Resource", 5),
        ("Resource", True),
        ("Resource", ["TrainingJob"]),
        ("Resource", {}),
        ("SearchExpression", "a"),
        ("SearchExpression", []),
        ("SearchExpression", 5),
        ("SearchExpression", False),
        ("SortBy", 5),
        ("SortBy", ["a"]),
        ("SortBy", True),
        ("SortOrder", 5),
        ("SortOrder", True),
        ("NextToken", 5),
        ("NextToken", b"a"),
        ("NextToken", True),
        ("MaxResults", "10"),
        ("MaxResults", 10.0),
        ("MaxResults", True),
        ("MaxResults", [10]),
        ("CrossAccountFilterOption", 5),
        ("CrossAccountFilterOption", True),
        ("VisibilityConditions", "a"),
        ("VisibilityConditions", {}),
        ("VisibilityConditions", 5),
        ("VisibilityConditions", True),
    ],
)
def test_a_member_of_another_json_type(member: str, value: object) -> None:
    error = refusal({**JOBS, member: value})
    assert (error.code, error.path) == ("Shape", member)
    assert error.hint.startswith("It must be ")


@pytest.mark.parametrize(
    ("member", "hint"),
    [
        ("MaxResult", "Did you mean 'MaxResults'?"),
        ("resource", "Did you mean 'Resource'?"),
        ("Zzz", "It has Resource, "),
    ],
)
def test_an_unknown_member(member: str, hint: str) -> None:
    error = refusal({**JOBS, member: 1})
    assert (error.code, error.path) == ("Shape", member)
    assert error.hint.startswith(hint)


@pytest.mark.parametrize("size", [1, 10, 100])
def test_sizes_of_a_page(size: int) -> None:
    assert parse({**JOBS, "MaxResults": size}, DEFAULT).max_results == size


@pytest.mark.parametrize(
    ("size", "bound"),
    [(0, "greater than or equal to 1"), (-1, "greater than or equal to 1"), (101, "less than or equal to 100")],
)
def test_sizes_that_no_page_has(size: int, bound: str) -> None:
    error = refusal({**JOBS, "MaxResults": size})
    assert (error.code, error.path) == ("LimitExceeded", "MaxResults")
    assert f"Value '{size}' at 'maxResults'" in error.message
    assert error.message.endswith(bound)


def test_the_largest_page_is_a_policy() -> None:
    assert parse({**JOBS, "MaxResults": 1_000}, Policy(page_size_max=1_000)).max_results == 1_000
    assert parse(JOBS, Policy(page_size_max=5)).max_results == 5


def test_the_order_by() -> None:
    assert parse({**JOBS, "SortBy": "x" * 255}, DEFAULT).sort_by == "x" * 255
    for sort_by in ("", "x" * 256):
        error = refusal({**JOBS, "SortBy": sort_by})
        assert (error.code, error.path) == ("LimitExceeded", "SortBy")


@pytest.mark.parametrize("order", ["", "ascending", "DESC", "Asc"])
def test_another_order(order: str) -> None:
    error = refusal({**JOBS, "SortOrder": order})
    assert (error.code, error.path) == ("InvalidValue", "SortOrder")
    assert "at 'sortOrder'" in error.message
    assert "[Ascending, Descending]" in error.message


def test_a_next_token_of_any_text_up_to_its_length() -> None:
    assert parse({**JOBS, "NextToken": ""}, DEFAULT).next_token == ""
    assert parse({**JOBS, "NextToken": "x" * 8_192}, DEFAULT).next_token == "x" * 8_192
    error = refusal({**JOBS, "NextToken": "x" * 8_193})
    assert (error.code, error.path) == ("LimitExceeded", "NextToken")


def test_the_accounts() -> None:
    for accounts in Accounts:
        assert parse({**JOBS, "CrossAccountFilterOption": accounts.value}, DEFAULT).accounts is accounts
    error = refusal({**JOBS, "CrossAccountFilterOption": "Other"})
    assert (error.code, error.path) == ("InvalidValue", "CrossAccountFilterOption")
    assert "[SameAccount, CrossAccount]" in error.message


@pytest.mark.parametrize("count", [0, 6])
def test_one_to_five_visibility_conditions(count: int) -> None:
    condition = {"Key": "Tags.a", "Value": "b"}
    error = refusal({**JOBS, "VisibilityConditions": [condition] * count})
    assert (error.code, error.path) == ("LimitExceeded", "VisibilityConditions")
    assert len(parse({**JOBS, "VisibilityConditions": [condition] * 5}, DEFAULT).visibility) == 5


@pytest.mark.parametrize(
    ("condition", "code", "path"),
    [
        ("Tags.a", "Shape", ""),
        (None, "Shape", ""),
        ({"Key": "Tags.a"}, "Shape", ".Value"),
        ({"Value": "a"}, "Shape", ".Key"),
        ({"Key": 5, "Value": "a"}, "Shape", ".Key"),
        ({"Key": "Tags.a", "Value": ["a"]}, "Shape", ".Value"),
        ({"Key": "Tags.a", "Value": "a", "Operator": "Equals"}, "Shape", ".Operator"),
        ({"Key": "", "Value": "a"}, "LimitExceeded", ".Key"),
        ({"Key": "k" * 129, "Value": "a"}, "LimitExceeded", ".Key"),
        ({"Key": "Tags.a", "Value": "v" * 257}, "LimitExceeded", ".Value"),
    ],
)
def test_a_broken_visibility_condition(condition: object, code: str, path: str) -> None:
    good = {"Key": "Tags.a", "Value": "b"}
    error = refusal({**JOBS, "VisibilityConditions": [good, condition]})
    assert (error.code, error.path) == (code, f"VisibilityConditions[1]{path}")


def test_an_expression_is_held_to_its_limits() -> None:
    error = refusal({**JOBS, "SearchExpression": {}})
    assert (error.code, error.path) == ("LimitExceeded", "SearchExpression")
    error = refusal({**JOBS, "SearchExpression": {"Filters": [{**NAMED, "Values": "a"}]}})
    assert (error.code, error.path) == ("Shape", "SearchExpression.Filters[0].Values")
    allowed = Policy(empty_expression_allowed=True)
    assert parse({**JOBS, "SearchExpression": {}}, allowed).expression == SearchExpression()


def test_a_request_does_not_change_what_it_was_made_of() -> None:
    members = {
        **JOBS,
        "SearchExpression": {"Filters": [dict(NAMED)]},
        "VisibilityConditions": [{"Key": "Tags.a", "Value": "b"}],
    }
    copy = {
        **JOBS,
        "SearchExpression": {"Filters": [dict(NAMED)]},
        "VisibilityConditions": [{"Key": "Tags.a", "Value": "b"}],
    }
    parse(members, DEFAULT)
    assert members == copy


def test_a_query_is_an_expression_or_a_whole_request() -> None:
    expression = SearchExpression((Filter("TrainingJobName", Operator.EQUALS, "a"),))
    bare = query_of({"Filters": [NAMED]}, DEFAULT)
    assert (bare.expression, bare.resource, bare.limit) == (expression, None, None)
    whole = query_of(
        {**JOBS, "SearchExpression": {"Filters": [NAMED]}, "SortBy": "a", "SortOrder": "Ascending"}, DEFAULT
    )
    assert (whole.expression, whole.resource, whole.limit) == (expression, "TrainingJob", None)
    assert (whole.sort_by, whole.sort_order) == ("a", SortOrder.ASCENDING)
    assert query_of({**JOBS, "MaxResults": 7}, DEFAULT).limit == 7
    assert query_of({}, DEFAULT).expression is None


@pytest.mark.parametrize(
    "member",
    [
        {"NextToken": "abc"},
        {"VisibilityConditions": [{"Key": "Tags.a", "Value": "b"}]},
        {"CrossAccountFilterOption": "CrossAccount"},
        {"CrossAccountFilterOption": "SameAccount"},
    ],
)
def test_a_query_refuses_what_it_would_leave_out_of_account(member: dict[str, Any]) -> None:
    with pytest.raises(RequestError) as raised:
        query_of({**JOBS, **member}, DEFAULT)
    assert (raised.value.code, raised.value.path) == ("Shape", next(iter(member)))


def test_a_query_takes_what_changes_nothing() -> None:
    members = {**JOBS, "NextToken": "", "CrossAccountFilterOption": None}
    assert query_of(members, DEFAULT).resource == "TrainingJob"
