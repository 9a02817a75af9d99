"""Recognises the shapes in which records are exported, by their content.

Envelopes are opened until a record's own members are reached: pages of Search and of List operations, recorded answers,
events, tasks. What an envelope says about its records goes along. The spelling of members is `normalise.py`'s business,
rows of data frames are `rows.py`'s, and which kind has which members is `kinds.py`'s. It knows no file and no line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import ExportError
from smsearch.ingest import kinds, rows
from smsearch.schema import catalogue
from smsearch.schema.catalogue import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Opener = Callable[[dict[str, Any], str], "Iterator[Recognised | ExportError] | None"]
    """Opens an envelope by its telling member; None if it turns out to be none."""

_SHOWN_KEYS: Final = 8
_PAGE_MEMBERS_MAX: Final = 4
"""Members that a page of a List operation has at most: the list, NextToken, ResponseMetadata, and one more."""
_TASK: Final = re.compile(r"create([A-Za-z]+?)(?:\.sync)?(?::\d+)?")


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


def recognise(value: object, key: str = "") -> Iterator[Recognised | ExportError]:
    """The records in a parsed document, and an error in the place of each part that is none of the shapes.

    Args:
        value: The document.
        key: The member of a response that it is an element of, or `""`.
    """
    if isinstance(value, list):
        for element in value:
            yield from recognise(element, key)
        return
    try:
        if not isinstance(value, dict):
            yield ExportError(f"It is {_word(value)} and not a record.", hint="A record is a JSON object.")
        elif (kind := kinds.of_list(key)) is not None:
            yield _listed(kind, value)
        else:
            yield from _opened(value)
    except ExportError as error:
        yield error


def _word(value: object) -> str:
    words = {str: "a text", bool: "a truth value", type(None): "null", int: "a number", float: "a number"}
    return words.get(type(value), f"a {type(value).__name__}")


def _opened(value: dict[str, Any]) -> Iterator[Recognised | ExportError]:
    """Opens an envelope, or takes the object for a record."""
    for opener, member in _openers(tuple(value)):
        found = opener(value, member)
        if found is not None:
            yield from found
            return
    yield _bare(value)


@lru_cache(maxsize=4096)
def _openers(members: tuple[object, ...]) -> tuple[tuple[Opener, str], ...]:
    """What an object of these members may be an envelope as, each with the member that is opened."""
    names = {fold(name): name for name in members if isinstance(name, str)}
    own = [folded for folded in names if folded not in kinds.METADATA]
    openers: list[tuple[Opener, str]] = []
    if "results" in names:
        openers.append((_page, names["results"]))
    if "statuscode" in names and "data" in names:
        openers.append((_recording, names["data"]))
    if "detail" in names and ("detail-type" in names or "detailtype" in names):
        openers.append((_event, names["detail"]))
    if "resourcetype" in names and "resource" in names:
        openers.append((_task, names["resource"]))
    if len(own) == 1 and kinds.of_record_key(names[own[0]]) is not None:
        openers.append((_result, names[own[0]]))
    openers += [(_whole, name) for name in names.values() if len(own) > 1 and kinds.of_inner(name) is not None]
    is_record = kinds.of_members(members) is not None and len(members) > _PAGE_MEMBERS_MAX
    if not is_record:  # a record may have a list of such a name, as a model has its endpoints
        openers += [(_listing, name) for name in names.values() if kinds.of_list(name) is not None]
    return tuple(openers)


def _page(value: dict[str, Any], member: str) -> Iterator[Recognised | ExportError] | None:
    """A page of Search."""
    return recognise(value[member]) if isinstance(value[member], list) else None


def _recording(value: dict[str, Any], member: str) -> Iterator[Recognised | ExportError] | None:
    """An answer that was recorded with its status."""
    return recognise(value[member]) if isinstance(value[member], dict) else None


def _result(value: dict[str, Any], member: str) -> Iterator[Recognised | ExportError] | None:
    """One result of Search: the record under its key."""
    kind = kinds.of_record_key(member)
    if kind is None or not isinstance(value[member], dict):
        return None
    return iter((Recognised(kind, kinds.as_record(kind, value[member])),))


def _whole(value: dict[str, Any], member: str) -> Iterator[Recognised | ExportError] | None:
    """A record that holds what Describe shows in a member, beside what Search adds: a model with its endpoints."""
    inner, kind = value[member], kinds.of_inner(member)
    if kind is None or not isinstance(inner, dict) or kinds.of_object(inner) != kind:
        return None
    return iter((Recognised(kind, value),))


def _listing(value: dict[str, Any], member: str) -> Iterator[Recognised | ExportError] | None:
    """A page of a List operation."""
    return recognise(value[member], member) if isinstance(value[member], list) else None


def _listed(kind: str, value: dict[str, Any]) -> Recognised:
    return Recognised(kind, kinds.as_record(kind, rows.with_tuned(value)), is_partial=True)


def _event(value: dict[str, Any], member: str) -> Iterator[Recognised | ExportError] | None:
    """An EventBridge event: the detail is the record."""
    detail = value[member]
    if not isinstance(detail, dict):
        return None
    kind = kinds.of_object(detail)
    if kind is None:
        name = value.get("detail-type", value.get("detailType"))
        raise ExportError(f"The event '{name}' holds no record.", hint="Its detail has no ARN or name of its own.")
    return iter((Recognised(kind, kinds.as_record(kind, detail)),))


def _task(value: dict[str, Any], member: str) -> Iterator[Recognised | ExportError] | None:
    """A Step Functions task: the request that made the record, or the ARN that came back."""
    if value.get("resourceType") != "sagemaker":
        return None
    match = _TASK.fullmatch(str(value[member]))
    kind = None if match is None else kinds.of_record_key(match[1])
    if kind is None:
        raise ExportError(f"The task '{value[member]}' makes no record.", hint="Tasks that create jobs do.")
    members = value.get("parameters", value.get("output"))
    if not isinstance(members, dict):
        raise ExportError("The task has neither parameters nor output.", hint="Export the whole event.")
    return iter((Recognised(kind, kinds.as_record(kind, members), is_partial=True),))


def _bare(value: dict[str, Any]) -> Recognised:
    """A record itself: what Describe returns, a row of a table, a row of a data frame."""
    kind = kinds.of_object(value)
    if kind is None:
        keys = ", ".join(map(str, list(value)[:_SHOWN_KEYS])) + (", ..." if len(value) > _SHOWN_KEYS else "")
        raise ExportError(
            f"It is no record of a kind that SageMaker has: its members are {keys or 'none'}.",
            hint="A record has its own ARN or name, such as TrainingJobArn or TrainingJobName.",
        )
    if rows.is_frame_row(kind, value):
        return Recognised(kind, rows.of_frame(kind, value), is_partial=True)
    row = rows.with_own_names(catalogue.resource(kind), value)
    return Recognised(kind, kinds.as_record(kind, rows.with_tuned(row)), is_partial=rows.TUNED in row)
