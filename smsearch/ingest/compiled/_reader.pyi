from collections.abc import Callable
from typing import TypeAlias

from smsearch.ingest.compiled.layout import Description

Column: TypeAlias = tuple[int, str, int, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes]

VERSION: int

def list_in(data: bytes, at: int, is_last: int, /) -> tuple[int, int, int, str | None, list[str]] | None:
    """The list of the document that begins on the line at a place: the document itself, or its only list.

    All of the document is JSON that every parser reads alike, and it ends with a line; `is_last` says that it may also
    end with the data. A list without elements is none.

    Returns:
        Where the list begins, behind its bracket; where the document ends, behind its last line, or -1 if it seems to
        go on behind the data; how many newlines are in it; the list's name, None if it is the document; the names of
        the document's other members, four at most.
    """

def element_at(data: bytes, at: int, /) -> tuple[int, int] | None:
    """Where the element of such a list begins and ends that stands at a place, or behind the comma there."""

class Reader:
    """Reads records of one kind.

    Args:
        layout: `Layout.described()`.
        prefix: What every stored document begins with.
        is_usual: Whether a record with members of these names, in this order, needs nothing but the walk; its ARN
            counts in kinds that share the name of their ARNs.
    """

    def __init__(
        self, layout: Description, prefix: str, is_usual: Callable[[tuple[str, ...], str], bool], /
    ) -> None: ...
    def read(
        self, data: bytes, at: int, row: int, line: int, records_max: int, is_last: int, /
    ) -> tuple[int, int, int, bool]:
        """Takes documents that are a record each, from a place on, up to one that is left to Python.

        Args:
            data: The documents; each ends with a line.
            at: Where the first line begins.
            row: The row of the first record.
            line: The number of the first line.
            records_max: How many records to take at most.
            is_last: Whether the last document may end with the data.

        Returns:
            Where the first line begins that was not taken, how many lines are before it, how many records, and whether
            each stands on one line.
        """

    def read_list(
        self, data: bytes, at: int, row: int, place: int, records_max: int, bytes_max: int, /
    ) -> tuple[int, int]:
        """Takes elements of a list that are a record each, from a place on, up to one that is left to Python.

        Args:
            data: The list, or a part of it.
            at: Where the first element begins, or the comma before it.
            row: The row of the first record.
            place: The position of the first element.
            records_max: How many records to take at most.
            bytes_max: How many bytes one may have.

        Returns:
            Where the last one ends, and how many there are.
        """

    def take_records(self) -> tuple[bytes, bytes, bytes, bytes, list[str], list[str], list[str], bytes, int]:
        """What was read of records since the last time.

        Returns:
            Their documents; the lengths of these, uint32; their lines or positions, int64; marks, uint8: 1 for a record
            that stood under its key, 2 for one with nothing that a List operation does not say; ARNs; names; versions;
            LastModifiedTime in microseconds, int64, the least where there is none; how many times had no offset.
        """

    def take_columns(self) -> list[Column]:
        """The columns that have values, which are forgotten.

        Returns:
            Of each: its number, `""` and -1, or a map's or list's node, the user's key and the target; rows and codes
            of texts, uint32; offsets of the distinct texts, int64, and their UTF-8; rows of integers, uint32, and the
            integers, int64, none if the column is one of presence; rows of doubles, and these; rows of booleans, and
            these, a byte each.
        """

    def take_tables(self) -> tuple[bytes | None, ...]:
        """For each list's table the row above each of its elements, uint32, which are forgotten.

        None for a table whose list no record has had so far, not even an empty one.
        """
