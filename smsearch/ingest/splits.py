"""Cuts exports into splits, and reads one into runs: the work that processes share.

A split is a file, or for a large file of JSON lines the lines that begin between two offsets. Reading it needs nothing
but the split and a folder to spill to.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from smsearch.ingest import compiled, kinds, load
from smsearch.ingest.ahead import Taken
from smsearch.ingest.report import FileReport, Report
from smsearch.ingest.runs import Run, RunWriter
from smsearch.ingest.sources import ByteStream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.ingest.ahead import FoundList
    from smsearch.ingest.progress import Advance
    from smsearch.ingest.sources import SourceFile
    from smsearch.schema.origin import Origin
    from smsearch.schema.record import Record

SPLIT_BYTES: Final = 64 << 20
"""Plain files of JSON lines are read in splits of at most this size, so that all processes have work to the end; a
split of usual records is about a run."""
_PEEK_BYTES: Final = 1 << 16
_BUFFER_BYTES: Final = 1 << 20
_KINDS_TRIED: Final = 8
"""Kinds whose compiled reader is tried on a line: those that came last."""


@dataclass(frozen=True, slots=True)
class FileSplit:
    """What one process reads at a time: a file, or the lines of it that begin between two offsets."""

    source: SourceFile
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
class SplitResult:
    """What reading a split gave."""

    runs: list[Run]
    report: Report

    @property
    def is_lines(self) -> bool:
        """Whether every document was a line."""
        return all(file.is_lines for file in self.report.files)


def splits_of(source: SourceFile) -> Iterator[FileSplit]:
    """A large plain file of JSON lines in splits; anything else whole."""
    if source.problem or source.size <= 2 * SPLIT_BYTES or not _is_json_lines(source):
        yield FileSplit(source)
        return
    count = -(-source.size // SPLIT_BYTES)
    step = -(-source.size // (count + count % 2))  # of one size, and as many for each of two processes
    for start in range(0, source.size, step):
        yield FileSplit(source, start, min(start + step, source.size))


def _is_json_lines(source: SourceFile) -> bool:
    """Whether the file begins with a line that is a whole document."""
    try:
        with Path(source.name).open("rb") as file:
            line = file.readline(_PEEK_BYTES)
    except OSError:
        return False
    return line.startswith(b"{") and line.rstrip().endswith(b"}") and line.endswith(b"\n")


class _LinesOfSplit(ByteStream):
    """The lines of a file that begin between two offsets, as a file of its own."""

    def __init__(self, split: FileSplit, advance: Advance) -> None:
        super().__init__(Path(split.source.name).open("rb"))  # noqa: SIM115 - closed with this file
        self._advance = advance
        self._remaining = (split.end or 0) - split.start
        self._last_line = b""
        if split.start:
            self._file.seek(split.start - 1)
            self._remaining -= len(self._file.readline()) - 1

    def take(self, size: int) -> bytes:
        """Reads on, to the end of the line that is begun before the end."""
        if self._remaining <= 0:
            data, self._last_line = self._last_line[:size], self._last_line[size:]
            return data
        data = self._file.read(min(size, self._remaining))
        self._remaining -= len(data)
        self._advance(len(data))
        if self._remaining <= 0 and not data.endswith(b"\n"):
            self._last_line = self._file.readline()
        return data


def read_split(advance: Advance, split: FileSplit, working: Path, prefix: str) -> SplitResult:
    """Flattens the records of a split into runs; what one process does.

    Args:
        advance: Is given the bytes of every read from disk.
        split: What to read.
        working: The folder for the runs.
        prefix: What their names begin with.
    """
    report = Report()
    writers = _Writers(working, prefix)
    if split.end is None:
        records = load.from_source(split.source, report, advance, writers)
    else:
        file = FileReport(split.source.name, split.end - split.start, short_name=split.source.short_name)
        report.files.append(file)
        records = load.from_stream(
            io.BufferedReader(_LinesOfSplit(split, advance), _BUFFER_BYTES), file, report, writers
        )
    for record in records:
        writers.add(record)
    return SplitResult(writers.runs(), report)


class _Writers:
    """The writers of runs of every kind that a split holds, made when the kind is met; they take records ahead."""

    def __init__(self, working: Path, prefix: str) -> None:
        self._working = working
        self._prefix = prefix
        self._by_kind: dict[str, RunWriter] = {}
        self._latest: list[RunWriter] = []  # the last one to get a record first

    def add(self, record: Record) -> None:
        """Takes a record over."""
        writer = self._by_kind.get(record.resource)
        if writer is None:
            writer = self._by_kind[record.resource] = RunWriter(record.resource, self._working, self._prefix)
        self._put_first(writer)
        writer.add(record)

    def take_documents(self, data: bytes, at: int, start: Origin, *, is_last: bool) -> Taken:
        """Takes documents of a kind that was met, as `Taker.take_documents`."""
        for writer in self._latest:
            taken = writer.take_documents(data, at, start, is_last=is_last)
            if taken.end > at:
                self._put_first(writer)
                return taken
        return Taken(at)

    def take_elements(self, data: bytes, at: int, start: Origin, place: int) -> Taken:
        """Takes elements of a kind that was met, as `Taker.take_elements`; in a list of summaries of its kind alone."""
        listed = kinds.of_list(str(start.path[-1])) if start.path else ()
        writers = self._latest if not listed else [self._by_kind[kind] for kind in listed if kind in self._by_kind]
        for writer in writers:
            taken = writer.take_elements(data, at, start, place, may_be_summaries=bool(listed))
            if taken.records:
                self._put_first(writer)
                return taken
        return Taken(at)

    def list_in(self, data: bytes, at: int, *, is_last: bool) -> FoundList | None:
        """As `Taker.list_in`; none before a kind was met."""
        return compiled.list_in(data, at, is_last=is_last) if self._latest else None

    def element_at(self, data: bytes, at: int) -> tuple[int, int] | None:
        """As `Taker.element_at`."""
        return compiled.element_at(data, at)

    def _put_first(self, writer: RunWriter) -> None:
        if not self._latest or self._latest[0] is not writer:
            self._latest = [writer, *(other for other in self._latest if other is not writer)][:_KINDS_TRIED]

    def runs(self) -> list[Run]:
        """Everything, spilled."""
        for writer in self._by_kind.values():
            writer.spill()
        return [run for writer in self._by_kind.values() for run in writer.runs]
