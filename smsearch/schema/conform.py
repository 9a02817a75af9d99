"""Brings documents into the types of the service model (row R13): `conformed(members, root)`.

A value that converts without loss is converted: `"False"` of a boolean, `"2"` of an integer, a number of a text. One
that cannot be read as its type is left out, and a `Misread` says where it was. Fields that the model does not know stay
as they are. It is the slow walk, for documents in which some value has not its type; it knows no file and no record.
"""

from __future__ import annotations

import json
from decimal import Decimal
from operator import is_
from typing import TYPE_CHECKING, Any, Final

from smsearch.frozen import frozen
from smsearch.schema import unions, values
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, shape
from smsearch.schema.value_kinds import JsonType
from smsearch.schema.values import UNREADABLE

if TYPE_CHECKING:
    from smsearch.schema.catalogue import Shape

LEFT_OUT: Final = object()
"""In the place of a value that is not there, or that cannot be read as its type."""
_OPENED: Final = frozenset({dict, list})
"""What a text of JSON is when a client has parsed it."""
_SHOWN: Final = 40
"""Characters of a value that a report shows."""


@frozen
class Misread:
    """A value that cannot be read as its type.

    Attributes:
        path: Where in the document it is (`InputDataConfig[0].ShuffleConfig.Seed`).
        value: Its JSON, cut if it is long.
        expected: What would have been right (`an integer`).
    """

    path: str
    value: str
    expected: str

    def __str__(self) -> str:
        return f"{self.path} is {self.value}, not {self.expected}"


def conformed(members: dict[str, Any], root: Structure) -> tuple[dict[str, Any], list[Misread]]:
    """A document in the types of its resource.

    Args:
        members: In the service model's spelling, as parsed JSON. Not changed.
        root: The shape of the resource's records.

    Returns:
        The document, in which a part that needed no conversion is the very same object; and what was left out of it.
    """
    walk = _Conformer()
    document = walk.value(members, root, "")
    return (document if isinstance(document, dict) else {}), walk.misread


def conform(value: object, reached: Shape) -> object:
    """A value in the type of a shape; `LEFT_OUT` if it cannot be read as that, or is not there."""
    return _Conformer().value(value, reached, "")


def scalar(value: object, json_type: JsonType) -> object:
    """A plain value in a JSON type, the very same object if it has it; `UNREADABLE` if it cannot be read.

    Texts, times included, are text; times keep their spelling. A number keeps the digits that it had.
    """
    match json_type:
        case JsonType.TEXT:
            return values.text_of(value)
        case JsonType.BOOLEAN:
            return values.boolean_of(value)
        case JsonType.INTEGER:
            return value if value.__class__ is int else _integer(values.number_of(value))
        case JsonType.NUMBER:
            return _number(value)
        case JsonType.TIME:
            return UNREADABLE if values.timestamp_of(value) is UNREADABLE else value
    return UNREADABLE


def _integer(number: object) -> object:
    """The integer that a number is: 2 of 2.0, none of 2.5."""
    if not isinstance(number, Decimal) or not number.is_finite() or number.adjusted() >= values.INTEGER_DIGITS_MAX:
        return UNREADABLE
    return int(number) if number == values.truncate(number) else UNREADABLE


def _number(value: object) -> object:
    if isinstance(value, str):
        named = values.NUMBER_NAMES.get(value)
        return _spelled_number(value) if named is None else named
    return value if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else UNREADABLE


def _spelled_number(text: str) -> object:
    """The number in a text as a JSON parser would have given it: no digit is lost."""
    number = values.parse_number(text)
    if number is None:
        return UNREADABLE
    if values.is_integer_literal(text) and number.adjusted() < values.INTEGER_DIGITS_MAX:
        return int(number)
    return values.double_or_exact(number)


class _Conformer:
    """One walk along a document; it gathers what could not be read."""

    def __init__(self) -> None:
        self.misread: list[Misread] = []

    def value(self, value: Any, reached: Shape, path: str) -> object:  # noqa: ANN401 - any JSON value
        match reached, value:
            case Scalar(), _:
                return self._scalar(value, reached, path)
            case Structure(), dict():
                return self._structure(value, reached, path)
            case MapOf(entry), dict():
                below = shape(entry)
                return _kept(value, {key: self.value(member, below, f"{path}.{key}") for key, member in value.items()})
            case ListOf(element), list():
                below = shape(element)
                typed = [self.value(member, below, f"{path}[{at}]") for at, member in enumerate(value)]
                return value if all(map(is_, typed, value)) else [one for one in typed if one is not LEFT_OUT]
        return self._unread(value, "a list" if isinstance(reached, ListOf) else "an object", path)

    def _scalar(self, value: Any, reached: Scalar, path: str) -> object:  # noqa: ANN401 - any JSON value
        kind = reached.kind
        if value == "" and not (kind.json is JsonType.TEXT and reached.may_be_empty):
            return LEFT_OUT
        if reached.holds_json and value and value.__class__ in _OPENED:
            return _as_json(value)
        typed = scalar(value, kind.json)
        return self._unread(value, kind.noun, path) if typed is UNREADABLE else typed

    def _unread(self, value: object, expected: str, path: str) -> object:
        """Leaves a value out; one in which nothing is there is as good as absent, and no news."""
        if values.is_present(value):
            self.misread.append(Misread(path, _shown(value), expected))
        return LEFT_OUT

    def _structure(self, value: dict[str, Any], structure: Structure, path: str) -> object:
        typed = {
            name: self.value(member, structure.member(name), f"{path}.{name}" if path else name)
            if name in structure.members
            else member
            for name, member in value.items()
        }
        document = _kept(value, typed)
        if structure.is_union and not unions.has_one_member(document):
            return self._one_member(document, structure, path)
        return document

    def _one_member(self, document: dict[str, Any], structure: Structure, path: str) -> object:
        """A union, of which exactly one member is set: clients refuse any other number, and the whole page with it."""
        there = [name for name in structure.members if values.is_present(document.get(name))]
        if len(there) == 1:
            return {there[0]: document[there[0]]}
        return self._unread(document, f"one of {', '.join(structure.members)}", path)


def _kept(before: dict[str, Any], typed: dict[str, object]) -> dict[str, Any]:
    """The typed members without those that are left out; the very same object as before if none has changed."""
    if all(map(is_, typed.values(), before.values())):
        return before
    return {name: member for name, member in typed.items() if member is not LEFT_OUT}


def _as_json(value: object) -> str:
    """Parsed JSON as text again, without blanks; a number has the digits that it had."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{_as_json(name)}:{_as_json(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_as_json, value)) + "]"
    spelled = None if isinstance(value, str) else values.text_of(value)
    return spelled if isinstance(spelled, str) else json.dumps(value, default=str, ensure_ascii=False)


def _shown(value: object) -> str:
    try:
        text = json.dumps(value, default=str, ensure_ascii=False)
    except ValueError:  # an integer of more digits than Python spells
        text = "a number of thousands of digits"
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
