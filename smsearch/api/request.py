"""A Search request: keyword arguments or JSON become one checked, immutable value.

Strict where the service is (rows R1 to R11): unknown members, wrong types, enums and ranges are refused with
their path and in the service's wording. Whether a property exists is not known here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from smsearch import limits
from smsearch.errors import InvalidValueError, LimitExceededError, ShapeError
from smsearch.frozen import frozen
from smsearch.messages import SHOWN_LENGTH_MAX, is_unicode, violation
from smsearch.schema import catalogue
from smsearch.syntax import check, wire
from smsearch.syntax.ast import SortOrder
from smsearch.syntax.check import check_pattern
from smsearch.syntax.query import Query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.policy import Policy
    from smsearch.syntax.ast import SearchExpression

MEMBERS: Final = (
    "Resource",
    "SearchExpression",
    "SortBy",
    "SortOrder",
    "NextToken",
    "MaxResults",
    "CrossAccountFilterOption",
    "VisibilityConditions",
)
"""The members of a Search request."""


class Accounts(StrEnum):
    """Whose records are wanted (row R10)."""

    SAME = "SameAccount"
    CROSS = "CrossAccount"


T = TypeVar("T", str, int, list[Any], dict[str, Any])
E = TypeVar("E", bound=StrEnum)


@frozen
class VisibilityCondition:
    """Records that carry the tag must carry it with this value (row R9)."""

    key: str
    value: str


@frozen
class SearchRequest:
    """One Search request, checked but not yet bound to the resource's properties.

    Attributes:
        resource: One of the API's resources (row R1).
        expression: The conditions, or None for every record (row R3).
        sort_by: The property to order by, or None for the default (row R6).
        sort_order: The direction, or None for the default.
        max_results: Records a page.
        next_token: Where the last page ended, or `""` for the first page (row R7).
        accounts: Whose records are wanted, or None for everybody's (row R10).
        visibility: Conditions on tags (row R9).
    """

    resource: str
    expression: SearchExpression | None = None
    sort_by: str | None = None
    sort_order: SortOrder | None = None
    max_results: int = limits.PAGE_SIZE_DEFAULT
    next_token: str = ""
    accounts: Accounts | None = None
    visibility: tuple[VisibilityCondition, ...] = ()


def parse(members: Mapping[str, object], policy: Policy) -> SearchRequest:
    """The request that boto3's keyword arguments, or the wire's JSON object, mean.

    Raises:
        ShapeError: An unknown, missing or mistyped member (row R11).
        InvalidValueError: A value outside its enum, in the service's wording.
        LimitExceededError: A number or a length outside its range.
    """
    refuse_unknown(members, MEMBERS, "Search")
    resource = resource_of(members)
    expression = None
    raw = _member(members, "SearchExpression", dict)
    if raw is not None:
        expression = wire.from_json(raw)
        check.check_lists(raw)
        check.check(expression, resource, policy, is_sent=True)
    sort_by = _text(members, "SortBy")
    if sort_by is not None:
        check_text(sort_by, 1, limits.NAME_LENGTH_MAX, limits.TEXT_PATTERN, "SortBy")
    return SearchRequest(
        resource=resource,
        expression=expression,
        sort_by=sort_by,
        sort_order=_enum_member(members, SortOrder, "SortOrder"),
        max_results=_max_results(members, policy),
        next_token=_next_token(members),
        accounts=_enum_member(members, Accounts, "CrossAccountFilterOption"),
        visibility=_visibility(members),
    )


def query_of(members: Mapping[str, object], policy: Policy) -> Query:
    """The query that a SearchExpression or a whole Search request means; MaxResults is its limit.

    Raises:
        RequestError: As for `parse`.
    """
    if "Resource" not in members and not members.keys() & set(MEMBERS):
        return Query(expression=wire.from_json(members) if members else None)
    request = parse(members, policy)
    for name, value in (
        ("NextToken", request.next_token),
        ("CrossAccountFilterOption", request.accounts),
        ("VisibilityConditions", request.visibility),
    ):
        if value:
            raise ShapeError(f"A query has no {name}.", path=name, hint="Send the request to search.")
    return Query(
        expression=request.expression,
        resource=request.resource,
        sort_by=request.sort_by,
        sort_order=request.sort_order,
        limit=request.max_results if "MaxResults" in members else None,
    )


def resource_of(members: Mapping[str, object]) -> str:
    """The request's Resource (row R1).

    Raises:
        ShapeError: It is missing or not a string.
        InvalidValueError: It is none of the API's resources.
    """
    resource = _text(members, "Resource")
    if resource is None:
        raise ShapeError("Missing required parameter: Resource.", path="Resource", hint="Say which kind to search.")
    check_enum(resource, catalogue.searchable(), "Resource")
    return resource


def refuse_unknown(members: Mapping[str, object], allowed: tuple[str, ...], operation: str, prefix: str = "") -> None:
    """Raises ShapeError for a member that an operation does not have (row R11)."""
    for name in members:
        if name not in allowed:
            near = _close_match(str(name), allowed)
            hint = f"Did you mean '{near}'?" if near else f"It has {', '.join(allowed)}."
            raise ShapeError(f"Unknown parameter '{name}' of {operation}.", path=f"{prefix}{name}", hint=hint)


def check_enum(value: str, allowed: tuple[str, ...], path: str) -> None:
    """Raises InvalidValueError, in the service's wording, for a value that is none of those allowed."""
    if value not in allowed:
        near = _close_match(value[:SHOWN_LENGTH_MAX], allowed)
        raise InvalidValueError(
            violation(path, f"satisfy enum value set: [{', '.join(allowed)}]", value),
            path=path,
            hint=f"Did you mean '{near}'?" if near else "",
            is_verbatim=True,
        )


