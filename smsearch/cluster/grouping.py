"""Groups made by the cluster: Spark counts how often each value occurs in each group, and the driver adds them up.

So that numbers are added exactly, and as everywhere, Spark adds none: it sends the driver each different value of a
group with its count and the first record that has it. The driver holds every different value of the properties that are
named; for buckets it works out from them where each begins. It knows no session and no archive.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, assert_never

from pyspark.sql import functions as F  # noqa: N812 - as everyone writes it

from smsearch.cluster import aggregate
from smsearch.cluster.order import identity_columns
from smsearch.cluster.value_text import text_of_cell, value_of_text
from smsearch.cluster.walk import ShapedColumn, all_values
from smsearch.engine import measures
from smsearch.engine.grouping import ORDERED, Best, Function, GroupedRows, refuse_many
from smsearch.engine.measures import Moments
from smsearch.engine.value_counts import place_of
from smsearch.schema import values
from smsearch.schema.decimal_key import decimal_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyspark.sql import Column, DataFrame

    from smsearch.engine.grouping import Aggregate, Cell, GroupKey
    from smsearch.engine.value_counts import DictValueCounts, Number, Scalar
    from smsearch.schema.catalogue import Resource
    from smsearch.schema.property import Property

    Group = tuple[Scalar | None, ...]

_COUNT: Final = "records"


@dataclass(frozen=True, slots=True)
class _Occurrences:
    """A value in a group: how often it occurs, and ARN, name and version of the first record that has it."""

    value: Scalar
    count: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _KeyTexts:
    """What the values of a key are grouped as.

    Attributes:
        starts: Where each run of values of one bucket begins, ascending; None where values are groups themselves.
        labels: The bucket of each run; None of values that are in none.
    """

    key: GroupKey
    starts: tuple[str | int, ...] | None = None
    labels: tuple[Scalar | None, ...] = ()

    def column(self, resource: Resource) -> Column:
        """The different groups of a record as texts, one null where it has none."""
        found = all_values(ShapedColumn(resource.root), self.key.property.steps, self._text)
        there = F.array_distinct(F.filter(found, lambda one: one.isNotNull()))
        return F.when(F.size(there) > 0, there)

    def _text(self, cell: Column) -> Column:
        kind = self.key.property.kind
        if self.starts is None:
            return text_of_cell(cell, kind.type)
        measure = F.unix_micros(cell.getField("time")) if kind.is_time else cell.getField("key")
        if not self.starts:
            return F.lit(None).cast("string")
        starts = F.array(*map(F.lit, self.starts))
        run = F.size(F.filter(starts, lambda start: start <= measure)) - 1
        missing = [place for place, label in enumerate(self.labels) if label is None]
        return F.when(measure.isNotNull() & ~run.isin([-1, *missing]), run.cast("string"))

    def value(self, text: str | None) -> Scalar | None:
        """The group that a text stands for."""
        if text is None:
            return None
        return value_of_text(text, self.key.property.kind.type) if self.starts is None else self.labels[int(text)]


def group(
    matching: DataFrame, resource: Resource, keys: Sequence[GroupKey], aggregates: Sequence[Aggregate]
) -> GroupedRows:
    """The groups of the rows of a frame, and what is asked of each.

    Raises:
        LimitExceededError: There are more groups than an answer may have.
    """
    named = [key.property for key in keys]
    named += [one.property for one in aggregates if one.property is not None and one.function is not Function.COUNT]
    props = list(dict.fromkeys(named))
    counts = dict(zip(props, aggregate.value_counts(matching, resource, props), strict=True))
    classes = [_classes(key, counts[key.property]) for key in keys]
    members = _members(matching, resource, classes, aggregates)
    records = {_group(row, classes): row for row in _counted(members, classes, aggregates)}
    refuse_many(len(records))
    found = {prop: _occurrences(members, classes, at, prop) for at, prop in enumerate(_valued(aggregates))}
    in_order = sorted(records, key=lambda one: _order(one, keys))
    cells = [tuple(_cells(one, records[one], found, aggregates)) for one in in_order]
    total = sum(row[_COUNT] for row in records.values()) if not keys else matching.count()
    left = (_left_out(one, counts) for one in aggregates)
    return GroupedRows(
        in_order, cells, total, tuple(_unreadable(key, counts[key.property]) for key in keys), tuple(left)
    )


def _classes(key: GroupKey, counts: DictValueCounts) -> _KeyTexts:
    if key.buckets is None:
        return _KeyTexts(key)
    kind = key.property.kind
    runs: list[tuple[Number, Scalar | None]] = []
    for number in sorted({one for value, _ in counts.items() if (one := _exact(value)) is not None}):
        label = key.buckets.begin(number) if kind.is_time or measures.number_in(number, kind) is not None else None
        if not runs or runs[-1][1] != label:
            runs.append((number, label))
    starts = tuple(one if isinstance(one, int) else decimal_key(one) for one, _ in runs)
    return _KeyTexts(key, starts, tuple(label for _, label in runs))


def _exact(value: Scalar) -> Number | None:
    """The number or the time that a value is or spells, whatever its size."""
    if not isinstance(value, str):
        return value
    return values.parse_number(value)


def _members(
    matching: DataFrame, resource: Resource, classes: Sequence[_KeyTexts], aggregates: Sequence[Aggregate]
) -> DataFrame:
    """A row for each record and each of its groups: the groups, presence, values, and the record's identity."""
    has = [
        F.when(aggregate.present(one.property, resource), F.lit(1)).otherwise(F.lit(0)).alias(f"has{at}")
        for at, one in enumerate(aggregates)
        if one.property is not None and one.function is Function.COUNT
    ]
    values = [_values(prop, resource).alias(f"values{at}") for at, prop in enumerate(_valued(aggregates))]
    identity = F.struct(*map(F.col, identity_columns(resource))).alias("identity")
    keys = [one.column(resource).alias(f"key{at}") for at, one in enumerate(classes)]
    members = matching.select(*keys, *has, *values, identity)
    for at in range(len(classes)):
        others = [column for column in members.columns if column != f"key{at}"]
        members = members.select(F.explode_outer(f"key{at}").alias(f"key{at}"), *others)
    return members


