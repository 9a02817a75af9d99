"""The law of the compiled reader: whatever the lines, a store is the same byte for byte as one that Python built."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from smsearch.schema import catalogue
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, shape
from smsearch.schema.value_kinds import JsonType
from tests.ingest.both_readers import needs_compiled, read_alike

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from smsearch.schema.catalogue import Shape

pytestmark = needs_compiled

KINDS = [
    "TrainingJob",
    "ExperimentTrialComponent",
    "ProcessingJob",
    "HyperParameterTuningJob",
    "FeatureGroup",
    "Endpoint",
    "ImageVersion",
    "ModelBiasJobDefinition",
    "ComputeQuota",
]
texts = st.sampled_from(["a", "", "b c", '"', "\\", "é", "\U0001f600", "\x1f", "\n", "train", "1", "1e5", "null"])
numbers = st.sampled_from(
    [0, 1, -1, 12, 10**17, 10**18, 2**63, 0.0, -0.0, 0.1, 1.0, 1e-5, 1e-7, 1e15, 1e16, 0.30000000000000004]
)
times = st.sampled_from(
    [
        *(
            "2024-01-31T12:00:00Z",
            "2024-01-31T12:00:00.123456+00:00",
            "2024-02-30T00:00:00Z",
            "2024-01-31 12:00:00-07:30",
        ),
        *("2024-01-31T12:00:00", "2024-01-31", "1969-12-31T23:59:59Z", "2024-01-31T12:00:00.1234567Z", "", "soon"),
        *(1706702400, 1706702400.25, 1706702400123, 0, 1706702400.1234567, "1706702400"),
    ]
)
keys = st.sampled_from(["lr", "batch size", "é", "a.b", "", "x\x1fy", "validation:auc"])
misfits = st.sampled_from([None, "", 1, True, [], {}, [None], {"Value": 1}, {"a": None}, "x"])


def values(reached: Shape, depth: int = 0) -> SearchStrategy[Any]:
    """Values of a shape, and now and then one that is none."""
    right = _right(reached, depth)
    return st.integers(0, 40).flatmap(lambda chance: misfits if chance == 0 else right)


def _right(reached: Shape, depth: int) -> SearchStrategy[Any]:
    match reached:
        case Scalar():
            return _plain(reached)
        case Structure():
            return _members(reached, depth)
        case MapOf(value):
            return st.dictionaries(keys, values(shape(value), depth + 1), max_size=3)
        case ListOf(element):
            return st.lists(values(shape(element), depth + 1), max_size=3)


def _plain(scalar: Scalar) -> SearchStrategy[Any]:
    match scalar.kind.json:
        case JsonType.TIME:
            return times
        case JsonType.INTEGER:
            return st.integers(-5, 5)
        case JsonType.NUMBER:
            return numbers
        case JsonType.BOOLEAN:
            return st.booleans()
    return st.sampled_from(scalar.enum) if scalar.enum else texts


@st.composite
def _members(draw: st.DrawFn, structure: Structure, depth: int) -> dict[str, Any]:
    if depth > 4 or not structure.members:
        return {}
    names = draw(st.lists(st.sampled_from(sorted(structure.members)), max_size=5 if depth else 8, unique=True))
    return {name: draw(values(structure.member(name), depth + 1)) for name in names}


@st.composite
def _lines(draw: st.DrawFn, kind: str) -> bytes:
    resource = catalogue.resource(kind)
    lines = []
    for _ in range(draw(st.integers(2, 6))):
        record = {resource.name_path[-1]: draw(st.sampled_from(["a", "b", "c"])), **draw(_members(resource.root, 0))}
        record |= draw(st.sampled_from([{}, {}, {"ResponseMetadata": {"a": 1}}, {"Unheard": 1}]))
        separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (" ,", " : ")]))
        text = json.dumps(record, separators=separators, ensure_ascii=draw(st.booleans()))
        lines.append(text + draw(st.sampled_from(["", "", ",", " ", "\r", "}"])))
    return ("\n".join(lines) + "\n").encode()


@st.composite
def _sequences(draw: st.DrawFn, kind: str) -> bytes:
    """Lines and sequences of other shapes, one after another: arrays, pages, results, documents of several lines."""
    resource = catalogue.resource(kind)
    parts = [draw(_lines(kind))]
    for _ in range(draw(st.integers(1, 3))):
        name = {resource.name_path[-1]: draw(st.sampled_from(["a", "b"]))}
        records = [name | draw(_members(resource.root, 0)) for _ in range(draw(st.integers(0, 4)))]
        elements: list[Any] = [
            draw(st.sampled_from([record, record, {resource.record_key: record}])) for record in records
        ]
        elements += draw(st.sampled_from([[], [], [], [None], [{}], ["{}"], [[]]]))
        listed = draw(st.sampled_from(["Results", *resource.list_keys, "Others"]))
        pagings: list[dict[str, Any]] = [{}, {"NextToken": "x"}, {"ResponseMetadata": {"a": [1]}}, {"More": 1}]
        paging = draw(st.sampled_from(pagings))
        documents = draw(
            st.sampled_from([[elements], [paging | {listed: elements}], [{listed: elements} | paging], elements])
        )
        indent = draw(st.sampled_from([None, None, 1]))
        between = draw(st.sampled_from(["\n", "\n", "\n\n", " ", ",\n", ",", ""]))
        parts.append(between.join(json.dumps(one, indent=indent) for one in documents).encode())
        parts.append(draw(st.sampled_from([b"\n", b"\n", b"\n", b"", b"]", b" \n"])))
    return b"".join(parts)


@settings(max_examples=60)
@given(st.sampled_from(KINDS).flatmap(_lines))
def test_a_store_is_the_same_with_and_without(raw: bytes) -> None:
    read_alike(raw)


@settings(max_examples=60)
@given(st.sampled_from(KINDS).flatmap(_sequences))
def test_it_is_the_same_of_any_sequence(raw: bytes) -> None:
    read_alike(raw)


@settings(max_examples=60)
@given(st.sampled_from(KINDS[:2]).flatmap(_lines), st.data())
def test_it_is_the_same_of_bytes_that_were_changed(raw: bytes, data: st.DataObject) -> None:
    mutable = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 3))):
        mutable[data.draw(st.integers(0, len(raw) - 1))] = data.draw(
            st.sampled_from(list(b'"\\{}[],:0-1.eE\xff\xc3\x00 \nnt'))
        )
    read_alike(bytes(mutable))
