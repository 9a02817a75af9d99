"""The documents of runs, read row by row and written into a segment: as they are, or compressed.

Records of a dump are seldom in the order of a segment's rows, so documents are read here and there, in pieces. It knows
no column.
"""

from __future__ import annotations

import os
from array import array
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from smsearch import durable
from smsearch.ingest.row_numbers import DROPPED
from smsearch.store import compression
from smsearch.store.checksum import crc32
from smsearch.store.documents import members_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.ingest.row_numbers import RowNumbers
    from smsearch.ingest.runs import Run
    from smsearch.store.segment import SegmentWriter

_COPY_ROWS: Final = 1_000
_SPANS_AT_ONCE: Final = 256
"""Documents that are read at once, and reads that are written at once."""


def spill(path: Path, documents: Iterable[bytes]) -> tuple[Path, NDArray[np.uint32]]:
    """Writes documents one after another, each with a comma behind it; returns where, and how long each is with it."""
    lengths: list[int] = []
    with durable.create(path) as file:
        lengths.extend(file.write(document + b",") for document in documents)
    return path, np.array(lengths, np.uint32)


@dataclass(frozen=True, slots=True)
class SpilledDocuments:
    """The documents of a segment's rows, as they lie in runs.

    Attributes:
        runs: The runs.
        run_of: uint32, one a row: the place of its run.
        places: uint64, one a row: where in the run's file its document begins.
        lengths: uint32, one a row: the bytes of its document, with the comma behind it.
    """

    runs: list[Run]
    run_of: NDArray[np.uint32]
    places: NDArray[np.uint64]
    lengths: NDArray[np.uint32]

    def write(self, writer: SegmentWriter) -> dict[str, NDArray[Any]]:
        """Writes the documents row by row; returns the members that say where they are."""
        held: list[bytes] = []
        checksums, lengths = array("I"), iter(self.lengths.data)
        for piece in self._pieces():
            checksums.extend(map(crc32, _parted(piece, lengths)))
            held.append(piece)
            if len(held) == _SPANS_AT_ONCE:
                writer.write(b"".join(held))
                held.clear()
        writer.write(b"".join(held))
        return members_of(self.lengths, checksums)

    def write_compressed(self, writer: SegmentWriter) -> dict[str, NDArray[Any]]:
        """The same, each document compressed by itself, without its comma."""
        dictionary = compression.trained(self._samples())
        compress = compression.Compressor(dictionary).compress
        checksums, sizes, lengths = array("I"), array("I"), iter(self.lengths.data)
        for piece in self._pieces():
            frames = [compress(document) for document in _parted(piece, lengths)]
            writer.write(b"".join(frames))
            checksums.extend(map(crc32, frames))
            sizes.extend(map(len, frames))
        members = members_of(np.frombuffer(sizes, np.uint32), checksums)
        return members | {"dictionary": np.frombuffer(dictionary, np.uint8)}

    def _samples(self) -> list[bytes]:
        """Some documents from all over, without their commas."""
        rows = np.linspace(0, len(self.lengths), min(compression.SAMPLES_MAX, len(self.lengths)), endpoint=False)
        chosen = rows.astype(np.int64)
        chosen = chosen[np.cumsum(self.lengths[chosen], dtype=np.int64) <= compression.SAMPLES_BYTES_MAX]
        sampled = SpilledDocuments(self.runs, self.run_of[chosen], self.places[chosen], self.lengths[chosen] - 1)
        return list(sampled._pieces())

    def _pieces(self) -> Iterator[bytes]:
        """The documents in the order of the rows; some that stand one after another in a run at a time."""
        with ExitStack() as stack:
            files = [stack.enter_context(run.path.open("rb", buffering=0)).fileno() for run in self.runs]
            for source, place, size in self._spans():
                yield os.pread(files[source], size, place)  # not mapped: the dump would count as memory

    def _spans(self) -> Iterator[tuple[int, int, int]]:
        """Run, place and size of documents that stand one after another in a run, some megabytes at most."""
        run_of, places, lengths = self.run_of, self.places, self.lengths
        is_break = (run_of[1:] != run_of[:-1]) | (places[1:] != places[:-1] + lengths[:-1])
        is_break[_COPY_ROWS - 1 :: _COPY_ROWS] = True
        starts = np.append(0, is_break.nonzero()[0] + 1) if len(lengths) else np.empty(0, np.int64)
        sizes = np.add.reduceat(lengths, starts, dtype=np.int64) if len(starts) else starts
        return zip(run_of[starts].tolist(), places[starts].tolist(), sizes.tolist(), strict=True)


def _parted(piece: bytes, lengths: Iterator[int]) -> Iterator[bytes]:
    """The documents that stand one after another in a piece, without their commas; `lengths` go on behind them."""
    start = 0
    while start < len(piece):
        end = start + next(lengths)
        yield piece[start : end - 1]
        start = end


def of(runs: list[Run], numbers: RowNumbers) -> SpilledDocuments:
    """The documents of some runs, whose rows in the segment are numbered."""
    run_of, lengths = np.zeros(numbers.count, np.uint32), np.zeros(numbers.count, np.uint32)
    places = np.zeros(numbers.count, np.uint64)
    for at, run in enumerate(runs):
        own = numbers.of(at)
        here = own != DROPPED
        lengths[own[here]] = run.lengths[here]
        run_of[own[here]] = at
        places[own[here]] = (np.cumsum(run.lengths, dtype=np.uint64) - run.lengths)[here]
    return SpilledDocuments(runs, run_of, places, lengths)
