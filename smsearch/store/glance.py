"""A look into a segment's dictionaries without NumPy: which columns there are, and the texts of one.

For who must answer before a person notices, such as the completion of a command line: loading NumPy alone would take as
long. Every chunk that is read is verified, as `segment.py` does; see `docs/store-format.md`.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import orjson

from smsearch.store.footer import CHUNK_BITS, CHUNK_BYTES, damaged_at, mapping
from smsearch.store.footer import read as read_footer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Glance:
    """A segment file, mapped.

    Raises:
        StoreError: The file is missing, no segment, or a part of it that is read is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._map, _ = mapping(path)
        footer, self._checksums = read_footer(self._map, self._name)
        self._end = footer.table
        self._verified: set[int] = set()
        directory = self.read(footer.directory, footer.directory + footer.directory_length)
        names, name_offsets, metas, meta_offsets = orjson.loads(directory)
        self._keys = Words(self, names, name_offsets)
        self._metas = Words(self, metas, meta_offsets)

    def read(self, start: int, end: int) -> bytes:
        """A range of bytes, verified."""
        for chunk in range(start >> CHUNK_BITS, ((end - 1) >> CHUNK_BITS) + 1):
            if chunk not in self._verified:
                begun = chunk << CHUNK_BITS
                body = self._map[begun : min(begun + CHUNK_BYTES, self._end)]
                if zlib.crc32(body) != int.from_bytes(self._checksums[4 * chunk : 4 * chunk + 4], "little"):
                    raise damaged_at(self._name, begun)
                self._verified.add(chunk)
        return self._map[start:end]

    def keys(self, prefix: str) -> Iterator[str]:
        """The directory's keys that begin with a prefix, in order."""
        return self._keys.beginning(prefix)

    def entry(self, key: str) -> dict[str, Any] | None:
        """The directory's entry of a key, or None."""
        at = self._keys.place(key)
        if at == len(self._keys) or self._keys[at] != key:
            return None
        found: dict[str, Any] = orjson.loads(self._metas[at])
        return found


class Words:
    """Texts one after another, of two references of a directory."""

    def __init__(self, glance: Glance, encoded: list[Any], offsets: list[Any]) -> None:
        self._glance = glance
        self._start: int = encoded[0]
        self._offsets: int = offsets[0]
        self._width = int(offsets[2][2:])
        self._length: int = offsets[1] - 1

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, at: int) -> str:
        return self._encoded(at).decode()

    def _encoded(self, at: int) -> bytes:
        place = self._offsets + at * self._width
        pair = self._glance.read(place, place + 2 * self._width)
        start, end = (int.from_bytes(half, "little") for half in (pair[: self._width], pair[self._width :]))
        return self._glance.read(self._start + start, self._start + end) if end > start else b""

    def place(self, text: str) -> int:
        """How many of the sorted texts stand before a text."""
        wanted, low, high = text.encode(), 0, len(self)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self._encoded(middle) < wanted else (low, middle)
        return low

    def beginning(self, prefix: str) -> Iterator[str]:
        """The sorted texts that begin with a prefix."""
        for at in range(self.place(prefix), len(self)):
            text = self[at]
            if not text.startswith(prefix):
                return
            yield text
