"""Row R7: any text as a NextToken gives the page that it belongs to, or is refused as a ValidationException.

The law is judged on whole results: a page that is given is a stretch of them, never empty, and has their total. Tokens
are made by hand here, with a right checksum, since a forger can do so too.
"""

from __future__ import annotations

import base64
import tempfile
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import smsearch
from smsearch import limits
from smsearch.api import next_token
from smsearch.api.next_token import Resume
from smsearch.cluster import cursor as keysets
from smsearch.cluster.cursor import VALUES_BYTES_MAX, Keyset
from smsearch.columnar import cursor
from smsearch.columnar.engine import ColumnarEngine
from smsearch.columnar.plan import AccessPath
from smsearch.engine.cursor import InvalidCursorError, pack, unpack
from smsearch.errors import InvalidNextTokenError, LimitExceededError, RequestError, ServiceError
from smsearch.frozen import replace
from smsearch.ingest.report import Report
from smsearch.live import reference
from smsearch.live.collection import collect
from smsearch.policy import DEFAULT
from smsearch.predicate.bind import bind
from smsearch.searcher import Searcher
from smsearch.service import Service
from tests.columnar.test_engine import write_store
from tests.live.records import job
from tests.properties.strategies import expressions, record_lists, resources, sort_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from smsearch.engine.page import Page

JOBS = [
    job(
        f"job-{number:02}",
        BillableTimeInSeconds=number % 4,
        Tags=[{"Key": f"k{tag}", "Value": "v"} for tag in range(6 * number)],
        TrainingTimeInSeconds=number % 3 if number % 5 else None,
    )
    for number in range(23)
]
REQUEST: dict[str, Any] = {
    "Resource": "TrainingJob",
    "SearchExpression": {"Filters": [{"Name": "BillableTimeInSeconds", "Operator": "LessThan", "Value": "3"}]},
    "SortBy": "TrainingTimeInSeconds",
    "MaxResults": 4,
}
EXTREMES = st.sampled_from([0, 1, 2**16, 2**31, 2**32, 2**63, 2**64 - 1])
PLACES = st.lists(st.integers(0, 30) | EXTREMES, max_size=4).map(tuple)


@pytest.fixture(scope="module", params=["live", "one segment", "two segments"])
def searcher(request: pytest.FixtureRequest) -> Iterator[Searcher]:
    if request.param == "live":
        yield Searcher(collect(JOBS)[0], Report())
        return
    cuts = 1 if request.param == "one segment" else 2
    with tempfile.TemporaryDirectory() as folder:
        store = write_store(Path(folder), [JOBS[at::cuts] for at in range(cuts)])
        yield Searcher(ColumnarEngine(store), Report())


def names(page: dict[str, Any]) -> list[str]:
    return [result["TrainingJob"]["TrainingJobName"] for result in page["Results"]]


def everything(searcher: Searcher) -> list[str]:
    return names(searcher.search(**{**REQUEST, "MaxResults": 100}))


def lawful(searcher: Searcher, token: str, whole: list[str] | None = None) -> bool:
    """Whether a token was answered; if so, by a stretch of the whole result; the empty token by its beginning."""
    whole = everything(searcher) if whole is None else whole
    try:
        page = searcher.search(**REQUEST, NextToken=token)
    except InvalidNextTokenError:
        return False
    found = names(page)
    assert found, "a token leads to no empty page"
    at = whole.index(found[0])
    assert found == whole[at : at + REQUEST["MaxResults"]]
    assert page["TotalHits"] == {"Value": len(whole), "Relation": "EqualTo"}
    assert ("NextToken" in page) is (at + len(found) < len(whole))
    return True


def mark_of(searcher: Searcher, **members: object) -> bytes:
    from smsearch.api import request

    return next_token.fingerprint(request.parse({**REQUEST, **members}, searcher.policy))


def sealed(body: bytes) -> str:
    """A token of any bytes, with the checksum that belongs to them."""
    return base64.urlsafe_b64encode(body + next_token._check(body)).rstrip(b"=").decode()  # noqa: SLF001 - to forge


