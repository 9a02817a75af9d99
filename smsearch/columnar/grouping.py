"""Groups of a store's records: codes of keys combined, and what is asked counted and added up over codes.

Only columns are read. Values of several segments are brought to one list of entries first (`gathered.py`), so that what
follows knows no segment, save where a record has to be named.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from smsearch.columnar.gathered import gather
from smsearch.columnar.group_ids import group_ids, pairs
from smsearch.columnar.measured import blocks, counted, measured, pieces_of
from smsearch.columnar.operators.merge import identity_of
from smsearch.engine import measures
from smsearch.engine.grouping import ORDERED, Best, Function, GroupedRows, refuse_many
from smsearch.engine.measures import Moments
from smsearch.frozen import frozen
from smsearch.numpy_later import np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from smsearch.columnar.aggregate import Matches
    from smsearch.columnar.gathered import DistinctValues, Gathered
    from smsearch.columnar.group_ids import GroupIds
    from smsearch.columnar.measured import Measured
    from smsearch.engine.grouping import Aggregate, Cell, GroupKey
    from smsearch.schema.property import Property


@frozen
class _Groups:
    """The groups, and what every aggregate needs.

    Attributes:
        matches: The matches of each segment.
        ids: Which group each membership is in.
        present: The numbers of the groups that have a member, ascending.
        counts: How many each of them has.
    """

    matches: Sequence[Matches]
    ids: GroupIds
    present: NDArray[np.int64]
    counts: NDArray[np.int64]


@frozen
class _Taken:
    """The values of a property that an aggregate takes, each with its group.

    Attributes:
        entries: The distinct ones, ascending.
        groups: The group of each value, once for each membership of its record.
        ranks: Its place among the entries.
        members: The place of its record among the matches; None where it is the value's own place.
    """

    entries: DistinctValues
    groups: NDArray[Any]
    ranks: NDArray[Any]
    members: NDArray[np.int64] | None


def group(matches: Sequence[Matches], keys: Sequence[GroupKey], aggregates: Sequence[Aggregate]) -> GroupedRows:
    """The groups of the matches, and what is asked of each.

    Raises:
        LimitExceededError: There are more groups than an answer may have.
    """
    ids = group_ids(matches, keys)
    counts = counted(ids.ids, ids.size)
    present = np.flatnonzero(counts) if keys else np.zeros(1, np.int64)
    refuse_many(len(present))
    groups = _Groups(matches, ids, present, counts.take(present))
    gathered: dict[Property, Gathered] = {}
    columns, left_out = [], []
    for aggregate in aggregates:
        prop = aggregate.property
        if prop is None:
            columns.append(groups.counts.tolist())
            left_out.append(0)
            continue
        if prop not in gathered:
            gathered[prop] = gather(matches, prop)
        cells, count = _column(groups, gathered[prop], aggregate.function)
        columns.append(cells)
        left_out.append(count)
    cells_of_groups = list(zip(*columns, strict=True)) if columns else [()] * len(present)
    total = sum(count for _, _, count in matches)
    return GroupedRows(ids.keys(present), cells_of_groups, total, ids.unreadable, tuple(left_out))


def _column(groups: _Groups, gathered: Gathered, function: Function) -> tuple[Sequence[Cell], int]:
    """The cells of one aggregate, and how many matches have a value that it leaves out."""
    if function is Function.COUNT:
        return _having(groups, gathered), 0
    if function is Function.COUNT_DISTINCT:
        chosen = gathered.codes < len(gathered.entries)
        values = _joined(groups, gathered, gathered.entries, gathered.codes, chosen)
        return _distinct(groups, values), gathered.others(chosen)
    taken: Measured = measured(gathered, function)
    ranks = taken.of(gathered.codes)
    if gathered.is_complete and taken.ranks is None and gathered.owners is None and groups.ids.members is None:
        values, left_out = _Taken(taken.entries, groups.ids.ids, ranks, None), 0
    else:
        chosen = taken.has(ranks)
        values, left_out = _joined(groups, gathered, taken.entries, ranks, chosen), gathered.others(chosen)
    cells = _ordered(groups, values, function) if function in ORDERED else _summed(groups, values, function)
    return cells, left_out


def _having(groups: _Groups, gathered: Gathered) -> list[int]:
    """How many records of each group have a property."""
    has = gathered.codes < gathered.absent
    if gathered.owners is not None:
        of_matches = np.zeros(gathered.total, dtype=bool)
        of_matches[gathered.owners[has]] = True
        has = of_matches
    if groups.ids.members is not None:
        has = has.take(groups.ids.members)
    counts: list[int] = np.bincount(groups.ids.ids[has], minlength=groups.ids.size).take(groups.present).tolist()
    return counts


def _joined(
    groups: _Groups, gathered: Gathered, entries: DistinctValues, ranks: NDArray[Any], chosen: NDArray[np.bool_]
) -> _Taken:
    """Some values of a property, each once for every group that its record is in."""
    ids, members, owners = groups.ids.ids, groups.ids.members, gathered.owners
    if owners is None and members is None:
        if chosen.all():
            return _Taken(entries, ids, ranks, None)
        places = np.flatnonzero(chosen)
        return _Taken(entries, ids.take(places), ranks.take(places), places)
    if owners is None and members is not None:
        places = np.flatnonzero(chosen.take(members))
        of_places = members.take(places)
        return _Taken(entries, ids.take(places), ranks.take(of_places), of_places)
    places = np.flatnonzero(chosen)
    own = gathered.owners.take(places) if gathered.owners is not None else places
    if members is None:
        return _Taken(entries, ids.take(own), ranks.take(places), own)
    (left, right), matches = pairs(members, own, gathered.total)
    return _Taken(entries, ids.take(left), ranks.take(places.take(right)), matches)


def _distinct(groups: _Groups, values: _Taken) -> list[int]:
    """How many different values each group has."""
    width = max(len(values.entries), 1)
    numbers = np.unique(values.groups.astype(np.int64) * width + values.ranks)
    counts: list[int] = np.bincount(numbers // width, minlength=groups.ids.size).take(groups.present).tolist()
    return counts


def _ordered(groups: _Groups, values: _Taken, function: Function) -> list[Cell]:
    """What an order of values gives."""
    if function is Function.MEDIAN:
        return _medians(groups, values)
    is_largest = function in {Function.MAX, Function.BEST}
    extreme = np.full(groups.ids.size, -1 if is_largest else len(values.entries), np.int64)
    for block in blocks(len(values.groups), groups.ids.size):
        (np.maximum if is_largest else np.minimum).at(
            extreme, values.groups[block], values.ranks[block].astype(np.int64)
        )
    ranks = extreme.take(groups.present)
    names = _names(groups, values, extreme) if function in {Function.BEST, Function.WORST} else None
    cells: list[Cell] = []
    for number, rank in zip(groups.present.tolist(), ranks.tolist(), strict=True):
        if not 0 <= rank < len(values.entries):
            cells.append(None)
            continue
        value = values.entries.value(rank)
        cells.append(value if names is None else Best(value, names[number]))  # type: ignore[arg-type]  # a number
    return cells


def _names(groups: _Groups, values: _Taken, extreme: NDArray[np.int64]) -> dict[int, str]:
    """For each group the record that has its extreme value; of several the first by ARN, name and version (row S4)."""
    found = [
        np.flatnonzero(extreme.take(values.groups[block]) == values.ranks[block]) + block.start
        for block in blocks(len(values.groups), groups.ids.size)
    ]
    has_it = np.concatenate(found) if found else np.empty(0, np.int64)
    numbers = values.groups.take(has_it).astype(np.int64)
    places = has_it if values.members is None else values.members.take(has_it)
    starts = np.array(list(accumulate((count for _, _, count in groups.matches), initial=0)))
    names: dict[int, tuple[tuple[str, ...], str]] = {}
    for at, (reader, rows, _) in enumerate(groups.matches):
        within = (places >= starts[at]) & (places < starts[at + 1])
        own = places[within] - starts[at]
        rows_there = own if rows is None else rows.take(own)
        rank = reader.tables.records.tiebreak_rank
        ties = rows_there if rank is None else rank.take(rows_there)
        order = np.lexsort((ties, numbers[within]))
        firsts, first_places = np.unique(numbers[within][order], return_index=True)
        for number, row in zip(firsts.tolist(), rows_there[order][first_places].tolist(), strict=True):
            identity = identity_of(reader, row)
            if number not in names or identity < names[number][0]:
                names[number] = identity, identity[1] or identity[0]
    return {number: name for number, (_, name) in names.items()}


def _medians(groups: _Groups, values: _Taken) -> list[Cell]:
    width = max(len(values.entries), 1)
    numbers = np.sort(values.groups.astype(np.int64) * width + values.ranks)
    counts = np.bincount(numbers // width, minlength=groups.ids.size)
    starts = np.cumsum(counts) - counts
    cells: list[Cell] = []
    for number in groups.present.tolist():
        start, count = int(starts[number]), int(counts[number])
        if not count:
            cells.append(None)
            continue
        low, high = (
            values.entries.value(int(numbers[start + place]) % width) for place in ((count - 1) // 2, count // 2)
        )
        cells.append(measures.middle(low, high, values.entries.kind))  # type: ignore[arg-type]  # numbers, or times
    return cells


def _summed(groups: _Groups, values: _Taken, function: Function) -> list[Cell]:
    """What sums of numbers give."""
    size, kind = groups.ids.size, values.entries.kind
    is_whole = values.groups is groups.ids.ids
    counts = groups.counts if is_whole else counted(values.groups, size).take(groups.present)
    pieces = pieces_of(values.entries, values.ranks, len(values.ranks))
    totals = pieces.sums(values.groups, groups.present)
    no_squares = [Fraction(0)] * len(totals)
    squares = pieces.squared().sums(values.groups, groups.present) if function is Function.STDDEV else no_squares
    positive = negative = [0] * len(totals)
    signs = pieces.signs_of_numbers
    if signs is not None:
        positive, negative = (
            counted(values.groups[signs == sign], size).take(groups.present).tolist() for sign in (1, -1)
        )
    cells: list[Cell] = []
    for moments in map(Moments, counts.tolist(), totals, squares, positive, negative):
        match function:
            case Function.SUM:
                cells.append(moments.sum(kind))
            case Function.AVG:
                cells.append(moments.average())
            case _:
                cells.append(moments.deviation())
    return cells
