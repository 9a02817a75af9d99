"""Records as Arrow tables and streams."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pytest

import smsearch
from smsearch.frames import arrow, columns
from tests.frames.records import jobs, schema

if TYPE_CHECKING:
    from smsearch.result import Result

DOCUMENTS: tuple[dict[str, Any], ...] = (
    {
        "TrainingJobName": "a",
        "TrainingJobArn": "arn:aws:sagemaker:us-east-1:111122223333:training-job/a",
        "TrainingJobStatus": "Completed",
        "CreationTime": "2024-01-01T00:00:00.000001Z",
        "InputDataConfig": [{"ChannelName": "train"}, {"ChannelName": "test"}],
        "HyperParameters": {"lr": "0.1"},
        "VpcConfig": {"Subnets": ["s1", "s2"]},
    },
    {
        "TrainingJobName": "b",
        "TrainingJobArn": "arn:aws:sagemaker:us-east-1:111122223333:training-job/b",
        "TrainingJobStatus": "Failed",
        "CreationTime": 1704067200,
        "EnableManagedSpotTraining": True,
        "HyperParameters": {"lr": "1"},
    },
)


def chosen(*names: str) -> pa.Table:
    records = jobs(*DOCUMENTS)
    return arrow.table(records, columns.choose(names, records, schema()))


def test_what_is_absent_is_null() -> None:
    assert chosen("EnableManagedSpotTraining").to_pydict() == {"EnableManagedSpotTraining": [None, True]}
    assert chosen("FailureReason")["FailureReason"].to_pylist() == [None, None]


def test_times_are_utc_to_the_microsecond() -> None:
    times = chosen("CreationTime")["CreationTime"]
    assert times.type == pa.timestamp("us", tz="UTC")
    assert times.cast(pa.int64()).to_pylist() == [1704067200000001, 1704067200000000]


def test_lists_of_plain_values_stay_lists_and_of_structures_are_json() -> None:
    table = chosen("VpcConfig.Subnets", "InputDataConfig", "InputDataConfig.ChannelName")
    assert table.schema.types == [pa.list_(pa.string()), pa.string(), pa.list_(pa.string())]
    assert table.to_pylist()[0] == {
        "VpcConfig.Subnets": ["s1", "s2"],
        "InputDataConfig": '[{"ChannelName":"train"},{"ChannelName":"test"}]',
        "InputDataConfig.ChannelName": ["train", "test"],
    }
    assert set(table.to_pylist()[1].values()) == {None}


def test_batches_have_one_schema_settled_over_all_rows() -> None:
    records = jobs(*({"HyperParameters": {"x": value}} for value in ("1", "2", "3", "0.5", "5")))
    reader = arrow.reader(records, columns.present(records, schema()), batch_rows=2)
    batches = list(reader)
    assert [batch.num_rows for batch in batches] == [2, 2, 1]
    assert {batch.schema.field("HyperParameters.x").type for batch in batches} == {pa.float64()}
    table = pa.Table.from_batches(batches)
    assert table["HyperParameters.x"].to_pylist() == [1.0, 2.0, 3.0, 0.5, 5.0]
    assert table.equals(arrow.table(records, columns.present(records, schema())).combine_chunks())


def test_no_records_are_an_empty_table() -> None:
    table = arrow.table([], (schema().property("TrainingJobName"),))
    assert (table.num_rows, table.schema.names) == (0, ["TrainingJobName"])


@pytest.fixture
def result() -> Result:
    return smsearch.from_records([{"TrainingJob": document} for document in DOCUMENTS]).query(
        "ORDER BY TrainingJobName"
    )


def test_a_result_is_a_table_with_every_property_that_a_match_has(result: Result) -> None:
    table = result.to_arrow()
    assert table["TrainingJobName"].to_pylist() == ["a", "b"]
    assert "HyperParameters.lr" in table.schema.names
    assert "FailureReason" not in table.schema.names


def test_columns_may_be_wildcards_and_aliases(result: Result) -> None:
    assert result.to_arrow(columns=["name", "params.*", "status"]).schema.names == [
        "TrainingJobName",
        "HyperParameters.lr",
        "TrainingJobStatus",
    ]
    assert result.to_arrow("HyperParameters.*").to_pydict() == {"HyperParameters.lr": [0.1, 1.0]}


def test_a_query_that_selects_names_its_columns() -> None:
    jobs_here = smsearch.from_records([{"TrainingJob": document} for document in DOCUMENTS])
    assert jobs_here.query("SELECT TrainingJobName, *Time WHERE status = Failed").to_arrow().to_pylist() == [
        {"TrainingJobName": "b", "CreationTime": datetime(2024, 1, 1, tzinfo=UTC)}
    ]


def test_a_result_without_a_match_still_has_a_column() -> None:
    jobs_here = smsearch.from_records([{"TrainingJob": document} for document in DOCUMENTS])
    assert jobs_here.query("status = Stopped").to_arrow().schema.names == ["TrainingJobName"]


def test_any_reader_of_the_c_stream_takes_a_result(result: Result) -> None:
    assert pa.table(result).equals(result.to_arrow())
    assert pa.RecordBatchReader.from_stream(result).read_all().equals(result.to_arrow())


def test_pandas_takes_a_result(result: Result) -> None:
    frame = result.to_pandas(columns=["TrainingJobName", "HyperParameters.*"])
    assert frame["HyperParameters.lr"].tolist() == [0.1, 1.0]


def test_polars_takes_a_result(result: Result) -> None:
    assert result.to_polars(columns=["TrainingJobName"])["TrainingJobName"].to_list() == ["a", "b"]
    assert pl.DataFrame(result)["TrainingJobName"].to_list() == ["a", "b"]


def test_names_the_data_does_not_have_are_told_with_the_nearest() -> None:
    jobs_here = smsearch.from_records([{"TrainingJob": document} for document in DOCUMENTS])
    asked = jobs_here.query("HyperParameters.LR > 0 AND Tags.zzz = a AND FailureReason = b AND HyperParameters.lr > 0")
    assert asked.unseen() == {"HyperParameters.LR": "HyperParameters.lr", "Tags.zzz": ""}
    assert asked.mentioned == ("HyperParameters.LR", "Tags.zzz", "FailureReason", "HyperParameters.lr")
