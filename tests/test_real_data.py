"""The main paths over real input: the committed exports, and published records and requests where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.predicate.order import SortKey
from smsearch.predicate.predicate import Always
from smsearch.schema import catalogue, notation
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from smsearch.searcher import Searcher

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
TWENTY_LINES = (ROOT / "tests/syntax/twenty_lines.txt").read_text(encoding="utf-8").splitlines()


def _expressions() -> list[dict[str, Any]]:
    file = SHARED / "real-expressions.json"
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return found


@pytest.fixture(scope="module")
def exports() -> Searcher:
    return smsearch.open(ROOT / "data/exports")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("real") / "store"
    report = smsearch.build([ROOT / "data/exports"], folder)
    assert report.found == report.stored + report.superseded + report.skipped
    return smsearch.open(folder)


@pytest.mark.parametrize("line", TWENTY_LINES)
def test_the_twenty_lines_run_and_give_the_same_over_exports_and_a_store(
    line: str, exports: Searcher, store: Searcher
) -> None:
    live, stored = exports.query(line), store.query(line)
    assert list(live.names()) == list(stored.names())
    assert len(live) == len(stored) == len(list(live))


def test_some_of_the_twenty_lines_find_something(exports: Searcher) -> None:
    assert sum(bool(exports.query(line)) for line in TWENTY_LINES) >= 10


def test_documents_are_equal_from_exports_and_from_a_store(exports: Searcher, store: Searcher) -> None:
    assert exports.resources() == store.resources()
    for resource in exports.resources():
        if catalogue.resource(resource).searchable:
            request = {"Resource": resource, "MaxResults": 100}
            assert exports.search(**request)["Results"] == store.search(**request)["Results"], resource
        else:
            assert _documents(exports, resource) == _documents(store, resource) != [], resource


def _documents(searcher: Searcher, resource: str) -> list[dict[str, Any]]:
    """Every record of a kind, one that Search does not know included."""
    name = ".".join(catalogue.resource(resource).name_path)
    key = SortKey(searcher.engine.schema(resource).property(name), SortOrder.ASCENDING)
    return [notation.document(record, notation.ISO) for record in searcher.engine.records(resource, Always(), key)]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared folder is beside checkouts only")
@pytest.mark.parametrize("entry", _expressions(), ids=lambda entry: entry["id"])
def test_requests_of_public_code_are_accepted(entry: dict[str, Any], exports: Searcher, store: Searcher) -> None:
    if entry["expect"] == "ValidationException":
        with pytest.raises(smsearch.RequestError):
            exports.search(**entry["request"])
        return
    assert store.search(**entry["request"])["TotalHits"] == exports.search(**entry["request"])["TotalHits"]


@pytest.mark.skipif(not (SHARED / "real-exports").is_dir(), reason="the shared folder is beside checkouts only")
def test_published_records_are_found_by_text_json_and_library_alike(tmp_path: Path) -> None:
    jobs = smsearch.open(SHARED / "real-exports")
    assert jobs.report.found == jobs.report.stored + jobs.report.superseded + jobs.report.skipped
    assert len(jobs.report.files) == sum(1 for path in (SHARED / "real-exports").iterdir() if path.is_file())
    by_text = list(jobs.query("TrainingJobStatus = 'Completed' AND HyperParameters.epochs > 5").names())
    filters = [
        {"Name": "TrainingJobStatus", "Operator": "Equals", "Value": "Completed"},
        {"Name": "HyperParameters.epochs", "Operator": "GreaterThan", "Value": "5"},
    ]
    page = jobs.search(Resource="TrainingJob", SearchExpression={"Filters": filters}, MaxResults=100)
    assert by_text
    assert by_text == [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]]
    smsearch.build([SHARED / "real-exports"], tmp_path / "store")
    stored = smsearch.open(tmp_path / "store")
    assert stored.resources() == jobs.resources()
    text = "Metrics.validation:accuracy > 0.5 ORDER BY Metrics.validation:accuracy DESC"
    assert list(stored.query(text).names()) == list(jobs.query(text).names())
