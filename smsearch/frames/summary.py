"""The columns of a table that nobody chose: what tells a person one record from another, and answers the query.

They are found in the service model by rules that hold for every kind of record. This module reads no value but the name
of a tuning job's objective.
"""

from __future__ import annotations

import re
from collections import Counter
from enum import Enum
from typing import TYPE_CHECKING, Final

from smsearch.frames import columns
from smsearch.frozen import frozen
from smsearch.schema import read
from smsearch.schema.catalogue import Structure, fold, shape
from smsearch.schema.derived import DURATION, with_derived
from smsearch.schema.value_kinds import ValueType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record

METRICS: Final = "Metrics."
_PHASES: Final = ("Creation", "Start", "End", "Modified")
_MACHINE_TYPE: Final = "InstanceType"
_MACHINE_COUNTS: Final = ("InstanceCount", "InitialInstanceCount")
_OBJECTIVE_NAME: Final = "HyperParameters._tuning_objective_metric"
"""Where a tuning job tells its training jobs which metric is its objective."""
_OBJECTIVE_VALUE: Final = re.compile(r"(?:.*\.)?Final\w*ObjectiveMetric\.Value")
_LAST: Final = ".Last"
_METRIC_RANK: Final = 4
_FAILURE: Final = "FailureReason"


class Look(Enum):
    """How the values of a column become one text."""

    VALUE = "as they are"
    DURATION = "seconds in greater units"
    MACHINES = "a type and a count in turn"


@frozen
class SummaryColumn:
    """A column of a summary.

    Attributes:
        heading: What a query calls it where there is such a word; else the property's name.
        properties: What its cells are made of.
        look: How.
        width_rank: Which column a narrow table leaves out first: that of the greatest rank; 0 for none.
    """

    heading: str
    properties: tuple[Property, ...]
    look: Look = Look.VALUE
    width_rank: int = 0

    @property
    def is_unasked_metric(self) -> bool:
        """Whether it is the metric that a query did not ask about."""
        return self.width_rank == _METRIC_RANK

    @property
    def is_numeric(self) -> bool:
        """Whether it shows numbers, or durations."""
        return self.look is Look.DURATION or (self.look is Look.VALUE and self.properties[0].kind.is_number)

    @property
    def is_property(self) -> bool:
        """Whether it shows the values of one property under its own name."""
        return self.look is Look.VALUE and self.heading == self.properties[0].name


def summary(
    records: Sequence[Record],
    schema: Schema,
    mentioned: Iterable[str] = (),
    coverage: Mapping[Property, int] | None = None,
) -> tuple[SummaryColumn, ...]:
    """Name, status, creation, duration, machines, a metric, then what the query mentions.

    Where it mentions the status, why records failed comes before what else it mentions.

    Args:
        records: The records shown; what none of them has is left out, unless the query mentions it.
        schema: Their schema.
        mentioned: Names that the query filters or sorts by.
        coverage: What `columns.coverage` gives for the records, if the caller has it.
    """
    counts = columns.coverage(records, schema) if coverage is None else coverage
    observed = {prop.name: prop for prop in counts}
    asked = [schema.property(name) for name in mentioned]
    found = [
        *_identity(schema, observed),
        *_status(schema, observed, asked),
        *_times(schema, observed, asked),
        *_machines(schema, observed),
        *_metric(records, {prop.name: count for prop, count in counts.items()}, observed, asked),
    ]
    if _FAILURE in observed and status_property(schema) in asked:
        found.append(SummaryColumn(_FAILURE, (observed[_FAILURE],)))
    there = {column.properties[0].name for column in found if column.look is not Look.MACHINES}
    found += [SummaryColumn(prop.name, (prop,)) for prop in dict.fromkeys(asked) if prop.name not in there]
    return tuple(found)


def in_order(props: Iterable[Property], schema: Schema) -> list[Property]:
    """Properties as frames show them: names, status, times and metrics first, the rest as the catalogue has it."""
    status = status_property(schema)
    first = [*identity_names(schema), *([status.name] if status else []), *(prop.name for prop in times(schema))]
    places = {name: place for place, name in enumerate(first)}

    def place(prop: Property) -> int:
        return places.get(prop.name, len(first) + (not prop.name.startswith(METRICS)))

    return sorted(columns.in_order(props, schema), key=place)


def identity_names(schema: Schema) -> tuple[str, ...]:
    """The record's own name, and what tells apart records that share it: group, version, the owner of their ARN."""
    resource = schema.resource
    key = resource.record_key
    owner = f"{resource.arn[-1].removesuffix('Arn')}Name"
    paths = [".".join(path) for path in (resource.name_path, *resource.key)]
    others = [f"{key}GroupName", owner, f"{key}Version", resource.version]
    members = resource.root.members
    return tuple(dict.fromkeys([*paths, *(name for name in others if name in members and name != "Id")]))


