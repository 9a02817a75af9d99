"""Generates `operations.json` from botocore's service model: `make schema` runs it after the catalogue.

It says for each Describe and List operation what its input may be, which property of a record each filter asks, and
from where in a record each member of its output comes. Where the service model names a thing twice (`StatusEquals`
and `TrainingJobStatus`), the rules are here, and so are the few names that follow no rule. Nothing imports it but
`generate.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from grammar.catalogue.kinds import BATCHES, LEFT_OUT, PARTS
from grammar.catalogue.listings import Listing, RecordMembers, fold, listings, summary_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.model import OperationModel, ServiceModel, Shape, StructureShape

PATHS = {
    ("DescribeClusterNode", "NodeId"): "InstanceId",
    ("DescribeGlobalInferenceGateway", "Identifier"): "Arn",
    ("ListCandidatesForAutoMLJob", "StatusEquals"): "CandidateStatus",
    ("ListClusterEvents", "NodeId"): "InstanceId",
    ("ListDevices", "ModelName"): "Models.ModelName",
    ("ListMlflowApps", "DefaultForDomainId"): "DefaultDomainIdList",
    ("ListMonitoringSchedules", "MonitoringJobDefinitionName"): "MonitoringScheduleConfig.MonitoringJobDefinitionName",
    ("ListNotebookInstances", "AdditionalCodeRepositoryEquals"): "AdditionalCodeRepositories",
    ("ListOptimizationJobs", "OptimizationContains"): "OptimizationTypes",
    ("ListPipelineExecutions", "PipelineVersionAlias"): "PipelineVersionAliases",
    ("ListSubscribedWorkteams", "NameContains"): "MarketplaceTitle",
    ("ListTrialComponents", "SourceArn"): "Source.SourceArn",
}
"""Where a filter's values lie, if no rule finds it."""
OWNERS = {
    ("ListInferenceGateways", "Identifier"): ("GlobalInferenceGatewayArn", "GlobalInferenceGateway"),
    ("ListTrainingJobsForHyperParameterTuningJob", "HyperParameterTuningJobName"): (
        "TuningJobArn",
        "HyperParameterTuningJob",
    ),
}
"""The member that holds the ARN of another kind's record, whose name the filter gives, if no rule finds it."""
TESTS = {
    ("ListClusters", "TrainingPlanArn"): ["TrainingPlanArns", "training_plan"],
    ("ListGlobalInferenceGateways", "Filters"): ["Status", "named"],
    ("ListHubContentVersions", "MaxSchemaVersion"): ["DocumentSchemaVersion", "at_most"],
    ("ListHubContentVersions", "MinVersion"): ["HubContentVersion", "at_least"],
    ("ListHubContents", "MaxSchemaVersion"): ["DocumentSchemaVersion", "at_most"],
    ("ListInferenceGateways", "Filters"): ["Status", "named"],
    ("ListModelPackageGroups", "CrossAccountFilterOption"): ["ModelPackageGroupArn", "account"],
    ("ListModelPackages", "ModelPackageType"): ["ModelPackageVersion", "versioned"],
    ("ListPipelines", "ManagedBy"): ["PipelineArn", "manager"],
    ("ListStageDevices", "ExcludeDevicesDeployedInOtherStage"): ["DeployedStageName", "unless_elsewhere"],
    ("ListTrainingPlans", "Filters"): ["Status", "named"],
    ("ListTrialComponents", "ExperimentName"): ["Parents.ExperimentName", "components_of_experiment"],
    ("ListTrialComponents", "TrialName"): ["Parents.TrialName", "components_of_trial"],
    ("ListTrials", "TrialComponentName"): ["TrialComponentSummaries.TrialComponentName", "trials_of_component"],
}
"""What filters ask that compare in a way of their own: the property, and the test (`service/questions.py`)."""
OTHERWISE = {("TransformJob", "LastModifiedTime"): ["TransformEndTime", "CreationTime"]}
"""Times that stand for one that a describe does not show."""
SORTS = {
    ("ListCandidatesForAutoMLJob", "FinalObjectiveMetricValue"): "FinalAutoMLJobObjectiveMetric.Value",
    ("ListCandidatesForAutoMLJob", "Status"): "CandidateStatus",
    ("ListHubs", "AccountIdOwner"): "HubArn",
}
"""What SortBy's values mean, if no rule finds it."""
BOUNDS = ("min", "max", "pattern")
EMPTY: dict[str, Any] = {"list": [], "map": {}}
"""What a list or a map is that nothing is known of."""
PLAIN = {"string": "text", "timestamp": "timestamp"}
"""The catalogue's words for plain members that only a List operation tells."""
SCALARS = {"string", "integer", "long", "float", "double", "timestamp", "boolean"}
ENDINGS = {"Equals": "equals", "Contains": "contains", "After": "after", "Before": "before", "Prefix": "prefix"}
"""How filters' names end, and what they ask."""
PAGING = {"NextToken", "MaxResults", "SortBy", "SortOrder"}
MOMENTS = {"Created": "CreationTime", "Modified": "LastModifiedTime", "ModifiedTime": "LastModifiedTime"}


