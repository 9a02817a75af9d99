"""Cuts exports into pieces, and reads one into runs: the work that processes share.

A piece is a file, or for a large file of JSON lines the lines that begin between two offsets. Reading it needs nothing
but the piece and a folder to spill to.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from smsearch.ingest import load
from smsearch.ingest.report import FileReport, Report
from smsearch.ingest.runs import Run, RunWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smsearch.ingest.sources import Source, Told
    from smsearch.schema.record import Record

PIECE_BYTES: Final = 64 << 20
"""Plain files of JSON lines are read in pieces of at most this size, so that all processes have work to the end; a
piece of usual records is about a run."""
_PEEK_BYTES: Final = 1 << 16
_BUFFER_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Piece:
    """What one process reads at a time: a file, or the lines of it that begin between two offsets."""

    source: Source
    start: int = 0
    end: int | None = None

    @property
    def size(self) -> int:
        """Bytes of it on disk."""
        return self.source.size if self.end is None else self.end - self.start

    @property
    def is_cut(self) -> bool:
        """Whether it is a part of a file."""
        return self.end is not None


@dataclass(frozen=True, slots=True)
class PieceRead:
    """What reading a piece gave."""

    runs: list[Run]
    report: Report

    @property
    def is_lines(self) -> bool:
        """Whether every document was a line."""
        return all(file.is_lines for file in self.report.files)


def cut(source: Source) -> Iterator[Piece]:
    """A large plain file of JSON lines in pieces; anything else whole."""
    if source.problem or source.size <= 2 * PIECE_BYTES or not _is_json_lines(source):
        yield Piece(source)
        return
    count = -(-source.size // PIECE_BYTES)
    step = -(-source.size // (count + count % 2))  # of one size, and as many for each of two processes
    for start in range(0, source.size, step):
        yield Piece(source, start, min(start + step, source.size))


def _is_json_lines(source: Source) -> bool:
    """Whether the file begins with a line that is a whole document."""
    try:
        with Path(source.name).open("rb") as file:
            line = file.readline(_PEEK_BYTES)
    except OSError:
        return False
    return line.startswith(b"{") and line.rstrip().endswith(b"}") and line.endswith(b"\n")


class _Lines(io.RawIOBase):
    """The lines of a file that begin between two offsets, as a file of its own."""

    def __init__(self, piece: Piece, told: Told) -> None:
        self._told = told
        self._file = Path(piece.source.name).open("rb")  # noqa: SIM115 - closed with this file
        self._left = (piece.end or 0) - piece.start
        self._tail = b""
        if piece.start:
            self._file.seek(piece.start - 1)
            self._left -= len(self._file.readline()) - 1

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._left > 0:
            data = self._file.read(min(len(buffer), self._left))
            self._left -= len(data)
            self._told(len(data))
            if self._left <= 0 and not data.endswith(b"\n"):
                self._tail = self._file.readline()
        else:
            data, self._tail = self._tail[: len(buffer)], self._tail[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def read_piece(told: Told, piece: Piece, working: Path, prefix: str) -> PieceRead:
    """Flattens the records of a piece into runs; what one process does.

    Args:
        told: Is given the bytes of every read from disk.
        piece: What to read.
        working: The folder for the runs.
        prefix: What their names begin with.
    """
    report = Report()
    if piece.end is None:
        records = load.from_source(piece.source, report, told)
    else:
        file = FileReport(piece.source.name, piece.end - piece.start, short_name=piece.source.short_name)
        report.files.append(file)
        records = load.from_stream(io.BufferedReader(_Lines(piece, told), _BUFFER_BYTES), file, report)
    return flattened(records, report, working, prefix)


def flattened(records: Iterable[Record], report: Report, working: Path, prefix: str) -> PieceRead:
    """Flattens records into runs, one kind of record each."""
    writers: dict[str, RunWriter] = {}
    for record in records:
        writer = writers.get(record.resource)
        if writer is None:
            writer = writers[record.resource] = RunWriter(record.resource, working, prefix)
        writer.add(record)
    for writer in writers.values():
        writer.spill()
    return PieceRead([run for writer in writers.values() for run in writer.runs], report)
