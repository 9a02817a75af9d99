"""Archives: what is in them, which record wins, and that a writer is never seen half done."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import smsearch
from smsearch.archive import layout
from smsearch.archive.check import check
from smsearch.archive.manifest import MANIFEST, read_manifest
from smsearch.errors import ExportError, StoreError
from smsearch.ingest import archive as archiving
from smsearch.ingest import load, runs, stored_members
from smsearch.ingest.report import Report
from smsearch.schema import catalogue
from smsearch.schema.catalogue import MapOf, Structure, shape

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.schema.catalogue import Shape


def _job(name: str, **members: object) -> dict[str, Any]:
    return {"TrainingJob": {"TrainingJobName": name, **members}}


def _write(folder: Path, *jobs: dict[str, Any], add: bool = False) -> int:
    return archiving.write(load.from_objects(jobs, Report()), folder, add=add)


def _rows(folder: Path, resource: str = "TrainingJob") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for entry in read_manifest(folder).of(resource):
        table = pq.read_table(folder / entry.file)
        maps = [field.name for field in table.schema if pa.types.is_map(field.type)]
        rows += [
            {**row, **{name: dict(row[name]) for name in maps if row[name] is not None}} for row in table.to_pylist()
        ]
    return rows


def _in_order(document: str) -> bytes:
    """A document with its members in one order: an empty list comes back from a store at the end."""
    return orjson.dumps(orjson.loads(document), option=orjson.OPT_SORT_KEYS)


def test_a_row_holds_cells_and_the_whole_document(tmp_path: Path) -> None:
    metrics = [
        {"MetricName": "loss", "Value": 0.5, "Timestamp": 2},
        {"MetricName": "loss", "Value": "NaN", "Timestamp": 1},
    ]
    parameters = {"lr": " 0.70 ", "opt": "adam"}
    _write(tmp_path, _job("a", HyperParameters=parameters, FinalMetricDataList=metrics, Tags=[], New={"x": 1}))
    (row,) = _rows(tmp_path)
    assert row["HyperParameters"] == {
        "lr": {"text": " 0.70 ", "key": "1Z87", "whole": "0"},
        "opt": {"text": "adam", "key": None, "whole": None},
    }
    assert row["FinalMetricDataList_by_key"] == {"loss": {"Value": {"number": 0.5, "key": "1Z85"}}}
    assert [element["Value"] for element in row["FinalMetricDataList"]] == [
        {"number": 0.5, "key": "1Z85"},
        {"number": None, "key": None},  # there, and no number
    ]
    assert row["Tags"] is None
    assert row["VpcConfig"] is None
    assert row[layout.EXTRAS]["New/x"] == {"text": "1", "key": "1a01", "is_number": True}
    assert json.loads(row[layout.DOCUMENT])["TrainingJob"]["New"] == {"x": 1}
    (entry,) = read_manifest(tmp_path).files
    assert entry.names == ["HyperParameters.lr", "HyperParameters.opt", "Metrics.loss"]
    assert entry.extras == {"New.x": ["New", "x"]}
    assert list(check(tmp_path)) == []  # `New` itself has a cell without a text: it is no plain field


def test_rows_are_sorted_by_creation_time_and_cut_into_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archiving, "FILE_ROWS", 4)
    monkeypatch.setattr(runs, "RUN_RECORDS", 3)
    times = [5, 1, None, 9, 3, 3, 7, 8, 2, 0]
    _write(
        tmp_path,
        *(_job(f"j{at}", **({"CreationTime": time} if time is not None else {})) for at, time in enumerate(times)),
    )
    assert [entry.rows for entry in read_manifest(tmp_path).files] == [4, 4, 2]
    created = [row[layout.CREATED] for row in _rows(tmp_path)]
    assert [None if time is None else time.timestamp() for time in created] == [0, 1, 2, 3, 3, 5, 7, 8, 9, None]
    assert [row[layout.NAME] for row in _rows(tmp_path)][3:5] == ["j4", "j5"]


def test_an_addition_keeps_the_newest_and_rewrites_only_what_loses_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archiving, "FILE_ROWS", 2)
    _write(tmp_path, *(_job(f"j{at}", CreationTime=at, LastModifiedTime=10, Tags=[]) for at in range(4)))
    before = read_manifest(tmp_path)
    superseded = _write(
        tmp_path,
        _job("j0", CreationTime=0, LastModifiedTime=11, FailureReason="newer"),
        _job("j3", CreationTime=3, LastModifiedTime=9, FailureReason="older"),
        _job("j2", CreationTime=2, LastModifiedTime=10, Tags=[]),  # the very same
        add=True,
    )
    assert superseded == 2
    after = read_manifest(tmp_path)
    assert before.files[1] in after.files
    assert before.files[0] not in after.files
    found = {row[layout.NAME]: row["FailureReason"] for row in _rows(tmp_path)}
    assert found == {"j0": {"text": "newer"}, "j1": None, "j2": None, "j3": None}
    assert after.snapshot != before.snapshot
    of_folder = {path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("*/*.parquet")}
    assert of_folder == {entry.file for entry in after.files}, "plain Parquet counts no superseded record"


def test_a_file_that_the_manifest_does_not_name_is_told_and_goes_with_the_next_addition(tmp_path: Path) -> None:
    _write(tmp_path, _job("a"))
    (entry,) = read_manifest(tmp_path).files
    stray = tmp_path / "TrainingJob" / f"part-{'0' * 32}.parquet"
    shutil.copy(tmp_path / entry.file, stray)
    (problem,) = check(tmp_path)
    assert problem.startswith(f"TrainingJob/{stray.name} is not in archive.json, so readers of plain Parquet count")
    _write(tmp_path, _job("b"), add=True)
    assert not stray.exists()
    assert not list(check(tmp_path))


def test_many_small_files_become_one(tmp_path: Path) -> None:
    for at in range(archiving.SMALL_FILES_MAX + 2):
        _write(tmp_path, _job(f"j{at}", CreationTime=at), add=True)
    assert len(read_manifest(tmp_path).files) < archiving.SMALL_FILES_MAX
    assert [row[layout.NAME] for row in _rows(tmp_path)] == [f"j{at}" for at in range(archiving.SMALL_FILES_MAX + 2)]


def test_a_writer_that_fails_leaves_the_archive_as_it_was(tmp_path: Path) -> None:
    _write(tmp_path, _job("a"))
    before = (tmp_path / MANIFEST).read_bytes()

    def broken() -> Any:  # noqa: ANN401
        yield from load.from_objects([_job("b")], Report())
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        archiving.write(broken(), tmp_path)
    assert (tmp_path / MANIFEST).read_bytes() == before
    assert [row[layout.NAME] for row in _rows(tmp_path)] == ["a"]
    assert {path.name for path in tmp_path.iterdir()} == {MANIFEST, "lock", "TrainingJob"}


def test_a_source_that_is_not_there_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        smsearch.build_archive([tmp_path / "nothing"], tmp_path / "archive")
    assert not (tmp_path / "archive").exists()


def test_a_store_and_its_exports_make_the_same_archive(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports = str(repository / "data" / "exports")
    smsearch.build([exports], tmp_path / "store")
    of_store = archiving.build([str(tmp_path / "store")], tmp_path / "one")
    of_exports = archiving.build([exports], tmp_path / "two")
    assert of_exports.superseded > of_store.superseded == 0
    assert of_store.records == of_exports.records - of_exports.superseded
    one, two = read_manifest(tmp_path / "one"), read_manifest(tmp_path / "two")
    assert [(entry.resource, entry.rows, entry.accounts) for entry in one.files] == [
        (entry.resource, entry.rows, entry.accounts) for entry in two.files
    ]
    for resource in {entry.resource for entry in one.files}:
        documents = [
            sorted(_in_order(row[layout.DOCUMENT]) for row in _rows(tmp_path / name, resource))
            for name in ("one", "two")
        ]
        assert documents[0] == documents[1]
    _documents_alone(monkeypatch)
    archiving.build([str(tmp_path / "store")], tmp_path / "three", processes=1)
    assert read_manifest(tmp_path / "three") == one, "columns tell what documents do, to the last byte"


def _documents_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets no column of a store tell anything."""

    def nothing(members: stored_members.StoredMembers) -> stored_members.Told:
        return stored_members.Told({}, np.zeros(len(members.rows), np.bool_))

    monkeypatch.setattr(stored_members.StoredMembers, "read", nothing)


