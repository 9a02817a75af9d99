"""Where in a segment a property's column lies.

A segment has one table for its records and one for each list in them; a list inside a list is a table under a table.
The address of a column follows from the property's steps alone, so that who writes a column and who reads it agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from smsearch.frozen import frozen
from smsearch.schema.property import Computed, EachMember, Elements, Entries, FirstMember, Member, Pair

if TYPE_CHECKING:
    from collections.abc import Iterable

    from smsearch.schema.property import Step

PIECE: Final = "\x1f"
"""Between the pieces of a column's key; no name of the service's holds it, and in the user's own it is escaped."""
LEVEL: Final = "\x1d"
"""Between the lists of a table's path."""
ROOT: Final = ""
"""The path of the table of records."""


_ESCAPES: Final = {"\x1b": "\x1b0", "\x1c": "\x1b1", LEVEL: "\x1b2", "\x1e": "\x1b3", PIECE: "\x1b4"}
_ESCAPED: Final = frozenset(_ESCAPES)
_TABLE: Final = str.maketrans(_ESCAPES)


def escaped(name: str) -> str:
    """A name as a piece of a key, so that no user's key can be taken for another column's."""
    return name if _ESCAPED.isdisjoint(name) else name.translate(_TABLE)


def names_in(key: str) -> list[str]:
    """The names that the pieces of a column's key are made of."""
    return [_unescaped(piece) for piece in key.split(PIECE)]


def _unescaped(piece: str) -> str:
    for character, escape in reversed(_ESCAPES.items()):  # the escape character itself last
        piece = piece.replace(escape, character)
    return piece


@frozen
class ColumnAddress:
    """A table's path and a column's key in it; the key is `""` for a list of plain values.

    Of a column that is computed, which is no stored one, the computation stands in the place of the key.
    """

    table: str
    column: str
    computed: Computed | None = None


def address(steps: Iterable[Step]) -> ColumnAddress:
    """Where the values at the end of some steps are stored: after the last `Elements`, in that list's table.

    Steps that end in several members have several addresses: `columns.py` of the query takes them one by one.
    """
    lists: list[str] = []
    pieces: list[str] = []
    for step in steps:
        match step:
            case Member(name):
                pieces.append(escaped(name))
            case Pair(_, key):
                pieces.append(escaped(key))
            case FirstMember(names):
                pieces.append("|".join(names))
            case Elements():
                lists.append(PIECE.join(pieces))
                pieces = []
            case Computed():
                return ColumnAddress(ROOT, "", step)
            case EachMember() | Entries():
                raise TypeError(step)
            case _:
                assert_never(step)
    return ColumnAddress(LEVEL.join(lists), PIECE.join(pieces))


def table_key(path: str) -> str:
    """The directory key of a table."""
    return f"t{path}"


def column_key(table: str, column: str) -> str:
    """The directory key of a column."""
    return f"c{table}\x1e{column}"
