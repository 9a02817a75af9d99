"""Compares what was served with what a client's dump holds, and says where they differ. It knows no client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smsearch.schema import catalogue
from smsearch.schema.operations import operation
from tests.service import model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clients.requests import Request


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT = _Absent()


@dataclass(frozen=True, slots=True)
class Difference:
    """One place of a record where the two are not the same.

    Attributes:
        path: The members that lead there; an element of a list is `[]`, of a map of the user's own keys its key.
        served: What was served there.
        back: What the dump, read back, has there.
    """

    path: tuple[str, ...]
    served: Any
    back: Any


def differences(request: Request, served: Any, back: Any) -> Iterator[Difference]:  # noqa: ANN401 - any JSON
    """Where two answers of one request differ, in what the service model has.

    Records of lists are compared by what tells them apart, in whatever order they come.
    """
    shape = model.model().operation_model(request.operation).output_shape
    start = (request.operation,)
    if not request.results:
        yield from _differences(start, _modelled(served, shape), _modelled(back, shape))
        return
    element = shape.members[request.results].member
    one, other = (
        {identity(request, record): record for record in (_modelled(record, element) for record in records)}
        for records in (served, back)
    )
    assert len(one) == len(served), f"an identity stands for two records of {request.line}"
    for key in {**one, **other}:
        yield from _differences(start, one.get(key, ABSENT), other.get(key, ABSENT))


def _modelled(value: Any, shape: Any) -> Any:  # noqa: ANN401 - any JSON, and botocore is untyped
    """What the service model has of a value: other members are lost to every client that is made from it."""
    if shape.type_name == "structure" and isinstance(value, dict):
        return {name: _modelled(value[name], below) for name, below in shape.members.items() if name in value}
    if shape.type_name == "list" and isinstance(value, list):
        return [_modelled(element, shape.member) for element in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: _modelled(below, shape.value) for key, below in value.items()}
    return value


def identity(request: Request, record: dict[str, Any]) -> tuple[str, ...]:
    """What tells the records of a page apart: their ARN, name and version."""
    if request.operation == "Search":
        resource = catalogue.resource(request.input["Resource"])
        record = record[resource.record_key]
        record = record[resource.inner] if resource.inner else record
        names = {resource.arn[-1], resource.name_path[-1]}
    else:
        asked = operation(request.operation)
        resource = catalogue.resource(asked.kind)
        names = {name for name, path in asked.summary.items() if path[-1] in (resource.arn[-1], resource.name_path[-1])}
    return tuple(str(record.get(name)) for name in sorted(names | {name for name in record if "Version" in name}))


def _differences(path: tuple[str, ...], served: Any, back: Any) -> Iterator[Difference]:  # noqa: ANN401 - any JSON
    if isinstance(served, dict) and isinstance(back, dict):
        for name in {**served, **back}:
            yield from _differences((*path, name), served.get(name, ABSENT), back.get(name, ABSENT))
    elif isinstance(served, list) and isinstance(back, list) and len(served) == len(back):
        for one, other in zip(served, back, strict=True):
            yield from _differences((*path, "[]"), one, other)
    elif served != back:
        yield Difference(path, served, back)
