"""One page as the service answers it: the exact Search response, with times as the AWS CLI prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from smsearch.cli import query_warnings
from smsearch.cli.usage import UsageError
from smsearch.schema import notation
from smsearch.syntax import wire

if TYPE_CHECKING:
    from smsearch.cli.query_argument import QueryArgument
    from smsearch.cli.standard_error import StandardError
    from smsearch.searcher import Searcher
    from smsearch.syntax.query import Query


def request_of(
    query: QueryArgument, searcher: Searcher, stderr: StandardError, page_size: int | None, next_token: str | None
) -> dict[str, Any]:
    """The Search request that a query is; a text's LIMIT is its page size.

    Raises:
        UsageError: The query is one that the API cannot say.
        RequestError: The query is none, or the resource cannot answer it.
    """
    if query.extended:
        raise UsageError("-f aws is what the API answers, and --extended is what it cannot say")
    if query.members is not None and query.is_request:
        request = dict(query.members)
    else:
        result = query.result(searcher)
        query_warnings.warn(result, query, stderr)
        request = request_members(result.query, result.resource)
        if result.query.limit is not None:
            request["MaxResults"] = result.query.limit
    if page_size is not None:
        request["MaxResults"] = page_size
    if next_token is not None:
        request["NextToken"] = next_token
    return request


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


def all_pages(searcher: Searcher, request: dict[str, Any]) -> dict[str, Any]:
    """All pages as one response, as the AWS CLI gives them where nobody asks for a page."""
    return searcher.get_paginator("search").paginate(**request).build_full_result()


def written(answer: dict[str, Any]) -> bytes:
    """A response as indented JSON."""
    return orjson.dumps(notation.written(answer), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
