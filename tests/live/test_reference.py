"""The reference: what each operator means for one document, and the order of records."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest

from smsearch.live.reference import holds, ordered, select
from smsearch.policy import DEFAULT, Policy
from smsearch.predicate.bind import bind, bind_other_account, bind_own_account, bind_searchable, bind_visibility
from smsearch.predicate.predicate import ALWAYS, NEVER, all_of, any_of, negation
from smsearch.schema import catalogue
from smsearch.schema.names import Schema
from smsearch.syntax.ast import Filter, SearchExpression, SortOrder
from smsearch.syntax.operators import Operator
from tests.live.records import ACCOUNT, arn_of, by, job, schema, where, where_element

EQ, NE = Operator.EQUALS, Operator.NOT_EQUALS
LT, LE, GT, GE = (
    Operator.LESS_THAN,
    Operator.LESS_THAN_OR_EQUAL_TO,
    Operator.GREATER_THAN,
    Operator.GREATER_THAN_OR_EQUAL_TO,
)
TRUE_OF: dict[str, set[Operator]] = {"<": {LT, LE, NE}, "=": {LE, EQ, GE}, ">": {GT, GE, NE}, "": {NE}, "= only": {EQ}}
"""The comparisons that hold when a value is smaller, equal, larger, not comparable, or equal and in no order."""


def assert_compares(name: str, document: dict[str, Any], value: str, relation: str) -> None:
    for operator in (EQ, NE, LT, LE, GT, GE):
        assert holds(where(name, operator, value), document) is (operator in TRUE_OF[relation]), operator


@pytest.mark.parametrize(
    ("stored", "value", "relation"),
    [
        (0.1, "0.10", "="),
        (9007199254740993, "9007199254740992", ">"),
        (9007199254740993, "9007199254740993.0", "="),
        (Decimal("1.00000000000000000001"), "1", ">"),
        (1e308, "1e999999999", "<"),
        (Decimal("1e999999999"), "1e999999998", ">"),
        (0, "-0", "="),
        (0.0, "1e-999999999", "<"),
        (math.inf, "1e999999999", ">"),
        (-math.inf, "-1e999999999", "<"),
        (math.nan, "0", ""),
        (None, "0", ""),
        ("7", "7", "="),
        ("seven", "7", ""),
    ],
)
def test_numbers_compare_exactly(stored: object, value: str, relation: str) -> None:
    document = {"FinalMetricDataList": [{"MetricName": "m", "Value": stored}]}
    assert_compares("Metrics.m", document, value, relation)


def test_nan_exists() -> None:
    assert holds(where("Metrics.m", Operator.EXISTS), {"FinalMetricDataList": [{"MetricName": "m", "Value": math.nan}]})


@pytest.mark.parametrize(
    ("stored", "value", "relation"),
    [
        ("2024-01-31T12:00:00+01:00", "2024-01-31T11:00:00Z", "="),
        (1_706_702_400, "2024-01-31T12:00:00", "="),
        ("2024-01-31 12:00:00.000001", "2024-01-31T12:00:00Z", ">"),
        ("2024-01-30T23:59:59.999999Z", "2024-01-31", "<"),
        ("soon", "2024-01-31", ""),
        (None, "2024-01-31", ""),
    ],
)
def test_times_compare_to_the_microsecond(stored: object, value: str, relation: str) -> None:
    assert_compares("CreationTime", {"CreationTime": stored}, value, relation)


@pytest.mark.parametrize(
    ("stored", "value", "relation"),
    [
        ("0.7", "1", "<"),
        ("0.7", "0", "="),
        ("-0.7", "0", "="),
        ("0.7", "0.5", ">"),
        ("0.7", "0.70", "="),
        ("0.7", "0.", ">"),
        ("1e-05", "0.00001", "="),
        ("+5", "5", "="),
        (" 7 ", "7", "="),
        ("007", "7", "="),
        ("9007199254740993", "9007199254740992", ">"),
        ("1e999999999", "5", ">"),
        ("1_000", "1000", ""),
        ("0x10", "16", ""),
        ("NaN", "0", ""),
        ("", "0", ""),
        ("adam", "0.5", ""),
        (None, "0", ""),
        (0.7, "0", "="),
        (3, "3.0", "="),
    ],
)
def test_a_hyperparameter_under_a_number(stored: object, value: str, relation: str) -> None:
    assert_compares("HyperParameters.x", {"HyperParameters": {"x": stored}}, value, relation)


@pytest.mark.parametrize(
    ("stored", "value", "relation"),
    [
        (0.7, "0", ">"),
        (0.7, "1", "<"),
        (3, "3.0", "="),
        (3.0, " 3 ", "="),
        (1e22, "10000000000000000000000", "="),
        (-0.0, "0", "="),
        ("3", "3", "= only"),
        ("3", "3.0", ""),
        ("4", "3", ""),
        ("adam", "0.5", ""),
        (math.nan, "0", ""),
        (None, "0", ""),
    ],
)
def test_a_parameter_is_a_number_or_text(stored: object, value: str, relation: str) -> None:
    """Row F18: what equals a text as it is spelled is in no order with it."""
    member = "StringValue" if isinstance(stored, str) else "NumberValue"
    document = {"Parameters": {"x": {member: stored}}}
    components = Schema(catalogue.resource("ExperimentTrialComponent"))
    for operator in (EQ, NE, LT, LE, GT, GE):
        predicate = bind(SearchExpression((Filter("Parameters.x", operator, value),)), components, DEFAULT)
        assert holds(predicate, document) is (operator in TRUE_OF[relation]), operator


def test_a_text_map_under_text_compares_spellings() -> None:
    document = {"HyperParameters": {"opt": '"adam"', "n": "1.0", "raw": 0.5, "flag": True}}
    assert holds(where("HyperParameters.opt", EQ, '"adam"'), document)
    assert not holds(where("HyperParameters.opt", EQ, "adam"), document)
    assert holds(where("HyperParameters.opt", Operator.CONTAINS, "dam"), document)
    assert holds(where("HyperParameters.n", Operator.IN, "1,1.0"), document)
    assert not holds(where("HyperParameters.n", Operator.IN, "1"), document)
    assert holds(where("HyperParameters.raw", Operator.IN, "0.5"), document)
    assert holds(where("HyperParameters.flag", EQ, "true"), document)


def test_text_compares_by_code_point_and_case() -> None:
    document = {"TrainingJobName": "Caf\u00e9"}
    assert holds(where("TrainingJobName", EQ, "Caf\u00e9"), document)
    assert not holds(where("TrainingJobName", EQ, "Cafe\u0301"), document)
    assert not holds(where("TrainingJobName", EQ, "caf\u00e9"), document)
    assert holds(where("TrainingJobName", Operator.CONTAINS, "af"), document)
    assert not holds(where("TrainingJobName", Operator.CONTAINS, "AF"), document)
    folded = bind(
        SearchExpression((Filter("TrainingJobName", Operator.CONTAINS, "AF"),)),
        schema(),
        Policy(contains_ignores_case=True),
    )
    assert holds(folded, document)


def test_in_is_one_of_the_items() -> None:
    assert holds(where("TrainingJobName", Operator.IN, "a, b"), {"TrainingJobName": "b"})
    assert not holds(where("TrainingJobName", Operator.IN, "a, b"), {"TrainingJobName": "a, b"})
    assert not holds(where("TrainingJobName", Operator.IN, "a"), {})


@pytest.mark.parametrize(
    ("stored", "value", "is_equal"), [(True, "TRUE", True), (False, "true", False), ("true", "true", True)]
)
def test_booleans(stored: object, value: str, is_equal: bool) -> None:  # noqa: FBT001 - the expected answer
    document = {"EnableNetworkIsolation": stored}
    assert holds(where("EnableNetworkIsolation", EQ, value), document) is is_equal
    assert holds(where("EnableNetworkIsolation", NE, value), document) is not is_equal


@pytest.mark.parametrize(
    ("stored", "is_there"), [("", True), (0, True), (None, False), ([], False), ({}, False), ({"a": None}, False)]
)
def test_presence(stored: object, is_there: bool) -> None:  # noqa: FBT001 - the expected answer
    document = {"FailureReason": stored, "HyperParameters": {"x": stored}}
    for name in ("FailureReason", "HyperParameters.x"):
        assert holds(where(name, Operator.EXISTS), document) is is_there
        assert holds(where(name, Operator.NOT_EXISTS), document) is not is_there


def test_absent_satisfies_the_negative_operators_alone() -> None:
    for operator in (EQ, GT, GE, LT, LE):
        assert not holds(where("Metrics.m", operator, "0"), {})
    assert holds(where("Metrics.m", NE, "0"), {})
    assert holds(where("Metrics.m", Operator.NOT_EXISTS), {})


CHANNELS = {
    "InputDataConfig": [{"ChannelName": "train", "ContentType": "csv"}, {"ChannelName": "test", "ContentType": "json"}]
}


def test_plain_filters_on_a_list_may_be_met_by_different_elements() -> None:
    both = [where("InputDataConfig.ChannelName", EQ, "train"), where("InputDataConfig.ContentType", EQ, "json")]
    assert holds(all_of(both), CHANNELS)
    assert not holds(where("InputDataConfig.ChannelName", NE, "train"), CHANNELS)
    assert holds(where("InputDataConfig.ChannelName", NE, "other"), CHANNELS)


def test_nested_filters_must_be_met_by_one_element() -> None:
    train = Filter("ChannelName", EQ, "train")
    assert holds(where_element("InputDataConfig", train, Filter("ContentType", EQ, "csv")), CHANNELS)
    assert not holds(where_element("InputDataConfig", train, Filter("ContentType", EQ, "json")), CHANNELS)
    assert holds(where_element("InputDataConfig", train, Filter("ContentType", NE, "json")), CHANNELS)
    assert holds(where_element("InputDataConfig", Filter("RecordWrapperType", Operator.NOT_EXISTS)), CHANNELS)
    assert not holds(where_element("InputDataConfig", Filter("RecordWrapperType", Operator.NOT_EXISTS)), {})


def test_nested_filters_reach_through_a_list_in_a_list() -> None:
    document = {
        "ModelPackageName": "m",
        "InferenceSpecification": {"Containers": [{"Environment": {"A": "1"}}, {"Image": "i"}]},
    }
    name = "InferenceSpecification.Containers"
    assert holds(where_element(name, Filter("Environment.A", EQ, "1"), resource="ModelPackage"), document)
    two = (Filter("Environment.A", EQ, "1"), Filter("Image", EQ, "i"))
    assert not holds(where_element(name, *two, resource="ModelPackage"), document)


def test_any_tag_and_any_parameter() -> None:
    tags = {"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}
    assert holds(where("AllTags", EQ, "2", "FeatureGroup"), tags)
    assert holds(where("AllTags", EQ, "b", "FeatureGroup"), tags)
    assert not holds(where("AllTags", EQ, "3", "FeatureGroup"), tags)
    parameters = {"Parameters": [{"Key": "owner", "Value": "me"}]}
    assert holds(where("AllParameters", Operator.CONTAINS, "m", "FeatureMetadata"), parameters)


def test_connectives() -> None:
    yes, no = where("TrainingJobName", EQ, "a"), where("TrainingJobName", EQ, "b")
    document = {"TrainingJobName": "a"}
    assert holds(ALWAYS, document)
    assert not holds(NEVER, document)
    assert not holds(all_of([yes, no]), document)
    assert holds(any_of([no, yes]), document)
    assert holds(negation(all_of([yes, no])), document)


def test_visibility_and_accounts() -> None:
    visible = bind_visibility("Tags.team", "a", schema(), "p")
    assert holds(visible, {})
    assert holds(visible, {"Tags": [{"Key": "team", "Value": "a"}]})
    assert not holds(visible, {"Tags": [{"Key": "team", "Value": "b"}]})
    other, own = bind_other_account(ACCOUNT, schema()), bind_own_account(ACCOUNT, schema())
    arns = {arn_of("a"): False, arn_of("a", "999999999999"): True, arn_of("a", ""): False, "no-arn": False}
    for document in ({}, *({"TrainingJobArn": arn} for arn in arns)):
        is_other = arns.get(document.get("TrainingJobArn", ""), False)
        assert (holds(other, document), holds(own, document)) == (is_other, not is_other)


def test_archived_image_versions_are_not_searchable() -> None:
    searchable = bind_searchable(Schema(catalogue.resource("ImageVersion")))
    guidance = {"ARCHIVED": False, "TO_BE_ARCHIVED": True, "STABLE": True, "NOT_PROVIDED": True}
    assert {value: holds(searchable, {"VendorGuidance": value}) for value in guidance} == guidance
    assert holds(searchable, {"Version": 1})
    assert bind_searchable(schema()) == ALWAYS


def test_absent_values_are_last_and_ties_go_by_arn_then_name_in_both_orders() -> None:
    records = [
        job("none", arn="arn:b"),
        job("two", arn="arn:z", BillableTimeInSeconds=2),
        job("one", arn="arn:y", BillableTimeInSeconds=1),
        job("tie2", arn="arn:b2", BillableTimeInSeconds=2),
        job("nan", arn="arn:a", BillableTimeInSeconds=math.nan),
        job("b", arn=""),
        job("a", arn=""),
    ]
    unordered = ["a", "b", "nan", "none"]
    ascending = ordered(records, by("BillableTimeInSeconds", SortOrder.ASCENDING))
    assert [record.name for record in ascending] == ["one", "tie2", "two", *unordered]
    descending = ordered(records, by("BillableTimeInSeconds", SortOrder.DESCENDING))
    assert [record.name for record in descending] == ["tie2", "two", "one", *unordered]


def test_select_is_the_matches_in_order() -> None:
    records = [job(name, BillableTimeInSeconds=index) for index, name in enumerate("abc")]
    found = select(records, where("BillableTimeInSeconds", GT, "0"), by("BillableTimeInSeconds"))
    assert [record.name for record in found] == ["c", "b"]
    assert select(records, bind(None, schema(), DEFAULT), by()) == records
