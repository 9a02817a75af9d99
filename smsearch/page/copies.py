"""A query in each form that people carry elsewhere: text, the command line, the AWS CLI, boto3, JSON."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from smsearch import limits
from smsearch.dialects import aws_command, boto3_call
from smsearch.dialects.request_members import MAX_ITEMS, request_members
from smsearch.syntax.text.formatter import format_query

if TYPE_CHECKING:
    from smsearch.result import Result


@dataclass(frozen=True, slots=True)
class Copy:
    """A form of a query; `label` says which, and is an element's name as well."""

    label: str
    text: str


def copies_of(result: Result, columns: tuple[str, ...]) -> tuple[Copy, ...]:
    """The forms of a result's query; of one that the API cannot say only the text and the command."""
    query = result.query
    text = format_query(query)
    option = f" -c {shlex.quote(','.join(columns))}" if columns else ""
    command = f"smsearch search SOURCE -r {shlex.quote(result.resource)} {shlex.quote(text)}{option}"
    own = (Copy("Text", text), Copy("Command", command))
    if query.wider is not None or query.grouping is not None:
        return own
    members = request_members(query, result.resource)
    limit: dict[str, int] = {}
    if query.limit is not None:
        limit = {"MaxResults" if 0 < query.limit <= limits.PAGE_SIZE_MAX else MAX_ITEMS: query.limit}
    return (
        *own,
        Copy("AWS CLI", aws_command.write(members | limit)),
        Copy("boto3", boto3_call.write(members | limit)),
        Copy("JSON", orjson.dumps(members, option=orjson.OPT_INDENT_2).decode()),
    )
