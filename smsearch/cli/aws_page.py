"""One page as the service answers it: the exact Search response, with times as the AWS CLI prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.api import response
from smsearch.cli import query_warnings
from smsearch.dialects.request_members import request_members
from smsearch.frozen import replace
from smsearch.orjson_later import orjson
from smsearch.schema import notation
from smsearch.schema.parsed import ParsedDocuments
from smsearch.writers.indented import indented

if TYPE_CHECKING:
    from smsearch.cli.query_argument import QueryArgument
    from smsearch.cli.standard_error import StandardError
    from smsearch.searcher import Searcher


def request_of(
    query: QueryArgument, searcher: Searcher, stderr: StandardError, page_size: int | None, next_token: str | None
) -> dict[str, Any]:
    """The Search request that a query is; a text's LIMIT is its page size.

    Raises:
        RequestError: The query is none, the API cannot say it, or the resource cannot answer it.
    """
    if query.members is not None and query.is_request:
        request = dict(query.members)
    else:
        result = replace(query, strict=True).result(searcher)
        query_warnings.warn(result, query, stderr)
        request = request_members(result.query, result.resource)
        if result.query.limit is not None:
            request["MaxResults"] = result.query.limit
    if page_size is not None:
        request["MaxResults"] = page_size
    if next_token is not None:
        request["NextToken"] = next_token
    return request


def all_pages(searcher: Searcher, request: dict[str, Any]) -> tuple[bytes, int]:
    """All pages as one response, as the AWS CLI gives them where nobody asks for a page; and how many records match."""
    answer = searcher.get_paginator("search").paginate(**request).build_full_result()
    return _written(answer), answer["TotalHits"]["Value"]


def page(searcher: Searcher, request: dict[str, Any]) -> tuple[bytes, int]:
    """One page as indented JSON, and how many records match; what a store has is written without being parsed."""
    matches, token = searcher.page(**request)
    documents = matches.records.iso_documents() if isinstance(matches.records, ParsedDocuments) else None
    if documents is None:
        return _written(response.page(matches.records, matches.total, token, response.BOTO3)), matches.total
    return indented(response.spliced(documents, matches.total, token).decode()).encode() + b"\n", matches.total


def _written(answer: dict[str, Any]) -> bytes:
    """A response as indented JSON."""
    return orjson.dumps(notation.written(answer), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
