"""Writes and reads the Parquet files of an archive, in pieces that fit into memory.

It knows rows and their order, not how documents become rows (`cells.py`) nor which of them are kept.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from smsearch import durable
from smsearch.archive.layout import ARN, BY_KEY, CREATED, EXTRAS, schema_of
from smsearch.archive.manifest import AGAIN, FileEntry
from smsearch.errors import StoreError
from smsearch.schema.arns import account_of
from smsearch.schema.catalogue import MapOf, Scalar, Structure, shape
from smsearch.schema.families import keyed_family, pairs_of
from smsearch.schema.names import Schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.schema.catalogue import Resource, Shape

GROUP_ROWS: Final = 10_000
"""Rows of a row group: what an engine can pass over by its statistics, and what is held in memory while writing."""
WITHOUT_TIME: Final = np.iinfo(np.int64).max
"""Stands for the CreationTime of a record that has none: last, as everywhere."""
_COMPRESSION: Final = "zstd"
_COMPRESSION_LEVEL: Final = 1
_HASHED_BYTES: Final = 1 << 20


def write(table: pa.Table, path: Path, group_rows: int) -> None:
    """Writes a table of a resource's schema as one file."""
    with durable.create(path) as file:
        pq.write_table(
            table, file, row_group_size=group_rows, compression=_COMPRESSION, compression_level=_COMPRESSION_LEVEL
        )


def created_of(table: pa.Table) -> NDArray[np.int64]:
    """int64, one a row: CreationTime in microseconds since 1970, `WITHOUT_TIME` where there is none."""
    micros = pc.fill_null(table[CREATED].cast(pa.int64()), WITHOUT_TIME)
    created: NDArray[np.int64] = micros.to_numpy()
    return created


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Says which file cannot be read, where Arrow says only why."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise StoreError(f"{path} is damaged: {reason}.", hint=AGAIN) from None


class FileRows:
    """The rows of a file, of which some are read at a time. What cannot be read is a StoreError that names the file."""

    def __init__(self, path: Path, resource: Resource) -> None:
        self._path = path
        self._schema = schema_of(resource)
        with _reading(path):
            self._file = pq.ParquetFile(path)
        groups = self._file.metadata
        sizes = [groups.row_group(at).num_rows for at in range(groups.num_row_groups)]
        self._starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    def take(self, rows: NDArray[np.int64]) -> pa.Table:
        """Some rows, at least one, ascending; only the row groups that hold them are read."""
        first, last = (int(np.searchsorted(self._starts, at, "right")) - 1 for at in (rows[0], rows[-1]))
        with _reading(self._path):
            table = self._file.read_row_groups(list(range(first, last + 1)))
            return table.cast(self._schema).take(pa.array(rows - self._starts[first]))

    def texts(self, name: str) -> Iterator[str | None]:
        """The texts of a column, row by row."""
        batches = self._file.iter_batches(columns=[name])
        while True:
            with _reading(self._path):
                batch = next(batches, None)
            if batch is None:
                return
            yield from batch.column(0).to_pylist()

    def columns(self, names: list[str]) -> pa.Table:
        """Some columns whole."""
        with _reading(self._path):
            return self._file.read(columns=names).select(names)


class Contents:
    """What the manifest says of the rows of a file: whose they are, and which names they hold."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self._names: set[str] = set()
        self.rows = 0
        self.accounts: Counter[str] = Counter()
        self.plain_keys: set[str] = set()
        """The keys of the plain fields that the service model does not know (`extra_key`); structures have keys too."""

    def add(self, table: pa.Table) -> None:
        """Counts some rows."""
        self.rows += table.num_rows
        self.accounts.update(account_of(arn) for arn in table[ARN].to_pylist())
        self.plain_keys |= _plain_keys(table[EXTRAS])
        for batch in table.to_batches():
            self._names.update(_in_structure(batch.column, self._resource.root, ""))

    def names(self) -> list[str]:
        """The names of the user's own that the rows hold, as properties have them."""
        schema = Schema(self._resource)
        return sorted({schema.property(written).name for written in self._names})


