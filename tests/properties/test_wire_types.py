"""Row R13: whatever an export holds, each answer has the types of the service model, and is the same by every door.

Answers are parsed by botocore's own parser, which is what every Python client has, and then compared with the model,
member by member: the parser itself takes a text for a boolean.
"""

from __future__ import annotations

import json
import math
import tempfile
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.session
import orjson
import pytest
from botocore import parsers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import smsearch
from smsearch.predicate.order import SortKey
from smsearch.predicate.predicate import Always
from smsearch.schema import catalogue, operations, value_kinds
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure
from smsearch.service import Service, outputs
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypothesis.strategies import SearchStrategy

    from smsearch.schema.catalogue import Shape
    from smsearch.schema.operations import Operation
    from smsearch.schema.record import Record
    from smsearch.schema.value_kinds import Kind
    from smsearch.searcher import Searcher

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "real-exports"
NAMED_NUMBERS = ("NaN", "Infinity", "-Infinity")
LIVE_AND_STORED = ("live", "store")


@cache
def model() -> Any:  # noqa: ANN401 - botocore has no types
    return botocore.session.get_session().get_service_model("sagemaker")


@cache
def output_shape(operation: str) -> Any:  # noqa: ANN401 - botocore has no types
    return model().operation_model(operation).output_shape


def parsed(operation: str, body: bytes) -> dict[str, Any]:
    """What botocore makes of a response; it has the types of the model."""
    shape = output_shape(operation)
    response = parsers.create_parser("json").parse({"body": body, "headers": {}, "status_code": 200}, shape)
    response.pop("ResponseMetadata")
    faults = list(misfits(response, shape, operation))
    assert not faults, faults[:5]
    return dict(response)


TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "long": int,
    "float": int | float,
    "double": int | float,
    "timestamp": datetime,
    "boolean": bool,
    "structure": dict,
    "map": dict,
    "list": list,
}


