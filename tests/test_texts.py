"""What texts find, in every engine: the definition of correct for what no request can say (rows T of semantics.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from smsearch.errors import RequestError, TextSyntaxError
from smsearch.syntax.text.parser import parse
from tests.columnar.test_against_live import engines

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.searcher import Searcher


def job(name: str, **members: object) -> dict[str, Any]:
    return {"TrainingJobName": name, **members}


def channel(name: str, content: str | None = None) -> dict[str, Any]:
    return {"ChannelName": name} | ({} if content is None else {"ContentType": content})


JOBS = [
    job(
        "a",
        BillableTimeInSeconds=10,
        FailureReason="Out of memory",
        Tags=[{"Key": "n", "Value": "9"}],
        InputDataConfig=[channel("train", "text/csv"), channel("test")],
    ),
    job(
        "b",
        BillableTimeInSeconds=5,
        FailureReason="100% full_disk",
        Tags=[{"Key": "n", "Value": "10"}],
        InputDataConfig=[channel("train", "x-parquet")],
    ),
    job("c", BillableTimeInSeconds="NaN", Tags=[{"Key": "n", "Value": "x"}], InputDataConfig=[channel("test", "csv")]),
    job("d", FailureReason=""),
]

BEYOND = [
    ("FailureReason CONTAINS o AND FailureReason CONTAINS 'mem'", "a"),
    ("NOT FailureReason CONTAINS o", "bcd"),
    ("FailureReason NOT CONTAINS 'u' AND FailureReason EXISTS", "d"),
    ("NOT BillableTimeInSeconds < 7", "acd"),
    ("BillableTimeInSeconds NOT BETWEEN 6 AND 20", "bcd"),
    ("NOT (BillableTimeInSeconds >= 5 AND FailureReason CONTAINS u)", "cd"),
    ("NOT InputDataConfig[ChannelName = train]", "cd"),
    ("NOT InputDataConfig[ChannelName = train AND ContentType CONTAINS csv]", "bcd"),
    ("InputDataConfig[ChannelName = train AND NOT ContentType CONTAINS csv]", "b"),
    ("InputDataConfig[NOT ContentType CONTAINS csv]", "ab"),
    ("InputDataConfig[ContentType NOT CONTAINS csv OR ChannelName = test]", "abc"),
    ("NOT InputDataConfig[NOT ContentType CONTAINS csv]", "cd"),
    ("NOT InputDataConfig.ContentType CONTAINS csv", "bd"),
    ("Tags.n > 9.5", "b"),
    ("NOT Tags.n > 9.5", "acd"),
    ("Tags.n NOT IN (9, x)", "bd"),
    ("FailureReason LIKE 'Out%'", "a"),
    ("FailureReason LIKE '%memory'", "a"),
    ("FailureReason LIKE '%o%m%y'", "a"),
    (r"FailureReason LIKE '1%\%%'", "b"),
    (r"FailureReason LIKE '%l\_d_sk'", "b"),
    ("FailureReason LIKE '_ut of memory'", "a"),
    ("FailureReason NOT LIKE 'Out%'", "bcd"),
    ("FailureReason ILIKE '%OUT%' AND name LIKE 'a'", "a"),
    ("FailureReason NOT ILIKE '%U%'", "cd"),
    ("FailureReason ILIKE 'out_of%'", "a"),
    ("Tags.n LIKE '1_'", "b"),
    ("Tags.n IN (' 9', '1,5', 10)", "b"),
    ("InputDataConfig[ContentType LIKE '%csv' AND NOT ChannelName LIKE 'tr%']", "c"),
]
"""Texts that say more than a request can, each with the jobs that it finds."""


ORDERED_JOBS = [
    job(name, TrainingJobStatus=status, BillableTimeInSeconds=seconds)
    for name, status, seconds in (
        ("a", "Failed", 2),
        ("b", None, 1),
        ("c", "Completed", None),
        ("d", "Failed", 2.0),
        ("e", "Completed", 7),
        ("f", None, None),
        ("g", "Failed", 10),
        ("h", "Completed", 1),
    )
]
ORDERS = [
    ("ORDER BY TrainingJobStatus, BillableTimeInSeconds DESC", "ehcgadbf"),
    ("ORDER BY TrainingJobStatus DESC, BillableTimeInSeconds", "adghecbf"),
    ("ORDER BY BillableTimeInSeconds, TrainingJobStatus DESC", "hbadegcf"),
    ("ORDER BY BillableTimeInSeconds DESC, status, name DESC", "gedahbcf"),
    ("SELECT status, BillableTimeInSeconds ORDER BY 1, 2 DESC", "ehcgadbf"),
    ("WHERE BillableTimeInSeconds > 1 ORDER BY status DESC, name DESC LIMIT 3", "gda"),
]
"""Orders by several keys; ties by name, and what is absent comes last under each key."""


@pytest.mark.parametrize(("text", "names"), ORDERS)
def test_several_keys_order_alike_in_every_engine(tmp_path: Path, text: str, names: str) -> None:
    for searcher in engines(tmp_path, ORDERED_JOBS, [3, 6]).values():
        result = searcher.query(text)
        assert "".join(result.names()) == names
        assert "".join(result.to_arrow(["TrainingJobName"])["TrainingJobName"].to_pylist()) == names
        with pytest.raises(TextSyntaxError, match="sorts by one property only"):
            searcher.query(text, strict=True)


@pytest.mark.parametrize(
    "text", ["ORDER BY 1", "SELECT status ORDER BY 2", "SELECT status ORDER BY 0", "SELECT M.* ORDER BY 1"]
)
def test_a_number_must_be_the_place_of_a_column(text: str) -> None:
    with pytest.raises(TextSyntaxError, match="no column"):
        parse(text)


@pytest.fixture(scope="module")
def searchers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Searcher]:
    return engines(tmp_path_factory.mktemp("texts"), JOBS, [1, 3])


@pytest.mark.parametrize("engine", ["live", "store", "added"])
@pytest.mark.parametrize(("text", "found"), BEYOND)
def test_a_text_finds_the_same_in_every_engine(
    searchers: dict[str, Searcher], engine: str, text: str, found: str
) -> None:
    result = searchers[engine].query(f"{text} ORDER BY name")
    assert "".join(result.names()) == found
    assert len(result) == result.diagnose().matches == len(found)
    for each in JOBS:
        (why,) = result.why(each["TrainingJobName"])
        assert why.is_match is (each["TrainingJobName"] in found)
    assert "refused   " in result.explain()


@pytest.mark.parametrize("text", [text for text, _ in BEYOND])
def test_what_no_request_can_say_is_refused_strictly(searchers: dict[str, Searcher], text: str) -> None:
    with pytest.raises(RequestError):
        searchers["live"].query(text, strict=True)
