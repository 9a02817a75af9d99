"""The service model's names in snake_case, as tables of cloud resources and the Python SDK spell them.

Only what the model names is respelled: members of structures. The user's own keys (tags, hyperparameters, metrics,
environment) and fields that the model does not know stay to the letter. Read in again, a document is the same record.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from smsearch.schema.catalogue import ListOf, MapOf, Structure, shape
from smsearch.schema.families import family_of

if TYPE_CHECKING:
    from smsearch.schema.catalogue import Shape

_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_FAMILIES: Final = {"Metrics": "metrics"}
"""Families that no member of their name holds."""


@lru_cache(maxsize=4096)
def snake(name: str) -> str:
    """A member's name in snake_case: `S3Uri` is `s3_uri`, `VolumeSizeInGB` is `volume_size_in_gb`."""
    return _WORD.sub("_", name).lower()


def document(members: Any, reached: Shape | None) -> Any:  # noqa: ANN401 - any JSON value
    """A copy of a document, or of a part of it, with the model's names in snake_case.

    Args:
        members: The document, in the model's spelling.
        reached: Its shape; None for what the model does not know.
    """
    if isinstance(members, dict):
        if isinstance(reached, Structure):
            own = reached.members
            return {
                snake(name) if name in own else name: document(value, reached.member(name) if name in own else None)
                for name, value in members.items()
            }
        below = shape(reached.value) if isinstance(reached, MapOf) else None
        return {name: document(value, below) for name, value in members.items()}
    if isinstance(members, list):
        element = shape(reached.element) if isinstance(reached, ListOf) else None
        return [document(value, element) for value in members]
    return members


def column(name: str, root: Structure) -> str:
    """A property's name in snake_case, as far as the model names it: `HyperParameters.maxDepth` keeps its key.

    Args:
        name: The property's name.
        root: The shape of the records that have it.
    """
    written: list[str] = []
    reached: Shape | None = root
    rest = name
    while rest and isinstance(reached, Structure):
        head, _, tail = rest.partition(".")
        if head not in reached.members:
            break
        written.append(snake(head))
        reached, rest = reached.member(head), tail
        if isinstance(reached, ListOf):
            element = shape(reached.element)
            is_family = family_of(element) is not None
            reached = None if is_family else element
    if not written:
        head, dot, tail = rest.partition(".")
        return f"{_FAMILIES.get(head, head)}{dot}{tail}"
    return ".".join([*written, *([rest] if rest else [])])
