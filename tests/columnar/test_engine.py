"""The store against the reference: names, order and totals, under every plan, in one segment and in several."""

from __future__ import annotations

import copy
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smsearch.columnar.engine import ColumnarEngine
from smsearch.columnar.plan import AccessPath
from smsearch.frozen import replace
from smsearch.ingest.runs import RunWriter
from smsearch.ingest.segments import write_segment
from smsearch.ingest.workers import Inline
from smsearch.live import reference
from smsearch.live.collection import collect
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind, bind_sort
from smsearch.predicate.bind_condition import bind_condition
from smsearch.reasons.truth import truth
from smsearch.schema.arns import account_of
from smsearch.schema.parsed import ParsedDocuments
from smsearch.schema.record import Record
from smsearch.store.check import check
from smsearch.store.live_docs import write_deleted_rows
from smsearch.store.manifest import Manifest, SegmentEntry, write_manifest
from smsearch.store.segment import Segment
from smsearch.store.store import Store
from tests.properties.strategies import EXTENDED, conditions, record_lists, resources, schema_of, sort_keys

if TYPE_CHECKING:
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate


def write_store(folder: Path, parts: list[list[Record]], dead: list[list[int]] | None = None) -> Store:
    """A store of one segment a part; `dead` are the places of superseded records in each."""
    entries = []
    for at, records in enumerate(parts):
        writer = RunWriter(records[0].resource, folder, f"part{at}")
        for record in records:
            writer.add(replace(record, document=copy.deepcopy(record.document)))
        writer.spill()
        beside = folder / f"segment-{at}"
        kept = [np.ones(len(run.lengths), bool) for run in writer.runs]
        size = write_segment(writer.runs, kept, beside, Inline()).size
        file = f"segment-{Segment(beside).digest}.smseg"
        beside.rename(folder / file)
        entries.append(SegmentEntry(file, records[0].resource, len(records), size))
        if dead and dead[at]:
            rows = np.array(sorted(_rows_of(folder, entries[-1], [records[place] for place in dead[at]])), np.uint32)
            entries[-1] = replace(entries[-1], dead=write_deleted_rows(folder, rows), dead_rows=len(rows))
    superseded = [set(places) for places in dead] if dead else [set[int]() for _ in parts]
    accounts = Counter(
        account_of(record.arn)
        for records, gone in zip(parts, superseded, strict=True)
        for place, record in enumerate(records)
        if place not in gone
    )
    arrived = sum(map(len, parts))
    write_manifest(folder, Manifest(tuple(entries), dict(accounts), next_number=arrived))
    assert list(check(folder)) == []
    return Store(folder)


def _rows_of(folder: Path, entry: SegmentEntry, records: list[Record]) -> list[int]:
    write_manifest(folder, Manifest((entry,)))
    part = Store(folder).parts[0]
    stored = [bytes(document) for document in part.documents(np.arange(entry.rows))]
    identities = [(found.arn, found.name) for found in ParsedDocuments(entry.resource, stored)]
    return [identities.index((record.arn, record.name)) for record in records]


def whole(
    stored: ColumnarEngine,
    resource: str,
    predicate: Predicate,
    key: SortKey,
    sizes: list[int],
    total: int | None = None,
) -> tuple[list[tuple[str, str]], set[int]]:
    """Every record, page by page, and the totals that pages said; given a total, none of them counts."""
    found, totals = [], set()
    cursor: bytes | None = b""
    turn = 0
    while cursor is not None:
        page = stored.page(resource, predicate, key, cursor, sizes[turn % len(sizes)], total)
        assert len(page.records) or not cursor, "a token leads to no empty page"
        found += [(record.arn, record.name) for record in page.records]
        totals.add(page.total)
        cursor = page.next_cursor
        turn += 1
    return found, totals


