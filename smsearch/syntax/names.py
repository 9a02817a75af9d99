"""Short names for what every resource calls differently: `status`, `created`, `params.lr`.

The table is data, one line a resource. Which properties a resource has is not known here: `expand` is given a
function to ask, because a property of the very name always wins over an alias.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ATTRIBUTES: Final = "attributes"
"""MLflow's prefix of what is neither metric, parameter nor tag; here such a name simply stands alone."""


@dataclass(frozen=True, slots=True)
class Aliases:
    """What the aliases mean for one resource; `""` where it has no such property.

    The first six are whole names, the last three are first segments.
    """

    name: str
    status: str = ""
    created: str = "CreationTime"
    start_time: str = ""
    end_time: str = ""
    params: str = ""
    metrics: str = ""
    tags: str = "Tags"

    def whole(self, name: str) -> str:
        """The property that a whole name is an alias of, or `""`."""
        names = {
            "name": self.name,
            "status": self.status,
            "created": self.created,
            "start_time": self.start_time,
            "end_time": self.end_time,
        }
        return names.get(name.lower(), "")

    def first_segment(self, segment: str) -> str:
        """The first segment that another one is an alias of, or `""`."""
        segments = {"params": self.params, "hp": self.params, "metrics": self.metrics, "tags": self.tags}
        return segments.get(segment.lower(), "")


BY_RESOURCE: Final[Mapping[str, Aliases]] = {
    "TrainingJob": Aliases(
        name="TrainingJobName",
        status="TrainingJobStatus",
        start_time="TrainingStartTime",
        end_time="TrainingEndTime",
        params="HyperParameters",
        metrics="Metrics",
    ),
    "Experiment": Aliases(name="ExperimentName"),
    "ExperimentTrial": Aliases(name="TrialName"),
    "ExperimentTrialComponent": Aliases(
        name="TrialComponentName",
        status="Status.PrimaryStatus",
        start_time="StartTime",
        end_time="EndTime",
        params="Parameters",
        metrics="Metrics",
    ),
    "Endpoint": Aliases(name="EndpointName", status="EndpointStatus"),
    "Model": Aliases(name="ModelName"),
    "ModelPackage": Aliases(name="ModelPackageName", status="ModelPackageStatus"),
    "ModelPackageGroup": Aliases(name="ModelPackageGroupName", status="ModelPackageGroupStatus"),
    "Pipeline": Aliases(name="PipelineName", status="PipelineStatus"),
    "PipelineExecution": Aliases(
        name="PipelineExecutionDisplayName", status="PipelineExecutionStatus", params="PipelineParameters"
    ),
    "PipelineVersion": Aliases(name="PipelineVersionId", status="LastExecutedPipelineExecutionStatus", tags=""),
    "FeatureGroup": Aliases(name="FeatureGroupName", status="FeatureGroupStatus"),
    "FeatureMetadata": Aliases(name="FeatureName", params="Parameters", tags=""),
    "Image": Aliases(name="ImageName", status="ImageStatus"),
    "ImageVersion": Aliases(name="Version", status="ImageVersionStatus"),
    "Project": Aliases(name="ProjectName", status="ProjectStatus"),
    "HyperParameterTuningJob": Aliases(
        name="HyperParameterTuningJobName",
        status="HyperParameterTuningJobStatus",
        end_time="HyperParameterTuningEndTime",
        params="TrainingJobDefinition.StaticHyperParameters",
    ),
    "ModelCard": Aliases(name="ModelCardName", status="ModelCardStatus"),
    "Job": Aliases(name="JobName", status="JobStatus", end_time="EndTime"),
    "HubContent": Aliases(name="HubContentName", status="HubContentStatus"),
}
"""The 20 resources of Search (row R1)."""


def resource_named(name: str) -> str:
    """The resource of a name in any case; a name that is none comes back as it is."""
    return next((resource for resource in BY_RESOURCE if folded(resource) == folded(name)), name)


def expand_alias(name: str, resource: str, known: Callable[[str], bool]) -> str:
    """The property that a name means for a resource, or the name itself where it is no alias.

    Args:
        name: A property or an alias, aliases in any case.
        resource: The resource that is asked.
        known: Whether the resource has a property of this name, in any case of its letters.
    """
    target = _target(name, resource)
    if not target or (known(name) and not _is_same(name, target)):
        return name
    return target


def _target(name: str, resource: str) -> str:
    aliases = BY_RESOURCE.get(resource)
    if aliases is None:
        return ""
    head, dot, rest = name.partition(".")
    if not dot or not rest:
        return aliases.whole(name)
    if head.lower() == ATTRIBUTES:
        return aliases.whole(rest) or rest
    first = aliases.first_segment(head)
    return first and f"{first}.{rest}"


def _is_same(name: str, target: str) -> bool:
    """Whether an alias is the known property itself in the API's spelling, or its one comparable member.

    `metrics.loss` is `Metrics.loss`; a trial component's `status` is `Status.PrimaryStatus`, but its `Status` is
    the structure.
    """
    if folded(name) == folded(target):
        return True
    head, dot, _ = target.partition(".")
    return bool(dot) and name != head and folded(name) == folded(head)


def folded(name: str) -> str:
    """A name without case and underscores, which fixed segments of names do not tell apart (row F6)."""
    return name.replace("_", "").lower()


def is_in_full(container: str, name: str) -> bool:
    """Whether a name inside a NestedFilters already begins with the list's name."""
    return folded(name).startswith(folded(container) + ".")


def full_name(container: str, name: str) -> str:
    """The full path of a name inside a NestedFilters; one that would be too long to send stays as it is."""
    full = f"{container}.{name}"
    return name if is_in_full(container, name) or len(full) > limits.NAME_LENGTH_MAX else full


def inner_name(container: str, name: str) -> str:
    """A name inside a NestedFilters from the element on."""
    segments = container.count(".") + 1
    return name.split(".", segments)[segments] if is_in_full(container, name) else name


def short_name(container: str, name: str) -> str:
    """The shortest name that `full_name` makes this one of."""
    short = name.removeprefix(f"{container}.")
    return short if short and full_name(container, short) == name else name
