"""Names that stand for a property: aliases, and names inside a NestedFilters.

An alias is a short name for what every resource calls differently: `status`, `created`, `params.lr`. This module does
not know which properties a resource has. `expand_alias` is given a function that does, because a property of the very
name comes before an alias.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_ATTRIBUTES: Final = frozenset({"attributes", "attribute", "attr", "run"})
"""MLflow's prefixes of what is neither metric, parameter nor tag; here the rest of the name stands alone."""
_PARAMETERS: Final = ("params", "param", "parameters", "parameter", "hp")
_METRICS: Final = ("metrics", "metric")
_TAGS: Final = ("tags", "tag")


def _aliases(*, params: str = "", metrics: str = "", tags: str = "Tags", **names: str) -> Mapping[str, str]:
    """The aliases of one resource; a prefix that is `""` is no alias there."""
    families = {_PARAMETERS: params, _METRICS: metrics, _TAGS: tags}
    prefixes = {alias: family for words, family in families.items() for alias in words}
    whole = {"created": "CreationTime", **names}
    return {**whole, **{f"{alias}.": f"{prefix}." for alias, prefix in prefixes.items() if prefix}}


ALIASES: Final[Mapping[str, Mapping[str, str]]] = {
    "TrainingJob": _aliases(
        name="TrainingJobName",
        status="TrainingJobStatus",
        start_time="TrainingStartTime",
        end_time="TrainingEndTime",
        params="HyperParameters",
        metrics="Metrics",
    ),
    "Experiment": _aliases(name="ExperimentName"),
    "ExperimentTrial": _aliases(name="TrialName"),
    "ExperimentTrialComponent": _aliases(
        name="TrialComponentName",
        status="Status.PrimaryStatus",
        start_time="StartTime",
        end_time="EndTime",
        params="Parameters",
        metrics="Metrics",
    ),
    "Endpoint": _aliases(name="EndpointName", status="EndpointStatus"),
    "Model": _aliases(name="ModelName"),
    "ModelPackage": _aliases(name="ModelPackageName", status="ModelPackageStatus"),
    "ModelPackageGroup": _aliases(name="ModelPackageGroupName", status="ModelPackageGroupStatus"),
    "Pipeline": _aliases(name="PipelineName", status="PipelineStatus"),
    "PipelineExecution": _aliases(
        name="PipelineExecutionDisplayName", status="PipelineExecutionStatus", params="PipelineParameters"
    ),
    "PipelineVersion": _aliases(name="PipelineVersionId", status="LastExecutedPipelineExecutionStatus", tags=""),
    "FeatureGroup": _aliases(name="FeatureGroupName", status="FeatureGroupStatus"),
    "FeatureMetadata": _aliases(name="FeatureName", params="Parameters", tags=""),
    "Image": _aliases(name="ImageName", status="ImageStatus"),
    "ImageVersion": _aliases(name="Version", status="ImageVersionStatus"),
    "Project": _aliases(name="ProjectName", status="ProjectStatus"),
    "HyperParameterTuningJob": _aliases(
        name="HyperParameterTuningJobName",
        status="HyperParameterTuningJobStatus",
        end_time="HyperParameterTuningEndTime",
        params="TrainingJobDefinition.StaticHyperParameters",
    ),
    "ModelCard": _aliases(name="ModelCardName", status="ModelCardStatus"),
    "Job": _aliases(name="JobName", status="JobStatus", end_time="EndTime"),
    "HubContent": _aliases(name="HubContentName", status="HubContentStatus"),
}
"""The aliases of the 20 resources of Search (row R1), in small letters; one that ends in a dot begins a name."""


_DERIVED: Final = {"duration": "DurationInSeconds"}
"""Aliases of properties that smsearch computes."""


def resource_named(name: str) -> str:
    """The resource of a name in any case; a name that is no resource's is returned as it is."""
    return next((resource for resource in ALIASES if folded(resource) == folded(name)), name)


def expand_alias(name: str, resource: str, is_property: Callable[[str], bool]) -> str:
    """The property that a name means for a resource, or the name itself where it is no alias.

    Args:
        name: A property or an alias, aliases in any case.
        resource: The resource that is searched.
        is_property: Whether the resource has a property of this name, in any case of its letters.
    """
    aliases = ALIASES[resource] if resource in ALIASES else _by_rule(resource, is_property)
    target = _target(name, aliases) or _derived(name, is_property)
    if not target or (is_property(name) and not _is_same(name, target)):
        return name
    return target


def _derived(name: str, is_property: Callable[[str], bool]) -> str:
    """The derived property that a name is an alias of, if the resource has it."""
    target = _DERIVED.get(name.lower(), "")
    return target if target and is_property(target) else ""


def _by_rule(resource: str, is_property: Callable[[str], bool]) -> Mapping[str, str]:
    """The aliases of a kind that Search does not know: the first property that it has of those an alias may mean.

    A processing job has a `ProcessingStartTime`, a benchmark job a `StartTime`.
    """
    stem = resource.removesuffix("Job")
    meanings = {
        "status": (f"{resource}Status", "Status", f"{stem}Status"),
        "created": ("CreationTime", "CreatedAt", "CreateDate"),
        "start_time": (f"{stem}StartTime", "StartTime"),
        "end_time": (f"{stem}EndTime", "EndTime", "CompletionTime"),
        "tags.": ("Tags.",),
    }
    targets = {
        alias: next((name for name in names if is_property(name.removesuffix("."))), "")
        for alias, names in meanings.items()
    }
    return {alias: target for alias, target in targets.items() if target}


def _target(name: str, aliases: Mapping[str, str]) -> str:
    first, dot, rest = name.partition(".")
    if not dot:
        return aliases.get(name.lower(), "")
    if not rest or not aliases:
        return ""
    if first.lower() in _ATTRIBUTES:
        return aliases.get(rest.lower(), rest) if "." not in rest else rest
    prefix = aliases.get(f"{first.lower()}.", "")
    return prefix and f"{prefix}{rest}"


def _is_same(name: str, target: str) -> bool:
    """Whether an alias is a property's own name in the API's spelling, or the one comparable member of that property.

    `metrics.loss` is `Metrics.loss`. A trial component's `status` is `Status.PrimaryStatus`, but its `Status` is the
    structure.
    """
    if folded(name) == folded(target):
        return True
    first, dot, _ = target.partition(".")
    return bool(dot) and name != first and folded(name) == folded(first)


def folded(name: str) -> str:
    """A name without case and underscores, which fixed segments of names do not tell apart (row F6)."""
    return name.replace("_", "").lower()


def is_in_full(container: str, name: str) -> bool:
    """Whether a name inside a NestedFilters already begins with the list's name (row E5)."""
    return folded(name).startswith(folded(container) + ".")


def full_name(container: str, name: str) -> str:
    """The full path of a name inside a NestedFilters; one that would be too long to send stays as it is."""
    full = f"{container}.{name}"
    return name if is_in_full(container, name) or len(full) > limits.NAME_LENGTH_MAX else full


def inner_name(container: str, name: str) -> str:
    """A name inside a NestedFilters, as seen from the element."""
    segments = container.count(".") + 1
    return name.split(".", segments)[segments] if is_in_full(container, name) else name


def short_name(container: str, name: str) -> str:
    """The shortest name from which `full_name` makes this one."""
    short = name.removeprefix(f"{container}.")
    return short if short and full_name(container, short) == name else name
