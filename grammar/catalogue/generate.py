"""Generates `catalogue.json`, `operations.json` and `writes.json` from botocore's model of SageMaker: `make schema`.

The only module of this folder that imports botocore; nothing imports it but its tests. It writes what the service
model says and no judgement of ours, save what stands in `kinds.py`, which the model does not state.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grammar.catalogue.kinds import (
    ADDED,
    ADDED_SHAPES,
    ARN_TYPES,
    ID,
    KEYS,
    LEFT_OUT,
    LISTED,
    PARENTS,
    RECORD_KEYS,
    SHARED_ARN,
    UNTAGGED,
    VERSIONS,
    identity,
)
from grammar.catalogue.listings import listings, summary_paths
from grammar.catalogue.operations import operations as operations_of
from grammar.catalogue.writes import readings
from grammar.catalogue.writes import writes as writes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.model import ServiceModel, Shape, StructureShape

_SCHEMA = Path(__file__).resolve().parents[2] / "smsearch" / "schema"
TARGET = _SCHEMA / "catalogue.json"
OPERATIONS = _SCHEMA / "operations.json"
WRITES = _SCHEMA / "writes.json"

SCALARS = {
    "string": "text",
    "character": "text",
    "blob": "text",
    "integer": "integer",
    "long": "integer",
    "float": "number",
    "double": "number",
    "timestamp": "timestamp",
    "boolean": "boolean",
}
JSON = "json"
"""The reference of a text that the model says is JSON."""
FILLED = "filled"
"""The reference of a text that is never `""` (row F5)."""
_CLASS = re.compile(r"\\[pP]\{\w+\}")
"""A class of characters by its Unicode property, which Python's patterns do not have."""


def _may_be_empty(shape: Shape, name: str) -> bool:
    """Whether the model allows `""` as a text: no least length, no pattern that it does not match, and no ARN."""
    if name.endswith("Arn") or shape.name.endswith("Arn") or int(shape.metadata.get("min", 0)) > 0:
        return False
    pattern = str(shape.metadata.get("pattern", ""))
    return not pattern or re.fullmatch(_CLASS.sub(r"\\w", pattern), "") is not None


PAGING = {"NextToken"}
"""Members of a Describe's output that are no members of the record: a list of it goes on in a next answer."""

REQUIRED = ("record_key", "searchable", "arn", "name", "arn_is_shared", "inner", "sort", "lists")
"""What the catalogue says of every kind; the rest, only where there is something to say."""

SORTS = ("LastModifiedTime", "CreationTime", "LastUpdatedDate", "CreatedAt", "EventTime", "LaunchTime", "StartTime")
"""Times that order records where nothing is said, the first that a kind has (row R6)."""


class _Shapes:
    """The shapes that were met, each written once under its own name."""

    def __init__(self) -> None:
        self.written: dict[str, object] = dict(ADDED_SHAPES)

    def reference(self, shape: Shape, name: str = "") -> str:
        """The word that stands for a shape under a member's name: a scalar's kind, or the name of a written shape."""
        enum = list(getattr(shape, "enum", ()) or ())
        if shape.type_name in SCALARS and not enum:
            if shape.serialization.get("jsonvalue"):
                return JSON
            kind = SCALARS[str(shape.type_name)]
            return kind if kind != "text" or _may_be_empty(shape, name) else FILLED
        if shape.name not in self.written:
            self.written[shape.name] = None  # stands in while the members are written: shapes may recur
            self.written[shape.name] = self._write(shape, enum)
        return str(shape.name)

    def members(self, shape: StructureShape) -> dict[str, str]:
        return {name: self.reference(member, name) for name, member in shape.members.items()}

    def merged(self, members: Mapping[str, str], others: Mapping[str, str]) -> dict[str, str]:
        """The members of two structures; of a member that both have in other shapes, those of both shapes."""
        merged = {**members, **others}
        for name in members.keys() & others.keys():
            one, other = members[name], others[name]
            if one != other:
                self.written[f"{one}.{other}"] = {"members": {**_members_of(self, one), **_members_of(self, other)}}
                merged[name] = f"{one}.{other}"
        return merged

    def _write(self, shape: Any, enum: list[str]) -> object:  # noqa: ANN401 - botocore's shapes are untyped
        if enum:
            return {"enum": enum}
        if shape.type_name == "structure":
            union = {"union": True} if shape.is_tagged_union else {}
            return {"members": self.members(shape), **union}
        if shape.type_name == "list":
            return {"list": self.reference(shape.member)}
        return {"map": self.reference(shape.value)}


