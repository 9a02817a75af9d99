"""Finds which kind a List operation lists, and where in its records each member of a summary comes from.

The table that comes of it is used in both directions: a row that is read puts its members where Search has them, and a
summary that is answered takes them from there. Nothing imports it but the other generators.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grammar.catalogue.kinds import LEFT_OUT, LISTED, PARTS, plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.model import ServiceModel, Shape, StructureShape

SUMMARIES = {
    "CompilationTargetDevice": "OutputConfig.TargetDevice",
    "CompilationTargetPlatformOs": "OutputConfig.TargetPlatform.Os",
    "CompilationTargetPlatformArch": "OutputConfig.TargetPlatform.Arch",
    "CompilationTargetPlatformAccelerator": "OutputConfig.TargetPlatform.Accelerator",
    "LastExecutionPipelineExecutionArn": "LastExecutedPipelineExecutionArn",
    "LastExecutionTime": "LastRunTime",
}
"""Where a summary's member comes from, if no rule finds it."""
SUMMARIES_OF = {
    ("MonitoringSchedule", "MonitoringJobDefinitionName"): "MonitoringScheduleConfig.MonitoringJobDefinitionName",
    ("PipelineExecution", "StartTime"): "CreationTime",
    **{
        (f"{kind}JobDefinition", f"Monitoring{member}"): member
        for kind in ("DataQuality", "ModelBias", "ModelExplainability", "ModelQuality")
        for member in ("JobDefinitionName", "JobDefinitionArn")
    },
}
"""The same for summaries of one kind."""
CREATED = {
    "CreationTime": ("CreatedAt", "CreateDate", "LaunchTime"),
    "CreateDate": ("LastUpdatedDate",),  # a workforce that was never updated has no other date
    "LastModifiedTime": ("LastModifiedAt", "LastUpdatedDate"),
}
"""How other kinds name their times (`ModelCardExportJob`, `Workteam`, `ClusterNode`)."""
_TIMES = {name.lower(): others for name, others in CREATED.items()}
DEPTH_MAX = 4


@dataclass(frozen=True, slots=True)
class Listing:
    """A List operation.

    Attributes:
        operation: Its name.
        kind: The kind that it lists.
        results: The member of its output that holds the summaries.
        element: A summary's shape.
    """

    operation: str
    kind: str
    results: str
    element: StructureShape


