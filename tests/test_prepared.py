"""Law: a request whose form is known is answered, or refused, as by a searcher that was asked nothing before."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smsearch
from smsearch import prepared
from smsearch.api import request, request_form
from smsearch.errors import RequestError
from smsearch.live.collection import collect
from smsearch.searcher import Searcher
from smsearch.syntax import wire
from smsearch.syntax.ast import FILTERS, LISTS, SUB_EXPRESSIONS
from tests.properties.strategies import MOMENTS, TEXTS, expressions, record_lists, resources
from tests.test_conformance import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.engine.engine import Engine
    from tests.test_conformance import Case

REFUSED: Final = ("", "x" * 1025, "two\nlines", "a,,b", "1e", "soon", "\u0000")
"""Values of which each is refused somewhere."""
VALUES: Final = ("x" * 1024, "true", "5", "-0.50", "2024-01-31T00:00:00Z", "Completed", "a,b", *REFUSED)
SEARCHES: Final = [case for case in CASES if case.operation == "search" and "SearchExpression" in case.request]
JOBS: Final = [
    {"TrainingJob": {"TrainingJobName": "a", "TrainingTimeInSeconds": 1, "HyperParameters": {"lr": "0.5"}}},
    {"TrainingJob": {"TrainingJobName": "b", "TrainingTimeInSeconds": 2, "HyperParameters": {"lr": "0.1"}}},
]


def outcome(searcher: Searcher, members: dict[str, Any]) -> object:
    """What a request gives, or how it is refused."""
    try:
        return searcher.search_json(json.dumps(members).encode())
    except RequestError as error:
        return type(error), error.code, error.path, error.hint, str(error), error.wire_message


def holders(node: object) -> Iterator[dict[str, Any]]:
    """The filters of a request that have a text as their value."""
    if isinstance(node, dict):
        if isinstance(node.get("Value"), str):
            yield node
        for inner in node.values():
            yield from holders(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from holders(inner)


def with_values(members: dict[str, Any], values: list[str]) -> dict[str, Any]:
    """The same request with other values, which are taken again and again."""
    changed = copy.deepcopy(members)
    for at, holder in enumerate(holders(changed.get("SearchExpression"))):
        holder["Value"] = values[at % len(values)]
    return changed


def judge(engine: Engine, members: dict[str, Any], others: list[list[str]]) -> None:
    """Asks one searcher for all requests of a form, and another one for each."""
    searcher = Searcher(engine)
    for changed in [members, *(with_values(members, values) for values in others), members]:
        assert outcome(searcher, changed) == outcome(Searcher(engine), changed), changed


@pytest.mark.parametrize("case", SEARCHES, ids=lambda case: case.id)
def test_a_case_with_other_values(case: Case) -> None:
    engine = smsearch.from_records(case.records).engine
    judge(engine, case.request, [[*VALUES[at:], *VALUES[:at]] for at in range(0, len(VALUES), 5)])


@given(data=st.data(), resource=resources())
@settings(max_examples=60)
def test_drawn_requests_with_other_values(data: st.DataObject, resource: str) -> None:
    engine, _ = collect(data.draw(record_lists(resource)))
    members = {"Resource": resource, "SearchExpression": wire.to_json(data.draw(expressions(resource)))}
    pool = st.sampled_from((*TEXTS, *MOMENTS, *REFUSED))
    judge(engine, members, data.draw(st.lists(st.lists(pool, min_size=1, max_size=4), min_size=1, max_size=4)))


def asked(*filters: object, **members: object) -> dict[str, Any]:
    return {"Resource": "TrainingJob", "SearchExpression": {"Filters": list(filters)}, **members}


SLOW: Final = {"Name": "TrainingTimeInSeconds", "Operator": "GreaterThan", "Value": "1"}


def with_list(name: str, entries: object) -> dict[str, Any]:
    """A request that has a list of an expression in an odd way, and a condition in another list."""
    beside = SUB_EXPRESSIONS if name == FILTERS else FILTERS
    condition = {FILTERS: [SLOW]} if beside == SUB_EXPRESSIONS else SLOW
    return {"Resource": "TrainingJob", "SearchExpression": {beside: [condition], name: entries}}


@pytest.mark.parametrize(
    ("members", "other"),
    [
        (asked(SLOW, MaxResults=1), asked(SLOW, MaxResults=True)),
        (asked(SLOW, MaxResults=1), asked(SLOW, MaxResults=1.0)),
        (asked(SLOW), asked({**SLOW, "Value": 1})),
        (asked(SLOW), asked({**SLOW, "Value": None})),
        (asked(SLOW), asked({**SLOW, "Value": ["1"]})),
        (asked(SLOW), asked({**SLOW, "Operator": ["GreaterThan"]})),
        (asked({**SLOW, "Operator": None, "Value": None}), asked({**SLOW, "Operator": None, "Valu": None})),
        (asked({**SLOW, "Operator": "Exists"}), asked({**SLOW, "Operator": "Exists", "Value": "2"})),
        (asked({**SLOW, "Operator": "Exists"}, SLOW), asked({**SLOW, "Operator": "Exists"}, {**SLOW, "Value": "0"})),
        (asked(SLOW, SLOW), asked(SLOW, {**SLOW, "Value": "0"})),
        (asked(SLOW), {**asked(SLOW), "SearchExpression": [SLOW]}),
        (asked(SLOW), {**asked(SLOW), "SearchExpression": {"Filters": SLOW}}),
        *((with_list(name, None), with_list(name, [])) for name in LISTS),
        (asked(SLOW), asked(SLOW, SortBy="Tags.team")),
        (asked(SLOW), asked(SLOW, NextToken="AQ")),
        (asked(SLOW), asked(SLOW, CrossAccountFilterOption="SameAccount")),
        (asked(SLOW), asked(SLOW, VisibilityConditions=[{"Key": "Tags.team", "Value": "x"}])),
    ],
)
def test_requests_that_look_alike(members: dict[str, Any], other: dict[str, Any]) -> None:
    engine = smsearch.from_records(JOBS).engine
    for first, second in ((members, other), (other, members)):
        searcher = Searcher(engine)
        outcome(searcher, first)
        assert outcome(searcher, second) == outcome(Searcher(engine), second)


def test_the_order_of_members_does_not_exchange_values() -> None:
    """Filters are bound before SubExpressions, however a request writes them."""
    one, team = {**SLOW, "Value": "1"}, {"Name": "HyperParameters.lr", "Operator": "Equals", "Value": "1"}
    engine = smsearch.from_records(JOBS).engine
    members = {"Resource": "TrainingJob", "SearchExpression": {"SubExpressions": [{"Filters": [team]}]}}
    members["SearchExpression"]["Filters"] = [one]  # type: ignore[index]
    judge(engine, members, [["1", "0.1"], ["0.1", "1"]])


def test_a_known_form_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    searcher = smsearch.from_records(JOBS)
    first = outcome(searcher, asked(SLOW))
    monkeypatch.setattr(request, "parse", lambda *_: pytest.fail("the request was read whole"))
    assert outcome(searcher, asked({**SLOW, "Value": "0"})) != first
    searcher.forget()
    with pytest.raises(pytest.fail.Exception):
        outcome(searcher, asked({**SLOW, "Value": "3"}))


def test_a_form_is_of_one_snapshot() -> None:
    """A field that only new records have is a property as soon as they are there."""
    searcher = smsearch.from_records(JOBS)
    outcome(searcher, asked({"Name": "Odd", "Value": "5"}))
    outcome(searcher, asked({**SLOW, "Value": "0"}))
    searcher.upsert({"TrainingJob": {"TrainingJobName": "c", "TrainingTimeInSeconds": 3, "Odd": 7}})
    for members, total in ((asked({"Name": "Odd", "Value": "7"}), 1), (asked({**SLOW, "Value": "0.5"}), 3)):
        page = json.loads(searcher.search_json(json.dumps(members).encode()))
        assert page["TotalHits"]["Value"] == total


def test_few_forms_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "FORMS_MAX", 4)
    searcher = smsearch.from_records(JOBS)
    for at in range(11):
        searcher.search_json(json.dumps(asked({"Name": f"Tags.t{at}", "Value": "x"})).encode())
    assert len(searcher._requests._forms) <= 4  # noqa: SLF001 - nothing else shows it


def test_an_expression_deeper_than_any_has_no_form() -> None:
    expression: dict[str, Any] = {"Filters": [SLOW]}
    for _ in range(200):
        expression = {"SubExpressions": [expression]}
    assert request_form.part({"Resource": "TrainingJob", "SearchExpression": expression}) is None
