"""Checks an archive as a whole: its Parquet files, and the held snapshots that only an addition reads.

The files of held snapshots have the container of a store's segments, which `archive/` does not know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.archive import check as files
from smsearch.archive.manifest import read_manifest
from smsearch.errors import StoreError
from smsearch.store.check import check_held
from smsearch.store.manifest import SegmentEntry
from smsearch.store.segment_reader import SegmentReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def check(folder: Path) -> Iterator[str]:
    """What is wrong with an archive, a sentence each, with the file's name; nothing if it is whole.

    Raises:
        StoreError: There is no archive, or its manifest cannot be read.
    """
    yield from files.check(folder)
    for entry in read_manifest(folder).held:
        try:
            reader = SegmentReader(folder, SegmentEntry(entry.file, entry.resource, entry.rows, entry.size))
        except StoreError as error:
            yield str(error)
        else:
            yield from check_held(reader)