def _plain(shape: Shape) -> str:
    return re.sub("<[^>]+>", "", shape.documentation or "")


def _default(shape: Shape, allowed: list[str], otherwise: str) -> str:
    """The default that a member's documentation names, if it names one of those allowed."""
    text = _plain(shape)
    match = re.search(r"[Dd]efaults? (?:value )?(?:is|to) (\w+)", text) or re.search(r"by default.*?(\w+) order", text)
    word = match[1] if match else ""
    near = next((value for value in allowed if fold(value) == fold(word)), None)
    return near or next((value for value in allowed if fold(value) == fold(otherwise)), allowed[0])


def input_of(shape: StructureShape) -> dict[str, dict[str, Any]]:
    """The members of an operation's input, and their constraints."""
    members: dict[str, dict[str, Any]] = {}
    for name, member in shape.members.items():
        constraints: dict[str, Any] = {"type": str(member.type_name)}
        enum = list(getattr(member, "enum", ()) or ())
        if enum:
            constraints["enum"] = enum
        bounds = {bound: member.metadata[bound] for bound in BOUNDS if bound in member.metadata}
        constraints.update({bound: value for bound, value in bounds.items() if bound != "pattern" or _is_python(value)})
        if name in shape.required_members:
            constraints["required"] = True
        members[name] = constraints
    return members


def _is_python(pattern: str) -> bool:
    """Whether Python reads a pattern; the service's are Java's."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _split(name: str) -> tuple[str, str]:
    for ending, test in ENDINGS.items():
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending), test
    return name, "equals"


def _filters(operation: OperationModel, record: RecordMembers, kinds: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What each filter asks: `[path, test]`, or `[path, "owner", kind]` for the name of another kind's record.

    A fourth entry has the members that stand for a time that a record may lack.
    """
    filters: dict[str, list[Any]] = {}
    for name, shape in operation.input_shape.members.items():
        if (operation.name, name) in TESTS:
            filters[name] = TESTS[operation.name, name]
            continue
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
                if (record.key, path) in OTHERWISE:
                    filters[name] += ["", OTHERWISE[record.key, path]]
        elif name.endswith("Name") and owner in kinds and f"{owner}Arn" in record.members:
            filters[name] = [f"{owner}Arn", "owner", owner]
    return filters


def _sorts(operation: OperationModel, shape: Shape | None, record: RecordMembers, status: str | None) -> dict[str, str]:
    """The properties that SortBy's values mean."""
    paths = {}
    for value in getattr(shape, "enum", ()) or ():
        path = SORTS.get((operation.name, value))
        path = path or (record.name if fold(value) == "name" else record.status(value, f"{record.key}{value}"))
        path = path or (status if fold(value) == "status" else None)
        if path is not None:
            paths[str(value)] = path
    return paths


def _describe(operation: OperationModel, kind: str, catalogue: Mapping[str, Any]) -> dict[str, object]:
    record = RecordMembers(kind, catalogue)
    wrapper = catalogue["resources"][kind].get("wrapper", "")
    shape = operation.output_shape
    inside = shape.members[wrapper].members if wrapper else shape.members
    outer = [name for name in shape.members if wrapper and name != wrapper]
    return {
        "kind": kind,
        "input": input_of(operation.input_shape),
        "filters": _filters(operation, record, catalogue["resources"]),
        "output": [name for name in inside if name in record.members],
        "errors": [error.name for error in operation.error_shapes],
        **({"wrapper": wrapper, "outer": outer} if wrapper else {}),
        **_empty(shape.members[wrapper] if wrapper else shape),
    }


def _empty(shape: StructureShape) -> dict[str, dict[str, Any]]:
    """What the members of an output are that the model demands, where a record has nothing of the kind."""
    types = {name: shape.members[name].type_name for name in shape.required_members}
    empty = {name: EMPTY[kind] for name, kind in types.items() if kind in EMPTY}
    empty |= {name: "" for name in types if name == "NextToken"}  # of lists that go on, which a record's do not
    return {"empty": empty} if empty else {}


