"""Makes outputs of records: the members that an operation has, in the wire's notation, and none that it has not.

A member that the service model does not know is left out, as no client could read it. Documents have the types of the
model already (row R13). It knows shapes and documents, not how a record was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch.api import response
from smsearch.schema import catalogue, conform, notation
from smsearch.schema.catalogue import ListOf, MapOf, Structure
from smsearch.schema.walk import value_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smsearch.schema.catalogue import Shape
    from smsearch.schema.operations import Operation
    from smsearch.schema.record import Record


def described(operation: Operation, record: Record) -> dict[str, Any]:
    """What Describe shows of a record, under a member of its own where the operation has one for it."""
    document, root = _inner(record)
    members = {name: _stripped(document[name], root.member(name)) for name in operation.output if name in document}
    members = {**_copied(operation.empty), **members}
    if not operation.wrapper:
        return members
    others = {name: _stripped(document[name], root.member(name)) for name in operation.outer if name in document}
    return {operation.wrapper: members, **others}


def _copied(empty: Mapping[str, Any]) -> dict[str, Any]:
    """What is demanded and not there: empty lists and maps of its own for each output."""
    return {name: type(value)() for name, value in empty.items()}


def summarised(operation: Operation, record: Record, worked_out: Mapping[str, Any]) -> dict[str, Any]:
    """What List shows of a record.

    Args:
        operation: The List operation.
        record: The record.
        worked_out: Members that are told by other records, where the record itself does not have them.
    """
    document, root = _inner(record)
    raw = {**worked_out, **catalogue.resource(record.resource).described_members(record.document)}
    summary = {name: _read(raw.get(name), catalogue.shape(shape)) for name, shape in operation.unrecorded.items()}
    for name, path in operation.summary.items():
        reached = _shape_at(root, path)
        own = _read(raw.get(name), reached) if path[0] != name else None  # a record that a List operation gave
        value = _stripped(value_at(document, path), reached) if own is None else own
        summary[name] = _cut(value, operation.cut_to.get(name))
    return {**_copied(operation.empty), **{name: value for name, value in summary.items() if value is not None}}


def _cut(value: object, members: Sequence[str] | None) -> object:
    """The members of a structure that a summary has (`SpaceSettingsSummary`); None has the whole value."""
    if members is None or not isinstance(value, dict):
        return value
    return {name: value[name] for name in members if name in value}


def elements_of(operation: Operation, record: Record) -> list[Any]:
    """The elements of the list inside a record that an operation lists, as the operation gives them."""
    kind = catalogue.resource(record.resource)
    document = response.document(record, response.WIRE)
    elements = document.get(operation.list_member) or kind.described_members(document).get(operation.list_member)
    reference = kind.root.members.get(operation.list_member, "TagList")
    stripped = _stripped(elements, catalogue.shape(reference))
    return stripped if isinstance(stripped, list) else []


def _inner(record: Record) -> tuple[dict[str, Any], Structure]:
    """A record's document in the wire's notation, as Describe shows it (row R12), and its shape."""
    kind = catalogue.resource(record.resource)
    document = notation.complete(record, response.document(record, response.WIRE))
    return kind.described_members(document), kind.described


def _shape_at(root: Structure, path: tuple[str, ...]) -> Shape:
    reached: Shape = root
    for name in path:
        if not isinstance(reached, Structure):  # pragma: no cover - the generator walks structures only
            raise TypeError
        reached = reached.member(name)
    return reached


def _stripped(value: object, reached: Shape) -> object:
    """A value without the members that its shape does not have; a union keeps its only one, whose name clients tell."""
    match reached:
        case Structure(is_union=True) if isinstance(value, dict) and not value.keys() & reached.members.keys():
            return value
        case Structure() if isinstance(value, dict):
            names = reached.members
            return {name: _stripped(below, reached.member(name)) for name, below in value.items() if name in names}
        case MapOf(element) if isinstance(value, dict):
            inner = catalogue.shape(element)
            return {key: _stripped(below, inner) for key, below in value.items()}
        case ListOf(element) if isinstance(value, list):
            inner = catalogue.shape(element)
            return [_stripped(below, inner) for below in value]
    return value


def _read(value: object, reached: Shape) -> object:
    """A value under a name that no record has: only a List operation gives it, so its type is not settled yet."""
    typed = conform.conform(value, reached)
    return None if typed is conform.LEFT_OUT else _stripped(notation.shaped(typed, reached, notation.WIRE), reached)
