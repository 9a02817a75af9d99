"""Matches as Parquet and Arrow files, written batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from smsearch.frames import arrow

if TYPE_CHECKING:
    from smsearch.cli.writers.answer import Answer


def write_parquet(stream: BinaryIO, answer: Answer) -> None:
    """A Parquet file, compressed with zstd."""
    reader = _reader(answer)
    with pq.ParquetWriter(stream, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)


def write_arrow(stream: BinaryIO, answer: Answer) -> None:
    """An Arrow IPC file, which is also a Feather file of version 2."""
    reader = _reader(answer)
    with pa.ipc.new_file(stream, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)


def _reader(answer: Answer) -> pa.RecordBatchReader:
    """The batches under the names that the answer gives its columns."""
    reader = answer.batches
    if reader is None:
        reader = arrow.reader(answer.records, answer.columns)
    names = list(answer.names) or reader.schema.names
    schema = pa.schema(list(map(pa.field, names, reader.schema.types)))
    return pa.RecordBatchReader.from_batches(schema, (batch.rename_columns(names) for batch in reader))
