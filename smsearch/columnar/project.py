"""Matches of a store as Arrow arrays: codes of rows, decoded by taking from the entries.

A column of numbers tells distinct values apart, not spellings: where two spellings of one value could become different
cells, or a value is unreadable, it says so by giving no values, and the reader takes the documents. It knows no frame
and no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from smsearch.columnar.property_columns import in_one_column, members_of
from smsearch.schema.decode import loads
from smsearch.schema.parsed import ParsedDocuments
from smsearch.schema.value_kinds import ValueType
from smsearch.store.address import address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.schema.property import Property
    from smsearch.schema.value_kinds import Kind
    from smsearch.store.column import Column
    from smsearch.store.segment import Texts
    from smsearch.store.store import Part
    from smsearch.store.table import Table

SETTLING_ROWS: Final = 65_536
"""Rows that are looked at together while a column is examined."""
_EXACT_INTEGER_MAX: Final = 1 << 53
_FEW_SHARE: Final = 16
"""Texts are read one by one where fewer than one in this many are wanted: the whole would have to be verified."""
_TYPES: Final = {
    ValueType.TEXT: pa.string(),
    ValueType.NUMBER: pa.float64(),
    ValueType.TIME: pa.timestamp("us", tz="UTC"),
    ValueType.BOOLEAN: pa.bool_(),
}


class ChosenRows:
    """The matches of a question in order: rows of the segments of a store.

    Args:
        resource: Their resource.
        parts: The segments.
        at: For each match, which segment it is in.
        rows: uint32: for each match, its row there.
    """

    def __init__(self, resource: str, parts: Sequence[Part], at: NDArray[Any], rows: NDArray[Any]) -> None:
        self._resource = resource
        self._parts = parts
        self._at = at
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def records(self, start: int, stop: int) -> ParsedDocuments:
        """The matches from `start` to before `stop` as records, parsed as they are asked for."""
        stored: list[bytes] = [b""] * (min(stop, len(self)) - start)
        for number, places, rows in self.pieces(start, stop):
            for place, document in zip(places.tolist(), self._parts[number].documents(rows), strict=True):
                stored[place] = document
        return ParsedDocuments(self._resource, stored)

    def pieces(self, start: int, stop: int) -> list[tuple[int, NDArray[Any], NDArray[Any]]]:
        """The matches of a range by segment: its number, their places in the range, their rows."""
        rows = self._rows[start:stop]
        if len(self._parts) == 1:
            return [(0, np.arange(len(rows)), rows)]
        at = self._at[start:stop]
        places = [(at == number).nonzero()[0] for number in range(len(self._parts))]
        return [(number, found, rows[found]) for number, found in enumerate(places) if len(found)]

    def values(self, prop: Property) -> StoredValues | None:
        """The values of a property, or None where only the documents say them exactly."""
        if not prop.kind.has_values or not in_one_column(prop):
            return None
        sources = self._sources(prop)
        if any(source is not None and not source.is_exact for source in sources):
            return None
        values = StoredValues(self, sources, prop)
        return values if values.examine() else None

    def has(self, prop: Property) -> bool:
        """Whether a match has the property."""
        return any(map(self._has, members_of(prop)))

    def _has(self, prop: Property) -> bool:
        sources = self._sources(prop)
        if not any(sources):
            return False
        for start in range(0, len(self), SETTLING_ROWS):
            for number, _, rows in self.pieces(start, start + SETTLING_ROWS):
                source = sources[number]
                if source is not None and len(source.codes(rows)[0]):
                    return True
        return False

    def _sources(self, prop: Property) -> list[_Source | None]:
        """The column of a property in each segment; None where no record has it."""
        where = address(prop.steps)
        sources: list[_Source | None] = []
        for part in self._parts:
            lineage = part.tables.lineage(where.table)
            table = part.tables.get(where.table)
            column = None if table is None or lineage is None else table.column(where.column)
            sources.append(None if column is None else _Source(column, tuple(lineage or ()), prop.kind))
        return sources


@dataclass(frozen=True, slots=True)
class _Source:
    """The column of a property in one segment, and the lists on the way to it."""

    column: Column
    lineage: tuple[Table, ...]
    kind: Kind

    @property
    def is_exact(self) -> bool:
        """Whether the readable entries say what the JSON values did."""
        if not self.kind.is_number:
            return True
        if self.column.exact is not None:
            return False
        numbers = self.column.numbers
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
        codes = self.column.codes_of(rows)
        there = codes < self.column.absent
        return codes[there], owners[there]

    def decoded(self, codes: NDArray[Any]) -> Any:  # noqa: ANN401 - Arrow ships no types
        """The values that readable codes stand for."""
        match self.kind.type:
            case ValueType.TEXT:
                return _texts(self.column.texts, codes)
            case ValueType.BOOLEAN:
                return pa.array(np.array(self.column.booleans, dtype=bool)[codes])
            case ValueType.TIME:
                return pa.array(self.column.micros.take(codes)).cast(_arrow_type(self.kind))
            case _:
                numbers = self.column.numbers.take(codes)
                return pa.array(numbers if self.kind.is_whole else numbers.astype(np.float64))

    def spelling(self, code: int) -> object:
        """An entry of a column that may hold text as JSON has it; of a JSON number, the number."""
        column = self.column
        is_number = column.json_numbers is not None and bool(column.json_numbers.at(code))
        return loads(column.texts[code].encode()) if is_number else column.texts[code]


def _arrow_type(kind: Kind) -> Any:  # noqa: ANN401 - Arrow ships no types
    return pa.int64() if kind.is_whole else _TYPES[kind.type]


def _texts(texts: Texts, codes: NDArray[Any]) -> Any:  # noqa: ANN401 - Arrow ships no types
    if len(codes) * _FEW_SHARE < len(texts):
        return pa.array([texts[code] for code in codes.tolist()], pa.string())
    return texts.arrow().take(pa.array(codes)).cast(pa.string())


class StoredValues:
    """The values of one property in the matches."""

    def __init__(self, chosen: ChosenRows, sources: Sequence[_Source | None], prop: Property) -> None:
        self._chosen = chosen
        self._sources = sources
        self._prop = prop
        self._places: list[NDArray[np.int64]] = []
        self.spellings: list[object] | None = [] if prop.kind.type is ValueType.TEXT_OR_NUMBER else None

    def examine(self) -> bool:
        """Whether every value of the matches can be read; where text may stand beside numbers, finds the spellings."""
        is_spelled = self._prop.kind.type is ValueType.TEXT_OR_NUMBER
        if not is_spelled and not any(source is not None and source.column.has_unreadable for source in self._sources):
            return True
        used = [np.zeros(0 if source is None else source.column.absent, dtype=bool) for source in self._sources]
        for start in range(0, len(self._chosen), SETTLING_ROWS):
            for number, _, rows in self._chosen.pieces(start, start + SETTLING_ROWS):
                source = self._sources[number]
                if source is not None:
                    used[number][source.codes(rows)[0]] = True
        for source, mask in zip(self._sources, used, strict=True):
            if source is not None and mask[source.column.readable :].any():
                return False
        if is_spelled:
            self._find_spellings(used)
        return True

    def _find_spellings(self, used: list[NDArray[np.bool_]]) -> None:
        found: list[object] = []
        for source, mask in zip(self._sources, used, strict=True):
            places = np.full(len(mask), -1, np.int64)
            codes = mask.nonzero()[0]
            places[codes] = np.arange(len(codes)) + len(found)
            found += [] if source is None else [source.spelling(code) for code in codes.tolist()]
            self._places.append(places)
        self.spellings = found

    def array(self, start: int, stop: int, spelled: Any = None) -> Any:  # noqa: ANN401 - Arrow ships no types
        """The values of the matches from `start` to before `stop`, as an Arrow array."""
        count = min(stop, len(self._chosen)) - start
        flat, owners = [], []
        for number, places, rows in self._chosen.pieces(start, stop):
            source = self._sources[number]
            if source is not None:
                codes, at = source.codes(rows)
                flat.append(
                    source.decoded(codes) if spelled is None else spelled.take(pa.array(self._places[number][codes]))
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
