"""A segment as a run, so that segments are merged as runs are joined: column by column, and no document is parsed.

A segment has its documents where a run has them, at the beginning of its file; compressed ones are expanded into a file
of their own. Its columns are read back as values that
encode to the same; what could not be read is any value that cannot. The layout of a column follows from its values
alone, so the merged segment is array by array the one that its documents would make. It knows neither which segments
are merged nor which of their rows are records.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from smsearch.ingest.runs import Run
from smsearch.ingest.spilled_documents import spill
from smsearch.store.address import ROOT
from smsearch.store.buffered_values import BufferedValues
from smsearch.store.dictionaries import kind_of
from smsearch.store.segment import Segment
from smsearch.store.tables import Tables

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.schema.value_kinds import Kind
    from smsearch.store.column import Column
    from smsearch.store.segment_reader import SegmentReader


_ROWS_AT_ONCE: Final = 1_000


class SegmentFile:
    """A segment, opened once by each process that is given some of its columns."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[type[SegmentFile], tuple[Path]]:
        return SegmentFile, (self._path,)

    @cached_property
    def tables(self) -> Tables:
        """Its tables."""
        return Tables(Segment(self._path))


@dataclass(frozen=True, slots=True)
class _StoredColumn:
    """A column of a segment, as a run's is spilled."""

    file: SegmentFile
    table: str
    key: str
    length: int

    def load(self) -> BufferedValues:
        """Its values."""
        table = self.file.tables.get(self.table)
        column = None if table is None else table.column(self.key)
        return BufferedValues() if column is None else column.buffered()


@dataclass(frozen=True, slots=True)
class _LoadedValue:
    """A value that is in memory already."""

    value: Any
    length: int = 0

    def load(self) -> Any:  # noqa: ANN401 - as `Spilled.load`
        """The value."""
        return self.value


def stored_run(reader: SegmentReader, working: Path) -> Run:
    """The records of a segment as a run; its documents are verified first, since they are copied as they stand.

    Args:
        reader: The segment.
        working: The folder for documents that have to be expanded.

    Raises:
        StoreError: The segment is damaged.
    """
    segment, tables, metadata = reader.segment, reader.tables, reader.metadata
    path, lengths = _documents(reader, working)
    every = np.arange(metadata.rows)
    exported = reader.exported(every)
    file = SegmentFile(segment.path)
    columns: dict[tuple[str, str], tuple[Kind, _StoredColumn]] = {}
    parents: dict[str, _LoadedValue] = {}
    for table in tables.all():
        if table.path != ROOT:
            child = tables.child(table.path)
            parents[table.path] = _LoadedValue(child.parents.whole() if child is not None else None)
        for key in table.column_keys():
            column = table.column(key)
            if column is not None:
                columns[table.path, key] = kind_of(column), _StoredColumn(file, table.path, key, _size(column))
    return Run(
        resource=metadata.resource,
        path=path,
        lengths=lengths,
        identities_at=_LoadedValue(reader.identities),
        origins_at=_LoadedValue(reader.sources.whole()),
        accounts=np.empty(0, np.uint32),
        account_names=(),
        columns_at=_LoadedValue(columns),
        spilled_bytes=sum(place.length for _, place in columns.values()),
        tables=parents,
        extras={name: tuple(path) for name, path in metadata.extras.items()},
        exported=_LoadedValue(exported) if exported else None,
    )


def _documents(reader: SegmentReader, working: Path) -> tuple[Path, NDArray[np.uint32]]:
    """The file at whose beginning the documents of a segment stand, and how long each is with the comma behind it."""
    segment = reader.segment
    offsets = segment.array(reader.metadata.documents).whole()
    segment.verify(0, int(offsets[-1]))
    if reader.stored_documents.expand is None:
        return segment.path, np.diff(offsets).astype(np.uint32)
    rows = np.arange(reader.metadata.rows)
    batches = (reader.documents(rows[start : start + _ROWS_AT_ONCE]) for start in range(0, len(rows), _ROWS_AT_ONCE))
    return spill(working / f"{segment.path.stem}.documents", chain.from_iterable(batches))


def _size(column: Column) -> int:
    """About the bytes that its values take when they are spilled: a code a row, and the dictionary."""
    return 4 * column.present + 16 * column.readable
