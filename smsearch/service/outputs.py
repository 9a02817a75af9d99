"""Makes outputs of records: the members that an operation has, in the wire's notation, and none that it has not.

A member that the service model does not know, or whose value is not of its shape, is left out, as no client could read
it. It knows shapes and documents, not how a record was found.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch.api import response
from smsearch.schema import catalogue, values
from smsearch.schema.catalogue import Kind, ListOf, MapOf, Scalar, Structure
from smsearch.schema.values import Unreadable

if TYPE_CHECKING:
    from smsearch.schema.catalogue import Shape
    from smsearch.schema.operations import Operation
    from smsearch.schema.record import Record

_LEFT_OUT: Final = object()
_NUMBERS: Final = (int, float, Decimal, orjson.Fragment)
_NAMED_NUMBERS: Final = ("NaN", "Infinity", "-Infinity")


def described(operation: Operation, record: Record) -> dict[str, Any]:
    """What Describe shows of a record, under a member of its own where the operation has one for it."""
    document, root = _inner(record)
    shown = {
        name: value
        for name in operation.output
        if name in document and (value := _fitted(document[name], root.member(name))) is not _LEFT_OUT
    }
    if not operation.wrapper:
        return shown
    beside = {
        name: value
        for name in operation.beside
        if name in document and (value := _fitted(document[name], root.member(name))) is not _LEFT_OUT
    }
    return {operation.wrapper: shown, **beside}


def summarised(operation: Operation, record: Record) -> dict[str, Any]:
    """What List shows of a record."""
    document, root = _inner(record)
    told = {name: _fitted(document.get(name), catalogue.shape(shape)) for name, shape in operation.told.items()}
    found = {name: value for name, value in told.items() if value is not _LEFT_OUT}
    for name, path in operation.summary.items():
        own = document.get(name) if path[0] != name else None  # a record that a List operation gave
        value = _at(document, path) if own is None else own
        fitted = _fitted(value, _shape_at(root, path))
        if fitted is not _LEFT_OUT:
            found[name] = fitted
    return found


def elements_of(operation: Operation, record: Record) -> list[Any]:
    """The elements of the list inside a record that an operation lists, as the operation gives them."""
    document, _ = _inner(record)
    outer = response.document(record, response.WIRE)
    elements = outer.get(operation.part) or document.get(operation.part)
    kind = catalogue.resource(record.resource)
    reference = kind.root.members.get(operation.part, "TagList")
    fitted = _fitted(elements, catalogue.shape(reference))
    return fitted if isinstance(fitted, list) else []


def _inner(record: Record) -> tuple[dict[str, Any], Structure]:
    """A record's document in the wire's notation, as Describe shows it, and its shape."""
    kind = catalogue.resource(record.resource)
    document = response.document(record, response.WIRE)
    if not kind.inner:
        return document, kind.root
    inner, reached = document.get(kind.inner), kind.root.member(kind.inner)
    if isinstance(inner, dict) and isinstance(reached, Structure):
        return inner, reached
    return {}, kind.root


def _at(document: object, path: tuple[str, ...]) -> object:
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _shape_at(root: Structure, path: tuple[str, ...]) -> Shape:
    reached: Shape = root
    for name in path:
        if not isinstance(reached, Structure):  # pragma: no cover - the generator walks structures only
            raise TypeError
        reached = reached.member(name)
    return reached


def _fitted(value: object, reached: Shape) -> object:
    """A value without what its shape does not have, or `_LEFT_OUT`."""
    match reached:
        case Structure() if isinstance(value, dict):
            return {
                name: fitted
                for name, below in value.items()
                if name in reached.members and (fitted := _fitted(below, reached.member(name))) is not _LEFT_OUT
            }
        case MapOf(element) if isinstance(value, dict):
            inner = catalogue.shape(element)
            found = {key: _fitted(below, inner) for key, below in value.items()}
            return {key: fitted for key, fitted in found.items() if fitted is not _LEFT_OUT}
        case ListOf(element) if isinstance(value, list):
            inner = catalogue.shape(element)
            return [fitted for below in value if (fitted := _fitted(below, inner)) is not _LEFT_OUT]
        case Scalar(kind):
            return _scalar(kind, value)
    return _LEFT_OUT


def _scalar(kind: Kind, value: object) -> object:
    """A plain value of a kind; a truth value that an export spells as text is one (`"False"` of an event)."""
    is_fitting = False
    match kind:
        case Kind.TEXT if isinstance(value, _NUMBERS):  # a hyperparameter that an export spells as a number
            return orjson.dumps(value).decode()
        case Kind.TEXT:
            is_fitting = isinstance(value, str)
        case Kind.BOOLEAN:
            truth = values.boolean_of(value)
            return _LEFT_OUT if isinstance(truth, Unreadable) else truth
        case Kind.TIMESTAMP if isinstance(value, str):  # of a member that records have from a List operation only
            micros = values.timestamp_of(value)
            return _LEFT_OUT if isinstance(micros, Unreadable) else response.WIRE.time(micros)
        case Kind.NUMBER if isinstance(value, str):
            is_fitting = value in _NAMED_NUMBERS
        case _:
            is_fitting = isinstance(value, _NUMBERS) and not isinstance(value, bool)
    return value if is_fitting else _LEFT_OUT
