"""Laws of where records came from: the stated place holds the record, and what was superseded adds up."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smsearch
from smsearch.ingest import held_snapshots, merging, resolution
from tests.properties.test_versions import splits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.schema.origin import RecordSource
    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

    Documents = list[dict[str, Any]]

EXPORTS = Path(__file__).parents[2] / "data/exports"
STEP = re.compile(r"\[(\d+|\"(?:[^\"\\]|\\.)*\")\]|\.?([A-Za-z_][\w-]*)")


def _everything(searcher: Searcher) -> Iterator[tuple[Record, RecordSource]]:
    """Every record, with where it came from."""
    for resource in searcher.resources():
        schema = searcher.engine.schema(resource)
        own, arn = (schema.property(".".join(path)) for path in (schema.resource.name_path, schema.resource.arn))
        names = set(searcher.engine.spellings(resource, own, "", 1_000_000))
        names |= set(searcher.engine.spellings(resource, arn, "", 1_000_000))
        told: dict[str, tuple[Record, RecordSource]] = {}
        for name in names:
            pairs = zip(searcher.describe(name, resource), searcher.sources(name, resource), strict=True)
            told |= {json.dumps(record.document, sort_keys=True, default=str): (record, one) for record, one in pairs}
        yield from told.values()


def _at(folder: Path, source: RecordSource) -> Any:  # noqa: ANN401 - any JSON value
    """What stands at the stated place, read with nothing but Python's own JSON."""
    raw = (folder / source.file).read_bytes()
    text = (gzip.decompress(raw) if source.file.endswith(".gz") else raw).decode("utf-8-sig")
    begins = sum(map(len, text.splitlines(keepends=True)[: source.line - 1]))
    document = text[begins:].lstrip()
    value, _ = json.JSONDecoder().raw_decode(document)
    for quoted, plain in STEP.findall(source.path):
        value = json.loads(value) if isinstance(value, str) else value
        value = value[json.loads(quoted) if quoted else plain]
    return json.loads(value) if isinstance(value, str) else value


def _identifies(value: object, record: Record, depth: int = 3) -> bool:
    """Whether an object, or one a few members below it, has a record's ARN or name as a member; no lists."""
    if not isinstance(value, dict) or not depth:
        return False
    if any(text in value.values() for text in (record.arn, record.name) if text):
        return True
    return any(_identifies(member, record, depth - 1) for member in value.values())


@pytest.mark.parametrize("is_stored", [False, True], ids=["exports", "store"])
def test_each_record_of_the_exports_is_at_the_place_that_is_stated(tmp_path: Path, *, is_stored: bool) -> None:
    searcher = smsearch.open(EXPORTS)
    report = searcher.report
    if is_stored:
        report = smsearch.build([EXPORTS], tmp_path / "store")
        searcher = smsearch.open(tmp_path / "store")
    every = list(_everything(searcher))
    assert len(every) == report.stored
    assert sum(source.superseded for _, source in every) == report.superseded > 0
    astray = [
        (record.name, source)
        for record, source in every
        if not source.file.endswith((".yaml", ".zst")) and not _identifies(_at(EXPORTS, source), record)
    ]
    assert astray == []


def test_a_store_and_its_exports_tell_the_same(tmp_path: Path) -> None:
    smsearch.build([EXPORTS], tmp_path / "store")
    live = {
        (record.resource, record.arn, record.name): source for record, source in _everything(smsearch.open(EXPORTS))
    }
    stored = _everything(smsearch.open(tmp_path / "store"))
    assert {(record.resource, record.arn, record.name): source for record, source in stored} == live


def _build(folder: Path, parts: Sequence[Documents]) -> Searcher:
    """A store of the first part, to which the others were added one by one; a document a line of files of one name."""
    for at, part in enumerate(parts):
        dump = folder / str(at)
        dump.mkdir(parents=True)
        before = sum(map(len, parts[:at]))
        lines = "\n" * before + "".join(json.dumps(one) + "\n" for one in part)
        (dump / "part.jsonl").write_text(lines, encoding="utf-8")
        smsearch.build([dump], folder / "store", add=at > 0)
        assert smsearch.check(folder / "store") == []
    return smsearch.open(folder / "store")


def _told(searcher: Searcher) -> list[tuple[str, str, str, str]]:
    every = _everything(searcher)
    return sorted((record.resource, record.arn, record.name, str(source)) for record, source in every)


@settings(max_examples=30, deadline=None)
@given(
    split=splits(),
    merges=st.sampled_from((0, 1, 8)),
    dead_share=st.sampled_from((1, 4, 1_000)),
    batch=st.sampled_from((1, 2_000)),
)
def test_every_way_to_the_same_records_tells_the_same_sources(
    split: tuple[str, Documents, list[Documents]], merges: int, dead_share: int, batch: int
) -> None:
    _, documents, parts = split
    with (
        tempfile.TemporaryDirectory() as name,
        patch.object(merging, "TIER_SEGMENTS_MAX", merges),
        patch.object(merging, "DELETED_SHARE", dead_share),
        patch.object(held_snapshots, "FILES_MAX", merges),
        patch.object(resolution, "BATCH_ROWS", batch),
    ):
        folder = Path(name)
        one = _told(_build(folder / "one", [documents]))
        assert _told(_build(folder / "several", parts)) == one
        assert _told(smsearch.open(folder / "one" / "0")) == one