_TRANSITIONS: Final[list[object]] = [
    {"Status": "Starting", "StartTime": 1.5, "New": [1]},
    {},
    {"New": {"x": None}},
    {"Status": None, "StartTime": "never", "StatusMessage": ""},
]
_METRICS: Final[list[object]] = [
    {"MetricName": "loss", "Value": 2, "Timestamp": 5},
    {"MetricName": "loss", "Value": "NaN", "Timestamp": 5},
    {"MetricName": "loss", "Value": 3, "Timestamp": 4},
    {"MetricName": "acc", "Value": "Infinity"},
    {"MetricName": "acc", "Value": None, "Timestamp": None},
    {"Value": 7},
    None,
    {"MetricName": "", "Value": 10**30},
]
_TAGS: Final[list[object]] = [
    {"Key": "team", "Value": "1e3"},
    {"Key": "Team", "Value": ""},
    {"Value": "of no key"},
    {"Key": "team"},
    {"Key": "é", "Value": 5},
    "no tag",
]
_COLUMN_BY_COLUMN: Final[dict[str, list[dict[str, Any]]]] = {
    "TrainingJob": [
        {"CreationTime": 4, "SecondaryStatusTransitions": _TRANSITIONS, "TrainingTimeInSeconds": 0},
        {"CreationTime": 3, "ResourceConfig": {"VolumeSizeInGB": 10**30, "New": {"y": 1}}, "BillableTimeInSeconds": 7},
        {"CreationTime": 2, "InputDataConfig": [], "VpcConfig": {"Subnets": [None, "s", ""], "SecurityGroupIds": []}},
        {"CreationTime": 1, "ModelArtifacts": {}, "ResourceConfig": {"New": 2}, "SecondaryStatusTransitions": [{}]},
        {"InputDataConfig": [{"ChannelName": "x"}, {"DataSource": {"S3DataSource": {"S3Uri": "u"}}}]},
        {"HyperParameters": {"z": "1.5", "lr": " 0.70 ", "é": None, "n": 1e400, "b": True, "e": "", "l": []}},
        {"HyperParameters": {"lr": "1_000", "a\x1fb": "-0.0", "\U0001f600": "x", "\ufb00": "-7.9", "z": 1.50}},
        {"HyperParameters": {"lr": None}, "Environment": {"b": "1e3", "a": "", "": "0x1"}, "Tags": []},
        {"HyperParameters": {}, "Environment": "none", "Tags": [None], "FinalMetricDataList": [{}]},
        {"FinalMetricDataList": _METRICS, "Tags": _TAGS},
        {"FinalMetricDataList": [{"MetricName": "loss", "Value": -0.0, "Timestamp": "never"}], "Tags": _TAGS[:1]},
        {"FinalMetricDataList": [{"MetricName": "loss", "Value": 0}], "New": {"a/b": {"c~d": 1.0, "e": {}}, "f": None}},
        {"New": [1], "Other": -0.0, "Another": True, "a/b": "1e3"},
        {"New": "text", "Other": 10**30, "Another": 0.10, "ResourceConfig": {"New": [None], "InstanceCount": "2"}},
    ],
    "AutoMLJob": [
        {"BestCandidate": {"FinalAutoMLJobObjectiveMetric": {"Value": value}}}
        for value in (0.0, -0.0, "NaN", "-Infinity", 10**30)
    ],
    "ExperimentTrialComponent": [
        {"Parameters": {"p": {"NumberValue": 1.0}, "q": {"StringValue": "1"}, "r": {}, "s": {"New": 1}, "t": 5}},
        {"Parents": [{"TrialName": "t"}, {}, {"TrialName": "", "New": 1}], "Metrics": [{"MetricName": "m", "Last": 1}]},
        {"Metrics": [{"MetricName": "m", "Max": -0.0, "TimeStamp": 2}, {"MetricName": "m", "Count": 1}]},
    ],
    "App": [{"Id": "of-a-version", "DomainId": "d"}, {"AppArn": "arn:aws:sagemaker:us-east-1:123456789012:app/x"}],
    "ImageVersion": [{"Version": 3, "ImageArn": "i"}, {"ImageArn": "j"}],
}
"""Members of records of a kind, in which each kind of member is null, empty, twice there, of another type."""


