"""Generates `catalogue.json` and `operations.json` from botocore's service model of SageMaker: `make schema`.

The only module that imports botocore, and only when it is run; nothing imports it. It writes what the service
model says and no judgement of ours, save the few identities in `IDENTITY`, which the model does not state.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smsearch.schema.generate_operations import operations

if TYPE_CHECKING:
    from botocore.model import ServiceModel, Shape, StructureShape

TARGET = Path(__file__).with_name("catalogue.json")
OPERATIONS = Path(__file__).with_name("operations.json")

RECORD_KEYS = {"ExperimentTrial": "Trial", "ExperimentTrialComponent": "TrialComponent"}
"""Resources whose records stand under another key in a result (semantics row R2)."""

IDENTITY = {
    "FeatureMetadata": ("FeatureGroupArn", "FeatureName"),
    "ImageVersion": ("ImageVersionArn", "Version"),
    "Model": ("Model.ModelArn", "Model.ModelName"),
    "PipelineExecution": ("PipelineExecutionArn", "PipelineExecutionDisplayName"),
    "PipelineVersion": ("PipelineArn", "PipelineVersionId"),
}
"""(ARN member, name member) of the resources where they are not `<Resource>Arn` and `<Resource>Name`."""

UNTAGGED = {"FeatureMetadata", "PipelineVersion"}
"""Resources that carry no tags; an export of any other may have them joined in."""

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


class _Shapes:
    """The shapes that were met, each written once under its own name."""

    def __init__(self) -> None:
        self.written: dict[str, object] = {}

    def reference(self, shape: Shape) -> str:
        """The word that stands for a shape: a scalar's kind, or the name of a written shape."""
        enum = list(getattr(shape, "enum", ()) or ())
        if shape.type_name in SCALARS and not enum:
            return SCALARS[str(shape.type_name)]
        if shape.name not in self.written:
            self.written[shape.name] = None  # stands in while the members are written: shapes may recur
            self.written[shape.name] = self._write(shape, enum)
        return str(shape.name)

    def members(self, shape: StructureShape) -> dict[str, str]:
        return {name: self.reference(member) for name, member in shape.members.items()}

    def _write(self, shape: Any, enum: list[str]) -> object:  # noqa: ANN401 - botocore's shapes are untyped
        if enum:
            return {"enum": enum}
        if shape.type_name == "structure":
            return {"members": self.members(shape)}
        if shape.type_name == "list":
            return {"list": self.reference(shape.member)}
        return {"map": self.reference(shape.value)}


def _described(model: ServiceModel, kind: str) -> StructureShape | None:
    operation = f"Describe{kind}"
    if operation not in model.operation_names:
        return None
    shape: StructureShape = model.operation_model(operation).output_shape
    return shape


def _kinds(model: ServiceModel) -> list[str]:
    """The resources of Search, then every other kind that a Describe operation shows with its own name."""
    searchable = [str(name) for name in model.shape_for("ResourceType").enum]
    described = [name.removeprefix("Describe") for name in model.operation_names if name.startswith("Describe")]
    others = []
    for kind in described:
        shape = _described(model, kind)
        if shape is None or kind in RECORD_KEYS.values() or kind in searchable:
            continue
        if {f"{kind}Arn", f"{kind}Name"} <= set(shape.members):
            others.append(kind)
    return searchable + others


def _list_keys(model: ServiceModel, kind: str, identity: tuple[str, str]) -> list[str]:
    """The members under which List operations return records of a kind (`TrainingJobSummaries`)."""
    own = {member.rpartition(".")[2] for member in identity}
    keys = []
    for name in model.operation_names:
        if not name.startswith(f"List{kind}s"):
            continue
        for key, member in model.operation_model(name).output_shape.members.items():
            element = getattr(member, "member", None)
            if element is not None and element.type_name == "structure" and own & set(element.members):
                keys.append(key)
    return sorted(set(keys))


def _resource(model: ServiceModel, shapes: _Shapes, resource: str) -> dict[str, object]:
    key = RECORD_KEYS.get(resource, resource)
    record = model.shape_for("SearchRecord").members.get(key)
    members = shapes.members(record) if record is not None else {}
    inner = ""
    described = _described(model, key)
    if described is not None and key in members:
        inner = key  # the record wraps the described resource (ModelDashboardModel.Model)
        wrapped = shapes.members(described)
        shapes.written[f"{key}.{inner}"] = {"members": {**wrapped, **_members_of(shapes, members[key])}}
        members[key] = f"{key}.{inner}"
    elif described is not None:
        later = _described(model, f"{key}V2")  # it describes what both versions have made
        members = {**(shapes.members(later) if later is not None else {}), **shapes.members(described), **members}
    if resource not in UNTAGGED and not inner:
        members.setdefault("Tags", shapes.reference(model.shape_for("TagList")))
    identity = IDENTITY.get(resource, (f"{key}Arn", f"{key}Name"))
    searchable = resource in model.shape_for("ResourceType").enum
    return {
        "record_key": key,
        "searchable": searchable,
        "arn": identity[0],
        "name": identity[1],
        "arn_is_shared": not identity[0].endswith(f"{key}Arn"),
        "inner": inner,
        "list_keys": _list_keys(model, key, identity),
        "members": {name: members[name] for name in sorted(members)},
    }


def _members_of(shapes: _Shapes, name: str) -> dict[str, str]:
    written: Any = shapes.written[name]
    members: dict[str, str] = written["members"]
    return members


def _service_model() -> ServiceModel:
    import botocore.session

    model: ServiceModel = botocore.session.get_session().get_service_model("sagemaker")
    return model


def generate() -> dict[str, object]:
    """The catalogue as JSON-ready data."""
    import botocore

    model = _service_model()
    shapes = _Shapes()
    resources = {kind: _resource(model, shapes, kind) for kind in _kinds(model)}
    return {
        "source": {
            "botocore": botocore.__version__,
            "service": "sagemaker",
            "api_version": model.api_version,
        },
        "resources": resources,
        "shapes": {name: shapes.written[name] for name in sorted(shapes.written)},
    }


def generate_operations(catalogue: dict[str, object]) -> dict[str, object]:
    """The operations over a catalogue's records as JSON-ready data."""
    return {"source": catalogue["source"], "operations": operations(_service_model(), catalogue)}


def main() -> None:
    """Writes the catalogue and the operations beside this module."""
    catalogue = generate()
    for target, content in ((TARGET, catalogue), (OPERATIONS, generate_operations(catalogue))):
        target.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(f"wrote {target.name}\n")


if __name__ == "__main__":
    main()
