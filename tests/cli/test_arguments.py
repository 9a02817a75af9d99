"""Which argument is the query: the rule of `arguments.py`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from smsearch.cli import arguments
from smsearch.cli.usage import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("written", "sources", "query"),
    [
        (["jobs.jsonl"], ("jobs.jsonl",), None),
        (["jobs.jsonl", ""], ("jobs.jsonl",), ""),
        (["jobs.jsonl", "status = Failed"], ("jobs.jsonl",), "status = Failed"),
        (["jobs.jsonl", "."], ("jobs.jsonl", "."), None),
        (["*.jsonl"], ("*.jsonl",), None),
        (["jobs.jsonl", "*.parquet"], ("jobs.jsonl",), "*.parquet"),
        (["-"], ("-",), None),
        (["-", "Metrics.* > 1"], ("-",), "Metrics.* > 1"),
        (["missing.jsonl", "a = 1"], ("missing.jsonl",), "a = 1"),
        (["jobs.jsonl", "{}"], ("jobs.jsonl",), "{}"),
        (["jobs.jsonl", "@jobs.jsonl"], ("jobs.jsonl",), "@jobs.jsonl"),
        (["jobs.jsonl", "x" * 5000], ("jobs.jsonl",), "x" * 5000),
        (["jobs.jsonl", "a\0b"], ("jobs.jsonl",), "a\0b"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_the_last_argument_is_the_query_unless_it_is_there(
    written: list[str], sources: tuple[str, ...], query: str | None
) -> None:
    assert arguments.sources_and_query(written) == (sources, query)


def test_what_begins_as_json_or_a_file_of_a_query_is_one_even_where_such_a_file_is_there(folder: Path) -> None:
    (folder / "{}").write_text("{}")
    (folder / "@x").write_text("{}")
    assert arguments.sources_and_query(["jobs.jsonl", "{}"])[1] == "{}"
    assert arguments.sources_and_query(["jobs.jsonl", "@x"])[1] == "@x"


@pytest.mark.usefixtures("folder")
def test_the_environment_names_sources_where_no_argument_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMSEARCH_DATA", os.pathsep.join(["jobs.jsonl", "more"]))
    assert arguments.sources_and_query(["a = 1"]) == (("jobs.jsonl", "more"), "a = 1")
    assert arguments.sources_and_query([]) == (("jobs.jsonl", "more"), None)
    assert arguments.sources_and_query(["jobs.jsonl"]) == (("jobs.jsonl",), None)
    assert arguments.sources_and_name(["cat-1"]) == (("jobs.jsonl", "more"), "cat-1")


@pytest.mark.usefixtures("folder")
def test_without_a_source_the_refusal_says_how_the_argument_was_taken() -> None:
    with pytest.raises(UsageError, match=r"no file or folder 'jbos\.jsonl'"):
        arguments.sources_and_query(["jbos.jsonl"])
    with pytest.raises(UsageError, match="set SMSEARCH_DATA"):
        arguments.sources_and_query([])
    assert arguments.optional_sources(["Metrics"]) == ((), "Metrics")


@pytest.mark.usefixtures("folder")
def test_a_name_may_be_called_like_a_file() -> None:
    assert arguments.sources_and_name([".", "jobs.jsonl"]) == ((".",), "jobs.jsonl")
    with pytest.raises(UsageError, match=r"no source for 'jobs\.jsonl'"):
        arguments.sources_and_name(["jobs.jsonl"])
