"""A column that a formula makes of other columns of a segment, when it is first asked for.

No document is read. The codes of the inputs that a row has are its *combination*. The formula is asked once for each
combination, since many jobs share one. Of rows 0 to 2 with the seconds 60, 60, 90 and the counts 1, 1, 2:

    combinations  0  0  1
    values        60, 180        of (60, 1) and of (90, 2)

Most spans of time are unlike any other, so those are computed of whole arrays. This module knows no query.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from smsearch.numpy_later import np
from smsearch.schema import formulas
from smsearch.schema.values import UNREADABLE, double_or_exact
from smsearch.store import dictionaries, encoded_column
from smsearch.store.address import ROOT, address
from smsearch.store.buffered_values import BufferedValues
from smsearch.store.column import open_column
from smsearch.store.memory_segment import MemorySegment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from smsearch.schema.property import Computed, Property
    from smsearch.schema.values import Value
    from smsearch.store.child_table import ChildTable
    from smsearch.store.column import Column
    from smsearch.store.table import Table
    from smsearch.store.tables import Tables

_EXACT_DIGITS: Final = 15
"""Digits of a decimal that its nearest double always spells again."""
_MICROS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class _Input:
    """The values of an input: a code for each row of the table, and the values that each code stands for."""

    codes: NDArray[np.int64]
    values: Sequence[Sequence[Value]]


def computed_column(computed: Computed, tables: Tables) -> Column | None:
    """The column of a formula over a segment's records; None if none of them has such a value.

    Args:
        computed: The formula and its inputs.
        tables: The segment's.
    """
    table = tables.records
    values = _spans(computed, table) if computed.formula is formulas.seconds_between else _combined(computed, tables)
    encoded = dictionaries.encode(computed.kind, values)
    if not len(encoded.rows):
        return None
    rank = None if table.tiebreak_rank is None else table.tiebreak_rank.whole()
    segment = MemorySegment(encoded_column.laid_out(encoded, table.row_count, rank))
    return open_column(segment, segment.column, table.row_count, table.tiebreak_order)


def _spans(computed: Computed, table: Table) -> BufferedValues:
    """Seconds between two times, of all rows at once."""
    columns = [table.at(address(prop.steps)) for _, prop in computed.inputs]
    micros: list[NDArray[np.int64]] = []
    rows = np.arange(table.row_count, dtype=np.uint32)
    for column in columns:
        codes = np.full(len(rows), 1) if column is None else column.codes_of(rows)
        readable = 0 if column is None else column.readable
        is_there = codes < readable
        rows, micros = rows[is_there], [times[is_there] for times in micros]
        if column is not None:
            micros.append(column.micros.take(codes[is_there].astype(np.int64)))
    spans = micros[1] - micros[0] if len(micros) == len(columns) else np.empty(0, np.int64)
    is_exact = np.abs(spans) < 10**_EXACT_DIGITS
    others = zip(rows[~is_exact].tolist(), spans[~is_exact].tolist(), strict=True)
    return BufferedValues(
        float_rows=rows[is_exact],
        floats=spans[is_exact] / _MICROS,
        others=[(row, formulas.seconds_between([0], [span])) for row, span in others],
    )


def _combined(computed: Computed, tables: Tables) -> BufferedValues:
    """The value of each combination of inputs, given to the rows that have it."""
    names = [name for name, _ in computed.inputs]
    inputs = [_input(prop, tables) for _, prop in computed.inputs]
    combinations = np.zeros(tables.records.row_count, np.int64)
    firsts = np.zeros(1, np.int64)
    for one in inputs:  # each step numbers the combinations anew, so that no number grows beyond rows times codes
        joined = combinations * len(one.values) + one.codes
        _, firsts, combinations = np.unique(joined, return_index=True, return_inverse=True)
    values = [
        computed.formula(**arguments) if _is_readable(arguments.values()) else None
        for arguments in (
            {name: one.values[code] for name, one, code in zip(names, inputs, codes, strict=True)}
            for codes in zip(*(one.codes[firsts].tolist() for one in inputs), strict=True)
        )
    ]
    return _buffered(combinations, values)


def _is_readable(inputs: Iterable[Sequence[Value]]) -> bool:
    return not any(UNREADABLE in values for values in inputs)


def _input(prop: Property, tables: Tables) -> _Input:
    """The values of a property by row, whether they lie in the records' table or in that of a list."""
    place, rows = address(prop.steps), tables.records.row_count
    lineage = tables.lineage(place.table)
    table = tables.get(place.table)
    column = None if table is None or lineage is None else table.at(place)
    if column is None or lineage is None:
        return _Input(np.zeros(rows, np.int64), [()])
    each = [(_value(column, code),) for code in range(column.absent)]
    codes = column.all_codes().astype(np.int64)
    return _Input(codes, [*each, ()]) if place.table == ROOT else _of_elements(codes, each, lineage, rows)


def _of_elements(
    codes: NDArray[np.int64], each: Sequence[tuple[Value]], lineage: Sequence[ChildTable], rows: int
) -> _Input:
    """The same of the elements of a list: a code for each different sequence of values that a record has."""
    owners = np.arange(len(codes))
    for table in reversed(lineage):
        owners = table.parents.whole()[owners]
    sequences: dict[int, list[int]] = {}
    for owner, code in zip(owners.tolist(), codes.tolist(), strict=True):
        if code < len(each):
            sequences.setdefault(owner, []).append(code)
    places: dict[tuple[int, ...], int] = {(): 0}
    coded = np.zeros(rows, np.int64)
    for owner, sequence in sequences.items():
        coded[owner] = places.setdefault(tuple(sequence), len(places))
    return _Input(coded, [[value for code in sequence for value in each[code]] for sequence in places])


def _value(column: Column, code: int) -> Value:
    return UNREADABLE if code >= column.readable else column.dictionary.sort_value(code)


def _buffered(combinations: NDArray[np.int64], values: Sequence[Decimal | str | None]) -> BufferedValues:
    """The values of rows, given that of each combination."""
    is_text = any(isinstance(value, str) for value in values)
    is_other = np.array(
        [isinstance(value, Decimal) and isinstance(double_or_exact(value), Decimal) for value in values], bool
    )
    is_plain = np.array([value is not None for value in values], bool) & ~is_other
    rows = np.flatnonzero(is_plain[combinations]).astype(np.uint32)
    if is_text:
        encoded = pa.array(values, pa.large_string()).dictionary_encode()
        codes = encoded.indices.fill_null(0).to_numpy().astype(np.uint32)
        return BufferedValues(text_rows=rows, text_codes=codes[combinations[rows]], texts=encoded.dictionary)
    doubles = np.array(
        [float(value) if plain and value else 0.0 for value, plain in zip(values, is_plain, strict=True)]
    )
    others = np.flatnonzero(is_other[combinations])
    return BufferedValues(
        float_rows=rows,
        floats=doubles[combinations[rows]],
        others=[(row, values[combinations[row]]) for row in others.tolist()],
    )
