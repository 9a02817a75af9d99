"""A document in a notation: its times and unusual numbers as a reader wants them (row R12).

A document leaves here as a new value, converted along its resource's shapes: aware datetimes for boto3's callers, epoch
seconds on the wire, ISO 8601 for people. It knows no request and no page.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from smsearch.frozen import frozen
from smsearch.orjson_later import orjson
from smsearch.schema import values
from smsearch.schema.catalogue import Scalar, resource
from smsearch.schema.value_kinds import JsonType
from smsearch.schema.values import Unreadable
from smsearch.schema.walk import mapped

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from smsearch.schema.catalogue import Shape
    from smsearch.schema.record import Record

_ALWAYS_THERE: Mapping[str, Mapping[str, object]] = {
    "ExperimentTrialComponent": {"Parameters": {}, "InputArtifacts": {}, "OutputArtifacts": {}},
}
"""Members that public clients read without asking whether they are there (row R12)."""
_ALWAYS_IN_PARENTS = ("TrialName", "ExperimentName")
_NUMBERS = (JsonType.INTEGER, JsonType.NUMBER)


@frozen
class Notation:
    """How a document's times and its unusual numbers are handed out."""

    time: Callable[[int], object]
    number: Callable[[Decimal | int | float], object]


def _boto3_number(number: Decimal | float) -> object:
    """What boto3's JSON parser would have made of the number."""
    if not isinstance(number, Decimal):
        return number
    is_integer = number.is_finite() and number.as_tuple().exponent == 0
    return int(number) if is_integer and number.adjusted() < values.INTEGER_DIGITS_MAX else float(number)


def _wire_number(number: Decimal | float) -> object:
    """The number's own digits, whatever a double would lose; NaN and infinity as the protocol's strings."""
    if isinstance(number, float) and math.isfinite(number):
        return number
    if isinstance(number, int) and _INT64_MIN <= number <= _UINT64_MAX:
        return number
    exact = Decimal(number)
    return orjson.Fragment(str(exact).encode("ascii")) if exact.is_finite() else values.name_of_number(exact)


def _wire_time(micros: int) -> object:
    """A time as a store has it too."""
    seconds = values.seconds_of(micros)
    return _wire_number(seconds) if isinstance(seconds, Decimal) else seconds


_INT64_MIN, _UINT64_MAX = -(1 << 63), (1 << 64) - 1

BOTO3 = Notation(values.datetime_of, _boto3_number)
"""Times as aware datetimes in UTC."""
WIRE = Notation(_wire_time, _wire_number)
"""Times as epoch seconds; for `orjson.dumps`."""
ISO = Notation(values.iso_of, _wire_number)
"""Times as ISO 8601 in UTC, as the AWS CLI prints them; for `orjson.dumps`."""


def document(record: Record, notation: Notation, only: Collection[str] | None = None) -> dict[str, Any]:
    """A record's document in a notation, or only some of its members; a new value each time."""
    members = record.document
    if only is not None:
        members = {name: value for name, value in members.items() if name in only}
    return _members(members, record.resource, notation)


def exported(record: Record, notation: Notation) -> dict[str, Any]:
    """A record as it was exported, in a notation: what had not the type of the service model is as it was (row R13)."""
    members = uncompleted(record.resource, {**record.document, **record.exported})
    return _members(members, record.resource, notation)


def line(record: Record) -> bytes:
    """A record as it was exported, as a line of JSON, its times in ISO 8601 in UTC."""
    return orjson.dumps(exported(record, ISO), option=orjson.OPT_APPEND_NEWLINE)


def kept(record: Record) -> bytes:
    """The JSON of a record's document as a store keeps it: complete, and in the wire's notation."""
    return orjson.dumps(complete(record, document(record, WIRE)))


def other_types_of(record: Record) -> bytes:
    """The JSON of what `Record.exported` holds, in the wire's notation; `b""` if that is nothing."""
    if not record.exported:
        return b""
    return orjson.dumps(_members(dict(record.exported), record.resource, WIRE))


def _members(members: dict[str, Any], kind: str, notation: Notation) -> dict[str, Any]:
    return cast("dict[str, Any]", shaped(members, resource(kind).root, notation))


