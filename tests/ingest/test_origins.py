"""Where records are read from: names of files, lines through pieces and processes, and paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import smsearch
from smsearch.ingest import build, sources, splits
from tests.ingest.sample import job, jobs, lines_of

if TYPE_CHECKING:
    from pathlib import Path


def _names(*given: str) -> list[str]:
    return [source.short_name for source in sources.find(given)]


def test_names_are_relative_to_what_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dump/below").mkdir(parents=True)
    for name in ("dump/a.json", "dump/below/b.json"):
        (tmp_path / name).write_bytes(lines_of([job()]))
    monkeypatch.chdir(tmp_path)
    for folder in ("dump", "dump/", "./dump", str(tmp_path / "dump")):
        assert _names(folder) == ["a.json", "below/b.json"]
    assert _names("dump/a.json") == ["a.json"]
    assert _names(str(tmp_path / "dump/below/b.json")) == ["b.json"]
    assert _names("dump/*") == ["a.json", "below/b.json"]
    assert _names("du*/*.json") == ["dump/a.json"]
    assert _names(".") == ["dump/a.json", "dump/below/b.json"]


def test_files_of_one_name_are_named_as_they_were_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("x/jobs.json", "y/jobs.json", "y/more.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(lines_of([job()]))
    monkeypatch.chdir(tmp_path)
    assert _names("x", "y") == ["x/jobs.json", "y/jobs.json", "more.json"]


def test_a_name_that_is_no_text_is_spelled_with_escapes(tmp_path: Path) -> None:
    try:
        (tmp_path / "bad-\udcff.json").write_bytes(lines_of([job()]))
    except OSError:
        pytest.skip("the file system takes UTF-8 only")
    assert _names(str(tmp_path)) == ["bad-\\xff.json"]


@pytest.mark.parametrize("processes", [1, 2])
def test_lines_are_right_through_pieces_and_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.setattr(splits, "SPLIT_BYTES", 2_000)
    monkeypatch.setattr(build, "SIDE_BY_SIDE_FROM", 0)
    (tmp_path / "jobs.jsonl").write_bytes(lines_of(jobs(60)).replace(b"\n", b"\n\n"))
    build.build([str(tmp_path / "jobs.jsonl")], tmp_path / "store", processes=processes)
    searcher = smsearch.open(tmp_path / "store")
    lines = [searcher.sources(f"job-{number}")[0].line for number in range(60)]
    assert lines == list(range(1, 120, 2))


def test_objects_in_memory_have_their_place_among_them() -> None:
    searcher = smsearch.from_records([job("a"), {"TrainingJobSummaries": [job("b"), job("c")]}])
    (source,) = searcher.sources("c")
    assert (source.file, source.line, source.path, source.superseded) == ("", 0, "[1].TrainingJobSummaries[1]", 0)


def test_a_record_that_is_replaced_counts_anew() -> None:
    searcher = smsearch.from_records([job("a"), job("a", TrainingJobStatus="Failed")])
    assert searcher.sources("a")[0].superseded == 1
    searcher.upsert(job("a"))
    assert searcher.sources("a")[0].superseded == 0
