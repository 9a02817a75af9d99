"""Checks an archive: that each file is there and as it was written, with the rows and columns that are to be in it.

It reads every byte once and reports what it finds wrong, file by file; it repairs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from smsearch.archive.files import file_name
from smsearch.archive.layout import schema_of
from smsearch.archive.manifest import read_manifest
from smsearch.schema import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from smsearch.archive.manifest import FileEntry


def check(folder: Path) -> Iterator[str]:
    """What is wrong with an archive, a sentence each, with the file's name; nothing if it is whole.

    Raises:
        StoreError: There is no archive, or its manifest cannot be read.
    """
    for entry in read_manifest(folder).files:
        try:
            yield from _check_file(folder / entry.file, entry)
        except OSError as error:
            yield f"{entry.file} cannot be read: {error.strerror or error}."
        except pa.ArrowException as error:
            yield f"{entry.file} is no Parquet file: {error}."


def _check_file(path: Path, entry: FileEntry) -> Iterator[str]:
    size = path.stat().st_size
    if size != entry.size:
        yield f"{entry.file} has {size:,} bytes; {entry.size:,} were written."
        return
    if file_name(entry.resource, path) != entry.file:
        yield f"{entry.file} is damaged: its content is not what its name says."
        return
    with pq.ParquetFile(path) as file:
        rows, schema = file.metadata.num_rows, file.schema_arrow
    if rows != entry.rows:
        yield f"{entry.file} has {rows:,} rows; the manifest says {entry.rows:,}."
    expected = schema_of(catalogue.resource(entry.resource))
    strange = [name for name in expected.names if name not in schema.names]
    strange += [name for name in schema.names if name not in expected.names]
    if strange:
        yield f"{entry.file} has other columns than this smsearch writes: {', '.join(strange)}."
