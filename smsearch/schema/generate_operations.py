"""Generates `operations.json` from botocore's service model: `make schema` runs it after the catalogue.

It says for each Describe and List operation what its input may be, which property of a record each filter asks, and
from where in a record each member of its output comes. Where the service model names a thing twice (`StatusEquals`
and `TrainingJobStatus`), the rules are here, and so are the few names that follow no rule. Nothing imports it but
`generate.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.model import OperationModel, ServiceModel, Shape, StructureShape

PATHS = {
    ("ListTrialComponents", "TrialName"): "Parents.TrialName",
    ("ListTrialComponents", "ExperimentName"): "Parents.ExperimentName",
    ("ListTrialComponents", "SourceArn"): "Source.SourceArn",
    ("ListMonitoringSchedules", "MonitoringJobDefinitionName"): "MonitoringScheduleConfig.MonitoringJobDefinitionName",
    ("ListTrials", "TrialComponentName"): "TrialComponentSummaries.TrialComponentName",
}
"""Where a filter's values lie, if no rule finds it."""
OWNERS = {
    ("ListTrainingJobsForHyperParameterTuningJob", "HyperParameterTuningJobName"): (
        "TuningJobArn",
        "HyperParameterTuningJob",
    ),
}
"""The member that holds the ARN of another kind's record, whose name the filter gives, if no rule finds it."""
SUMMARIES = {
    "CompilationTargetDevice": "OutputConfig.TargetDevice",
    "CompilationTargetPlatformOs": "OutputConfig.TargetPlatform.Os",
    "CompilationTargetPlatformArch": "OutputConfig.TargetPlatform.Arch",
    "CompilationTargetPlatformAccelerator": "OutputConfig.TargetPlatform.Accelerator",
    "LastExecutionTime": "LastRunTime",
    "MonitoringJobDefinitionName": "MonitoringScheduleConfig.MonitoringJobDefinitionName",
}
"""Where a summary's member comes from, if no rule finds it."""
BOUNDS = ("min", "max", "pattern")
PLAIN = {"string": "text", "timestamp": "timestamp"}
"""The catalogue's words for plain members that only a List operation tells."""
SCALARS = {"string", "integer", "long", "float", "double", "timestamp", "boolean"}
PAGING = {"NextToken", "MaxResults", "SortBy", "SortOrder"}
CREATED = {"CreationTime": "CreatedAt", "LastModifiedTime": "LastModifiedAt"}
"""How kinds that were added later name their times (`ModelCardExportJob`)."""
MOMENTS = {"Created": "CreationTime", "Modified": "LastModifiedTime", "ModifiedTime": "LastModifiedTime"}
DEPTH_MAX = 4


class _Record:
    """The members of a kind's records, as Describe shows them."""

    def __init__(self, kind: str, catalogue: Mapping[str, Any]) -> None:
        written = catalogue["resources"][kind]
        self.key: str = written["record_key"]
        self.name: str = written["name"].rpartition(".")[2]
        self.arn: str = written["arn"].rpartition(".")[2]
        self._shapes = catalogue["shapes"]
        self.members: dict[str, str] = written["members"]
        if written["inner"]:
            self.members = self._shapes[self.members[written["inner"]]]["members"]

    def named(self, *names: str) -> str | None:
        """The first of some names that is a member, in any case and with underscores or without."""
        folded = {_fold(member): member for member in self.members}
        wanted = (*names, *(CREATED[name] for name in names if name in CREATED))
        return next((folded[_fold(name)] for name in wanted if _fold(name) in folded), None)

    def of_shape(self, name: str) -> str | None:
        """The one member of a shape."""
        found = [member for member, reference in self.members.items() if reference == name]
        return found[0] if len(found) == 1 else None

    def below(self, name: str) -> str | None:
        """The path of the nearest member of a name inside structures, if it is the only one so near."""
        level: list[tuple[tuple[str, ...], dict[str, str]]] = [((), self.members)]
        for _ in range(DEPTH_MAX):
            found = [".".join((*path, name)) for path, members in level if name in members]
            if found:
                return found[0] if len(found) == 1 else None
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
        found = self.named(*names)
        inside = (self._shapes.get(self.members.get(found or "", "")) or {}).get("members", {})
        return f"{found}.Status" if "Status" in inside else found

    def property_of(self, base: str, shape: Shape) -> str | None:
        """The member that the middle of a filter's name means (`Status` of `StatusEquals`)."""
        if base == "Name":
            return self.name
        if base == "Status" or base.endswith("Status"):
            return self.status(base, f"{self.key}{base}") or self.of_shape(shape.name) or self.below(base)
        return self.named(base, f"{self.key}{base}") or self.below(base)


