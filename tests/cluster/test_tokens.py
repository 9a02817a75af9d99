"""Row R7 over an archive: any text as a NextToken gives a page of its search, or is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

import smsearch
from smsearch.api import next_token, request
from smsearch.api.next_token import Resume
from smsearch.engine.cursor import pack
from smsearch.errors import InvalidNextTokenError

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.searcher import Searcher

REQUEST: dict[str, Any] = {"Resource": "TrainingJob", "SortBy": "TrainingTimeInSeconds", "MaxResults": 3}
COUNT = 10


@pytest.fixture(scope="module")
def searcher(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Searcher:  # noqa: ANN401 - as in conftest
    folder: Path = tmp_path_factory.mktemp("tokens")
    jobs = [{"TrainingJobName": f"job-{number}", "TrainingTimeInSeconds": number // 3} for number in range(COUNT)]
    (folder / "dump.jsonl").write_bytes(b"\n".join(map(orjson.dumps, jobs)))
    smsearch.build_archive([folder / "dump.jsonl"], folder / "archive")
    return smsearch.open(folder / "archive", engine="spark", session=spark)


def names(page: dict[str, Any]) -> list[str]:
    return [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]]


def words(spelled: bytes) -> tuple[int, ...]:
    padded = spelled + b" " * (-len(spelled) % 8)
    return tuple(int.from_bytes(padded[at : at + 8], "big") for at in range(0, len(padded), 8))


def forged(searcher: Searcher, places: tuple[int, ...], total: int = COUNT) -> str:
    mark = next_token.fingerprint(request.parse(REQUEST, searcher.policy))
    return next_token.seal(mark, searcher.engine.snapshot, Resume(pack(places), total))


@pytest.mark.parametrize(
    "places",
    [
        (),
        (0,),
        (COUNT,),
        (2**40,),
        (2**64 - 1,),
        (3, 1),
        (3, *words(b"{}")),
        (3, *words(b"[1]")),
        (3, *words(b'[1,"","job-1"]')),
        (3, *words(b'[null,"","job-1",""]')),
        (3, *words(b'[null,"zzz","zzz"]')),
        (3, *words(b'[ null,"","job-1"]')),
    ],
)
def test_forged_places_are_refused(searcher: Searcher, places: tuple[int, ...]) -> None:
    with pytest.raises(InvalidNextTokenError):
        searcher.search(**REQUEST, NextToken=forged(searcher, places))


def test_places_within_the_result_are_answered_with_its_total_and_no_other(searcher: Searcher) -> None:
    whole = names(searcher.search(**{**REQUEST, "MaxResults": COUNT}))
    for place in (1, COUNT - 1):
        page = searcher.search(**REQUEST, NextToken=forged(searcher, (place,)))
        assert names(page) == whole[place : place + 3]
        assert page["TotalHits"]["Value"] == COUNT
        for total in (0, COUNT + 1):
            with pytest.raises(InvalidNextTokenError):
                searcher.search(**REQUEST, NextToken=forged(searcher, (place,), total))


def test_a_token_of_a_process_that_has_counted_nothing_has_the_same_total(searcher: Searcher) -> None:
    token = searcher.search(**{**REQUEST, "MaxResults": COUNT - 1})["NextToken"]
    searcher.forget()
    page = searcher.search(**REQUEST, NextToken=token)
    assert len(names(page)) == 1
    assert page["TotalHits"]["Value"] == COUNT
    assert "NextToken" not in page
