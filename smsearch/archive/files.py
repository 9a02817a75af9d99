"""Writes and reads the Parquet files of an archive, in pieces that fit into memory.

It knows rows and their order, not how documents become rows (`cells.py`) nor which of them are kept.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from smsearch.archive.layout import ARN, BY_KEY, CREATED, EXTRAS, keyed_family, pairs_of, schema_of
from smsearch.archive.manifest import FileEntry
from smsearch.schema.arns import account_of
from smsearch.schema.catalogue import MapOf, Scalar, Structure, shape
from smsearch.schema.names import Schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from smsearch.schema.catalogue import Resource, Shape

GROUP_ROWS: Final = 10_000
"""Rows of a row group, what an engine can pass over by its statistics."""
WITHOUT_TIME: Final = np.iinfo(np.int64).max
"""Stands for the CreationTime of a record that has none: last, as everywhere."""
_HASHED_BYTES: Final = 1 << 20


def write(table: pa.Table, path: Path, group_rows: int = GROUP_ROWS) -> None:
    """Writes a table of a resource's schema as one file."""
    pq.write_table(table, path, row_group_size=group_rows, compression="zstd", compression_level=1)


def created_of(table: pa.Table) -> NDArray[np.int64]:
    """int64, one a row: CreationTime in microseconds since 1970, `WITHOUT_TIME` where there is none."""
    micros = pc.fill_null(table[CREATED].cast(pa.int64()), WITHOUT_TIME)
    found: NDArray[np.int64] = micros.to_numpy()
    return found


class Rows:
    """The rows of a file, of which some are read at a time."""

    def __init__(self, path: Path, resource: Resource) -> None:
        self._file = pq.ParquetFile(path)
        self._schema = schema_of(resource)
        groups = self._file.metadata
        sizes = [groups.row_group(at).num_rows for at in range(groups.num_row_groups)]
        self._starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    def take(self, rows: NDArray[np.int64]) -> pa.Table:
        """Some rows, at least one, ascending; only the row groups that hold them are read."""
        first, last = (int(np.searchsorted(self._starts, at, "right")) - 1 for at in (rows[0], rows[-1]))
        table = self._file.read_row_groups(list(range(first, last + 1)))
        return table.cast(self._schema).take(pa.array(rows - self._starts[first]))

    def columns(self, names: list[str]) -> pa.Table:
        """Some columns whole."""
        return self._file.read(columns=names)


def entry_of(table: pa.Table, beside: Path, folder: Path, resource: Resource) -> FileEntry:
    """Gives a file that was written its name, which says its content, and describes what is in it."""
    digest = hashlib.blake2b(digest_size=16)
    with beside.open("rb") as file:
        while piece := file.read(_HASHED_BYTES):
            digest.update(piece)
    name = f"{resource.name}/part-{digest.hexdigest()}.parquet"
    size = beside.stat().st_size
    (folder / resource.name).mkdir(exist_ok=True)
    beside.replace(folder / name)
    accounts = Counter(account_of(arn) for arn in table[ARN].to_pylist())
    return FileEntry(name, resource.name, table.num_rows, size, dict(accounts), {}, _names(table, resource))


def extra_keys(table: pa.Table) -> set[str]:
    """The keys of the fields that the service model does not know and some row has."""
    return _keys(table[EXTRAS].combine_chunks())


def _keys(column: Any) -> set[str]:  # noqa: ANN401 - Arrow ships no types
    if isinstance(column, pa.ChunkedArray):
        return {key for chunk in column.chunks for key in _keys(chunk)}
    return set(pc.unique(column.keys).to_pylist()) if len(column) else set()


def _names(table: pa.Table, resource: Resource) -> list[str]:
    """The dynamic names that the rows have, canonically spelled."""
    schema = Schema(resource)
    written = (name for batch in table.to_batches() for name in _in_structure(batch.column, resource.root, ""))
    return sorted({schema.property(name).name for name in set(written)})


def _in_structure(member: Any, structure: Structure, prefix: str) -> Iterator[str]:  # noqa: ANN401 - finds a column by its name
    for name in structure.members:
        reached, full = structure.member(name), f"{prefix}{name}"
        found = pairs_of(reached)
        if found is not None:
            _, family = found
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
