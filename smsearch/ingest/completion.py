"""Puts a record's members where Search has them: `completed(kind, members)`.

A summary of a List operation calls some members otherwise (`TrialComponentSource` is Search's `Source`, row N1). The
catalogue has the table, and List operations read it in the other direction. What a record lacks and its ARN or its
content tells is added (rows N2, N3), and `Id` where a name says too little (row N4). A record with nothing to add comes
back as the very same object. Members may still be spelled in any case. It knows no envelope, and checks no type.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch.ingest import kinds
from smsearch.schema import catalogue, values
from smsearch.schema.catalogue import Scalar, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Members = Mapping[Any, Any]
    Added = Iterator[tuple[str, object]]
    Rule = Callable[[str, "_Reader"], Added]

ARN_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "App": ("DomainId", "", "AppType", "AppName"),
    "HubContent": ("HubName", "HubContentType", "HubContentName", "HubContentVersion"),
    "ImageVersion": ("", "Version"),
    "Job": ("JobCategory", "JobName"),
    "ModelCardExportJob": ("ModelCardName", "", "ModelCardExportJobName"),
    "ModelPackage": ("ModelPackageGroupName", "ModelPackageVersion"),
    "Space": ("DomainId", "SpaceName"),
    "TrainingSession": ("TrainingSessionName",),
    "UserProfile": ("DomainId", "UserProfileName"),
}
"""What the parts of a kind's ARN after its type tell, where a summary may lack it; `""` tells nothing."""
CONTENTS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "ModelCard": (
        "Content",
        {
            "ModelId": "model_overview.model_id",
            "ModelPackageGroupName": "model_package_details.model_package_group_name",
            "RiskRating": "intended_uses.risk_rating",
        },
    ),
}
"""What only Search's shape has, and where in the JSON text of another member a describe holds it."""
_ADDED: Final = {
    "LabelingJob": "LabelingJobName",
    "ModelPackage": "ModelPackageName",
    "PipelineExecution": "PipelineArn",
}
"""What else the ARN of a kind's records may tell."""
METADATA: Final = "Metadata"
"""The member of a HubContent that its document's texts are put into."""
_CONTENT_MAX: Final = 4_000_000
"""Characters of a text beyond which it is not looked into."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done for records of a kind with certain members.

    Attributes:
        renamed: Members as they are spelled, and the path where each goes.
        spelled: Folded name to a member as it is spelled.
    """

    renamed: tuple[tuple[str, tuple[str, ...]], ...]
    spelled: Mapping[str, str]


def completed(kind: str, members: Members) -> tuple[Members, bool]:
    """The members of a record as Search has them.

    Args:
        kind: A kind of the catalogue.
        members: The record's members, of any spelling. Not changed.

    Returns:
        The members, and whether some were called as only a summary calls them, so that its source leaves others out.
    """
    plan = _plan(kind, tuple(members))
    if plan is None:
        return members, False
    new = dict(members)
    moved = [name for name, path in plan.renamed if _moved(new, name, path, plan.spelled)]
    for rule in _rules(kind):
        for name, value in rule(kind, _Reader(new, plan.spelled)):
            if not _is_unset(value) and _is_unset(new.get(plan.spelled.get(fold(name), name))):
                new.pop(plan.spelled.get(fold(name), name), None)
                new[name] = value
    return new, bool(moved)


@lru_cache(maxsize=4096)
def _plan(kind: str, names: tuple[object, ...]) -> _Plan | None:
    """The plan for records of a kind with members of these names; None if there is nothing to do."""
    spelled = {fold(name): name for name in names if isinstance(name, str)}
    own = kinds.vocabulary(kind)
    renamed = tuple(
        (spelled[name], path) for name, path in _renames(kind).items() if name in spelled and name not in own
    )
    return _Plan(renamed, spelled) if renamed or _rules(kind) else None


def needed_to_add_nothing(kind: str) -> tuple[str, ...] | None:
    """The members of a kind with which a record has all that could be worked out; None if there is always more."""
    if not all(rule in (_of_arn_parts, _pipeline, _reference) for rule in _rules(kind)):
        return None
    return tuple(member for member in (*ARN_PARTS.get(kind, ()), _ADDED.get(kind, "")) if member)


def renames(kind: str, names: tuple[object, ...]) -> bool:
    """Whether a record of a kind with members of these names may have some that go elsewhere."""
    plan = _plan(kind, names)
    return plan is not None and bool(plan.renamed)


@cache
def _renames(kind: str) -> Mapping[str, tuple[str, ...]]:
    """What summaries of a kind call otherwise, folded, and where records have it."""
    lists = catalogue.resource(kind).lists.values()
    return {fold(name): tuple(path.split(".")) for renamed in lists for name, path in renamed.items()}


@cache
def _rules(kind: str) -> tuple[Rule, ...]:
    """What is worked out for records of a kind, one after another: `Id` is made of what the others add."""
    rules = (
        (kind in ARN_PARTS, _of_arn_parts),
        (kind == "PipelineExecution", _pipeline),
        (kind == "LabelingJob", _reference),
        (kind in CONTENTS, _of_content),
        (kind == "HubContent", _metadata),
        (kind == "OptimizationJob", _optimization_types),
        (bool(catalogue.resource(kind).key), _id),
    )
    return tuple(rule for applies, rule in rules if applies)


