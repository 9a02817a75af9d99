"""Values counted by the cluster: each record becomes its different values, and Spark counts the records of each.

A value travels as a text that tells it from all others: a number as its key, a time as microseconds. So the driver gets
the values with their counts, and no document. This module knows no session and no archive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyspark.sql import functions as F  # noqa: N812 - as everyone writes it

from smsearch.cluster.compile import compile_predicate
from smsearch.cluster.value_text import text_of_cell, value_of_text
from smsearch.cluster.walk import ShapedColumn, all_values
from smsearch.engine.value_counts import DictValueCounts
from smsearch.predicate.predicate import Match, Present

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import Column, DataFrame

    from smsearch.engine.value_counts import Scalar
    from smsearch.schema.catalogue import Resource
    from smsearch.schema.property import Property

PROPERTIES_MAX: Final = 50
"""Properties that one job counts; Spark's planner is slow with long expressions."""
_MATCHING, _HAVING, _UNREADABLE, _VALUE = range(4)
"""What a counted row says: that a record matches, has the property, has a value that cannot be read, has this one."""


def value_counts(matching: DataFrame, resource: Resource, props: Sequence[Property]) -> list[DictValueCounts]:
    """How often each value of some properties occurs among the rows of a frame."""
    counts: list[DictValueCounts] = []
    for start in range(0, len(props), PROPERTIES_MAX):
        counts += _counted(matching, resource, props[start : start + PROPERTIES_MAX])
    return counts


def presence_counts(matching: DataFrame, resource: Resource, props: Sequence[Property]) -> list[int]:
    """For each of some properties, how many rows of a frame have it."""
    counts: list[int] = []
    for start in range(0, len(props), PROPERTIES_MAX):
        conditions = [present(prop, resource) for prop in props[start : start + PROPERTIES_MAX]]
        columns = [F.count(F.when(one, F.lit(1))).alias(f"p{at}") for at, one in enumerate(conditions)]
        counts += [int(count) for count in matching.agg(*columns).collect()[0]]
    return counts


def _counted(matching: DataFrame, resource: Resource, props: Sequence[Property]) -> list[DictValueCounts]:
    facts_of_record = [F.array(_fact(-1, _MATCHING))]
    for at, prop in enumerate(props):
        facts_of_record.append(F.when(present(prop, resource), F.array(_fact(at, _HAVING))).otherwise(_nothing()))
        if prop.kind.has_values:  # which has no values to read
            facts_of_record.append(F.coalesce(_values(at, prop, resource), _nothing()))
    facts = matching.select(F.explode(F.concat(*facts_of_record)).alias("fact"))
    counts: list[dict[Scalar, int]] = [{} for _ in props]
    totals = dict.fromkeys(((at, what) for at in range(-1, len(props)) for what in range(_VALUE)), 0)
    for (at, what, text), count in facts.groupBy("fact").count().collect():
        if what == _VALUE:
            counts[at][value_of_text(text, props[at].kind.type)] = count
        else:
            totals[at, what] = count
    return [
        DictValueCounts(counts[at], prop.kind, totals[-1, _MATCHING], totals[at, _HAVING], totals[at, _UNREADABLE])
        for at, prop in enumerate(props)
    ]


def present(prop: Property, resource: Resource) -> Column:
    """Whether a record has a property; true or false."""
    return compile_predicate(Match(prop, Present()), resource)


def _values(at: int, prop: Property, resource: Resource) -> Column:
    """The different values of a property in a record, each as a fact; null where it has none."""

    def fact(cell: Column) -> Column:
        text = text_of_cell(cell, prop.kind.type)
        return F.when(
            cell.isNotNull(), F.when(text.isNull(), _fact(at, _UNREADABLE)).otherwise(_fact(at, _VALUE, text))
        )

    facts = all_values(ShapedColumn(resource.root), prop.steps, fact)
    return F.array_distinct(F.filter(facts, lambda one: one.isNotNull()))


def _fact(at: int, what: int, text: Column | None = None) -> Column:
    return F.struct(
        F.lit(at).alias("at"), F.lit(what).alias("what"), (F.lit("") if text is None else text).alias("text")
    )


def _nothing() -> Column:
    """No fact, as an array of the same type as the others."""
    return F.filter(F.array(_fact(-1, _MATCHING)), lambda _: F.lit(False))  # noqa: FBT003 - a literal's value
