"""The QUERY argument: text, a SearchExpression, or a whole Search request, written out or in a file.

It reads the argument into a value. `syntax/` knows what a text means, and `api/` what a request may hold.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, Final

from smsearch import small_json
from smsearch.api.request import MEMBERS
from smsearch.cli.usage import UsageError
from smsearch.errors import ShapeError, TextSyntaxError
from smsearch.frozen import frozen
from smsearch.orjson_later import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from smsearch.result import Result
    from smsearch.searcher import Searcher

_COMMAND: Final = r"\s*(?:(?:\$\s+)?aws\s|(?:Filters|NestedFilters|SubExpressions)\s*=\s*\[)"
"""How a command of the AWS CLI begins, or an expression in its shorthand."""
_ONLY_OF_A_PAGE: Final = {"VisibilityConditions": None, "CrossAccountFilterOption": None, "NextToken": ""}
"""Members that only a page of the API answers, each with the value that asks for nothing."""


@frozen
class QueryArgument:
    """A query with the options beside it. Either `text` or `members` is None.

    Attributes:
        text: A query in the text language.
        members: A SearchExpression or a whole request; `{}` is every record, and needs no grammar.
        parameters: Values of the text's `:names`.
        resource: What `--resource` says, or None.
        strict: Whether to refuse a text that says more than the API can.
    """

    text: str | None
    members: Mapping[str, Any] | None
    parameters: Mapping[str, object]
    resource: str | None
    strict: bool = False

    @property
    def is_request(self) -> bool:
        """Whether it is a whole request, and not conditions alone."""
        return self.members is not None and not self.members.keys().isdisjoint(MEMBERS)

    @property
    def is_for_all(self) -> bool:
        """Whether it has no member that only a page answers."""
        return self._of_a_page is None

    @property
    def _of_a_page(self) -> str | None:
        """A member that only a page answers, if there is one that asks for something."""
        if not self.is_request or self.members is None:
            return None
        asking = (name for name, nothing in _ONLY_OF_A_PAGE.items() if self.members.get(name) not in (None, nothing))
        return next(asking, None)

    def refuse_page(self) -> None:
        """Refuses a request with members that only `-f aws` answers.

        Raises:
            ShapeError: One of them is there.
        """
        name = self._of_a_page
        if name is not None:
            raise ShapeError(f"{name} asks for a page of the API.", path=name, hint="Only search -f aws answers it.")

    def result(self, searcher: Searcher) -> Result:
        """The result of the query over the records of a searcher.

        Raises:
            RequestError: The query is none, or the resource cannot answer it.
        """
        if self.members is None:
            return searcher.quiet_result(self.text or "", self.parameters, resource=self.resource, strict=self.strict)
        return searcher.quiet_result(self.members, resource=self.resource)


def read(
    argument: str | None, parameters: Iterable[str] = (), resource: str | None = None, *, strict: bool = False
) -> QueryArgument:
    """Reads the QUERY argument and the options beside it; without an argument, every record matches.

    Raises:
        UsageError: A parameter without a value, or for a query that is not text; a command with --max-items.
        RequestError: A text that is no query, a command that is no search, JSON that is none, a file that is not UTF-8.
        OSError: The file of `@FILE` cannot be read.
    """
    text = content(argument or "")
    members = _of_command(text)
    if members is not None:
        return QueryArgument(None, members, {}, resource, strict)
    query = of_text(text, parameters, resource, strict=strict)
    if query.text is not None and argument is not None:
        _parse_early(query, argument)
    return query


def _of_command(text: str) -> dict[str, Any] | None:
    """The request of an `aws sagemaker search` command, or of its shorthand for an expression; None of another text."""
    if text.startswith("{") or not re.match(_COMMAND, text):
        return None
    from smsearch.dialects import aws_command, shorthand
    from smsearch.dialects.request_members import MAX_ITEMS

    if not aws_command.is_one(text):
        return shorthand.read(text, "--search-expression")
    members = aws_command.read(text)
    if members.pop(MAX_ITEMS, None) is not None:
        raise UsageError("the command has --max-items: leave it out, and say with -n how many")
    return members


def _parse_early(query: QueryArgument, argument: str) -> None:
    """Refuses a wrong query before gigabytes are read for it; a mistyped path looks like a query."""
    from smsearch.syntax.text.parser import parse

    try:
        parse(query.text or "", query.parameters, resource=query.resource, strict=query.strict)
    except TextSyntaxError as error:
        if not argument.startswith("@") and not any(map(str.isspace, argument)):
            error.hint = f"{error.hint} There is no file {argument!r}, so it was read as the query.".lstrip()
        raise


def content(argument: str) -> str:
    """The argument itself, or what the file holds that it names: `@FILE`, or `@-` for standard input.

    Raises:
        ShapeError: The file is not UTF-8.
        OSError: The file cannot be read.
    """
    if not argument.startswith("@"):
        return argument
    from pathlib import Path

    file = argument[1:]
    read_bytes = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        return read_bytes.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ShapeError(f"{file} is not UTF-8: {error.reason} at byte {error.start}.") from None


def of_text(
    text: str, parameters: Iterable[str] = (), resource: str | None = None, *, strict: bool = False
) -> QueryArgument:
    """The query of a text; it is JSON if it begins with a brace.

    Raises:
        UsageError: A parameter without a value, or for a query that is not text.
        TextSyntaxError: JSON that is none.
    """
    values = _parameters(parameters)
    if text.strip() and not text.lstrip().startswith("{"):
        return QueryArgument(text, None, values, resource, strict)
    if values:
        raise UsageError("--param gives values to the :names of a text query; this is none")
    return QueryArgument(None, _members(text) if text.strip() else {}, {}, resource, strict)


def _members(text: str) -> Mapping[str, Any]:
    try:
        members = small_json.loads_request(text)
    except orjson.JSONDecodeError as error:
        from smsearch.syntax.text.errors import excerpt

        raise TextSyntaxError(
            f"The query begins with {{ and is not JSON: {error.msg}.",
            line=error.lineno,
            column=error.colno,
            excerpt=excerpt(text, error.pos),
        ) from None
    if not isinstance(members, dict):  # pragma: no cover - what begins with { is an object
        raise ShapeError("The query is not a JSON object.")
    return members


def _parameters(assignments: Iterable[str]) -> Mapping[str, object]:
    """`NAME=VALUE` each; a name that is repeated is a list, for `IN (:name)`."""
    values: dict[str, list[str]] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name:
            raise UsageError(f"--param takes NAME=VALUE, not {assignment!r}")
        values.setdefault(name.removeprefix(":"), []).append(value)
    return {name: texts[0] if len(texts) == 1 else texts for name, texts in values.items()}
