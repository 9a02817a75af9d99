"""NextToken: good for one request and one snapshot; any other use is refused, never a wrong page (rows R7, P1, P3)."""

from __future__ import annotations

import base64
import string
from typing import TYPE_CHECKING, Any

import orjson
import pytest

import smsearch
from smsearch import limits
from smsearch.api import next_token
from smsearch.api.next_token import Resume
from smsearch.api.request import Accounts, SearchRequest, VisibilityCondition, parse
from smsearch.engine.cursor import pack
from smsearch.errors import InvalidNextTokenError, LimitExceededError, ShapeError
from smsearch.syntax.ast import BooleanOperator, Filter, SearchExpression, SortOrder
from smsearch.syntax.operators import Operator

if TYPE_CHECKING:
    from smsearch.live_searcher import LiveSearcher
    from smsearch.searcher import Searcher

REQUEST: dict[str, Any] = {
    "Resource": "TrainingJob",
    "SearchExpression": {"Filters": [{"Name": "TrainingJobName", "Operator": "Contains", "Value": "job"}]},
    "SortBy": "TrainingJobName",
    "SortOrder": "Ascending",
    "MaxResults": 10,
}
PINNED = "AZMe1JKlSa1KAt73zkfYBl_lhwtj1fvJhf2LkxYzXNERAAAAAAAAABkAAAAAAAAACgAAAQAAAAAAg88OLgRbe4M"
"""A token as it is written today."""
ALPHABET = string.ascii_letters + string.digits + "-_"


def job(number: int, **members: object) -> dict[str, Any]:
    return {"TrainingJob": {"TrainingJobName": f"job-{number:02}", **members}}


def jobs(count: int = 25) -> LiveSearcher:
    return smsearch.from_records(job(number) for number in range(count))


def names(page: dict[str, Any]) -> list[str]:
    return [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]]


def token_of(searcher: Searcher, resume: Resume) -> str:
    """A token that no page gave out, with a right checksum."""
    mark = next_token.fingerprint(parse(REQUEST, searcher.policy))
    return next_token.seal(mark, searcher.engine.snapshot, resume)


def refused(searcher: Searcher, **members: object) -> InvalidNextTokenError:
    with pytest.raises(InvalidNextTokenError) as raised:
        searcher.search(**{**REQUEST, **members})
    assert raised.value.code == "InvalidNextToken"
    assert raised.value.path == "NextToken"
    assert raised.value.response["Error"]["Code"] == "ValidationException"
    return raised.value


def test_pages_follow_each_other_to_the_end() -> None:
    searcher, request = jobs(), dict(REQUEST)
    found = []
    for _ in range(3):
        page = searcher.search(**request)
        found.append(names(page))
        request["NextToken"] = page.get("NextToken")
    assert [len(each) for each in found] == [10, 10, 5]
    assert [name for each in found for name in each] == [f"job-{number:02}" for number in range(25)]
    assert request["NextToken"] is None


def test_an_empty_token_is_the_first_page() -> None:
    searcher = jobs()
    assert searcher.search(**REQUEST, NextToken="") == searcher.search(**REQUEST)


@pytest.mark.parametrize(("count", "size"), [(0, 10), (1, 1), (10, 10), (20, 10), (20, 5), (100, 100)])
def test_a_token_never_leads_to_an_empty_page(count: int, size: int) -> None:
    searcher, request = jobs(count), {**REQUEST, "MaxResults": size}
    seen = 0
    while True:
        page = searcher.search(**request)
        seen += len(page["Results"])
        if "NextToken" not in page:
            break
        request["NextToken"] = page["NextToken"]
        assert len(page["Results"]) == size
    assert seen == count
    assert page["Results"] or count == 0


def test_a_token_is_not_given_out_when_no_later_record_matches() -> None:
    searcher = smsearch.from_records([job(0), job(1), {"TrainingJob": {"TrainingJobName": "zzz"}}])
    page = searcher.search(**{**REQUEST, "MaxResults": 2})
    assert len(page["Results"]) == 2
    assert "NextToken" not in page


def test_a_token_may_be_used_again_and_with_another_page_size() -> None:
    searcher = jobs()
    token = searcher.search(**REQUEST)["NextToken"]
    second = searcher.search(**REQUEST, NextToken=token)
    assert searcher.search(**REQUEST, NextToken=token) == second
    small = searcher.search(**{**REQUEST, "NextToken": token, "MaxResults": 3})
    assert names(small) == names(second)[:3]
    rest = searcher.search(**{**REQUEST, "NextToken": small["NextToken"], "MaxResults": 100})
    assert names(rest) == [f"job-{number:02}" for number in range(13, 25)]


