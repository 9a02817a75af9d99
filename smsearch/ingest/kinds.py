"""Tells of which kind of the catalogue an object is, by the names of its members.

An object is a record when it has an ARN or a name of a kind's own and most of its members are that kind's. Names are
compared folded: in any case, with underscores or without. A member that is null or holds nothing is not there. It knows
no envelope.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from smsearch.ingest.json_values import is_missing, listed
from smsearch.schema import catalogue
from smsearch.schema.catalogue import ListOf, MapOf, Structure, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

METADATA: Final = frozenset(
    {
        "responsemetadata",  # boto3
        "sdkhttpmetadata",  # Java
        "sdkresponsemetadata",
        "resultmetadata",  # Go
        "httpheaders",
        "httpstatuscode",  # .NET
        "contentlength",
        "nexttoken",  # of a describe whose list goes on
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
_ARN: Final = re.compile(r"arn:[^:]*:sagemaker:[^:]*:[^:]*:([a-z-]+)(?:/[^/]+/([a-z-]+)/)?")
_ID: Final = "Id"
"""The name's member of kinds without a name, which no export has."""
_REFERENCES: Final = {"LabelingJob": ("JobReferenceCode",)}
"""What summaries of a kind may have in the place of a name."""
_AMBIGUOUS_LISTS: Final = frozenset({"candidates", "events", "extensions", "steps", "summaries"})
"""Members, folded, under which List operations return records, and others something else."""
_OWN_MEMBERS_MIN: Final = 2
"""Members that must be a kind's for a name that does not say the kind (`Version`, `FeatureName`)."""
_RESULTS: Final = "results"
_PAGE_MEMBERS_MAX: Final = 4
"""Members that a page of a List operation has at most: the list, NextToken, ResponseMetadata, and one more."""
REMEMBERED: Final = 4_096
"""Objects' members of which it is remembered what they mean."""
MEMBERS_REMEMBERED: Final = 256
"""An object of more members is looked at anew each time, so that memory stays small."""


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The folded members of a kind as Describe shows it; `arn` is `""` where several records share one.

    `own` holds the members with its ARN and its name, as the model spells them, and `shares` says whether other kinds
    have those too.
    """

    kind: str
    members: frozenset[str]
    arn: str
    name: str
    name_says_kind: bool
    own: tuple[str, ...]
    shares: bool


@cache
def _vocabularies() -> Mapping[str, _Vocabulary]:
    resources = [catalogue.resource(name) for name in catalogue.kinds()]
    arns = [resource.arn[-1] for resource in resources if not resource.arn_is_shared]
    vocabularies = {}
    for resource in resources:
        name = resource.name
        members = resource.described.members
        own_name = resource.name_path[-1] if resource.name_path[-1] != _ID else resource.key[0][0]
        own = fold(own_name)
        arn = "" if resource.arn_is_shared else fold(resource.arn[-1])
        says_kind = fold(resource.record_key) in own
        spelled = ((resource.arn[-1],) if arn else ()) + (own_name, *_REFERENCES.get(name, ()))
        shares = arns.count(resource.arn[-1]) > 1
        vocabularies[name] = _Vocabulary(name, frozenset(map(fold, members)), arn, own, says_kind, spelled, shares)
    return vocabularies


@cache
def _by_own_member() -> Mapping[str, tuple[_Vocabulary, ...]]:
    """The kinds of which a folded member is the ARN or the name, in the catalogue's order; not if tables call it so."""
    owners_of: dict[str, list[_Vocabulary]] = {}
    for one in _vocabularies().values():
        for member in {one.arn, one.name} - TABLE_COLUMNS - {""}:
            owners_of.setdefault(member, []).append(one)
    return {member: tuple(owners) for member, owners in owners_of.items()}


def vocabulary(kind: str) -> frozenset[str]:
    """The folded members of a kind as Describe shows it."""
    return _vocabularies()[kind].members


@cache
def folded_members(kind: str) -> frozenset[str]:
    """The folded members of a kind's records, as Describe shows them and as Search does."""
    return vocabulary(kind) | frozenset(map(fold, catalogue.resource(kind).root.members))


@cache
def _by_record_key() -> Mapping[str, str]:
    return {fold(key): kind for key, kind in catalogue.by_record_key().items()}


def of_record_key(key: str) -> str | None:
    """The kind whose records stand under a key in a result of Search, in any spelling."""
    return catalogue.by_record_key().get(key) or _by_record_key().get(fold(key))


@cache
def _by_inner() -> Mapping[str, str]:
    return {fold(inner): name for name in catalogue.kinds() if (inner := catalogue.resource(name).inner)}


def of_inner(member: str) -> str | None:
    """The kind whose records hold what Describe shows under a member, in any spelling."""
    return _by_inner().get(fold(member))


@cache
def _by_list() -> Mapping[str, tuple[str, ...]]:
    keys: dict[str, list[str]] = {}
    for name in catalogue.kinds():
        for key in catalogue.resource(name).list_keys:
            keys.setdefault(fold(key), []).append(name)
    return {key: tuple(names) for key, names in keys.items()}


