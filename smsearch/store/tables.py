"""The tables of a segment: one for its records, one for each list in them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from smsearch.store.address import LEVEL, ROOT, table_key
from smsearch.store.child_table import ChildTable
from smsearch.store.footer import damaged
from smsearch.store.table import RecordTable
from smsearch.store.table_metadata import read_list, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.store.segment import Segment
    from smsearch.store.table import Table
    from smsearch.store.table_metadata import RecordsMetadata


class Tables:
    """All tables of a segment."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._children: dict[str, ChildTable | None] = {}

    def get(self, path: str) -> Table | None:
        """The table of a path, or None if no record has the list."""
        return self.records if path == ROOT else self.child(path)

    def child(self, path: str) -> ChildTable | None:
        """The table of a list, or None if no record has it."""
        if path not in self._children:
            entry = self._segment.metadata(table_key(path))
            self._children[path] = None if entry is None else ChildTable(self._segment, path, read_list(entry))
        return self._children[path]

    @cached_property
    def metadata(self) -> RecordsMetadata:
        """What the directory says of the table of records.

        Raises:
            StoreError: It says nothing, or a member is missing or is not what it should be.
        """
        entry = self._segment.metadata(table_key(ROOT))
        if entry is None:
            raise damaged(self._segment.path.name, "it has no records")
        return read_records(entry)

    @cached_property
    def records(self) -> Table:
        """The table of the records."""
        return RecordTable(self._segment, self.metadata, self)

    def all(self) -> Iterator[Table]:
        """Every table of the segment."""
        for key in self._segment.keys(table_key(ROOT)):
            table = self.get(key.removeprefix(table_key(ROOT)))
            if table is not None:
                yield table

    def lineage(self, path: str) -> list[ChildTable] | None:
        """The tables from the records' (left out) down to a path; None if no record has one of the lists."""
        levels = path.split(LEVEL) if path else []
        tables = [self.child(LEVEL.join(levels[: depth + 1])) for depth in range(len(levels))]
        present = [table for table in tables if table is not None]
        return present if len(present) == len(tables) else None

    @staticmethod
    def joined(above: str, below: str) -> str:
        """The path of a table that is given from another one on."""
        return f"{above}{LEVEL}{below}" if above else below

    @staticmethod
    def depth(path: str) -> int:
        """How many lists a path goes through."""
        return path.count(LEVEL) + 1 if path else 0
