"""What smsearch of an earlier version wrote: it is refused with what to do, and never read wrongly.

`old/` holds a store and an archive under the versions of their formats, and a token of the store's first page. They are
kept as they were written. A format of today is read; once its version is raised, the same files are refused.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import smsearch
from smsearch.archive import manifest as archive_manifest
from smsearch.errors import InvalidNextTokenError, StoreError
from smsearch.store import manifest as store_manifest
from smsearch.store.segment_reader import SegmentReader

OLD = Path(__file__).parent / "old"
STORES = sorted(OLD.glob("store-*[0-9]"))
OLD_NAMES = [f"old-{letter}" for letter in "abcde"]
ARCHIVES = sorted(OLD.glob("archive-*[0-9]"))


def version_of(folder: Path) -> int:
    return int(folder.name.partition("-")[2])


def test_there_is_something_old() -> None:
    assert [version_of(folder) for folder in STORES][:1] == [1]
    assert [version_of(folder) for folder in ARCHIVES][:1] == [2]


@pytest.mark.parametrize("old", STORES, ids=lambda path: path.name)
def test_an_old_store_says_to_index_again(old: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(old, tmp_path / "store")
    version = version_of(old)
    if version == store_manifest.FORMAT_VERSION:
        assert sorted(smsearch.open(folder).query("").names()) == OLD_NAMES
        return
    for refused in (smsearch.open, lambda path: smsearch.build([], path, add=True)):
        with pytest.raises(StoreError, match=re.escape(f"format version {version}")) as caught:
            refused(folder)
        assert "smsearch index" in caught.value.hint
    (tmp_path / "jobs.json").write_text('[{"TrainingJobName": "new"}]')
    smsearch.build([tmp_path / "jobs.json"], folder)
    assert list(smsearch.open(folder).query("").names()) == ["new"]


def test_a_store_without_checksums_of_documents_is_read_and_added_to(tmp_path: Path) -> None:
    """As smsearch 0.2.0 wrote it, which verified documents with whatever else their 16 KiB hold."""
    folder = shutil.copytree(OLD / "store-3", tmp_path / "store")
    entries = store_manifest.read_manifest(folder).segments
    assert [SegmentReader(folder, entry).metadata.checksums for entry in entries] == [None, None]
    (tmp_path / "jobs.json").write_text('[{"TrainingJobName": "new"}]')
    smsearch.build([tmp_path / "jobs.json"], folder, add=True)
    assert smsearch.check(folder, deep=True) == []
    results = smsearch.open(folder).search(Resource="TrainingJob")["Results"]
    assert sorted(result["TrainingJob"]["TrainingJobName"] for result in results) == ["new", *OLD_NAMES]
    wrong = shutil.copytree(OLD / "store-3", tmp_path / "wrong")
    damaged = bytearray((wrong / entries[0].file).read_bytes())
    damaged[40] ^= 1
    (wrong / entries[0].file).write_bytes(damaged)
    with pytest.raises(StoreError, match="are not as they were written"):
        smsearch.open(wrong).search(Resource="TrainingJob")


@pytest.mark.parametrize("old", ARCHIVES, ids=lambda path: path.name)
def test_an_old_archive_says_to_archive_again(old: Path, tmp_path: Path) -> None:
    version = version_of(old)
    if version == archive_manifest.FORMAT_VERSION:
        assert [entry.rows for entry in archive_manifest.read_manifest(old).files] == [1, 1]
        return
    with pytest.raises(StoreError, match=re.escape(f"format version {version}")) as caught:
        archive_manifest.read_manifest(old)
    assert "smsearch archive" in caught.value.hint
    folder = shutil.copytree(old, tmp_path / "archive")
    (tmp_path / "jobs.json").write_text('[{"TrainingJobName": "new"}]')
    with pytest.raises(StoreError, match="format version"):
        smsearch.build_archive([tmp_path / "jobs.json"], folder, add=True)
    smsearch.build_archive([tmp_path / "jobs.json"], folder)
    assert [entry.rows for entry in archive_manifest.read_manifest(folder).files] == [1]


@pytest.mark.parametrize("old", STORES, ids=lambda path: path.name)
def test_an_old_token_goes_on_where_it_ended_or_is_refused(old: Path, tmp_path: Path) -> None:
    token = old.with_suffix(".token").read_text(encoding="ascii").strip()
    asked = {"Resource": "TrainingJob", "MaxResults": 2, "NextToken": token}
    if version_of(old) == store_manifest.FORMAT_VERSION:
        folder = shutil.copytree(old, tmp_path / "store")
        results = smsearch.open(folder).search(**asked)["Results"]
        assert [result["TrainingJob"]["TrainingJobName"] for result in results] == ["old-c", "old-d"]
    (tmp_path / "jobs.json").write_text('[{"TrainingJobName": "old-a"}, {"TrainingJobName": "old-b"}]')
    smsearch.build([tmp_path / "jobs.json"], tmp_path / "other")
    with pytest.raises(InvalidNextTokenError):
        smsearch.open(tmp_path / "other").search(**asked)