def check_text(text: str, shortest: int, longest: int, pattern: str, path: str) -> None:
    """Passes a text of a length and a pattern of `limits.py` (row E2).

    Raises:
        LimitExceededError: It is too short or too long, in the service's wording.
        InvalidValueError: It does not match the pattern, in the service's wording.
    """
    check.check_length(len(text), shortest, longest, path)
    check_pattern(text, pattern, path)


def _close_match(name: str, names: tuple[str, ...]) -> str:
    import difflib  # nothing is misspelt, mostly

    return next(iter(difflib.get_close_matches(name, names, n=1)), "")


def _enum_member(members: Mapping[str, object], enum: type[E], name: str) -> E | None:
    value = _text(members, name) if name in members else None
    if value is None:
        return None
    check_enum(value, tuple(enum), name)
    return enum(value)


def _member(members: Mapping[str, object], name: str, kind: type[T], prefix: str = "") -> T | None:
    value = members.get(name)
    if value is None:
        return None
    if not isinstance(value, kind) or isinstance(value, bool):
        words = {str: "a string", int: "an integer", list: "a list", dict: "an object"}
        message = f"Invalid type for parameter {name}: {type(value).__name__}."
        raise ShapeError(message, path=prefix + name, hint=f"It must be {words[kind]}.")
    return value


def _text(members: Mapping[str, object], name: str, prefix: str = "") -> str | None:
    """A member that is free text."""
    text = _member(members, name, str, prefix)
    if text is not None and not is_unicode(text):
        message = f"{name} is not Unicode text: it holds half of a surrogate pair."
        raise InvalidValueError(message, path=prefix + name)
    return text


def _max_results(members: Mapping[str, object], policy: Policy) -> int:
    value = _member(members, "MaxResults", int)
    if value is None:
        return min(limits.PAGE_SIZE_DEFAULT, policy.page_size_max)
    if 1 <= value <= policy.page_size_max:
        return value
    bound = "greater than or equal to 1" if value < 1 else f"less than or equal to {policy.page_size_max}"
    message = violation("MaxResults", f"have value {bound}", str(value))
    raise LimitExceededError(message, path="MaxResults", row="R5", is_verbatim=True)


def _next_token(members: Mapping[str, object]) -> str:
    token = _member(members, "NextToken", str)
    if not token:
        return ""
    check.check_length(len(token), 0, limits.NEXT_TOKEN_LENGTH_MAX, "NextToken")
    return token


def _visibility(members: Mapping[str, object]) -> tuple[VisibilityCondition, ...]:
    entries = _member(members, "VisibilityConditions", list)
    if entries is None:
        return ()
    check.check_length(len(entries), 1, limits.VISIBILITY_CONDITIONS_MAX, "VisibilityConditions")
    return tuple(_visibility_condition(entry, f"VisibilityConditions[{at}]") for at, entry in enumerate(entries))


def _visibility_condition(entry: object, path: str) -> VisibilityCondition:
    if not isinstance(entry, dict):
        raise ShapeError(
            f"Invalid type for parameter {path}: {type(entry).__name__}.",
            path=path,
            hint="It must be an object.",
        )
    refuse_unknown(entry, ("Key", "Value"), "a visibility condition", f"{path}.")
    key, value = _text(entry, "Key", f"{path}."), _text(entry, "Value", f"{path}.")
    if key is None or value is None:
        missing = "Key" if key is None else "Value"
        raise ShapeError(
            f"Missing required parameter: {missing}.", path=f"{path}.{missing}", hint="Give Key and Value."
        )
    check_text(key, 1, limits.VISIBILITY_KEY_LENGTH_MAX, limits.VISIBILITY_PATTERN, f"{path}.Key")
    check_text(value, 0, limits.VISIBILITY_VALUE_LENGTH_MAX, limits.VISIBILITY_PATTERN, f"{path}.Value")
    return VisibilityCondition(key, value)
