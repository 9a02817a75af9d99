"""A store: a folder of immutable segments and the manifest that lists them.

Opening reads the manifest and maps the segments; a reader keeps its snapshot while a writer adds, because files it has
mapped stay mapped.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from smsearch.errors import StoreError
from smsearch.store.footer import CHUNK_BYTES
from smsearch.store.manifest import read_manifest
from smsearch.store.segment import Segment
from smsearch.store.table import Tables

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.store.manifest import SegmentEntry

_CHUNK_STRADDLED: Final = CHUNK_BYTES


def write_dead(folder: Path, rows: NDArray[np.uint32]) -> str:
    """Writes the list of a segment's superseded rows; returns the file's name."""
    body = rows.astype("<u4").tobytes()
    digest = hashlib.blake2b(body, digest_size=8).hexdigest()
    name = f"dead-{digest}.rows"
    with (folder / name).open("wb") as file:
        file.write(body + zlib.crc32(body).to_bytes(4, "little"))
        file.flush()
        os.fsync(file.fileno())
    return name


class Part:
    """One segment of an open store."""

    def __init__(self, folder: Path, entry: SegmentEntry) -> None:
        self.entry = entry
        self._folder = folder
        path = folder / entry.file
        try:
            size = path.stat().st_size
        except OSError as error:
            message = f"{entry.file} is missing: {error.strerror}."
            raise StoreError(message, hint="Restore it, or build the store again.") from None
        if size != entry.size:
            message = f"{entry.file} is damaged: it has {size} bytes and not {entry.size}."
            raise StoreError(message, hint="Restore it, or build the store again.")
        self.segment = Segment(path)
        self.tables = Tables(self.segment)

    @cached_property
    def meta(self) -> dict[str, Any]:
        """The directory's entry of the records' table."""
        found = self.segment.entry("t")
        if found is None:
            raise StoreError(f"{self.entry.file} is damaged: it has no records.", hint="Build the store again.")
        return found

    @cached_property
    def dead(self) -> NDArray[np.uint32] | None:
        """uint32, ascending: rows that newer segments supersede; None if there are none."""
        if not self.entry.dead:
            return None
        try:
            raw = (self._folder / self.entry.dead).read_bytes()
        except OSError as error:
            raise StoreError(
                f"{self.entry.dead} is missing: {error.strerror}.", hint="Build the store again."
            ) from None
        if zlib.crc32(raw[:-4]) != int.from_bytes(raw[-4:], "little"):
            raise StoreError(f"{self.entry.dead} is damaged.", hint="Restore it, or build the store again.")
        return np.frombuffer(raw[:-4], dtype="<u4")

    @cached_property
    def _offsets(self) -> Any:  # noqa: ANN401 - an Array
        return self.segment.array(self.meta["documents"])

    def documents(self, rows: NDArray[Any]) -> list[bytes]:
        """The stored documents of some rows, `{"TrainingJob":{...}}` each, without the comma that follows."""
        if not len(rows):
            return []
        starts = self._offsets.take(rows).astype(np.int64)
        ends = self._offsets.take(rows + 1).astype(np.int64) - 1
        self.segment.verify_at(starts)
        self.segment.verify_at(ends)
        pairs = zip(starts.tolist(), ends.tolist(), strict=True)
        if (ends - starts).max() > _CHUNK_STRADDLED:
            return [self.segment.bytes_between(start, end) for start, end in pairs]
        mapped = self.segment.mapped
        return [mapped[start:end] for start, end in pairs]


class Store:
    """An open store, a snapshot that does not change.

    Raises:
        StoreError: There is no store, it is of another version, or a segment is missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        self.parts = [Part(folder, entry) for entry in self.manifest.segments]

    def of(self, resource: str) -> list[Part]:
        """The segments of a resource, oldest first."""
        return [part for part in self.parts if part.entry.resource == resource]
