"""A store: a folder of immutable segments and the manifest that lists them.

The manifest is written beside the old one and renamed over it, so a store is always the old one or the new one. Opening reads
the manifest and nothing else; a reader keeps its snapshot while a writer adds, because files it has mapped stay mapped.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import zlib
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson

from smsearch.errors import StoreError
from smsearch.store.segment import CHUNK_BYTES, FORMAT_VERSION, Segment
from smsearch.store.table import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MANIFEST: Final = "manifest.json"
_LOCK: Final = "lock"
_CHUNK_STRADDLED: Final = CHUNK_BYTES


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """A segment as the manifest lists it.

    Attributes:
        file: Its name in the store's folder.
        resource: What its records are.
        rows: How many records it holds, superseded ones included.
        size: Its length in bytes.
        dead: The file that lists the rows that newer segments supersede, or `""`.
        dead_rows: How many there are.
    """

    file: str
    resource: str
    rows: int
    size: int
    dead: str = ""
    dead_rows: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a store is.

    Attributes:
        segments: Its segments, oldest first.
        accounts: How many records each account has; those without an ARN count under `""`.
        version: The format's version.
    """

    segments: tuple[SegmentEntry, ...] = ()
    accounts: dict[str, int] = field(default_factory=dict)
    version: int = FORMAT_VERSION

    @property
    def snapshot(self) -> str:
        """A name for the content: two stores of the same segments have the same one."""
        listed = orjson.dumps([[entry.file, entry.dead] for entry in self.segments])
        return hashlib.blake2b(listed, digest_size=16).hexdigest()


def is_store(path: Path) -> bool:
    """Whether a folder holds a store's manifest."""
    try:
        with (path / MANIFEST).open("rb") as file:
            return file.read(len(_HEAD)) == _HEAD
    except OSError:
        return False


_HEAD: Final = b'{"smsearch":'


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a store.

    Raises:
        StoreError: There is no store, it is of another version, or its manifest is damaged.
    """
    try:
        raw = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise StoreError(f"{folder} is not a store: {error.strerror}.", hint="Make one with `smsearch index`.") from None
    body, _, check = raw.rstrip(b"\n").rpartition(b"\n")
    try:
        written = orjson.loads(body)
        sealed = zlib.crc32(body) == int(check)
        version = written["smsearch"]
    except (orjson.JSONDecodeError, ValueError, KeyError, TypeError):
        raise StoreError(f"{MANIFEST} is damaged.", hint="Restore it, or build the store again.") from None
    if not sealed:
        raise StoreError(f"{MANIFEST} is damaged: it is not as it was written.", hint="Restore it, or build the store again.")
    if version != FORMAT_VERSION:
        message = f"{folder} is a store of format version {version}; this smsearch reads version {FORMAT_VERSION}."
        raise StoreError(message, hint="Build the store again.")
    segments = tuple(SegmentEntry(**entry) for entry in written["segments"])
    return Manifest(segments, written["accounts"], version)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Makes a manifest the store's, at once or not at all."""
    listed = [asdict(entry) for entry in manifest.segments]
    body = orjson.dumps({"smsearch": manifest.version, "segments": listed, "accounts": manifest.accounts})
    beside = folder / (MANIFEST + ".new")
    with beside.open("wb") as file:
        file.write(body + b"\n%d\n" % zlib.crc32(body))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / MANIFEST)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Holds the store's lock, so that one writer works at a time.

    Raises:
        StoreError: Another writer is at work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"Another smsearch is writing to {folder}."
            raise StoreError(message, hint="Try again when it is done.") from None
        yield


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
            raise StoreError(f"{self.entry.dead} is missing: {error.strerror}.", hint="Build the store again.") from None
        if zlib.crc32(raw[:-4]) != int.from_bytes(raw[-4:], "little"):
            raise StoreError(f"{self.entry.dead} is damaged.", hint="Restore it, or build the store again.")
        return np.frombuffer(raw[:-4], dtype="<u4")

    @cached_property
    def _offsets(self) -> Any:  # noqa: ANN401 - an Array
        return self.segment.array(self.meta["documents"])

    def documents(self, rows: NDArray[Any]) -> list[bytes]:
        """The stored documents of some rows, `{"TrainingJob":{...}}` each, without the comma that follows."""
        starts = self._offsets.take(rows).astype(np.int64)
        ends = self._offsets.take(rows + 1).astype(np.int64) - 1
        self.segment.verify_at(starts)
        self.segment.verify_at(ends)
        pairs = zip(starts.tolist(), ends.tolist(), strict=True)
        if len(rows) and int((ends - starts).max()) > _CHUNK_STRADDLED:
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
