"""Hands a result over from one process to another: its large arrays in a file, which the other one maps.

Over a pipe an array is copied twice, and takes memory in the other process until it is written. Of a mapped file only
the pages that are being written do. It knows neither who works nor at what.
"""

from __future__ import annotations

import mmap
import os
import pickle
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

IN_FILE_FROM: Final = 1 << 16
"""Bytes of an array from which it is worth a mapping of its own."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A result on its way.

    Attributes:
        pickled: The result without its large arrays.
        path: The file of those, which is there until the result is received.
        spans: Where in the file each array begins, and its bytes.
    """

    pickled: bytes
    path: str
    spans: list[tuple[int, int]]

    def received(self) -> Any:  # noqa: ANN401 - whatever was handed over
        """The result; its large arrays cannot be changed."""
        with open(self.path, "rb") as file:  # noqa: PTH123 - a name, which is pickled quicker than a path
            os.unlink(self.path)  # noqa: PTH108 - the same
            arrays = [
                mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ, offset=start) for start, size in self.spans
            ]
        return pickle.loads(self.pickled, buffers=arrays)  # noqa: S301 - from a process of this build


def handed_over(result: object, folder: Path) -> object:
    """A result as it is sent to the other process; itself if it has no large array."""
    arrays: list[memoryview] = []

    def stays(buffer: pickle.PickleBuffer) -> bool:
        array = buffer.raw()
        if array.nbytes < IN_FILE_FROM:
            return True
        arrays.append(array)
        return False

    pickled = pickle.dumps(result, protocol=5, buffer_callback=stays)
    if not arrays:
        return result
    spans = []
    handle, path = tempfile.mkstemp(prefix="result-", dir=folder)
    with os.fdopen(handle, "wb", buffering=0) as file:
        for array in arrays:
            start = -(-file.tell() // mmap.ALLOCATIONGRANULARITY) * mmap.ALLOCATIONGRANULARITY
            file.seek(start)
            spans.append((start, array.nbytes))
            while array.nbytes:
                array = array[file.write(array) :]  # noqa: PLW2901 - one write may take less
    return HandedOver(pickled, path, spans)
