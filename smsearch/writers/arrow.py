"""Matches as Parquet and Arrow files, written batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable


def write_parquet(stream: BinaryIO, batches: pa.RecordBatchReader) -> None:
    """A Parquet file, compressed with zstd."""
    with pq.ParquetWriter(stream, batches.schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)


def write_arrow(stream: BinaryIO, batches: pa.RecordBatchReader) -> None:
    """An Arrow IPC file, which is also a Feather file of version 2."""
    with pa.ipc.new_file(stream, batches.schema) as writer:
        for batch in batches:
            writer.write_batch(batch)


def renamed(batches: pa.RecordBatchReader, names: Iterable[str]) -> pa.RecordBatchReader:
    """The same batches with other names for their columns."""
    called = list(names)
    schema = pa.schema(list(map(pa.field, called, batches.schema.types)))
    return pa.RecordBatchReader.from_batches(schema, (batch.rename_columns(called) for batch in batches))
