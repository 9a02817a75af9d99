"""The order of a result as Spark columns (rows S1 to S4), and the records that come after one of them.

What is absent comes last in both orders; ties go by ARN, name and version, ascending. It knows no token and no session.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, assert_never

from pyspark.sql import functions as F  # noqa: N812 - as everyone writes it

from smsearch.archive.layout import ARN, NAME, VERSION
from smsearch.cluster.walk import ShapedColumn, single_value
from smsearch.schema.value_kinds import ValueType
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import Column

    from smsearch.predicate.order import SortKey
    from smsearch.schema.catalogue import Resource

KeyValue = str | int | bool | None
"""A value that records are sorted by, as a token can hold it: a time is microseconds since 1970."""


@dataclass(frozen=True, slots=True)
class SortTerm:
    """One of the columns that a result is sorted by, one after another.

    Attributes:
        column: Its values; null comes last.
        is_descending: Whether larger values come first.
        carries: What a token holds of them; whole numbers are timestamps.
    """

    column: Column
    is_descending: bool = False
    carries: type[str | int | bool] = str

    @property
    def is_time(self) -> bool:
        """Whether the values are timestamps."""
        return self.carries is int

    @property
    def carried(self) -> Column:
        """The values as a token holds them."""
        return F.unix_micros(self.column) if self.is_time else self.column

    def sorted(self, column: Column) -> Column:
        """An order of the carried values."""
        return column.desc_nulls_last() if self.is_descending else column.asc_nulls_last()

    def literal(self, value: str | int | bool) -> Column:  # noqa: FBT001 - a value, not a switch
        """A carried value as one of the column's."""
        return F.timestamp_micros(F.lit(value)) if self.is_time else F.lit(value)


def terms(key: SortKey, resource: Resource) -> list[SortTerm]:
    """What a result is sorted by: the key and those after it, then what tells records apart."""
    of_keys = (_of_key(single_value(ShapedColumn(resource.root), one.property.steps), one) for one in key.keys)
    return [*chain.from_iterable(of_keys), *(SortTerm(F.col(column)) for column in identity_columns(resource))]


def identity_columns(resource: Resource) -> tuple[str, ...]:
    """The columns that tell two records apart: ARN, name, and version in a kind that has one."""
    return (ARN, NAME, VERSION)[: len(resource.identity)]


def _of_key(cell: Column, key: SortKey) -> list[SortTerm]:
    is_descending = key.order is SortOrder.DESCENDING
    kind = key.property.kind
    match kind.type:
        case ValueType.TEXT:
            return [SortTerm(cell.getField("text"), is_descending)]
        case ValueType.NUMBER:
            return [SortTerm(cell.getField("key"), is_descending)]
        case ValueType.TIME:
            return [SortTerm(cell.getField("time"), is_descending, int)]
        case ValueType.BOOLEAN:
            return [SortTerm(cell.getField("truth"), is_descending, bool)]
        case ValueType.TEXT_OR_NUMBER:
            number = cell.getField("key")
            if not kind.numerals_first:
                number = F.when(cell.getField("is_number"), number)
            return _numbers_first(number, cell, is_descending=is_descending)
        case ValueType.PRESENCE:  # pragma: no cover - bind.py refuses to sort by it
            raise TypeError(key)
    assert_never(kind.type)


def _numbers_first(number: Column, cell: Column, *, is_descending: bool) -> list[SortTerm]:
    """Numbers first in both orders, and no text where there is a number."""
    text = F.when(number.isNull(), cell.getField("text"))
    return [SortTerm(number, is_descending), SortTerm(text, is_descending)]


def after(columns: Sequence[SortTerm], values: Sequence[KeyValue]) -> Column:
    """Whether a record comes after the one with these values; to be a filter, which takes null for false."""
    term, value = columns[0], values[0]
    rest = after(columns[1:], values[1:]) if len(columns) > 1 else F.lit(False)  # noqa: FBT003 - a literal's value
    if value is None:
        return term.column.isNull() & rest
    here = term.literal(value)
    beyond = term.column < here if term.is_descending else term.column > here
    return beyond | ((term.column == here) & rest) | term.column.isNull()
