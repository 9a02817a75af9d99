"""Recognises the shapes in which records are exported, by their content (docs: the project's data/README.md).

Envelopes are opened until a record's own members are reached; what they say about it goes along. The spelling of
members is `normalise.py`'s business. It knows no file and no line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import ExportError
from smsearch.schema import catalogue
from smsearch.schema.catalogue import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHOWN_KEYS: Final = 8


@dataclass(frozen=True, slots=True)
class Recognised:
    """A record's members, still spelled as they came.

    Attributes:
        kind: The record's kind in the catalogue.
        members: Its members.
        is_partial: Whether the source leaves members out.
    """

    kind: str
    members: Mapping[str, Any]
    is_partial: bool = False


def recognise(value: object, key: str = "") -> Iterator[Recognised]:
    """The records in a parsed document.

    Args:
        value: The document.
        key: The member of a response that it is an element of, or `""`.

    Raises:
        ExportError: It is none of the shapes; what came before was yielded.
    """
    if isinstance(value, list):
        for element in value:
            yield from recognise(element, key)
    elif not isinstance(value, dict):
        raise ExportError(f"It is {_word(value)} and not a record.", hint="A record is a JSON object.")
    elif key in _by_list_key():
        yield _listed(value, key)
    else:
        yield from _opened(value)


def _word(value: object) -> str:
    return {str: "a text", bool: "a truth value", type(None): "null"}.get(type(value), "a number")


def _opened(value: dict[str, Any]) -> Iterator[Recognised]:
    """Opens an envelope, or takes the object for a record."""
    if "Results" in value and isinstance(value["Results"], list):  # a page of Search
        yield from recognise(value["Results"])
    elif "status_code" in value and isinstance(value.get("data"), dict):  # a recorded response
        yield from _opened(value["data"])
    elif "detail-type" in value and isinstance(value.get("detail"), dict):  # an event
        yield _event(value)
    elif value.get("resourceType") == "sagemaker":  # a Step Functions task
        yield _task(value)
    elif (kind := _wrapped_kind(value)) is not None:  # a result of Search
        yield Recognised(kind, value[catalogue.resource(kind).record_key])
    elif (
        key := next((key for key in value if key in _by_list_key() and isinstance(value[key], list)), None)
    ) is not None:
        if _bare_kind(value) is not None and len(value) > _PAGE_MEMBERS_MAX:
            yield _bare(value)  # a record with a list of that name, such as a model with its endpoints
        else:
            for element in value[key]:
                yield from recognise(element, key)
    else:
        yield _bare(value)


_PAGE_MEMBERS_MAX: Final = 4
"""Members that a page of a List operation has at most: the list, NextToken, ResponseMetadata, and one more."""


def _wrapped_kind(value: dict[str, Any]) -> str | None:
    if len(value) != 1:
        return None
    name, inner = next(iter(value.items()))
    return catalogue.by_record_key().get(name) if isinstance(inner, dict) else None


@cache
def _by_list_key() -> Mapping[str, str]:
    """Member of a List operation's response to the kind it lists."""
    keys: dict[str, str] = {}
    for name in catalogue.kinds():
        for key in catalogue.resource(name).list_keys:
            keys.setdefault(key, name)
    return keys


def _listed(value: dict[str, Any], key: str) -> Recognised:
    kind = _by_list_key()[key]
    return Recognised(kind, _wrapped(kind, _lifted_summary(value)), is_partial=True)


def _wrapped(kind: str, members: Mapping[str, Any]) -> Mapping[str, Any]:
    """What Describe returns, put where the record of Search has it (a model)."""
    inner = catalogue.resource(kind).inner
    return {inner: members} if inner and inner not in members else members


def _lifted_summary(value: dict[str, Any]) -> dict[str, Any]:
    """A tuning job's summary of a training job says hyperparameters and metric under names of its own."""
    lifted = dict(value)
    tuned = value.get("TunedHyperParameters")
    if isinstance(tuned, dict):
        lifted.setdefault("HyperParameters", tuned)
    metric = value.get("FinalHyperParameterTuningJobObjectiveMetric")
    if isinstance(metric, dict) and "MetricName" in metric:
        pair = {name: metric[name] for name in ("MetricName", "Value") if name in metric}
        lifted.setdefault("FinalMetricDataList", [pair])
    return lifted


def _event(value: dict[str, Any]) -> Recognised:
    """An EventBridge event: the detail is the record, some of its times in milliseconds."""
    detail = value["detail"]
    kind = _bare_kind(detail)
    if kind is None:
        raise ExportError(f"The event '{value['detail-type']}' holds no record.", hint="Its detail has no ARN or name.")
    return Recognised(kind, _wrapped(kind, detail))


_TASK: Final = re.compile(r"create([A-Za-z]+?)(?:\.sync)?(?::\d+)?")


def _task(value: dict[str, Any]) -> Recognised:
    """A Step Functions task: the request that made the record, or the ARN that came back."""
    match = _TASK.fullmatch(str(value.get("resource", "")))
    kind = None if match is None else catalogue.by_record_key().get(match[1])
    if kind is None:
        raise ExportError(f"The task '{value.get('resource')}' makes no record.", hint="Tasks that create jobs do.")
    members = value.get("parameters", value.get("output"))
    if not isinstance(members, dict):
        raise ExportError("The task has neither parameters nor output.", hint="Export the whole event.")
    return Recognised(kind, _wrapped(kind, members), is_partial=True)


