"""A table of a segment: its columns by key, and the order of rows that sort alike. It knows no property."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.store.address import ROOT, column_key
from smsearch.store.column import open_column
from smsearch.store.column_metadata import read_column

if TYPE_CHECKING:
    from smsearch.schema.property import Computed, Property
    from smsearch.store.address import ColumnAddress
    from smsearch.store.child_table import ChildTable
    from smsearch.store.column import Column
    from smsearch.store.segment import Array, Segment
    from smsearch.store.table_metadata import RecordsMetadata
    from smsearch.store.tables import Tables

COMPUTED_MAX: Final = 32
"""Computed columns that are remembered, more than any kind has with one list of prices; beyond, all are forgotten."""


class Table:
    """A table of a segment.

    Attributes:
        path: The lists on the way to it; `ROOT` for the records.
        row_count: How many rows it has.
        tiebreak_order: uint32: all rows in the order of those that sort alike (`tiebreak.py`); None in the table of a
            list, whose rows stand so already.
        tiebreak_rank: uint32: the place of each row in `tiebreak_order`.
    """

    tiebreak_order: Array | None = None
    tiebreak_rank: Array | None = None

    def __init__(self, segment: Segment, path: str, row_count: int) -> None:
        self._segment = segment
        self._columns: dict[str, Column] = {}
        self.columns_of: dict[Property, tuple[list[ChildTable], Column]] = {}
        """Where conditions have found the column of a property: the tables on the way to it, and the column."""
        self.path = path
        self.row_count = row_count

    def column(self, key: str) -> Column | None:
        """The column of a key, or None if no row has the property."""
        column = self._columns.get(key)
        if column is None:
            column = self._opened(column_key(self.path, key))
            if column is not None:  # else requests for unknown names would be remembered for ever
                self._columns[key] = column
        return column

    def at(self, place: ColumnAddress) -> Column | None:
        """The column at an address in this table, or None if no row has the property."""
        return self.column(place.column)

    def _opened(self, key: str) -> Column | None:
        entry = self._segment.metadata(key)
        if entry is None:
            return None
        return open_column(self._segment, read_column(entry), self.row_count, self.tiebreak_order)

    def column_keys(self, beginning: str = "") -> list[str]:
        """The keys of all columns, or of those whose keys begin with a text."""
        prefix = column_key(self.path, "")
        return [key.removeprefix(prefix) for key in self._segment.keys(prefix + beginning)]


class RecordTable(Table):
    """The table of the records."""

    def __init__(self, segment: Segment, metadata: RecordsMetadata, tables: Tables) -> None:
        super().__init__(segment, ROOT, metadata.rows)
        self._tables = tables
        self._computed: dict[Computed, Column | None] = {}
        if metadata.tiebreak_order is not None and metadata.tiebreak_rank is not None:
            self.tiebreak_order = segment.array(metadata.tiebreak_order)
            self.tiebreak_rank = segment.array(metadata.tiebreak_rank)

    def at(self, place: ColumnAddress) -> Column | None:
        """The column at an address; one that is computed is so when it is first asked for, and kept."""
        if place.computed is None:
            return self.column(place.column)
        if place.computed not in self._computed:
            from smsearch.store.computed_column import computed_column

            if len(self._computed) >= COMPUTED_MAX:
                self._computed.clear()
            self._computed[place.computed] = computed_column(place.computed, self._tables)
        return self._computed[place.computed]
