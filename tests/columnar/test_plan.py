"""What a page looks at, as `explain` tells it: over 1,000 jobs, one an hour."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

import smsearch

if TYPE_CHECKING:
    from smsearch.searcher import Searcher

START = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("plan")
    dump = Path(folder, "jobs.jsonl")
    dump.write_bytes(b"\n".join(orjson.dumps(job(number)) for number in range(1_000)))
    smsearch.build([dump], folder / "store")
    return smsearch.open(folder / "store")


def job(number: int) -> dict[str, object]:
    """A job that was created some hours after the start, and changed some days before it the later it was created."""
    return {
        "TrainingJobName": f"job-{number:04}",
        "TrainingJobArn": f"arn:aws:sagemaker:eu-west-1:111122223333:training-job/job-{number:04}",
        "TrainingJobStatus": ("Completed", "Failed", "Stopped")[number % 3],
        "CreationTime": (START + timedelta(hours=number)).isoformat(),
        "LastModifiedTime": (START - timedelta(days=number)).isoformat(),
    }


def rows_read(searcher: Searcher, query: str) -> int:
    """How many records were looked at for the first 100 matches."""
    (found,) = re.findall(r"^read +([\d,]+) records", searcher.query(query).explain(), re.MULTILINE)
    return int(found.replace(",", ""))


WINDOW = 'CreationTime >= "2024-01-11" AND CreationTime < "2024-01-21"'


def test_a_time_window_is_one_slice_and_its_page_no_more_rows_than_it_holds(searcher: Searcher) -> None:
    told = searcher.query(f"{WINDOW} ORDER BY CreationTime").explain()
    assert re.search(r"^filter +CreationTime: 240 of 1,000 rows$", told, re.MULTILINE), told
    assert re.search(r"^slice ", told, re.MULTILINE), told
    assert rows_read(searcher, f"{WINDOW} ORDER BY CreationTime") == 101
    assert next(searcher.query(f"{WINDOW} ORDER BY CreationTime").names()) == "job-0240"


def test_equalities_of_one_property_are_counted_without_a_look(searcher: Searcher) -> None:
    told = searcher.query("status = Failed OR status = Stopped OR status = Failed").explain()
    assert re.search(r"^filter +TrainingJobStatus: 666 of 1,000 rows$", told, re.MULTILINE), told
    told = searcher.query("status = Failed AND status = Stopped").explain()
    assert re.search(r"^plan +nothing", told, re.MULTILINE), told


def test_a_question_that_is_asked_again_begins_where_its_first_match_was(searcher: Searcher) -> None:
    searcher.forget()
    query = 'CreationTime >= "2024-01-31" AND CreationTime < "2024-02-10" ORDER BY LastModifiedTime DESC'
    expected = [f"job-{number:04}" for number in range(720, 960)]
    assert rows_read(searcher, query) > 720
    assert list(searcher.query(query).names()) == expected
    assert rows_read(searcher, query) <= 280
    assert list(searcher.query(query).names()) == expected