def _values(prop: Property, resource: Resource) -> Column:
    """The values of a record as texts, each as often as it has it."""
    found = all_values(ShapedColumn(resource.root), prop.steps, lambda cell: text_of_cell(cell, prop.kind.type))
    return F.filter(found, lambda one: one.isNotNull())


def _valued(aggregates: Sequence[Aggregate]) -> list[Property]:
    """The properties whose values are asked for, each once."""
    props = [one.property for one in aggregates if one.function is not Function.COUNT]
    return [prop for prop in dict.fromkeys(props) if prop is not None]


def _names(classes: Sequence[_KeyTexts]) -> list[str]:
    return [f"key{at}" for at in range(len(classes))]


def _counted(
    members: DataFrame, classes: Sequence[_KeyTexts], aggregates: Sequence[Aggregate]
) -> Iterable[Any]:  # rows; pyspark ships no types
    counts = [F.count(F.lit(1)).alias(_COUNT)]
    counts += [
        F.sum(f"has{at}").alias(f"has{at}")
        for at, one in enumerate(aggregates)
        if one.property is not None and one.function is Function.COUNT
    ]
    rows: Iterable[Any] = members.groupBy(*_names(classes)).agg(*counts).collect()
    return rows


def _group(row: Any, classes: Sequence[_KeyTexts]) -> Group:  # noqa: ANN401 - pyspark ships no types
    return tuple(one.value(row[f"key{at}"]) for at, one in enumerate(classes))


def _occurrences(
    members: DataFrame, classes: Sequence[_KeyTexts], at: int, prop: Property
) -> dict[Group, list[_Occurrences]]:
    names = _names(classes)
    exploded = members.select(*names, "identity", F.explode(f"values{at}").alias("value"))
    counted = exploded.groupBy(*names, "value").agg(F.count(F.lit(1)).alias(_COUNT), F.min("identity").alias("first"))
    found: dict[Group, list[_Occurrences]] = {}
    for row in counted.toLocalIterator():
        value = value_of_text(row["value"], prop.kind.type)
        found.setdefault(_group(row, classes), []).append(_Occurrences(value, row[_COUNT], tuple(row["first"])))
    return found


def _order(values: Group, keys: Sequence[GroupKey]) -> tuple[object, ...]:
    """Where a group stands: by its keys in turn, absent values last (rows S2, S3)."""
    places: list[tuple[object, ...]] = []
    for value, key in zip(values, keys, strict=True):
        if value is None:
            places.append((True,))
        else:
            places.append((False, value) if key.buckets is not None else (False, *place_of(value, key.property.kind)))
    return tuple(places)