def _list(operation: OperationModel, listing: Listing, catalogue: Mapping[str, Any]) -> dict[str, object]:
    record = RecordMembers(listing.kind, catalogue)
    filters = _filters(operation, record, catalogue["resources"])
    members = operation.input_shape.members
    sort_by, order, size = members.get("SortBy"), members.get("SortOrder"), members.get("MaxResults")
    status = next((path for name, (path, *_) in filters.items() if "Status" in name), None)
    sorts = _sorts(operation, sort_by, record, status)
    allowed = list(getattr(order, "enum", ())) or ["Ascending", "Descending"]
    pages = re.search(r"[Dd]efaults? (?:value )?(?:is|to) (\d+)", _plain(size)) if size is not None else None
    summary = summary_paths(listing, catalogue)
    entry = {
        "kind": listing.kind,
        "input": input_of(operation.input_shape),
        "filters": filters,
        "sorts": sorts,
        "sort_by": _default(sort_by, list(sorts), "CreationTime") if sorts else "",
        "sort_order": _default(order, allowed, "Descending") if order is not None else "Descending",
        "page_size": int(pages[1]) if pages else 10,
        "results": listing.results,
        "summary": summary,
        "unrecorded": _unrecorded(listing.element, summary, catalogue["shapes"]),
        "cut_to": _cut_to(listing.element, summary),
        "errors": [error.name for error in operation.error_shapes],
        **_empty(listing.element),
    }
    return {name: value for name, value in entry.items() if value or name not in {"unrecorded", "cut_to"}}


def _cut_to(element: StructureShape, summary: Mapping[str, str]) -> dict[str, list[str]]:
    """The members of a summary that have some members only of a record's structure, and which (`SpaceSettings`)."""
    return {
        name: list(element.members[name].members)
        for name, path in summary.items()
        if element.members[name].type_name == "structure" and name == f"{path}Summary"
    }


def _unrecorded(element: StructureShape, summary: Mapping[str, str], shapes: Mapping[str, Any]) -> dict[str, str]:
    """The members that only the List operation tells of a kind that Search knows, and their shapes."""
    return {
        name: shape.name if shape.name in shapes else PLAIN[shape.type_name]
        for name, shape in element.members.items()
        if name not in summary
    }


def operations(model: ServiceModel, catalogue: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every operation that records of the catalogue's kinds can answer, as JSON-ready data.

    Raises:
        ValueError: An operation demands a member that asks for nothing that a record has.
    """
    entries = dict(_operations(model, catalogue))
    for name, operation in entries.items():
        required = {member for member, constraints in operation["input"].items() if constraints.get("required")}
        if not required <= operation["filters"].keys():
            message = f"{name} demands {required - operation['filters'].keys()}: say in PATHS where it lies."
            raise ValueError(message)
    return entries


def described_by(catalogue: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The names of the operations that describe a record of each kind, whether or not the model has them."""
    for kind, entry in catalogue["resources"].items():
        yield f"Describe{entry['record_key']}", kind
        yield f"Describe{entry['record_key']}V2", kind


def _operations(model: ServiceModel, catalogue: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    kind_of = dict(described_by(catalogue))
    listing_of = {listing.operation: listing for listing in listings(model, catalogue)}
    for name in sorted(model.operation_names):
        operation = model.operation_model(name)
        if name in kind_of and name not in LEFT_OUT:
            yield name, _describe(operation, kind_of[name], catalogue)
        elif name in listing_of:
            yield name, _list(operation, listing_of[name], catalogue)
        elif name in BATCHES:
            yield name, _batch(operation, *BATCHES[name], catalogue)
        elif name in PARTS:
            yield name, _list_inside(operation, *PARTS[name], catalogue)


def _batch(
    operation: OperationModel, kind: str, arns: str, results: str, catalogue: Mapping[str, Any]
) -> dict[str, Any]:
    """An operation that describes several records by their ARNs, each as a summary."""
    element = operation.output_shape.members[results].value
    record = RecordMembers(kind, catalogue)
    return {
        "kind": kind,
        "input": input_of(operation.input_shape),
        "filters": {arns: [record.arn, "equals"]},
        "batch": arns,
        "results": results,
        "summary": summary_paths(Listing(operation.name, kind, results, element), catalogue),
        "errors": [error.name for error in operation.error_shapes],
        **_empty(element),
    }


def _list_inside(operation: OperationModel, kind: str, member: str, catalogue: Mapping[str, Any]) -> dict[str, Any]:
    """A List operation that gives the elements of a list inside one record."""
    filters = _filters(operation, RecordMembers(kind, catalogue), catalogue["resources"]) if kind else {}
    return {
        "kind": kind,
        "input": input_of(operation.input_shape),
        "filters": filters or {"ResourceArn": ["", "equals"]},
        "list_member": member,
        "errors": [error.name for error in operation.error_shapes],
    }
