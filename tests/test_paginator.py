"""The paginator walks pages as boto3's does, over any search function."""

from __future__ import annotations

from typing import Any

import pytest

from smsearch.errors import ShapeError
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
    ("most", "lengths"), [(1, [1]), (10, [10]), (12, [10, 2]), (20, [10, 10]), (99, [10, 10, 5]), (0, [])]
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


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ShapeError) as raised:
        Paginator(Search(0)).paginate(PaginationConfig={"MaxItem": 5})
    assert raised.value.path == "PaginationConfig.MaxItem"
