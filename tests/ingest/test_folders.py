"""Folders that are somebody else's: nothing in them is swept, replaced or hidden behind a store."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import smsearch
from smsearch.archive.check import check as check_archive
from smsearch.archive.manifest import is_archive
from smsearch.errors import StoreError
from smsearch.ingest.archive import build as archive
from smsearch.store.manifest import is_store
from tests.ingest.sample import job, lines_of

Build = Callable[[list[str], Path], object]
BUILDS: tuple[Build, ...] = (smsearch.build, archive)


@pytest.fixture(name="dump")
def _dump(tmp_path: Path) -> Path:
    dump = tmp_path / "jobs.json"
    dump.write_text(json.dumps({"TrainingJobName": "a", "TrainingJobStatus": "Failed"}))
    return dump


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize(
    "name",
    [
        "jobs.json",
        "build-web/index.html",
        "build-42/index.html",
        "warehouse/part-00000.parquet",
        "manifest.json",
        "old.rows",
        "archive.json",
        "archive.json.bak",
        "Model/part-00000.parquet",
    ],
)
def test_a_folder_with_other_files_is_left_as_it_is(dump: Path, tmp_path: Path, name: str, build: Build) -> None:
    folder = tmp_path / "project"
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_text("precious")
    before = sorted(folder.rglob("*"))
    with pytest.raises(StoreError, match=f"holds other files, such as {Path(name).parts[0]}: nothing was written"):
        build([str(dump)], folder)
    assert sorted(folder.rglob("*")) == before
    assert (folder / name).read_text() == "precious"


@pytest.mark.parametrize("build", BUILDS)
def test_a_store_is_no_archive_and_an_archive_no_store(dump: Path, tmp_path: Path, build: Build) -> None:
    smsearch.build([str(dump)], tmp_path / "store")
    archive([str(dump)], tmp_path / "archive")
    with pytest.raises(StoreError, match="is another folder"):
        build([str(dump)], tmp_path / ("archive" if build is smsearch.build else "store"))
    assert not is_store(tmp_path / "archive")
    assert not is_archive(tmp_path / "store")


@pytest.mark.parametrize("build", BUILDS)
def test_what_a_killed_writer_left_is_cleared_away(dump: Path, tmp_path: Path, build: Build) -> None:
    folder = tmp_path / "folder"
    left = ["build-1/run", "lock"] + (
        ["segment-0a.smseg", "dead-0a.rows", "manifest.json.new"]
        if build is smsearch.build
        else ["Model/part-0a.parquet", "archive.json.new"]
    )
    for name in (*left, ".gitignore"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    build([str(dump)], folder)
    assert {name for name in left if (folder / name).exists()} == {"lock"}
    assert (folder / ".gitignore").exists()


def test_an_export_may_be_called_as_a_manifest_is(dump: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    for name in ("archive.json", "manifest.json"):
        job_of_name = json.loads(dump.read_text()) | {"TrainingJobName": name}
        (folder / name).write_text(json.dumps(job_of_name))
    assert smsearch.open(folder).count("status = Failed") == 2
    smsearch.build([str(folder)], tmp_path / "store")
    assert smsearch.open(tmp_path / "store").count("status = Failed") == 2


def test_a_damaged_archive_is_none_and_may_be_made_anew(dump: Path, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    archive([str(dump)], folder)
    (folder / "archive.json").write_text("{}")
    with pytest.raises(StoreError, match="does not begin as that"):
        smsearch.open(folder)
    archive([str(dump)], folder)
    assert list(check_archive(folder)) == []
    assert len(list((folder / "TrainingJob").iterdir())) == 1


def test_a_damaged_store_may_be_made_anew(dump: Path, tmp_path: Path) -> None:
    smsearch.build([str(dump)], tmp_path / "store")
    (tmp_path / "store" / "manifest.json").write_text("")
    smsearch.build([str(dump)], tmp_path / "store")
    assert len(smsearch.open(tmp_path / "store").query("status = Failed")) == 1


def test_a_store_that_lost_its_manifest_may_be_made_anew_whatever_it_keeps(tmp_path: Path) -> None:
    """Counts and reports are files of a store as segments are: they are no exports, and nobody else's."""
    (tmp_path / "jobs.jsonl").write_bytes(lines_of([job(), job()]))
    store = tmp_path / "store"
    smsearch.build([tmp_path / "jobs.jsonl"], store)
    assert {path.name.partition("-")[0] for path in store.iterdir()} >= {"counts", "report"}
    (store / "manifest.json").write_bytes(b"")
    with pytest.raises(StoreError, match="does not begin as that"):
        smsearch.open(store)
    smsearch.build([tmp_path / "jobs.jsonl"], store)
    assert smsearch.check(store) == []