def test_the_default_page_size_is_no_other_request() -> None:
    searcher = jobs()
    token = searcher.search(**{**REQUEST, "MaxResults": 5})["NextToken"]
    request = {**REQUEST, "NextToken": token}
    del request["MaxResults"]
    assert len(searcher.search(**request)["Results"]) == 10


def test_a_changed_character_anywhere_is_refused() -> None:
    searcher = jobs()
    token = searcher.search(**REQUEST)["NextToken"]
    for place, letter in enumerate(token):
        other = ALPHABET[(ALPHABET.index(letter) + 1) % len(ALPHABET)]
        error = refused(searcher, NextToken=token[:place] + other + token[place + 1 :])
        assert "not one that this search gave out" in error.message


def test_a_changed_bit_anywhere_is_refused() -> None:
    searcher = jobs()
    token = searcher.search(**REQUEST)["NextToken"]
    sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for place in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[place // 8] ^= 1 << place % 8
        refused(searcher, NextToken=base64.urlsafe_b64encode(changed).rstrip(b"=").decode())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1],
        lambda token: token[1:],
        lambda token: token + "A",
        lambda token: token + "=",
        lambda token: token + "\n",
        lambda token: " " + token,
        lambda token: token * 2,
        lambda token: token[:40] + "\u00e9" + token[41:],
        lambda token: token[:40] + "\ud800" + token[41:],
        lambda token: token[:40] + "\x00" + token[41:],
        lambda _: "AAAA",
        lambda _: "=",
        lambda _: "None",
        lambda _: "x" * limits.NEXT_TOKEN_LENGTH_MAX,
    ],
)
def test_what_is_no_token_is_refused(spoil: Any) -> None:  # noqa: ANN401 - a lambda has no shorter type
    searcher = jobs()
    refused(searcher, NextToken=spoil(searcher.search(**REQUEST)["NextToken"]))


def test_a_token_that_is_too_long_exceeds_a_limit() -> None:
    with pytest.raises(LimitExceededError):
        jobs().search(**REQUEST, NextToken="x" * (limits.NEXT_TOKEN_LENGTH_MAX + 1))


@pytest.mark.parametrize(
    "other",
    [
        {"Resource": "Experiment", "SortBy": None, "SearchExpression": None},
        {"SearchExpression": None},
        {"SearchExpression": {"Filters": [{"Name": "TrainingJobName", "Operator": "Contains", "Value": "jo"}]}},
        {"SearchExpression": {"Filters": [{"Name": "TrainingJobName", "Operator": "NotEquals", "Value": "job"}]}},
        {"SearchExpression": {**REQUEST["SearchExpression"], "Operator": "Or"}},
        {"SearchExpression": {"SubExpressions": [REQUEST["SearchExpression"]]}},
        {"SortBy": "CreationTime"},
        {"SortBy": None},
        {"SortOrder": "Descending"},
        {"SortOrder": None},
        {"CrossAccountFilterOption": "SameAccount"},
        {"CrossAccountFilterOption": "CrossAccount"},
        {"VisibilityConditions": [{"Key": "Tags.a", "Value": "b"}]},
    ],
)
def test_a_token_of_another_request_is_refused(other: dict[str, Any]) -> None:
    searcher = jobs()
    token = searcher.search(**REQUEST)["NextToken"]
    assert "belongs to another request" in refused(searcher, NextToken=token, **other).message


@pytest.mark.parametrize("other", [{"Key": "Tags.a", "Value": "c"}, {"Key": "Tags.b", "Value": "b"}, None])
def test_a_token_of_other_visibility_is_refused(other: dict[str, str] | None) -> None:
    """What one caller may see is not shown to another by the token of a page."""
    searcher = smsearch.from_records(
        job(number, Tags=[{"Key": "a", "Value": "bc"[number % 2]}]) for number in range(25)
    )
    own = {"VisibilityConditions": [{"Key": "Tags.a", "Value": "b"}]}
    token = searcher.search(**REQUEST, **own)["NextToken"]
    assert names(searcher.search(**REQUEST, **own, NextToken=token)) == ["job-20", "job-22", "job-24"]
    error = refused(searcher, NextToken=token, VisibilityConditions=None if other is None else [other])
    assert "belongs to another request" in error.message


