"""The typing rules, one by one, each refusal with its code and path: rows F1 to F22, E5, R3, R6, R9."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from smsearch.errors import (
    InvalidValueError,
    OperatorNotSupportedError,
    RequestError,
    ShapeError,
    UnknownPropertyError,
)
from smsearch.policy import DEFAULT, Policy
from smsearch.predicate.bind import bind, bind_other_account, bind_own_account, bind_sort, bind_visibility
from smsearch.predicate.predicate import (
    ALWAYS,
    And,
    AnyElement,
    BooleanIs,
    InAccount,
    Match,
    Not,
    NumberIs,
    Or,
    Present,
    Reading,
    Relation,
    TextContains,
    TextIn,
    TextOrNumberIs,
    TimestampIs,
)
from smsearch.schema import catalogue
from smsearch.schema.names import Schema
from smsearch.syntax.ast import BooleanOperator, Filter, NestedFilters, SearchExpression, SortOrder
from smsearch.syntax.operators import Operator

if TYPE_CHECKING:
    from smsearch.predicate.predicate import Predicate, Test

JOBS = Schema(catalogue.resource("TrainingJob"))
ORDER = {
    Operator.GREATER_THAN: Relation.GT,
    Operator.GREATER_THAN_OR_EQUAL_TO: Relation.GE,
    Operator.LESS_THAN: Relation.LT,
    Operator.LESS_THAN_OR_EQUAL_TO: Relation.LE,
}
SAMPLES = {
    "TrainingJobName": "a",
    "BillableTimeInSeconds": "5",
    "Metrics.loss": "0.5",
    "CreationTime": "2024-01-31",
    "EnableNetworkIsolation": "true",
    "HyperParameters.lr": "x",
    "InputDataConfig": "x",
}
"""A property of each kind, and a value that it could read."""


def bound(name: str, operator: Operator, value: str | None = None, policy: Policy = DEFAULT) -> Predicate:
    return bind(SearchExpression((Filter(name, operator, value),)), JOBS, policy)


def meant(name: str, operator: Operator, value: str | None = None, policy: Policy = DEFAULT) -> Test:
    predicate = bound(name, operator, value, policy)
    assert isinstance(predicate, Match)
    assert predicate.property == JOBS.property(name)
    return predicate.test


def refusal(name: str, operator: Operator, value: str | None = None, policy: Policy = DEFAULT) -> RequestError:
    with pytest.raises(RequestError) as raised:
        bound(name, operator, value, policy)
    return raised.value


def test_no_expression_is_every_record() -> None:
    assert bind(None, JOBS, DEFAULT) == ALWAYS


@pytest.mark.parametrize("name", SAMPLES)
def test_every_kind_can_exist_and_its_value_is_ignored(name: str) -> None:
    assert meant(name, Operator.EXISTS) == Present()
    assert meant(name, Operator.EXISTS, "ignored") == Present()
    assert bound(name, Operator.NOT_EXISTS) == Not(Match(JOBS.property(name), Present()))


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "InputDataConfig"])
def test_not_equals_is_the_complement_of_equals(name: str) -> None:
    value = SAMPLES[name]
    assert bound(name, Operator.NOT_EQUALS, value) == Not(bound(name, Operator.EQUALS, value))


def test_text() -> None:
    assert meant("TrainingJobName", Operator.EQUALS, " a,B ") == TextIn((" a,B ",))
    assert meant("TrainingJobName", Operator.CONTAINS, "A") == TextContains("A")
    assert meant("TrainingJobStatus", Operator.EQUALS, "NoSuchStatus") == TextIn(("NoSuchStatus",))
    assert meant("VpcConfig.Subnets", Operator.CONTAINS, "subnet") == TextContains("subnet")


def test_contains_folds_case_if_the_policy_says_so() -> None:
    policy = Policy(contains_ignores_case=True)
    assert meant("TrainingJobName", Operator.CONTAINS, "A", policy) == TextContains("A", ignores_case=True)
    assert meant("HyperParameters.x", Operator.CONTAINS, "A", policy) == TextContains("A", ignores_case=True)


@pytest.mark.parametrize(
    ("value", "items"),
    [
        ("a", ("a",)),
        ("a,b", ("a", "b")),
        (" a ,\tb\n", ("a", "b")),
        ("a b,a b", ("a b",)),
        ("b,a,b", ("b", "a")),
        ("\u00a0,a", ("\u00a0", "a")),
    ],
)
def test_the_items_of_an_in(value: str, items: tuple[str, ...]) -> None:
    assert meant("TrainingJobName", Operator.IN, value) == TextIn(items)
    assert meant("HyperParameters.x", Operator.IN, value) == TextIn(items)


@pytest.mark.parametrize("value", [",", "a,", ",a", "a,,b", " ", "a, ,b"])
def test_an_empty_item_of_an_in_is_refused(value: str) -> None:
    error = refusal("TrainingJobName", Operator.IN, value)
    assert isinstance(error, InvalidValueError)
    assert error.path == "SearchExpression.Filters[0].Value"


def test_blanks_of_an_in_are_kept_if_the_policy_says_so() -> None:
    policy = Policy(in_strips_blanks=False)
    assert meant("TrainingJobName", Operator.IN, " a, ", policy) == TextIn((" a", " "))
    assert isinstance(refusal("TrainingJobName", Operator.IN, "a,", policy), InvalidValueError)


@pytest.mark.parametrize("operator", ORDER)
def test_numbers_and_times_are_ordered(operator: Operator) -> None:
    relation = ORDER[operator]
    assert meant("Metrics.loss", operator, "1e-3") == NumberIs(relation, Decimal("0.001"))
    assert meant("BillableTimeInSeconds", operator, "5.5") == NumberIs(relation, Decimal("5.5"))
    assert meant("CreationTime", operator, "1970-01-01T00:00:01Z") == TimestampIs(relation, 1_000_000)


def test_numbers_are_bound_exactly() -> None:
    assert meant("Metrics.loss", Operator.EQUALS, "9007199254740993") == NumberIs(
        Relation.EQ, Decimal(9007199254740993)
    )
    assert meant("Metrics.loss", Operator.EQUALS, "0.10") == meant("Metrics.loss", Operator.EQUALS, " 1e-1")


@pytest.mark.parametrize("value", ["", "NaN", "inf", "0x10", "1_000", "five", "1,5", "٣"])
@pytest.mark.parametrize("operator", [Operator.EQUALS, Operator.NOT_EQUALS, *ORDER])
def test_a_value_that_is_no_number_is_refused_on_a_number(value: str, operator: Operator) -> None:
    error = refusal("Metrics.loss", operator, value)
    assert isinstance(error, InvalidValueError)
    assert error.path == "SearchExpression.Filters[0].Value"
    assert "Metrics.loss" in error.message


@pytest.mark.parametrize("value", ["", "yesterday", "1706702400", "2024-02-30", "2024-01-31T12"])
def test_a_value_that_is_no_time_is_refused_on_a_time(value: str) -> None:
    error = refusal("CreationTime", Operator.GREATER_THAN, value)
    assert isinstance(error, InvalidValueError)
    assert "ISO 8601" in error.hint


def test_booleans() -> None:
    assert meant("EnableNetworkIsolation", Operator.EQUALS, "TRUE") == BooleanIs(operand=True)
    assert meant("EnableNetworkIsolation", Operator.EQUALS, "false") == BooleanIs(operand=False)
    assert isinstance(refusal("EnableNetworkIsolation", Operator.EQUALS, "1"), InvalidValueError)


ROWS = {
    **{(name, operator): "F9" for name in ("TrainingJobName", "VpcConfig.Subnets") for operator in ORDER},
    **{("Tags.team", operator): "F14b" for operator in ORDER},
    **{("EnableNetworkIsolation", operator): "F9" for operator in ORDER},
    **{
        (name, operator): row
        for name in ("EnableNetworkIsolation", "Metrics.loss", "BillableTimeInSeconds", "CreationTime")
        for operator, row in ((Operator.CONTAINS, "F10"), (Operator.IN, "F11"))
    },
    **{
        ("InputDataConfig", operator): "F22"
        for operator in (Operator.EQUALS, Operator.NOT_EQUALS, Operator.CONTAINS, Operator.IN, *ORDER)
    },
}
"""The row of the decision table by which an operator is refused on a property."""


@pytest.mark.parametrize(("name", "operator"), ROWS)
def test_a_refused_operator_names_its_row(name: str, operator: Operator) -> None:
    assert refusal(name, operator, "5").row == ROWS[name, operator]


@pytest.mark.parametrize(
    ("name", "operator", "value", "row"),
    [
        *(("Metrics.loss", operator, "x", "F13") for operator in (Operator.EQUALS, Operator.NOT_EQUALS, *ORDER)),
        *(("CreationTime", operator, "x", "F20") for operator in (Operator.EQUALS, *ORDER)),
        ("EnableNetworkIsolation", Operator.EQUALS, "x", "F21"),
        *(("HyperParameters.lr", operator, "x", "F14") for operator in ORDER),
        *((name, Operator.IN, "a,,b", "F11") for name in ("TrainingJobName", "HyperParameters.lr", "Tags.team")),
        ("Nope", Operator.EXISTS, None, "F6"),
    ],
)
def test_a_refused_value_or_name_names_its_row(name: str, operator: Operator, value: str | None, row: str) -> None:
    assert refusal(name, operator, value).row == row


def test_other_refusals_name_their_rows() -> None:
    with pytest.raises(RequestError) as raised:
        bind_sort("InputDataConfig", None, JOBS)
    assert raised.value.row == "S1"
    with pytest.raises(RequestError) as raised:
        bind_visibility("team", "a", JOBS, "p")
    assert raised.value.row == "R9"
    with pytest.raises(RequestError) as raised:
        bind(
            SearchExpression(nested_filters=(NestedFilters("TrainingJobName", (Filter("x", Operator.EXISTS),)),)),
            JOBS,
            DEFAULT,
        )
    assert raised.value.row == "E5"


REFUSED = [
    *(("TrainingJobName", operator) for operator in ORDER),
    *(("TrainingJobStatus", operator) for operator in ORDER),
    *(("VpcConfig.Subnets", operator) for operator in ORDER),
    *(("Tags.team", operator) for operator in ORDER),
    *(("EnableNetworkIsolation", operator) for operator in (*ORDER, Operator.CONTAINS, Operator.IN)),
    *(("Metrics.loss", operator) for operator in (Operator.CONTAINS, Operator.IN)),
    *(("BillableTimeInSeconds", operator) for operator in (Operator.CONTAINS, Operator.IN)),
    *(("CreationTime", operator) for operator in (Operator.CONTAINS, Operator.IN)),
    *(
        (name, operator)
        for name in ("InputDataConfig", "VpcConfig", "HyperParameters", "Tags")
        for operator in (Operator.EQUALS, Operator.NOT_EQUALS, Operator.CONTAINS, Operator.IN, *ORDER)
    ),
]


@pytest.mark.parametrize(("name", "operator"), REFUSED)
def test_an_operator_that_the_kind_does_not_have(name: str, operator: Operator) -> None:
    error = refusal(name, operator, "5")
    assert isinstance(error, OperatorNotSupportedError)
    assert error.path == "SearchExpression.Filters[0].Operator"
    assert error.message.startswith(f"{operator.value} is not supported on {name}, which is ")
    names = re.findall(r"\w+", error.hint.removeprefix("It has "))
    assert sorted({*names} - {"and"}) == sorted(other.value for other in Operator if is_supported(name, other))


def is_supported(name: str, operator: Operator) -> bool:
    """Whether a property has an operator; a value that it cannot read is another matter."""
    try:
        bound(name, operator, "5")
    except OperatorNotSupportedError:
        return False
    except InvalidValueError:
        return True
    return True


@pytest.mark.parametrize(
    ("resource", "name", "hint"),
    [
        ("ExperimentTrialComponent", "Tags", "It has Contains, Exists and NotExists."),
        ("ExperimentTrialComponent", "inputArtifacts", "It has Contains, Exists and NotExists."),
        ("FeatureGroup", "FeatureDefinitions", "It has Exists and NotExists."),
        ("TrainingJob", "Tags", "It has Exists and NotExists."),
    ],
)
def test_a_refusal_tells_that_a_whole_list_or_map_has_contains(resource: str, name: str, hint: str) -> None:
    expression = SearchExpression(filters=(Filter(name, Operator.EQUALS, "x"),))
    with pytest.raises(OperatorNotSupportedError) as raised:
        bind(expression, Schema(catalogue.resource(resource)), Policy())
    assert raised.value.hint == hint


@pytest.mark.parametrize("operator", [Operator.EQUALS, *ORDER])
def test_a_number_literal_on_a_hyperparameter_compares_numbers(operator: Operator) -> None:
    relation = ORDER.get(operator, Relation.EQ)
    for value, reading in (("5", Reading.AS_INTEGER), ("5.", Reading.AS_NUMBER), ("5e0", Reading.AS_NUMBER)):
        assert meant("HyperParameters.lr", operator, value) == TextOrNumberIs(relation, Decimal(5), value, reading)


EXTENDED = Policy(numerals_have_order=True)
COMPONENTS = Schema(catalogue.resource("ExperimentTrialComponent"), {"Cost": ("Cost",)})
MAPS = (("Environment.X", JOBS), ("Tags.team", JOBS), ("InputArtifacts.a", COMPONENTS))
MIXED = (("Parameters.x", COMPONENTS, "F18"), ("Cost", COMPONENTS, "F14b"))


def bound_test(name: str, schema: Schema, operator: Operator, value: str, policy: Policy = DEFAULT) -> Test:
    predicate = bind(SearchExpression((Filter(name, operator, value),)), schema, policy)
    assert isinstance(predicate, Match)
    return predicate.test


@pytest.mark.parametrize(("name", "schema"), MAPS)
def test_other_text_maps_compare_as_text(name: str, schema: Schema) -> None:
    assert bound_test(name, schema, Operator.EQUALS, "5") == TextIn(("5",))
    assert bound_test(name, schema, Operator.EQUALS, "5", EXTENDED) == TextIn(("5",))
    for operator, relation in ORDER.items():
        with pytest.raises(OperatorNotSupportedError) as raised:
            bound_test(name, schema, operator, "5")
        assert raised.value.row == "F14b"
        expected = TextOrNumberIs(relation, Decimal(5), "5", Reading.AS_NUMBER)
        assert bound_test(name, schema, operator, "5", EXTENDED) == expected


@pytest.mark.parametrize(("name", "schema", "row"), MIXED)
def test_what_may_be_a_number_or_text_compares_as_what_it_is(name: str, schema: Schema, row: str) -> None:
    assert bound_test(name, schema, Operator.EQUALS, "5.0") == TextOrNumberIs(
        Relation.EQ, Decimal(5), "5.0", Reading.AS_TEXT
    )
    assert bound_test(name, schema, Operator.EQUALS, "adam") == TextIn(("adam",))
    assert bound_test(name, schema, Operator.IN, "1,2") == TextIn(("1", "2"))
    assert bound_test(name, schema, Operator.CONTAINS, "5") == TextContains("5")
    for operator, relation in ORDER.items():
        for policy, reading in ((DEFAULT, Reading.AS_TEXT), (EXTENDED, Reading.AS_NUMBER)):
            expected = TextOrNumberIs(relation, Decimal(5), "5", reading)
            assert bound_test(name, schema, operator, "5", policy) == expected
        with pytest.raises(InvalidValueError) as raised:
            bound_test(name, schema, operator, "adam")
        assert raised.value.row == row


def test_a_value_that_is_no_number_on_a_hyperparameter_compares_text() -> None:
    assert meant("HyperParameters.opt", Operator.EQUALS, '"adam"') == TextIn(('"adam"',))
    assert meant("HyperParameters.opt", Operator.CONTAINS, "5") == TextContains("5")
    assert meant("HyperParameters.opt", Operator.IN, "1,2") == TextIn(("1", "2"))


@pytest.mark.parametrize("operator", ORDER)
def test_a_value_that_is_no_number_has_no_order_on_a_hyperparameter(operator: Operator) -> None:
    error = refusal("HyperParameters.opt", operator, "adam")
    assert isinstance(error, InvalidValueError)
    assert error.path == "SearchExpression.Filters[0].Value"


def test_a_long_value_is_shortened_in_a_message() -> None:
    message = refusal("Metrics.loss", Operator.EQUALS, "x" * 1_024).message
    assert len(message) < 150
    assert "x" * 77 + "..." in message


def test_nested_filters_ask_one_element() -> None:
    nested = NestedFilters(
        "InputDataConfig",
        (Filter("ChannelName", Operator.EQUALS, "train"), Filter("InputDataConfig.ContentType", Operator.NOT_EXISTS)),
    )
    container = JOBS.list_property("InputDataConfig")
    channel = JOBS.element_property(container, "ChannelName")
    content = JOBS.element_property(container, "ContentType")
    assert bind(SearchExpression(nested_filters=(nested,)), JOBS, DEFAULT) == AnyElement(
        container, And((Match(channel, TextIn(("train",))), Not(Match(content, Present()))))
    )


def test_the_tree_is_bound_with_its_boolean_operators() -> None:
    a, b, c = (Filter("TrainingJobName", Operator.EQUALS, value) for value in "abc")
    inner = SearchExpression((b, c), operator=BooleanOperator.OR)
    matches = [bound("TrainingJobName", Operator.EQUALS, value) for value in "abc"]
    assert bind(SearchExpression((a,), sub_expressions=(inner,)), JOBS, DEFAULT) == And(
        (matches[0], Or((matches[1], matches[2])))
    )
    either = SearchExpression((a,), sub_expressions=(inner,), operator=BooleanOperator.OR)
    assert bind(either, JOBS, DEFAULT) == Or(tuple(matches))


@pytest.mark.parametrize("operator", list(BooleanOperator))
def test_an_empty_expression_is_every_record(operator: BooleanOperator) -> None:
    assert bind(SearchExpression(operator=operator), JOBS, Policy(empty_expression_allowed=True)) == ALWAYS


def test_refusals_say_where_in_the_tree() -> None:
    bad = Filter("Metrics.loss", Operator.EQUALS, "x")
    unknown = Filter("Nope", Operator.EXISTS)
    deep = SearchExpression(sub_expressions=(SearchExpression(), SearchExpression((unknown, bad))))
    with pytest.raises(UnknownPropertyError) as raised:
        bind(SearchExpression(sub_expressions=(deep,)), JOBS, DEFAULT)
    assert raised.value.path == "SearchExpression.SubExpressions[0].SubExpressions[1].Filters[0].Name"
    nested = NestedFilters("InputDataConfig", (Filter("ChannelName", Operator.EXISTS), unknown))
    with pytest.raises(UnknownPropertyError) as raised:
        bind(SearchExpression(nested_filters=(nested,)), JOBS, DEFAULT, "Q")
    assert raised.value.path == "Q.NestedFilters[0].Filters[1].Name"


@pytest.mark.parametrize(("name", "error"), [("TrainingJobName", ShapeError), ("Nope", UnknownPropertyError)])
def test_nested_filters_need_a_list_of_structures(name: str, error: type[RequestError]) -> None:
    nested = NestedFilters(name, (Filter("x", Operator.EXISTS),))
    with pytest.raises(error) as raised:
        bind(SearchExpression(nested_filters=(nested,)), JOBS, DEFAULT)
    assert raised.value.path == "SearchExpression.NestedFilters[0].NestedPropertyName"


@pytest.mark.parametrize("resource", catalogue.searchable())
def test_every_resource_has_a_default_order(resource: str) -> None:
    key = bind_sort(None, None, Schema(catalogue.resource(resource)))
    fallback = {"ModelPackageGroup": "CreationTime", "Model": "Model.CreationTime"}
    assert key.property.name == fallback.get(resource, "LastModifiedTime")
    assert key.order is SortOrder.DESCENDING


def test_the_order_that_was_asked_for() -> None:
    key = bind_sort("metrics.loss", SortOrder.ASCENDING, JOBS)
    assert key.property == JOBS.property("Metrics.loss")
    assert key.order is SortOrder.ASCENDING
    assert bind_sort("HyperParameters.lr", None, JOBS).order is SortOrder.DESCENDING


@pytest.mark.parametrize(
    "name", ["InputDataConfig", "VpcConfig", "HyperParameters", "VpcConfig.Subnets", "InputDataConfig.ChannelName"]
)
def test_no_order_by_what_has_many_values(name: str) -> None:
    with pytest.raises(OperatorNotSupportedError) as raised:
        bind_sort(name, None, JOBS)
    assert raised.value.path == "SortBy"


def test_no_order_by_what_is_unknown() -> None:
    with pytest.raises(UnknownPropertyError, match="CreationTime") as raised:
        bind_sort("CreationTim", None, JOBS)
    assert raised.value.path == "SortBy"


def test_a_visibility_condition_lets_untagged_records_through() -> None:
    tag = JOBS.property("Tags.team")
    expected = Or((Not(Match(tag, Present())), Match(tag, TextIn(("a",)))))
    assert bind_visibility("Tags.team", "a", JOBS, "p") == expected
    assert bind_visibility("tags.team", "a", JOBS, "p") == expected


@pytest.mark.parametrize("key", ["team", "Tags", "Tags.", "Tag.team", "TrainingJobName", ""])
def test_a_visibility_condition_names_a_tag(key: str) -> None:
    with pytest.raises(InvalidValueError) as raised:
        bind_visibility(key, "a", JOBS, "VisibilityConditions[0].Key")
    assert raised.value.path == "VisibilityConditions[0].Key"


def test_other_accounts_are_those_of_an_arn_that_is_there() -> None:
    arn = JOBS.property("TrainingJobArn")
    is_own, names_none = Match(arn, InAccount("123456789012")), Match(arn, InAccount(""))
    expected = And((Match(arn, Present()), Not(is_own), Not(names_none)))
    assert bind_other_account("123456789012", JOBS) == expected
    assert bind_own_account("123456789012", JOBS) == Not(expected)
    model = bind_other_account("123456789012", Schema(catalogue.resource("Model")))
    assert isinstance(model, And)