@given(token=st.text() | st.text(alphabet="AQab-_=\n", max_size=200))
def test_any_text_is_lawful(searcher: Searcher, token: str) -> None:
    if token and not token.isascii():
        with pytest.raises(RequestError):
            searcher.search(**REQUEST, NextToken=token)
        return
    assert lawful(searcher, token) is (token == "")


@given(places=PLACES, total=st.sampled_from([0, 18, 23, 2**64 - 1]))
@example(places=(), total=18)
@example(places=(1, 1), total=18)
@example(places=(2**64 - 1,), total=18)
def test_forged_places_and_totals_are_lawful(searcher: Searcher, places: tuple[int, ...], total: int) -> None:
    total = len(everything(searcher)) if total == 18 else total
    token = next_token.seal(mark_of(searcher), searcher.engine.snapshot, Resume(pack(places), total))
    if lawful(searcher, token):
        assert total == len(everything(searcher))
        assert places


@given(body=st.binary(max_size=120))
@example(body=b"")
@example(body=b"\x01" + bytes(40))
def test_forged_bytes_are_refused(searcher: Searcher, body: bytes) -> None:
    assert not lawful(searcher, sealed(body))


@given(data=st.data())
def test_forged_changes_of_a_token_are_lawful(searcher: Searcher, data: st.DataObject) -> None:
    token = searcher.search(**REQUEST)["NextToken"]
    body = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[:-8])
    for _ in range(data.draw(st.integers(1, 3))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    lawful(searcher, sealed(bytes(body)))
    cutoff = data.draw(st.integers(0, len(body)))
    lawful(searcher, sealed(bytes(body[:cutoff])))
    lawful(searcher, sealed(bytes(body + body[cutoff:])))


def test_every_place_of_the_order_is_lawful_and_those_of_matches_are_answered(searcher: Searcher) -> None:
    whole = everything(searcher)
    snapshot, mark = searcher.engine.snapshot, mark_of(searcher)
    parts = len(unpack(next_token.unseal(searcher.search(**REQUEST)["NextToken"], mark, snapshot).cursor))
    ends = range(48) if parts == 1 else range(25)
    answered = sum(
        lawful(searcher, next_token.seal(mark, snapshot, Resume(pack(places), len(whole))), whole)
        for places in product(ends, repeat=parts)
    )
    assert answered >= len(whole) - 1
    tokens = {searcher.search(**{**REQUEST, "MaxResults": size})["NextToken"] for size in range(1, len(whole))}
    assert len(tokens) == len(whole) - 1
    for token in tokens:
        searcher.forget()  # as another process does not know what was given out
        assert lawful(searcher, token, whole)


def test_a_token_of_other_records_or_another_request_is_refused(searcher: Searcher) -> None:
    token = searcher.search(**REQUEST)["NextToken"]
    given = next_token.unseal(token, mark_of(searcher), searcher.engine.snapshot).cursor
    total = len(everything(searcher))
    assert lawful(searcher, next_token.seal(mark_of(searcher), searcher.engine.snapshot, Resume(given, total)))
    other = mark_of(searcher, SortOrder="Ascending")
    assert not lawful(searcher, next_token.seal(other, searcher.engine.snapshot, Resume(given, total)))
    assert not lawful(searcher, next_token.seal(mark_of(searcher), "other", Resume(given, total)))


def asked(service: Service, operation: str, members: dict[str, Any]) -> dict[str, Any] | None:
    """An operation's output, or None for a ValidationException; anything else is a fault."""
    try:
        output: dict[str, Any] = orjson.loads(service.answer(operation, orjson.dumps(members)))
    except ServiceError as error:
        if error.code == "ValidationException":
            return None
        raise
    return output


LISTED: dict[str, tuple[dict[str, Any], Callable[[dict[str, Any]], list[str]]]] = {
    "Search": (REQUEST, names),
    "ListTrainingJobs": (
        {"MaxResults": 4, "SortBy": "Name"},
        lambda output: [summary["TrainingJobName"] for summary in output["TrainingJobSummaries"]],
    ),
    "ListTags": (
        {"MaxResults": 50, "ResourceArn": JOBS[-1].arn},
        lambda output: [tag["Key"] for tag in output["Tags"]],
    ),
}


def pages(service: Service, operation: str) -> Iterator[tuple[str, list[str]]]:
    """The token and the names of each page."""
    members, listed = LISTED[operation]
    token = ""
    while True:
        output = asked(service, operation, {**members, "NextToken": token})
        assert output is not None
        yield token, listed(output)
        if "NextToken" not in output:
            return
        token = output["NextToken"]


def test_a_token_is_good_for_its_own_operation_alone(searcher: Searcher) -> None:
    service = Service(searcher)
    tokens = {operation: [token for token, _ in pages(service, operation)][1:] for operation in LISTED}
    assert all(len(own) > 1 for own in tokens.values())
    for operation, (members, listed) in LISTED.items():
        for origin, others in tokens.items():
            for token in others:
                output = asked(service, operation, {**members, "NextToken": token})
                assert (output is not None) is (origin == operation)
                assert output is None or listed(output)


@pytest.mark.parametrize("operation", LISTED)
@settings(deadline=None)
@given(places=PLACES, total=st.integers(0, 30))
@example(places=(), total=0)
@example(places=(2**64 - 1,), total=0)
def test_forged_tokens_of_lists_are_lawful(
    searcher: Searcher, operation: str, places: tuple[int, ...], total: int
) -> None:
    service = Service(searcher)
    whole = [name for _, page in pages(service, operation) for name in page]
    members, listed = LISTED[operation]
    said = sorted((name, value) for name, value in members.items() if name != "MaxResults")
    marks = {
        "Search": lambda: mark_of(searcher),
        "ListTags": lambda: next_token.mark_of(["ListTags", members["ResourceArn"]]),
        "ListTrainingJobs": lambda: next_token.mark_of(["ListTrainingJobs", said]),
    }
    token = next_token.seal(marks[operation](), searcher.engine.snapshot, Resume(pack(places), total))
    output = asked(service, operation, {**members, "NextToken": token})
    if output is not None:
        found = listed(output)
        at = whole.index(found[0])
        assert found == whole[at : at + members["MaxResults"]]


@pytest.mark.parametrize("operation", LISTED)
def test_the_forged_tokens_of_lists_would_be_answered_if_they_were_right(searcher: Searcher, operation: str) -> None:
    """The law above is of no use if its marks are wrong, since every token is refused then."""
    service = Service(searcher)
    members, _ = LISTED[operation]
    token = [token for token, _ in pages(service, operation)][1]
    said = sorted((name, value) for name, value in members.items() if name != "MaxResults")
    marks = {
        "Search": mark_of(searcher),
        "ListTags": next_token.mark_of(["ListTags", members.get("ResourceArn")]),
        "ListTrainingJobs": next_token.mark_of(["ListTrainingJobs", said]),
    }
    assert next_token.unseal(token, marks[operation], searcher.engine.snapshot).cursor


def test_a_token_of_no_record_at_all_is_refused() -> None:
    empty = smsearch.from_records([])
    token = next_token.seal(mark_of(empty), empty.engine.snapshot, Resume(pack((0,)), 0))
    with pytest.raises(InvalidNextTokenError):
        empty.search(**REQUEST, NextToken=token)


def test_a_token_of_ten_thousand_characters_exceeds_a_limit(searcher: Searcher) -> None:
    with pytest.raises(LimitExceededError):
        searcher.search(**REQUEST, NextToken="A" * (limits.NEXT_TOKEN_LENGTH_MAX + 1))


WORDS_OF_KEYSETS = st.lists(
    st.none() | st.text(max_size=9) | st.integers(-(2**63), 2**64 - 1) | st.booleans() | st.floats(), max_size=4
)


@given(data=st.data(), kinds=st.lists(st.sampled_from([str, int, bool]), min_size=1, max_size=4))
def test_any_bytes_are_one_keyset_of_an_archive_or_refused(data: st.DataObject, kinds: list[type[Any]]) -> None:
    """What Spark is handed is of the types that it sorts by; see `cluster/cursor.py`."""
    written = data.draw(WORDS_OF_KEYSETS.map(orjson.dumps) | st.binary(max_size=40) | st.just(b"{}") | st.just(b"5"))
    padded = written + data.draw(st.sampled_from([b"", b" " * (-len(written) % 8)]))
    given = data.draw(st.integers(0, 2**64 - 1)).to_bytes(8, "big")
    forged = data.draw(st.sampled_from([given + padded, given[:3], b" " + given + padded]))
    try:
        keyset = keysets.unpack(forged, kinds)
    except InvalidCursorError:
        return
    assert keysets.pack(keyset) == forged
    assert keyset.given
    assert not keyset.values or [type(value) for value in keyset.values] == [
        type(None) if value is None else kind for value, kind in zip(keyset.values, kinds, strict=True)
    ]


@pytest.mark.parametrize(
    "values", [("a", None, "arn", "name"), (None, None, "", ""), ("\u5718", "1Z85", "arn", "x" * 5_000)]
)
def test_what_is_a_keyset_is_one_again(values: tuple[str | None, ...]) -> None:
    keyset = Keyset(3, values)
    again = keysets.unpack(keysets.pack(keyset), [str] * 4)
    assert again == (keyset if len(str(values)) < VALUES_BYTES_MAX else Keyset(3))
    other, types = (keysets.pack(keyset), [str] * 3 + [int]) if again.values else (bytes(8), [str])
    with pytest.raises(InvalidCursorError):
        keysets.unpack(other, types)


def stretch(page: Page, whole: list[tuple[str, str]], size: int) -> None:
    found = [(record.arn, record.name) for record in page.records]
    assert found
    at = whole.index(found[0])
    assert found == whole[at : at + size]
    assert (page.next_cursor is None) is (at + len(found) == len(whole))


@pytest.mark.parametrize("forced", [None, AccessPath.INDEX_SCAN, AccessPath.GATHER_SORT])
@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_any_places_of_any_question_are_a_stretch_or_refused(forced: AccessPath | None, data: st.DataObject) -> None:
    """Live, and over one segment or several, whatever the plan; what pages give out is answered."""
    resource = data.draw(resources())
    collection, _ = collect(data.draw(record_lists(resource)))
    schema = collection.schema(resource)
    key = data.draw(sort_keys(resource))
    records = list(collection.records(resource, bind(None, schema, DEFAULT), key))
    if not records:
        return
    predicate = bind(data.draw(expressions(resource)), schema, replace(DEFAULT, contains_max=None))
    whole = [(record.arn, record.name) for record in reference.select(records, predicate, key)]
    cuts = data.draw(st.integers(1, 3))
    parts = [part for part in (records[at::cuts] for at in range(cuts)) if part]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(cursor, "_BACK", data.draw(st.sampled_from([2, 128])))
        stored = ColumnarEngine(write_store(Path(folder), parts), forced)
        for engine, count in ((collection, 1), (stored, len(parts))):
            firsts = (engine.page(resource, predicate, key, b"", size, None) for size in range(1, len(whole) + 1))
            known = {first.next_cursor for first in firsts if first.next_cursor is not None}
            assert len(known) == max(len(whole) - 1, 0)
            for given in known:
                engine.forget()
                stretch(engine.page(resource, predicate, key, given, 2, None), whole, 2)
            for _ in range(30):
                forged = pack(data.draw(st.tuples(*[st.integers(0, 2 * len(records) + 1)] * count)))
                try:
                    page = engine.page(resource, predicate, key, forged, 2, None)
                except InvalidCursorError:
                    assert forged not in known
                    continue
                stretch(page, whole, 2)