@pytest.mark.parametrize("places", [(), (10, 0), (10, 10, 10), (25,), (26,), (2**64 - 1,)])
def test_a_forged_token_of_no_page_is_refused(places: tuple[int, ...]) -> None:
    """Its checksum is right; nothing in it was changed, for nobody gave it out."""
    searcher = jobs()
    forged = token_of(searcher, Resume(pack(places), 25))
    assert "not one that this search gave out" in refused(searcher, NextToken=forged).message
    assert names(searcher.search(**REQUEST, NextToken=token_of(searcher, Resume(pack((10,)), 25))))[0] == "job-10"


@pytest.mark.parametrize("total", [0, 24, 26, 2**64 - 1])
def test_a_forged_token_of_another_total_is_refused(total: int) -> None:
    searcher = jobs()
    refused(searcher, NextToken=token_of(searcher, Resume(pack((10,)), total)))


def test_the_format_of_a_token_does_not_change_unseen() -> None:
    """Whoever changes it raises its version, so that tokens of before are refused and not read otherwise."""
    filters = (Filter("TrainingJobName", Operator.CONTAINS, "job"),)
    request = SearchRequest(
        "TrainingJob",
        SearchExpression(filters),
        "TrainingJobName",
        SortOrder.ASCENDING,
        visibility=(VisibilityCondition("Tags.a", "b"),),
    )
    mark = next_token.fingerprint(request)
    assert next_token.seal(mark, "a snapshot", Resume(pack((10, 2**40)), 25)) == PINNED
    assert next_token.unseal(PINNED, mark, "a snapshot") == Resume(pack((10, 2**40)), 25)
    assert next_token.seal(mark, "a snapshot", Resume(pack((10, 2**40)), 26)) != PINNED


def test_another_spelling_of_the_same_request_is_no_other_request() -> None:
    searcher = jobs()
    token = searcher.search(**REQUEST)["NextToken"]
    expression = {"Operator": "And", "Filters": [{"Value": "job", "Operator": "CONTAINS", "Name": "TrainingJobName"}]}
    page = searcher.search(
        **{**REQUEST, "NextToken": token, "SearchExpression": expression, "CrossAccountFilterOption": None}
    )
    assert names(page)[0] == "job-10"


def test_a_token_is_good_in_the_wires_form_too() -> None:
    searcher = jobs()
    token = searcher.search(**REQUEST)["NextToken"]
    body = orjson.dumps({**REQUEST, "NextToken": token})
    page = orjson.loads(searcher.search_json(body))
    assert names(page)[0] == "job-10"
    assert page["NextToken"] == searcher.search(**REQUEST, NextToken=token)["NextToken"]


def test_the_next_page_of_a_request_in_json_is_that_of_members() -> None:
    searcher, request = jobs(), dict(REQUEST)
    for _ in range(3):
        page = orjson.loads(searcher.search_json(orjson.dumps(request)))
        assert names(page) == names(searcher.search(**request))
        request["NextToken"] = page.get("NextToken")


@pytest.mark.parametrize("size", [True, 1.0, "1", 2])
def test_the_next_page_is_checked_though_its_token_is_right(size: object) -> None:
    """What equals the number of the page before in Python is no number of results."""
    searcher, request = jobs(), {**REQUEST, "MaxResults": 1}
    request["NextToken"] = orjson.loads(searcher.search_json(orjson.dumps(request)))["NextToken"]
    later = orjson.dumps({**request, "MaxResults": size})
    if size == 2:
        assert names(orjson.loads(searcher.search_json(later))) == ["job-01", "job-02"]
    else:
        with pytest.raises(ShapeError):
            searcher.search_json(later)


def test_the_next_page_of_another_request_in_json_is_refused() -> None:
    searcher = jobs()
    token = orjson.loads(searcher.search_json(orjson.dumps(REQUEST)))["NextToken"]
    for other in ({"SortOrder": "Descending"}, {"SearchExpression": None}):
        with pytest.raises(InvalidNextTokenError):
            searcher.search_json(orjson.dumps({**REQUEST, **other, "NextToken": token}))


