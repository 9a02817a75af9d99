"""A segment file, read from its end without NumPy: its checksums, its directory, and texts.

Bytes are verified when they are first touched, 16 KiB at a time, so that a damaged store gives a StoreError and never a
wrong answer. `segment.py` has the face of the same file that reads arrays, with NumPy; what must answer before NumPy
could be loaded, such as the completion of a command line, reads this one. It knows no structure.
"""

from __future__ import annotations

import mmap
import os
import zlib
from typing import TYPE_CHECKING, Any

from smsearch import small_json
from smsearch.blake2 import blake2b
from smsearch.store.directory import DirectoryEntry
from smsearch.store.footer import CHUNK_BITS, CHUNK_BYTES, damaged, damaged_at, mapping
from smsearch.store.footer import read as read_footer
from smsearch.store.plain_array import PlainArray
from smsearch.store.string_array import StringArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from smsearch.regular import StrPath


class FooterReader:
    """A segment file, mapped.

    Attributes:
        name: The file's name.
        mapped: Its bytes, for readers that have verified what they read.
        bytes: The same as a view.
        end: Where the bytes end that checksums cover.

    Args:
        path: The file.
        size: How many bytes it should have; left out, it may have any number.

    Raises:
        StoreError: The file is missing, of another version, shorter or longer than it should be, or damaged.
    """

    _crc32 = staticmethod(zlib.crc32)

    def __init__(self, path: StrPath, size: int | None = None) -> None:
        self._path = path
        self.name = os.path.split(path)[1]
        mapped, status = mapping(path, size)
        self.mapped: mmap.mmap | bytes = mapped
        self._identity = (status.st_dev, status.st_ino)
        if hasattr(mmap, "MADV_RANDOM"):
            mapped.madvise(mmap.MADV_RANDOM)  # read-ahead made a cold page forty times slower
        footer, self._checksums = read_footer(mapped, self.name)
        self.bytes = memoryview(self.mapped)
        self.end = footer.table
        self._verified = bytearray(len(self._checksums) // 4)
        """For each chunk 1 once it is verified, else 0."""
        self._entries: dict[str, dict[str, Any]] = {}
        directory = self.bytes_between(footer.directory, footer.directory + footer.directory_length)
        try:
            names, name_offsets, metadata, metadata_offsets = small_json.loads(directory)
        except (TypeError, ValueError):  # no JSON, or not four references
            raise damaged(self.name, "its directory is none") from None
        self._keys = StringArray(self, (names, name_offsets))
        self._metadata = StringArray(self, (metadata, metadata_offsets))
        if len(self._keys) != len(self._metadata):
            raise damaged(self.name, "its directory has not one entry for each key")

    @property
    def path(self) -> Path:
        """The file."""
        from pathlib import Path  # a short search does without

        return Path(self._path)

    @property
    def digest(self) -> str:
        """A name for the content: the digest of the checksums."""
        return blake2b(self._checksums, digest_size=12).hexdigest()

    def is_still_there(self) -> bool:
        """Whether the file that is mapped is the one that has its name now."""
        try:
            status = os.lstat(self._path)
        except OSError:
            return False
        return self._identity == (status.st_dev, status.st_ino)

    def verify(self, start: int, end: int) -> None:
        """Verifies the chunks of a range of bytes that were not touched yet.

        Raises:
            StoreError: A chunk is not as it was written.
        """
        after = ((end - 1) >> CHUNK_BITS) + 1
        first = self._verified.find(0, start >> CHUNK_BITS, after)
        if first >= 0:
            last = min(after, len(self._verified))  # a range may be wrong
            self._verify_chunks(chunk for chunk in range(first, last) if not self._verified[chunk])

    def _verify_chunks(self, chunks: Iterable[int]) -> None:
        for chunk in chunks:
            start = chunk << CHUNK_BITS
            body = self.bytes[start : min(start + CHUNK_BYTES, self.end)]
            if self._crc32(body) != int.from_bytes(self._checksums[4 * chunk : 4 * chunk + 4], "little"):
                raise damaged_at(self.name, start)
            self._verified[chunk] = 1

    def verify_all(self) -> None:
        """Verifies every byte of the file, touched or not.

        Raises:
            StoreError: A chunk is not as it was written.
        """
        self._verify_chunks(range(len(self._verified)))

    def bytes_between(self, start: int, end: int) -> bytes:
        """A copy of a range of bytes, verified."""
        self.verify(start, end)
        return self.mapped[start:end]

    def array(self, reference: Sequence[Any]) -> PlainArray:
        """The array of a reference."""
        return PlainArray(self, reference)

    def texts(self, references: Sequence[Sequence[object]]) -> StringArray:
        """The texts of two references."""
        return StringArray(self, references)

    def entry(self, key: str) -> dict[str, Any] | None:
        """The JSON of a key of the directory, or None, which is not remembered: requests may name anything."""
        entry = self._entries.get(key)
        if entry is None:
            at = self._keys.find(key)
            if at is None:
                return None
            try:
                entry = self._entries[key] = small_json.loads(self._metadata.encoded(at))
            except ValueError:
                raise damaged(self.name, f"what its directory says of {key!r} is no JSON") from None
        return entry

    def metadata(self, key: str) -> DirectoryEntry | None:
        """The entry of a key of the directory, whose members are checked as they are read; or None."""
        written = self.entry(key)
        return None if written is None else DirectoryEntry(written, self.name, repr(key))

    def keys(self, prefix: str = "") -> Iterator[str]:
        """The directory's keys that begin with a prefix, in code-point order."""
        return self._keys.beginning(prefix)

    def every_key(self) -> list[str]:
        """The directory's keys as they stand, whether they are in order or not."""
        return [self._keys[at] for at in range(len(self._keys))]
