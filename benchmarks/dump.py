"""The dump that all engines load, and where each of its records begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.engines.engine import DUMP, OFFSETS
from benchmarks.generate import lines

if TYPE_CHECKING:
    from pathlib import Path


def make(place: Path, count: int, *, is_skewed: bool = False) -> Path:
    """The dump of so many jobs in a folder, written if it is not there; it is streamed, so any size will do."""
    dump = place / DUMP
    if dump.exists() and (place / OFFSETS).exists():
        return dump
    place.mkdir(parents=True, exist_ok=True)
    offsets = np.zeros(count + 1, np.int64)
    partial = dump.with_suffix(".partial")
    with partial.open("wb") as file:
        for number, line in enumerate(lines(count, is_skewed=is_skewed), start=1):
            file.write(line)
            offsets[number] = len(line)
    np.save(place / OFFSETS, np.cumsum(offsets))
    partial.rename(dump)
    return dump
