"""Unions as SDKs write them: which member is set, where the name of the member is lost.

Of a union's members one is set. Go v2 keeps the value of a union in a type of its own, whose JSON is `{"Value": 0.1}`:
which member that was, only the value's type can tell. It knows shapes, not where a document came from.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, fold
from smsearch.schema.value_kinds import JsonType

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from smsearch.schema.catalogue import Shape

UNMARKED: Final = frozenset({"TrialComponentParameterValue"})
"""Unions of the service that botocore's model does not mark as such; others may have several members set."""
_VALUE: Final = "value"


_NO_MEMBER: Final = "__type"
"""What the wire's protocol may add to an object; clients do not count it as a member."""


def is_union(structure: Structure) -> bool:
    """Whether one member of a structure is set, as SDKs see it."""
    return structure.is_union or structure.name in UNMARKED


def has_one_member(members: Collection[Any]) -> bool:
    """Whether one member is set, of the service model or not, as clients count them."""
    return len(members) == 1 and _NO_MEMBER not in members


def unwrapped(union: Structure, value: Any) -> Any:  # noqa: ANN401 - JSON of any type
    """A union's value with the member's name, if it was lost and the value's type tells it; else the very same object.

    A value that several members could hold keeps the form that it has.
    """
    if not isinstance(value, dict) or len(value) != 1:
        return value
    ((name, inner),) = value.items()
    if not isinstance(name, str) or fold(name) != _VALUE or union.spelled(name) is not None:
        return value
    fitting = [member for member in union.members if _fits(inner, union.member(member))]
    return {fitting[0]: inner} if len(fitting) == 1 else value


def _fits(value: object, shape: Shape) -> bool:
    """Whether a value can be of a shape, by its JSON type and by the names of its members."""
    match shape:
        case Scalar(kind):
            return _is_of(value, kind.json)
        case ListOf():
            return isinstance(value, list)
        case MapOf():
            return isinstance(value, dict)
        case Structure():
            return isinstance(value, dict) and _has_members(value, shape)


def _is_of(value: object, json: JsonType) -> bool:
    """Whether a plain value is of a JSON type; times are texts, as SDKs write them."""
    match json:
        case JsonType.BOOLEAN:
            return isinstance(value, bool)
        case JsonType.INTEGER | JsonType.NUMBER:
            return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
        case _:
            return isinstance(value, str)


def _has_members(value: Mapping[Any, object], structure: Structure) -> bool:
    there = [name for name, member in value.items() if member is not None]
    return bool(there) and all(isinstance(name, str) and structure.spelled(name) for name in there)