def shaped(value: object, reached: Shape, notation: Notation) -> object:
    """A value of a shape in a notation; a new value each time. What the service model does not know is copied."""

    def plain_value(plain: Any, reached: Shape | None) -> object:  # noqa: ANN401 - any JSON value
        if isinstance(reached, Scalar) and reached.kind.json is JsonType.TIME:
            micros = values.timestamp_of(plain)
            if not isinstance(micros, Unreadable):
                return notation.time(micros)
        is_number = isinstance(plain, Decimal | float | int) and not isinstance(plain, bool)
        return notation.number(plain) if is_number else plain

    return mapped(value, reached, plain_value)


def written(value: object) -> object:
    """What boto3 returned, for `orjson.dumps`: times as ISO 8601 in UTC, and no number changed or refused."""

    def plain_value(plain: Any, _: Shape | None) -> object:  # noqa: ANN401 - what boto3 returned
        if isinstance(plain, datetime):
            return plain.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return ISO.number(plain) if isinstance(plain, int | float | Decimal) and not isinstance(plain, bool) else plain

    return mapped(value, None, plain_value)


def complete(record: Record, members: dict[str, Any]) -> dict[str, Any]:
    """The members with what the service always sends and an export may lack (row R12), at the end, in its own order.

    What was exported empty moves there too, so that a record that is read back (`uncompleted`) and written again has
    the same bytes, whose digest tells it apart. What is given stays as it is: it may be a record's own.
    """
    completed = dict(members)
    for name, value in _ALWAYS_THERE.get(record.resource, {}).items():
        _add_last(completed, name, dict(value) if isinstance(value, dict) else value)
    parents = completed.get("Parents")
    if record.resource == "ExperimentTrialComponent" and isinstance(parents, list):
        completed["Parents"] = [_completed_parent(parent) for parent in parents]
    if "Tags" in resource(record.resource).root.members:
        _add_last(completed, "Tags", [])
    return completed


def _completed_parent(parent: object) -> object:
    if not isinstance(parent, dict):
        return parent
    completed = dict(parent)
    for name in _ALWAYS_IN_PARENTS:
        _add_last(completed, name, "")
    return completed


def completions(resource_name: str) -> dict[str, str]:
    """What `complete` adds to a document of a resource: members, and the JSON of each when it is empty."""
    added = {**_ALWAYS_THERE.get(resource_name, {}), "Tags": []}
    members = resource(resource_name).root.members
    return {name: f'"{name}":{value}' for name, value in added.items() if name in members}  # `{}` and `[]` are JSON


def completions_of_elements(resource_name: str, member: str) -> dict[str, str]:
    """The same of the elements of a list."""
    is_completed = resource_name == "ExperimentTrialComponent" and member == "Parents"
    return {name: f'"{name}":""' for name in _ALWAYS_IN_PARENTS} if is_completed else {}


def _add_last(members: dict[str, Any], name: str, empty: object) -> None:
    """Adds a member that is not there, or is empty, behind all others."""
    if members.get(name, empty) == empty:
        members.pop(name, None)
        members[name] = empty


def uncompleted(resource_name: str, members: dict[str, Any]) -> dict[str, Any]:
    """A record's members without what `complete` adds; an empty member that was exported goes too (row F5)."""
    added = {**_ALWAYS_THERE.get(resource_name, {}), "Tags": []}
    if resource_name == "ExperimentTrialComponent" and isinstance(members.get("Parents"), list):
        members = {**members, "Parents": [_without_empty(parent) for parent in members["Parents"]]}
    if not any(name in members and members[name] == value for name, value in added.items()):
        return members
    return {name: value for name, value in members.items() if name not in added or value != added[name]}


def _without_empty(parent: object) -> object:
    if not isinstance(parent, dict):
        return parent
    return {name: value for name, value in parent.items() if name not in _ALWAYS_IN_PARENTS or value != ""}


def may_have_named_numbers(stored: bytes) -> bool:
    """Whether a document in the wire's JSON may hold a number that JSON does not have."""
    return b'Infinity"' in stored or b'"NaN"' in stored


def with_named_numbers(value: object, reached: Shape) -> Any:  # noqa: ANN401 - any JSON value
    """A document in the wire's JSON with NaN and infinities as numbers again.

    Only where the service model has a number: a text may hold the word.
    """

    def plain_value(plain: Any, reached: Shape | None) -> object:  # noqa: ANN401 - any JSON value
        is_number = isinstance(reached, Scalar) and reached.kind.json in _NUMBERS
        return values.NUMBER_NAMES.get(plain, plain) if is_number and isinstance(plain, str) else plain

    return mapped(value, reached, plain_value)
