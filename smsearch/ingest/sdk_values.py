"""Values in the forms that other SDKs and tools give them: lists of pairs, maps in maps, enums as objects.

.NET writes an enum as `{"Value": "Completed"}`, Paws a map as `{"Map": {...}}`, EventBridge tags as a map and Datadog
as `key:value`. It knows what a shape looks like elsewhere, and nothing of documents.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from smsearch.ingest.json_values import key_of
from smsearch.schema.catalogue import fold

if TYPE_CHECKING:
    from smsearch.schema.catalogue import Structure
    from smsearch.schema.families import Family

_OF_AWS: Final = "aws:"
_CREATED_BY: Final = re.compile(r"[a-z]+[A-Z]")
"""What the second part of AWS's own keys of two parts looks like (`aws:createdBy`); services have no capitals."""
_MAP: Final = "Map"
_VALUE: Final = "value"


class Counting(Protocol):
    """Whoever counts what could be read in several ways."""

    ambiguous_tags: int


def as_pairs(value: object, family: Family, element: Structure, notes: Counting) -> object:
    """A list of pairs that was given as a map (`{"k": "v"}`), as texts (`["k:v"]`) or as its only pair."""
    if not family.key or (value.__class__ is list and not _holds_texts(value)):
        return value
    named = family.value[0]
    if isinstance(value, dict):
        spelled = {element.spelled(key) for key in value if isinstance(key, str)}
        if {family.key, named} <= spelled and None not in spelled:
            return [value]
        if not any(isinstance(entry, dict | list) for entry in value.values()):
            return [{family.key: key_of(key), named: entry} for key, entry in value.items()]
        return value
    if isinstance(value, list):
        notes.ambiguous_tags += sum(_is_ambiguous(text) for text in value if isinstance(text, str))
        pairs = [split_tag(text) if isinstance(text, str) else text for text in value]
        return [{family.key: pair[0], named: pair[1]} if isinstance(pair, tuple) else pair for pair in pairs]
    return value


def split_tag(text: str) -> tuple[str, str]:
    """The key and the value of a tag that is one text: the key ends at its first colon, or is one of AWS's own.

    The key of `team:vision` is `team`, that of `aws:cloudformation:stack-name:s`, which names a service,
    `aws:cloudformation:stack-name`, and that of `aws:createdBy:IAMUser:x` is `aws:createdBy`.
    """
    parts = text.split(":")
    count = 1
    if text.startswith(_OF_AWS):
        count = 2 if len(parts) <= len(("aws", "service", "name")) or _CREATED_BY.match(parts[1]) else 3
    return ":".join(parts[:count]), ":".join(parts[count:])


def _is_ambiguous(text: str) -> bool:
    return text.count(":") > split_tag(text)[0].count(":") + 1


def _holds_texts(value: object) -> bool:
    return any(entry.__class__ is str for entry in cast("list[object]", value))


def unwrapped_map(entries: dict[Any, object]) -> dict[Any, object]:
    """A map of plain values that stands in another one, as Paws writes it."""
    inner = entries.get(_MAP)
    return inner if isinstance(inner, dict) else entries


def unwrapped_enum(value: object) -> object:
    """An enum's value that stands in an object, as .NET writes it."""
    if isinstance(value, dict) and len(value) == 1:
        ((name, inner),) = value.items()
        if fold(str(name)) == _VALUE:
            return inner
    return value
