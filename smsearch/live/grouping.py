"""Groups of records, slow and obvious, the judge of every other engine's (rows A1 to A9).

Each record is put into its groups, and each group's values are listed and added up as fractions.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, assert_never

from smsearch.engine import measures
from smsearch.engine.grouping import ORDERED, Best, Function, GroupedRows, refuse_many
from smsearch.engine.measures import Moments
from smsearch.engine.value_counts import place_of, scalar_of
from smsearch.schema import read, versions
from smsearch.schema.values import Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsearch.engine.grouping import Aggregate, Cell, GroupKey
    from smsearch.engine.value_counts import Number, Scalar
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record


def group(records: Iterable[Record], keys: Sequence[GroupKey], aggregates: Sequence[Aggregate]) -> GroupedRows:
    """The groups of some records, and what is asked of each.

    Raises:
        LimitExceededError: There are more groups than an answer may have.
    """
    every = list(records)
    members: dict[tuple[Scalar | None, ...], list[Record]] = {}
    if not keys:
        members[()] = []
    for record in every:
        for values in product(*(_groups_of(record, key) for key in keys)):
            members.setdefault(values, []).append(record)
    refuse_many(len(members))
    in_order = sorted(members, key=lambda values: _order(values, keys))
    return GroupedRows(
        in_order,
        [tuple(_cell(members[values], aggregate) for aggregate in aggregates) for values in in_order],
        len(every),
        tuple(sum(_unreadable(record, key) for record in every) for key in keys),
        tuple(sum(_left_out(record, aggregate) for record in every) for aggregate in aggregates),
    )


def _scalars(record: Record, prop: Property) -> list[Scalar | Unreadable]:
    """The values of a record, each as often as it has it."""
    return [scalar_of(value) for value in read.property_values(record.document, prop)]


def _groups_of(record: Record, key: GroupKey) -> set[Scalar | None]:
    """The groups of one key: a record of several values is in several (row A3), one of none in that of absence."""
    groups = {_group_of(value, key) for value in _scalars(record, key.property)} - {None}
    return groups or {None}


def _group_of(value: Scalar | Unreadable, key: GroupKey) -> Scalar | None:
    """The group of a value; None for one that cannot be read."""
    if isinstance(value, Unreadable):
        return None
    if key.buckets is None:
        return value
    measure = value if key.property.kind.is_time else measures.number_in(value, key.property.kind)
    return key.buckets.begin(measure) if isinstance(measure, Decimal | int) else None


def _unreadable(record: Record, key: GroupKey) -> int:
    """How many different values of a record no group of a key takes."""
    return sum(_group_of(value, key) is None for value in set(_scalars(record, key.property)))


def _order(values: tuple[Scalar | None, ...], keys: Sequence[GroupKey]) -> tuple[object, ...]:
    """Where a group stands: by its keys in turn, absent values last, numbers before text (rows S2, S3)."""
    return tuple(
        (True,)
        if value is None
        else (False, value)
        if key.buckets is not None
        else (False, *place_of(value, key.property.kind))
        for value, key in zip(values, keys, strict=True)
    )


def _left_out(record: Record, aggregate: Aggregate) -> int:
    """How many different values of a record an aggregate does not take."""
    prop = aggregate.property
    return 0 if prop is None else sum(_taken(value, aggregate) is None for value in set(_scalars(record, prop)))


def _taken(value: Scalar | Unreadable, aggregate: Aggregate) -> Scalar | None:
    """A value as an aggregate takes it; None if it leaves it out."""
    if aggregate.function is Function.COUNT:
        return True
    if isinstance(value, Unreadable) or aggregate.property is None:
        return None
    if aggregate.function is Function.COUNT_DISTINCT:
        return value
    if aggregate.function in ORDERED:
        return measures.ordered_in(value, aggregate.property.kind)
    return measures.number_in(value, aggregate.property.kind)


def _cell(records: Sequence[Record], aggregate: Aggregate) -> Cell:
    prop = aggregate.property
    if prop is None:
        return len(records)
    pairs = [
        (comparable, record)
        for record in records
        for value in _scalars(record, prop)
        if (comparable := _taken(value, aggregate)) is not None
    ]
    values = [value for value, _ in pairs]
    match aggregate.function:
        case Function.COUNT:
            return sum(bool(_scalars(record, prop)) for record in records)
        case Function.COUNT_DISTINCT:
            return len(set(values))
        case Function.MIN | Function.MAX:
            choose = min if aggregate.function is Function.MIN else max
            return choose(values, default=None)
        case Function.BEST | Function.WORST:
            return _best(pairs, is_largest=aggregate.function is Function.BEST)
        case Function.MEDIAN:
            return _median(values, prop)
        case Function.SUM | Function.AVG | Function.STDDEV:
            moments = _moments(values, prop)
            return {
                Function.SUM: moments.sum(prop.kind),
                Function.AVG: moments.average(),
                Function.STDDEV: moments.deviation(),
            }[aggregate.function]
    assert_never(aggregate.function)


def _best(pairs: Sequence[tuple[Scalar, Record]], *, is_largest: bool) -> Best | None:
    """The largest or smallest number; of several records that have it the first by ARN, name and version (row S4)."""
    if not pairs:
        return None
    choose = max if is_largest else min
    best = choose(value for value, _ in pairs)
    first = min((record for value, record in pairs if value == best), key=versions.identity)
    return Best(_measured(best), first.name or first.arn)


def _median(values: Sequence[Scalar], prop: Property) -> Number | None:
    if not values:
        return None
    in_order = sorted(values)
    low, high = in_order[(len(in_order) - 1) // 2], in_order[len(in_order) // 2]
    return measures.middle(_measured(low), _measured(high), prop.kind)


def _measured(value: Scalar) -> Number:
    """A number or a time, which nothing else is taken for."""
    if isinstance(value, str):  # pragma: no cover - texts are asked for MIN and MAX alone
        raise TypeError(value)
    return value


def _moments(values: Sequence[Scalar], prop: Property) -> Moments:
    numbers = [value for value in values if isinstance(value, Decimal)]
    finite = [number for number in numbers if not measures.is_beyond(number, prop.kind)]
    fractions = [measures.finite_part(number, prop.kind) for number in finite]
    positive = sum(number > 0 for number in numbers if measures.is_beyond(number, prop.kind))
    negative = len(numbers) - len(finite) - positive
    return Moments(
        len(numbers), sum(fractions, Fraction(0)), sum((one**2 for one in fractions), Fraction(0)), positive, negative
    )