def _identity(schema: Schema, observed: Mapping[str, Property]) -> Iterator[SummaryColumn]:
    names = [name for name in identity_names(schema) if name in observed]
    own = ".".join(schema.resource.name_path)
    if not names:
        arn = ".".join(schema.resource.arn)
        names = [arn if arn in observed else own]
    for name in names:
        yield SummaryColumn("name" if name == own else name, (schema.property(name),))


def _status(schema: Schema, observed: Mapping[str, Property], asked: Sequence[Property]) -> Iterator[SummaryColumn]:
    prop = status_property(schema)
    if prop is not None and (prop.name in observed or prop in asked):
        yield SummaryColumn("status", (prop,))


def status_property(schema: Schema) -> Property | None:
    """`<record>Status`, else the primary status of a trial component, else the first member so called."""
    members = schema.resource.root.members
    others = [member for member in members if member.endswith("Status")]
    for name in (f"{schema.resource.record_key}Status", "Status.PrimaryStatus", "Status", *others):
        if schema.knows(name):
            prop = schema.property(name)
            if prop.kind.type is ValueType.TEXT:
                return prop
    return None


def _times(schema: Schema, observed: Mapping[str, Property], asked: Sequence[Property]) -> Iterator[SummaryColumn]:
    """The first time that a record has, mostly its creation, and how long it took, also where the schema is strict."""
    own = times(schema)
    first = next((prop for prop in own if prop.name in observed), None)
    if first is not None:
        is_creation = first.name.rpartition(".")[2] == "CreationTime"
        yield SummaryColumn("created" if is_creation else first.name, (first,), width_rank=1)
    duration = with_derived(schema).derived.get(fold(DURATION))
    if duration is not None and all(prop.name in observed for prop in duration.inputs):
        yield SummaryColumn("duration", (duration,), Look.DURATION, width_rank=0 if duration in asked else 2)


def times(schema: Schema) -> list[Property]:
    """The record's own times: creation, start, end, last modification, then others."""
    root = schema.resource.root
    inner = shape(root.members[schema.resource.inner]) if schema.resource.inner else root
    if not isinstance(inner, Structure):
        return []
    props = [schema.property(member) for member in inner.members]
    return sorted((prop for prop in props if prop.kind.is_time), key=lambda prop: _phase(prop.name))


def _phase(name: str) -> int:
    """When in a record's life a time is: TrainingStartTime comes after CreationTime."""
    stem = name.removesuffix("Time")
    return next((place for place, word in enumerate(_PHASES) if stem.endswith(word)), len(_PHASES))


def _machines(schema: Schema, observed: Mapping[str, Property]) -> Iterator[SummaryColumn]:
    """The types of machines, and how many of each, wherever the service model has a type."""
    pairs: list[Property] = []
    for prop in schema.properties():
        before, _, last = prop.name.rpartition(".")
        if last != _MACHINE_TYPE or not _is_there(prop, observed):
            continue
        counts = (f"{before}.{name}" if before else name for name in _MACHINE_COUNTS)
        count = next((schema.property(name) for name in counts if schema.knows(name)), None)
        pairs += [prop, count or prop]
    if pairs:
        yield SummaryColumn("instances", tuple(pairs), Look.MACHINES, width_rank=3)


def _is_there(prop: Property, observed: Mapping[str, Property]) -> bool:
    """Whether a record has the property, or the list that it is in."""
    name = prop.name
    while name and name not in observed:
        name = name.rpartition(".")[0] if prop.is_many else ""
    return bool(name)


def _metric(
    records: Iterable[Record],
    counts: Mapping[str, int],
    observed: Mapping[str, Property],
    asked: Iterable[Property],
) -> Iterator[SummaryColumn]:
    """The tuning objective, else the metric that most records have; none where the query asks about one."""
    if any(prop.name.startswith(METRICS) for prop in asked):
        return
    values = [name for name in observed if _OBJECTIVE_VALUE.fullmatch(name)]
    metrics = [name for name, prop in observed.items() if name.startswith(METRICS) and prop.kind.is_number]
    objective = f"{METRICS}{_objective(records, observed)}"
    usual = sorted(metrics, key=lambda name: (-counts[name], not name.endswith(_LAST)))
    for name in [name for name in (objective, *values, *usual) if name in observed][:1]:
        yield SummaryColumn(name, (observed[name],), width_rank=_METRIC_RANK)


def _objective(records: Iterable[Record], observed: Mapping[str, Property]) -> str:
    """The objective that most of the records' tuning jobs have, or `""`."""
    prop = observed.get(_OBJECTIVE_NAME)
    if prop is None:
        return ""
    names = Counter(str(raw).strip('"') for record in records for raw in read.raw_values(record.document, prop.steps))
    return names.most_common(1)[0][0]
