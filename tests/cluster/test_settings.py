"""No answer depends on what a session says: each setting of the table in docs/scale-out.md is tried alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import smsearch
from smsearch.cluster.engine import SparkEngine
from smsearch.ingest import load
from smsearch.ingest.archive import write
from smsearch.ingest.report import Report
from smsearch.searcher import Searcher
from tests.cluster.kinds import QUICK
from tests.engines.contract import objects

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT: Final = Path(__file__).resolve().parents[2] / "docs" / "scale-out.md"
QUERIES: Final = (
    (
        "status = Failed OR FailureReason CONTAINS 'error' OR FailureReason ILIKE '%ERROR%' "
        "OR CreationTime < '1900-01-01' ORDER BY FailureReason DESC"
    ),
    (
        "(HyperParameters.lr >= 0.1 OR InputDataConfig[ChannelName = train AND ContentType = 'text/csv'] "
        "OR duration > 1h) AND NOT InputDataConfig.ChannelName = test ORDER BY HyperParameters.lr"
    ),
)


def _settings() -> Iterator[tuple[str, str]]:
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `spark."):
            (name,), values = (re.findall(r"`([^`]*)`", cell) for cell in line.split("|")[1:3])
            yield from ((name, value) for value in values)


SETTINGS: Final = tuple(_settings())


def _records() -> list[dict[str, Any]]:
    """Jobs of the contract, and such as a setting may change: old times, long numbers, letters of another case."""
    odd: list[dict[str, Any]] = [
        {"CreationTime": "1582-10-04T12:00:00Z", "HyperParameters": {"lr": "0.10000000000000000000000000000000001"}},
        {"CreationTime": "1899-12-31T23:59:59.999999Z", "TrainingJobStatus": "failed", "HyperParameters": {"LR": "1"}},
        {
            "CreationTime": "0001-01-01T00:00:00Z",
            "FailureReason": "algorithmerror: 4 é",
            "HyperParameters": {"lr": "NaN"},
        },
        {"InputDataConfig": [{"ChannelName": "train", "ContentType": "text/csv"}, {}], "FailureReason": " b "},
        {"Tags": [{"Key": "team", "Value": "vision"}, {"Key": "team", "Value": "text"}], "FailureReason": "b"},
    ]
    times = {"TrainingStartTime": "2024-01-01T00:00:00Z", "TrainingEndTime": "2024-01-01T02:00:00Z"}
    return [
        *objects(),
        *({"TrainingJob": {"TrainingJobName": f"odd-{at}", **times, **job}} for at, job in enumerate(odd)),
    ]


def _answers(searcher: Searcher) -> list[object]:
    """What is asked under each setting: queries, a page, values, groups."""
    names = [list(searcher.query(query).names()) for query in QUERIES]
    groups = searcher.query("").group_by("Tags.team").agg(jobs="count(*)", seconds="sum(BillableTimeInSeconds)")
    counts = searcher.query("").facet("CreationTime")
    page = searcher.search(Resource="TrainingJob", SortBy="CreationTime", SortOrder="Ascending")["Results"]
    return [names, page, counts, [tuple(row.values()) for row in groups]]


@pytest.fixture(scope="module")
def expected() -> list[object]:
    return _answers(smsearch.from_records(_records()))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("settings")
    write(load.from_objects(_records(), Report()), folder)
    return str(folder)


@pytest.mark.sessions("local")
@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_a_setting_changes_no_answer(
    name: str,
    value: str,
    spark: Any,  # noqa: ANN401 - as in conftest
    archive: str,
    expected: list[object],
) -> None:
    settings = QUICK | {name: value}
    before = {key: spark.conf.get(key, None) for key in settings}
    try:
        for key, of in settings.items():
            spark.conf.set(key, of)
        assert _answers(Searcher(SparkEngine(spark, archive), Report())) == expected
    finally:
        for key, of in before.items():
            if of is None:
                spark.conf.unset(key)
            else:
                spark.conf.set(key, of)


def test_the_table_of_settings_is_read() -> None:
    assert len(SETTINGS) > 20
