from collections.abc import Callable
from typing import TypeAlias

from smsearch.ingest.compiled.layout import Description

Column: TypeAlias = tuple[int, str, int, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes]

class Reader:
    """Reads records of one kind.

    Args:
        layout: `Layout.described()`.
        prefix: What every stored document begins with.
        is_usual: Whether a record with members of these names, in this order, needs nothing but the walk.
    """

    def __init__(self, layout: Description, prefix: str, is_usual: Callable[[tuple[str, ...]], bool], /) -> None: ...
    def read(self, data: bytes, at: int, row: int, line: int, records_max: int, /) -> tuple[int, int, int]:
        """Takes whole lines from a place on, up to one that is left to Python.

        Args:
            data: The lines.
            at: Where the first one begins.
            row: The row of the first record.
            line: The number of the first line.
            records_max: How many records to take at most.

        Returns:
            Where the first line begins that was not taken, how many lines are before it, and how many records.
        """

    def take_records(self) -> tuple[bytes, bytes, bytes, list[str], list[str], bytes, int]:
        """What was read of records since the last time.

        Returns:
            Their documents; the lengths of these, uint32; their lines, int64; ARNs; names; LastModifiedTime in
            microseconds, int64, the least where there is none; how many times had no offset.
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
