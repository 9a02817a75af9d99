"""The paginator walks pages as boto3's does, over any search function."""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import boto3
import pytest

import smsearch
from smsearch import testing
from smsearch.errors import MissingLibraryError, RequestError, ShapeError
from smsearch.paginator import Paginator


class Search:
    """Answers with the numbers from 0 on, and remembers how it was asked."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.asked: list[dict[str, Any]] = []

    def __call__(self, **members: object) -> dict[str, Any]:
        """One page."""
        self.asked.append(members)
        start = int(str(members.get("NextToken", 0)))
        end = min(self.total, start + int(str(members.get("MaxResults", 10))))
        response: dict[str, Any] = {"Results": list(range(start, end)), "TotalHits": {"Value": self.total}}
        if end < self.total:
            response["NextToken"] = str(end)
        return response


def test_every_page_is_asked_for_with_all_other_members() -> None:
    search = Search(25)
    pages = list(Paginator(search).paginate(Resource="TrainingJob", SortBy="a"))
    assert [len(page["Results"]) for page in pages] == [10, 10, 5]
    common = {"Resource": "TrainingJob", "SortBy": "a"}
    assert search.asked == [common, {**common, "NextToken": "10"}, {**common, "NextToken": "20"}]


def test_every_iteration_begins_anew() -> None:
    pages = Paginator(Search(3)).paginate(Resource="TrainingJob")
    assert [page["Results"] for page in pages] == [page["Results"] for page in pages] == [[0, 1, 2]]


@pytest.mark.parametrize(
    ("most", "lengths"), [(1, [1]), (10, [10]), (12, [10, 2]), (20, [10, 10]), (99, [10, 10, 5]), (0, [0])]
)
def test_at_most_so_many_items(most: int, lengths: list[int]) -> None:
    search = Search(25)
    pages = list(Paginator(search).paginate(PaginationConfig={"MaxItems": most}))
    assert [len(page["Results"]) for page in pages] == lengths
    assert len(search.asked) == len(lengths)


def test_the_page_size_and_the_starting_token() -> None:
    search = Search(25)
    config = {"PageSize": 7, "StartingToken": "20", "MaxItems": None}
    (page,) = Paginator(search).paginate(PaginationConfig=config, MaxResults=3)
    assert page["Results"] == [20, 21, 22, 23, 24]
    assert search.asked == [{"MaxResults": 7, "NextToken": "20"}]
    assert config == {"PageSize": 7, "StartingToken": "20", "MaxItems": None}


def test_all_pages_as_one_response() -> None:
    whole = Paginator(Search(25)).paginate().build_full_result()
    assert whole == {"Results": list(range(25)), "TotalHits": {"Value": 25}}
    assert Paginator(Search(0)).paginate().build_full_result() == {"Results": [], "TotalHits": {"Value": 0}}


class Whole(list[int]):
    """Results that are never added to a copy of those before them."""

    def __radd__(self, _: object) -> list[int]:
        raise AssertionError("all results so far are copied for each page")


def test_all_pages_as_one_response_take_no_copy_a_page() -> None:
    search = Search(25)
    pages = Paginator(lambda **members: {**search(**members), "Results": Whole(range(3))}).paginate()
    first = pages.build_full_result()["Results"]
    assert first == [0, 1, 2] * 3
    assert pages.build_full_result()["Results"] is not first


CONFIGS = [
    {"MaxItems": most, "PageSize": size}
    for most in (None, 0, 1, 3, 7, 10, 12, "14", 20, 25, 99)
    for size in (None, 7, "10", 25)
]
REQUEST: dict[str, Any] = {"Resource": "TrainingJob", "SortBy": "TrainingJobName", "SortOrder": "Ascending"}
JOBS = [{"TrainingJob": {"TrainingJobName": f"job-{number:02}"}} for number in range(25)]


def told(paginator: Any, config: dict[str, Any]) -> list[object]:  # noqa: ANN401 - botocore's or ours
    """What callers see of a listing: names page by page, then what goes on, then all as one."""
    pages = paginator.paginate(**REQUEST, PaginationConfig=config)
    shown: list[object] = [names(page["Results"]) for page in pages]
    # A second iteration of botocore's goes on where the first one ended.
    whole = paginator.paginate(**REQUEST, PaginationConfig=config).build_full_result()
    return [*shown, pages.resume_token, names(whole["Results"]), whole["TotalHits"], whole.get("NextToken")]


def names(results: list[dict[str, Any]]) -> list[str]:
    return [result["TrainingJob"]["TrainingJobName"] for result in results]


def test_it_pages_as_botocores_own_does() -> None:
    searcher = smsearch.from_records(JOBS)
    token = searcher.search(**REQUEST)["NextToken"]
    with testing.stub(JOBS):
        theirs, ours = boto3.client("sagemaker").get_paginator("search"), searcher.get_paginator("search")
        cut = [
            theirs.paginate(**REQUEST, PaginationConfig={"MaxItems": most}).build_full_result()["NextToken"]
            for most in (10, 12)
        ]
        for config in ({**config, "StartingToken": start} for config in CONFIGS for start in (None, "", token, *cut)):
            assert told(ours, config) == told(theirs, config), config


def test_what_was_cut_goes_on_to_the_end() -> None:
    paginator = smsearch.from_records(JOBS).get_paginator("search")
    found: list[str] = []
    start = None
    for _ in range(9):
        config = {"MaxItems": 3, "PageSize": 7, "StartingToken": start}
        part = paginator.paginate(**REQUEST, PaginationConfig=config).build_full_result()
        found += names(part["Results"])
        start = part.get("NextToken")
    assert start is None
    assert found == names(JOBS)


@pytest.mark.parametrize("told", [{"NextToken": 5}, {"NextToken": "x", "boto_truncate_amount": -1}, [], {"a": 1}])
def test_a_starting_token_that_is_none_is_refused(told: object) -> None:
    token = base64.b64encode(json.dumps(told).encode()).decode()
    pages = (
        smsearch.from_records(JOBS)
        .get_paginator("search")
        .paginate(**REQUEST, PaginationConfig={"StartingToken": token})
    )
    with pytest.raises(RequestError):
        list(pages)


def test_a_jmespath_expression_is_searched_in_every_page() -> None:
    pages = smsearch.from_records(JOBS).get_paginator("search").paginate(**REQUEST)
    assert list(pages.search("Results[].TrainingJob.TrainingJobName")) == names(JOBS)
    assert list(pages.search("TotalHits.Value")) == [25, 25, 25]


def test_without_jmespath_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jmespath", None)
    with pytest.raises(MissingLibraryError, match="jmespath"):
        list(Paginator(Search(1)).paginate().search("Results"))


@pytest.mark.parametrize("config", [{"MaxItems": -1}, {"MaxItems": "many"}, {"PageSize": []}])
def test_a_number_that_is_none_is_refused(config: dict[str, object]) -> None:
    with pytest.raises(ShapeError) as raised:
        Paginator(Search(1)).paginate(PaginationConfig=config)
    assert raised.value.path == f"PaginationConfig.{next(iter(config))}"


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ShapeError) as raised:
        Paginator(Search(0)).paginate(PaginationConfig={"MaxItem": 5})
    assert raised.value.path == "PaginationConfig.MaxItem"
