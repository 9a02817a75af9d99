"""Laws of version resolution, through every door: rows D1, D2 and D3."""

from __future__ import annotations

import json
import tempfile
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import smsearch
from smsearch.archive import layout
from smsearch.archive.check import check as check_archive
from smsearch.archive.manifest import read_manifest
from smsearch.ingest import archive, held_snapshots, kinds, load, merging, resolution
from smsearch.ingest.report import Report
from smsearch.schema import catalogue, operations, versions
from smsearch.schema.catalogue import ListOf, MapOf, Scalar, Structure, shape
from smsearch.store.check import check
from tests.properties.snapshots import content, groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from smsearch.schema.catalogue import Shape
    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

    Documents = list[dict[str, Any]]

REGIONS = ("eu-west-1", "us-east-1")


def _arn(kind: str, region: str, name: str) -> str:
    return f"arn:aws:sagemaker:{region}:111111111111:{kind}/{name}"


@st.composite
def jobs(draw: st.DrawFn) -> dict[str, Any]:
    """A snapshot of a training job as it is exported: full, or a row of a List operation."""
    name = draw(st.sampled_from(("a", "b")))
    job: dict[str, Any] = {"TrainingJobName": name}
    region = draw(st.sampled_from((*REGIONS, "")))
    if region:
        job["TrainingJobArn"] = _arn("training-job", region, name)
    modified = draw(st.none() | st.integers(1_700_000_000, 1_700_000_003))
    if modified is not None:
        job["LastModifiedTime"] = modified
    members = {
        "TrainingJobStatus": st.sampled_from(("Completed", "Failed")),
        "SecondaryStatus": st.sampled_from(("Starting", "Completed")),
        "WarmPoolStatus": st.fixed_dictionaries(
            {},
            optional={
                "Status": st.sampled_from(("Available", "InUse")),
                "ResourceRetainedBillableTimeInSeconds": st.integers(0, 2),
            },
        ),
        "Own": st.fixed_dictionaries({}, optional={"a": st.integers(0, 2), "b": st.just(0.5)}),
    }
    job |= draw(st.fixed_dictionaries({}, optional=members))
    if draw(st.booleans()):
        return {"TrainingJobSummaries": [job]}
    more = {
        "HyperParameters": st.dictionaries(st.sampled_from("xy"), st.sampled_from("12"), max_size=2),
        "Tags": st.lists(st.sampled_from(({"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"})), max_size=1),
    }
    return {"TrainingJob": job | draw(st.fixed_dictionaries({}, optional=more))}


@st.composite
def cards(draw: st.DrawFn) -> dict[str, Any]:
    """A snapshot of a model card: its versions share ARN and name."""
    card: dict[str, Any] = {"ModelCardName": "c"}
    region = draw(st.sampled_from((*REGIONS, "")))
    if region:
        card["ModelCardArn"] = _arn("model-card", region, "c")
    version = draw(st.sampled_from((1, 2, 10, None)))
    if version is not None:
        card["ModelCardVersion"] = version
    modified = draw(st.none() | st.integers(1_700_000_000, 1_700_000_003))
    if modified is not None:
        card["LastModifiedTime"] = modified
    card |= draw(
        st.fixed_dictionaries({}, optional={"Content": st.sampled_from("xy"), "ModelCardStatus": st.just("Draft")})
    )
    return {"ModelCardSummaries": [card]} if draw(st.booleans()) else {"ModelCard": card}


def snapshots(max_size: int = 6) -> st.SearchStrategy[tuple[str, Documents]]:
    """A resource, and some snapshots of it."""
    return st.one_of(
        st.tuples(st.just("TrainingJob"), st.lists(jobs(), min_size=1, max_size=max_size)),
        st.tuples(st.just("ModelCard"), st.lists(cards(), min_size=1, max_size=max_size)),
    )


def _records(documents: Documents) -> list[Record]:
    return list(load.from_objects(documents, Report()))


def _told(searcher: Searcher, resource: str) -> list[Any]:
    """Every record that a search finds, as the wire has it and in its order."""
    page = json.loads(searcher.search_json(json.dumps({"Resource": resource, "MaxResults": 100}).encode()))
    assert "NextToken" not in page
    results: list[Any] = page["Results"]
    return results


def _own_fields(searcher: Searcher, resource: str) -> list[bool]:
    """Which of the fields that the service model does not know a record has."""
    schema = searcher.engine.schema(resource)
    return [schema.knows(name) for name in ("Own", "Own.a", "Own.b")]


def _sorted(results: Iterable[Any]) -> list[Any]:
    return sorted(results, key=lambda one: json.dumps(one, sort_keys=True))


def _store(folder: Path, parts: Sequence[Documents]) -> Searcher:
    """A store of the first part, to which the others were added one by one."""
    for at, part in enumerate(parts):
        folder.mkdir(exist_ok=True)
        dump = folder / f"part-{at}.jsonl"
        dump.write_text("".join(json.dumps(one) + "\n" for one in part), encoding="utf-8")
        report = smsearch.build([dump], folder / "store", add=at > 0)
        assert report.found == report.stored + report.superseded + report.skipped
        assert report.skipped == 0
    assert list(check(folder / "store")) == []
    return smsearch.open(folder / "store")


