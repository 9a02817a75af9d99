"""The columns of a table of groups: what each takes from a row of an engine, and what its cells are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.engine.grouping import Best, Function
from smsearch.frozen import frozen
from smsearch.groups.buckets import Periods
from smsearch.schema import value_kinds
from smsearch.schema.value_kinds import Numerals, ValueType

if TYPE_CHECKING:
    from smsearch.engine.grouping import Aggregate, Cell, GroupKey
    from smsearch.engine.value_counts import Scalar
    from smsearch.schema.value_kinds import Kind

    Row = tuple[tuple[Scalar | None, ...], tuple[Cell, ...]]
    """The keys of a group, and what was asked of it."""

_COUNTS: Final = frozenset({Function.COUNT, Function.COUNT_DISTINCT})
_SAME: Final = frozenset({Function.MIN, Function.MAX, Function.BEST, Function.WORST})
"""Functions that give one of the values."""
_MINIMIZE: Final = "Minimize"
_SECONDS: Final = "Seconds"
"""How properties end that are numbers of seconds."""


@frozen
class KeyColumn:
    """The values of a key."""

    title: str
    key: GroupKey
    place: int

    @property
    def kind(self) -> Kind:
        """The kind of the cells."""
        kind = self.key.property.kind
        return value_kinds.NUMBER if self.key.buckets is not None and not kind.is_time else kind

    @property
    def is_in_seconds(self) -> bool:
        """Whether the cells are numbers of seconds, with which `2h` compares."""
        return self.key.property.name.endswith(_SECONDS) and not self.key.property.kind.is_time

    @property
    def periods(self) -> Periods | None:
        """The periods of the calendar that the cells are the beginnings of."""
        return self.key.buckets if isinstance(self.key.buckets, Periods) else None

    def cell(self, row: Row) -> Cell:
        """The cell of a row."""
        return row[0][self.place]


@frozen
class AggregateColumn:
    """What an aggregate gives."""

    title: str
    aggregate: Aggregate
    place: int

    @property
    def kind(self) -> Kind:
        """The kind of the cells; those of best and worst have a name beside."""
        prop = self.aggregate.property
        if prop is None or self.aggregate.function in _COUNTS:
            return value_kinds.INTEGER
        if prop.kind.is_time or (prop.kind.type is ValueType.TEXT and prop.kind.numerals is Numerals.TEXT):
            return prop.kind
        keeps = self.aggregate.function in _SAME or self.aggregate.function is Function.SUM
        return value_kinds.INTEGER if prop.kind.is_whole and keeps else value_kinds.NUMBER

    @property
    def is_in_seconds(self) -> bool:
        """Whether the cells are numbers of seconds, with which `2h` compares."""
        prop = self.aggregate.property
        return prop is not None and self.aggregate.function not in _COUNTS and prop.name.endswith(_SECONDS)

    @property
    def has_names(self) -> bool:
        """Whether a cell has the name of a record beside."""
        return self.aggregate.function in {Function.BEST, Function.WORST}

    def cell(self, row: Row) -> Cell:
        """The cell of a row."""
        return row[1][self.place]


@frozen
class ObjectiveColumn:
    """The best of the objectives of tuning jobs: small ones where they are to be small (row A8).

    Attributes:
        title: What it is called.
        best: The largest.
        worst: The smallest.
        types: The least and the greatest Type, for each property that has one.
    """

    title: str
    best: AggregateColumn
    worst: AggregateColumn
    types: tuple[AggregateColumn, ...]

    has_names = True
    is_in_seconds = False
    kind = value_kinds.NUMBER

    def cell(self, row: Row) -> Cell:
        """The cell of a row; None where some objectives are to be small and others large."""
        types = {column.cell(row) for column in self.types} - {None}
        if len(types) > 1:
            return None
        return (self.worst if types == {_MINIMIZE} else self.best).cell(row)


Column = KeyColumn | AggregateColumn | ObjectiveColumn


def value_of(cell: Cell) -> Scalar | None:
    """A cell as it is compared and sorted: of the best, its value."""
    return cell.value if isinstance(cell, Best) else cell
