"""Tells of which kind of the catalogue an object is, by the names of its members.

An object is a record when it has an ARN or a name of a kind's own and most of its members are that kind's. Names are
compared folded: in any case, with underscores or without. It knows no envelope.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from smsearch.schema import catalogue
from smsearch.schema.catalogue import Structure, fold

if TYPE_CHECKING:
    from collections.abc import Mapping

METADATA: Final = frozenset(
    {
        "responsemetadata",  # boto3
        "sdkhttpmetadata",  # Java
        "sdkresponsemetadata",
        "resultmetadata",  # Go
        "httpheaders",
        "$metadata",  # JavaScript
    }
)
"""What SDKs add to a response, folded."""
TABLE_COLUMNS: Final = frozenset(
    {"name", "arn", "title", "akas", "tags", "tagssrc", "region", "accountid", "partition"}
)
"""Columns, folded, that tables of cloud resources add to every row."""
FRAME_COLUMNS: Final = frozenset(
    map(fold, ("FinalObjectiveValue", "TrainingElapsedTimeSeconds", "TuningJobName", "TrainingJobDefinitionName"))
)
"""Columns, folded, of a tuning job's data frame that are neither hyperparameters nor metrics."""
_ARN: Final = re.compile(r"arn:[^:]*:sagemaker:[^:]*:[^:]*:([a-z-]+)")
_UNTOLD_MIN: Final = 2
"""Members that must be a kind's for a name that does not say the kind (`Version`, `FeatureName`)."""


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The folded members of a kind as Describe shows it; `arn` is `""` where several records share one."""

    kind: str
    members: frozenset[str]
    arn: str
    name: str
    name_says_kind: bool


@cache
def _vocabularies() -> tuple[_Vocabulary, ...]:
    found = []
    for name in catalogue.kinds():
        resource = catalogue.resource(name)
        inner = resource.root.member(resource.inner) if resource.inner else resource.root
        members = inner.members if isinstance(inner, Structure) else resource.root.members
        own = fold(resource.name_path[-1])
        arn = "" if resource.arn_is_shared else fold(resource.arn[-1])
        says_kind = fold(resource.record_key) in own
        found.append(_Vocabulary(name, frozenset(map(fold, members)), arn, own, says_kind))
    return tuple(found)


@cache
def vocabulary(kind: str) -> frozenset[str]:
    """The folded members of a kind as Describe shows it."""
    return next(one.members for one in _vocabularies() if one.kind == kind)


@cache
def _by_record_key() -> Mapping[str, str]:
    return {fold(key): kind for key, kind in catalogue.by_record_key().items()}


def of_record_key(key: str) -> str | None:
    """The kind whose records stand under a key in a result of Search, in any spelling."""
    return _by_record_key().get(fold(key))


@cache
def _by_inner() -> Mapping[str, str]:
    return {fold(inner): name for name in catalogue.kinds() if (inner := catalogue.resource(name).inner)}


def of_inner(member: str) -> str | None:
    """The kind whose records hold what Describe shows under a member, in any spelling."""
    return _by_inner().get(fold(member))


@cache
def _by_list() -> Mapping[str, str]:
    keys: dict[str, str] = {}
    for name in catalogue.kinds():
        for key in catalogue.resource(name).list_keys:
            keys.setdefault(fold(key), name)
    return keys


def of_list(member: str) -> str | None:
    """The kind that a List operation returns under a member, in any spelling."""
    return _by_list().get(fold(member)) if member else None


def of_object(value: Mapping[Any, Any]) -> str | None:
    """The kind that an object is a record of, or None."""
    found = of_members(tuple(value))
    if found is not None:
        return found
    named = of_owned(tuple(value))
    arns = [member for name, member in value.items() if fold(str(name)).endswith("arn") and isinstance(member, str)]
    if named is not None and any(_of_arn(arn) == named for arn in arns):
        return named  # whatever else is in it, it has its own ARN
    arn = value.get("arn")
    return _of_arn(arn) if isinstance(arn, str) else None  # a row of a table of resources


def _of_arn(arn: str) -> str | None:
    match = _ARN.match(arn)
    return None if match is None else _by_arn_type().get(match[1].replace("-", ""))


@cache
def _by_arn_type() -> Mapping[str, str]:
    return {name.lower(): name for name in catalogue.kinds()}


@lru_cache(maxsize=4096)
def of_members(members: tuple[object, ...]) -> str | None:
    """The kind that an object of these members is a record of, if they alone say so."""
    kind = of_owned(members)
    names = {fold(name) for name in members if isinstance(name, str)} - METADATA - TABLE_COLUMNS
    if kind is None:
        return None
    is_row = names & FRAME_COLUMNS or any(":" in name for name in names)  # of a data frame: columns of any names
    return kind if is_row or 2 * len(names & vocabulary(kind)) >= len(names) else None


@lru_cache(maxsize=4096)
def of_owned(members: tuple[object, ...]) -> str | None:
    """The kind of which an object of these members has the ARN or the name, and the most other members."""
    names = frozenset(fold(name) for name in members if isinstance(name, str))
    best, score = None, (0, 0)
    for one in _vocabularies():
        known = len(one.members & names)
        has_name = one.name in names and (one.name_says_kind or known >= _UNTOLD_MIN)
        identity = (one.arn in names) + has_name
        if identity and (known + identity, identity) > score:
            best, score = one.kind, (known + identity, identity)
    return best


def as_record(kind: str, members: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """What Describe returns, put where the record of Search has it (a model)."""
    inner = catalogue.resource(kind).inner
    if not inner or any(fold(str(name)) == fold(inner) for name in members):
        return members
    return {inner: members}
