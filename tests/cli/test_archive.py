"""`smsearch archive`, and what the command says of an engine that is not there."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

import smsearch
from smsearch.archive.files import file_name
from smsearch.archive.manifest import ArchiveManifest, read_manifest, write_manifest
from smsearch.errors import ClusterError, StoreError
from smsearch.frozen import replace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Run


def test_an_archive_is_made_and_added_to(run: Run, folder: Path) -> None:
    made = run("archive", "jobs.jsonl", "-o", "jobs.archive", "--report", "text")
    assert made.exit_code == 0
    assert "stored" in made.stderr
    before = read_manifest(folder / "jobs.archive")
    assert run("archive", "jobs.jsonl", "--add", "-o", "jobs.archive", "-q").exit_code == 0
    assert read_manifest(folder / "jobs.archive") == before
    assert run("index", "jobs.jsonl", "-o", "jobs.store", "-q").exit_code == 0
    assert run("archive", "jobs.store", "-o", "again", "-q").exit_code == 0
    assert [entry.rows for entry in read_manifest(folder / "again").files] == [entry.rows for entry in before.files]


def test_an_archive_is_not_read_as_an_export(run: Run) -> None:
    run("archive", "jobs.jsonl", "-o", "jobs.archive", "-q")
    done = run("count", "jobs.archive", "")
    assert done.exit_code == 3
    assert "jobs.archive is an archive" in done.stderr


def test_an_archive_without_sources_is_refused(run: Run) -> None:
    assert run("archive", "-o", "x").exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [("--master", "local[1]"), ("--engine", "spark", "--master", "local[1]", "--remote", "sc://nowhere")],
)
def test_options_of_spark_that_contradict_are_refused(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("search", "jobs.jsonl", "status = Failed", *arguments)
    assert done.exit_code == 2
    assert "--master and --remote" in done.stderr


def test_without_pyspark_the_error_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)
    monkeypatch.setitem(sys.modules, "py4j.protocol", None)
    run("archive", "jobs.jsonl", "-o", "jobs.archive", "-q")
    done = run("count", "jobs.archive", "", "--engine", "spark")
    assert done.exit_code == 3
    assert "pip install 'smsearch-offline[spark]'" in done.stderr
    with pytest.raises(ClusterError, match="needs pyspark"):
        smsearch.open("jobs.archive", engine="spark")


def test_spark_searches_one_archive() -> None:
    with pytest.raises(StoreError, match="one archive, not 2"):
        smsearch.open("a", "b", engine="spark")


def test_an_archive_is_told_and_checked(run: Run, folder: Path) -> None:
    run("archive", "jobs.jsonl", "-o", "jobs.archive", "-q")
    manifest = read_manifest(folder / "jobs.archive")
    told = json.loads(run("info", "jobs.archive", "-f", "json").stdout)
    assert told["snapshot"] == manifest.snapshot
    assert [file["records"] for file in told["files"]] == [entry.rows for entry in manifest.files]
    assert manifest.files[0].file in run("info", "jobs.archive").stdout
    done = run("check", "jobs.archive")
    assert (done.exit_code, done.stdout) == (0, "ok\n")


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda raw: raw[:-1], "bytes; "),
        (lambda raw: raw[:100] + bytes([raw[100] ^ 1]) + raw[101:], "is damaged"),
        (None, "cannot be read"),
    ],
)
def test_a_damaged_archive_is_named_by_file(
    run: Run, folder: Path, harm: Callable[[bytes], bytes] | None, says: str
) -> None:
    run("archive", "jobs.jsonl", "-o", "jobs.archive", "-q")
    name = read_manifest(folder / "jobs.archive").files[0].file
    file = folder / "jobs.archive" / name
    raw = file.read_bytes()
    file.unlink()
    if harm is not None:
        file.write_bytes(harm(raw))
    done = run("check", "jobs.archive")
    assert done.exit_code == 3
    assert done.stdout.startswith(name)
    assert says in done.stdout


def test_a_file_with_other_rows_or_columns_is_named(run: Run, folder: Path) -> None:
    run("archive", "jobs.jsonl", "-o", "jobs.archive", "-q")
    archive = folder / "jobs.archive"
    entry = read_manifest(archive).files[0]
    table = pq.read_table(archive / entry.file).drop_columns(["TrainingJobStatus"])
    pq.write_table(table.slice(1), archive / "other.parquet")
    with (archive / "other.parquet").open("rb") as file:
        renamed = file_name(entry.resource, file)
    size = (archive / "other.parquet").stat().st_size
    (archive / "other.parquet").rename(archive / renamed)
    write_manifest(archive, ArchiveManifest((replace(entry, file=renamed, size=size),)))
    done = run("check", "jobs.archive")
    assert done.exit_code == 3
    assert f"the manifest says {entry.rows:,}" in done.stdout
    assert "TrainingJobStatus" in done.stdout