@cache
def _by_unambiguous_list() -> Mapping[str, tuple[str, ...]]:
    return {key: kinds for key, kinds in _by_list().items() if key not in _AMBIGUOUS_LISTS}


def of_list(member: str) -> tuple[str, ...]:
    """The kinds that List operations return under a member, in any spelling, if nobody else calls anything so."""
    return _by_unambiguous_list().get(fold(member), ())


def is_page_list(member: str) -> bool:
    """Whether a member holds the records of a page of Search or of a List operation."""
    return fold(member) == _RESULTS or bool(of_list(member))


def is_page(kind: str, members: tuple[Any, ...], nested: Iterable[Any]) -> bool:
    """Whether an object with the identity of a kind is a page that has a name, and no record.

    Args:
        kind: The kind.
        members: The names of its members.
        nested: The names of those that may hold records: objects and lists.
    """
    own = folded_members(kind)
    holding = any(
        fold(str(name)) not in own and (is_page_list(str(name)) or of_record_key(str(name)) is not None)
        for name in nested
    )
    return holding and (len(members) <= _PAGE_MEMBERS_MAX or of_members(members) is None)


def of_element(member: str, value: Mapping[Any, Any]) -> str | None:
    """The kind of an element of the list under a member: by its ARN or its name; None if it is no summary.

    Under a member that others use too (`Events`, `Steps`), most of what an element has must be a kind's.
    """
    kinds_listed, is_ambiguous = of_list(member), False
    if not kinds_listed:
        kinds_listed, is_ambiguous = _by_list().get(fold(member), ()), True
    if len(kinds_listed) > 1:
        arns = [arn for name, arn in value.items() if fold(str(name)).endswith("arn")]
        return next((kind for kind in map(_of_arn, arns) if kind in kinds_listed), None)
    if not kinds_listed or not has_identity(kinds_listed[0], value):
        return None
    return None if is_ambiguous and not _is_mostly(kinds_listed[0], value) else kinds_listed[0]


def _is_mostly(kind: str, value: Mapping[Any, Any]) -> bool:
    names = {fold(name) for name in value if isinstance(name, str)} - METADATA
    own_names = names & vocabulary(kind)
    return len(own_names) >= _OWN_MEMBERS_MIN and 2 * len(own_names) >= len(names)


@cache
def _by_wrapper() -> Mapping[str, str]:
    return {fold(wrapper): name for name in catalogue.kinds() if (wrapper := catalogue.resource(name).wrapper)}


def of_wrapper(member: str) -> str | None:
    """The kind whose Describe returns the record under a member, in any spelling."""
    return _by_wrapper().get(fold(member))


@cache
def _users_own() -> frozenset[str]:
    """The folded members, at any depth of any kind, that are maps: their keys are the user's."""
    maps: set[str] = set()
    visited: set[str] = set()
    shapes: list[object] = [catalogue.resource(name).root for name in catalogue.kinds()]
    while shapes:
        shape = shapes.pop()
        if isinstance(shape, ListOf):
            shapes.append(catalogue.shape(shape.element))
        elif isinstance(shape, Structure) and shape.name not in visited:
            visited.add(shape.name)
            below = {name: shape.member(name) for name in shape.members}
            maps |= {fold(name) for name, member in below.items() if isinstance(member, MapOf)}
            shapes += below.values()
    return frozenset(maps)


def is_users_own(member: str) -> bool:
    """Whether a member is a map of the user's own keys, such as HyperParameters: no record stands in it."""
    return fold(member) in _users_own()


def is_there(value: object) -> bool:
    """Whether a member holds anything: null, `""`, `{}`, `[]`, and pandas' NaN, NaT and NA are written for nothing.

    A program's values may be of any type: NA has no truth, and NumPy's arrays compare element by element.
    """
    if value is None or isinstance(value, str | dict | list):
        return bool(value)
    elements = listed(value)
    return bool(elements) if isinstance(elements, list) else not is_missing(value)


def has_identity(kind: str, value: Mapping[Any, Any]) -> bool:
    """Whether an object has the ARN or the name of a kind, in any spelling and not empty."""
    one = _vocabularies()[kind]
    for member in one.own:
        text = value.get(member)
        if text.__class__ is str and text:
            return True
    inner = value.get(catalogue.resource(kind).inner)
    if isinstance(inner, dict):
        return has_identity(kind, inner)
    return any(
        fold(str(name)) in (one.arn, one.name) and is_there(member) and not isinstance(member, dict | list)
        for name, member in value.items()
    )


def own_members(kind: str) -> tuple[str, ...]:
    """The members that identify a record of a kind, as the model spells them: each is enough where it is not empty."""
    return _vocabularies()[kind].own


def shares_arn_member(kind: str) -> bool:
    """Whether other kinds have their ARN under the same name, so that the ARN itself must tell them apart."""
    return _vocabularies()[kind].shares


