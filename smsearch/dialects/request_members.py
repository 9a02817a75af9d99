"""The members of the Search request that a query is, spelled as the API does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.syntax import wire

if TYPE_CHECKING:
    from smsearch.syntax.query import Query

MAX_ITEMS: Final = "MaxItems"
"""The name under which the AWS CLI and boto3's paginators limit all pages together; it is no member of the request."""


def request_members(query: Query, resource: str) -> dict[str, Any]:
    """The members of the Search request that a query says, but for its limit, which may be beyond a page."""
    members: dict[str, Any] = {"Resource": resource}
    if query.expression is not None:
        members["SearchExpression"] = wire.to_json(query.expression)
    if query.sort_by is not None:
        members["SortBy"] = query.sort_by
    if query.sort_order is not None:
        members["SortOrder"] = query.sort_order.value
    return members
