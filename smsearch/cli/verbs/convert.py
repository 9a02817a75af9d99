"""`smsearch convert`: a query as text, as JSON, as a command of the AWS CLI and as a call of boto3."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import click
import orjson

from smsearch import limits
from smsearch.api import request
from smsearch.cli import aws_command, boto3_call, exit_codes, options, query_argument
from smsearch.cli.lint import lint
from smsearch.cli.query_argument import MAX_ITEMS
from smsearch.cli.standard_error import StandardError
from smsearch.errors import ShapeError
from smsearch.policy import DEFAULT
from smsearch.schema import catalogue
from smsearch.schema.names import Schema
from smsearch.syntax import wire
from smsearch.syntax.text.formatter import format_query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.cli.query_argument import QueryArgument
    from smsearch.syntax.query import Query

FORMS: Final = ("text", "json", "aws", "boto3")
_TEXTLESS: Final = frozenset({"NextToken", "CrossAccountFilterOption", "VisibilityConditions"})
"""Members that the text language cannot say."""


@click.command("convert", short_help="Text, JSON, an aws command, a boto3 call: one into the other.")
@click.argument("query", metavar="QUERY")
@click.option("--to", "form", type=click.Choice(FORMS), help="Left out: text to json, all else to text.")
@options.asking
@click.option("-e", "--exit-status", is_flag=True, help="Exit with 1 if the service would refuse the query.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors on standard error.")
@options.debug
@click.pass_context
def command(  # noqa: PLR0913 - one parameter an option
    context: click.Context,
    *,
    query: str,
    form: str | None,
    resource: str | None,
    parameters: tuple[str, ...],
    extended: bool,
    exit_status: bool,
    quiet: bool,
) -> None:
    """Writes the QUERY in another form; it needs no records.

    QUERY is text, a SearchExpression or a whole request in JSON, an `aws sagemaker search` command, or Python
    that calls `search` of boto3; @FILE reads it from a file, @- from standard input. Only literals are
    understood, nothing is executed. Whether the service would accept it is said on standard error.
    """
    stderr = StandardError(quiet)
    asked = _recognised(query, parameters, resource, extended=extended)
    meant = _query(asked)
    kind = meant.resource or resource or "TrainingJob"
    request.check_enum(kind, catalogue.searchable(), "Resource")
    schema = Schema(catalogue.resource(kind))
    meant = meant.resolve_aliases(lambda name: _knows(schema, name), kind)
    verdict = lint(meant, schema, _conditions(asked))
    verdict.tell(stderr)
    members = _request(asked, meant, kind)
    target = form or ("text" if asked.members else "json")
    _warn_of_loss(target, members, meant, stderr)
    sys.stdout.write(_written(target, members, meant, asked) + "\n")
    context.exit(exit_codes.DONE if verdict.is_accepted or not exit_status else exit_codes.NOTHING_FOUND)


def _recognised(query: str, parameters: tuple[str, ...], resource: str | None, *, extended: bool) -> QueryArgument:
    text = query_argument.content(query)
    for notation in (aws_command, boto3_call):
        if notation.is_one(text):
            return query_argument.QueryArgument(None, notation.read(text), {}, resource, extended)
    return query_argument.of_text(text, parameters, resource, extended=extended)


def _query(asked: QueryArgument) -> Query:
    if asked.members is not None:
        members = dict(asked.members)
        in_all = members.pop(MAX_ITEMS, None)
        if _TEXTLESS.intersection(members):
            request.parse(members, DEFAULT)  # refuses what the text's query below does not even hold
            members = {name: value for name, value in members.items() if name not in _TEXTLESS}
        meant = _query_of(members)
        return meant if in_all is None else replace(meant, limit=_limit(in_all))
    from smsearch.syntax.text.parser import parse

    return parse(asked.text or "", asked.parameters, resource=asked.resource, extended=asked.extended)


def _limit(in_all: object) -> int:
    """The LIMIT that `MAX_ITEMS` is.

    Raises:
        ShapeError: It is no number of records.
    """
    if not isinstance(in_all, int) or isinstance(in_all, bool) or in_all < 0:
        raise ShapeError(
            f"{MAX_ITEMS} is no number of records: {in_all!r}.", path=MAX_ITEMS, hint="Give a whole number."
        )
    return in_all


def _query_of(members: dict[str, Any]) -> Query:
    """The query of a SearchExpression or a request, whatever limits its conditions break: the verdict tells."""
    raw = members.get("SearchExpression")
    if raw is None or "Resource" not in members:
        return request.query_of(members, DEFAULT)
    rest = {name: value for name, value in members.items() if name != "SearchExpression"}
    return replace(request.query_of(rest, DEFAULT), expression=wire.from_json(raw))


def _knows(schema: Schema, name: str) -> bool:
    """Whether the service has a property of this name; `name`, which the engine takes as well, is an alias there."""
    return schema.knows(name) and name.lower() != "name"


def _conditions(asked: QueryArgument) -> Mapping[str, Any] | None:
    """The conditions as JSON, if they were written so."""
    if asked.members is None or not asked.is_request:
        return asked.members
    conditions: Mapping[str, Any] | None = asked.members.get("SearchExpression")
    return conditions


def _request(asked: QueryArgument, meant: Query, resource: str) -> dict[str, Any]:
    """The whole request, with the members that no text can say; a limit beyond a page is `MAX_ITEMS`."""
    members: dict[str, Any] = {"Resource": resource}
    if meant.expression is not None:
        members["SearchExpression"] = wire.to_json(meant.expression)
    if meant.sort_by is not None:
        members["SortBy"] = meant.sort_by
    if meant.sort_order is not None:
        members["SortOrder"] = meant.sort_order.value
    if meant.limit is not None:
        members["MaxResults" if 0 < meant.limit <= limits.PAGE_SIZE_MAX else MAX_ITEMS] = meant.limit
    if asked.is_request and asked.members is not None:
        members |= {name: value for name, value in asked.members.items() if name in _TEXTLESS}
    return members


def _warn_of_loss(form: str, members: dict[str, Any], meant: Query, stderr: StandardError) -> None:
    if form == "text":
        for name in _TEXTLESS.intersection(members):
            stderr.warning(f"text has no {name}: it is left out")
        return
    if meant.columns:
        stderr.warning("the API has no SELECT: records come back whole")
    if form == "json" and MAX_ITEMS in members:
        stderr.warning(f"a page of the API holds 1 to {limits.PAGE_SIZE_MAX} records: LIMIT {meant.limit} is left out")


def _written(form: str, members: dict[str, Any], meant: Query, asked: QueryArgument) -> str:
    match form:
        case "text":
            return format_query(meant)
        case "aws":
            return aws_command.write(members)
        case "boto3":
            return boto3_call.write(members)
    members = {name: value for name, value in members.items() if name != MAX_ITEMS}
    is_bare = not asked.is_request and not (meant.resource or meant.sort_by or meant.limit is not None)
    shown = members["SearchExpression"] if is_bare and meant.expression is not None else members
    return orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode()