@pytest.mark.parametrize("forced", [None, AccessPath.INDEX_SCAN, AccessPath.GATHER_SORT])
@settings(deadline=None)
@given(data=st.data())
def test_pages_are_the_references_result_under_every_plan(forced: AccessPath | None, data: st.DataObject) -> None:
    resource = data.draw(resources())
    collection, _ = collect(data.draw(record_lists(resource)))
    schema = schema_of(resource)
    key = data.draw(sort_keys(resource, extended=True))
    records = list(collection.records(resource, bind(None, schema, DEFAULT), key))
    if not records:
        return
    cuts = data.draw(st.integers(1, 3))
    parts = [part for part in (records[at::cuts] for at in range(cuts)) if part]
    predicate = bind_condition(data.draw(conditions(resource)), schema, EXTENDED).predicate
    expected = [(record.arn, record.name) for record in reference.select(records, predicate, key)]
    with tempfile.TemporaryDirectory() as folder:
        stored = ColumnarEngine(write_store(Path(folder), parts), forced)
        sizes = data.draw(st.lists(st.integers(1, 5), min_size=1))
        uncounted, _ = whole(stored, resource, predicate, key, sizes, len(expected))
        assert uncounted == expected
        found, totals = whole(stored, resource, predicate, key, sizes)
        assert found == expected
        assert totals == {len(expected)}
        matching = list(stored.records(resource, predicate, key))
        assert [(record.arn, record.name) for record in matching] == expected


@settings(deadline=None)
@given(data=st.data())
def test_superseded_rows_are_left_out_everywhere(data: st.DataObject) -> None:
    resource = "TrainingJob"
    collection, _ = collect(data.draw(record_lists(resource)))
    schema = schema_of(resource)
    key = data.draw(sort_keys(resource, extended=True))
    records = list(collection.records(resource, bind(None, schema, DEFAULT), key))
    if not records:
        return
    dead = data.draw(st.sets(st.integers(0, len(records) - 1)))
    alive = [record for place, record in enumerate(records) if place not in dead]
    predicate = bind_condition(data.draw(conditions(resource)), schema, EXTENDED).predicate
    expected = [(record.arn, record.name) for record in reference.select(alive, predicate, key)]
    with tempfile.TemporaryDirectory() as folder:
        stored = ColumnarEngine(write_store(Path(folder), [records], [sorted(dead)]))
        uncounted, _ = whole(stored, resource, predicate, key, [3], len(expected))
        found, totals = whole(stored, resource, predicate, key, [3])
        assert uncounted == found == expected
        assert totals == {len(expected)}
        assert stored.resources() == ({resource: len(alive)} if alive else {})


def test_a_stored_record_is_handed_out_without_what_its_document_is_completed_with(tmp_path: Path) -> None:
    """A response always has the texts of a parent (row R12); a parent without them is still one without them."""
    resource, arn = "ExperimentTrialComponent", "arn:aws:sagemaker:eu-west-1:111111111111:experiment-trial-component/a"
    document = {"TrialComponentName": "a", "TrialComponentArn": arn, "Parents": [{}, {"TrialName": "first"}]}
    stored = ColumnarEngine(write_store(tmp_path, [[Record(resource, arn, "a", document)]]))
    schema = schema_of(resource)
    (record,) = stored.records(resource, bind(None, schema, DEFAULT), bind_sort(None, None, schema))
    assert record.document == document


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_reason_never_contradicts_a_search(data: st.DataObject) -> None:
    """The truth tree of a stored document is judged by the document, the search by columns."""
    resource = data.draw(resources())
    collection, _ = collect(data.draw(record_lists(resource)))
    schema = schema_of(resource)
    key = bind_sort(None, None, schema)
    records = list(collection.records(resource, bind(None, schema, DEFAULT), key))
    if not records:
        return
    with tempfile.TemporaryDirectory() as folder:
        stored = ColumnarEngine(write_store(Path(folder), [records]))
        documents = list(stored.records(resource, bind(None, schema, DEFAULT), key))
        for _ in range(5):
            condition = data.draw(conditions(resource))
            bound = bind_condition(condition, schema, EXTENDED)
            matching = stored.records(resource, bound.predicate, key)
            found = {(record.arn, record.name) for record in matching}
            for record in documents:
                assert truth(bound, record.document).holds is ((record.arn, record.name) in found), (
                    condition,
                    record.document,
                )
