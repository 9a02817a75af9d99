"""Which rows of a segment are live: the deletion vector of a segment that newer ones supersede in part.

Writer and reader of that structure. A segment never changes; the rows that are not live stand in a file beside it,
`dead-<digest>.rows` (`rows_file.py`). It is read whole, and checked, when a store is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.store import rows_file
from smsearch.store.manifest import dead_size

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from smsearch.regular import StrPath
    from smsearch.store.manifest import SegmentEntry


def write_deleted_rows(folder: Path, rows: NDArray[np.uint32]) -> str:
    """Writes the list of a segment's superseded rows; returns the file's name."""
    return rows_file.write(folder, "dead", rows)


def read_deleted_rows(folder: StrPath, entry: SegmentEntry) -> memoryview[int]:
    """The rows of a segment that newer segments supersede, uint32 and ascending; read without NumPy.

    Raises:
        StoreError: The list is missing, damaged, or not as long as the manifest says.
    """
    file = rows_file.RowsFile(folder, entry.dead, entry.dead_rows, dead_size(entry.dead_rows))
    return file.rows(entry)
