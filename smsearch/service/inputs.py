"""Reads an operation's input: JSON of the wire, checked member by member, refused in the service's own wording.

It knows what the service model says of an input (`schema/operations.py`), and nothing of records.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch import small_json
from smsearch.api.request import refuse_unknown
from smsearch.errors import ServiceError
from smsearch.messages import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smsearch.schema.operations import InputMember, Operation
    from smsearch.schema.writes import Write

VALIDATION: Final = "ValidationException"
SHOWN_MAX: Final = 256
"""Characters of a value that an error message shows."""
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float),
    "boolean": (bool,),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
}
_MATCHED_MAX: Final = 8_192
"""Characters of a text that a pattern is tried on: those of the longest input that has one, a NextToken."""
_TIME_MAX: Final = 253_402_300_800
"""Epoch seconds of the year 10000, where times end; clients round `datetime.max` up to it."""


def request_members(body: bytes) -> dict[str, Any]:
    """The members that a request's body has; no body is no members.

    Raises:
        ServiceError: SerializationException: it is not one JSON object.
    """
    try:
        members = small_json.loads_request(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise ServiceError("SerializationException", f"The request is not JSON: {error}.") from None
    if not isinstance(members, dict):
        raise ServiceError("SerializationException", "The request is not a JSON object.")
    return members


def checked(operation: Operation | Write, members: dict[str, Any], holds: Callable[[str, str], bool]) -> dict[str, Any]:
    """The members of an input, each as the service model wants it; null is left out.

    Args:
        operation: Whose input it is.
        members: The input.
        holds: Whether there is a record that a member's text names. Such a text is taken whatever its length and its
            letters are: the service has no such record, but the dump does (row E2).

    Raises:
        ServiceError: ValidationException: all that the service would find wrong, in one sentence.
        ShapeError: A member that the operation does not have, as Search refuses it.
    """
    refuse_unknown(members, tuple(operation.inputs), operation.name)
    values = {name: value for name, value in members.items() if value is not None}
    faults = [
        fault for name, member in operation.inputs.items() for fault in _faults(name, member, values.get(name), holds)
    ]
    if faults:
        raise ServiceError(VALIDATION, f"{counted(len(faults), 'validation error')} detected: {'; '.join(faults)}")
    return values


def _faults(name: str, member: InputMember, value: object, holds: Callable[[str, str], bool]) -> Iterator[str]:
    """What is wrong with one member, each in the service's wording."""
    wire_name = name[:1].lower() + name[1:]
    if value is None:
        if member.is_required:
            yield f"Value null at '{wire_name}' failed to satisfy constraint: Member must not be null"
        return
    broken = list(_broken(member, value))
    if broken and isinstance(value, str) and member.type == "string" and not member.enum and holds(name, value):
        return
    for constraint in broken:
        yield f"Value '{_shown(value)}' at '{wire_name}' failed to satisfy constraint: {constraint}"


def _broken(member: InputMember, value: object) -> Iterator[str]:
    """The constraints that a value does not satisfy."""
    if not isinstance(value, _TYPES[member.type]) or (isinstance(value, bool) and member.type != "boolean"):
        yield f"Member must be of type {member.type}"
    elif isinstance(value, str):
        yield from _broken_text(member, value)
    elif member.type == "timestamp" and isinstance(value, int | float):
        if not (math.isfinite(value) and abs(value) <= _TIME_MAX):
            yield "Member must be a time in epoch seconds"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if member.least is not None and value < member.least:
            yield f"Member must have value greater than or equal to {member.least}"
        if member.most is not None and value > member.most:
            yield f"Member must have value less than or equal to {member.most}"


def _broken_text(member: InputMember, value: str) -> Iterator[str]:
    if member.enum:
        if value not in member.enum:
            yield f"Member must satisfy enum value set: [{', '.join(member.enum)}]"
        return
    if member.least is not None and len(value) < member.least:
        yield f"Member must have length greater than or equal to {member.least}"
    elif member.most is not None and len(value) > member.most:
        yield f"Member must have length less than or equal to {member.most}"
    if member.pattern and len(value) <= _MATCHED_MAX and not _compiled(member.pattern).fullmatch(value):
        yield f"Member must satisfy regular expression pattern: {member.pattern}"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= SHOWN_MAX else text[: SHOWN_MAX - 3] + "..."
