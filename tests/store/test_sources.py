"""Where records came from, at rest: the arrays, their check, and their damage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from smsearch.errors import StoreError
from smsearch.schema.origin import NOWHERE, Origin, RecordSource, record_source, spelled
from smsearch.store import sources
from smsearch.store.segment import Segment, SegmentWriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ORIGINS = [
    Origin("b.json", 1, ("Results", 0, "TrainingJob")),
    Origin("b.json", 1, ("Results", 300, "TrainingJob")),
    Origin("a.jsonl", 70_000, ()),
    Origin("a.jsonl", 2, ("pages", 3, "Results", 2)),
    Origin("a.jsonl", 9, ("jobs", "a.b")),
]


def _written(path: Path, entry: dict[str, object], rows: int) -> sources.Sources:
    with SegmentWriter(path) as writer:
        writer.entry(sources.KEY, entry)
        writer.close()
    return sources.Sources(Segment(path), rows)


def _kept(path: Path, origins: Sequence[Origin]) -> sources.Sources:
    return _written(path, sources.entry(sources.of_origins(origins)), len(origins))


def test_every_origin_comes_back_row_by_row_and_whole(tmp_path: Path) -> None:
    kept = _kept(tmp_path / "s", ORIGINS)
    assert kept.of(np.arange(5)) == ORIGINS
    assert kept.of(np.array([4, 0])) == [ORIGINS[4], ORIGINS[0]]
    assert [kept.whole().at(row) for row in range(5)] == ORIGINS
    assert list(kept.check()) == []


def test_what_all_rows_share_takes_no_array() -> None:
    entry = sources.entry(sources.of_origins([Origin("a", line, ()) for line in range(1, 200)]))
    assert (entry["file"], entry["path"], entry["element"]) == (0, 0, 0)
    assert isinstance(entry["line"], np.ndarray)
    assert entry["line"].dtype == np.uint8


def test_only_names_that_are_used_are_written() -> None:
    origins = sources.joined([sources.of_origins(ORIGINS), sources.nowhere(2)]).of(np.array([3, 5]))
    entry = sources.entry(origins)
    assert isinstance(entry["files"], tuple)
    assert entry["files"][0].tobytes() == b"a.jsonl"
    assert entry["files"][1].tolist() == [0, 0, 7]
    assert [origins.at(row) for row in (0, 1)] == [ORIGINS[3], NOWHERE]


def test_lines_before_a_piece_are_added() -> None:
    assert sources.of_origins(ORIGINS).after(10).at(2) == Origin("a.jsonl", 70_010, ())


@pytest.mark.parametrize(
    ("member", "value", "problem"),
    [
        ("path", np.zeros(5, np.uint8), "the paths are not those that its records have."),
        ("element", -1, "a line or an element is before the first."),
    ],
)
def test_the_check_finds_what_is_wrong(tmp_path: Path, member: str, value: object, problem: str) -> None:
    entry = sources.entry(sources.of_origins(ORIGINS)) | {member: value}
    assert problem in list(_written(tmp_path / "s", entry, 5).check())


def test_a_column_of_another_length_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    entry = sources.entry(sources.of_origins(ORIGINS)) | {"line": np.arange(4, dtype=np.uint8)}
    with pytest.raises(StoreError, match="does not say of each record where it came from"):
        _written(tmp_path / "s", entry, 5)


def test_the_check_finds_a_path_that_is_none(tmp_path: Path) -> None:
    whole = sources.of_origins(ORIGINS)
    wrong = sources.Origins(
        whole.files, (b"[null,null]", *whole.paths[1:]), *(whole.file, whole.line), *(whole.path, whole.element)
    )
    assert any("one null" in problem for problem in _written(tmp_path / "s", sources.entry(wrong), 5).check())


def test_a_file_that_does_not_say_it_is_damaged(tmp_path: Path) -> None:
    with SegmentWriter(tmp_path / "s") as writer:
        writer.close()
    with pytest.raises(StoreError, match="does not say where its records came from"):
        sources.Sources(Segment(tmp_path / "s"), 1)


def test_a_source_is_one_line_for_people() -> None:
    told = record_source(ORIGINS[3], 1)
    assert told == RecordSource("a.jsonl", 2, "pages[3].Results[2]", 1)
    assert str(told) == "a.jsonl, line 2, at pages[3].Results[2]; supersedes 1 other snapshot"
    assert str(record_source(NOWHERE, 0)) == "memory"
    assert spelled(("jobs", "a.b", 'c"d', 0)) == 'jobs["a.b"]["c\\"d"][0]'
