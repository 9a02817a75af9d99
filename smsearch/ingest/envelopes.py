"""Opens the envelopes that a general search of their members would misread.

Most envelopes need no code: an object that is no record is searched (`shapes.py`). Here are those whose members mean
something only together: events of EventBridge, calls of CloudTrail, items of AWS Config, tasks of Step Functions,
tables with their columns, flattened results of Search, a record beside its tags. It walks into nothing itself.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from smsearch.ingest import kinds, rows
from smsearch.ingest.json_values import is_missing
from smsearch.ingest.recognition import Inside, Recognised, Unrecognised
from smsearch.schema import catalogue
from smsearch.schema.catalogue import fold
from smsearch.schema.decode import DecodeError, loads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from smsearch.ingest.recognition import Path

    Part = Recognised | Inside | Unrecognised
    Opener = Callable[[dict[str, Any], Path, "Mapping[str, str]"], "Iterable[Part] | None"]
    """Opens an object, given its path and its members by folded name; None if it is no such envelope."""

_TASK: Final = re.compile(r"(?:.*:)?create([A-Za-z]+?)(?:\.sync)?(?::\d+)?")
_CONFIG_TYPE: Final = "AWS::SageMaker::"
_NAMES_REMEMBERED: Final = 256
_CALLS_FROM: Final = "sagemaker.amazonaws.com"


def opened(members: dict[str, Any], path: Path) -> Iterable[Part] | None:
    """The parts of an object that is such an envelope, or None.

    Args:
        members: The object's members that are there.
        path: Where it stands.
    """
    named = tuple(members)
    if may_open(named):
        names = {fold(str(name)): name for name in named}
        for opener in _openers(named):
            parts = opener(members, path, names)
            if parts is not None:
                return parts
    return None


def may_open(members: tuple[object, ...]) -> bool:
    """Whether an object of these members may be such an envelope; none has very many."""
    return len(members) <= _NAMES_REMEMBERED and bool(_openers(members))


@lru_cache(maxsize=4096)
def _openers(members: tuple[object, ...]) -> tuple[Opener, ...]:
    """What an object of these members may be an envelope as."""
    names = {fold(name) for name in members if isinstance(name, str)}
    openers: list[Opener] = []
    if {"statuscode", "data"} <= names:
        openers.append(_recording)
    if "detail" in names and names & {"detail-type", "detailtype"}:
        openers.append(_event)
    if {"eventsource", "eventname"} <= names:
        openers.append(_call)
    if {"resourcetype", "resource"} <= names:
        openers.append(_task)
    if {"resourcetype", "configuration"} <= names:
        openers.append(_configuration)
    if "columns" in names and names & {"rows", "data"}:
        openers.append(_table)
    if "tags" in names and len(names - kinds.METADATA) == len(("a record", "its tags")):
        openers.append(_tagged)
    openers += [_wrapped] if any(kinds.of_wrapper(name) for name in names) else []
    if any(kinds.of_inner(name) for name in names):
        openers.append(_whole)
    if any(_is_column_of_a_result(name) for name in names):
        openers.append(_flattened)
    return tuple(openers)


def _recording(members: dict[str, Any], path: Path, names: Mapping[str, str]) -> Iterable[Part] | None:
    """An answer that was recorded with its status."""
    data = names["data"]
    return (Inside(members[data], (*path, data)),) if isinstance(members[data], dict) else None


def _event(members: dict[str, Any], path: Path, names: Mapping[str, str]) -> Iterable[Part] | None:
    """An EventBridge event: the detail is the record, or holds it."""
    detail = object_in(members[names["detail"]])
    if detail is None:
        return None
    kind = kinds.of_object(detail)
    if kind is not None:
        return (Recognised(kind, kinds.as_record(kind, detail), path=(*path, names["detail"])),)
    title = members[names.get("detail-type", names.get("detailtype", ""))]
    otherwise = Unrecognised(path, f"The event '{title}' holds no record.", "Its detail has no ARN or name of its own.")
    return (Inside(detail, (*path, names["detail"]), otherwise),)


def _call(members: dict[str, Any], path: Path, names: Mapping[str, str]) -> Iterable[Part] | None:
    """A call that CloudTrail tells of: the request that made a record, with the ARN that came back."""
    if members[names["eventsource"]] != _CALLS_FROM:
        return None
    name = str(members[names["eventname"]])
    kind = kinds.of_record_key(name.removeprefix("Create")) if name.startswith("Create") else None
    request = object_in(members.get(names.get("requestparameters", "")))
    answer = object_in(members.get(names.get("responseelements", "")))
    if kind is None or request is None or "errorcode" in names:
        return (Unrecognised(path, f"The call '{name}' of CloudTrail makes no record.", "Calls that create one do."),)
    return (Recognised(kind, kinds.as_record(kind, {**request, **(answer or {})}), is_partial=True, path=path),)


def _task(members: dict[str, Any], path: Path, names: Mapping[str, str]) -> Iterable[Part] | None:
    """A Step Functions task: the request that made the record, what came back, or what is told of its failure."""
    if members[names["resourcetype"]] != "sagemaker":
        return None
    resource = members[names["resource"]]
    match = _TASK.fullmatch(str(resource))
    kind = None if match is None else kinds.of_record_key(match[1])
    if kind is None:
        return (Unrecognised(path, f"The task '{resource}' makes no record.", "Tasks that create jobs do."),)
    for member in ("parameters", "output", "cause"):
        if source := object_in(members.get(names.get(member, ""))):
            return (Recognised(kind, kinds.as_record(kind, source), is_partial=True, path=(*path, names[member])),)
    return (Unrecognised(path, "The task has neither parameters nor output.", "Export the whole event."),)


def _configuration(members: dict[str, Any], path: Path, names: Mapping[str, str]) -> Iterable[Part] | None:
    """An item of AWS Config: the configuration is the record; its ARN and tags may stand beside it."""
    type_ = str(members[names["resourcetype"]])
    kind = kinds.of_record_key(type_.removeprefix(_CONFIG_TYPE)) if type_.startswith(_CONFIG_TYPE) else None
    configuration = object_in(members[names["configuration"]])
    if kind is None or configuration is None:
        return None
    beside = {catalogue.resource(kind).arn[-1]: "arn", "Tags": "tags"}
    there = {fold(str(name)) for name in configuration}
    added = {
        member: members[names[name]] for member, name in beside.items() if name in names and fold(member) not in there
    }
    record = kinds.as_record(kind, {**configuration, **added})
    return (Recognised(kind, record, is_partial=True, path=(*path, names["configuration"])),)


def _table(members: dict[str, Any], path: Path, names: Mapping[str, str]) -> Iterable[Part] | None:
    """Rows with their columns: objects as steampipe writes them, or lists as pandas does (`orient="split"`)."""
    columns, below = members[names["columns"]], names.get("rows", names.get("data", ""))
    every = members[below]
    if not isinstance(columns, list) or not isinstance(every, list):
        return None
    named = [column.get("name") if isinstance(column, dict) else column for column in columns]
    return (
        Inside(dict(zip(named, row, strict=False)) if isinstance(row, list) else row, (*path, below, at))
        for at, row in enumerate(every)
    )


def by_columns(members: dict[str, Any], path: Path) -> Iterable[Part] | None:
    """The rows of a table that is written column by column, or None: what pandas' `to_json()` and `to_dict` write.

    `{"TrainingJobName": {"0": "a", "1": "b"}, "CreationTime": {"0": 1, "1": 2}}` has two rows; lists stand for the
    inner objects with `to_dict("list")`.

    Args:
        members: The members of an object that is no record.
        path: Where it stands.
    """
    columns = list(members.values())
    if len({column.__class__ for column in columns}) != 1 or not isinstance(columns[0], dict | list):
        return None
    keys = [list(column) if isinstance(column, dict) else range(len(column)) for column in columns]
    is_flat = any(_is_column_of_a_result(str(name)) for name in members)
    if any(others != keys[0] for others in keys) or not (is_flat or kinds.of_owned(tuple(members))):
        return None
    if isinstance(columns[0], dict) and kinds.of_owned(tuple(columns[0])):
        return None  # a map of name to record, of which a name is a member's by chance
    table = [{name: column[key] for name, column in members.items()} for key in keys[0]]
    first = {name: cell for name, cell in table[0].items() if kinds.is_there(cell)}
    if kinds.of_object(first) is None and not (is_flat and _flattened(first, path, {})):
        return None
    return (Inside(row, (*path, at)) for at, row in enumerate(table))


def _tagged(members: dict[str, Any], path: Path, names: Mapping[str, str]) -> Iterable[Part] | None:
    """A record beside its tags."""
    tags = members[names["tags"]]
    if isinstance(tags, dict):  # an answer of ListTags, whole
        there = {fold(str(name)): value for name, value in tags.items() if fold(str(name)) not in kinds.METADATA}
        tags = there["tags"] if there.keys() == {"tags"} and isinstance(there["tags"], list) else tags
    own = next((name for name in names if name != "tags" and name not in kinds.METADATA), "")
    record = members.get(names.get(own, ""))
    if not isinstance(record, dict) or not isinstance(tags, list | dict):
        return None
    kind = kinds.of_record_key(own)
    kind = kind if kind is not None and kinds.has_identity(kind, record) else kinds.of_object(record)
    if kind is None:
        return None
    has_tags = any(fold(str(name)) == "tags" and kinds.is_there(value) for name, value in record.items())
    whole = record if has_tags else {**{n: v for n, v in record.items() if fold(str(n)) != "tags"}, "Tags": tags}
    return (Inside(whole, (*path, names[own])),)


def _wrapped(members: dict[str, Any], path: Path, names: Mapping[str, str]) -> Iterable[Part] | None:
    """What Describe shows of a kind whose record it puts under a member, beside what else it tells of the record."""
    for name, spelled in names.items():
        kind, inner = kinds.of_wrapper(name), members[spelled]
        if kind is None or not isinstance(inner, dict) or not kinds.has_identity(kind, inner):
            continue
        beside = names.keys() - kinds.METADATA - {name}
        if beside <= kinds.vocabulary(kind):
            record = {**{names[other]: members[names[other]] for other in beside}, **inner}
            return (Recognised(kind, record, path=(*path, spelled)),)
    return None


def _whole(members: dict[str, Any], path: Path, names: Mapping[str, str]) -> Iterable[Part] | None:
    """A record that holds what Describe shows in a member, beside what Search adds: a model with its endpoints."""
    for name, spelled in names.items():
        kind = kinds.of_inner(name)
        if kind is None or not isinstance(members[spelled], dict) or not kinds.has_identity(kind, members[spelled]):
            continue
        root = {fold(member) for member in catalogue.resource(kind).root.members}
        strange = [members[names[other]] for other in names.keys() - root - kinds.METADATA]
        if not any(isinstance(other, dict | list) for other in strange):
            inner = members[spelled]
            is_doubled = len(names) == 1 and any(fold(str(below)) == name for below in inner)
            return (Recognised(kind, inner if is_doubled else members, path=path),)
    return None


def _is_column_of_a_result(name: str) -> bool:
    """Whether a name is one that `pandas.json_normalize` makes of a result of Search (`TrainingJob.CreationTime`)."""
    return "." in name and kinds.of_record_key(name.partition(".")[0]) is not None


def _flattened(members: dict[str, Any], path: Path, names: Mapping[str, str]) -> Iterable[Part] | None:
    """A result of Search as `pandas.json_normalize` flattens it (`TrainingJob.TrainingJobName`)."""
    del names
    records: dict[str, dict[str, Any]] = {}
    for name, value in members.items():
        key, _, column = name.partition(".")
        if column and kinds.of_record_key(key) is not None and not is_missing(value):
            records.setdefault(key, {})[column] = value
    kinds_of = {key: kinds.of_object(row) for key, row in records.items()}
    return [
        Recognised(kind, kinds.as_record(kind, rows.unflattened(kind, records[key])), path=(*path, key))
        for key, kind in kinds_of.items()
        if kind is not None and kind == kinds.of_record_key(key)
    ] or None


def object_in(value: object) -> dict[str, Any] | None:
    """An object, also one that is given as JSON in a text; None if it is none."""
    if isinstance(value, str):
        value = parsed_text(value)
    return value if isinstance(value, dict) else None


def parsed_text(text: str) -> object:
    """The object or list that a text spells as JSON, else the text."""
    if text.lstrip()[:1] not in ("{", "["):
        return text
    try:
        return loads(text.encode("utf-8", "surrogatepass"))
    except DecodeError:
        return text