class FileWriter:
    """Writes a file a row group at a time, and describes what is in it.

    A context that ends before `close` leaves what is there, which is no Parquet file yet.
    """

    def __init__(self, beside: Path, resource: Resource) -> None:
        self._beside = beside
        self._resource = resource
        self._file = durable.create(beside)
        self._writer = pq.ParquetWriter(
            self._file, schema_of(resource), compression=_COMPRESSION, compression_level=_COMPRESSION_LEVEL
        )
        self._contents = Contents(resource)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # of what could not be written, which has been told
            self._writer.close()
        with suppress(OSError):
            self._file.close()

    def add(self, table: pa.Table) -> None:
        """Writes rows as one row group."""
        self._writer.write_table(table, row_group_size=max(table.num_rows, 1))
        self._contents.add(table)

    def close(self, folder: Path, paths: Mapping[str, tuple[str, ...]]) -> FileEntry:
        """Gives the file its name in the archive, which says its content.

        Args:
            folder: The archive's.
            paths: The path of each plain field that the service model does not know, by `extra_key`.
        """
        self._writer.close()
        durable.sync(self._file)
        self._file.close()
        with self._beside.open("rb") as file:
            name = file_name(self._resource.name, file)
        size = self._beside.stat().st_size
        (folder / self._resource.name).mkdir(exist_ok=True)
        self._beside.replace(folder / name)
        has = self._contents
        there = sorted(path for key, path in paths.items() if key in has.plain_keys)
        extras = {".".join(path): list(path) for path in there}
        return FileEntry(name, self._resource.name, has.rows, size, dict(has.accounts), extras, has.names())


def file_name(resource: str, file: IO[bytes]) -> str:
    """The name that a file of a resource has in an archive, which says its content; the file is read from its start."""
    digest = hashlib.blake2b(digest_size=16)
    file.seek(0)
    while piece := file.read(_HASHED_BYTES):
        digest.update(piece)
    return f"{resource}/part-{digest.hexdigest()}.parquet"


def _keys(column: Any) -> set[str]:  # noqa: ANN401 - Arrow ships no types
    if isinstance(column, pa.ChunkedArray):
        return {key for chunk in column.chunks for key in _keys(chunk)}
    return set(pc.unique(column.keys).to_pylist()) if len(column) else set()


def _plain_keys(column: pa.ChunkedArray) -> set[str]:
    """The keys under which a cell has a text; the cell of a list or a structure has none."""
    keys = (chunk.keys.filter(pc.is_valid(chunk.items.field("text"))) for chunk in column.chunks if len(chunk))
    return {key for chunk in keys for key in pc.unique(chunk).to_pylist()}


def _in_structure(member: Any, structure: Structure, prefix: str) -> Iterator[str]:  # noqa: ANN401 - finds a column by its name
    for name in structure.members:
        reached, full = structure.member(name), f"{prefix}{name}"
        keyed = pairs_of(reached)
        if keyed is not None:
            _, family = keyed
            alias = full.removesuffix("FinalMetricDataList") + "Metrics" if name == "FinalMetricDataList" else full
            ending = f".{family.value[0]}" if family.suffixes else ""
            yield from _named(_keys(member(name + BY_KEY)), alias, ending)
        elif isinstance(reached, MapOf) and _holds_values(shape(reached.value)):
            yield from _named(_keys(member(name)), full, "")
        elif isinstance(reached, Structure) and reached.members:
            yield from _in_structure(member(name).field, reached, f"{full}.")


def _holds_values(value: Shape) -> bool:
    return isinstance(value, Scalar) or keyed_family(value) is not None


def _named(keys: Iterable[str], prefix: str, ending: str) -> Iterator[str]:
    return (f"{prefix}.{key}{ending}" for key in keys if key)