def _bare(value: dict[str, Any]) -> Recognised:
    """A record itself: what Describe returns, a row of a table, a row of a data frame."""
    kind = _bare_kind(value)
    if kind is None:
        keys = ", ".join(list(value)[:SHOWN_KEYS]) + (", ..." if len(value) > SHOWN_KEYS else "")
        raise ExportError(
            f"It is no record of a kind that SageMaker has: its members are {keys or 'none'}.",
            hint="A record has its own ARN or name, such as TrainingJobArn or TrainingJobName.",
        )
    row = _named_row(kind, value)
    if _is_flat(kind, row):
        return Recognised(kind, _unflattened(kind, row), is_partial=True)
    return Recognised(kind, _wrapped(kind, _lifted_summary(row)), is_partial="TunedHyperParameters" in row)


@cache
def _kind_of_keys(keys: frozenset[str]) -> str | None:
    """The kind that an object of these folded members is: its own name or ARN, and most members known."""
    best: tuple[int, str] | None = None
    for name in catalogue.kinds():
        known, identity = _vocabulary(name)
        if not identity & keys:
            continue
        score = len(known & keys) + len(identity & keys)
        if best is None or score > best[0]:
            best = (score, name)
    return None if best is None else best[1]


@cache
def _vocabulary(kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """The folded members of a kind as Describe shows it, and those that identify it."""
    resource = catalogue.resource(kind)
    members = set(resource.root.members)
    if resource.inner:
        inner = resource.root.member(resource.inner)
        members = set(getattr(inner, "members", members))
    identity = {resource.arn[-1], resource.name_path[-1]}
    if resource.arn_is_shared:
        identity = {resource.name_path[-1]}
    return frozenset(map(fold, members)), frozenset(map(fold, identity))


@cache
def _kind_of_members(members: tuple[str, ...]) -> str | None:
    return _kind_of_keys(frozenset(map(fold, members)))


_ARN_TYPE: Final = re.compile(r"arn:[^:]*:sagemaker:[^:]*:[^:]*:([a-z-]+)")


def _bare_kind(value: dict[str, Any]) -> str | None:
    found = _kind_of_members(tuple(value))
    if found is not None:
        return found
    match = _ARN_TYPE.match(str(value.get("arn", "")))  # a row of steampipe or Datadog says arn and name
    return None if match is None else _by_arn_type().get(match[1].replace("-", ""))


@cache
def _by_arn_type() -> Mapping[str, str]:
    return {name.lower(): name for name in catalogue.kinds()}


def _named_row(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    """A row whose `name` and `arn` are the record's."""
    resource = catalogue.resource(kind)
    names = {"name": resource.name_path[-1], "arn": resource.arn[-1]}
    if not names.keys() & value.keys() or any(_has(value, member) for member in names.values()):
        return value
    return {names.get(key, key): member for key, member in value.items()}


def _has(value: dict[str, Any], member: str) -> bool:
    return any(fold(key) == fold(member) for key in value)


_FRAME_COLUMNS: Final = frozenset(
    map(fold, ("FinalObjectiveValue", "TrainingElapsedTimeSeconds", "TuningJobName", "TrainingJobDefinitionName"))
)
"""Columns of a tuning job's data frame that are neither hyperparameters nor metrics."""
_ROW_COLUMNS: Final = frozenset(
    map(fold, ("title", "akas", "region", "account_id", "partition", "tags", "arn", "name"))
)
"""Columns that tables of cloud resources add to every row; a row with one of them is no data frame's."""


def _is_flat(kind: str, value: dict[str, Any]) -> bool:
    """Whether it is a row of a data frame of training jobs: plain values only, some of them unknown."""
    if kind != "TrainingJob" or any(isinstance(member, dict | list) for member in value.values()):
        return False
    known, _ = _vocabulary(kind)
    strange = {fold(key) for key in value} - known
    return bool(strange - _FRAME_COLUMNS) and not strange & _ROW_COLUMNS and "TrainingJobName" in value


def _unflattened(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    """A data frame's row as a record: names with a colon were metrics, other unknown columns hyperparameters."""
    known, _ = _vocabulary(kind)
    members: dict[str, Any] = {}
    metrics: list[dict[str, Any]] = []
    hyperparameters: dict[str, str] = {}
    for key, member in value.items():
        if fold(key) in known or fold(key) in _FRAME_COLUMNS:
            members[key] = member
        elif member is not None and ":" in key and not isinstance(member, str):
            metrics.append({"MetricName": key, "Value": member})
        elif member is not None:
            hyperparameters[key] = _spelled(member)
    if hyperparameters:
        members["HyperParameters"] = hyperparameters
    if metrics:
        members["FinalMetricDataList"] = metrics
    return members


def _spelled(value: object) -> str:
    """A value as the API spells a hyperparameter: text; a float that is whole was made of an integer by the frame."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - exact in a double
        return str(int(value))
    return str(value)
