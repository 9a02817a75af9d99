"""A Search request as a command of the AWS CLI: `aws sagemaker search ...`, read and written.

Members are spelled as the API does; what they mean is not known here.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import Any, Final

import orjson

from smsearch import small_json
from smsearch.api.request import MEMBERS
from smsearch.dialects import shorthand
from smsearch.dialects.request_members import MAX_ITEMS
from smsearch.errors import ShapeError


def _option(member: str) -> str:
    """The AWS CLI's option for a member of the request: `SortBy` is `--sort-by`."""
    return "-" + "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in member)


_OPTIONS: Final = {_option(member): member for member in (*MEMBERS, MAX_ITEMS)}
_STRUCTURED: Final = frozenset({"SearchExpression", "VisibilityConditions"})
_FLAGS: Final = frozenset(
    {"--debug", "--no-verify-ssl", "--no-paginate", "--no-sign-request", "--no-cli-pager", "--no-cli-auto-prompt"}
)
_CONTINUATION: Final = re.compile(r"""('[^']*'|"(?:[^"\\]|\\.)*"|\\[^\r\n])|\\\r?\n""", re.DOTALL)
"""What is quoted, which stays as it is, or a line that goes on, which Python's `shlex` does not know."""
_BEGINNING: Final = re.compile(r"\s*(?:\$\s+)?aws\s")


def is_one(text: str) -> bool:
    """Whether a text looks like a command of the AWS CLI."""
    return _BEGINNING.match(text) is not None


def read(text: str) -> dict[str, Any]:
    """The request's members that a command says; options that say nothing of the request are passed over.

    Raises:
        ShapeError: It is another command, or an option's value cannot be read.
    """
    try:
        words = shlex.split(_CONTINUATION.sub(lambda match: match[1] or "", text))
    except ValueError as error:
        raise ShapeError(f"The command is not one of a shell: {error}.") from None
    words = words[words.index("aws") + 1 :]
    operation = words.index("search") if "search" in words else -1
    if operation < 1 or words[operation - 1] != "sagemaker":
        raise ShapeError("The command is not `aws sagemaker search`.")
    return _members([*words[: operation - 1], *words[operation + 1 :]])


def _members(words: list[str]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    pending = list(reversed(words))
    while pending:
        option, equals, value = pending.pop().partition("=")
        if not option.startswith("--"):
            raise ShapeError(f"The command has a stray word: {option!r}.", hint="Quote what belongs together.")
        if option in _FLAGS:
            continue
        if not equals:
            if not pending:
                raise ShapeError(f"{option} has no value.")
            value = pending.pop()
        if option == "--cli-input-json":
            members = {**_object(_json(_content(value, option), option), option), **members}
        elif option in _OPTIONS:
            members[_OPTIONS[option]] = _value(_OPTIONS[option], value, option)
    return members


def _value(member: str, text: str, option: str) -> object:
    if member in {"MaxResults", MAX_ITEMS}:
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise ShapeError(f"{option} is no number: {text!r}.")
        return int(text)
    if member not in _STRUCTURED:
        return text
    content = _content(text, option)
    return _json(content, option) if content.lstrip()[:1] in {"{", "["} else shorthand.read(content, option)


def _content(text: str, option: str) -> str:
    """An option's value, or that of the file that it names, as the AWS CLI takes it."""
    if not text.startswith("file://"):
        return text
    file = os.path.expanduser(text.removeprefix("file://"))  # noqa: PTH111 - Path's raises where there is no such user
    try:
        return Path(file).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ShapeError(f"{option}: {file} is not UTF-8: {error.reason} at byte {error.start}.") from None


def _object(value: object, option: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ShapeError(f"{option} is not a JSON object.", hint="It holds the members of the request.")
    return value


def _json(text: str, option: str) -> Any:  # noqa: ANN401 - whatever the JSON is; `api/request.py` judges it
    try:
        return small_json.loads_request(text)
    except orjson.JSONDecodeError as error:
        raise ShapeError(f"{option} is not JSON: {error}.") from None


def write(members: dict[str, Any]) -> str:
    """The command, quoted for a POSIX shell, one option a line."""
    lines = ["aws sagemaker search"]
    for option, member in _OPTIONS.items():
        if member in members:
            value = members[member]
            text = value if isinstance(value, str) else orjson.dumps(value).decode()
            lines.append(f"{option} {shlex.quote(text)}")
    return " \\\n    ".join(lines)
