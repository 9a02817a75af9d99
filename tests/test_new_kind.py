"""Two kinds that smsearch does not have, registered by the fixture alone: no module of it is changed for them.

They are searched, sorted, counted, framed, stored, checked, archived, explained and shown.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import smsearch
from smsearch.archive.check import check as check_archive
from smsearch.errors import InvalidValueError, OperatorNotSupportedError
from smsearch.schema import values
from tests.made_up_kinds import MONTHS, WAITS, export, registered
from tests.whole_command import invoke

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from smsearch.searcher import Searcher


@pytest.fixture
def exported(tmp_path: Path) -> Iterator[Path]:
    with registered():
        yield export(tmp_path)


@pytest.fixture(params=["live", "store", "segments"])
def searcher(request: pytest.FixtureRequest, exported: Path, tmp_path: Path) -> Searcher:
    """The same records, in memory, in a store of one segment and in one of two."""
    if request.param == "live":
        return smsearch.open(exported)
    folder = tmp_path / "jobs.store"
    if request.param == "store":
        smsearch.build([exported], folder)
    else:
        lines = exported.read_text().splitlines(keepends=True)
        for at, part in enumerate((lines[:4], lines[4:])):
            piece = tmp_path / f"part-{at}.jsonl"
            piece.write_text("".join(part))
            smsearch.build([piece], folder, add=bool(at))
    return smsearch.open(folder)


def names(searcher: Searcher, query: str) -> list[str]:
    return [name.removeprefix("job-") for name in searcher.query(query).names()]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Wait = '2h' ORDER BY TrainingJobName", "02"),
        ("Wait > '1h' ORDER BY TrainingJobName", "012"),
        ("Wait <= '3600s' ORDER BY TrainingJobName", "36"),
        ("Wait != '120m' ORDER BY TrainingJobName", "13456"),
        ("Wait IS NOT NULL ORDER BY TrainingJobName", "012346"),
        ("ORDER BY Wait", "3610245"),
        ("ORDER BY Wait DESC", "0216345"),
        ("Month = '2024-06' ORDER BY TrainingJobName", "02"),
        ("Month IN ('2024-06', '2023-11') ORDER BY TrainingJobName", "02"),
        ("Month < '2024-01' ORDER BY TrainingJobName", "16"),
        ("Month >= '2024-01' ORDER BY TrainingJobName", "023"),
        ("ORDER BY Month", "6130245"),
        ("ORDER BY Month DESC", "0231645"),
    ],
)
def test_it_is_searched_and_sorted(searcher: Searcher, query: str, expected: str) -> None:
    assert "".join(names(searcher, query)) == expected


def test_pages_follow_one_another(searcher: Searcher) -> None:
    pages: list[str] = []
    token: str | None = None
    while token is not None or not pages:
        more: dict[str, str] = {} if token is None else {"NextToken": token}
        answer = searcher.search(Resource="TrainingJob", SortBy="Wait", SortOrder="Ascending", MaxResults=2, **more)
        pages += [result["TrainingJob"]["TrainingJobName"][-1] for result in answer["Results"]]
        token = answer.get("NextToken")
    assert "".join(pages) == "3610245"


@pytest.mark.parametrize(
    ("query", "error", "said"),
    [
        ("Wait > 'soon'", InvalidValueError, "'soon' of Wait is not a duration"),
        ("Month = '2024'", InvalidValueError, "'2024' of Month is not a month"),
        ("Wait CONTAINS 'h'", OperatorNotSupportedError, "Wait, which is a duration"),
    ],
)
def test_what_it_cannot_say_is_refused(searcher: Searcher, query: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        searcher.query(query)._bound_query  # noqa: B018, SLF001


def test_it_is_counted(searcher: Searcher) -> None:
    result = searcher.query("")
    wait = result.facet("Wait")
    assert [(row.value, row.records) for row in wait.rows] == [(30, 1), (3600, 1), (5400, 1), (7200, 2)]
    assert (wait.having, wait.unreadable, wait.spread and wait.spread.median) == (6, 1, Decimal(5400))
    month = result.facet("Month")
    assert (month.having, month.unreadable, month.unit) == (6, 1, "month")
    assert sum(row.records for row in month.rows) == 5


def test_it_is_framed(searcher: Searcher) -> None:
    readable = searcher.query("Wait > '0s' AND Month > '2000-01' ORDER BY TrainingJobName")
    table = readable.to_arrow(["Wait", "Month"])
    assert table.schema.types == [pa.float64(), pa.timestamp("us", tz="UTC")]
    assert table["Wait"].to_pylist() == [7200, 5400, 7200, 30, 3600]
    assert table["Month"].cast(pa.int64()).to_pylist() == [
        values.parse_timestamp(f"{month}-01") for month in MONTHS if month not in {None, "June"}
    ]
    everything = searcher.query("ORDER BY TrainingJobName").to_arrow(["Wait", "Month"])
    assert everything.to_pydict() == {"Wait": WAITS, "Month": MONTHS}  # texts all, since one cannot be read


def test_it_is_explained(searcher: Searcher) -> None:
    nothing = searcher.query("Wait > '9h'").diagnose()
    assert (nothing.findings[0].nearest.lowest, nothing.findings[0].nearest.highest) == ("30s", "2h")
    (why,) = searcher.query("Wait > '1h' AND Month < '2024-01'").why("job-1")
    assert why.matches
    assert (searcher.query("").first() or {})["Wait"] in {"1h", *WAITS}


def test_a_store_and_an_archive_of_it_are_whole(exported: Path, tmp_path: Path) -> None:
    smsearch.build([exported], tmp_path / "store")
    assert smsearch.check(tmp_path / "store", deep=True) == []
    archive = tmp_path / "archive"
    smsearch.build_archive([exported], archive)
    assert list(check_archive(archive)) == []
    (file,) = archive.rglob("*.parquet")
    rows = sorted(pq.read_table(file).to_pylist(), key=lambda row: row["record_name"])
    assert [row["Wait"] and row["Wait"]["number"] for row in rows] == [7200, 5400, 7200, 30, None, None, 3600]
    assert [row["Wait"] is not None for row in rows] == [wait is not None for wait in WAITS]
    assert [row["Month"] and row["Month"]["time"] and f"{row['Month']['time']:%Y-%m}" for row in rows] == [
        None if month == "June" else month for month in MONTHS
    ]


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["schema", "{}", "Wait", "-f", "jsonl"], '"Type":"duration"'),
        (["facet", "{}", "Month", "-f", "json"], '"Type": "month"'),
        (["values", "{}", "Wait", "-f", "names"], "30\n3600\n5400\n7200\n"),
        (["search", "{}", "Wait = '30s'", "-c", "Wait", "-f", "table"], "Wait\n 30s\n"),
        (["diff", "{}", "job-0", "job-1", "-f", "jsonl"], '"Property":"Wait","Left":"2h","Right":"90m"'),
        (["explain", "{}", "Wait > '1h'"], "Wait"),
    ],
)
def test_the_command_shows_it(exported: Path, arguments: list[str], shown: str) -> None:
    result = invoke([argument.format(exported) for argument in arguments])
    assert result.exit_code == 0, result.output
    assert shown in result.stdout
