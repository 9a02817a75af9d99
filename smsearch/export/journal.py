"""A file that grows line by line and can be taken up again after a break, whatever moment that came at.

Beside the lines stands a journal: for each record its key, what became of it, and where the file ended after it. A line
counts once the journal has it. So after a break the file is cut back to the last end that the journal knows and that is
there, and whatever came after is fetched again. It knows no record and no endpoint.
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
"""Records after which both files are brought to the disk: what a power failure can cost."""
_COMPRESSION_LEVEL: Final = 6


class Fate(StrEnum):
    """What became of a record that was listed."""

    WRITTEN = "written"
    UNTAGGED = "untagged"
    """It was written without its tags, which could not be had."""
    OLDER = "older"
    """It was not changed since the time that was asked for."""
    GONE = "gone"
    """It was deleted after it was listed."""
    FAILED = "failed"
    """It is there, and could not be had."""


SETTLED: Final = frozenset({Fate.WRITTEN, Fate.UNTAGGED, Fate.OLDER})
"""Fates that another try would not change."""


class Partial:
    """The file under way, and its journal; leaving its context closes both.

    Attributes:
        fates: What became of each record, by its key.
        before: How many of them were written before the last break, if there was one.
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
        """How many records have one of some fates."""
        return sum(one in fates for one in self.fates.values())

    def is_settled(self, key: str) -> bool:
        """Whether a record needs no second look."""
        return self.fates.get(key) in SETTLED

    def add(self, key: str, fate: Fate, line: bytes = b"") -> None:
        """Notes what became of a record; with its line, if it has one."""
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
        """Makes the lines the target, compressed as its suffix says: at once, or not at all."""
        self._sync()
        self._close()
        lines = self._paths[0]
        made = _compressed(lines, target) if target.suffix in {".gz", ".zst"} else lines
        made.replace(target)
        durable.sync_folder(target.parent)

    def discard(self) -> None:
        """Removes what is left of both files."""
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
    """The entries of a journal, each with where it begins, and where the last one ends."""
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
    """Whether a line ends there: the file may be shorter than its journal after a power failure, or hold zeros."""
    if end == 0:
        return True
    if end > size:
        return False
    with lines.open("rb") as file:
        file.seek(end - 1)
        return file.read(1) == b"\n"


def _opened_at(path: Path, end: int) -> BinaryIO:
    """A file open for writing from some place on; whatever stood there is cut off."""
    with suppress(FileExistsError):
        path.touch(exist_ok=False)
    file = durable.change(path)
    file.truncate(end)
    file.seek(end)
    return file


def _compressed(lines: Path, target: Path) -> Path:
    made = target.with_name(f".{target.name}.new")
    with lines.open("rb") as plain, durable.create(made) as raw:
        with _compressing(raw, target.suffix) as stream:
            shutil.copyfileobj(plain, stream, 1 << 20)
        durable.sync(raw)
    return made


def _compressing(raw: BinaryIO, suffix: str) -> BinaryIO:
    if suffix == ".gz":
        import gzip

        packed: BinaryIO = gzip.GzipFile("", "wb", _COMPRESSION_LEVEL, raw, mtime=0)  # type: ignore[assignment]
        return packed
    import zstandard

    writer: BinaryIO = zstandard.ZstdCompressor(level=_COMPRESSION_LEVEL).stream_writer(raw, closefd=False)
    return writer
