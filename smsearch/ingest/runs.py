"""Runs: flattened records spilled to disk, so that a build's memory does not grow with the dump.

A run holds some thousand records of one resource: their documents, what tells them apart, and the raw values of every
column by JSON type. Runs are private to one build and gone when it ends.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import orjson
import pyarrow as pa

from smsearch import durable
from smsearch.ingest.flatten import Flattener
from smsearch.ingest.identities import digest
from smsearch.ingest.identities import identity as identity_of
from smsearch.ingest.snapshots import SpilledSnapshots
from smsearch.schema import catalogue, notation
from smsearch.schema.arns import account_of
from smsearch.store.buffered_values import BufferedValues
from smsearch.store.identities import of_rows
from smsearch.store.sources import of_origins

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import BinaryIO

    from numpy.typing import NDArray

    from smsearch.ingest.flatten import ColumnBuilder
    from smsearch.schema.origin import Origin
    from smsearch.schema.record import Record
    from smsearch.schema.value_kinds import Kind
    from smsearch.store.identities import Identities, Identity
    from smsearch.store.sources import Origins

RUN_RECORDS: Final = 20_000
"""Records of a run: larger runs did not build faster, and a run is held in memory as Python objects."""


class Loadable(Protocol):
    """What lies in a file, to be loaded by whoever needs it."""

    @property
    def length(self) -> int:
        """Its bytes, about."""

    def load(self) -> Any:  # noqa: ANN401 - `BufferedValues` or an array
        """The value."""


@dataclass(frozen=True, slots=True)
class Spilled:
    """Where in a run's file a pickled value lies."""

    path: Path
    start: int
    length: int

    def load(self) -> Any:  # noqa: ANN401 - `BufferedValues` or an array
        """The value; the file is this build's own."""
        with self.path.open("rb", buffering=0) as file:
            file.seek(self.start)
            return pickle.loads(file.read(self.length))  # noqa: S301 - written by this build a moment ago


@dataclass(frozen=True, slots=True)
class Run:
    """Where a run lies on disk.

    Attributes:
        resource: What its records are.
        path: The file.
        lengths: Bytes of each document; they stand at the file's beginning.
        identities: What tells the records apart.
        origins: Where they were read.
        accounts: The account of each record, as a place in `account_names`.
        columns: `(table, column)` to its kind and its values, a `BufferedValues`.
        tables: Path of each list's table to the rows above its own, uint32.
        extras: Dotted names of the plain fields that the service model does not know, to their paths.
        exported: What the export had in other types (`notation.other_types_of`), by the row of the records that have
            any: a `dict[int, bytes]`; None if there are none.
    """

    resource: str
    path: Path
    lengths: NDArray[np.uint32]
    identities: Identities
    origins: Origins
    accounts: NDArray[np.uint32]
    account_names: tuple[str, ...]
    columns: Mapping[tuple[str, str], tuple[Kind, Loadable]]
    tables: Mapping[str, Loadable]
    extras: dict[str, tuple[str, ...]] = field(default_factory=dict)
    exported: Loadable | None = None

    @property
    def size(self) -> int:
        """Its bytes: at 2,000 to 20,000 jobs, a segment of it had 97 to 99 % as many."""
        spilled = [*(place for _, place in self.columns.values()), *self.tables.values()]
        return int(self.lengths.sum()) + sum(place.length for place in spilled)

    def snapshots(self) -> SpilledSnapshots:
        """Its records, to be read back."""
        exported = dict if self.exported is None else self.exported.load
        return SpilledSnapshots(
            self.resource, self.identities, lambda: (self.path, self.lengths), exported, self.origins
        )