def test_columns_of_a_store_tell_what_its_documents_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [
        {catalogue.resource(kind).record_key: {catalogue.resource(kind).name_path[-1]: f"n{at}", **members}}
        for kind, every in _COLUMN_BY_COLUMN.items()
        for at, members in enumerate(every)
    ]
    export = tmp_path / "records.json"
    export.write_text(json.dumps(records))
    smsearch.build([export], tmp_path / "store")
    left: dict[str, frozenset[str]] = {}
    whole = stored_members.StoredMembers.read

    def noted(members: stored_members.StoredMembers) -> stored_members.Told:
        told = whole(members)
        left[members.resource] = layout.told_by_documents(catalogue.resource(members.resource)) - told.columns.keys()
        return told

    monkeypatch.setattr(stored_members.StoredMembers, "read", noted)
    archiving.build([str(tmp_path / "store")], tmp_path / "columns", processes=1)
    of_maps = {"Parameters", "InputArtifacts", "OutputArtifacts", "Parents"}
    assert left.pop("ExperimentTrialComponent") == of_maps
    assert left.pop("AutoMLJob") == {"BestCandidate", "AutoMLProblemTypeConfig"}
    assert left.pop("ImageVersion") == {layout.ARN, layout.NAME, layout.VERSION}, "its version, a number, is its name"
    assert left == {"TrainingJob": set(), "App": set()}
    _documents_alone(monkeypatch)
    archiving.build([str(tmp_path / "store")], tmp_path / "documents", processes=1)
    assert read_manifest(tmp_path / "columns") == read_manifest(tmp_path / "documents")
    archiving.build([str(export)], tmp_path / "of_export", processes=1)
    for kind in _COLUMN_BY_COLUMN:
        one, other = (_without_numbers(tmp_path / name, kind) for name in ("columns", "of_export"))
        assert one == other


