"""A look into a segment's dictionaries without NumPy: which columns there are, and the texts of one.

For who must answer before a person notices, such as the completion of a command line: loading NumPy alone would take as
long. Every chunk that is read is verified, as `segment.py` does; see `docs/store-format.md`.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK_BITS: Final = 14
_FOOTER: Final = struct.Struct("<8sIIQQQI")
_MAGIC: Final = b"SMSEGMNT"


class Glance:
    """A segment file, mapped.

    Raises:
        StoreError: The file is no segment, or a part of it that is read is damaged.
        OSError: It cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._name = path.name
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        footer = self._map[-_FOOTER.size :]
        if len(footer) != _FOOTER.size or footer[:8] != _MAGIC or zlib.crc32(footer[:-4]) != _seal(footer):
            raise self._damaged()
        _, _, _, directory, length, self._checksums, _ = _FOOTER.unpack(footer)
        self._verified: set[int] = set()
        names, name_offsets, metas, meta_offsets = orjson.loads(self.read(directory, directory + length))
        self._keys = Words(self, names, name_offsets)
        self._metas = Words(self, metas, meta_offsets)

    def read(self, start: int, end: int) -> bytes:
        """A range of bytes, verified."""
        for chunk in range(start >> _CHUNK_BITS, ((end - 1) >> _CHUNK_BITS) + 1):
            if chunk not in self._verified:
                begun = chunk << _CHUNK_BITS
                body = self._map[begun : min(begun + (1 << _CHUNK_BITS), self._checksums)]
                at = self._checksums + 4 * chunk
                if zlib.crc32(body) != int.from_bytes(self._map[at : at + 4], "little"):
                    raise self._damaged()
                self._verified.add(chunk)
        return self._map[start:end]

    def _damaged(self) -> StoreError:
        return StoreError(f"{self._name} is damaged.", hint="Restore it, or build the store again.")

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


def _seal(footer: bytes) -> int:
    return int.from_bytes(footer[-4:], "little")
