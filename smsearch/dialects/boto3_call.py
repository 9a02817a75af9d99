"""A Search request as a call of boto3, read and written. Nothing is ever executed, and boto3 is not imported.

Members are spelled as the API does; what they mean is not known here.
"""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from typing import Any, Final

from smsearch.dialects.request_members import MAX_ITEMS
from smsearch.errors import ShapeError

_CALL: Final = re.compile(r"\b(?:search|paginate)\s*\(")
_METHODS: Final = frozenset({"search", "paginate"})
_PAGINATION: Final = "PaginationConfig"
_INDENT: Final = "    "


def is_one(text: str) -> bool:
    """Whether a text looks like Python that calls `search` or `paginate`."""
    if text.lstrip().startswith("{") or _CALL.search(text) is None:
        return False
    return bool(_calls(text))


def read(text: str) -> dict[str, Any]:
    """The request's members that a call passes.

    Raises:
        ShapeError: No such call, or one whose arguments are not literals, or are without names.
    """
    calls = _calls(text)
    if len(calls) != 1:
        raise ShapeError(f"The Python holds {len(calls)} calls of search or paginate.", hint="Give one.")
    if calls[0].args:
        raise ShapeError("The call has an argument without a name.", hint="boto3 takes NAME=VALUE only.")
    members: dict[str, Any] = {}
    for argument in calls[0].keywords:
        value = _literal(argument)
        if argument.arg is not None:
            members[argument.arg] = value
        elif isinstance(value, dict):
            members |= value
        else:
            raise ShapeError("What stands after ** is no dictionary.", path="**", hint="Write {'Resource': ...}.")
    pagination = members.pop(_PAGINATION, None)
    if isinstance(pagination, dict) and pagination.get(MAX_ITEMS) is not None:
        members[MAX_ITEMS] = pagination[MAX_ITEMS]
    return members


def _is_search(call: ast.Call) -> bool:
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in _METHODS


def _calls(text: str) -> list[ast.Call]:
    """The calls of `search` or `paginate`; none where the text is no Python."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of escapes in somebody's literals
            tree = ast.parse(textwrap.dedent(text).strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_search(node)]


def _literal(argument: ast.keyword) -> object:
    try:
        return ast.literal_eval(argument.value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        name = argument.arg or "**"
        hint = "Replace variables by their values."
        raise ShapeError(f"The argument {name} is not a literal.", path=name, hint=hint) from None


def write(members: dict[str, Any]) -> str:
    """The call, one argument a line: of `search` for a page, else of its paginator, which is for all of them."""
    arguments = dict(members)
    method = 'boto3.client("sagemaker").search'
    if "MaxResults" not in arguments:
        method = 'boto3.client("sagemaker").get_paginator("search").paginate'
        if MAX_ITEMS in arguments:
            arguments[_PAGINATION] = {MAX_ITEMS: arguments.pop(MAX_ITEMS)}
    lines = [f"{_INDENT}{name}={_value(value, 1)},\n" for name, value in arguments.items()]
    return f"{method}(\n{''.join(lines)})"


def _value(value: object, depth: int) -> str:
    """A literal; lists and dictionaries that hold others are spread over lines."""
    inner = _INDENT * (depth + 1)
    if isinstance(value, list) and value:
        elements = (_value(element, depth + 1) for element in value)
        return "[\n" + "".join(f"{inner}{element},\n" for element in elements) + _INDENT * depth + "]"
    if isinstance(value, dict) and any(isinstance(member, list | dict) for member in value.values()):
        members = (f"{_text(name)}: {_value(member, depth + 1)}" for name, member in value.items())
        return "{\n" + "".join(f"{inner}{member},\n" for member in members) + _INDENT * depth + "}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(name)}: {_value(member, depth)}" for name, member in value.items()) + "}"
    return _text(value) if isinstance(value, str) else repr(value)


def _text(value: str) -> str:
    """A Python literal of a text, in double quotes where that needs no escape."""
    literal = repr(value)
    if literal.startswith("'") and '"' not in literal and "\\" not in literal:
        return f'"{literal[1:-1]}"'
    return literal