class RunWriter:
    """Gathers records of one resource and spills them as runs."""

    def __init__(self, resource: str, folder: Path, prefix: str) -> None:
        self._resource = catalogue.resource(resource)
        self._folder = folder
        self._prefix = prefix
        self._flattener = Flattener(self._resource)
        self._documents: list[bytes] = []
        self._identities: list[Identity] = []
        self._origins: list[Origin] = []
        self._accounts: list[int] = []
        self._account_places: dict[str, int] = {}
        self._extras: dict[str, tuple[str, ...]] = {}
        self._exported: dict[int, bytes] = {}
        self.runs: list[Run] = []

    def add(self, record: Record, identity: Identity | None = None) -> None:
        """Takes a record over; its document is rewritten in place.

        Args:
            record: The record.
            identity: What tells it apart, if that is known already.
        """
        other_types = notation.other_types_of(record)  # before the document is rewritten: the two may share parts
        if other_types:
            self._exported[len(self._documents)] = other_types
        self._flattener.add(record.document)
        self._documents.append(stored_document(record, self._resource.record_key))
        self._identities.append(identity or identity_of(record, digest(self._documents[-1] + other_types)))
        self._origins.append(record.origin)
        account = account_of(record.arn)
        self._accounts.append(self._account_places.setdefault(account, len(self._account_places)))
        for path in record.extras:
            self._extras.setdefault(".".join(path), path)
        if len(self._documents) >= RUN_RECORDS:
            self.spill()

    def spill(self) -> None:
        """Writes what was gathered as a run, if there is anything."""
        if not self._documents:
            return
        path = self._folder / f"{self._prefix}-{self._resource.name}-{len(self.runs)}.run"
        columns: dict[tuple[str, str], tuple[Kind, Spilled]] = {}
        tables: dict[str, Spilled] = {}
        with durable.create(path) as file:
            file.writelines(self._documents)
            for table in self._flattener.tables.values():
                if table.path:
                    tables[table.path] = _spill(np.array(table.parents, np.uint32), path, file)
                for key, column in table.columns.items():
                    if column.rows:
                        columns[table.path, key] = (column.kind, _spill(buffered_values(column), path, file))
            exported = _spill(self._exported, path, file) if self._exported else None
        lengths = np.array([len(document) for document in self._documents], np.uint32)
        identities = of_rows(self._resource.name, self._identities)
        origins = of_origins(self._origins)
        accounts = np.array(self._accounts, np.uint32)
        names = tuple(self._account_places)
        extras = dict(self._extras)
        resource = self._resource.name
        self.runs.append(
            Run(resource, path, lengths, identities, origins, accounts, names, columns, tables, extras, exported)
        )
        self._documents.clear()
        self._exported.clear()
        self._identities.clear()
        self._origins.clear()
        self._accounts.clear()
        self._flattener.clear()


def stored_document(record: Record, record_key: str) -> bytes:
    """A record as a Search response holds it, `{"TrainingJob":{...}}` and a comma, in the wire's spelling."""
    members = notation.complete(record, record.document)
    try:
        body = orjson.dumps(members)
    except TypeError:  # digits that a double would lose
        body = orjson.dumps(notation.document(record, notation.WIRE))
    if b"null" in body:  # perhaps a NaN or infinity, which the protocol spells otherwise
        body = orjson.dumps(notation.complete(record, notation.document(record, notation.WIRE)))
    return b'{"%s":%s},' % (record_key.encode(), body)


def _spill(value: object, path: Path, file: BinaryIO) -> Spilled:
    start = file.tell()
    pickle.dump(value, file, protocol=5)
    return Spilled(path, start, file.tell() - start)


def buffered_values(column: ColumnBuilder) -> BufferedValues:
    """The values of a column by JSON type."""
    rows = np.array(column.rows, np.uint32)
    if not column.kind.has_values:
        return BufferedValues(integer_rows=rows)
    types = set(map(type, column.raws))
    if types == {str}:
        return _texts(rows, column.raws)
    if types == {float}:
        return BufferedValues(float_rows=rows, floats=np.array(column.raws, np.float64))
    if types == {int} and all(-(1 << 63) <= raw < 1 << 63 for raw in column.raws):
        return BufferedValues(integer_rows=rows, integers=np.array(column.raws, np.int64))
    if types == {bool}:
        return BufferedValues(boolean_rows=rows, booleans=np.array(column.raws, np.bool_))
    return _mixed(column)


def _texts(rows: NDArray[np.uint32], texts: list[str]) -> BufferedValues:
    encoded = pa.array(texts, pa.large_string()).dictionary_encode()
    return BufferedValues(
        text_rows=rows, text_codes=encoded.indices.to_numpy().astype(np.uint32), texts=encoded.dictionary
    )


def _mixed(column: ColumnBuilder) -> BufferedValues:
    parts: dict[type, tuple[list[int], list[Any]]] = {kind: ([], []) for kind in (str, int, float, bool, object)}
    for row, raw in zip(column.rows, column.raws, strict=True):
        kind = raw.__class__
        fits = kind in parts and (kind is not int or -(1 << 63) <= raw < 1 << 63)
        rows, raws = parts[kind if fits else object]
        rows.append(row)
        raws.append(raw)
    raw = _texts(np.array(parts[str][0], np.uint32), parts[str][1])
    raw.integer_rows, raw.integers = np.array(parts[int][0], np.uint32), np.array(parts[int][1], np.int64)
    raw.float_rows, raw.floats = np.array(parts[float][0], np.uint32), np.array(parts[float][1], np.float64)
    raw.boolean_rows, raw.booleans = np.array(parts[bool][0], np.uint32), np.array(parts[bool][1], np.bool_)
    raw.others = list(zip(*parts[object], strict=True))
    return raw


