"""What recognition makes of a part of a document: a record, a part to look into, or a part in which there is none.

Values only; who makes them is `shapes.py` and `envelopes.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple[str | int, ...]
"""The members and list positions that lead to a part of a document."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A record's members, still spelled as they came.

    Attributes:
        kind: The record's kind in the catalogue.
        members: Its members.
        is_partial: Whether the source leaves members out.
        path: Where in the document it stands.
    """

    kind: str
    members: Mapping[str, Any]
    is_partial: bool = False
    path: Path = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A member that is there and in which no record was recognised."""

    path: Path
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Inside:
    """What an envelope holds, still to be looked into; `otherwise` stands for it if there is no record in it."""

    value: object
    path: Path
    otherwise: Unrecognised | None = None


def text_of(path: Path) -> str:
    """A path for a reader, list positions left out: `events[].output`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += "[]"
        else:
            text += f".{step}" if text else step
    return text