def _described(model: ServiceModel, kind: str) -> StructureShape | None:
    operation = f"Describe{kind}"
    if operation not in model.operation_names:
        return None
    shape: StructureShape = model.operation_model(operation).output_shape
    return shape


def _wrapper(shape: StructureShape) -> str:
    """The member of a Describe's output that holds the record, where the output is none itself (`Workteam`)."""
    is_record = any(member.type_name in SCALARS for member in shape.members.values())
    return "" if is_record else str(next(iter(shape.members)))


def _shown(model: ServiceModel, kind: str) -> tuple[str, Mapping[str, Shape]]:
    """What Describe shows of a kind: the member that holds the record or `""`, and the record's members."""
    shape = _described(model, kind)
    if shape is None:
        return "", {}
    wrapper = _wrapper(shape)
    if not wrapper:
        return "", shape.members
    others = {name: member for name, member in shape.members.items() if name != wrapper}
    return wrapper, {**others, **shape.members[wrapper].members}


def _kinds(model: ServiceModel) -> list[str]:
    """The resources of Search, then the other kinds that are described, then those that are only listed.

    Raises:
        ValueError: A Describe operation shows records of no known identity, and does not stand in `LEFT_OUT`.
    """
    kinds = [str(name) for name in model.shape_for("ResourceType").enum]
    kinds_and_keys = {*kinds, *RECORD_KEYS.values()}
    for operation in model.operation_names:
        kind = operation.removeprefix("Describe")
        if kind == operation or operation in LEFT_OUT or {kind, kind.removesuffix("V2")} & kinds_and_keys:
            continue
        _, members = _shown(model, kind)
        if not {*identity(kind, kind)} <= {*members, *PARENTS.get(kind, ())}:
            message = f"{operation} shows records of no identity: name it in kinds.py, or leave it out there."
            raise ValueError(message)
        kinds.append(kind)
        kinds_and_keys.add(kind)
    return [*kinds, *(kind for kind in dict.fromkeys(LISTED.values()) if kind not in kinds_and_keys)]


def _record_members(model: ServiceModel, shapes: _Shapes, resource: str) -> tuple[dict[str, str], str, str]:
    """A kind's members as Search and Describe have them; the member that holds what Describe shows; the wrapper."""
    key = RECORD_KEYS.get(resource, resource)
    record = model.shape_for("SearchRecord").members.get(key)
    members = shapes.members(record) if record is not None else {}
    if _described(model, key) is None:
        return members, "", ""
    wrapper, described = _shown(model, key)
    shown = {name: shapes.reference(shape) for name, shape in described.items() if name not in PAGING}
    if key in members:  # the record wraps the described resource (ModelDashboardModel.Model)
        shapes.written[f"{key}.{key}"] = {"members": {**shown, **_members_of(shapes, members[key])}}
        return {**members, key: f"{key}.{key}"}, key, ""
    later = _described(model, f"{key}V2")  # it describes what both versions have made
    both = shapes.merged(shapes.members(later), shown) if later is not None else shown
    return {**both, **members}, "", wrapper


def _resource(model: ServiceModel, shapes: _Shapes, resource: str) -> dict[str, Any]:
    key = RECORD_KEYS.get(resource, resource)
    members, inner, wrapper = _record_members(model, shapes, resource)
    arn, name = identity(resource, key)
    sort = _sort(members, "CreationTime" if inner else name) if members else ""  # a summary may tell of other times
    for member, shape in PARENTS.get(resource, {}).items():
        members.setdefault(member, shapes.reference(model.shape_for(shape)))
    members |= ADDED.get(resource, {})
    if resource in KEYS:
        members[ID] = "text"
    if not inner and resource not in UNTAGGED and (resource not in SHARED_ARN):
        members.setdefault("Tags", shapes.reference(model.shape_for("TagList")))
    entry = {
        "record_key": key,
        "searchable": resource in model.shape_for("ResourceType").enum,
        "arn": arn,
        "name": name,
        "arn_is_shared": resource in SHARED_ARN,
        "arn_type": ARN_TYPES.get(resource, ""),
        "version": VERSIONS.get(resource, ""),
        "key": [*KEYS.get(resource, ())],
        "inner": inner,
        "wrapper": wrapper,
        "sort": sort,
        "lists": {},
    }
    return {**{name: value for name, value in entry.items() if value or name in REQUIRED}, "members": members}