def misfits(value: Any, shape: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - botocore has no types
    """The places where a parsed value has not the type of the model."""
    kind = shape.type_name
    if kind in ("float", "double") and value in NAMED_NUMBERS:
        return
    if not isinstance(value, TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield f"{path}: {value!r} is no {kind}"
    elif kind == "structure":
        known = shape.members
        for name in value.keys() & known.keys():
            yield from misfits(value[name], known[name], f"{path}.{name}")
    elif kind == "map":
        for key, entry in value.items():
            yield from misfits(entry, shape.value, f"{path}.{key}")
    elif kind == "list":
        for at, element in enumerate(value):
            yield from misfits(element, shape.member, f"{path}[{at}]")


def assert_typed(searcher: Searcher) -> None:
    """Every record by every operation that shows it has the types of the model."""
    service = Service(searcher)
    for kind in searcher.resources():
        if catalogue.resource(kind).searchable:
            for request in requests(service, "Search", Resource=kind, MaxResults=100):
                assert_search_agrees(searcher, request)
        for operation in map(operations.operation, operations.names()):
            if operation.kind != kind:
                continue
            if operation.results:
                list_all(service, operation, searcher)
            else:
                for record in every(searcher, kind):
                    parsed(operation.name, described(service, operation, record))


def requests(service: Service, name: str, **request: object) -> Iterator[dict[str, object]]:
    """Asks for every page; yields each request."""
    while True:
        yield request
        page = parsed(name, service.answer(name, orjson.dumps(request)))
        if "NextToken" not in page:
            return
        request = {**request, "NextToken": page["NextToken"]}


def list_all(service: Service, operation: Operation, searcher: Searcher) -> None:
    """Lists every record; without the service, where the input has to name a record of another kind."""
    if any(member.is_required for member in operation.inputs.values()):
        summaries = [outputs.summarised(operation, record, {}) for record in every(searcher, operation.kind)]
        results = dict(zip(("first", "second"), summaries, strict=False)) if operation.batch else summaries
        parsed(operation.name, orjson.dumps({operation.results: results}))
        return
    size = {"MaxResults": 100} if "MaxResults" in operation.inputs else {}
    list(requests(service, operation.name, **size))


def every(searcher: Searcher, kind: str) -> Iterator[Record]:
    name = ".".join(catalogue.resource(kind).name_path)
    key = SortKey(searcher.engine.schema(kind).property(name), SortOrder.ASCENDING)
    return searcher.engine.records(kind, Always(), key)


def described(service: Service, operation: Operation, record: Record) -> bytes:
    """What Describe answers for a record; without the service, where a name alone does not say which."""
    asked = [name for name, member in operation.inputs.items() if member.is_required]
    own = catalogue.resource(record.resource).name_path[-1]
    if len(asked) == 1 and record.name and operation.questions[asked[0]].property == own:
        return service.answer(operation.name, orjson.dumps({asked[0]: record.name}))
    return orjson.dumps(outputs.described(operation, record))


def assert_search_agrees(searcher: Searcher, request: dict[str, object]) -> None:
    """`search` gives what boto3 would make of `search_json`."""
    wire = parsed("Search", searcher.search_json(orjson.dumps(request)))["Results"]
    shape = output_shape("Search").members["Results"]
    assert_same(known(searcher.search(**request)["Results"], shape), wire, "Results")


def known(value: Any, shape: Any) -> Any:  # noqa: ANN401 - botocore has no types
    """A value without the members that the model does not know, which botocore leaves out."""
    if shape.type_name == "structure":
        if shape.is_tagged_union and not value.keys() & shape.members.keys():
            return {"SDK_UNKNOWN_MEMBER": {"name": next(iter(value))}}
        return {name: known(value[name], shape.members[name]) for name in shape.members if name in value}
    if shape.type_name == "map":
        return {key: known(entry, shape.value) for key, entry in value.items()}
    if shape.type_name == "list":
        return [known(element, shape.member) for element in value]
    return value


def assert_same(one: Any, other: Any, path: str) -> None:  # noqa: ANN401 - any JSON value, and times
    """Equal, and of one type; numbers that JSON does not have have names on the wire, and botocore keeps the names."""
    if isinstance(one, dict):
        assert one.keys() == other.keys(), path
        for name, value in one.items():
            assert_same(value, other[name], f"{path}.{name}")
    elif isinstance(one, list):
        assert len(one) == len(other), path
        for at, (left, right) in enumerate(zip(one, other, strict=True)):
            assert_same(left, right, f"{path}[{at}]")
    elif isinstance(one, datetime):  # botocore takes the seconds through a double
        assert abs(one - other) <= timedelta(microseconds=20), path
    else:
        number = float(other) if isinstance(one, float) and other in NAMED_NUMBERS else other
        assert type(one) is type(number), path
        assert repr(one) == repr(number), path


def opened(exports: Sequence[object], folder: str) -> dict[str, Searcher]:
    """The same exports live and as a store."""
    dump, store = Path(folder, "dump.jsonl"), Path(folder, "store")
    dump.write_text("".join(json.dumps(export) + "\n" for export in exports), encoding="utf-8")
    smsearch.build([dump], store)
    return dict(zip(LIVE_AND_STORED, (smsearch.open(dump), smsearch.open(store)), strict=True))


def assert_one_answer(searchers: dict[str, Searcher]) -> None:
    """Live and from a store, `search` and `search_json` give the same."""
    live, store = (searchers[name] for name in LIVE_AND_STORED)
    assert live.resources() == store.resources()
    for kind in live.resources():
        if not catalogue.resource(kind).searchable:
            continue
        request = {"Resource": kind, "MaxResults": 100}
        assert_same(live.search(**request), store.search(**request), kind)
        body = orjson.dumps(request)
        assert json.loads(live.search_json(body), parse_float=Decimal) == json.loads(
            store.search_json(body), parse_float=Decimal
        )
        for one, other in zip(every(live, kind), every(store, kind), strict=True):
            assert (one.arn, one.name) == (other.arn, other.name)
            assert one.exported.keys() == other.exported.keys()


TIMES: tuple[Any, ...] = (
    *("2024-01-31T12:00:00.123456+05:30", "2024-01-31 12:00:00", "1e10", "0001-01-01", "9999-12-31T23:59:59.999999Z"),
    *(1e10, 9.5e10, 8589934592.000001, 1704067200, 1704067200123, -62135596800, -1.5, 253402300799000),
    *("2250-01-01T00:00:00.000001Z", "4000-06-01T00:00:00.654321Z", "2024-13-01", 1e18, True, [2024], "soon"),
    {"__class__": "datetime", "year": 2018, "month": 5, "day": 16, "hour": 1},
)
NUMBERS: tuple[Any, ...] = (
    *(0, -1, 2, 2.0, 2.5, 1e22, 2**53 + 1, 2**63, 2**64 + 1, 10**30, -(2**63) - 1, 0.1, 5e-324, 1.7976931348623157e308),
    *(math.nan, math.inf, -math.inf, "2", "2.0", "0.10", " 7 ", "1e3", "NaN", "Infinity", "-Infinity", "inf", "1e400"),
    *("9007199254740993", "0.12345678901234567890123", "-0", -0.0, True, None, "", [], {}, [1], {"a": 1}, "many"),
)
TEXTS: tuple[Any, ...] = (
    "",
    "a",
    "7",
    "True",
    "NaN",
    "Infinity",
    "null",
    "\u00e9\U0001f600",
    5,
    1.0,
    1e22,
    True,
    None,
    [],
    {},
    ["a"],
    {"a": 1},
)
TRUTHS: tuple[Any, ...] = (True, False, 1, 0, 1.0, "true", "False", "TRUE", "1", "yes", 2, None, "", [], {}, math.nan)
OTHERS: tuple[Any, ...] = ("text", "", None, 5, True, [], {}, [[]], ["a"], {"a": "b"}, {"a": None})
BY_KIND: dict[Kind, tuple[Any, ...]] = {
    value_kinds.TEXT: TEXTS,
    value_kinds.INTEGER: NUMBERS,
    value_kinds.NUMBER: NUMBERS,
    value_kinds.TIMESTAMP: TIMES,
    value_kinds.BOOLEAN: TRUTHS,
}
UNKNOWN = st.sampled_from([*NUMBERS, *TEXTS, *OTHERS])
_KEYS = st.sampled_from(["a", "b.c", "loss", ""])


def values_of(reached: Shape, depth: int) -> SearchStrategy[object]:
    """A value for a shape, often one that has not its type."""
    match reached:
        case Scalar(kind, enum):
            return st.sampled_from([*BY_KIND[kind], *enum[:2]])
        case Structure():
            inner: SearchStrategy[object] = members_of(reached, depth - 1)
        case ListOf(element):
            inner = st.lists(values_of(catalogue.shape(element), depth - 1), max_size=2)
        case MapOf(entry):
            inner = st.dictionaries(_KEYS, values_of(catalogue.shape(entry), depth - 1), max_size=2)
    odd = st.sampled_from(OTHERS)
    return odd if depth <= 0 else st.one_of(inner, inner, inner, odd)


@st.composite
def members_of(draw: st.DrawFn, structure: Structure, depth: int) -> dict[str, object]:
    names = sorted(structure.members)
    chosen = draw(st.lists(st.sampled_from(names), max_size=4, unique=True)) if names else []
    members = {name: draw(values_of(structure.member(name), depth)) for name in chosen}
    if draw(st.integers(0, 5)) == 0:
        members["Unheard"] = draw(UNKNOWN)
    return members


@st.composite
def exports(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Search results of any kind, whose identity alone is in order."""
    made = []
    for at in range(draw(st.integers(1, 3))):
        kind = catalogue.resource(draw(st.sampled_from(catalogue.kinds())))
        members = draw(members_of(kind.root, 3))
        name, arn = f"name-{at}", f"arn:aws:sagemaker:eu-west-1:111122223333:{kind.name.lower()}/name-{at}"
        last: Any = members
        for step in kind.name_path[:-1]:
            last = members.setdefault(step, {})
            if not isinstance(last, dict):
                last = members[step] = {}
        last[kind.arn[-1]] = arn
        last[kind.name_path[-1]] = at + 1 if kind.name == "ImageVersion" else name
        made.append({kind.record_key: members})
    return made


def assert_typed_and_one(dump: list[dict[str, Any]]) -> None:
    """Every door to a dump answers in the types of the model, and all doors answer alike."""
    with tempfile.TemporaryDirectory() as folder:
        searchers = opened(dump, folder)
        for searcher in searchers.values():
            assert_typed(searcher)
        assert_one_answer(searchers)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(exports())
def test_every_answer_has_the_types_of_the_model(dump: list[dict[str, Any]]) -> None:
    assert_typed_and_one(dump)


@pytest.mark.parametrize(
    "union",
    [{"a": "b"}, {"a": []}, {"a": None}, {"a": "b", "c": 1}, {"a": "b", "Endpoint": {}}, {"__type": "a"}, {}],
    ids=repr,
)
def test_a_union_with_strange_members_is_one_answer_by_every_door(union: object) -> None:
    feature = {"FeatureName": "f", "CollectionConfig": union}
    group = {"FeatureGroupName": "g", "FeatureGroupStatus": "Created", "FeatureDefinitions": [feature]}
    assert_typed_and_one([group, {"AIBenchmarkJobName": "a", "BenchmarkTarget": union}])


@pytest.mark.parametrize("name", TIMES, ids=repr)
def test_a_time_at_its_edges_is_one_answer_by_every_door(name: object) -> None:
    job = {
        "TrainingJobName": "a",
        "CreationTime": name,
        "FinalMetricDataList": [{"MetricName": "m", "Timestamp": name}],
    }
    assert_typed_and_one([job])


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_a_number_at_its_edges_is_one_answer_by_every_door(number: object) -> None:
    job = {
        "TrainingJobName": "a",
        "BillableTimeInSeconds": number,
        "FinalMetricDataList": [{"MetricName": "m", "Value": number}],
        "HyperParameters": {"x": number},
        "Unheard": {"x": number},
    }
    assert_typed_and_one([job])


@pytest.mark.parametrize("folder", ["data/exports", "data/awkward"])
@pytest.mark.parametrize("door", LIVE_AND_STORED)
def test_the_exports_of_the_project_are_answered_in_the_types_of_the_model(
    folder: str, door: str, tmp_path: Path
) -> None:
    assert_typed(_searcher(ROOT / folder, door, tmp_path))


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared folder is beside checkouts only")
@pytest.mark.parametrize("door", LIVE_AND_STORED)
def test_published_exports_are_answered_in_the_types_of_the_model(door: str, tmp_path: Path) -> None:
    assert_typed(_searcher(REAL, door, tmp_path))


def _searcher(folder: Path, door: str, tmp_path: Path) -> Searcher:
    if door == "live":
        return smsearch.open(folder)
    smsearch.build([folder], tmp_path / "store")
    return smsearch.open(tmp_path / "store")
