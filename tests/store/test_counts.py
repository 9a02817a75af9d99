"""How many snapshots stand behind rows, at rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import smsearch
from smsearch.errors import StoreError
from smsearch.frozen import replace
from smsearch.store import counts
from smsearch.store.manifest import SegmentEntry, read_manifest
from tests.ingest.sample import job, lines_of

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = SegmentEntry("segment-0.smseg", "TrainingJob", 5, 1)
COUNTS = counts.Counts(np.array([1, 3, 1, 0, 1]), np.array([0, 2, 1, 4, 0]))


def _written(folder: Path, some: counts.Counts = COUNTS) -> SegmentEntry:
    name, rows = counts.write(folder, some)
    return replace(ENTRY, counts=name, counted_rows=rows)


def test_counts_come_back(tmp_path: Path) -> None:
    entry = _written(tmp_path)
    kept = counts.CountsFile(tmp_path, entry)
    assert entry.counted_rows == 3
    assert kept.superseded(np.array([3, 0, 1, 4])) == [4, 0, 2, 0]
    assert kept.whole().standing.tolist() == COUNTS.standing.tolist()
    assert kept.whole().superseded.tolist() == COUNTS.superseded.tolist()
    assert list(kept.check(are_records=True)) == []
    assert list(kept.check(are_records=False)) == ["a held snapshot supersedes others."]


def test_rows_that_stand_for_themselves_take_no_file(tmp_path: Path) -> None:
    entry = _written(tmp_path, counts.usual(5))
    assert (entry.counts, entry.counted_rows, list(tmp_path.iterdir())) == ("", 0, [])
    assert counts.CountsFile(tmp_path, entry).superseded(np.array([4])) == [0]


def test_a_record_supersedes_at_least_what_it_stands_for(tmp_path: Path) -> None:
    entry = _written(tmp_path, counts.Counts(np.array([1, 3, 1, 1, 1]), np.array([0, 1, 0, 0, 0])))
    found = list(counts.CountsFile(tmp_path, entry).check(are_records=True))
    assert found == ["a record supersedes fewer snapshots than it stands for."]


def test_damage_is_an_error_at_first_touch(tmp_path: Path) -> None:
    entry = _written(tmp_path)
    file = tmp_path / entry.counts
    raw = bytearray(file.read_bytes())
    raw[5] ^= 1
    file.write_bytes(raw)
    kept = counts.CountsFile(tmp_path, entry)
    with pytest.raises(StoreError, match="not as it was written"):
        kept.superseded(np.array([0]))
    file.write_bytes(raw[:-1])
    with pytest.raises(StoreError, match="3 rows"):
        counts.CountsFile(tmp_path, entry)
    file.unlink()
    with pytest.raises(StoreError, match="is missing"):
        counts.CountsFile(tmp_path, entry)


def test_a_whole_file_of_other_counts_is_refused_by_name(tmp_path: Path) -> None:
    entry = _written(tmp_path)
    other = _written(tmp_path, counts.Counts(COUNTS.standing, COUNTS.superseded * 2))
    assert other.counted_rows == entry.counted_rows
    (tmp_path / entry.counts).write_bytes((tmp_path / other.counts).read_bytes())
    with pytest.raises(StoreError, match=f"{entry.counts} is damaged: its content is not what its name says"):
        counts.CountsFile(tmp_path, entry).whole()


def test_a_dump_that_is_added_again_is_counted_and_nothing_else_changes(tmp_path: Path) -> None:
    (tmp_path / "jobs.jsonl").write_bytes(lines_of([job()]))
    store = tmp_path / "store"
    for add in (False, True, True):
        smsearch.build([tmp_path / "jobs.jsonl"], store, add=add)
        assert smsearch.check(store) == []
    (entry,) = read_manifest(store).segments
    searcher = smsearch.open(store)
    (source,) = searcher.sources(job()["TrainingJobName"])
    assert (source.file, source.line, source.superseded, entry.dead_rows) == ("jobs.jsonl", 1, 2, 0)
    assert sum(report.records for report in searcher.reports()) == 1 + source.superseded
