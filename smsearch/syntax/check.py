"""Checks an expression against the documented limits and patterns (rows E2, E3, F3, R4), in the service's wording.

The numbers and patterns stand in `limits.py`, what may be lifted in `policy.py`. Patterns are checked where the API is
spoken (`api/`, the endpoint); a text query may hold any text. This module does not know whether a property exists. It
knows the names on which Contains may be repeated, because the service words that limit by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch import limits
from smsearch.errors import InvalidValueError, LimitExceededError
from smsearch.frozen import frozen
from smsearch.messages import listed, violation
from smsearch.policy import DEFAULT, Policy
from smsearch.syntax.ast import (
    FILTERS,
    LISTS,
    NESTED_FILTERS,
    SUB_EXPRESSIONS,
    Filter,
    NestedFilters,
    SearchExpression,
    walk,
)
from smsearch.syntax.condition import LikeCondition, PairCondition, leaves_of
from smsearch.syntax.names import full_name
from smsearch.syntax.operators import WITHOUT_VALUE, Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from smsearch.syntax.condition import WiderCondition

CONTAINS_REPEATS_ON: Final[Mapping[str, frozenset[str]]] = {
    "Experiment": frozenset({"displayname", "experimentname", "tags"}),
    "ExperimentTrial": frozenset({"displayname", "trialname", "tags"}),
    "ExperimentTrialComponent": frozenset(
        {"displayname", "trialcomponentname", "tags", "inputartifacts", "outputartifacts"}
    ),
}
"""The names, in lower case, on which Contains does not count, by resource (row E3)."""

_FAMILIES: Final = frozenset({"tags", "inputartifacts", "outputartifacts"})
"""Those of them whose keys (`Tags.<key>`) stand for the whole."""

CONTAINS_REPEATS_EVERYWHERE: Final = frozenset({"FeatureGroup", "FeatureMetadata"})
"""Resources on all of whose properties the vendor's public code repeats Contains (row E3)."""

_TAG_SIGNS: Final = frozenset("_.:/=+-@")
_TAG_CATEGORIES: Final = frozenset("LZN")
"""Letters, separators and numbers: the first letters of the Unicode categories that `\\p{L}\\p{Z}\\p{N}` stands for."""


@frozen
class Usage:
    """How much of the limits an expression uses.

    Attributes:
        conditions: Filters, NestedFilters and SubExpressions in the whole tree, of `limits.CONDITIONS_MAX`.
        contains: Contains operators that count towards the limit of row E3.
    """

    conditions: int
    contains: int


def check(
    expression: SearchExpression,
    resource: str,
    policy: Policy = DEFAULT,
    path: str = "SearchExpression",
    *,
    is_sent: bool = False,
) -> Usage:
    """Passes an expression that the service would take, and says how much of its limits it uses.

    Args:
        expression: The conditions.
        resource: What is searched, for the limit of Contains is by property.
        policy: Which limits are lifted.
        path: Where the expression stands in the request.
        is_sent: Whether it is held to the service model's patterns too, as a request is and a text query is not.

    Raises:
        LimitExceededError: A list, a name, a value or the whole is too long, too short or empty; or Contains
            is used too often.
        InvalidValueError: A filter has no Value where its operator needs one (row F3); a name or a value does not
            match its pattern (row E2).
    """
    conditions = contains = 0
    for where, current in walk(expression, path):
        conditions += _check_lists(current, where, policy)
        if is_sent:
            for at, nested in enumerate(current.nested_filters):
                name_path = f"{where}.{NESTED_FILTERS}[{at}].NestedPropertyName"
                check_pattern(nested.nested_property_name, limits.TEXT_PATTERN, name_path)
        # At once: what follows may be without end.
        if policy.conditions_max is not None and conditions > policy.conditions_max:
            raise LimitExceededError(
                f"The expression holds more than {policy.conditions_max} conditions.",
                path=path,
                hint="Filters, NestedFilters and SubExpressions count, through the whole tree.",
                row="E2",
            )
        for place, condition, name in _filters(current, where):
            _check_filter(condition, place)
            if is_sent:
                _check_texts(condition, place)
            if condition.operator is Operator.CONTAINS and not _may_repeat(name, resource):
                contains += 1
                _check_contains(contains, policy, place)
    return Usage(conditions, contains)


def check_wider(condition: WiderCondition, path: str = "WHERE") -> None:
    """Passes a condition of a text whose names and values have lengths that the API allows.

    Raises:
        LimitExceededError: A list, a name or a value is too long, too short or empty.
    """
    for leaf in leaves_of(condition):
        match leaf:
            case Filter():
                _check_filter(leaf, path)
            case LikeCondition(name, pattern):
                check_length(len(name), 1, limits.NAME_LENGTH_MAX, f"{path}.Name")
                check_length(len(pattern), 1, limits.VALUE_LENGTH_MAX, f"{path}.Value")
            case PairCondition(name, _, other, span):
                check_length(len(name), 1, limits.NAME_LENGTH_MAX, f"{path}.Name")
                check_length(len(other), 1, limits.NAME_LENGTH_MAX, f"{path}.Name")
                check_length(len(span or "0"), 1, limits.VALUE_LENGTH_MAX, f"{path}.Value")
            case NestedFilters(_, filters):
                _check_nested(leaf, path)
                for one in filters:
                    _check_filter(one, path)


def is_sendable(value: str) -> bool:
    """Whether `check` passes a filter's Value that is sent, and that its operator needs (row E2)."""
    return 1 <= len(value) <= limits.VALUE_LENGTH_MAX and _PATTERN_TESTS[limits.TEXT_PATTERN](value)


