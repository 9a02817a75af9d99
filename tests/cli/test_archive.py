"""`smsearch archive`, and what the command says of an engine that is not there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

import smsearch
from smsearch.archive.manifest import read_manifest
from smsearch.errors import ClusterError, StoreError

if TYPE_CHECKING:
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
