"""Law of frames: whatever reads a table has the digits of the records, whichever library it is."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
from hypothesis import example, given, settings
from hypothesis import strategies as st

import smsearch
from smsearch.schema import values
from smsearch.writers.answer import Answer
from smsearch.writers.arrow import write_arrow, write_parquet
from smsearch.writers.delimited import write_csv

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypothesis.strategies import SearchStrategy

    from smsearch.result import Result

ARN: Final = "arn:aws:sagemaker:us-east-1:111122223333:training-job/"
NAME: Final = "TrainingJobName"
LONG: Final = (2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63), 2**63, 2**64, 10**37, 10**38 - 1, 10**38, -(10**75))
EXACT: Final = (
    "0.1",
    "0.1234567890123456789",
    "1e-37",
    "1e-38",
    "1e-39",
    "1e37",
    "1e38",
    "1e400",
    "123456789.000000001",
)
MOMENTS: Final = (-62135596799999999, -1, 0, 1, 1_706_659_200_123_456, 253402300799999999)

integers = st.integers(-3, 3) | st.sampled_from(LONG)
numbers = st.sampled_from(LONG) | st.sampled_from(EXACT).map(Decimal) | st.floats(allow_nan=False, allow_infinity=False)
moments = st.sampled_from(MOMENTS).map(values.iso_of)
texts = st.sampled_from(("", " ", "a", "NA", "nan", "null", "1", "007", 'a,"b"\nc', "\u00e9", "\U0001f600"))
spelled = st.sampled_from(tuple(map(str, LONG)) + EXACT) | texts

COLUMNS: Final[dict[str, SearchStrategy[Any]]] = {
    "TrainingTimeInSeconds": integers,
    "Metrics.loss": numbers,
    "EnableNetworkIsolation": st.booleans(),
    "CreationTime": moments,
    "FailureReason": texts,
    "HyperParameters.x": spelled,
}
LISTS: Final[dict[str, SearchStrategy[Any]]] = {
    "FinalMetricDataList.Value": numbers,
    "FinalMetricDataList.Timestamp": moments,
    "AlgorithmSpecification.ContainerArguments": texts,
}


def _row(cells: dict[str, Any]) -> dict[str, Any]:
    """A training job with these values; a list of some goes into as many metrics."""
    job: dict[str, Any] = {}
    for name, value in cells.items():
        head, _, tail = name.partition(".")
        if name == "Metrics.loss":
            job["FinalMetricDataList"] = [{"MetricName": "loss", "Value": value}]
        elif head == "FinalMetricDataList":
            job[head] = [{"MetricName": f"m{at}", tail: one} for at, one in enumerate(value)]
        elif tail:
            job[head] = {tail: value}
        else:
            job[name] = value
    return job


def _result(name: str, cells: Sequence[Any]) -> Result:
    """Training jobs in order of their names, with a value of one property each, or without."""
    jobs = [_row({} if cell is None else {name: cell}) for cell in cells]
    named = [{NAME: f"job-{at:03}", "TrainingJobArn": f"{ARN}job-{at:03}", **job} for at, job in enumerate(jobs)]
    return smsearch.from_records(named).query(f'SELECT {NAME}, "{name}" ORDER BY {NAME}')


def _arrow_file(result: Result) -> bytes:
    stream = io.BytesIO()
    write_arrow(stream, result.to_reader())
    return stream.getvalue()


def _parquet(result: Result) -> io.BytesIO:
    stream = io.BytesIO()
    write_parquet(stream, result.to_reader())
    return io.BytesIO(stream.getvalue())


def _duck(result: Result) -> list[Any]:  # noqa: ARG001 - DuckDB finds it by its name
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    return [row[1] for row in connection.execute("select * from result order by 1").fetchall()]


READERS: Final[dict[str, Callable[[Result], list[Any]]]] = {
    "arrow": lambda result: result.to_arrow().column(1).to_pylist(),
    "pandas": lambda result: result.to_pandas().iloc[:, 1].tolist(),
    "pandas records": lambda result: [list(row.values())[1] for row in result.to_pandas().to_dict("records")],
    "polars": lambda result: result.to_polars().to_series(1).to_list(),
    "polars stream": lambda result: pl.DataFrame(result).to_series(1).to_list(),
    "duckdb": _duck,
    "parquet": lambda result: pq.read_table(_parquet(result)).column(1).to_pylist(),
    "polars of parquet": lambda result: pl.read_parquet(_parquet(result)).to_series(1).to_list(),
    "polars of arrow": lambda result: pl.read_ipc(_arrow_file(result)).to_series(1).to_list(),
}


def _plain(cell: object) -> object:
    """A cell as every reader has it: absent is None, a time microseconds since 1970, a number exact."""
    if cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if hasattr(cell, "tolist") and hasattr(cell, "dtype"):  # NumPy's
        return _plain(cell.tolist())
    if isinstance(cell, list):
        return [_plain(one) for one in cell]
    if isinstance(cell, bool | str):
        return cell
    if isinstance(cell, datetime):
        moment = cell.replace(tzinfo=cell.tzinfo or UTC).astimezone(UTC)
        return values.parse_timestamp(moment.replace(tzinfo=None).isoformat())
    assert isinstance(cell, int | float | Decimal)
    return values.number_of(cell)


def _same(cell: object, value: object) -> bool:
    """Whether a cell says what a record does: a number may have become text with all its digits, and text a number."""
    if isinstance(value, list):
        return isinstance(cell, list) and len(cell) == len(value) and all(map(_same, cell, value))
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell == values.timestamp_of(value)
    if isinstance(cell, Decimal):
        double = Decimal(float(cell))  # a double is the shortest decimal that denotes it, or all of its digits
        is_double = values.number_of(float(cell)) == cell
        return values.number_of(value) in ((cell, double) if is_double else (cell,))
    if isinstance(cell, str) and isinstance(value, int | float | Decimal):
        return values.number_of(cell) == values.number_of(value)
    return type(cell) is type(value) and cell == value


def _columns(pool: dict[str, SearchStrategy[Any]], *, many: bool) -> SearchStrategy[tuple[str, list[Any]]]:
    """A property, and for some records its value or values, now and then none."""

    def of(name: str) -> SearchStrategy[tuple[str, list[Any]]]:
        cell = st.lists(pool[name], min_size=1, max_size=3) if many else pool[name]
        return st.tuples(st.just(name), st.lists(st.none() | cell, min_size=1, max_size=4))

    return st.sampled_from(sorted(pool)).flatmap(of)


@settings(max_examples=60, deadline=None)
@given(_columns(COLUMNS, many=False) | _columns(LISTS, many=True))
@example(("TrainingTimeInSeconds", [2**53 + 1, None]))
@example(("TrainingTimeInSeconds", [10**38, 2**63, None]))
@example(("TrainingTimeInSeconds", [10**38 - 1, None]))
@example(("Metrics.loss", [Decimal("0.1234567890123456789"), 10**30 + 1]))
@example(("EnableNetworkIsolation", [True, None]))
@example(("FinalMetricDataList.Value", [[2**53 + 1, 0.5], None]))
def test_every_reader_has_every_digit(column: tuple[str, list[Any]]) -> None:
    name, cells = column
    result = _result(name, cells)
    for reader, read in READERS.items():
        for cell, value in zip(read(result), cells, strict=True):
            plain = _plain(cell)
            assert plain is None if value is None else _same(plain, value), (reader, cell, value)


@settings(max_examples=60, deadline=None)
@given(_columns(COLUMNS, many=False))
@example(("TrainingTimeInSeconds", [2**53 + 1, None]))
@example(("FailureReason", ["", None, "NA"]))
def test_a_table_of_text_has_every_digit(column: tuple[str, list[Any]]) -> None:
    name, cells = column
    result = _result(name, cells)
    records = list(result.records())
    stream = io.BytesIO()
    write_csv(stream, Answer(records, result.columns_of(records)))
    (_, *rows) = csv.reader(io.StringIO(stream.getvalue().decode(), newline=""))
    for (_, cell), value in zip(rows, cells, strict=True):
        if isinstance(value, bool) or value is None:
            assert cell == {True: "true", False: "false", None: ""}[value]
        elif isinstance(value, int | float | Decimal):
            assert values.number_of(cell) == values.number_of(value)
        elif name == "CreationTime":
            assert values.parse_timestamp(cell) == values.timestamp_of(value)
        else:
            assert cell == value


@settings(max_examples=60, deadline=None)
@given(_columns({name: pool for name, pool in COLUMNS.items() if "." not in name}, many=False))
@example(("TrainingTimeInSeconds", [2**53 + 1, None]))
@example(("EnableNetworkIsolation", [None, False]))
def test_rows_of_pandas_come_back_as_they_were(column: tuple[str, list[Any]]) -> None:
    name, cells = column
    rows = _result(name, cells).to_pandas().to_dict("records")
    again = list(smsearch.from_records(rows).query(f"ORDER BY {NAME}").records())
    before = list(_result(name, cells).records())
    assert [name in record.document for record in again] == [name in record.document for record in before]
    for record, value in zip(again, cells, strict=True):
        if value is not None:
            back = _plain(record.document[name])
            assert _same(values.timestamp_of(back) if name == "CreationTime" else back, value)