def check_lists(value: Mapping[str, Any], path: str = "SearchExpression") -> None:
    """Passes the JSON of an expression without an empty list, which the tree cannot tell from none (row E2).

    Args:
        value: What `wire.from_json` takes, so it has the shape of an expression and its depth is bounded.
        path: Where it stands.

    Raises:
        LimitExceededError: A list without entries, in the service's wording.
    """
    for name in LISTS:
        entries = value.get(name)
        if entries is not None:
            check_length(len(entries), 1, limits.LIST_LENGTH_MAX, f"{path}.{name}")
    for index, child in enumerate(value.get(SUB_EXPRESSIONS) or ()):
        check_lists(child, f"{path}.{SUB_EXPRESSIONS}[{index}]")


def _check_lists(expression: SearchExpression, path: str, policy: Policy) -> int:
    """Checks the lists of one expression; returns the conditions in them."""
    if expression.is_empty and not policy.empty_expression_allowed:
        raise LimitExceededError(
            "A SearchExpression must hold at least one Filter, NestedFilters or SubExpression.",
            path=path,
            row="R4",
        )
    lengths = [len(expression.filters), len(expression.nested_filters), len(expression.sub_expressions)]
    for name, length in zip(LISTS, lengths, strict=True):
        check_length(length, 0, limits.LIST_LENGTH_MAX, f"{path}.{name}")
    total = sum(lengths)
    for index, nested in enumerate(expression.nested_filters):
        total += _check_nested(nested, f"{path}.{NESTED_FILTERS}[{index}]")
    return total


def _check_nested(nested: NestedFilters, path: str) -> int:
    name_length = len(nested.nested_property_name)
    check_length(name_length, 1, limits.NAME_LENGTH_MAX, f"{path}.NestedPropertyName")
    check_length(len(nested.filters), 1, limits.LIST_LENGTH_MAX, f"{path}.{FILTERS}")
    return len(nested.filters)


def _filters(expression: SearchExpression, path: str) -> Iterator[tuple[str, Filter, str]]:
    """Every filter of one expression, those in its NestedFilters too, with its path and its full name."""
    for index, condition in enumerate(expression.filters):
        yield f"{path}.{FILTERS}[{index}]", condition, condition.name
    for at, nested in enumerate(expression.nested_filters):
        for index, condition in enumerate(nested.filters):
            name = full_name(nested.nested_property_name, condition.name)
            yield f"{path}.{NESTED_FILTERS}[{at}].{FILTERS}[{index}]", condition, name


def _check_filter(condition: Filter, path: str) -> None:
    check_length(len(condition.name), 1, limits.NAME_LENGTH_MAX, f"{path}.Name")
    if condition.value is not None:
        hint = (
            ""
            if condition.value
            else "No value can be empty. What is absent is found by NotExists (NOT EXISTS in a text)."
        )
        check_length(len(condition.value), 1, limits.VALUE_LENGTH_MAX, f"{path}.Value", hint)
    elif condition.operator.row.operand:
        raise InvalidValueError(
            f"{condition.operator.value} on {condition.name} has no Value.",
            path=f"{path}.Value",
            hint=f"Only {listed(WITHOUT_VALUE, 'and')} go without one.",
            row="F3",
        )


def _check_texts(condition: Filter, path: str) -> None:
    check_pattern(condition.name, limits.TEXT_PATTERN, f"{path}.Name")
    if condition.value is not None:
        check_pattern(condition.value, limits.TEXT_PATTERN, f"{path}.Value")


def _may_repeat(name: str, resource: str) -> bool:
    """Whether Contains on this property does not count (row E3)."""
    if resource in CONTAINS_REPEATS_EVERYWHERE:
        return True
    first, dot, _ = name.lower().partition(".")
    if first == "tags" and dot:
        return True
    return (not dot or first in _FAMILIES) and first in CONTAINS_REPEATS_ON.get(resource, frozenset())


def _check_contains(count: int, policy: Policy, path: str) -> None:
    if policy.contains_max is not None and count > policy.contains_max:
        raise LimitExceededError(
            f"'CONTAINS' operator usage limit of {policy.contains_max} exceeded.",
            path=f"{path}.Operator",
            row="E3",
            is_verbatim=True,
        )


def check_length(length: int, shortest: int, longest: int, path: str, hint: str = "") -> None:
    """Passes a length within its bounds, both included.

    Raises:
        LimitExceededError: It is not, in the service's wording (rows E2, W3).
    """
    if shortest <= length <= longest:
        return
    limit = f"greater than or equal to {shortest}" if length < shortest else f"less than or equal to {longest}"
    raise LimitExceededError(violation(path, f"have length {limit}"), path=path, hint=hint, row="E2", is_verbatim=True)


def _is_one_line(text: str) -> bool:
    return "\n" not in text


def _is_of_a_tag(text: str) -> bool:
    from unicodedata import category

    return all(letter in _TAG_SIGNS or category(letter)[0] in _TAG_CATEGORIES for letter in text)


_PATTERN_TESTS: Final[Mapping[str, Callable[[str], bool]]] = {
    limits.TEXT_PATTERN: _is_one_line,
    limits.HINT_PATTERN: _is_one_line,
    limits.VISIBILITY_PATTERN: _is_of_a_tag,
}


def check_pattern(text: str, pattern: str, path: str) -> None:
    """Passes a text that a pattern in `limits.py` allows; its length is checked elsewhere.

    Raises:
        InvalidValueError: It does not match, in the service's wording.
    """
    if not _PATTERN_TESTS[pattern](text):
        message = violation(path, f"satisfy regular expression pattern: {pattern}", text)
        raise InvalidValueError(message, path=path, row="E2", is_verbatim=True)