def has_own_arn(kind: str, value: Mapping[Any, Any]) -> bool:
    """Whether an object has an ARN of a kind, under whatever name."""
    arns = (member for name, member in value.items() if fold(str(name)).endswith("arn"))
    return any(_of_arn(arn) == kind for arn in arns)


def of_object(value: Mapping[Any, Any]) -> str | None:
    """The kind that an object is a record of, or None; what is in it is there."""
    names = tuple(value)
    kind = of_members(names)
    if kind is not None and has_identity(kind, value):
        return kind_by_arn(kind, _arn_of(kind, value)) if _vocabularies()[kind].shares else kind
    named = of_owned(names)
    if named is not None and has_own_arn(named, value):
        return named  # whatever else is in it, it has its own ARN
    arn = value.get("arn") or value.get("Arn")  # of a row of a table of resources, or of an MLflow app
    return _of_arn(arn)


def _arn_of(kind: str, value: Mapping[Any, Any]) -> object:
    own = _vocabularies()[kind].arn
    return next((member for name, member in value.items() if fold(str(name)) == own), None)


def kind_by_arn(kind: str, arn: object) -> str:
    """The kind of which an ARN is, among those that call their ARNs as a kind does."""
    own = _vocabularies()[kind].arn
    kind_of_arn = _of_arn(arn)
    return kind_of_arn if kind_of_arn is not None and _vocabularies()[kind_of_arn].arn == own else kind


def _of_arn(arn: object) -> str | None:
    """The kind that the type in an ARN says: with the type of what follows the name, or without."""
    match = _ARN.match(arn) if isinstance(arn, str) else None
    if match is None:
        return None
    own = match[1].replace("-", "")
    deeper = f"{own}/{match[2].replace('-', '')}" if match[2] else ""
    return _by_arn_type().get(deeper) or _by_arn_type().get(own)


@cache
def _by_arn_type() -> Mapping[str, str]:
    resources = [catalogue.resource(name) for name in catalogue.kinds()]
    return {one.arn_type.replace("-", ""): one.name for one in resources if not one.arn_is_shared}


def of_members(members: tuple[object, ...]) -> str | None:
    """The kind that an object of these members is a record of, if they alone say so."""
    return (_of_members if len(members) <= MEMBERS_REMEMBERED else _of_members.__wrapped__)(members)


@lru_cache(REMEMBERED)
def _of_members(members: tuple[object, ...]) -> str | None:
    kind = of_owned(members)
    if kind is None:
        return None
    names = set(_folded(members)) - METADATA - TABLE_COLUMNS
    is_row = names & FRAME_COLUMNS or any(":" in name for name in names)  # of a data frame: columns of any names
    return kind if is_row or 2 * len(names & vocabulary(kind)) >= len(names) else None


def of_owned(members: tuple[object, ...]) -> str | None:
    """The kind of which an object of these members has the ARN or the name, and the most other members."""
    return (_of_owned if len(members) <= MEMBERS_REMEMBERED else _of_owned.__wrapped__)(members)


@lru_cache(REMEMBERED)
def _of_owned(members: tuple[object, ...]) -> str | None:
    names = frozenset(_folded(members))
    owners = {one.kind: one for name in names for one in _by_own_member().get(name, ())}
    best, score = None, (0, 0)
    for kind in catalogue.kinds() if len(owners) > 1 else owners:
        if (one := owners.get(kind)) is None:
            continue
        own_count = len(one.members & names)
        has_name = one.name in names and (one.name_says_kind or own_count >= _OWN_MEMBERS_MIN)
        if one.arn and one.arn not in names and _is_of_another(one, names):
            continue
        identity = (one.arn in names) + has_name
        if identity and (own_count + identity, identity) > score:
            best, score = one.kind, (own_count + identity, identity)
    return best


def _is_of_another(one: _Vocabulary, names: frozenset[str]) -> bool:
    """Whether an object has both ARN and name of something else, and so only mentions a record of this kind by name."""
    stems = (name.removesuffix("arn") for name in names - one.members if name.endswith("arn"))
    return any(stem + "name" in names for stem in stems)


def is_reference(kind: str, value: Mapping[Any, Any]) -> bool:
    """Whether an object says no more than which record is meant: its name, and nothing that the kind has besides."""
    own_names = vocabulary(kind).intersection(_folded(value))
    return len(own_names) < _OWN_MEMBERS_MIN and not has_own_arn(kind, value)


def _folded(members: Iterable[object]) -> Iterator[str]:
    """The names of members; of a flattened column (`HyperParameters.eta`) that of the member it is a part of."""
    return (fold(name.partition(".")[0]) for name in members if isinstance(name, str))


def as_record(kind: str, members: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """What Describe returns, put where the record of Search has it (a model)."""
    inner = catalogue.resource(kind).inner
    if not inner or any(fold(str(name)) == fold(inner) for name in members):
        return members
    return {inner: members}