def _without_numbers(folder: Path, kind: str) -> list[dict[str, Any]]:
    """The rows of a kind without their places in the order of arrival, in which kinds stand otherwise in a store."""
    return [{**row, layout.NUMBER: None} for row in _rows(folder, kind)]


def test_a_store_is_not_written_into(repository: Path, tmp_path: Path) -> None:
    smsearch.build([repository / "data" / "exports"], tmp_path)
    with pytest.raises(StoreError, match="is a store"):
        _write(tmp_path, _job("a"))


def test_a_damaged_manifest_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, _job("a"))
    path = tmp_path / MANIFEST
    path.write_bytes(path.read_bytes().replace(b'"rows":1', b'"rows":2'))
    with pytest.raises(StoreError, match="not as it was written"):
        read_manifest(tmp_path)
    path.write_bytes(b"{}")
    with pytest.raises(StoreError, match="damaged"):
        read_manifest(tmp_path)
    path.unlink()
    with pytest.raises(StoreError, match="is unfinished"):
        read_manifest(tmp_path)
    with pytest.raises(StoreError, match="is not an archive"):
        read_manifest(tmp_path / "TrainingJob")


def test_no_two_columns_differ_in_case_alone() -> None:
    """Spark finds columns in any case."""

    def check(names: list[str]) -> None:
        assert len({name.lower() for name in names}) == len(names)

    def walk(reached: Shape) -> None:
        if isinstance(reached, Structure):
            check(list(reached.members))
            for name in reached.members:
                walk(reached.member(name))
        elif isinstance(reached, MapOf):
            walk(shape(reached.value))

    for kind in catalogue.kinds():
        resource = catalogue.resource(kind)
        walk(resource.root)
        check(layout.schema_of(resource).names)


def test_times_that_a_double_would_blur_keep_their_spelling(tmp_path: Path) -> None:
    _write(tmp_path, _job("a", CreationTime="9999-12-31T23:59:59.999999Z"))
    (row,) = _rows(tmp_path)
    assert json.loads(row[layout.DOCUMENT])["TrainingJob"]["CreationTime"] == "9999-12-31T23:59:59.999999Z"
    assert row[layout.CREATED].microsecond == 999_999
    assert np.datetime64(row["CreationTime"]["time"].replace(tzinfo=None)) == np.datetime64(
        "9999-12-31T23:59:59.999999"
    )


def test_an_infinite_number_comes_through_a_store_as_it_was(tmp_path: Path) -> None:
    metrics = [
        {"MetricName": name, "Value": value, "Timestamp": 1}
        for name, value in (("up", float("inf")), ("down", float("-inf")), ("not", float("nan")), ("one", 1.5))
    ]
    job = _job("a", FinalMetricDataList=metrics, HyperParameters={"x": "Infinity"})
    export = tmp_path / "jobs.json"
    export.write_text(json.dumps([job]))
    smsearch.build([export], tmp_path / "store")
    smsearch.build_archive([export], tmp_path / "of_export")
    smsearch.build_archive([tmp_path / "store"], tmp_path / "of_store")
    (direct,), (through,) = _rows(tmp_path / "of_export"), _rows(tmp_path / "of_store")
    assert direct == through
    assert through["FinalMetricDataList_by_key"]["up"] == {"Value": {"number": float("inf"), "key": "2"}}
    assert through["FinalMetricDataList_by_key"]["down"] == {"Value": {"number": float("-inf"), "key": ","}}
    assert through["HyperParameters"]["x"]["key"] is None
