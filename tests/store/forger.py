"""Forges stores: a segment's directory is written anew with whatever is wrong in it, and every checksum is right.

An array stands in the entries in the place of the reference to it. So what is wrong may be a number, a type, a length,
what a member is, or where a reference leads; whoever reads the file finds its checksums, its size and its name right.
"""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from smsearch.frozen import replace
from smsearch.store import manifest
from smsearch.store.segment import Segment, SegmentWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.store.manifest import Manifest, SegmentEntry

    Place = tuple[str | int, ...]


def resolved(segment: Segment, value: Any) -> Any:  # noqa: ANN401 - any JSON value, and arrays
    """A member of a directory, with arrays in the place of references to them."""
    match value:
        case [int(), int(), str()]:
            return segment.array(value).whole().copy()
        case dict():
            return {name: resolved(segment, member) for name, member in value.items()}
        case list():
            return [resolved(segment, member) for member in value]
        case _:
            return value


def members(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:  # noqa: ANN401 - any JSON value
    """Every member of a directory, and what it is: an array, a number, an object ..."""
    if place:
        yield place, value
    if isinstance(value, dict | list):
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from members(member, (*place, key))


def arrays(value: Any) -> Iterator[tuple[Place, NDArray[Any]]]:  # noqa: ANN401 - any JSON value
    """Every array of a directory."""
    return ((place, member) for place, member in members(value) if isinstance(member, np.ndarray))


def put(path: Path, entry: SegmentEntry, documents: bytes, entries: dict[str, Any]) -> SegmentEntry:
    """Writes a file of a store, with the right name for its content."""
    with SegmentWriter(path) as writer:
        writer.write(documents)
        for key, entry_members in entries.items():
            writer.entry(key, entry_members)
        size = writer.close()
    name = f"{path.name.partition('-')[0]}-{Segment(path).digest}.smseg"
    path.rename(path.with_name(name))
    return replace(entry, file=name, size=size)


class Forger:
    """Writes one segment of a store anew, into another folder; what else the store consists of is left out.

    Attributes:
        entry: What the manifest says of the segment that was written last.
        listed: The manifest, whose segments are replaced.
        entries: The directory as it is, by key.
        documents: The bytes of the documents.
        folder: Where forged stores are written.
    """

    def __init__(self, store: Path, folder: Path, number: int = 0) -> None:
        """Reads a segment of a store.

        Args:
            store: The store's folder.
            folder: Where forged ones are to be.
            number: Which segment.
        """
        self.listed: Manifest = replace(manifest.read_manifest(store), reports=(), held=(), retired=())
        self.entry = replace(self.listed.segments[number], dead="", dead_rows=0, counts="", counted_rows=0)
        segment = Segment(store / self.entry.file)
        self.entries: dict[str, Any] = {key: resolved(segment, segment.entry(key)) for key in segment.every_key()}
        self.documents = segment.bytes_between(0, int(self.entries["t"]["documents"][-1]))
        self.folder = folder

    def write(self, entries: dict[str, Any], documents: bytes | None = None) -> Path:
        """The store with other entries, of one segment; other documents have their own checksums."""
        self.folder.mkdir(exist_ok=True)
        written = self.documents if documents is None else documents
        if documents is not None:
            bounds = entries["t"]["documents"].tolist()
            behind = 0 if "dictionary" in entries["t"] else 1  # the comma
            checksums = [crc32(documents[start : end - behind]) for start, end in pairwise(bounds)]
            entries = entries | {"t": entries["t"] | {"checksums": np.array(checksums, np.uint32)}}
        self.entry = put(self.folder / self.entry.file, self.entry, written, entries)
        manifest.write_manifest(self.folder, replace(self.listed, segments=(self.entry,)))
        return self.folder

    def changed(self, place: Place, value: object) -> dict[str, Any]:
        """The entries with another value at a place."""
        entries = copy.deepcopy(self.entries)
        inner: Any = entries
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = value
        return entries
