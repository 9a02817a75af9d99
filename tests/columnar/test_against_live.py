"""A store, built at once and in additions, against the same records in memory: what generated records do not meet."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.errors import OperatorNotSupportedError
from smsearch.store.segment_reader import SegmentReader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from smsearch.searcher import Searcher

Jobs = list[dict[str, Any]]


def engines(folder: Path, records: Jobs, cuts: Sequence[int] = (1,)) -> dict[str, Searcher]:
    """The records in memory, as a store, and as a store that was added to; `cuts` are where the additions begin."""
    bounds = [0, *cuts, len(records)]
    parts = [records[start:end] for start, end in pairwise(bounds)]
    for at, part in enumerate([records, *parts]):
        lines = "".join(json.dumps(record) + "\n" for record in part)
        (folder / f"part-{at}.jsonl").write_text(lines, encoding="utf-8")
    smsearch.build([folder / "part-0.jsonl"], folder / "at-once")
    for at in range(len(parts)):
        smsearch.build([folder / f"part-{at + 1}.jsonl"], folder / "added-to", add=at > 0)
    return {
        "live": smsearch.open(folder / "part-0.jsonl"),
        "store": smsearch.open(folder / "at-once"),
        "added": smsearch.open(folder / "added-to"),
    }


def versions(*numbers: int) -> Jobs:
    arn = "arn:aws:sagemaker:eu-west-1:111111111111:pipeline/p"
    return [{"PipelineVersion": {"PipelineArn": arn, "PipelineVersionId": number}} for number in numbers]


@pytest.mark.parametrize("engine", ["live", "store", "added"])
def test_names_that_are_numbers_order_ties_as_texts_and_are_found(tmp_path: Path, engine: str) -> None:
    searcher = engines(tmp_path, versions(9, 10, 2), [1, 2])[engine]
    found = searcher.query("", resource="PipelineVersion")
    assert [version["PipelineVersionId"] for version in found] == [10, 2, 9]
    assert found.to_arrow("PipelineVersionId")["PipelineVersionId"].to_pylist() == [10, 2, 9]
    assert [record.name for record in searcher.describe("10", "PipelineVersion")] == ["10"]
    assert searcher.describe("11", "PipelineVersion") == searcher.describe("x", "PipelineVersion") == []


def test_an_empty_key_has_no_name(tmp_path: Path) -> None:
    job = {"TrainingJobName": "a", "Environment": {"": "x", "b": "y"}, "Tags": [{"Key": "", "Value": "z"}]}
    for searcher in engines(tmp_path, [job], []).values():
        assert searcher.engine.dynamic_names("TrainingJob") == {"Environment.b"}
        assert searcher.query("").facet("Environment").distinct == 1


@pytest.mark.parametrize("cut", [1, 3, 5])
def test_superseded_records_do_not_count_for_their_account(tmp_path: Path, cut: int) -> None:
    def job(name: str, account: str, modified: int) -> dict[str, Any]:
        arn = f"arn:aws:sagemaker:eu-west-1:{account}:training-job/{name}"
        return {"TrainingJobName": name, "TrainingJobArn": arn, "LastModifiedTime": modified}

    here, there = "111111111111", "222222222222"
    records = [job("often", there, at) for at in range(4)] + [job("a", here, 1), job("b", here, 1)]
    for searcher in engines(tmp_path, records, [cut]).values():
        page = searcher.search(Resource="TrainingJob", CrossAccountFilterOption="CrossAccount")
        assert [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]] == ["often"]


@pytest.mark.parametrize("spelling", [math.inf, "Infinity"])
def test_an_infinite_number_is_one_to_whoever_reads_the_document(tmp_path: Path, spelling: float | str) -> None:
    job = {"TrainingJobName": "a", "FinalMetricDataList": [{"MetricName": "loss", "Value": spelling}]}
    for searcher in engines(tmp_path, [job], []).values():
        (why,) = searcher.query("Metrics.loss > 5").why("a")
        assert why.is_match
        assert "Metrics.loss > 5: Infinity, compared as number" in str(why)
        (found,) = searcher.search(Resource="TrainingJob")["Results"]
        assert found["TrainingJob"]["FinalMetricDataList"][0]["Value"] == math.inf


def test_the_same_names_and_coverage_whoever_keeps_the_records(tmp_path: Path) -> None:
    component = {
        "TrialComponentName": "a",
        "Metrics": [
            {"MetricName": "loss", "Max": 1, "Last": 1},
            {"MetricName": "acc", "Max": 1},
            {"MetricName": "x.Max", "Last": 1},
            {"MetricName": "none"},
        ],
        "Parameters": {"lr": {"NumberValue": 1}},
        "InputArtifacts": {"data": {"MediaType": "text/csv", "Value": "s3://bucket"}},
        "Strange": {"a": 1},
    }
    package = {
        "ModelPackageName": "b",
        "ModelPackageArn": "arn:aws:sagemaker:eu-west-1:111111111111:model-package/b",
        "InferenceSpecification": {"Containers": [{"Image": "i", "Environment": {"X": "1", "Y": "2"}}]},
    }
    searchers = list(
        engines(tmp_path, [component, {**component, "TrialComponentName": "c", "Strange": "x"}, package]).values()
    )
    for resource in ("ExperimentTrialComponent", "ModelPackage"):
        live, *stores = (
            {prop.name: n for prop, n in one.query("", resource=resource).coverage().items()} for one in searchers
        )
        assert all(list(store.items()) == list(live.items()) for store in stores)
        live_names, *names = (one.engine.dynamic_names(resource) for one in searchers)
        assert all(one == live_names for one in names)
        live_columns, *columns = (one.query("", resource=resource).to_arrow().schema for one in searchers)
        assert all(one == live_columns for one in columns)
    artifacts = {
        len(one.query("", resource="ExperimentTrialComponent").facet("InputArtifacts").rows) for one in searchers
    }
    assert artifacts == {1}


@pytest.mark.parametrize("metric", [0.5, math.nan, 10**400], ids=["plain", "nan", "long"])
def test_a_time_beyond_the_years_of_epoch_seconds_is_kept(tmp_path: Path, metric: float) -> None:
    forever = "9999-12-31T23:59:59Z"
    metrics = [{"MetricName": "loss", "Value": metric}]
    job = {"TrainingJobName": "a", "TrainingEndTime": forever, "FinalMetricDataList": metrics}
    for searcher in engines(tmp_path, [job, {"TrainingJobName": "b"}]).values():
        found = searcher.query("TrainingEndTime > '9000-01-01'").first()
        assert found is not None
        assert found["TrainingEndTime"].year == 9999
        (sent,) = smsearch.from_records([json.loads(searcher.search_json(b'{"Resource":"TrainingJob"}'))]).query(
            "name = a"
        )
        assert sent["TrainingEndTime"] == found["TrainingEndTime"]


def test_the_least_integer_of_64_bits_keeps_its_digits_beside_a_fraction(tmp_path: Path) -> None:
    least = -(2**63)
    jobs = [{"TrainingJobName": name, "BillableTimeInSeconds": value} for name, value in (("a", least), ("b", 0.5))]
    for searcher in engines(tmp_path, jobs, []).values():
        assert list(searcher.query(f"BillableTimeInSeconds = {least}").names()) == ["a"]
        assert searcher.query("").facet("BillableTimeInSeconds").rows[0].value == least


def spelled_jobs() -> Jobs:
    """Equal numbers in several spellings, in a field of no model; and texts that spell numbers."""
    values = [1, 1.0, "1", "1.0", 2.5, "10", "9", "x", 1e22, 10**22]
    return [
        {
            "TrainingJobName": f"j{at}",
            "Cost": value,
            "Environment": {"N": str(value)},
            "Tags": [{"Key": "n", "Value": str(value)}],
        }
        for at, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Tags.n > 9.5", "589"),
        ("Environment.N > 1", "45689"),
        ("Environment.N <= 1.0", "0123"),
        ("Cost > 9.5", "589"),
        ("Cost = 1", "012"),
        ("Cost = 1.0", "013"),
        ("Tags.n = 1", "02"),
    ],
)
def test_numerals_of_texts_have_an_order_where_more_than_the_api_is_asked(
    tmp_path: Path, query: str, found: str
) -> None:
    for searcher in engines(tmp_path, spelled_jobs(), [4]).values():
        assert sorted(searcher.query(query).names()) == [f"j{at}" for at in found]
        if query.startswith(("Tags", "Environment")) and "=" not in query:
            with pytest.raises(OperatorNotSupportedError):
                searcher.query(query, strict=True).first()


def test_every_answer_has_the_records_own_spelling(tmp_path: Path) -> None:
    expected = {"1": 2, "1.0": 2, "2.5": 1, "10": 1, "9": 1, "x": 1, "1e+22": 1, "10000000000000000000000": 1}
    for searcher in engines(tmp_path, spelled_jobs(), [4]).values():
        everything = searcher.query("ORDER BY TrainingJobName ASC")
        assert {row.value: row.records for row in everything.facet("Cost").rows} == expected
        column = everything.to_arrow(["Cost"])["Cost"].to_pylist()
        assert column == ["1", "1.0", "1", "1.0", "2.5", "10", "9", "x", "1e+22", "10000000000000000000000"]
        assert list(searcher.query("Cost IN ('1', '1e+22') ORDER BY name ASC").names()) == ["j0", "j2", "j8"]
        (why,) = searcher.query("Cost CONTAINS '.0'").why("j1")
        assert why.is_match
        assert "1.0, number compared as text" in str(why)


def test_whole_lists_are_answered_from_columns_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    components: Jobs = [
        {
            "TrialComponent": {
                "TrialComponentName": f"c{at}",
                "Tags": [{"Key": f"k{at % 7}", "Value": f"v{at}"}],
                "InputArtifacts": {f"name-{at % 5}": {"Value": f"s3://b/{at}", "MediaType": f"m{at % 3}"}},
            }
        }
        for at in range(40)
    ]
    names = ("Tags CONTAINS k3", "Tags CONTAINS v17", "InputArtifacts CONTAINS name-2", "InputArtifacts CONTAINS m1")
    queries = [*names, "InputArtifacts CONTAINS '/30'", "Tags CONTAINS k3 OR InputArtifacts CONTAINS '/30'"]
    live, *stores = engines(tmp_path, components, [13]).values()
    expected = [len(live.query(query, resource="ExperimentTrialComponent")) for query in queries]
    assert expected == [6, 1, 8, 13, 1, 7]
    monkeypatch.setattr(SegmentReader, "documents", None)  # whoever reads a document fails
    for store in stores:
        assert [len(store.query(query, resource="ExperimentTrialComponent")) for query in queries] == expected


def test_all_tags_are_counted_once_a_record_whether_key_or_value(tmp_path: Path) -> None:
    groups: Jobs = [
        {"FeatureGroup": {"FeatureGroupName": "a", "Tags": [{"Key": "x", "Value": "x"}, {"Key": "y", "Value": "x"}]}},
        {"FeatureGroup": {"FeatureGroupName": "b", "Tags": [{"Key": "z", "Value": "y"}]}},
        {"FeatureGroup": {"FeatureGroupName": "c"}},
    ]
    for searcher in engines(tmp_path, groups).values():
        facet = searcher.query("", resource="FeatureGroup").facet("AllTags")
        assert {row.value: row.records for row in facet.rows} == {"x": 1, "y": 2, "z": 1}
        assert (facet.having, facet.matching) == (2, 3)
        assert len(searcher.query("AllTags = z", resource="FeatureGroup")) == 1
        values = (
            searcher.query("ORDER BY name ASC", resource="FeatureGroup").to_arrow(["AllTags"])["AllTags"].to_pylist()
        )
        assert values == [["x", "x", "y", "x"], ["z", "y"], None]
