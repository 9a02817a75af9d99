"""Compressed stores: half the size, the same answers, and what is damaged is told."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
import orjson
import pytest
import zstandard

import smsearch
from benchmarks.campaigns.samples import job
from smsearch.errors import StoreError
from smsearch.ingest import merging
from smsearch.store import compression, manifest
from smsearch.store.check import check
from smsearch.store.store import Store
from tests.store.forger import Forger

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(name="stores", scope="module")
def _stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same jobs, some of them from a summary too, as they are and compressed."""
    folder = tmp_path_factory.mktemp("compression")
    jobs = [{**job(at), "FailureReason": f"it failed {at} times, as jobs of this kind do"} for at in range(40)]
    summaries = [{"TrainingJobName": job(at)["TrainingJobName"], "LastModifiedTime": 1} for at in range(3)]
    lines = [*map(orjson.dumps, jobs), orjson.dumps({"TrainingJobSummaries": summaries})]
    (folder / "jobs.jsonl").write_bytes(b"\n".join(lines))
    for name in ("plain", "compressed"):
        smsearch.build([folder / "jobs.jsonl"], folder / name, compress=name == "compressed")
    return folder / "plain", folder / "compressed"


def stored(folder: Path) -> list[bytes]:
    """Every document of a store, in order."""
    return [one for part in Store(folder).parts for one in part.documents(np.arange(part.entry.rows))]


def documents_size(folder: Path) -> int:
    (part,) = Store(folder).parts
    return int(part.stored_documents.offsets.whole()[-1])


def test_documents_and_answers_are_those_of_a_store_that_is_not_compressed(stores: tuple[Path, Path]) -> None:
    plain, compressed = stores
    assert stored(compressed) == stored(plain)
    assert documents_size(compressed) < documents_size(plain) / 2
    request = {"Resource": "TrainingJob", "MaxResults": 7, "SortBy": "TrainingJobName"}
    first, other = (smsearch.open(folder) for folder in stores)
    assert first.search(**request)["Results"] == other.search(**request)["Results"]
    assert [*other.query("FailureReason LIKE '%9 times%'").names()] == [
        *first.query("FailureReason LIKE '%9 times%'").names()
    ]
    (part,) = Store(compressed).parts
    assert part.stored_document(3) == stored(plain)[3], "also without NumPy"


def test_it_says_so_and_is_checked(stores: tuple[Path, Path]) -> None:
    plain, compressed = stores
    assert manifest.read_manifest(plain).version == manifest.FORMAT_VERSION == 3
    assert manifest.read_manifest(compressed).version == manifest.COMPRESSED_VERSION == 4
    assert smsearch.check(compressed, deep=True) == []


def test_additions_and_merges_stay_compressed(tmp_path: Path) -> None:
    exports = [tmp_path / f"{at}.json" for at in range(4)]
    for at, path in enumerate(exports):
        path.write_bytes(orjson.dumps([job(100 * at + number) for number in range(25)]))
    with patch.object(merging, "TIER_SEGMENTS_MAX", 1):
        for name in ("plain", "compressed"):
            smsearch.build(exports[:1], tmp_path / name, compress=name == "compressed")
            for path in exports[1:]:
                smsearch.build([path], tmp_path / name, add=True)
    assert len(Store(tmp_path / "compressed").parts) == 1
    assert stored(tmp_path / "compressed") == stored(tmp_path / "plain")
    assert all(part.metadata.dictionary is not None for part in Store(tmp_path / "compressed").parts)
    assert smsearch.check(tmp_path / "compressed", deep=True) == []
    smsearch.build(exports[:1], tmp_path / "compressed")
    assert manifest.read_manifest(tmp_path / "compressed").version == manifest.FORMAT_VERSION, "built anew without"


def test_a_store_that_is_not_compressed_may_be_from_now_on(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(orjson.dumps([job(at) for at in range(20)]))
    (tmp_path / "b.json").write_bytes(orjson.dumps([job(at) for at in range(20, 40)]))
    smsearch.build([tmp_path / "a.json"], tmp_path / "store")
    smsearch.build([tmp_path / "b.json"], tmp_path / "store", add=True, compress=True)
    first, second = Store(tmp_path / "store").parts
    assert (first.metadata.dictionary is None, second.metadata.dictionary is None) == (True, False)
    assert smsearch.open(tmp_path / "store").count("") == 40
    names = [*smsearch.open(tmp_path / "store").query("ORDER BY created LIMIT 30").names()]
    assert names == [job(at)["TrainingJobName"] for at in range(30)]


def test_few_documents_have_no_dictionary(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(orjson.dumps([job(1)]))
    smsearch.build([tmp_path / "a.json"], tmp_path / "store", compress=True)
    (part,) = Store(tmp_path / "store").parts
    assert part.metadata.dictionary is not None
    assert part.metadata.dictionary[1] == 0
    assert smsearch.check(tmp_path / "store", deep=True) == []


def test_what_cannot_be_expanded_is_damaged(tmp_path: Path) -> None:
    """With right checksums: another dictionary, none, or bytes that are no frame."""
    (tmp_path / "a.json").write_bytes(orjson.dumps([job(at) for at in range(40)]))
    smsearch.build([tmp_path / "a.json"], tmp_path / "store", compress=True)
    wrong = Forger(tmp_path / "store", tmp_path / "wrong")
    dictionary = np.frombuffer(compression.trained([orjson.dumps(job(at)) for at in range(100)]), np.uint8)
    assert len(dictionary)
    for entries, documents in (
        (wrong.changed(("t", "dictionary"), dictionary), wrong.documents),
        (wrong.changed(("t", "dictionary"), dictionary[:0]), wrong.documents),
        (wrong.entries, bytes(len(wrong.documents))),
    ):
        folder = wrong.write(entries, documents)
        (problem, *_) = check(folder)
        assert problem.startswith(wrong.entry.file)
    with pytest.raises(StoreError, match="a document cannot be expanded"):
        smsearch.open(folder).search(Resource="TrainingJob")


def test_a_frame_may_not_say_that_it_holds_more_than_a_document(tmp_path: Path) -> None:
    """Whoever expanded it would take so much memory first."""
    (tmp_path / "a.json").write_bytes(orjson.dumps([job(at) for at in range(40)]))
    smsearch.build([tmp_path / "a.json"], tmp_path / "store", compress=True)
    forger = Forger(tmp_path / "store", tmp_path / "wrong")
    too_many = compression.DOCUMENT_BYTES_MAX + 1
    head = zstandard.MAGIC_NUMBER.to_bytes(4, "little") + b"\xe0" + too_many.to_bytes(8, "little") + b"\x01\x00\x00"
    folder = forger.write(forger.entries, head + forger.documents[len(head) :])
    (problem, *_) = check(folder)
    assert problem.startswith(forger.entry.file)
    with pytest.raises(StoreError, match=forger.entry.file):
        list(smsearch.open(folder).query("ORDER BY created LIMIT 40"))
    with pytest.raises(ValueError, match="says that it holds"):  # and was not expanded first
        compression.Expander(b"").expand(head)


def test_a_document_that_would_not_be_expanded_is_not_compressed() -> None:
    compressor = compression.Compressor(b"")
    with (
        patch.object(compression, "DOCUMENT_BYTES_MAX", 9),
        pytest.raises(StoreError, match="10 bytes is larger than the 9 that are compressed"),
    ):
        compressor.compress(bytes(10))
    assert compression.Expander(b"").expand(compressor.compress(bytes(9))) == bytes(9)