def _cut(draw: st.DrawFn, documents: Documents) -> list[Documents]:
    bounds = sorted(
        draw(st.sets(st.integers(1, max(len(documents) - 1, 1)), max_size=3)) & set(range(1, len(documents)))
    )
    starts = [0, *bounds]
    return [documents[start:end] for start, end in zip(starts, [*bounds, len(documents)], strict=True)]


@st.composite
def splits(draw: st.DrawFn) -> tuple[str, Documents, list[Documents]]:
    """A resource, snapshots of it, and the same in the parts in which they are added."""
    resource, documents = draw(snapshots())
    return resource, documents, _cut(draw, documents)


_JOB: dict[str, Any] = {
    "TrainingJobArn": _arn("training-job", REGIONS[0], "a"),
    "TrainingJobName": "a",
    "LastModifiedTime": 1_700_000_000,
    "Tags": [],
    "Own": 1.0,
}


@pytest.mark.parametrize("more", [[], [{"TrainingJobSummaries": [{**_JOB, "SecondaryStatus": "Failed"}]}]])
@pytest.mark.parametrize(
    ("again", "line"),
    [
        (_JOB, 1),
        ({**_JOB, "LastModifiedTime": "2023-11-14T23:13:20+01:00"}, 1),
        ({"Own": 1.0, **_JOB}, 2),
        ({**_JOB, "Own": 1}, 2),
        ({"Tags": [], **_JOB}, 1),
    ],
    ids=["same", "time of another spelling", "other order", "other number", "what is always there in other order"],
)
def test_unchanged_is_what_a_store_would_keep_in_the_same_bytes(
    again: dict[str, Any], line: int, more: Documents, tmp_path: Path
) -> None:
    documents = [_JOB, again, *more]
    one, several = tmp_path / "one", tmp_path / "several"
    stored = _store(one, [documents])
    searchers = [stored, smsearch.open(one / "part-0.jsonl"), _store(several, [[part] for part in documents])]
    sources = [searcher.sources("a")[0] for searcher in searchers]
    places = [("part-0.jsonl", line), ("part-0.jsonl", line), (f"part-{line - 1}.jsonl", 1)]
    assert [(Path(source.file).name, source.line) for source in sources] == places


@settings(max_examples=50, deadline=None)
@given(
    split=splits(),
    merges=st.sampled_from((0, 1, 8)),
    dead_share=st.sampled_from((1, 4, 1_000)),
    batch=st.sampled_from((1, 2_000)),
)
def test_live_one_store_and_any_additions_and_merges_answer_alike(
    split: tuple[str, Documents, list[Documents]], merges: int, dead_share: int, batch: int
) -> None:
    resource, documents, parts = split
    searcher = smsearch.from_records(documents)
    live, fields = _told(searcher, resource), _own_fields(searcher, resource)
    assert len(live) == len(groups(_records(documents)))
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(merging, "TIER_SEGMENTS_MAX", merges),
        patch.object(merging, "DELETED_SHARE", dead_share),
        patch.object(held_snapshots, "FILES_MAX", merges),
        patch.object(resolution, "BATCH_ROWS", batch),
    ):
        for name, some in (("one", [documents]), ("several", parts)):
            stored = _store(Path(folder) / name, some)
            assert _told(stored, resource) == live
            assert _own_fields(stored, resource) == fields


def _archive(folder: Path, resource: str, parts: Sequence[Documents]) -> list[Any]:
    """What an archive of the first part holds, to which the others were added one by one."""
    for at, part in enumerate(parts):
        archive.write(load.from_objects(part, Report()), folder, add=at > 0)
    assert list(check_archive(folder)) == []
    files = (folder / entry.file for entry in read_manifest(folder).of(resource))
    return _sorted(json.loads(text) for file in files for text in pq.read_table(file)[layout.DOCUMENT].to_pylist())


def _identified(results: list[Any]) -> list[list[object]]:
    """What tells the records apart, without what they hold."""
    members = [next(iter(result.values())) for result in results]
    names = ("TrainingJobArn", "TrainingJobName", "ModelCardArn", "ModelCardName", "ModelCardVersion")
    return sorted(([one.get(name) for name in names] for one in members), key=repr)


