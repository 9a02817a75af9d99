"""The end of a segment file: where its directory and its checksums stand, read without NumPy.

`footer_reader.py` begins here, and so does `segment.py`, its face with NumPy. It knows neither entries nor arrays.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from typing import TYPE_CHECKING, Final

from smsearch.errors import MissingFileError, StoreError
from smsearch.frozen import frozen
from smsearch.regular import open_file
from smsearch.store.manifest import FORMAT_VERSION

if TYPE_CHECKING:
    from smsearch.regular import StrPath

CHUNK_BITS: Final = 14
CHUNK_BYTES: Final = 1 << CHUNK_BITS
"""Bytes a checksum covers: 4 microseconds to verify, and little to read for one document of a cold page."""
AGAIN: Final = "Restore it, or build the store again."
LEFT_OVER: Final = (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError, struct.error)
"""What Python raises where a number or a text of a store is not what it was taken for."""
ANOTHER: Final = "its content is not what its name says"
"""What is wrong with a whole file in the place of another: its checksums are right, and so may be its length."""
_MAGIC: Final = b"SMSEGMNT"
_FOOTER: Final = struct.Struct("<8sIIQQQI")
"""Magic, version, checksum of the chunk table, directory offset and length, chunk table offset, checksum of this."""


@frozen
class Footer:
    """What stands at a segment's end.

    Attributes:
        directory: Where the directory begins, in bytes.
        directory_length: Its bytes.
        table: Where the chunks end and their checksums begin: `uint32`, one a chunk.
        table_check: The checksum of the checksums.
    """

    directory: int
    directory_length: int
    table: int
    table_check: int

    def packed(self) -> bytes:
        """The footer as it is written."""
        fields = (_MAGIC, FORMAT_VERSION, self.table_check, self.directory, self.directory_length, self.table)
        unsealed = _FOOTER.pack(*fields, 0)[:-4]
        return unsealed + struct.pack("<I", zlib.crc32(unsealed))


def mapping(path: StrPath, size: int | None = None) -> tuple[mmap.mmap, os.stat_result]:
    """A segment file, mapped, and what tells it from another one of its name.

    Args:
        path: The file.
        size: How many bytes it should have; left out, it may have any number.

    Raises:
        MissingFileError: It is not there.
        StoreError: It is no regular file, cannot be read, or is of another size.
    """
    name = os.path.split(path)[1]
    try:
        with open_file(path) as file:
            status = os.fstat(file.fileno())
            if size is not None and status.st_size != size:
                raise damaged(name, f"it has {status.st_size:,} bytes and not {size:,}")
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), status
    except FileNotFoundError:
        raise MissingFileError(f"{name} is missing.", hint=AGAIN) from None
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise StoreError(f"{name} cannot be opened: {reason}.", hint=AGAIN) from None


def read(mapped: mmap.mmap, name: str) -> tuple[Footer, memoryview]:
    """The footer of a segment file, and its table of checksums, both verified; the table is no copy.

    Raises:
        StoreError: The file is too short, damaged at its end, or of another version.
    """
    if len(mapped) < _FOOTER.size:
        raise damaged(name, "it is too short")
    raw = mapped[-_FOOTER.size :]
    magic, version, table_check, directory, length, table, check = _FOOTER.unpack(raw)
    if magic != _MAGIC or zlib.crc32(raw[:-4]) != check:
        raise damaged(name, "its footer is not as it was written")
    if version != FORMAT_VERSION:
        message = f"{name} is of format version {version}; this smsearch reads version {FORMAT_VERSION}."
        raise StoreError(message, hint="Index the exports again with `smsearch index`.")
    if table > len(mapped) - _FOOTER.size or directory + length > table or not length:
        raise damaged(name, "its footer points outside of it")
    checksums = memoryview(mapped)[table : -_FOOTER.size]
    if zlib.crc32(checksums) != table_check or len(checksums) != 4 * -(-table // CHUNK_BYTES):
        raise damaged(name, "its checksums are not as they were written")
    return Footer(directory, length, table, table_check), checksums


def damaged(name: str, what: str) -> StoreError:
    """The error for a segment file that is not as it was written."""
    return StoreError(f"{name} is damaged: {what}.", hint=AGAIN)


def outside(name: str) -> StoreError:
    """The error for a number of a segment file that leads to where nothing is."""
    return damaged(name, "a number in it leads outside of what it is a place in")


def damaged_at(name: str, start: int) -> StoreError:
    """The error for a chunk that is not as it was written."""
    return damaged(name, f"the bytes from {start} on are not as they were written")
