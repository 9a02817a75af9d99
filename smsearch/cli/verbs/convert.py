"""`smsearch convert`: a query as text, as JSON, as a command of the AWS CLI and as a call of boto3."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch import limits
from smsearch.api import request
from smsearch.bare_names import BareNames
from smsearch.cli import exit_codes, query_argument
from smsearch.cli.lint import lint
from smsearch.cli.options import QueryingVerb, QuietVerb
from smsearch.cli.query_argument import QueryArgument
from smsearch.cli.verb import flag, option, positional
from smsearch.dialects import aws_command, boto3_call
from smsearch.dialects.request_members import MAX_ITEMS, request_members
from smsearch.errors import ShapeError, UnknownPropertyError
from smsearch.frozen import replace
from smsearch.policy import DEFAULT
from smsearch.predicate.spellings import read_spellings
from smsearch.schema import catalogue
from smsearch.schema.derived import with_derived
from smsearch.schema.names import Schema
from smsearch.syntax import wire
from smsearch.syntax.condition import names_in
from smsearch.syntax.text.formatter import format_query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.cli.standard_error import StandardError
    from smsearch.syntax.query import Query

FORMS: Final = ("text", "json", "aws", "boto3")
_TEXTLESS: Final = frozenset({"NextToken", "CrossAccountFilterOption", "VisibilityConditions"})
"""Members that the text language cannot say."""


class ConvertVerb(QueryingVerb, QuietVerb):
    """Writes the QUERY in another form; it needs no records.

    QUERY is text, a SearchExpression or a whole request in JSON, an `aws sagemaker search` command, or Python
    that calls `search` of boto3; @FILE reads it from a file, @- from standard input. Only literals are
    understood, nothing is executed. Whether the service would accept it is said on standard error. A text that no
    request can say is refused, save --to text.
    """

    examples = (
        'convert "status = Failed AND Tags.team = nlp" --to aws',
        "convert \"created >= '2024-06' ORDER BY created LIMIT 20\" --to boto3",
        'convert \'{"Filters": [{"Name": "TrainingJobStatus", "Operator": "Equals", "Value": "Failed"}]}\'',
    )

    query_text: str = positional("QUERY")
    form: str | None = option("--to", "Left out: text to json, all else to text.", choices=FORMS)
    exit_status: bool = flag("-e --exit-status", "Exit with 1 if the service would refuse the query.")

    def run(self) -> int:
        """Converts the query, and says whether the service would accept it."""
        argument = self._recognise()
        query = _query(argument)
        kind = query.resource or self.resource or "TrainingJob"
        if argument.members is None:
            kind = catalogue.kind_named(kind)
        request.check_enum(kind, catalogue.searchable(), "Resource")
        schema = Schema(catalogue.resource(kind))
        wider = schema if self.strict else with_derived(schema)
        query = query.resolve_aliases(lambda name: _knows(wider, name), kind)
        if argument.members is None:
            query = read_spellings(BareNames(wider, None).resolve(query), wider)
        form = self.form or ("text" if argument.members else "json")
        if form != "text":
            _refuse_beyond_requests(query, wider, is_text=argument.members is None)
        problems = lint(query, schema, _conditions(argument))
        problems.write(self.stderr)
        members = _request(argument, query, kind)
        _warn_of_loss(form, members, query, self.stderr)
        sys.stdout.write(_written(form, members, query, argument) + "\n")
        return exit_codes.DONE if problems.is_accepted or not self.exit_status else exit_codes.NOTHING_FOUND

    def _recognise(self) -> QueryArgument:
        """The query in whichever notation it is written."""
        text = query_argument.content(self.query_text)
        for notation in (aws_command, boto3_call):
            if notation.is_one(text):
                return QueryArgument(None, notation.read(text), {}, self.resource, self.strict)
        return query_argument.of_text(text, self.parameters, self.resource, strict=self.strict)


def _query(argument: QueryArgument) -> Query:
    if argument.members is not None:
        members = dict(argument.members)
        in_all = members.pop(MAX_ITEMS, None)
        if _TEXTLESS.intersection(members):
            request.parse(members, DEFAULT)  # refuses what the text's query below does not even hold
            members = {name: value for name, value in members.items() if name not in _TEXTLESS}
        query = _query_of(members)
        return query if in_all is None else replace(query, limit=_limit(in_all))
    from smsearch.syntax.text.parser import parse

    return parse(argument.text or "", argument.parameters, resource=argument.resource, strict=argument.strict)


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
    """The query of a SearchExpression or a request, whatever limits its conditions break: `lint` reports them."""
    raw = members.get("SearchExpression")
    if raw is None or "Resource" not in members:
        return request.query_of(members, DEFAULT)
    rest = {name: value for name, value in members.items() if name != "SearchExpression"}
    return replace(request.query_of(rest, DEFAULT), expression=wire.from_json(raw))


def _knows(schema: Schema, name: str) -> bool:
    """Whether the service has a property of this name; `name`, which the engine takes as well, is an alias there."""
    return schema.knows(name) and name.lower() != "name"


def _refuse_beyond_requests(query: Query, schema: Schema, *, is_text: bool) -> None:
    """Refuses a text that no request can say; a request that names what the service has not is one all the same.

    Raises:
        RequestError: The first reason.
    """
    if query.refusals:
        raise query.refusals[0]
    names = [] if query.condition is None else list(names_in(query.condition))
    for name in (*names, query.sort_by) if is_text else ():
        if name and schema.knows(name) and schema.property(name).is_derived:
            raise UnknownPropertyError(
                f"{name} is derived: smsearch computes it, and no request can ask for it.",
                hint="Only --to text can say it.",
                row="V7",
            )


def _conditions(argument: QueryArgument) -> Mapping[str, Any] | None:
    """The conditions as JSON, if they were written so."""
    if argument.members is None or not argument.is_request:
        return argument.members
    conditions: Mapping[str, Any] | None = argument.members.get("SearchExpression")
    return conditions


def _request(argument: QueryArgument, query: Query, resource: str) -> dict[str, Any]:
    """The whole request, with the members that no text can say; a limit beyond a page is `MAX_ITEMS`."""
    members = request_members(query, resource)
    if query.limit is not None:
        members["MaxResults" if 0 < query.limit <= limits.PAGE_SIZE_MAX else MAX_ITEMS] = query.limit
    if argument.is_request and argument.members is not None:
        members |= {name: value for name, value in argument.members.items() if name in _TEXTLESS}
    return members


def _warn_of_loss(form: str, members: dict[str, Any], query: Query, stderr: StandardError) -> None:
    if form == "text":
        for name in _TEXTLESS.intersection(members):
            stderr.warning(f"text has no {name}: it is left out")
        return
    if query.columns:
        stderr.warning("the API has no SELECT: records come back whole")
    if form == "json" and MAX_ITEMS in members:
        stderr.warning(f"a page of the API holds 1 to {limits.PAGE_SIZE_MAX} records: LIMIT {query.limit} is left out")


def _written(form: str, members: dict[str, Any], query: Query, argument: QueryArgument) -> str:
    match form:
        case "text":
            return format_query(query)
        case "aws":
            return aws_command.write(members)
        case "boto3":
            return boto3_call.write(members)
    members = {name: value for name, value in members.items() if name != MAX_ITEMS}
    is_bare = not argument.is_request and not (query.resource or query.sort_by or query.limit is not None)
    shown = members["SearchExpression"] if is_bare and query.expression is not None else members
    return orjson.dumps(shown, option=orjson.OPT_INDENT_2).decode()
