"""Stores that are built twice, by Python and by the compiled reader, and compared byte for byte."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from smsearch.ingest import build, compiled, runs
from smsearch.ingest.compiled.values import read_records
from smsearch.store import manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.ingest.compiled._reader import Reader
    from smsearch.ingest.compiled.values import ReadRecords
    from smsearch.ingest.report import Report

needs_compiled = pytest.mark.skipif(compiled.reader_class() is None, reason="there is no compiled reader")


def in_lines(*lines: bytes) -> bytes:
    """Lines behind one that Python reads: it is the first record of a kind that shows the compiled reader the kind."""
    return b"".join(line + b"\n" for line in (b'{"TrainingJobName":"first"}', *lines))


def built_alike(names: Sequence[str]) -> Report:
    """Builds stores of some sources both ways; they must be the same. Returns the report of the compiled one."""
    with tempfile.TemporaryDirectory() as folder:
        stores = {pure: _built(names, Path(folder, pure), pure) for pure in ("1", "0")}
        (one, expected), (other, report) = stores.values()
        assert [*segments(other)] == [*segments(one)]
        assert report.to_json() == expected.to_json()
        return report


def taken_of(names: Sequence[str]) -> tuple[int, int]:
    """How many records of some sources the compiled reader takes, and how many there are."""
    counts: list[int] = []

    def counting(reader: Reader) -> ReadRecords:
        records = read_records(reader)
        counts.append(len(records.lengths))
        return records

    with tempfile.TemporaryDirectory() as folder, patch.object(runs, "read_records", counting):
        _, report = _built(names, Path(folder, "store"), "0")
    return sum(counts), report.records


def read_alike(raw: bytes, folder: Path | None = None) -> Report:
    """The same of the bytes of one file."""
    home = Path(tempfile.mkdtemp(dir=folder))
    try:
        (home / "export.jsonl").write_bytes(raw)
        return built_alike([str(home / "export.jsonl")])
    finally:
        shutil.rmtree(home)


def _built(names: Sequence[str], folder: Path, pure: str) -> tuple[Path, Report]:
    with patch.dict(os.environ, {compiled.PURE: pure}):
        return folder, build.build(names, folder, processes=1)


def segments(folder: Path) -> Iterator[bytes]:
    """The bytes of every file of a store that holds records, in the manifest's order."""
    entries = manifest.read_manifest(folder)
    for entry in (*entries.segments, *entries.held):
        yield (folder / entry.file).read_bytes()
