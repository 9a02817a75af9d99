"""The service model's names in snake_case, as tables of cloud resources and the Python SDK spell them.

Only what the model names is respelled: members of structures. The user's own keys (tags, hyperparameters, metrics,
environment) and fields that the model does not know stay to the letter. Read in again, a document is the same record.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from smsearch.schema.catalogue import ListOf, Structure
from smsearch.schema.families import family_of
from smsearch.schema.walk import element_of, member_of

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
        own = reached.members if isinstance(reached, Structure) else ()
        return {
            snake(name) if name in own else name: document(value, member_of(reached, name))
            for name, value in members.items()
        }
    if isinstance(members, list):
        return [document(value, element_of(reached)) for value in members]
    return members


def column(name: str, root: Structure) -> str:
    """A property's name in snake_case, as far as the model names it: `HyperParameters.maxDepth` keeps its key.

    Args:
        name: The property's name.
        root: The shape of the records that have it.
    """
    segments: list[str] = []
    reached: Shape | None = root
    rest = name
    while rest and isinstance(reached, Structure):
        head, _, tail = rest.partition(".")
        if head not in reached.members:
            break
        segments.append(snake(head))
        reached, rest = reached.member(head), tail
        if isinstance(reached, ListOf):
            element = element_of(reached)
            reached = None if family_of(element) is not None else element
    if not segments:
        head, dot, tail = rest.partition(".")
        return f"{_FAMILIES.get(head, head)}{dot}{tail}"
    return ".".join([*segments, *([rest] if rest else [])])
