"""Files that are written name themselves in every error."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smsearch import durable
from smsearch.archive import files
from smsearch.archive.layout import schema_of
from smsearch.schema import catalogue
from smsearch.store.live_docs import write_deleted_rows
from smsearch.store.segment import SegmentWriter
from tests.small_disk import LIMIT, small_disk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO


def at_once(file: BinaryIO) -> None:
    file.write(bytes(1 << 20))


def buffered(file: BinaryIO) -> None:
    file.write(bytes(LIMIT + 1))
    file.flush()


def on_sync(file: BinaryIO) -> None:
    file.write(bytes(LIMIT + 1))
    durable.sync(file)


def on_close(file: BinaryIO) -> None:
    file.write(bytes(LIMIT + 1))
    file.close()


def by_arrow(file: BinaryIO) -> None:
    pq.write_table(pa.table({"a": list(range(1000))}), file)


@pytest.mark.parametrize("opened", [durable.create, durable.change])
@pytest.mark.parametrize("write", [at_once, buffered, on_sync, on_close, by_arrow])
def test_an_error_of_any_write_has_the_files_name(
    tmp_path: Path, opened: Callable[[Path], BinaryIO], write: Callable[[BinaryIO], None]
) -> None:
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(OSError, match="File too large") as error, small_disk(), opened(path) as file:
        write(file)
    assert (error.value.errno, error.value.filename) == (errno.EFBIG, str(path))


def test_a_file_is_emptied_and_one_that_is_changed_is_not(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")
    with durable.change(path) as file:
        file.seek(3)
        file.write(b"AFT")
    assert path.read_bytes() == b"befAFT"
    with durable.create(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"


def test_whatever_is_written_of_a_store_names_itself(tmp_path: Path) -> None:
    path = tmp_path / "segment-a.smseg"
    with pytest.raises(OSError, match="File too large") as error, small_disk(), SegmentWriter(path) as writer:
        writer.entry("a", {"numbers": np.arange(100_000)})
    assert error.value.filename == str(tmp_path / "segment-a.smseg")
    with pytest.raises(OSError, match="File too large") as error, small_disk():
        write_deleted_rows(tmp_path, np.arange(1000, dtype=np.uint32))
    assert error.value.filename.endswith(".rows")
    with pytest.raises(OSError, match="File too large") as error, small_disk():
        durable.replace(tmp_path / "manifest.json", bytes(1000))
    assert error.value.filename == str(tmp_path / "manifest.json.new")


def test_whatever_is_written_of_an_archive_names_itself(tmp_path: Path) -> None:
    kind = catalogue.resource("TrainingJob")
    with pytest.raises(OSError, match="File too large") as error, small_disk():
        files.write(schema_of(kind).empty_table(), tmp_path / "TrainingJob-0.parquet", 1)
    assert error.value.filename == str(tmp_path / "TrainingJob-0.parquet")
    path = tmp_path / "file.new"
    with pytest.raises(OSError, match="File too large") as error, small_disk(), files.FileWriter(path, kind) as writer:
        writer.close(tmp_path, {})
    assert error.value.filename == str(path)
