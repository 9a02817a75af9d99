"""The service model's patterns and numbers, as `limits.py` has them (rows E2, R5, R7, R9)."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.session import Session

from smsearch import limits
from smsearch.errors import InvalidValueError
from smsearch.syntax.check import check_pattern

TEXT = {"min": 1, "max": limits.NAME_LENGTH_MAX, "pattern": limits.TEXT_PATTERN}
LIST = {"min": 1, "max": limits.LIST_LENGTH_MAX}
TAG = limits.VISIBILITY_PATTERN
MODEL: dict[str, dict[str, Any]] = {
    "ResourcePropertyName": TEXT,
    "FilterValue": {**TEXT, "max": limits.VALUE_LENGTH_MAX},
    "FilterList": LIST,
    "NestedFiltersList": LIST,
    "SearchExpressionList": LIST,
    "NextToken": {"min": 0, "max": limits.NEXT_TOKEN_LENGTH_MAX, "pattern": ".*"},
    "MaxResults": {"min": 1, "max": limits.PAGE_SIZE_MAX},
    "VisibilityConditionsList": {"min": 1, "max": limits.VISIBILITY_CONDITIONS_MAX},
    "VisibilityConditionsKey": {"min": 1, "max": limits.VISIBILITY_KEY_LENGTH_MAX, "pattern": TAG},
    "VisibilityConditionsValue": {"min": 0, "max": limits.VISIBILITY_VALUE_LENGTH_MAX, "pattern": TAG},
    "PropertyNameHint": {"min": 0, "max": limits.HINT_LENGTH_MAX, "pattern": limits.HINT_PATTERN},
}


@pytest.mark.parametrize("shape", MODEL)
def test_the_numbers_and_patterns_are_the_service_models(shape: str) -> None:
    metadata = Session().get_service_model("sagemaker").shape_for(shape).metadata
    assert {bound: metadata[bound] for bound in ("min", "max", "pattern") if bound in metadata} == MODEL[shape]


def test_every_bound_of_search_stands_in_the_limits() -> None:
    """A bound that a later model adds is not overlooked."""
    model = Session().get_service_model("sagemaker")
    pending = [model.operation_model(name).input_shape for name in ("Search", "GetSearchSuggestions")]
    bounded, seen = set(), set()
    while pending:
        shape = pending.pop()
        if shape.name in seen:
            continue
        seen.add(shape.name)
        if {"min", "max", "pattern"} & shape.metadata.keys():
            bounded.add(shape.name)
        pending += shape.members.values() if shape.type_name == "structure" else ()
        pending += [shape.member] if shape.type_name == "list" else ()
    assert bounded == set(MODEL)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (limits.TEXT_PATTERN, "a b\t\r\u2028*", True),
        (limits.TEXT_PATTERN, "a\n", False),
        (limits.TEXT_PATTERN, "\nb", False),
        (limits.HINT_PATTERN, "", True),
        (limits.HINT_PATTERN, "\n", False),
        (TAG, "", True),
        (TAG, "Tags.aws:x/y=z+1-2@_ \u00e9\u5718\u2163\u00a0\u2028", True),
        (TAG, "a\tb", False),
        (TAG, "a*", False),
        (TAG, "a\n", False),
        (TAG, "\U0001f600", False),
        (TAG, "e\u0301", False),
    ],
)
def test_what_a_pattern_allows(pattern: str, text: str, matches: bool) -> None:  # noqa: FBT001 - a row of the table
    if matches:
        check_pattern(text, pattern, "SortBy")
        return
    with pytest.raises(InvalidValueError) as raised:
        check_pattern(text, pattern, "Filters[0].Name")
    assert (raised.value.path, raised.value.row) == ("Filters[0].Name", "E2")
    assert raised.value.wire_message == raised.value.message
    assert "at 'filters.1.member.name' failed to satisfy constraint: " in raised.value.message
    assert raised.value.message.endswith(f"Member must satisfy regular expression pattern: {pattern}")