@pytest.mark.parametrize("change", ["add", "replace", "remove", "other kind"])
def test_a_token_of_records_that_changed_has_expired(change: str) -> None:
    searcher = jobs()
    token = searcher.search(**REQUEST)["NextToken"]
    match change:
        case "add":
            searcher.upsert(job(99))
        case "replace":
            searcher.upsert(job(3, FailureReason="x"))
        case "remove":
            assert searcher.remove("job-03") == 1
        case _:
            searcher.upsert({"Experiment": {"ExperimentName": "e"}})
    error = refused(searcher, NextToken=token)
    assert "has expired" in error.message
    assert "Begin again" in error.hint


def test_a_token_is_good_again_when_the_records_are_as_they_were() -> None:
    searcher = jobs()
    token = searcher.search(**REQUEST)["NextToken"]
    second = searcher.search(**REQUEST, NextToken=token)
    searcher.upsert(job(3, FailureReason="x"), job(99))
    searcher.remove("job-99")
    searcher.upsert(job(3))
    assert searcher.search(**REQUEST, NextToken=token) == second


def test_a_token_is_good_for_an_equal_collection_of_another_process() -> None:
    token = jobs().search(**REQUEST)["NextToken"]
    other = smsearch.from_records([job(number) for number in reversed(range(25))])
    assert names(other.search(**REQUEST, NextToken=token))[0] == "job-10"
    assert "has expired" in refused(jobs(24), NextToken=token).message


def test_a_page_after_a_token_has_the_same_total() -> None:
    searcher = jobs()
    first = searcher.search(**REQUEST)
    second = searcher.search(**REQUEST, NextToken=first["NextToken"])
    assert first["TotalHits"] == second["TotalHits"] == {"Value": 25, "Relation": "EqualTo"}


@pytest.mark.parametrize(
    "resume",
    [Resume(pack((0,)), 0), Resume(pack((10,)), 25), Resume(pack((2**64 - 1,)), 2**64 - 1), Resume(pack((1, 2, 3)), 7)],
)
def test_what_is_sealed_is_what_is_unsealed(resume: Resume) -> None:
    request = SearchRequest("TrainingJob")
    mark = next_token.fingerprint(request)
    token = next_token.seal(mark, "snapshot", resume)
    assert next_token.unseal(token, mark, "snapshot") == resume
    assert set(token) <= set(ALPHABET)


def test_many_parts_still_fit_into_a_token() -> None:
    mark = next_token.fingerprint(SearchRequest("TrainingJob"))
    token = next_token.seal(mark, "snapshot", Resume(pack(tuple(range(500))), 1))
    assert len(token) <= limits.NEXT_TOKEN_LENGTH_MAX


def test_a_request_of_lone_surrogates_has_a_token_too() -> None:
    expression = SearchExpression((Filter("TrainingJobName", Operator.NOT_EQUALS, "\ud800"),))
    request = SearchRequest("TrainingJob", expression)
    mark = next_token.fingerprint(request)
    token = next_token.seal(mark, "snapshot", Resume(pack((1,)), 2))
    assert next_token.unseal(token, mark, "snapshot") == Resume(pack((1,)), 2)


def test_fingerprints_tell_requests_apart() -> None:
    one, other = (SearchExpression((Filter("a", Operator.EQUALS, value),)) for value in "xy")
    requests = [
        SearchRequest("TrainingJob"),
        SearchRequest("Experiment"),
        SearchRequest("TrainingJob", one),
        SearchRequest("TrainingJob", other),
        SearchRequest("TrainingJob", SearchExpression(one.filters, operator=BooleanOperator.OR)),
        SearchRequest("TrainingJob", sort_by="a"),
        SearchRequest("TrainingJob", sort_order=SortOrder.ASCENDING),
        SearchRequest("TrainingJob", sort_order=SortOrder.DESCENDING),
        SearchRequest("TrainingJob", accounts=Accounts.SAME),
        SearchRequest("TrainingJob", accounts=Accounts.CROSS),
        SearchRequest("TrainingJob", visibility=(VisibilityCondition("Tags.a", "b"),)),
        SearchRequest("TrainingJob", visibility=(VisibilityCondition("Tags.a", "c"),)),
        SearchRequest("TrainingJob", visibility=(VisibilityCondition("Tags.b", "b"),)),
        SearchRequest("TrainingJob", visibility=(VisibilityCondition("Tags.a", "b"),) * 2),
    ]
    assert len({next_token.fingerprint(request) for request in requests}) == len(requests)
    same = SearchRequest("TrainingJob", max_results=3, next_token="x")  # noqa: S106 - a place, not a secret
    assert next_token.fingerprint(same) == next_token.fingerprint(requests[0])
