"""Makes rows and describes of every kind from the service model, so that laws can be asked of all operations."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session

from smsearch.schema import catalogue
from smsearch.schema.operations import Operation, operation

ACCOUNT = "arn:aws:sagemaker:us-east-1:111122223333"
TIME = 1_704_067_200
DEPTH_MAX = 4

RESOURCES = {
    "App": "app/d-{n}/UserProfileName-{n}/JupyterServer/AppName-{n}",
    "HubContent": "hub-content/HubName-{n}/Model/HubContentName-{n}/1.0.{n}",
    "ModelCardExportJob": "model-card/ModelCardName-{n}/export-job/ModelCardExportJobName-{n}",
    "PipelineExecution": "pipeline/PipelineName-{n}/execution/{n}",
}
"""What ARNs are of whose parts a record is told."""


@cache
def model() -> Any:  # noqa: ANN401 - botocore is untyped
    return botocore.session.get_session().get_service_model("sagemaker")


def arn_of(kind: str, number: int) -> str:
    resource = RESOURCES.get(kind, catalogue.resource(kind).arn_type + f"/{kind}-{{n}}")
    return f"{ACCOUNT}:{resource.format(n=number)}"


def example(shape: Any, name: str, number: int, depth: int = 0) -> Any:  # noqa: ANN401 - botocore is untyped
    """A value of a shape with every member, of a union with the first; None if it is too deep, or holds nothing."""
    if depth > DEPTH_MAX and shape.type_name in {"structure", "list", "map"}:
        return None
    match shape.type_name:
        case "structure":
            names = list(shape.members)[:1] if shape.is_tagged_union else list(shape.members)
            below = {member: example(shape.members[member], member, number, depth + 1) for member in names}
            return {member: value for member, value in below.items() if value is not None} or None
        case "list":
            element = example(shape.member, name, number, depth + 1)
            return None if element is None else [element]
        case "map":
            value = example(shape.value, name, number, depth + 1)
            return None if value is None else {"key": value}
        case _:
            return _plain(shape, name, number)


def _plain(shape: Any, name: str, number: int) -> Any:  # noqa: ANN401 - botocore is untyped
    values = {
        "timestamp": TIME + number,
        "boolean": True,
        "integer": number,
        "long": number,
        "float": 0.5,
        "double": 0.5,
    }
    return values.get(shape.type_name) or _text(shape, name, number)


def _text(shape: Any, name: str, number: int) -> str:  # noqa: ANN401 - botocore is untyped
    if getattr(shape, "enum", None):
        return str(shape.enum[0])
    if name.endswith("Arn"):
        return f"{ACCOUNT}:{name.removesuffix('Arn').lower()}/{name.removesuffix('Arn')}Name-{number}"
    return f"{name}-{number}"


def with_identity(kind: str, members: dict[str, Any], number: int, renamed: dict[str, str]) -> dict[str, Any]:
    """A row or describe whose ARN is one of its kind, whatever it calls it."""
    arn = catalogue.resource(kind).arn[-1]
    own = {arn, *(name for name, path in renamed.items() if path == arn)}
    is_own = not catalogue.resource(kind).arn_is_shared
    return {name: arn_of(kind, number) if is_own and name in own else value for name, value in members.items()}


def row(asked: Operation, number: int) -> dict[str, Any]:
    """An element of a List operation's page."""
    element = model().operation_model(asked.name).output_shape.members[asked.results].member
    renamed = {name: ".".join(path) for name, path in asked.summary.items()}
    return with_identity(asked.kind, example(element, "", number), number, renamed)


def describe(name: str, number: int) -> dict[str, Any]:
    """What a Describe operation answers; with a wrapper, the record in it."""
    asked = operation(name)
    shape = model().operation_model(name).output_shape
    inside = shape.members[asked.wrapper] if asked.wrapper else shape
    members = with_identity(asked.kind, example(inside, "", number), number, {})
    beside = {member: example(shape.members[member], member, number) for member in asked.outer}
    return {asked.wrapper: members, **beside} if asked.wrapper else members


def at(members: dict[str, Any], path: str) -> Any:  # noqa: ANN401 - any JSON
    """The value at a path through structures and the first elements of lists, or None."""
    value: Any = members
    for step in path.split("."):
        value = value[0] if isinstance(value, list) and value else value
        value = value.get(step) if isinstance(value, dict) else None
    return value[0] if isinstance(value, list) and value else value
