"""Projects the matches of a query to Arrow arrays: the codes of their rows, decoded by taking from the entries.

A column of numbers holds distinct values, not spellings. Where two spellings of one value could become different cells,
or where a value is unreadable, there is no column, and the caller reads the documents. This module knows no frame and
no file.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from smsearch.columnar.property_columns import column_properties, in_one_column
from smsearch.frozen import frozen
from smsearch.numpy_later import np
from smsearch.schema.decode import loads
from smsearch.schema.parsed import ParsedDocuments
from smsearch.schema.value_kinds import ValueType
from smsearch.store.address import address
from smsearch.store.guard import Guard, guarded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.schema.property import Property
    from smsearch.schema.value_kinds import Kind
    from smsearch.store.child_table import ChildTable
    from smsearch.store.column import Column
    from smsearch.store.segment_reader import SegmentReader
    from smsearch.store.texts import Texts

EXAMINED_ROWS: Final = 65_536
"""Rows that are read together while a column is examined."""
_EXACT_INTEGER_MAX: Final = 1 << 53
_FEW_SHARE: Final = 16
"""Texts are read one by one if fewer than one in this many are needed: a whole dictionary would have to be verified."""
_TYPES: Final = {
    ValueType.TEXT: pa.string(),
    ValueType.NUMBER: pa.float64(),
    ValueType.TIME: pa.timestamp("us", tz="UTC"),
    ValueType.BOOLEAN: pa.bool_(),
}


class ProjectedColumns:
    """The matches of a query in order: rows of the segments of a store.

    Args:
        resource: Their resource.
        readers: The segments.
        owners: For each match, which segment it is in.
        rows: uint32: for each match, its row there.
    """

    def __init__(
        self, resource: str, readers: Sequence[SegmentReader], owners: NDArray[Any], rows: NDArray[Any]
    ) -> None:
        self._resource = resource
        self._readers = readers
        self._owners = owners
        self._rows = rows
        self.guard = Guard(readers)

    def __len__(self) -> int:
        return len(self._rows)

    @guarded
    def records(self, start: int, stop: int) -> ParsedDocuments:
        """The matches from `start` to before `stop` as records, parsed when they are used."""
        stored: list[bytes] = [b""] * (min(stop, len(self)) - start)
        for number, places, rows in self.pieces(start, stop):
            for place, document in zip(places.tolist(), self._readers[number].documents(rows), strict=True):
                stored[place] = document
        has_exported = any(reader.has_exported for reader in self._readers)
        exported = partial(self._exported, start, stop) if has_exported else None
        return ParsedDocuments(self._resource, stored, exported, lambda place: self._file_of(start + place))

    def _file_of(self, place: int) -> str:
        return self._readers[int(self._owners[place]) if len(self._readers) > 1 else 0].entry.file

    def _exported(self, start: int, stop: int) -> dict[int, bytes]:
        """`SegmentReader.exported` by place in a range."""
        return {
            int(places[at]): written
            for number, places, rows in self.pieces(start, stop)
            for at, written in self._readers[number].exported(rows).items()
        }

    def pieces(self, start: int, stop: int) -> list[tuple[int, NDArray[Any], NDArray[Any]]]:
        """The matches of a range by segment: its number, their places in the range, their rows."""
        rows = self._rows[start:stop]
        if len(self._readers) == 1:
            return [(0, np.arange(len(rows)), rows)]
        owners = self._owners[start:stop]
        places = [(owners == number).nonzero()[0] for number in range(len(self._readers))]
        return [(number, own, rows[own]) for number, own in enumerate(places) if len(own)]

    @guarded
    def column(self, prop: Property) -> ProjectedColumn | None:
        """The values of a property, or None where only the documents tell them exactly."""
        if not prop.kind.has_values or not in_one_column(prop):
            return None
        columns = self._columns(prop)
        if any(column is not None and not column.is_exact for column in columns):
            return None
        values = ProjectedColumn(self, columns, prop)
        return values if values.examine() else None

    @guarded
    def has(self, prop: Property) -> bool:
        """Whether a match has the property."""
        return any(map(self._has, column_properties(prop)))

    def _has(self, prop: Property) -> bool:
        columns = self._columns(prop)
        if not any(columns):
            return False
        for start in range(0, len(self), EXAMINED_ROWS):
            for number, _, rows in self.pieces(start, start + EXAMINED_ROWS):
                column = columns[number]
                if column is not None and len(column.codes(rows)[0]):
                    return True
        return False

    def _columns(self, prop: Property) -> list[_SegmentColumn | None]:
        """The column of a property in each segment; None where no record has it."""
        place = address(prop.steps)
        columns: list[_SegmentColumn | None] = []
        for reader in self._readers:
            lineage = reader.tables.lineage(place.table)
            table = reader.tables.get(place.table)
            column = None if table is None or lineage is None else table.at(place)
            columns.append(None if column is None else _SegmentColumn(column, tuple(lineage or ()), prop.kind))
        return columns


@frozen
class _SegmentColumn:
    """The column of a property in one segment, and the lists on the way to it."""

    stored: Column
    lineage: tuple[ChildTable, ...]
    kind: Kind

    @property
    def is_exact(self) -> bool:
        """Whether the readable entries say what the JSON values did."""
        if not self.kind.is_number:
            return True
        if self.stored.exact is not None:
            return False
        numbers = self.stored.numbers
        if self.kind.is_whole:
            return numbers.dtype.kind == "i"
        if numbers.dtype.kind == "f" or not len(numbers):
            return True
        return max(abs(int(numbers.at(0))), abs(int(numbers.at(len(numbers) - 1)))) <= _EXACT_INTEGER_MAX

    def codes(self, rows: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """The codes of what is there under some rows, and for each its place among the rows, ascending."""
        owners: NDArray[Any] = np.arange(len(rows))
        for table in self.lineage:
            rows, above = table.below(rows)
            owners = owners[above]
        codes = self.stored.codes_of(rows)
        there = codes < self.stored.absent
        return codes[there], owners[there]

    def decoded(self, codes: NDArray[Any]) -> Any:  # noqa: ANN401 - Arrow ships no types
        """The values that readable codes stand for."""
        match self.kind.type:
            case ValueType.TEXT:
                return _texts(self.stored.texts, codes)
            case ValueType.BOOLEAN:
                return pa.array(np.array(self.stored.booleans, dtype=bool)[codes])
            case ValueType.TIME:
                return pa.array(self.stored.moments(codes)).cast(_arrow_type(self.kind))
            case _:
                numbers = self.stored.numbers.take(codes)
                return pa.array(numbers if self.kind.is_whole else numbers.astype(np.float64))

    def spelling(self, code: int) -> object:
        """An entry of a column that may hold text as JSON has it; of a JSON number, the number."""
        stored = self.stored
        is_number = stored.json_numbers is not None and bool(stored.json_numbers.at(code))
        return loads(stored.texts[code].encode()) if is_number else stored.texts[code]


def _arrow_type(kind: Kind) -> Any:  # noqa: ANN401 - Arrow ships no types
    return pa.int64() if kind.is_whole else _TYPES[kind.type]


def _texts(texts: Texts, codes: NDArray[Any]) -> Any:  # noqa: ANN401 - Arrow ships no types
    if len(codes) * _FEW_SHARE < len(texts):
        return pa.array([texts[code] for code in codes.tolist()], pa.string())
    return texts.arrow().take(pa.array(codes)).cast(pa.string())


class ProjectedColumn:
    """The values of one property in the matches."""

    def __init__(self, matches: ProjectedColumns, columns: Sequence[_SegmentColumn | None], prop: Property) -> None:
        self._matches = matches
        self.guard = matches.guard
        self._columns = columns
        self._prop = prop
        self._places: list[NDArray[np.int64]] = []
        self.spellings: list[object] | None = [] if prop.kind.type is ValueType.TEXT_OR_NUMBER else None

    def examine(self) -> bool:
        """Whether every value of the matches can be read; where text may stand beside numbers, finds the spellings."""
        is_spelled = self._prop.kind.type is ValueType.TEXT_OR_NUMBER
        if not is_spelled and not any(column is not None and column.stored.has_unreadable for column in self._columns):
            return True
        used = [np.zeros(0 if column is None else column.stored.absent, dtype=bool) for column in self._columns]
        for start in range(0, len(self._matches), EXAMINED_ROWS):
            for number, _, rows in self._matches.pieces(start, start + EXAMINED_ROWS):
                column = self._columns[number]
                if column is not None:
                    used[number][column.codes(rows)[0]] = True
        for column, mask in zip(self._columns, used, strict=True):
            if column is not None and mask[column.stored.readable :].any():
                return False
        if is_spelled:
            self._find_spellings(used)
        return True

    def _find_spellings(self, used: list[NDArray[np.bool_]]) -> None:
        spellings: list[object] = []
        for column, mask in zip(self._columns, used, strict=True):
            places = np.full(len(mask), -1, np.int64)
            codes = mask.nonzero()[0]
            places[codes] = np.arange(len(codes)) + len(spellings)
            spellings += [] if column is None else [column.spelling(code) for code in codes.tolist()]
            self._places.append(places)
        self.spellings = spellings

    @guarded
    def array(self, start: int, stop: int, spelled: Any = None) -> Any:  # noqa: ANN401 - Arrow ships no types
        """The values of the matches from `start` to before `stop`, as an Arrow array."""
        count = min(stop, len(self._matches)) - start
        flat, owners = [], []
        for number, places, rows in self._matches.pieces(start, stop):
            column = self._columns[number]
            if column is not None:
                codes, at = column.codes(rows)
                flat.append(
                    column.decoded(codes) if spelled is None else spelled.take(pa.array(self._places[number][codes]))
                )
                owners.append(places[at])
        empty = pa.array([], _arrow_type(self._prop.kind)) if spelled is None else spelled[:0]
        values = pa.concat_arrays(flat) if flat else empty
        owned = np.concatenate(owners) if owners else np.empty(0, np.int64)
        if len(flat) > 1:  # matches of several segments stand in turns
            order = np.argsort(owned, kind="stable")
            values, owned = values.take(pa.array(order)), owned[order]
        return _lists(values, owned, count) if self._prop.is_many else _cells(values, owned, count)


def _cells(values: Any, owners: NDArray[Any], count: int) -> Any:  # noqa: ANN401 - Arrow ships no types
    """Values at their places; every other is null."""
    if len(values) == count:
        return values
    places = np.zeros(count, np.int64)
    places[owners] = np.arange(len(owners))
    absent = np.ones(count, dtype=bool)
    absent[owners] = False
    return values.take(pa.array(places, mask=absent))


def _lists(values: Any, owners: NDArray[Any], count: int) -> Any:  # noqa: ANN401 - Arrow ships no types
    """A list for each place that owns values; every other is null."""
    lengths = np.bincount(owners, minlength=count)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    absent = np.append(lengths == 0, False)
    return pa.ListArray.from_arrays(pa.array(offsets, mask=absent), values)
