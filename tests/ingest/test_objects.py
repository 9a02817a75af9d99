"""What `from_records` takes: whatever a caller has records in, or a sentence about what it wants."""

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

import smsearch
from smsearch.errors import ExportError
from smsearch.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable

JOBS = [
    {
        "TrainingJobName": name,
        "TrainingJobArn": f"arn:aws:sagemaker:eu-west-1:111122223333:training-job/{name}",
        "TrainingJobStatus": status,
        "CreationTime": datetime(2024, 1, day, tzinfo=UTC),
    }
    for name, status, day in (("a", "Failed", 1), ("b", "Completed", 2), ("c", "Failed", 3))
]
PAGE = {"Results": [{"TrainingJob": job} for job in JOBS], "TotalHits": {"Value": 3, "Relation": "EqualTo"}}


def frame_of(library: str) -> Any:  # noqa: ANN401 - whatever the library has
    return importlib.import_module(library).DataFrame(JOBS)


CONTAINERS: dict[str, Callable[[], Any]] = {
    "a list": lambda: JOBS,
    "an iterator": lambda: iter(JOBS),
    "a page of Search": lambda: PAGE,
    "pages": lambda: [PAGE],
    "names to answers of Describe": lambda: {job["TrainingJobName"]: job for job in JOBS},
    "a result": lambda: smsearch.from_records(JOBS).query(),
    "pandas": lambda: frame_of("pandas"),
    "polars": lambda: frame_of("polars"),
    "a table of Arrow": lambda: pa.Table.from_pylist(JOBS),
    "batches of Arrow": lambda: pa.Table.from_pylist(JOBS).to_reader(),
}


@pytest.mark.parametrize("container", CONTAINERS)
def test_records_come_in_whatever_holds_them(container: str) -> None:
    records = smsearch.from_records(CONTAINERS[container]())
    assert records.resources() == {"TrainingJob": 3}
    assert list(records.query("status = Failed ORDER BY created").names()) == ["a", "c"]
    first = records.query("name = a").first()
    assert first is not None
    assert first["CreationTime"] == JOBS[0]["CreationTime"]


@pytest.mark.parametrize("make", [Result.to_pandas, Result.to_polars, Result.to_arrow])
def test_the_frame_of_a_result_gives_its_tags_metrics_and_lists_again(make: Callable[[Result], Any]) -> None:
    job = {
        **JOBS[0],
        "Tags": [{"Key": "team", "Value": "vision"}, {"Key": "a.Value", "Value": "b"}],
        "FinalMetricDataList": [{"MetricName": "val:acc", "Value": 0.5}],
        "InputDataConfig": [{"ChannelName": "train", "ContentType": "text/csv"}],
        "HyperParameters": {"lr": "0.25"},
    }
    again = smsearch.from_records(make(smsearch.from_records([job, JOBS[1]]).query()))
    (first,) = again.query("name = a")
    assert {**first, "Tags": sorted(first["Tags"], key=lambda tag: tag["Key"], reverse=True)} == job


@pytest.mark.parametrize("make", [Result.to_pandas, Result.to_polars, Result.to_arrow])
def test_the_frame_of_trial_components_gives_its_parameters_and_artifacts_again(make: Callable[[Result], Any]) -> None:
    component = {
        "TrialComponentName": "t",
        "TrialComponentArn": "arn:aws:sagemaker:eu-west-1:111122223333:experiment-trial-component/t",
        "Parameters": {"lr": {"NumberValue": 0.5}, "the optimizer": {"StringValue": "adam"}},
        "InputArtifacts": {"data": {"Value": "s3://b/k", "MediaType": "text/csv"}, "code": {"Value": "s3://b/c"}},
    }
    (again,) = smsearch.from_records(make(smsearch.from_records([component]).query())).query()
    assert {name: again[name] for name in component} == component


def test_one_answer_of_describe_is_one_record() -> None:
    assert list(smsearch.from_records(JOBS[0]).query().names()) == ["a"]


def test_a_result_gives_whole_records_and_not_its_columns() -> None:
    job = {**JOBS[0], "InputDataConfig": [{"ChannelName": "train"}]}
    again = smsearch.from_records(smsearch.from_records(job).query("SELECT name"))
    assert again.query("InputDataConfig.ChannelName = train").total == 1


@pytest.mark.parametrize("empty", [{}, [], ()])
def test_nothing_is_no_records(empty: Any) -> None:  # noqa: ANN401 - of several types
    assert smsearch.from_records(empty).resources() == {}


@pytest.mark.parametrize(
    ("given", "message", "hint"),
    [
        (3, "int holds no records", "a data frame"),
        (None, "NoneType holds no records", "a data frame"),
        ("dump/", "A text holds no records", "smsearch.open"),
        (pa.chunked_array([[1, 2]]), "ChunkedArray holds no records", "a data frame"),
    ],
)
def test_what_holds_no_records_is_told_what_would(given: Any, message: str, hint: str) -> None:  # noqa: ANN401
    with pytest.raises(ExportError, match=message) as caught:
        smsearch.from_records(given)
    assert hint in caught.value.hint


def test_a_table_of_something_else_is_no_records() -> None:
    with pytest.raises(ExportError, match="Record 0 cannot be taken"):
        smsearch.from_records(pa.table({"city": ["Ulm"]}))