def _fold(name: str) -> str:
    return name.replace("_", "").lower()


def _plain(shape: Shape) -> str:
    return re.sub("<[^>]+>", "", shape.documentation or "")


def _default(shape: Shape, allowed: list[str], otherwise: str) -> str:
    """The default that a member's documentation names, if it names one of those allowed."""
    text = _plain(shape)
    found = re.search(r"[Dd]efaults? (?:value )?(?:is|to) (\w+)", text) or re.search(r"by default.*?(\w+) order", text)
    word = found[1] if found else ""
    near = next((value for value in allowed if _fold(value) == _fold(word)), None)
    return near or next((value for value in allowed if _fold(value) == _fold(otherwise)), allowed[0])


def _input(shape: StructureShape) -> dict[str, dict[str, Any]]:
    members: dict[str, dict[str, Any]] = {}
    for name, member in shape.members.items():
        said: dict[str, Any] = {"type": str(member.type_name)}
        enum = list(getattr(member, "enum", ()) or ())
        if enum:
            said["enum"] = enum
        bounds = {bound: member.metadata[bound] for bound in BOUNDS if bound in member.metadata}
        said.update({bound: value for bound, value in bounds.items() if bound != "pattern" or _is_python(value)})
        if name in shape.required_members:
            said["required"] = True
        members[name] = said
    return members


def _is_python(pattern: str) -> bool:
    """Whether Python reads a pattern; the service's are Java's."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _split(name: str) -> tuple[str, str]:
    for ending, test in (("Equals", "equals"), ("Contains", "contains"), ("After", "after"), ("Before", "before")):
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending), test
    return name, "equals"


def _filters(operation: OperationModel, record: _Record, kinds: Mapping[str, Any]) -> dict[str, list[str]]:
    """What each filter asks: `[path, test]`, or `[path, "owner", kind]` for the name of another kind's record."""
    filters: dict[str, list[str]] = {}
    for name, shape in operation.input_shape.members.items():
        if name in PAGING or shape.type_name not in SCALARS:
            continue
        base, test = _split(name)
        path = PATHS.get((operation.name, name)) or record.property_of(MOMENTS.get(base, base), shape)
        owner = name.removesuffix("Name")
        if (operation.name, name) in OWNERS:
            arn, owner = OWNERS[operation.name, name]
            filters[name] = [arn, "owner", owner]
        elif path is not None and not (base == name and test == "equals" and name in MOMENTS):
            is_time = test in {"after", "before"}
            if not is_time or record.reference(path) == "timestamp":
                filters[name] = [path, test]
        elif name.endswith("Name") and owner in kinds and f"{owner}Arn" in record.members:
            filters[name] = [f"{owner}Arn", "owner", owner]
    return filters


def _is_offered(operation: OperationModel, filters: Mapping[str, object]) -> bool:
    required = set(operation.input_shape.required_members)
    return required <= filters.keys()


def _sorts(shape: Shape | None, record: _Record, status: str | None) -> dict[str, str]:
    found = {}
    for value in getattr(shape, "enum", ()) or ():
        path = record.name if _fold(value) == "name" else record.status(value, f"{record.key}{value}")
        path = path or (status if _fold(value) == "status" else None)
        if path is not None:
            found[str(value)] = path
    return found


def _summary(element: StructureShape, record: _Record) -> dict[str, str]:
    found = {}
    for name in element.members:
        path = SUMMARIES.get(name) or (record.named(name) if record.named(name) == name else None)
        path = path or record.named(name.removeprefix(record.key)) or record.below(name)
        if path is not None and _root(path) in record.members:
            found[name] = path
    return found