def _moved(members: dict[Any, Any], name: str, path: tuple[str, ...], spelled: Mapping[str, str]) -> bool:
    """Moves a member to its place, unless something is there already; returns whether it was moved."""
    value, (head, *below) = members[name], path
    there = spelled.get(fold(head), head)
    if _is_unset(value):
        return False
    if not below and _is_unset(members.get(there)):
        del members[name]
        members[head] = value
        return True
    outer = members.get(there) or {}
    if not below or not isinstance(outer, dict):
        return False
    new = inner = dict(outer)
    for step in below[:-1]:
        structure = inner.get(step) or {}
        if not isinstance(structure, dict):
            return False
        inner[step] = dict(structure)
        inner = inner[step]
    if not _is_unset(inner.get(below[-1])):
        return False
    inner[below[-1]] = value
    del members[name]
    members[there] = new
    return True


class _Reader:
    """Reads the members of a record by the service model's names, however they are spelled."""

    __slots__ = ("_members", "_spelled")

    def __init__(self, members: Members, spelled: Mapping[str, str]) -> None:
        self._members = members
        self._spelled = spelled

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - what an export holds
        """The value of a member, or None."""
        return self._members.get(name, self._members.get(self._spelled.get(fold(name), name)))

    def at(self, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - what an export holds
        """The value at a path through structures, or None."""
        value = self[path[0]]
        for step in path[1:]:
            value = value.get(step) if isinstance(value, dict) else None
        return value


def _parts_of(kind: str, read: _Reader) -> list[str]:
    """The parts of a record's ARN after its type."""
    arn = read[catalogue.resource(kind).arn[-1]]
    parts = arn.split(":", 5)[-1].split("/") if isinstance(arn, str) else []
    is_own = bool(parts) and parts[0] == catalogue.resource(kind).arn_type.partition("/")[0]
    return parts[1:] if is_own else []


def _of_arn_parts(kind: str, read: _Reader) -> Added:
    """What an ARN tells: the hub of a HubContent, the group and version of a model package."""
    parts = _parts_of(kind, read)
    if kind == "ModelPackage" and len(parts) == 1:
        yield "ModelPackageName", parts[0]
        return
    root = catalogue.resource(kind).root
    for member, part in zip(ARN_PARTS[kind], parts, strict=False):
        if member:
            reached = root.member(member)
            is_number = isinstance(reached, Scalar) and reached.kind.is_whole
            yield member, int(part) if is_number and part.isdecimal() else part


def _pipeline(kind: str, read: _Reader) -> Added:
    """The pipeline of an execution: its ARN is the beginning of the execution's."""
    arn = read["PipelineExecutionArn"]
    if isinstance(arn, str) and _parts_of(kind, read):
        yield "PipelineArn", arn.partition("/execution/")[0]


def _reference(kind: str, read: _Reader) -> Added:  # noqa: ARG001 - a rule
    """The name of a labeling job of another's account, which a workteam sees by its reference only."""
    if read["LabelingJobArn"] is None:
        yield "LabelingJobName", read["JobReferenceCode"]


def _of_content(kind: str, read: _Reader) -> Added:
    member, paths = CONTENTS[kind]
    if all(not _is_unset(read[name]) for name in paths):
        return
    content = _parsed(read[member])
    for name, path in paths.items():
        value: Any = content
        for step in path.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, str):
            yield name, value


def _metadata(kind: str, read: _Reader) -> Added:  # noqa: ARG001 - a rule
    """What `Metadata.<field>` asks of a HubContent: the texts and lists of texts of its document."""
    metadata = {}
    for field, value in (_parsed(read["HubContentDocument"]) or {}).items():
        texts = value if isinstance(value, list) else [value]
        if texts and all(isinstance(text, str) for text in texts):
            metadata[field] = texts
    yield METADATA, metadata


def _optimization_types(kind: str, read: _Reader) -> Added:  # noqa: ARG001 - a rule
    """What a summary says an optimization job does, and a describe says with the configurations that it has."""
    configs = read["OptimizationConfigs"]
    objects = [config for config in configs if isinstance(config, dict)] if isinstance(configs, list) else []
    names = [name for config in objects for name in config if isinstance(name, str)]
    yield "OptimizationTypes", sorted({name.removeprefix("Model").removesuffix("Config") for name in names})


def _id(kind: str, read: _Reader) -> Added:
    """What tells a record from others of a kind that has no name; times are spelled in one way."""
    parts = []
    for path in catalogue.resource(kind).key:
        value = read.at(path)
        micros = values.timestamp_of(value) if path[-1].endswith("Time") else None
        text = values.iso_of(micros) if isinstance(micros, int) else values.text_of(value)
        parts.append(text if isinstance(text, str) else "")
    yield "Id", "/".join(part for part in parts if part)


def _parsed(text: object) -> dict[str, Any] | None:
    """The object in a JSON text, or None."""
    if not isinstance(text, str) or len(text) > _CONTENT_MAX:
        return None
    try:
        content = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return content if isinstance(content, dict) else None


def _is_unset(value: object) -> bool:
    return value is None or value in ("", [], {})
