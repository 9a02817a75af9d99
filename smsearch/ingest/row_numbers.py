"""The new numbers of the rows of runs, in a file: of a table of all runs they are as large as one of its columns.

Whoever joins a column needs those of one run at a time, in whatever process. It knows no column.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

DROPPED: Final = (1 << 32) - 1
"""The number of a row that is not kept."""
_RUNS_HELD: Final = 64
"""Runs of which a process keeps the numbers, since it joins column after column: 5 to 30 MB."""


@dataclass(frozen=True, slots=True)
class RowNumbers:
    """The new row of each row of each run, `DROPPED` for one that is not kept.

    Attributes:
        path: The file: uint32, the rows of one run after those of another.
        bounds: Where in it the rows of each run begin, and the end.
        count: How many rows are kept.
    """

    path: Path
    bounds: tuple[int, ...]
    count: int

    def of(self, run: int) -> NDArray[np.uint32]:
        """Those of the rows of a run; nobody may change them."""
        return _read(self.path, self.bounds[run], self.bounds[run + 1])


@lru_cache(_RUNS_HELD)
def _read(path: Path, start: int, end: int) -> NDArray[np.uint32]:
    return np.fromfile(path, np.uint32, end - start, offset=4 * start)


def write(path: Path, numbers: Iterable[NDArray[np.uint32]], count: int) -> RowNumbers:
    """Writes the numbers of the rows of some runs.

    Args:
        path: A file that was never there before: what was read of it is remembered.
        numbers: Those of each run.
        count: How many rows are kept.
    """
    bounds = [0]
    with path.open("xb") as file:
        for some in numbers:
            file.write(some.tobytes())
            bounds.append(bounds[-1] + len(some))
    return RowNumbers(path, tuple(bounds), count)