def join(raws: list[tuple[BufferedValues, NDArray[np.uint32]]]) -> BufferedValues:
    """One column of several runs, its rows renumbered and sorted.

    Args:
        raws: The column in each run, and the new number of each of the run's rows; 2**32 - 1 drops the row.
    """
    joined = BufferedValues()
    if len(raws) == 1:
        joined.texts = raws[0][0].texts
        joined.text_rows, joined.text_codes = _sorted(
            [(raws[0][1][raws[0][0].text_rows], raws[0][0].text_codes)], np.uint32
        )
    else:
        _join_texts(joined, raws)
    if len(joined.text_rows) < sum(len(raw.text_rows) for raw, _ in raws):  # no entry for a dropped row alone
        used, codes = np.unique(joined.text_codes, return_inverse=True)
        joined.texts, joined.text_codes = joined.texts.take(pa.array(used)), codes.astype(np.uint32)
    joined.integer_rows, joined.integers = _sorted(
        [(renumbered[raw.integer_rows], _padded(raw.integers, raw.integer_rows)) for raw, renumbered in raws], np.int64
    )
    joined.float_rows, joined.floats = _sorted(
        [(renumbered[raw.float_rows], raw.floats) for raw, renumbered in raws], np.float64
    )
    joined.boolean_rows, joined.booleans = _sorted(
        [(renumbered[raw.boolean_rows], raw.booleans) for raw, renumbered in raws], np.bool_
    )
    others = [(int(renumbered[row]), value) for raw, renumbered in raws for row, value in raw.others]
    joined.others = sorted((pair for pair in others if pair[0] != DROPPED), key=lambda pair: pair[0])
    return joined


def _join_texts(joined: BufferedValues, raws: list[tuple[BufferedValues, NDArray[np.uint32]]]) -> None:
    """The texts of several runs, whose dictionaries have texts in common."""
    dictionaries = pa.chunked_array([raw.texts for raw, _ in raws], pa.large_string()).dictionary_encode()
    text_parts = []
    for (raw, renumbered), chunk in zip(raws, _chunks(dictionaries, [len(raw.texts) for raw, _ in raws]), strict=True):
        text_parts.append((renumbered[raw.text_rows], chunk[raw.text_codes] if len(raw.text_codes) else raw.text_codes))
    unified = dictionaries.combine_chunks() if dictionaries.num_chunks else None
    if unified is not None and len(unified):
        joined.texts = unified.dictionary if not isinstance(unified, pa.ChunkedArray) else unified.chunk(0).dictionary
    joined.text_rows, joined.text_codes = _sorted(text_parts, np.uint32)


DROPPED: Final = (1 << 32) - 1


def _padded(integers: NDArray[np.int64], rows: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Presence columns hold rows and no values."""
    return integers if len(integers) == len(rows) else np.zeros(len(rows), np.int64)


def _chunks(encoded: Any, lengths: list[int]) -> list[NDArray[np.uint32]]:  # noqa: ANN401 - Arrow ships no types
    """The unified codes of each run's dictionary."""
    whole = [chunk.indices.to_numpy() for chunk in encoded.chunks]
    codes = np.concatenate(whole).astype(np.uint32) if whole else np.empty(0, np.uint32)
    return np.split(codes, np.cumsum(lengths)[:-1])


def _sorted(
    parts: list[tuple[NDArray[np.uint32], NDArray[Any]]], dtype: type
) -> tuple[NDArray[np.uint32], NDArray[Any]]:
    rows = np.concatenate([rows for rows, _ in parts]) if parts else np.empty(0, np.uint32)
    raws: NDArray[Any] = np.concatenate([raws for _, raws in parts]) if parts else np.empty(0, dtype)
    raws = raws.astype(dtype, copy=False)
    is_kept = rows != DROPPED
    if not is_kept.all():
        rows, raws = rows[is_kept], raws[is_kept]
    if len(rows) and not (rows[1:] > rows[:-1]).all():
        order = np.argsort(rows, kind="stable")
        rows, raws = rows[order], raws[order]
    return rows, raws
