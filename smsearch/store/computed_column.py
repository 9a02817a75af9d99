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
from inspect import signature
from itertools import repeat
from typing import TYPE_CHECKING, Final

from smsearch.numpy_later import np
from smsearch.schema import formulas
from smsearch.schema.formulas import Cost, InstanceSeconds
from smsearch.schema.value_kinds import ValueType
from smsearch.schema.values import UNREADABLE, double_or_exact
from smsearch.store import dictionaries, encoded_column, products
from smsearch.store.address import ROOT, address
from smsearch.store.buffered_values import BufferedValues
from smsearch.store.column import open_column
from smsearch.store.column_metadata import DictionaryMetadata
from smsearch.store.memory_segment import MemorySegment
from smsearch.store.texts import joined_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from smsearch.schema.property import Computed, Property
    from smsearch.schema.values import Value
    from smsearch.store.child_table import ChildTable
    from smsearch.store.column import Column
    from smsearch.store.encoded_column import EncodedColumn
    from smsearch.store.table import Table
    from smsearch.store.tables import Tables

    Formula = Callable[..., Decimal | str | None]

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
    encoded = _encoded(computed, tables)
    if not len(encoded.rows):
        return None
    rank = None if table.tiebreak_rank is None else table.tiebreak_rank.whole()
    segment = MemorySegment(encoded_column.laid_out(encoded, table.row_count, rank))
    return open_column(segment, segment.column, table.row_count, table.tiebreak_order)


def _encoded(computed: Computed, tables: Tables) -> EncodedColumn:
    match computed.formula:
        case formulas.seconds_between:
            values = _spans(computed, tables.records)
        case InstanceSeconds() | Cost() as formula:
            values = _weighted(formula, computed, tables) or _numbers(*_combined(computed, tables))
        case _ if computed.kind.type is ValueType.TEXT:
            return _texts(*_combined(computed, tables))
        case _:
            values = _numbers(*_combined(computed, tables))
    return dictionaries.encode(computed.kind, values)


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
    is_exact = np.abs(spans) < 10**products.EXACT_DIGITS
    others = zip(rows[~is_exact].tolist(), spans[~is_exact].tolist(), strict=True)
    return BufferedValues(
        texts=None,
        float_rows=rows[is_exact],
        floats=spans[is_exact] / _MICROS,
        others=[(row, formulas.seconds_between([0], [span])) for row, span in others],
    )


def _weighted(formula: InstanceSeconds | Cost, computed: Computed, tables: Tables) -> BufferedValues | None:
    """Seconds times weights, of all rows at once; None where integers do not hold them."""
    inputs = dict(computed.inputs)
    column = tables.records.at(address(inputs.pop("seconds").steps))
    if column is None:
        return BufferedValues(texts=None)
    combined = _combinations({name: _input(prop, tables) for name, prop in inputs.items()}, tables.records.row_count)
    weights = _values_of(formula.weight, combined)
    has_weight = np.array([weight is not None for weight in weights], bool)
    codes = column.all_codes().astype(np.int64)
    rows = np.flatnonzero((codes < column.readable) & has_weight[combined.of_rows])
    if column.exact is not None or not len(rows):
        return None
    multiplied = products.products(
        column.numbers.take(codes[rows]),
        [weight for weight in weights if isinstance(weight, Decimal)],
        (np.cumsum(has_weight) - 1)[combined.of_rows[rows]],
        formula.divisor,
        formula.digits,
    )
    return (
        None if multiplied is None else BufferedValues(texts=None, float_rows=rows.astype(np.uint32), floats=multiplied)
    )


@dataclass(frozen=True, slots=True)
class _Combinations:
    """The different combinations of inputs: `of_rows` says which each row has."""

    of_rows: NDArray[np.int64]
    inputs: Mapping[str, _Input]


def _combinations(inputs: Mapping[str, _Input], row_count: int) -> _Combinations:
    """Which combination each row has; each input with a code for each combination."""
    of_rows, firsts = np.zeros(row_count, np.int64), np.zeros(min(row_count, 1), np.int64)
    for (
        one
    ) in inputs.values():  # each step numbers the combinations anew, so that no number grows beyond rows times codes
        of_rows, firsts = numbered(of_rows * len(one.values) + one.codes, len(firsts) * len(one.values))
    return _Combinations(of_rows, {name: _Input(one.codes[firsts], one.values) for name, one in inputs.items()})