def _unreadable(key: GroupKey, counts: DictValueCounts) -> int:
    if key.buckets is None or key.property.kind.is_time:
        return counts.unreadable
    kind = key.property.kind
    return counts.unreadable + sum(count for value, count in counts.items() if measures.number_in(value, kind) is None)


def _left_out(asked: Aggregate, counts: dict[Property, DictValueCounts]) -> int:
    if asked.property is None or asked.function is Function.COUNT:
        return 0
    of_property = counts[asked.property]
    left = sum(count for value, count in of_property.items() if _taken(value, asked) is None)
    return of_property.unreadable + left


def _taken(value: Scalar, asked: Aggregate) -> Scalar | None:
    """A value as an aggregate takes it; None if it leaves it out."""
    if asked.property is None or asked.function is Function.COUNT_DISTINCT:
        return value
    take = measures.ordered_in if asked.function in ORDERED else measures.number_in
    return take(value, asked.property.kind)


def _cells(
    group: Group,
    row: Mapping[str, int],
    found: dict[Property, dict[Group, list[_Occurrences]]],
    aggregates: Sequence[Aggregate],
) -> Iterator[Cell]:
    """What each aggregate gives for a group; `row` has its counts."""
    for at, asked in enumerate(aggregates):
        if asked.property is None:
            yield int(row[_COUNT])
        elif asked.function is Function.COUNT:
            yield int(row[f"has{at}"] or 0)
        else:
            yield _cell(found[asked.property].get(group, []), asked, asked.property)


def _pairs(occurrences: Iterable[_Occurrences], asked: Aggregate) -> Iterator[tuple[Any, _Occurrences]]:
    """The values that an aggregate takes, each with how it occurs."""
    for one in occurrences:
        taken = _taken(one.value, asked)
        if taken is not None:
            yield taken, one


def _cell(occurrences: Iterable[_Occurrences], asked: Aggregate, prop: Property) -> Cell:
    """What an aggregate of values gives for a group."""
    pairs = list(_pairs(occurrences, asked))
    match asked.function:
        case Function.COUNT | Function.COUNT_DISTINCT:
            return len(pairs)
        case Function.MIN:
            return min((value for value, _ in pairs), default=None)
        case Function.MAX:
            return max((value for value, _ in pairs), default=None)
        case Function.BEST | Function.WORST:
            return _best(pairs, is_largest=asked.function is Function.BEST)
        case Function.MEDIAN:
            return _median(pairs, prop)
        case Function.SUM:
            return _moments(pairs, prop).sum(prop.kind)
        case Function.AVG:
            return _moments(pairs, prop).average()
        case Function.STDDEV:
            return _moments(pairs, prop).deviation()
    assert_never(asked.function)


def _best(pairs: Sequence[tuple[Any, _Occurrences]], *, is_largest: bool) -> Best | None:
    if not pairs:
        return None
    best = (max if is_largest else min)(value for value, _ in pairs)
    first = min(one.first for value, one in pairs if value == best)
    return Best(best, first[1] or first[0])


def _median(pairs: Sequence[tuple[Any, _Occurrences]], prop: Property) -> Number | None:
    total = sum(one.count for _, one in pairs)
    if not total:
        return None
    in_order = sorted(pairs, key=lambda pair: pair[0])

    def at(rank: int) -> Any:  # noqa: ANN401 - a number or a time
        before = 0
        for value, one in in_order:
            before += one.count
            if rank < before:
                return value
        raise IndexError(rank)

    return measures.middle(at((total - 1) // 2), at(total // 2), prop.kind)


def _moments(pairs: Sequence[tuple[Any, _Occurrences]], prop: Property) -> Moments:
    total = squares = Fraction(0)
    count = positive = negative = 0
    for number, one in pairs:
        if not isinstance(number, Decimal):
            continue
        count += one.count
        if measures.is_beyond(number, prop.kind):
            positive += one.count if number > 0 else 0
            negative += one.count if number < 0 else 0
            continue
        part = measures.finite_part(number, prop.kind)
        total += part * one.count
        squares += part**2 * one.count
    return Moments(count, total, squares, positive, negative)
