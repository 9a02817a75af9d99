"""A file that lists rows of a segment, with numbers beside them: writer and reader of every such list.

`<structure>-<digest>.rows` holds columns of `uint32`, one after another, and a checksum. The first column are row
numbers, ascending. The digest is that of the columns, so a whole file in the place of another one is noticed. This
module does not know what a list is for.
"""

from __future__ import annotations

import zlib
from operator import lt
from typing import TYPE_CHECKING

from smsearch import durable
from smsearch.blake2 import blake2b
from smsearch.numpy_later import np
from smsearch.store.footer import ANOTHER, damaged, mapping

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

    from smsearch.errors import StoreError
    from smsearch.regular import StrPath
    from smsearch.store.manifest import SegmentEntry

_CHECK_BYTES = 4


def write(folder: Path, structure: str, columns: NDArray[Any]) -> str:
    """Writes a list; returns the file's name.

    Args:
        folder: The store's.
        structure: What the name begins with.
        columns: Whole numbers of 32 bits, one dimension for each column: rows first, ascending.
    """
    body = columns.astype("<u4").tobytes()
    name = f"{structure}-{_digest(body)}.rows"
    with durable.create(folder / name) as file:
        file.write(body + zlib.crc32(body).to_bytes(_CHECK_BYTES, "little"))
        durable.sync(file)
    return name


def _digest(body: bytes) -> str:
    return blake2b(body, digest_size=8).hexdigest()


class RowsFile:
    """A list, mapped when it is opened and verified when it is read.

    Attributes:
        mapped: Its bytes.

    Args:
        folder: The store's.
        name: The file.
        count: How many rows the manifest says that it lists.
        size: The bytes that so many take.

    Raises:
        StoreError: The file is missing, cannot be opened, or is not as long as the manifest says.
    """

    def __init__(self, folder: StrPath, name: str, count: int, size: int) -> None:
        self._name = name
        self._count = count
        self.mapped, _ = mapping(f"{folder}/{name}")
        if len(self.mapped) != size:  # the checksum of no bytes is that of no rows: the length has to be known
            raise damaged(name, f"it does not hold the {count:,} rows that the manifest counts")

    def body(self) -> bytes:
        """The columns as they are written.

        Raises:
            StoreError: The file is damaged.
        """
        body = self.mapped[:-_CHECK_BYTES]
        if zlib.crc32(body) != int.from_bytes(self.mapped[-_CHECK_BYTES:], "little"):
            raise damaged(self._name, "it is not as it was written")
        if not self._name.endswith(f"-{_digest(body)}.rows"):
            raise damaged(self._name, ANOTHER)
        return body

    def rows(self, entry: SegmentEntry) -> memoryview[int]:
        """The first column, read without NumPy; `entry` is the segment's whose rows they are.

        Raises:
            StoreError: The file is damaged.
        """
        rows = memoryview(self.body()).cast("I")[: self._count]
        if rows[-1] >= entry.rows or not all(map(lt, rows, rows[1:])):
            raise self._disordered(entry)
        return rows

    def columns(self, entry: SegmentEntry) -> NDArray[np.uint32]:
        """The columns, of shape (columns, rows); `entry` is the segment's whose rows they are.

        Raises:
            StoreError: The file is damaged.
        """
        body = self.body()
        columns = np.frombuffer(body, dtype="<u4").reshape(-1, self._count)
        rows = columns[0]
        if rows[-1] >= entry.rows or not (rows[1:] > rows[:-1]).all():
            raise self._disordered(entry)
        return columns

    def _disordered(self, entry: SegmentEntry) -> StoreError:
        return damaged(self._name, f"it does not list rows of {entry.file} in order")
