"""Derived properties: what a kind's records have by a formula, and the service does not know (rows V1 to V6).

Which of them a kind has follows from the members that the service model gives it. They are properties as any other, and
stand in a schema only where a text, the command or a frame may name them. It knows no record and no engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from smsearch.frozen import replace
from smsearch.schema import catalogue, value_kinds
from smsearch.schema.catalogue import Scalar, fold
from smsearch.schema.names import Schema
from smsearch.schema.property import Computed, Property

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from smsearch.schema.prices import Prices
    from smsearch.schema.value_kinds import Kind

DURATION: Final = "DurationInSeconds"
QUEUED: Final = "QueuedInSeconds"
INSTANCE_SECONDS: Final = "InstanceSeconds"
COST: Final = "Cost"
_CREATED: Final = "CreationTime"
_ENDS: Final = ("EndTime", "CompletionTime")
_CLUSTERS: Final = ("ResourceConfig", "ProcessingResources.ClusterConfig", "TransformResources")
"""Where kinds say how many instances of which type a job has."""
_IMAGES: Final = (
    "AlgorithmSpecification.TrainingImage",
    "TrainingJobDefinition.AlgorithmSpecification.TrainingImage",
    "AppSpecification.ImageUri",
    "PrimaryContainer.Image",
)
"""Where kinds say which image runs."""


def with_derived(schema: Schema, prices: Prices | None = None) -> Schema:
    """A schema with the derived properties of its kind; with prices, Cost among them."""
    return replace(schema, derived=_DerivedProperties(schema.resource.name, prices))


class _DerivedProperties(Mapping[str, Property]):
    """The derived properties of a kind by their folded names, made when one is asked for: few queries name any."""

    def __init__(self, kind: str, prices: Prices | None) -> None:
        self._kind = kind
        self._prices = prices

    def __getitem__(self, name: str) -> Property:
        return _of_kind(self._kind, self._prices)[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_of_kind(self._kind, self._prices))

    def __len__(self) -> int:
        return len(_of_kind(self._kind, self._prices))


@cache
def _of_kind(kind: str, prices: Prices | None) -> Mapping[str, Property]:
    """The derived properties of a kind by their folded names."""
    return {fold(prop.name): prop for prop in _derived(Schema(catalogue.resource(kind)), prices)}


def _derived(schema: Schema, prices: Prices | None) -> Iterator[Property]:
    from smsearch.schema import formulas

    start, end, created = _start(schema), _end(schema), _optional(schema, _CREATED)
    duration = None
    if end is not None and (start or created) is not None:
        duration = _property(DURATION, value_kinds.SECONDS, formulas.seconds_between, start=start or created, end=end)
        yield duration
    if start is not None and created is not None:
        yield _property(QUEUED, value_kinds.SECONDS, formulas.seconds_between, start=created, end=start)
    yield from _of_instances(schema, _optional(schema, "BillableTimeInSeconds") or duration, prices)
    arn = _optional(schema, "TuningJobArn")
    if arn is not None:
        name = schema.property(".".join(schema.resource.name_path))
        yield _property("TuningJobName", value_kinds.TEXT, formulas.tuning_job_name, arn=arn, name=name)
    image = next((schema.property(path) for path in _IMAGES if schema.knows(path)), None)
    if image is not None:
        yield _property("ImageRepository", value_kinds.TEXT, formulas.image_repository, image=image)
        yield _property("ImageTag", value_kinds.TEXT, formulas.image_tag, image=image)


def _of_instances(schema: Schema, seconds: Property | None, prices: Prices | None) -> Iterator[Property]:
    """InstanceSeconds and Cost, of kinds whose jobs say on how many instances they ran, and how long."""
    from smsearch.schema import formulas

    cluster = next((path for path in _CLUSTERS if schema.knows(f"{path}.InstanceCount")), None)
    if seconds is None or cluster is None:
        return
    counts = {
        "seconds": seconds,
        "count": _optional(schema, f"{cluster}.InstanceCount"),
        "group_count": _optional(schema, f"{cluster}.InstanceGroups.InstanceCount"),
    }
    yield _property(INSTANCE_SECONDS, value_kinds.SECONDS, formulas.INSTANCE_SECONDS, **counts)
    if prices is not None:
        types = {
            "type": _optional(schema, f"{cluster}.InstanceType"),
            "group_type": _optional(schema, f"{cluster}.InstanceGroups.InstanceType"),
            "arn": schema.property(".".join(schema.resource.arn)) if prices.depend_on_region else None,
        }
        yield _property(COST, value_kinds.DECIMAL, formulas.Cost(prices.by_type), **counts, **types)


def _property(
    name: str, kind: Kind, formula: Callable[..., Decimal | str | None], /, **inputs: Property | None
) -> Property:
    """A property that a formula computes of those of its inputs that the kind has."""
    there = tuple((parameter, prop) for parameter, prop in inputs.items() if prop is not None)
    return Property(name, kind, (Computed(formula, there, kind),))


def _start(schema: Schema) -> Property | None:
    """When a record's work began: `ProcessingStartTime`, or `StartTime`."""
    end = _end(schema)
    return None if end is None else _optional(schema, f"{_stem(end.name)}StartTime")


def _end(schema: Schema) -> Property | None:
    """When a record's work ended: the first member that is called so."""
    for name in schema.resource.root.members:
        member = schema.resource.root.member(name)
        if name.endswith(_ENDS) and isinstance(member, Scalar) and member.kind.is_time:
            return schema.property(name)
    return None


def _stem(name: str) -> str:
    return next(name.removesuffix(end) for end in _ENDS if name.endswith(end))


def _optional(schema: Schema, name: str) -> Property | None:
    return schema.property(name) if schema.knows(name) else None
