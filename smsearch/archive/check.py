"""Checks an archive: that each file is there and as it was written, with the rows and columns that are to be in it.

A Parquet file that lies beside them is told too: readers of plain Parquet would count it. The check reads every byte
once and reports what it finds wrong, file by file; it repairs nothing.
"""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from smsearch.archive.files import GROUP_ROWS, Contents, file_name
from smsearch.archive.layout import extra_key, schema_of
from smsearch.archive.manifest import MANIFEST, read_manifest
from smsearch.regular import open_within
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
    manifest = read_manifest(folder)
    named = {entry.file for entry in manifest.files}
    for resource in catalogue.kinds():
        for path in sorted(folder.glob(f"{resource}/*.parquet")):
            place = path.relative_to(folder).as_posix()
            if place not in named:
                yield (
                    f"{place} is not in {MANIFEST}, so readers of plain Parquet count its records too: a writer was"
                    " killed, or is at work. The next `smsearch archive --add` removes what a writer left."
                )
    for entry in manifest.files:
        try:
            with open_within(folder, entry.file) as file:
                yield from _check_file(file, entry)
        except OSError as error:
            yield f"{entry.file} cannot be read: {error.strerror or error}."
        except pa.ArrowException as error:
            yield f"{entry.file} is no Parquet file: {error}."


def _check_file(file: IO[bytes], entry: FileEntry) -> Iterator[str]:
    size = os.fstat(file.fileno()).st_size
    if size != entry.size:
        yield f"{entry.file} has {size:,} bytes; {entry.size:,} were written."
        return
    if file_name(entry.resource, file) != entry.file:
        yield f"{entry.file} is damaged: its content is not what its name says."
        return
    with pq.ParquetFile(file) as parquet:
        rows, schema = parquet.metadata.num_rows, parquet.schema_arrow
    if rows != entry.rows:
        yield f"{entry.file} has {rows:,} rows; the manifest says {entry.rows:,}."
    expected = schema_of(catalogue.resource(entry.resource))
    strange = [name for name in expected.names if name not in schema.names]
    strange += [name for name in schema.names if name not in expected.names]
    if strange:
        yield f"{entry.file} has other columns than this smsearch writes: {', '.join(strange)}."
        return
    yield from _check_contents(file, entry)


def _check_contents(file: IO[bytes], entry: FileEntry) -> Iterator[str]:
    """What the manifest says of the rows, so that a reader need not look at them first."""
    contents = Contents(catalogue.resource(entry.resource))
    file.seek(0)
    with pq.ParquetFile(file) as parquet:
        for batch in parquet.iter_batches(GROUP_ROWS):
            contents.add(pa.Table.from_batches([batch]))
    extras = {extra_key(tuple(path)) for path in entry.extras.values()}
    for member, written, counted in (
        ("accounts", entry.accounts, dict(contents.accounts)),
        ("extras", extras, contents.plain_keys),
        ("names", entry.names, contents.names()),
    ):
        if written != counted:
            yield f"{entry.file}: {member} in the manifest is not what its rows hold."
