"""The tables of a segment: one for its records, one for each list in them.

A table gives columns by key, and a list's table also which row above each of its rows belongs to. It knows no property.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from smsearch.store.address import LEVEL, ROOT, column_key, table_key
from smsearch.store.column import open_column
from smsearch.store.column_metadata import read_column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.store.column import Column
    from smsearch.store.segment import Array, Segment


class Table:
    """A table of a segment.

    Attributes:
        path: The lists on the way to it; `ROOT` for the records.
        row_count: How many rows it has.
    """

    def __init__(self, segment: Segment, path: str, meta: dict[str, Any]) -> None:
        self._segment = segment
        self._meta = meta
        self._columns: dict[str, Column | None] = {}
        self.path = path
        self.row_count: int = meta["rows"]

    def column(self, key: str) -> Column | None:
        """The column of a key, or None if no row has the property."""
        if key not in self._columns:
            self._columns[key] = self._opened(column_key(self.path, key))
        return self._columns[key]

    def _opened(self, key: str) -> Column | None:
        entry = self._segment.metadata(key)
        if entry is None:
            return None
        return open_column(self._segment, read_column(entry), self.row_count, self.tiebreak_order)

    def column_keys(self) -> list[str]:
        """The keys of all columns."""
        prefix = column_key(self.path, "")
        return [key.removeprefix(prefix) for key in self._segment.keys(prefix)]

    @cached_property
    def tiebreak_order(self) -> Array | None:
        """uint32: all rows by ARN, name and version (row S4); None in the table of a list, which needs none."""
        reference = self._meta.get("ties_order")
        return None if reference is None else self._segment.array(reference)

    @cached_property
    def tiebreak_rank(self) -> Array | None:
        """uint32: the place of each row in `tiebreak_order`."""
        reference = self._meta.get("ties_rank")
        return None if reference is None else self._segment.array(reference)

    @cached_property
    def parents(self) -> Array:
        """uint32, ascending: the row above of each row of a list's table."""
        return self._segment.array(self._meta["parents"])

    @cached_property
    def bounds(self) -> Array:
        """Where the rows of each row above begin, and the end: one more than there are rows above."""
        return self._segment.array(self._meta["bounds"])

    def below(self, rows: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows of this list's table that belong to rows above, and for each its place among `rows`."""
        starts = self.bounds.take(rows).astype(np.int64)
        counts = self.bounds.take(rows + 1).astype(np.int64) - starts
        owners = np.repeat(np.arange(len(rows), dtype=np.int64), counts)
        first = np.cumsum(counts) - counts
        return np.arange(len(owners), dtype=np.int64) - first[owners] + starts[owners], owners


class Tables:
    """All tables of a segment."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._tables: dict[str, Table | None] = {}

    def get(self, path: str) -> Table | None:
        """The table of a path, or None if no record has the list."""
        if path not in self._tables:
            meta = self._segment.entry(table_key(path))
            self._tables[path] = None if meta is None else Table(self._segment, path, meta)
        return self._tables[path]

    @property
    def records(self) -> Table:
        """The table of the records."""
        table = self.get(ROOT)
        if table is None:  # pragma: no cover - every segment has one
            raise KeyError(ROOT)
        return table

    def all(self) -> Iterator[Table]:
        """Every table of the segment."""
        for key in self._segment.keys(table_key(ROOT)):
            table = self.get(key.removeprefix(table_key(ROOT)))
            if table is not None:
                yield table

    def lineage(self, path: str) -> list[Table] | None:
        """The tables from the records' (left out) down to a path; None if no record has one of the lists."""
        levels = path.split(LEVEL) if path else []
        tables = [self.get(LEVEL.join(levels[: depth + 1])) for depth in range(len(levels))]
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