class RecordMembers:
    """The members of a kind's records, as Describe shows them."""

    def __init__(self, kind: str, catalogue: Mapping[str, Any]) -> None:
        entry = catalogue["resources"][kind]
        self.key: str = entry["record_key"]
        self.name: str = entry["name"].rpartition(".")[2]
        self.arn: str = entry["arn"].rpartition(".")[2]
        self._shapes = catalogue["shapes"]
        self.members: dict[str, str] = entry["members"]
        if entry["inner"]:
            self.members = self._shapes[self.members[entry["inner"]]]["members"]

    def named(self, *names: str) -> str | None:
        """The first of some names that is a member, in any case and with underscores or without."""
        folded = {fold(member): member for member in self.members}
        spellings = (*names, *(other for name in names for other in _TIMES.get(fold(name), ())))
        return next((folded[fold(name)] for name in spellings if fold(name) in folded), None)

    def of_shape(self, name: str) -> str | None:
        """The one member of a shape."""
        members = [member for member, reference in self.members.items() if reference == name]
        return members[0] if len(members) == 1 else None

    def below(self, name: str) -> str | None:
        """The path of the nearest member of a name inside structures, if it is the only one so near."""
        level: list[tuple[tuple[str, ...], dict[str, str]]] = [((), self.members)]
        for _ in range(DEPTH_MAX):
            paths = [".".join((*path, name)) for path, members in level if name in members]
            if paths:
                return paths[0] if len(paths) == 1 else None
            level = [
                ((*path, member), self._shapes[reference]["members"])
                for path, members in level
                for member, reference in members.items()
                if "members" in (self._shapes.get(reference) or {})
            ]
        return None

    def reference(self, path: str) -> str:
        """The shape at the end of a path through structures."""
        members, reference = self.members, ""
        for name in path.split("."):
            reference = members[name]
            members = (self._shapes.get(reference) or {}).get("members", {})
        return reference

    def status(self, *names: str) -> str | None:
        """As `named`; a status that is a structure (`OfflineStoreStatus`) has its word inside."""
        member = self.named(*names)
        return f"{member}.Status" if "Status" in self.inside(member or "") else member

    def property_of(self, base: str, shape: Shape) -> str | None:
        """The member that the middle of a filter's name means (`Status` of `StatusEquals`)."""
        if base == "Name":
            return self.name
        if base == "Status" or base.endswith("Status"):
            return self.status(base, f"{self.key}{base}") or self.of_shape(shape.name) or self.below(base)
        own = self.named(base, f"{self.key}{base}") or self.below(base)
        many = plural(base)
        return own or (self.named(many) if self.is_list_of_text(many) else None)

    def is_list_of_text(self, name: str) -> bool:
        """Whether a member is a list of plain texts, which compares by any of them (row F22)."""
        return bool(self._shape(name).get("list") == "text")

    def words(self, name: str) -> list[str]:
        """What a member may say, if the model lists it."""
        return list(self._shape(name).get("enum", ()))

    def has(self, path: str) -> bool:
        """Whether a path through structures is one."""
        try:
            self.reference(path)
        except KeyError:
            return False
        return True

    def inside(self, name: str) -> Mapping[str, str]:
        """The members of a member that is a structure."""
        members: Mapping[str, str] = self._shape(name).get("members", {})
        return members

    def _shape(self, name: str) -> Mapping[str, Any]:
        """A member's shape as the catalogue has it; nothing of a plain value, or where there is no such member."""
        shape: Mapping[str, Any] | None = self._shapes.get(self.members.get(name, ""))
        return shape or {}


def fold(name: str) -> str:
    """A name without case and underscores."""
    return name.replace("_", "").lower()


def summary_paths(listing: Listing, catalogue: Mapping[str, Any]) -> dict[str, str]:
    """The members of a summary that a record has too, and where; one that only the List operation tells is missing."""
    record = RecordMembers(listing.kind, catalogue)
    paths = {}
    for name in listing.element.members:
        path = _path(listing, name, record)
        if path is not None:
            paths[name] = path
        elif name.endswith("Summary") and set(listing.element.members[name].members) <= set(
            record.inside(name.removesuffix("Summary"))
        ):
            paths[name] = name.removesuffix("Summary")  # a part of the structure (`SpaceSettingsSummary`)
    return paths


def _path(listing: Listing, name: str, record: RecordMembers) -> str | None:
    if name in record.members:
        return name
    by_hand = SUMMARIES_OF.get((listing.kind, name), SUMMARIES.get(name, ""))
    if by_hand and record.has(by_hand):
        return by_hand
    return record.named(name, name.removeprefix(record.key)) or record.below(name)


def listings(model: ServiceModel, catalogue: Mapping[str, Any]) -> Iterator[Listing]:
    """The List operations of the catalogue's kinds.

    Raises:
        ValueError: A List operation gives structures of no known kind, and does not stand in `LEFT_OUT`.
    """
    keys = {entry["record_key"]: kind for kind, entry in catalogue["resources"].items()}
    for name in sorted(model.operation_names):
        if not name.startswith("List") or name in LEFT_OUT or name in PARTS:
            continue
        fitting = [key for key in keys if re.match(rf"List{plural(key)}(?![a-z])", name)]
        kind = LISTED.get(name) or (keys[max(fitting, key=len)] if fitting else None)
        elements = [
            (member, shape.member)
            for member, shape in model.operation_model(name).output_shape.members.items()
            if shape.type_name == "list" and shape.member.type_name == "structure"
        ]
        if kind is None:
            message = f"{name} lists records of no kind: name it in kinds.py, or leave it out there."
            raise ValueError(message)
        yield Listing(name, kind, *elements[0])
