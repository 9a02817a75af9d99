"""The results of parsing and recognition: documents and their elements, and the records in them.

Values only. `documents.py` and `streaming_parser.py` make documents, `shapes.py` and `envelopes.py` the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple[str | int, ...]
"""The members and list positions that lead to a part of a document."""
DEPTH_MAX: Final = 8
"""Members within members in which records are looked for."""


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document, an element of one that is read element by element, or a problem in the place of either.

    Attributes:
        line: The line it begins on, counted from 1.
        value: The parsed JSON; None where there is a problem.
        problem: Why it cannot be read, or `""`.
        path: The members and positions that lead to it in a document that is read element by element, or `()`.
        document: The line on which that document begins, or 0 for a whole document.
        is_prose: Whether the problem is that no document begins here at all.
    """

    line: int
    value: object = None
    problem: str = ""
    path: Path = ()
    document: int = 0
    is_prose: bool = False


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