def _sort(members: Mapping[str, str], otherwise: str) -> str:
    """The property that orders records where nothing is said (row R6)."""
    return next((name for name in SORTS if name in members), otherwise)


def _with_lists(model: ServiceModel, shapes: _Shapes, catalogue: dict[str, Any]) -> None:
    """Writes under which members List operations return a kind's records, and what they call otherwise.

    What only a List operation tells of a kind that Search does not know is a member of the kind's records.
    """
    for listing in listings(model, catalogue):
        resource = catalogue["resources"][listing.kind]
        paths = summary_paths(listing, catalogue)
        only = {name: shape for name, shape in listing.element.members.items() if name not in paths}
        references = {name: shapes.reference(shape) for name, shape in only.items()}
        if not resource["searchable"]:
            resource["members"].update(references)
        renamed = resource["lists"].setdefault(listing.results, {})
        renamed.update({name: path for name, path in paths.items() if path != name})
    for resource in catalogue["resources"].values():
        resource["sort"] = resource["sort"] or _sort(resource["members"], resource["name"])
        resource["members"] = {name: resource["members"][name] for name in sorted(resource["members"])}
        resource["lists"] = {name: resource["lists"][name] for name in sorted(resource["lists"])}


def _members_of(shapes: _Shapes, name: str) -> dict[str, str]:
    entry: Any = shapes.written[name]
    members: dict[str, str] = entry["members"]
    return members


def _service_model() -> ServiceModel:
    import botocore.session

    model: ServiceModel = botocore.session.get_session().get_service_model("sagemaker")
    return model


def generate() -> dict[str, Any]:
    """The catalogue as JSON-ready data."""
    import botocore

    model = _service_model()
    shapes = _Shapes()
    catalogue: dict[str, Any] = {
        "source": {
            "botocore": botocore.__version__,
            "service": "sagemaker",
            "api_version": model.api_version,
        },
        "resources": {kind: _resource(model, shapes, kind) for kind in _kinds(model)},
        "shapes": shapes.written,
    }
    _with_lists(model, shapes, catalogue)
    catalogue["shapes"] = {name: shapes.written[name] for name in sorted(shapes.written)}
    return catalogue


def generate_operations(catalogue: Mapping[str, Any]) -> dict[str, Any]:
    """The operations over a catalogue's records as JSON-ready data."""
    return {"source": catalogue["source"], "operations": operations_of(_service_model(), catalogue)}


def generate_writes(catalogue: Mapping[str, Any], operations: Mapping[str, Any]) -> dict[str, Any]:
    """The operations that write, and those that read and are not answered, as JSON-ready data."""
    model = _service_model()
    return {
        "source": catalogue["source"],
        "writes": writes_of(model, catalogue, operations),
        "readings": dict.fromkeys(readings(model, operations), True),
    }


def text_of(content: Mapping[str, Any]) -> str:
    """Content as JSON with a line for each kind, shape and operation, so that a change of one is a change of a line."""
    sections = []
    for name, section in content.items():
        lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in section.items())
        sections.append(f" {json.dumps(name)}: {{\n{lines}\n }}")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def main() -> None:
    """Writes the catalogue, the operations and the writes into `smsearch/schema/`."""
    catalogue = generate()
    operations = generate_operations(catalogue)
    writes = generate_writes(catalogue, operations["operations"])
    for target, content in ((TARGET, catalogue), (OPERATIONS, operations), (WRITES, writes)):
        target.write_text(text_of(content), encoding="utf-8")
        sys.stdout.write(f"wrote {target.name}\n")


if __name__ == "__main__":
    main()
