"""The manifest of a store: which segments it consists of.

It is written beside the old one and renamed over it, so a store is always the old one or the new one, never a half.
This module reads and writes that one file, and holds the writer's lock; it opens no segment.
"""

from __future__ import annotations

import fcntl
import hashlib
import zlib
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

import orjson

from smsearch import durable
from smsearch.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMAT_VERSION: Final = 1
MANIFEST: Final = "manifest.json"
LOCK: Final = "lock"
_HEAD: Final = b'{"smsearch":'


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


def mark(folder: Path) -> tuple[int, ...] | None:
    """What tells the manifest that is there from another one, without reading it; None if there is none."""
    try:
        found = (folder / MANIFEST).stat()
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a store.

    Raises:
        StoreError: There is no store, it is of another version, or its manifest is damaged.
    """
    try:
        raw = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise StoreError(
            f"{folder} is not a store: {error.strerror}.", hint="Make one with `smsearch index`."
        ) from None
    body, _, check = raw.rstrip(b"\n").rpartition(b"\n")
    try:
        written = orjson.loads(body)
        sealed = zlib.crc32(body) == int(check)
        version = written["smsearch"]
    except (orjson.JSONDecodeError, ValueError, KeyError, TypeError):
        raise StoreError(f"{MANIFEST} is damaged.", hint="Restore it, or build the store again.") from None
    if not sealed:
        raise StoreError(
            f"{MANIFEST} is damaged: it is not as it was written.", hint="Restore it, or build the store again."
        )
    if version != FORMAT_VERSION:
        message = f"{folder} is a store of format version {version}; this smsearch reads version {FORMAT_VERSION}."
        raise StoreError(
            message, hint="Index the exports again with `smsearch index`, into this folder or another one."
        )
    segments = tuple(SegmentEntry(**entry) for entry in written["segments"])
    return Manifest(segments, written["accounts"], version)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Makes a manifest the store's, at once or not at all."""
    listed = [asdict(entry) for entry in manifest.segments]
    body = orjson.dumps({"smsearch": manifest.version, "segments": listed, "accounts": manifest.accounts})
    durable.replace(folder / MANIFEST, body + b"\n%d\n" % zlib.crc32(body))


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Holds the store's lock, so that one writer works at a time.

    Raises:
        StoreError: Another writer is at work.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            message = f"Another smsearch is writing to {folder}."
            raise StoreError(message, hint="Try again when it is done.") from None
        yield
