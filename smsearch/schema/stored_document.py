"""A stored document as a record: the JSON of a response, parsed. It knows no store and no archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from smsearch.schema import notation
from smsearch.schema.decode import loads
from smsearch.schema.record import Record
from smsearch.schema.walk import value_at

if TYPE_CHECKING:
    from smsearch.schema.catalogue import Resource


def record_of(stored: bytes, other_types: bytes | None, resource: Resource) -> Record:
    """The record of a stored document.

    Args:
        stored: `{"TrainingJob":{...}}`, in the wire's JSON.
        other_types: What the export had in other types, as `notation.other_types_of` wrote it; None if nothing.
        resource: What it is.
    """
    document = members_of(stored, resource)
    arn, name = (text_at(document, path) for path in (resource.arn, resource.name_path))
    exported = {} if other_types is None else exported_of(other_types, resource)
    return Record(resource.name, arn, name, document, exported=exported)


def members_of(stored: bytes, resource: Resource) -> dict[str, Any]:
    """The members of a stored document, `{"TrainingJob":{...}}`, without those that a response is completed with."""
    members = cast("dict[str, dict[str, Any]]", loads(stored))[resource.record_key]
    if notation.may_have_named_numbers(stored):
        members = cast("dict[str, Any]", notation.with_named_numbers(members, resource.root))
    return notation.uncompleted(resource.name, members)


def exported_of(other_types: bytes, resource: Resource) -> dict[str, object]:
    """What `notation.other_types_of` wrote, as `Record.exported`."""
    return cast("dict[str, object]", notation.with_named_numbers(loads(other_types), resource.root))


def text_at(document: object, path: tuple[str, ...]) -> str:
    """The text of a member, such as a record's name; `""` where there is none."""
    value = value_at(document, path)
    return "" if value is None else str(value)
