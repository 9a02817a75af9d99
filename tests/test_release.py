"""One version everywhere, and a changelog in which each release has its date."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

import smsearch
from smsearch.archive import manifest as archive_manifest
from smsearch.store import manifest as store_manifest

if TYPE_CHECKING:
    from pathlib import Path


def test_every_place_says_the_same_version(repository: Path) -> None:
    readme = (repository / "README.md").read_text("utf-8")
    citation = yaml.safe_load((repository / "CITATION.cff").read_text("utf-8"))
    (newest, date), *_ = _releases(repository)
    assert f"smsearch_offline-{smsearch.__version__}-py3-none-any.whl" in readme
    assert (citation["version"], citation["date-released"]) == (newest, date)
    assert newest == smsearch.__version__  # that of the wheel, too: tests/test_wheel.py


def test_releases_are_dated_and_the_newest_stands_first(repository: Path) -> None:
    releases = _releases(repository)
    assert [date for _, date in releases] == sorted((date for _, date in releases), reverse=True)
    headings = re.findall(r"^## (.*)$", (repository / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings == ["[Unreleased]", *(f"[{number}] - {date}" for number, date in releases)]


def _releases(repository: Path) -> list[tuple[str, str]]:
    """The version and the date of each release, as the changelog has them."""
    changes = (repository / "CHANGELOG.md").read_text("utf-8")
    return re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", changes, re.MULTILINE)


def test_the_formats_of_the_newest_release_stand_in_the_document(repository: Path) -> None:
    text = (repository / "docs" / "store-format.md").read_text("utf-8")
    *_, newest = re.findall(r"^\| (\d+\.\d+\.\d+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    formats = (store_manifest.FORMAT_VERSION, archive_manifest.FORMAT_VERSION)
    assert newest == (smsearch.__version__, *map(str, formats))


def test_every_file_that_a_contributor_is_sent_to_is_there(repository: Path) -> None:
    text = (repository / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`((?:smsearch|tests|docs|grammar|data)/[\w./]*)`(?! \(to be made\))", text)
    assert len(named) > 20
    assert [name for name in named if not (repository / name).exists()] == []


def test_every_command_that_a_contributor_is_told_is_a_target_of_make(repository: Path) -> None:
    targets = re.findall(r"^([\w-]+):", (repository / "Makefile").read_text("utf-8"), re.MULTILINE)
    text = (repository / "CONTRIBUTING.md").read_text("utf-8")
    told = re.findall(r"(?:^|`|&& )make ([a-z][\w-]+)", text, re.MULTILINE)
    assert len(set(told)) > 10
    assert set(told) <= set(targets)
