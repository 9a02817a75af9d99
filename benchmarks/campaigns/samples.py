"""What campaigns try their luck on: exports as they are, and a small store with every structure that a store has."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson
import zstandard

import smsearch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT: Final = Path(__file__).resolve().parents[2]
_FOLDERS: Final = (ROOT / "data" / "exports", ROOT / "data" / "awkward", ROOT.parent / "shared" / "real-exports")
_STATES: Final = ("Completed", "Failed", "Stopped", "InProgress")
_NESTED: Final = {"NestedPropertyName": "InputDataConfig", "Filters": [{"Name": "ChannelName", "Value": "train"}]}
REQUESTS: Final[tuple[dict[str, Any], ...]] = (
    {"Resource": "TrainingJob", "MaxResults": 100},
    {"Resource": "TrainingJob", "MaxResults": 7, "SortBy": "TrainingJobName", "SortOrder": "Ascending"},
    {
        "Resource": "TrainingJob",
        "SearchExpression": {"Filters": [{"Name": "TrainingJobName", "Operator": "Contains", "Value": "job-1"}]},
        "SortBy": "HyperParameters.lr",
    },
    {"Resource": "TrainingJob", "SearchExpression": {"NestedFilters": [_NESTED]}, "SortBy": "Metrics.loss"},
    {
        "Resource": "TrainingJob",
        "SearchExpression": {
            "Filters": [
                {"Name": "TrainingJobStatus", "Operator": "NotEquals", "Value": "Failed"},
                {"Name": "HyperParameters.epochs", "Operator": "GreaterThan", "Value": "4"},
            ],
            "Operator": "Or",
        },
        "SortBy": "CreationTime",
    },
    {
        "Resource": "TrainingJob",
        "SearchExpression": {"Filters": [{"Name": "Metrics.loss", "Operator": "LessThan", "Value": "2.5"}]},
        "SortBy": "New",
    },
    {"Resource": "ExperimentTrialComponent", "SortBy": "Metrics.accuracy.Max"},
)
"""Requests of Search that go through every kind of structure of `make_store`."""


@cache
def exports() -> tuple[bytes, ...]:
    """Exports of every shape, unpacked; those of real accounts too, where they are at hand."""
    files = [path for folder in _FOLDERS if folder.is_dir() for path in sorted(folder.rglob("*")) if path.is_file()]
    return tuple(filter(None, map(_unpacked, files)))


def _unpacked(path: Path) -> bytes:
    raw = path.read_bytes()
    try:
        if path.suffix == ".gz":
            return gzip.decompress(raw)
        if path.suffix == ".zst":
            return zstandard.ZstdDecompressor().stream_reader(raw).read()
    except (EOFError, zstandard.ZstdError):
        return b""
    return raw


def job(at: int, version: int = 0) -> dict[str, Any]:
    """A job that has a value of every type, and some that no type can read."""
    name = f"job-{at % 7}-{at:02}"
    members: dict[str, Any] = {
        "TrainingJobName": name,
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:111122223333:training-job/{name}",
        "TrainingJobStatus": _STATES[(at + version) % len(_STATES)],
        "CreationTime": 1_700_000_000 + at,
        "LastModifiedTime": 1_700_000_000 + at // 2 + version,
        "EnableManagedSpotTraining": at % 2 == 0,
        "EnableNetworkIsolation": "False" if at % 6 == 0 else True,
        "BillableTimeInSeconds": at // 3,
        "HyperParameters": {"lr": ["0.1", "0.10", "1e-1", "0.2", "adam"][at % 5], "epochs": str(at)},
        "InputDataConfig": [{"ChannelName": channel} for channel in ("train", "test")[: at % 3]],
        "FinalMetricDataList": [{"MetricName": "loss", "Value": at / 8, "Timestamp": 1_700_000_000 + at}],
        "Tags": [{"Key": "team", "Value": f"team-{at % 4}"}],
        "New": [1, 1.0, "1", True, "x"][at % 5],
    }
    if at % 9 == 0:
        members["FailureReason"] = f"it failed {at}"
    if at % 10 == 0:
        members["ResourceConfig"] = {"VolumeSizeInGB": 9_007_199_254_740_993 + at, "InstanceCount": "1.50"}
    return members


def make_store(folder: Path) -> Path:
    """A store of two kinds, with records superseded, snapshots counted and held, and the reports of its builds."""
    dumps = {
        "jobs.json": [job(at) for at in range(60)],
        "components.json": [{"TrialComponent": component(at)} for at in range(6)],
        "newer.json": [job(at, version=100) for at in range(0, 40, 20)],
        "list.json": {"TrainingJobSummaries": [*map(_summary, range(3, 6))]},
    }
    for name, dump in dumps.items():
        (folder / name).write_bytes(orjson.dumps(dump))
    store = folder / "store"
    smsearch.build([folder / "jobs.json", folder / "components.json"], store)
    smsearch.build([folder / "newer.json", folder / "list.json"], store, add=True)
    return store


def component(at: int) -> dict[str, Any]:
    """A component of a trial, with metrics."""
    name = f"component-{at}"
    return {
        "TrialComponentName": name,
        "TrialComponentArn": f"arn:aws:sagemaker:us-east-1:111122223333:experiment-trial-component/{name}",
        "Metrics": [{"MetricName": "accuracy", "Max": at / 7, "Min": 0.0, "Count": at}],
        "Parameters": {"lr": {"NumberValue": at / 10}, "kind": {"StringValue": "adam"}},
    }


def _summary(at: int) -> dict[str, Any]:
    whole = job(at, version=200)
    return {name: whole[name] for name in ("TrainingJobName", "TrainingJobArn", "CreationTime", "LastModifiedTime")}


def answers(store: Path) -> Iterator[bytes | smsearch.StoreError]:
    """What each of `REQUESTS` gives, by a searcher that is opened for it."""
    for request in REQUESTS:
        try:
            yield smsearch.open(store).search_json(orjson.dumps(request))
        except smsearch.RequestError as error:  # a store without jobs has none of their own fields
            yield str(error).encode()
        except smsearch.StoreError as error:
            yield error


def problems_of(check: Callable[[Path], Iterator[str]], folder: Path) -> list[str]:
    """What a check says of a folder; where it cannot begin, why."""
    try:
        return list(check(folder))
    except smsearch.StoreError as error:
        return [str(error)]