def numbered(numbers: NDArray[np.int64], end: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The place of each number among the different ones in order, and the first place at which each of those stands.

    Args:
        numbers: From 0 to before `end`.
        end: Where there are no more numbers than this, they are marked and not sorted.
    """
    if end > len(numbers):
        _, firsts, places = np.unique(numbers, return_index=True, return_inverse=True)
        return places, firsts
    first_of = np.full(end, -1, np.int64)
    first_of[numbers[::-1]] = np.arange(len(numbers))[::-1]
    is_there = first_of >= 0
    return (np.cumsum(is_there) - 1)[numbers], first_of[is_there]


def _values_of(formula: Formula, combined: _Combinations) -> list[Decimal | str | None]:
    """What a formula gives for each combination; None where an input cannot be read."""
    count = int(combined.of_rows.max(initial=-1)) + 1
    unreadable = np.zeros(count, bool)
    arguments: list[Iterable[Sequence[Value]]] = []
    for name in signature(formula).parameters:
        one = combined.inputs.get(name)
        if one is None:
            arguments.append(repeat((), count))
            continue
        unreadable |= np.array([UNREADABLE in values for values in one.values], bool)[one.codes]
        arguments.append([one.values[code] for code in one.codes.tolist()])
    return [
        None if is_unreadable else formula(*values)
        for is_unreadable, values in zip(unreadable.tolist(), zip(*arguments, strict=True), strict=True)
    ]


def _combined(computed: Computed, tables: Tables) -> tuple[NDArray[np.int64], list[Decimal | str | None]]:
    """Which combination of inputs each row has, and the value of each combination."""
    inputs = {name: _input(prop, tables) for name, prop in computed.inputs}
    combined = _combinations(inputs, tables.records.row_count)
    return combined.of_rows, _values_of(computed.formula, combined)


def _input(prop: Property, tables: Tables) -> _Input:
    """The values of a property by row, whether they lie in the records' table or in that of a list."""
    place, rows = address(prop.steps), tables.records.row_count
    lineage = tables.lineage(place.table)
    table = tables.get(place.table)
    column = None if table is None or lineage is None else table.at(place)
    if column is None or lineage is None:
        return _Input(np.zeros(rows, np.int64), [()])
    each = [(value,) for value in column.dictionary.sort_values()] + [(UNREADABLE,)] * (column.absent - column.readable)
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


def _texts(of_rows: NDArray[np.int64], texts: Sequence[object]) -> EncodedColumn:
    """The texts of rows, given that of each combination; without Arrow, which takes longer to load than all this."""
    distinct = sorted({text for text in texts if isinstance(text, str)})
    code_of: dict[object, int] = {text: code for code, text in enumerate(distinct)}
    codes = np.array([code_of.get(text, len(distinct)) for text in texts], np.uint32)[of_rows]
    rows = np.flatnonzero(codes < len(distinct))
    joined = joined_texts([text.encode() for text in distinct])
    part = (rows.astype(np.uint32), codes[rows])
    return encoded_column.encoded_column([part], len(distinct), DictionaryMetadata(texts=joined))


def _numbers(of_rows: NDArray[np.int64], numbers: Sequence[object]) -> BufferedValues:
    """The numbers of rows, given that of each combination."""
    raws = [double_or_exact(number) if isinstance(number, Decimal) else None for number in numbers]
    doubles = np.array([raw if isinstance(raw, float) else np.nan for raw in raws], np.float64)[of_rows]
    is_exact = np.array([isinstance(raw, Decimal) for raw in raws], bool)[of_rows]
    rows = np.flatnonzero(~np.isnan(doubles))
    return BufferedValues(
        texts=None,
        float_rows=rows.astype(np.uint32),
        floats=doubles[rows],
        others=[(row, raws[of_rows[row]]) for row in np.flatnonzero(is_exact).tolist()],
    )
