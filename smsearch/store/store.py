"""A store: a folder of immutable segments and the manifest that lists them.

Opening reads the manifest and the lists of superseded rows, and maps the segments. After that no file is opened, so a
reader keeps its snapshot whatever writers do: files that are mapped stay mapped.
"""

from __future__ import annotations

import hashlib
import zlib
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from smsearch import durable
from smsearch.errors import MissingFileError, StoreError
from smsearch.regular import open_within
from smsearch.store import build_reports
from smsearch.store.counts import CountsFile
from smsearch.store.footer import AGAIN, CHUNK_BYTES, damaged
from smsearch.store.manifest import dead_size, read_manifest
from smsearch.store.segment import Segment
from smsearch.store.sources import Sources
from smsearch.store.table import Tables

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.store.build_reports import BuildReport
    from smsearch.store.manifest import Manifest, SegmentEntry

OPENINGS_MAX: Final = 20
"""How often the manifest is read again because a file that it named was gone."""
_CHUNK_STRADDLED: Final = CHUNK_BYTES
_ANOTHER: Final = "its content is not what its name says"
"""A whole file in the place of another one: its checksums are right, and so may be its length."""


def write_dead(folder: Path, rows: NDArray[np.uint32]) -> str:
    """Writes the list of a segment's superseded rows; returns the file's name."""
    body = rows.astype("<u4").tobytes()
    name = _dead_name(body)
    with durable.create(folder / name) as file:
        file.write(body + zlib.crc32(body).to_bytes(4, "little"))
        durable.sync(file)
    return name


def _dead_name(body: bytes) -> str:
    """The file's name, which tells its content: the digest of the rows."""
    return f"dead-{hashlib.blake2b(body, digest_size=8).hexdigest()}.rows"


def read_dead(folder: Path, entry: SegmentEntry) -> NDArray[np.uint32] | None:
    """The rows of a segment that newer segments supersede, uint32 and ascending; None if there are none.

    Raises:
        StoreError: The list is missing, damaged, or not as long as the manifest says.
    """
    if not entry.dead:
        return None
    expected = dead_size(entry.dead_rows)
    try:
        with open_within(folder, entry.dead) as file:
            raw = file.read(expected + 1)
    except FileNotFoundError:
        raise MissingFileError(f"{entry.dead} is missing.", hint=AGAIN) from None
    except OSError as error:
        raise StoreError(f"{entry.dead} cannot be read: {error.strerror}.", hint=AGAIN) from None
    if len(raw) != expected:  # the checksum of no bytes is that of no rows: the length has to be known
        raise damaged(entry.dead, f"it does not hold the {entry.dead_rows:,} rows that the manifest counts")
    if zlib.crc32(raw[:-4]) != int.from_bytes(raw[-4:], "little"):
        raise damaged(entry.dead, "it is not as it was written")
    if _dead_name(raw[:-4]) != entry.dead:
        raise damaged(entry.dead, _ANOTHER)
    rows = np.frombuffer(raw[:-4], dtype="<u4")
    if rows[-1] >= entry.rows or not (rows[1:] > rows[:-1]).all():
        raise damaged(entry.dead, f"it does not list rows of {entry.file} in order")
    return rows


class SegmentReader:
    """One segment of an open store, with everything that answering needs: no file is opened later.

    Attributes:
        entry: What the manifest says of it.
        dead: uint32, ascending: rows that newer segments supersede; None if there are none.
        counts: How many snapshots stand behind its rows.
    """

    def __init__(self, folder: Path, entry: SegmentEntry, like: SegmentReader | None = None) -> None:
        """Opens a segment, or takes over what an earlier snapshot has opened of the same file.

        Args:
            folder: The store's.
            entry: What the manifest says of the segment.
            like: The same file in an earlier snapshot.
        """
        self.entry = entry
        self.segment: Segment = Segment(folder / entry.file, entry.size) if like is None else like.segment
        if like is None and not entry.file.endswith(f"-{self.segment.digest}.smseg"):
            raise damaged(entry.file, _ANOTHER)
        self.dead = read_dead(folder, entry)
        self.counts = CountsFile(folder, entry)
        self.tables: Tables = Tables(self.segment) if like is None else like.tables

    @cached_property
    def meta(self) -> dict[str, Any]:
        """The directory's entry of the records' table."""
        meta = self.segment.entry("t")
        if meta is None:
            raise damaged(self.entry.file, "it has no records")
        for name, expected in (("rows", self.entry.rows), ("resource", self.entry.resource)):
            if meta[name] != expected:
                raise damaged(self.entry.file, f"its {name} are {meta[name]}, and the manifest says {expected}")
        return meta

    @cached_property
    def sources(self) -> Sources:
        """Where its records were read."""
        return Sources(self.segment, self.entry.rows)

    @cached_property
    def has_exported(self) -> bool:
        """Whether an export had values of some record in other types than the service model's."""
        return "exported" in self.meta

    def exported(self, rows: NDArray[Any]) -> dict[int, bytes]:
        """What the export had in other types, as JSON (`notation.written_apart`), by place among some rows."""
        if not self.has_exported:
            return {}
        numbers, *texts = self.meta["exported"]
        known, written = self.segment.array(numbers).whole(), self.segment.texts(texts)
        at = np.searchsorted(known, rows)
        there = np.flatnonzero(known[np.minimum(at, len(known) - 1)] == rows)
        return {place: written.encoded(int(at[place])) for place in there.tolist()}

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

    Args:
        folder: The store's.
        like: An earlier snapshot, with which it shares the segments that both have.

    Raises:
        StoreError: There is no store, it is of another version, or a segment is missing or damaged.
    """

    def __init__(self, folder: Path, like: Store | None = None) -> None:
        self.folder = folder
        self.manifest: Manifest
        self.parts: list[SegmentReader]
        self.manifest, self.parts = _opened(folder, [] if like is None else like.parts)

    def of(self, resource: str) -> list[SegmentReader]:
        """The segments of a resource, oldest first."""
        return [part for part in self.parts if part.entry.resource == resource]

    def reports(self) -> tuple[BuildReport, ...]:
        """The reports of the builds that made it, oldest first; read now.

        Raises:
            StoreError: One is damaged, or was removed by a build after this snapshot was opened.
        """
        return tuple(build_reports.read(self.folder, entry) for entry in self.manifest.reports)

    def held_of(self, resource: str) -> list[SegmentReader]:
        """The files of held snapshots of a resource, oldest first; only a writer opens them."""
        return [SegmentReader(self.folder, entry) for entry in self.manifest.held if entry.resource == resource]


def _opened(folder: Path, earlier: list[SegmentReader]) -> tuple[Manifest, list[SegmentReader]]:
    """A manifest, and its segments opened.

    Between the two, a writer may put another manifest in its place and remove files. Then the new one is read.
    """
    known = {part.entry.file: part for part in earlier if part.segment.is_still_there()}
    manifest = read_manifest(folder)
    for _ in range(OPENINGS_MAX):
        try:
            return manifest, [_part(folder, entry, known.get(entry.file)) for entry in manifest.segments]
        except MissingFileError:
            before, manifest = manifest, read_manifest(folder)
            if manifest == before:
                raise
    raise StoreError(f"{folder} changes faster than it can be opened.", hint="Try again when its writers are done.")


def _part(folder: Path, entry: SegmentEntry, known: SegmentReader | None) -> SegmentReader:
    return known if known is not None and known.entry == entry else SegmentReader(folder, entry, known)