def _times(documents: Documents) -> list[object]:
    """LastModifiedTime of each, None of those without one."""
    return [record.modified for record in _records(documents)]


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_every_order_of_arrival_gives_the_same_records(data: st.DataObject) -> None:
    resource, documents = data.draw(snapshots(max_size=4))
    differ = len(set(_times(documents))) == len(documents)
    orders = [list(order) for order in permutations(documents)]
    answers = [_sorted(_told(smsearch.from_records(order), resource)) for order in orders]
    for answer in answers[1:]:
        assert _identified(answer) == _identified(answers[0])
        assert not differ or answer == answers[0]
    at = data.draw(st.integers(0, len(orders) - 1))
    order, answer = orders[at], answers[at]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert _sorted(_told(_store(folder / "one", [order]), resource)) == answer
        assert _sorted(_told(_store(folder / "one-by-one", [[one] for one in order]), resource)) == answer
        assert _archive(folder / "archive", resource, [order]) == answer
        assert _archive(folder / "archived-one-by-one", resource, [[one] for one in order]) == answer


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_is_not_needed_never_matters_again(data: st.DataObject) -> None:
    resource, documents = data.draw(snapshots(max_size=8))
    records = _records(documents)
    at = data.draw(st.integers(0, len(records)))

    def needed(some: list[Record]) -> list[Record]:
        classes: dict[versions.Key, list[Record]] = {}
        for record in some:
            classes.setdefault(versions.key(record), []).append(record)
        kept = {of[place] for of in classes.values() for place in versions.needed(of)}
        return [record for record in some if record in kept]

    def contents(some: list[Record]) -> list[object]:
        return sorted(map(content, some), key=repr)

    assert {record.resource for record in records} <= {resource}
    assert contents(needed(needed(records[:at]) + records[at:])) == contents(needed(records))
    if len(set(_times(documents))) == len(documents):
        for key in {versions.key(record) for record in records}:
            every, few = ([one for one in some if versions.key(one) == key] for some in (records, needed(records)))
            assert content(versions.merged(every)) == content(versions.merged(few))


def _value(reached: Shape, depth: int) -> object:
    """A value of a shape in which something is there."""
    match reached:
        case Scalar(kind, enum):
            plain: dict[str, object] = {
                "integer": 1,
                "number": 0.5,
                "boolean": True,
                "timestamp": "2024-01-02T00:00:00Z",
            }
            return enum[0] if enum else plain.get(kind.name, "x")
        case Structure():
            members = {name: _value(reached.member(name), depth - 1) for name in reached.members} if depth else {}
            return {name: value for name, value in members.items() if value not in ({}, [])}
        case ListOf(element):
            value = _value(shape(element), depth - 1) if depth else {}
            return [] if value in ({}, []) else [value]
        case MapOf(value):
            value = _value(shape(value), depth - 1) if depth else {}
            return {} if value in ({}, []) else {"k": value}


def _put(document: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    for name in path[:-1]:
        document = document.setdefault(name, {})
    document[path[-1]] = value


def _get(document: Any, path: tuple[str, ...]) -> Any:  # noqa: ANN401 - any JSON value
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _described(kind: str) -> dict[str, Any]:
    """A record of a kind with every member of the service model."""
    resource = catalogue.resource(kind)
    document: dict[str, Any] = _value(resource.root, 2)  # type: ignore[assignment]
    _put(document, resource.arn, _arn(kind.lower(), REGIONS[0], "n"))
    if resource.key:  # the name or the version is made of these members
        document.pop("Id", None)
    elif isinstance(_get(document, resource.name_path), str):
        _put(document, resource.name_path, "n")
    if "LastModifiedTime" in resource.root.members:
        document["LastModifiedTime"] = "2024-01-02T00:00:00Z"
    return document


def _summaries(modified: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Of each List operation the kind, a describe of it, and the page with its summary."""
    for name in operations.names():
        operation = operations.operation(name)
        if not operation.summary or operation.kind not in kinds.of_list(operation.results):
            continue
        described = _described(operation.kind)
        inner = catalogue.resource(operation.kind).inner
        below = described[inner] if inner else described
        row = {member: _get(below, path) for member, path in operation.summary.items()}
        row |= {member: _value(shape(reference), 2) for member, reference in operation.unrecorded.items()}
        row = {member: value for member, value in row.items() if value is not None}
        if "LastModifiedTime" in row:
            row["LastModifiedTime"] = modified
        yield operation.kind, {catalogue.resource(operation.kind).record_key: described}, {operation.results: [row]}


def _lost(before: Any, after: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON value
    for name, value in before.items():
        if not isinstance(after, dict) or name not in after:
            yield f"{path}{name}"
        elif isinstance(value, dict):
            yield from _lost(value, after[name], f"{path}{name}.")


@pytest.mark.parametrize(
    ("modified", "summary_first"), [("2024-01-01T00:00:00Z", False), ("2024-01-03T00:00:00Z", True)]
)
def test_a_describe_and_its_summaries_lose_no_member(tmp_path: Path, modified: str, *, summary_first: bool) -> None:
    """Over all kinds that have a List operation, and by every door."""
    every = list(_summaries(modified))
    assert len({kind for kind, *_ in every}) > 45
    described = {kind: document for kind, document, _ in every}
    parts = [list(described.values()), [page for *_, page in every]]
    parts = parts[::-1] if summary_first else parts
    searchers = {
        "live": smsearch.from_records([*parts[0], *parts[1]]),
        "store": _store(tmp_path / "one", [[*parts[0], *parts[1]]]),
        "added to": _store(tmp_path / "two", parts),
    }
    for door, searcher in searchers.items():
        for kind, document in described.items():
            found = searcher.describe(_arn(kind.lower(), REGIONS[0], "n"), kind)
            assert len(found) == 1, (door, kind, [record.document for record in found])
            (wanted,) = document.values()
            assert list(_lost(wanted, found[0].document)) == [], (door, kind)
