"""One segment of an open store, or a file of held snapshots: the readers of all its structures.

A structure that most searches do not read is imported when it is first read: how quickly the command starts counts.
"""

from __future__ import annotations

from functools import cached_property
from mmap import mmap
from typing import TYPE_CHECKING, Any, cast

from smsearch.numpy_later import np
from smsearch.store.documents import Documents
from smsearch.store.footer import ANOTHER, damaged
from smsearch.store.footer_reader import FooterReader
from smsearch.store.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from smsearch.regular import StrPath
    from smsearch.store.counts import CountsFile
    from smsearch.store.exported import Exported
    from smsearch.store.identities import Identities
    from smsearch.store.manifest import SegmentEntry
    from smsearch.store.segment import Segment
    from smsearch.store.sources import Sources
    from smsearch.store.table_metadata import RecordsMetadata


class SegmentReader:
    """One segment of an open store, with everything that answering needs: no file is opened later.

    Attributes:
        entry: What the manifest says of it.
        plain: The face of the file that needs no NumPy; `segment` is the other one.
        deleted: uint32, ascending: rows that newer segments supersede; None if there are none.
    """

    def __init__(self, folder: StrPath, entry: SegmentEntry, like: SegmentReader | None = None) -> None:
        """Opens a segment, or takes over what an earlier snapshot has opened of the same file.

        Args:
            folder: The store's.
            entry: What the manifest says of the segment.
            like: The same file in an earlier snapshot.
        """
        self.entry = entry
        self.plain: FooterReader = FooterReader(f"{folder}/{entry.file}", entry.size) if like is None else like.plain
        if like is None and not entry.file.endswith(f"-{self.plain.digest}.smseg"):
            raise damaged(entry.file, ANOTHER)
        self.deleted: memoryview[int] | None = _deleted_rows(folder, entry) if entry.dead else None
        self._folder = folder
        if entry.counts:
            self.counts  # noqa: B018 - opens its file
        if like is not None:
            self.segment, self.tables = like.segment, like.tables

    def mapped_files(self) -> Iterator[tuple[mmap, str]]:
        """The files that are mapped, each with its name."""
        if isinstance(self.plain.mapped, mmap):
            yield self.plain.mapped, self.entry.file
        if self.entry.counts and self.counts.mapped is not None:
            yield self.counts.mapped, self.entry.counts

    @cached_property
    def counts(self) -> CountsFile:
        """How many snapshots stand behind its rows."""
        from smsearch.store.counts import CountsFile

        return CountsFile(self._folder, self.entry)

    @cached_property
    def segment(self) -> Segment:
        """The file as arrays."""
        from smsearch.store.segment import Segment

        return Segment.over(self.plain)

    @cached_property
    def tables(self) -> Tables:
        """Its tables, of arrays."""
        return Tables(self.segment, self.entry)

    @cached_property
    def plain_tables(self) -> Tables:
        """Its tables, for those who ask nothing of them that needs NumPy: one row, one value, one count."""
        return Tables(cast("Segment", self.plain), self.entry)

    @cached_property
    def dead(self) -> NDArray[np.uint32] | None:
        """The same as `deleted`, as an array."""
        return None if self.deleted is None else np.frombuffer(self.deleted, np.uint32)

    @cached_property
    def metadata(self) -> RecordsMetadata:
        """What the directory says of the table of records.

        Raises:
            StoreError: It says nothing, or not what the manifest does.
        """
        return self.plain_tables.metadata

    @cached_property
    def sources(self) -> Sources:
        """Where its records were read."""
        from smsearch.store.sources import Sources

        return Sources(self.segment, self.entry.rows)

    @cached_property
    def identities(self) -> Identities:
        """What tells its snapshots apart; no search reads it."""
        from smsearch.store import identities

        return identities.read(self.segment, self.entry.resource, self.metadata.identities)

    @cached_property
    def stored_documents(self) -> Documents:
        """The documents of its records."""
        return Documents(self.segment, self.metadata)

    def stored_document(self, row: int) -> bytes:
        """The stored document of one row, read without NumPy."""
        return self._plain_documents.one(row)

    @cached_property
    def _plain_documents(self) -> Documents:
        return Documents(cast("Segment", self.plain), self.metadata)

    @cached_property
    def stored_exported(self) -> Exported:
        """What exports had in other types."""
        from smsearch.store.exported import Exported

        return Exported(self.segment, self.metadata)

    @cached_property
    def has_exported(self) -> bool:
        """Whether an export had values of some record in other types than the service model's."""
        return self.metadata.exported is not None

    def exported(self, rows: NDArray[Any]) -> dict[int, bytes]:
        """What the export had in other types, as JSON (`notation.other_types_of`), by place among some rows."""
        return self.stored_exported.of(rows) if self.has_exported else {}

    def documents(self, rows: NDArray[Any]) -> list[bytes]:
        """The stored documents of some rows, `{"TrainingJob":{...}}` each, without the comma that follows."""
        return self.stored_documents.of(rows)


def _deleted_rows(folder: StrPath, entry: SegmentEntry) -> memoryview[int]:
    from smsearch.store.live_docs import read_deleted_rows  # most segments have none

    return read_deleted_rows(folder, entry)
