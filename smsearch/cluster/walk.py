"""Where the values of a property lie in an archive's columns: its steps, taken along the shapes of `archive/layout.py`.

It knows no test and no order; both are handed the columns it finds.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from pyspark.sql import functions as F  # noqa: N812 - as everyone writes it
from pyspark.sql.types import StringType

from smsearch.archive.layout import BY_KEY, EXTRAS, extra_key, target_name
from smsearch.cluster.computing import computing
from smsearch.cluster.value_text import text_of_cell
from smsearch.messages import is_unicode
from smsearch.schema.catalogue import ListOf, MapOf, Structure, shape
from smsearch.schema.property import Computed, EachMember, Elements, Entries, FirstMember, Member, Pair

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import Column

    from smsearch.schema.catalogue import Shape
    from smsearch.schema.property import Step
    from smsearch.schema.value_kinds import ValueType


@dataclass(frozen=True, slots=True)
class ShapedColumn:
    """What the steps of a property have reached: its shape, and the column of its cells; None is the record itself."""

    shape: Shape
    column: Column | None = None

    def child(self, name: str) -> Column:
        """A field of the structure that is here."""
        return F.col(name) if self.column is None else self.column.getField(name)

    @property
    def cells(self) -> Column:
        """The column, of anything but the record itself."""
        if self.column is None:  # pragma: no cover - a step always comes before
            raise TypeError
        return self.column


def any_value(shaped: ShapedColumn, steps: tuple[Step, ...], holds: Callable[[Column], Column]) -> Column:
    """Whether any of the values at the end of some steps satisfies a condition; true or false, never null.

    Args:
        shaped: Where the steps begin.
        steps: A property's.
        holds: The condition as a column that is never null, of a column that may be.
    """
    return any_element_holds(shaped, steps, lambda reached: holds(reached.cells))


def any_element_holds(shaped: ShapedColumn, steps: tuple[Step, ...], holds: Callable[[ShapedColumn], Column]) -> Column:
    """As `any_value`, for a condition that goes on from the places that the steps lead to."""
    reached, rest = _descend(shaped, steps)
    if not rest:
        return holds(reached)
    match rest[0]:
        case EachMember(names):
            return _any_of([holds(_next(reached, Member(name))) for name in names])
        case Entries(members):
            return _any_entry(reached, members, holds)
        case _:
            return _any_element(reached, rest[1:], holds)


def _any_of(columns: list[Column]) -> Column:
    return reduce(operator.or_, columns)


def _any_entry(shaped: ShapedColumn, members: tuple[str, ...], holds: Callable[[ShapedColumn], Column]) -> Column:
    """Whether a key of a map with one of some members holds, or such a member."""
    if not isinstance(shaped.shape, MapOf):  # pragma: no cover - names.py gives this step to maps alone
        raise TypeError(shaped.shape)
    value, text = shape(shaped.shape.value), shape("text")

    def holds_in(pair: Column) -> Column:
        cells = [pair.getField("value").getField(target_name((member,))) for member in members]
        key = holds(ShapedColumn(text, F.struct(pair.getField("key").alias("text"))))
        there = _any_of([cell.isNotNull() for cell in cells])
        return _any_of([there & key, *(holds(ShapedColumn(value, cell)) for cell in cells)])

    return shaped.cells.isNotNull() & F.exists(F.map_entries(shaped.cells), holds_in)


def single_value(shaped: ShapedColumn, steps: tuple[Step, ...]) -> Column:
    """The cell of a property that a record has one of at most."""
    reached, rest = _descend(shaped, steps)
    if rest:  # pragma: no cover - bind.py refuses to sort by it
        raise TypeError(rest)
    return reached.cells


def all_values(shaped: ShapedColumn, steps: tuple[Step, ...], value: Callable[[Column], Column]) -> Column:
    """An array of what is made of the cells of a property, null among them; null where a list on the way is absent.

    Args:
        shaped: Where the steps begin.
        steps: A property's.
        value: A column of a cell's column, null where the cell is.
    """
    reached, rest = _descend(shaped, steps)
    if not rest:
        return F.array(value(reached.cells))
    if isinstance(rest[0], EachMember):
        return F.array(*(value(_next(reached, Member(name)).cells) for name in rest[0].names))
    if not isinstance(reached.shape, ListOf):  # pragma: no cover - names.py gives this step to lists alone
        raise TypeError(reached.shape)
    element = shape(reached.shape.element)
    inner = F.transform(reached.cells, lambda column: all_values(ShapedColumn(element, column), rest[1:], value))
    return F.flatten(F.filter(inner, lambda column: column.isNotNull()))


def _descend(shaped: ShapedColumn, steps: tuple[Step, ...]) -> tuple[ShapedColumn, tuple[Step, ...]]:
    """What the steps lead to, or the first on the way that has several values, with the steps from it on."""
    at = 0
    while at < len(steps) and not isinstance(steps[at], Elements | EachMember | Entries):
        step, following = steps[at], steps[at + 1] if at + 1 < len(steps) else None
        if isinstance(step, Member) and isinstance(shaped.shape, Structure):
            if step.name not in shaped.shape.members:
                return _extra(steps), ()
            if isinstance(following, Pair):
                shaped, at = _pair(shaped, step.name, following), at + 2
                continue
        shaped, at = _next(shaped, step), at + 1
    return shaped, steps[at:]


def _any_element(shaped: ShapedColumn, rest: tuple[Step, ...], holds: Callable[[ShapedColumn], Column]) -> Column:
    if not isinstance(shaped.shape, ListOf):  # pragma: no cover - names.py gives this step to lists alone
        raise TypeError(shaped.shape)
    element = shape(shaped.shape.element)
    listed = shaped.cells
    return listed.isNotNull() & F.exists(
        listed, lambda column: any_element_holds(ShapedColumn(element, column), rest, holds)
    )


def _next(shaped: ShapedColumn, step: Step) -> ShapedColumn:
    match step, shaped.shape:
        case Computed(), _:
            return ShapedColumn(shape("text"), _computed(shaped, step))
        case Member(name), Structure() as structure:
            return ShapedColumn(structure.member(name), shaped.child(name))
        case Member(name), MapOf(value):
            return ShapedColumn(shape(value), entry(shaped.cells, name))
        case FirstMember(names), Structure() as structure:
            return ShapedColumn(structure, shaped.child(target_name(names)))
    raise TypeError(f"{step} into {shaped.shape}")  # pragma: no cover - names.py makes no other


def _computed(shaped: ShapedColumn, step: Computed) -> Column:
    """The cell of a computed value: Spark sends the texts of the inputs to Python, which has the formula."""
    inputs = []
    for _, prop in step.inputs:
        value_type = prop.kind.type

        def value(cell: Column, value_type: ValueType = value_type) -> Column:
            return F.when(cell.isNotNull(), F.struct(text_of_cell(cell, value_type).alias("text")))

        there = F.filter(all_values(shaped, prop.steps, value), lambda one: one.isNotNull())
        inputs.append(F.transform(there, lambda one: one.getField("text")))
    return computing(step)(*inputs)


def _pair(shaped: ShapedColumn, name: str, pair: Pair) -> ShapedColumn:
    """The entry of a key in the map that stands beside a list of pairs."""
    if not isinstance(shaped.shape, Structure) or not isinstance(
        listed := shaped.shape.member(name), ListOf
    ):  # pragma: no cover - names.py makes no other
        raise TypeError(shaped.shape)
    return ShapedColumn(shape(listed.element), entry(shaped.child(name + BY_KEY), pair.key))


def _extra(steps: tuple[Step, ...]) -> ShapedColumn:
    """A field that only the data has; its shape is asked for by nobody."""
    path = tuple(step.name for step in steps if isinstance(step, Member))
    return ShapedColumn(shape("text"), entry(F.col(EXTRAS), extra_key(path)))


def entry(column: Column, key: str) -> Column:
    """The value of a map's key, null where there is none: `element_at` would fail the job under ANSI."""
    return F.try_element_at(column, F.lit(key if is_unicode(key) else None).cast(StringType()))
