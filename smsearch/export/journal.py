"""An unfinished file that grows line by line, with a journal, so that an interruption at any moment does no harm.

The journal has an entry for each record: the end of the file after the record, the record's key, and its fate. A line
counts only if the journal has it. After an interruption the file is cut to the last end in the journal at which a line
ends; everything after that is fetched again. Example: the journal has the ends 10 and 25, and the file has 31 bytes; it
is cut to 25 bytes. With a file of 18 bytes, the second entry is dropped too, and the file is cut to 10 bytes. This
module knows no record and no endpoint.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO, Final, Self

import orjson

from smsearch import durable

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_SYNCED_EVERY: Final = 1_000
"""Records after which both files are synchronised with the disk: a power failure loses no more."""
_COMPRESSION_LEVEL: Final = 6


class Fate(StrEnum):
    """The outcome of a listed record."""

    WRITTEN = "written"
    UNTAGGED = "untagged"
    """The record was written without its tags, which the endpoint refused."""
    OLDER = "older"
    """The record was not changed since the earliest time of the export."""
    GONE = "gone"
    """The record was deleted after it was listed."""
    FAILED = "failed"
    """The record exists and could not be fetched."""


SETTLED: Final = frozenset({Fate.WRITTEN, Fate.UNTAGGED, Fate.OLDER})
"""Fates that another attempt would not change."""


class Partial:
    """An unfinished file and its journal; the end of the context closes both.

    Attributes:
        fates: The fate of each record, by its key.
        before: The number of records that were written before the last interruption.
    """

    def __init__(self, lines: Path, journal: Path) -> None:
        self._paths = (lines, journal)
        entries, journal_end = _read(journal)
        size = lines.stat().st_size if lines.exists() else 0
        while entries and not _is_end(lines, entries[-1][0], size):
            journal_end = entries.pop()[3]
        self._end = entries[-1][0] if entries else 0
        self.fates = {key: fate for _, key, fate, _ in entries}
        self.before = self.count(Fate.WRITTEN, Fate.UNTAGGED)
        self._lines = _opened_at(lines, self._end)
        self._journal = _opened_at(journal, journal_end)
        self._pending = 0

    def count(self, *fates: Fate) -> int:
        """The number of records with one of some fates."""
        return sum(one in fates for one in self.fates.values())

    def is_settled(self, key: str) -> bool:
        """Whether a record need not be fetched again."""
        return self.fates.get(key) in SETTLED

    def add(self, key: str, fate: Fate, line: bytes = b"") -> None:
        """Adds the fate of a record, and its line, if it has one."""
        if line:
            self._lines.write(line)
            self._lines.flush()
            self._end += len(line)
        self._journal.write(orjson.dumps([self._end, key, fate.value], option=orjson.OPT_APPEND_NEWLINE))
        self._journal.flush()
        self.fates[key] = fate
        self._pending += 1
        if self._pending >= _SYNCED_EVERY:
            self._sync()

    def finish(self, target: Path) -> None:
        """Moves the lines to the target atomically, compressed as its suffix says."""
        self._sync()
        self._close()
        lines = self._paths[0]
        file = _compressed(lines, target) if target.suffix in {".gz", ".zst"} else lines
        file.replace(target)
        durable.sync_folder(target.parent)

    def discard(self) -> None:
        """Deletes both files."""
        self._close()
        for path in self._paths:
            path.unlink(missing_ok=True)

    def _sync(self) -> None:
        for file in (self._lines, self._journal):
            durable.sync(file)
        self._pending = 0

    def _close(self) -> None:
        self._lines.close()
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()


def _read(journal: Path) -> tuple[list[tuple[int, str, Fate, int]], int]:
    """The entries of a journal, each with its own offset at the end, and the offset after the last entry."""
    entries: list[tuple[int, str, Fate, int]] = []
    at = 0
    with suppress(FileNotFoundError), journal.open("rb") as file:
        for line in file:
            try:
                end, key, fate = orjson.loads(line)
                entry = (int(end), str(key), Fate(fate), at)
            except (orjson.JSONDecodeError, ValueError, TypeError):
                break
            if not line.endswith(b"\n"):
                break
            entries.append(entry)
            at += len(line)
    return entries, at


def _is_end(lines: Path, end: int, size: int) -> bool:
    """Whether a line ends at `end`: after a power failure the file may be shorter than its journal, or hold zeros."""
    if end == 0:
        return True
    if end > size:
        return False
    with lines.open("rb") as file:
        file.seek(end - 1)
        return file.read(1) == b"\n"


def _opened_at(path: Path, end: int) -> BinaryIO:
    """A file open for writing, cut at `end`."""
    with suppress(FileExistsError):
        path.touch(exist_ok=False)
    file = durable.change(path)
    file.truncate(end)
    file.seek(end)
    return file


def _compressed(lines: Path, target: Path) -> Path:
    path = target.with_name(f".{target.name}.new")
    with lines.open("rb") as file, durable.create(path) as raw:
        with _compressor(raw, target.suffix) as stream:
            shutil.copyfileobj(file, stream, 1 << 20)
        durable.sync(raw)
    return path


def _compressor(raw: BinaryIO, suffix: str) -> BinaryIO:
    if suffix == ".gz":
        import gzip

        packed: BinaryIO = gzip.GzipFile("", "wb", _COMPRESSION_LEVEL, raw, mtime=0)  # type: ignore[assignment]
        return packed
    import zstandard

    writer: BinaryIO = zstandard.ZstdCompressor(level=_COMPRESSION_LEVEL).stream_writer(raw, closefd=False)
    return writer
