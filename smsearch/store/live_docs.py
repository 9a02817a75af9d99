"""Which rows of a segment are live: the deletion vector of a segment that newer ones supersede in part.

Writer and reader of that structure. A segment never changes; the rows that are not live stand in a file beside it,
`dead-<digest>.rows`: their numbers, ascending, and a checksum. It is read whole, and checked, when a store is opened.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING

import numpy as np

from smsearch import durable
from smsearch.errors import MissingFileError, StoreError
from smsearch.regular import open_within
from smsearch.store.footer import AGAIN, ANOTHER, damaged
from smsearch.store.manifest import dead_size

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.store.manifest import SegmentEntry


def write_deleted_rows(folder: Path, rows: NDArray[np.uint32]) -> str:
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


def read_deleted_rows(folder: Path, entry: SegmentEntry) -> NDArray[np.uint32]:
    """The rows of a segment that newer segments supersede, uint32 and ascending.

    Raises:
        StoreError: The list is missing, damaged, or not as long as the manifest says.
    """
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
        raise damaged(entry.dead, ANOTHER)
    rows = np.frombuffer(raw[:-4], dtype="<u4")
    if rows[-1] >= entry.rows or not (rows[1:] > rows[:-1]).all():
        raise damaged(entry.dead, f"it does not list rows of {entry.file} in order")
    return rows
