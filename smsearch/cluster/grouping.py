"""Groups made by the cluster: Spark counts how often each value occurs in each group, and the driver adds them up.

Spark adds no numbers: it sends the driver each different value of a group with its count and the first record that has
it, and `occurrences.py` adds them exactly. The driver holds every different value of the properties that are named; for
buckets it works out from them where each begins. This module knows no session and no archive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyspark.sql import functions as F  # noqa: N812 - as everyone writes it

from smsearch.cluster import aggregate
from smsearch.cluster.occurrences import Occurrences, cell_of, measured
from smsearch.cluster.order import identity_columns
from smsearch.cluster.value_text import text_of_cell, value_of_text
from smsearch.cluster.walk import ShapedColumn, all_values
from smsearch.engine import measures
from smsearch.engine.grouping import Function, GroupedRows, refuse_many
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
        texts = all_values(ShapedColumn(resource.root), self.key.property.steps, self._text)
        groups = F.array_distinct(F.filter(texts, lambda text: text.isNotNull()))
        return F.when(F.size(groups) > 0, groups)

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
    key_texts = [_key_texts(key, counts[key.property]) for key in keys]
    members = _members(matching, resource, key_texts, aggregates)
    records = {_group(row, key_texts): row for row in _counted(members, key_texts, aggregates)}
    refuse_many(len(records))
    occurrences = {prop: _occurrences(members, key_texts, at, prop) for at, prop in enumerate(_valued(aggregates))}
    in_order = sorted(records, key=lambda one: _order(one, keys))
    cells = [tuple(_cells(one, records[one], occurrences, aggregates)) for one in in_order]
    total = sum(row[_COUNT] for row in records.values()) if not keys else counts[keys[0].property].matching
    left = (_left_out(one, counts) for one in aggregates)
    return GroupedRows(
        in_order, cells, total, tuple(_unreadable(key, counts[key.property]) for key in keys), tuple(left)
    )


def _key_texts(key: GroupKey, counts: DictValueCounts) -> _KeyTexts:
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
    matching: DataFrame, resource: Resource, key_texts: Sequence[_KeyTexts], aggregates: Sequence[Aggregate]
) -> DataFrame:
    """A row for each record and each of its groups: the groups, presence, values, and the record's identity."""
    has = [
        F.when(aggregate.present(one.property, resource), F.lit(1)).otherwise(F.lit(0)).alias(f"has{at}")
        for at, one in enumerate(aggregates)
        if one.property is not None and one.function is Function.COUNT
    ]
    values = [_values(prop, resource).alias(f"values{at}") for at, prop in enumerate(_valued(aggregates))]
    identity = F.struct(*map(F.col, identity_columns(resource))).alias("identity")
    keys = [one.column(resource).alias(f"key{at}") for at, one in enumerate(key_texts)]
    members = matching.select(*keys, *has, *values, identity)
    for at in range(len(key_texts)):
        others = [column for column in members.columns if column != f"key{at}"]
        members = members.select(F.explode_outer(f"key{at}").alias(f"key{at}"), *others)
    return members


def _values(prop: Property, resource: Resource) -> Column:
    """The values of a record as texts, each as often as it has it."""
    texts = all_values(ShapedColumn(resource.root), prop.steps, lambda cell: text_of_cell(cell, prop.kind.type))
    return F.filter(texts, lambda text: text.isNotNull())


def _valued(aggregates: Sequence[Aggregate]) -> list[Property]:
    """The properties whose values are asked for, each once."""
    props = [one.property for one in aggregates if one.function is not Function.COUNT]
    return [prop for prop in dict.fromkeys(props) if prop is not None]


def _names(key_texts: Sequence[_KeyTexts]) -> list[str]:
    return [f"key{at}" for at in range(len(key_texts))]


def _counted(
    members: DataFrame, key_texts: Sequence[_KeyTexts], aggregates: Sequence[Aggregate]
) -> Iterable[Any]:  # rows; pyspark ships no types
    counts = [F.count(F.lit(1)).alias(_COUNT)]
    counts += [
        F.sum(f"has{at}").alias(f"has{at}")
        for at, one in enumerate(aggregates)
        if one.property is not None and one.function is Function.COUNT
    ]
    rows: Iterable[Any] = members.groupBy(*_names(key_texts)).agg(*counts).collect()
    return rows


def _group(row: Any, key_texts: Sequence[_KeyTexts]) -> Group:  # noqa: ANN401 - pyspark ships no types
    return tuple(one.value(row[f"key{at}"]) for at, one in enumerate(key_texts))


def _occurrences(
    members: DataFrame, key_texts: Sequence[_KeyTexts], at: int, prop: Property
) -> dict[Group, list[Occurrences]]:
    names = _names(key_texts)
    exploded = members.select(*names, "identity", F.explode(f"values{at}").alias("value"))
    counted = exploded.groupBy(*names, "value").agg(F.count(F.lit(1)).alias(_COUNT), F.min("identity").alias("first"))
    occurrences: dict[Group, list[Occurrences]] = {}
    for row in counted.collect():
        value = value_of_text(row["value"], prop.kind.type)
        occurrences.setdefault(_group(row, key_texts), []).append(Occurrences(value, row[_COUNT], tuple(row["first"])))
    return occurrences


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


def _left_out(one: Aggregate, counts: dict[Property, DictValueCounts]) -> int:
    if one.property is None or one.function is Function.COUNT:
        return 0
    of_property = counts[one.property]
    left = sum(count for value, count in of_property.items() if measured(value, one) is None)
    return of_property.unreadable + left


def _cells(
    group: Group,
    row: Mapping[str, int],
    occurrences: dict[Property, dict[Group, list[Occurrences]]],
    aggregates: Sequence[Aggregate],
) -> Iterator[Cell]:
    """What each aggregate gives for a group; `row` has its counts."""
    for at, one in enumerate(aggregates):
        if one.property is None:
            yield int(row[_COUNT])
        elif one.function is Function.COUNT:
            yield int(row[f"has{at}"] or 0)
        else:
            yield cell_of(occurrences[one.property].get(group, []), one, one.property)
