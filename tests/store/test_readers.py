"""Readers beside a writer: each sees one snapshot whole, from the moment it is opened for as long as it is held."""

from __future__ import annotations

import random
import threading
import time
from typing import TYPE_CHECKING, Any

import orjson
import pytest

import smsearch
from smsearch.errors import StoreError
from smsearch.ingest import merging
from smsearch.store import check, retention, store
from smsearch.store.manifest import Manifest, read_manifest, write_manifest

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.searcher import Searcher
    from smsearch.store.manifest import RetiredFile

ADDITIONS = 25


def job(name: str, version: int) -> dict[str, Any]:
    arn = f"arn:aws:sagemaker:us-east-1:111122223333:training-job/{name}"
    return {
        "TrainingJobName": name,
        "TrainingJobArn": arn,
        "LastModifiedTime": version,
        "HyperParameters": {"v": str(version)},
    }


def add(folder: Path, version: int, *, anew: bool = False) -> None:
    """Brings every job of the store to a version, and adds one."""
    dump = folder.with_name(f"{folder.name}-{version}.json")
    dump.write_bytes(orjson.dumps([job(f"job-{at:02}", version) for at in range(version + 1)]))
    smsearch.build([dump], folder, add=not anew)


def see(searcher: Searcher) -> tuple[int, set[str]]:
    """How many jobs a snapshot has, and their versions."""
    jobs = [record["HyperParameters"]["v"] for record in searcher.query("ORDER BY TrainingJobName ASC")]
    return len(jobs), set(jobs)


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    add(tmp_path / "store", 0)
    return tmp_path / "store"


@pytest.mark.parametrize("kept_seconds", [0, 900])
def test_every_reader_sees_one_snapshot_whole_while_a_writer_adds(
    folder: Path, kept_seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where replaced files are removed at once, and segments are merged or all written anew."""
    monkeypatch.setattr(retention, "RETIRED_SECONDS", kept_seconds)
    monkeypatch.setattr(merging, "TIER_SEGMENTS_MAX", 2)
    done = threading.Event()
    wrong: list[object] = []
    opened = 0

    def read_on() -> None:
        nonlocal opened
        held: list[tuple[Searcher, tuple[int, set[str]]]] = []
        chance = random.Random(kept_seconds)
        while not done.is_set():
            try:
                searcher = smsearch.open(folder)
                seen = see(searcher)
                if seen != (int(next(iter(seen[1]))) + 1, seen[1]) or len(seen[1]) != 1:
                    wrong.append(seen)
                held.append((searcher, seen))
                old, expected = chance.choice(held[-5:])
                old.forget()
                if see(old) != expected:
                    wrong.append((expected, see(old)))
                opened += 1
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not be
                wrong.append(error)
                return

    readers = [threading.Thread(target=read_on) for _ in range(2)]
    for reader in readers:
        reader.start()
    for version in range(1, ADDITIONS):
        add(folder, version, anew=version % 7 == 0)
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert opened > ADDITIONS / 2


@pytest.mark.parametrize("reads", [1, 5])
def test_a_reader_that_comes_too_late_for_a_file_reads_the_manifest_again(
    folder: Path, reads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer adds, and removes what it replaces, between the reading of the manifest and the opening of files."""
    monkeypatch.setattr(retention, "RETIRED_SECONDS", 0)
    left = iter(range(1, reads + 1))

    def read_and_add(path: Path) -> Manifest:
        found = read_manifest(path)
        if (version := next(left, 0)) > 0:
            add(folder, version, anew=True)
        return found

    monkeypatch.setattr(store, "read_manifest", read_and_add)
    assert see(smsearch.open(folder)) == (reads + 1, {str(reads)})
    monkeypatch.setattr(store, "read_manifest", read_manifest)
    monkeypatch.setattr(check, "read_manifest", read_and_add)
    left = iter(range(reads + 1, 2 * reads + 1))
    assert list(check.check(folder)) == []


def test_a_store_that_always_changes_is_given_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = iter(range(1, 1_000))

    def read_and_change(path: Path) -> Manifest:
        found = read_manifest(path)
        name = f"segment-{next(versions):024}.smseg"
        return Manifest(tuple(store_entry(entry, name) for entry in found.segments), found.accounts)

    def store_entry(entry: Any, name: str) -> Any:  # noqa: ANN401
        return type(entry)(name, entry.resource, entry.rows, entry.size)

    monkeypatch.setattr(store, "read_manifest", read_and_change)
    with pytest.raises(StoreError, match="changes faster than it can be opened"):
        smsearch.open(folder)
    assert next(versions) < 100


def test_a_file_that_is_gone_for_good_is_named_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (entry,) = read_manifest(folder).segments
    (folder / entry.file).unlink()
    reads = []

    def read_and_count(path: Path) -> Manifest:
        reads.append(path)
        return read_manifest(path)

    monkeypatch.setattr(store, "read_manifest", read_and_count)
    with pytest.raises(StoreError, match=f"{entry.file} is missing"):
        smsearch.open(folder)
    assert len(reads) == 2


def _retired_segments(folder: Path) -> list[RetiredFile]:
    return [file for file in read_manifest(folder).retired if file.file.endswith(".smseg")]


def test_a_replaced_file_stays_for_its_time_and_belongs_to_the_store(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_700_000_000
    monkeypatch.setattr(time, "time", lambda: now)
    (first,) = read_manifest(folder).segments
    add(folder, 1)
    (retired,) = read_manifest(folder).retired
    assert (retired.file, retired.size, retired.replaced) == (first.file, first.size, now)
    now += 899
    add(folder, 2)
    assert [file.replaced for file in _retired_segments(folder)] == [now - 899, now]
    assert (folder / first.file).exists()
    now += 1
    add(folder, 3)
    listed = read_manifest(folder)
    assert first.file not in {file.file for file in listed.retired}
    assert len(_retired_segments(folder)) == 2
    ours = (path for path in folder.iterdir() if path.suffix in {".smseg", ".rows"} or path.name.startswith("report-"))
    there = {path.name: path.stat().st_size for path in ours}
    assert there == listed.files() | {file.file: file.size for file in listed.retired}
    add(folder, 0, anew=True)  # what it was at first, again
    listed = read_manifest(folder)
    assert [entry.file for entry in listed.segments] == [first.file]
    now -= 1_000_000  # a clock that was wrong does not keep them for ever
    add(folder, 1)
    assert [file.file for file in _retired_segments(folder)] == [first.file]


def test_retired_files_that_are_gone_or_not_read_do_no_harm(folder: Path) -> None:
    add(folder, 1)
    (retired,) = read_manifest(folder).retired
    (folder / retired.file).write_bytes(b"other")
    assert list(check.check(folder)) == []
    (folder / retired.file).unlink()
    assert see(smsearch.open(folder)) == (2, {"1"})
    add(folder, 2)
    assert retired.file not in {file.file for file in read_manifest(folder).retired}
    write_manifest(folder, read_manifest(folder))
