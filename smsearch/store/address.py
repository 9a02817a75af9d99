"""Where in a segment a property's column lies.

A segment has one table for its records and one for each list in them; a list inside a list is a table under a table.
The address of a column follows from the property's steps alone, so that who writes a column and who reads it agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

from smsearch.schema.property import Elements, FirstMember, Member, Pair

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsearch.schema.property import Step

PIECE: Final = "\x1f"
"""Between the pieces of a column's key; no name of the service's holds it."""
LEVEL: Final = "\x1d"
"""Between the lists of a table's path."""
ROOT: Final = ""
"""The path of the table of records."""


@dataclass(frozen=True, slots=True)
class Address:
    """A table's path and a column's key in it; the key is `""` for a list of plain values."""

    table: str
    column: str


def address(steps: Iterable[Step]) -> Address:
    """Where the values at the end of some steps are stored: after the last `Elements`, in that list's table."""
    lists: list[str] = []
    pieces: list[str] = []
    for step in steps:
        match step:
            case Member(name):
                pieces.append(name)
            case Pair(_, key):
                pieces.append(key)
            case FirstMember(names):
                pieces.append("|".join(names))
            case Elements():
                lists.append(PIECE.join(pieces))
                pieces = []
            case _:
                assert_never(step)
    return Address(LEVEL.join(lists), PIECE.join(pieces))


def table_key(path: str) -> str:
    """The directory key of a table."""
    return f"t{path}"


def column_key(table: str, column: str) -> str:
    """The directory key of a column."""
    return f"c{table}\x1e{column}"