def _told(element: StructureShape, summary: Mapping[str, str], shapes: Mapping[str, Any]) -> dict[str, str]:
    """The members that only the List operation tells, and their shapes: no other operation shows them."""
    references = {
        name: shape.name if shape.name in shapes else PLAIN.get(shape.type_name)
        for name, shape in element.members.items()
        if name not in summary
    }
    return {name: reference for name, reference in references.items() if reference is not None}


def _root(path: str) -> str:
    return path.partition(".")[0]


def _listed(model: ServiceModel, name: str, catalogue: Mapping[str, Any]) -> tuple[str, str, Any] | None:
    """The kind that a List operation lists, the member of its output that holds them, and an element's shape."""
    keys = {written["record_key"]: kind for kind, written in catalogue["resources"].items()}
    fitting = [key for key in keys if re.match(rf"List{_plural(key)}(?![a-z])", name)]
    for key in sorted(fitting, key=len, reverse=True):
        record = _Record(keys[key], catalogue)
        for member, shape in model.operation_model(name).output_shape.members.items():
            element = getattr(shape, "member", None)
            if (
                element is not None
                and element.type_name == "structure"
                and {record.arn, record.name} & set(element.members)
            ):
                return keys[key], member, element
    return None


def _plural(key: str) -> str:
    return key.removesuffix("y") + "ies" if key.endswith("y") else key + "s"


def _describe(operation: OperationModel, kind: str, catalogue: Mapping[str, Any]) -> dict[str, object] | None:
    record = _Record(kind, catalogue)
    filters = _filters(operation, record, catalogue["resources"])
    if not _is_offered(operation, filters):
        return None
    return {
        "kind": kind,
        "input": _input(operation.input_shape),
        "filters": filters,
        "output": [name for name in operation.output_shape.members if name in record.members],
        "errors": [shape.name for shape in operation.error_shapes],
    }


def _list(
    operation: OperationModel, found: tuple[str, str, Any], catalogue: Mapping[str, Any]
) -> dict[str, object] | None:
    kind, results, element = found
    record = _Record(kind, catalogue)
    filters = _filters(operation, record, catalogue["resources"])
    if not _is_offered(operation, filters):
        return None
    members = operation.input_shape.members
    sort_by, order, size = members.get("SortBy"), members.get("SortOrder"), members.get("MaxResults")
    status = next((path for name, (path, *_) in filters.items() if "Status" in name), None)
    sorts = _sorts(sort_by, record, status)
    allowed = list(getattr(order, "enum", ())) or ["Ascending", "Descending"]
    pages = re.search(r"[Dd]efaults? (?:value )?(?:is|to) (\d+)", _plain(size)) if size is not None else None
    summary = _summary(element, record)
    return {
        "kind": kind,
        "input": _input(operation.input_shape),
        "filters": filters,
        "sorts": sorts,
        "sort_by": _default(sort_by, list(sorts), "CreationTime") if sorts else "",
        "sort_order": _default(order, allowed, "Descending") if order is not None else "Descending",
        "page_size": int(pages[1]) if pages else 10,
        "results": results,
        "summary": summary,
        "told": _told(element, summary, catalogue["shapes"]),
        "errors": [shape.name for shape in operation.error_shapes],
    }


def operations(model: ServiceModel, catalogue: Mapping[str, Any]) -> dict[str, object]:
    """Every operation that records of the catalogue's kinds can answer, as JSON-ready data."""
    return dict(_operations(model, catalogue))


def _operations(model: ServiceModel, catalogue: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    described = {
        name: kind
        for kind, written in catalogue["resources"].items()
        for name in (f"Describe{written['record_key']}", f"Describe{written['record_key']}V2")
    }
    for name in sorted(model.operation_names):
        written = None
        if name in described:
            written = _describe(model.operation_model(name), described[name], catalogue)
        elif name.startswith("List") and (found := _listed(model, name, catalogue)) is not None:
            written = _list(model.operation_model(name), found, catalogue)
        elif name == "ListTags":
            written = {"kind": "", "input": _input(model.operation_model(name).input_shape)}
        if written is not None:
            yield name, written
