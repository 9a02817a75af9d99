"""The tables of a segment: one for its records, one for each list in them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from smsearch.store.address import LEVEL, ROOT, table_key
from smsearch.store.footer import damaged
from smsearch.store.table import RecordTable
from smsearch.store.table_metadata import read_list, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.store.child_table import ChildTable
    from smsearch.store.manifest import SegmentEntry
    from smsearch.store.segment import Segment
    from smsearch.store.table import Table
    from smsearch.store.table_metadata import RecordsMetadata


class Tables:
    """All tables of a segment.

    Args:
        segment: The file.
        listed: What the manifest says of it; None of a file that no manifest lists.
    """

    def __init__(self, segment: Segment, listed: SegmentEntry | None = None) -> None:
        self._segment = segment
        self._listed = listed
        self._children: dict[str, ChildTable] = {}

    def get(self, path: str) -> Table | None:
        """The table of a path, or None if no record has the list."""
        return self.records if path == ROOT else self.child(path)

    def child(self, path: str) -> ChildTable | None:
        """The table of a list, or None if no record has it."""
        table = self._children.get(path)
        if table is None:
            entry = self._segment.metadata(table_key(path))
            if entry is None:  # not remembered: the path may be of a name that was made up
                return None
            from smsearch.store.child_table import ChildTable  # most queries ask for no list

            above = self.get(path.rpartition(LEVEL)[0])
            if above is None:
                raise damaged(self._segment.name, f"the table {path!r} is below no table")
            table = self._children[path] = ChildTable(self._segment, path, read_list(entry, above.row_count))
        return table

    @cached_property
    def metadata(self) -> RecordsMetadata:
        """What the directory says of the table of records.

        Raises:
            StoreError: It says nothing, or a member is missing, or is not what it should be or what the manifest says.
        """
        entry = self._segment.metadata(table_key(ROOT))
        if entry is None:
            raise damaged(self._segment.name, "it has no records")
        metadata, listed, file = read_records(entry), self._listed, self._segment.name
        if listed is not None and metadata.rows != listed.rows:
            raise damaged(file, f"its rows are {metadata.rows}, and the manifest says {listed.rows}")
        if listed is not None and metadata.resource != listed.resource:
            raise damaged(file, f"its records are of {metadata.resource}, and the manifest says {listed.resource}")
        return metadata

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
