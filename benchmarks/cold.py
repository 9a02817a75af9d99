"""Takes files out of the kernel's page cache, and tells how much of them is in it."""

from __future__ import annotations

import ctypes
import mmap
import os
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def drop(files: Iterable[Path]) -> None:
    """Asks the kernel to forget files; pages that some process has mapped stay."""
    for path in files:
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)


def resident(files: Iterable[Path]) -> float:
    """The share of the files' pages that are in memory, by mincore.

    Raises:
        OSError: The kernel does not say.
    """
    pages = kept = 0
    mincore = ctypes.CDLL(None, use_errno=True).mincore
    for path in files:
        size = path.stat().st_size
        if not size:
            continue
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            states = np.zeros(-(-size // mmap.PAGESIZE), np.uint8)
            bytes_ = np.frombuffer(mapped, np.uint8)
            address, length = ctypes.c_void_p(bytes_.ctypes.data), ctypes.c_size_t(size)
            if mincore(address, length, ctypes.c_void_p(states.ctypes.data)):
                raise OSError(ctypes.get_errno(), "mincore", str(path))
            del bytes_  # or the map could not be closed
        pages += len(states)
        kept += int((states & 1).sum())
    return kept / max(pages, 1)
