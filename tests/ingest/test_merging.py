"""Segments are merged by size, and column by column: what is merged is what its documents would make."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smsearch
from smsearch.errors import StoreError
from smsearch.ingest import merging
from smsearch.ingest.merging import SEGMENT_ROWS_MAX, groups_to_merge
from smsearch.store.manifest import read_manifest

NUMBERS = st.one_of(
    st.sampled_from([0, 1, -1, 1.0, -0.0, 0.5, 1e18, 1e300, 2**53 + 1, 2**63 - 1, -(2**63), 2**70, float("nan")]),
    st.sampled_from(["NaN", "Infinity", "0.10", "1", "x", "", "1e400", "12345678901234567890.5"]),
)
PLAIN = st.one_of(NUMBERS, st.booleans(), st.sampled_from([[1], {"a": 1}]))
RAW = orjson.dumps


def json_of(value: object) -> str:
    """JSON with NaN, as Python writes it, and integers of any length."""
    import json

    return json.dumps(value)


@st.composite
def jobs(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Snapshots of a few jobs; a later one of the same name supersedes."""
    return [
        {
            "TrainingJobName": draw(st.sampled_from("abcde")),
            "LastModifiedTime": 1_700_000_000 + at,
            **draw(
                st.fixed_dictionaries(
                    {},
                    optional={
                        "CreationTime": st.sampled_from([1_700_000_000, "2024-01-01T00:00:00Z", "soon", 1.5]),
                        "BillableTimeInSeconds": NUMBERS,
                        "EnableNetworkIsolation": st.sampled_from([True, False, "True", "maybe"]),
                        "HyperParameters": st.dictionaries(st.sampled_from("xy"), NUMBERS, max_size=2),
                        "Environment": st.dictionaries(st.sampled_from("xy"), PLAIN, max_size=2),
                        "FinalMetricDataList": st.lists(
                            st.fixed_dictionaries({"MetricName": st.just("m"), "Value": NUMBERS}), max_size=2
                        ),
                        "Tags": st.lists(
                            st.fixed_dictionaries({"Key": st.sampled_from("kl"), "Value": st.text(max_size=3)}),
                            max_size=2,
                        ),
                        "Mine": PLAIN,
                        "Nested": st.fixed_dictionaries({"Of": PLAIN}),
                    },
                )
            ),
        }
        for at in range(draw(st.integers(2, 8)))
    ]


@st.composite
def components(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Snapshots of trial components, whose parameters are numbers or texts."""
    value = st.one_of(
        st.fixed_dictionaries({"NumberValue": NUMBERS}), st.fixed_dictionaries({"StringValue": st.sampled_from("1x")})
    )
    return [
        {
            "TrialComponentName": draw(st.sampled_from("abc")),
            "LastModifiedTime": 1_700_000_000 + at,
            "Parameters": draw(st.dictionaries(st.sampled_from("xy"), value, max_size=2)),
        }
        for at in range(draw(st.integers(2, 6)))
    ]


@settings(max_examples=60, deadline=None)
@given(records=st.one_of(jobs(), components()), size=st.integers(1, 3), most=st.sampled_from([0, 1]))
def test_merged_segments_are_what_their_documents_make(records: list[dict[str, Any]], size: int, most: int) -> None:
    with tempfile.TemporaryDirectory() as name, patch.object(merging, "TIER_SEGMENTS_MAX", most):
        folder = Path(name)
        for at in range(0, len(records), size):
            (folder / "dump.jsonl").write_text("".join(json_of(one) + "\n" for one in records[at : at + size]))
            smsearch.build([folder / "dump.jsonl"], folder / "store", add=True)
        assert len(read_manifest(folder / "store").segments) <= most + 1
        assert smsearch.check(folder / "store", deep=True) == []


def test_a_damaged_document_is_not_copied_into_a_whole_segment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "TIER_SEGMENTS_MAX", 1)
    for name in "ab":
        (tmp_path / "dump.json").write_bytes(RAW([{"TrainingJobName": name, "RoleArn": "x" * 50_000}]))
        if name == "b":
            (file,) = (tmp_path / "store").glob("segment-*")
            damaged = bytearray(file.read_bytes())
            damaged[20_000] ^= 1
            file.write_bytes(damaged)
            with pytest.raises(StoreError, match="not as they were written"):
                smsearch.build([tmp_path / "dump.json"], tmp_path / "store", add=True)
        else:
            smsearch.build([tmp_path / "dump.json"], tmp_path / "store", add=True)


def additions(first: int, daily: int, days: int) -> tuple[list[int], list[int]]:
    """The sizes of a store's segments after some additions, and the rows that each addition wrote."""
    sizes, written = [first], []
    for _ in range(days):
        sizes.append(daily)
        rows = daily
        for group in groups_to_merge([(size, 0) for size in sizes]):
            merged = sum(sizes[at] for at in group)
            sizes = [size for at, size in enumerate(sizes) if at not in group] + [merged]
            rows += merged
        written.append(rows)
    return sizes, written


@pytest.mark.parametrize("daily", [1, 100, 1_000, 10_000])
@pytest.mark.parametrize("first", [1, 1_000_000])
def test_records_are_written_a_few_times_and_segments_stay_few(first: int, daily: int) -> None:
    sizes, written = additions(first, daily, 1_000)
    assert sum(sizes) == first + daily * 1_000
    assert len(sizes) < 25
    if daily >= 1_000:
        assert sum(written) < 7 * daily * 1_000


def test_a_month_of_additions_leaves_a_large_segment_alone() -> None:
    sizes, written = additions(1_000_000, 1_000, 30)
    assert 1_000_000 in sizes
    assert max(written) <= 26_000


def test_many_superseded_rows_are_reason_enough() -> None:
    assert groups_to_merge([(100, 25), (100, 26), (SEGMENT_ROWS_MAX, SEGMENT_ROWS_MAX // 3)]) == [[1], [2]]


def test_a_group_is_never_of_one_whole_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "TIER_SEGMENTS_MAX", 0)
    assert groups_to_merge([(10, 0)]) == []
    assert groups_to_merge([(10, 0), (10, 9)]) == [[0, 1]]


def test_a_field_that_only_a_superseded_record_has_plain_is_no_plain_field(tmp_path: Path) -> None:
    job = {"TrainingJobName": "a", "LastModifiedTime": 1_700_000_000, "Nested": {"Of": 0}}
    newer = {**job, "LastModifiedTime": 1_700_000_001, "Nested": {"Of": [1]}}
    (tmp_path / "jobs.jsonl").write_bytes(RAW(job) + b"\n" + RAW(newer))
    smsearch.build([tmp_path / "jobs.jsonl"], tmp_path / "store")
    assert not smsearch.check(tmp_path / "store", deep=True)
    assert not smsearch.open(tmp_path / "store").schema("Nested")
