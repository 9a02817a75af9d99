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
from smsearch.schema.catalogue import ListOf, MapOf, Structure, shape
from smsearch.schema.property import Computed, EachMember, Elements, Entries, FirstMember, Member, Pair

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import Column

    from smsearch.schema.catalogue import Shape
    from smsearch.schema.property import Step
    from smsearch.schema.value_kinds import ValueType


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the way: what is there, and in which column; None is the record itself."""

    reached: Shape
    column: Column | None = None

    def child(self, name: str) -> Column:
        """A field of the structure that is here."""
        return F.col(name) if self.column is None else self.column.getField(name)

    @property
    def found(self) -> Column:
        """The column of what is here, which is not the record itself."""
        if self.column is None:  # pragma: no cover - a step always comes before
            raise TypeError
        return self.column


def any_value(place: Place, steps: tuple[Step, ...], holds: Callable[[Column], Column]) -> Column:
    """Whether any of the values at the end of some steps satisfies a condition; true or false, never null.

    Args:
        place: Where the steps begin.
        steps: A property's.
        holds: The condition as a column that is never null, of a column that may be.
    """
    return any_place(place, steps, lambda found: holds(found.found))


def any_place(place: Place, steps: tuple[Step, ...], holds: Callable[[Place], Column]) -> Column:
    """As `any_value`, for a condition that goes on from the places that the steps lead to."""
    reached, rest = _descend(place, steps)
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


def _any_entry(place: Place, members: tuple[str, ...], holds: Callable[[Place], Column]) -> Column:
    """Whether a key of a map with one of some members holds, or such a member."""
    if not isinstance(place.reached, MapOf):  # pragma: no cover - names.py gives this step to maps alone
        raise TypeError(place.reached)
    value, text = shape(place.reached.value), shape("text")

    def holds_in(pair: Column) -> Column:
        cells = [pair.getField("value").getField(target_name((member,))) for member in members]
        key = holds(Place(text, F.struct(pair.getField("key").alias("text"))))
        there = _any_of([cell.isNotNull() for cell in cells])
        return _any_of([there & key, *(holds(Place(value, cell)) for cell in cells)])

    return place.found.isNotNull() & F.exists(F.map_entries(place.found), holds_in)


def single_value(place: Place, steps: tuple[Step, ...]) -> Column:
    """The cell of a property that a record has one of at most."""
    reached, rest = _descend(place, steps)
    if rest:  # pragma: no cover - bind.py refuses to sort by it
        raise TypeError(rest)
    return reached.found


def all_values(place: Place, steps: tuple[Step, ...], value: Callable[[Column], Column]) -> Column:
    """An array of what is made of the cells of a property, null among them; null where a list on the way is absent.

    Args:
        place: Where the steps begin.
        steps: A property's.
        value: A column of a cell's column, null where the cell is.
    """
    reached, rest = _descend(place, steps)
    if not rest:
        return F.array(value(reached.found))
    if isinstance(rest[0], EachMember):
        return F.array(*(value(_next(reached, Member(name)).found) for name in rest[0].names))
    if not isinstance(reached.reached, ListOf):  # pragma: no cover - names.py gives this step to lists alone
        raise TypeError(reached.reached)
    element = shape(reached.reached.element)
    inner = F.transform(reached.found, lambda column: all_values(Place(element, column), rest[1:], value))
    return F.flatten(F.filter(inner, lambda column: column.isNotNull()))


def _descend(place: Place, steps: tuple[Step, ...]) -> tuple[Place, tuple[Step, ...]]:
    """The place that the steps lead to, or the first on the way that has several values, with the steps from it on."""
    at = 0
    while at < len(steps) and not isinstance(steps[at], Elements | EachMember | Entries):
        step, following = steps[at], steps[at + 1] if at + 1 < len(steps) else None
        if isinstance(step, Member) and isinstance(place.reached, Structure):
            if step.name not in place.reached.members:
                return _extra(steps), ()
            if isinstance(following, Pair):
                place, at = _pair(place, step.name, following), at + 2
                continue
        place, at = _next(place, step), at + 1
    return place, steps[at:]


def _any_element(place: Place, rest: tuple[Step, ...], holds: Callable[[Place], Column]) -> Column:
    if not isinstance(place.reached, ListOf):  # pragma: no cover - names.py gives this step to lists alone
        raise TypeError(place.reached)
    element = shape(place.reached.element)
    listed = place.found
    return listed.isNotNull() & F.exists(listed, lambda column: any_place(Place(element, column), rest, holds))


def _next(place: Place, step: Step) -> Place:
    match step, place.reached:
        case Computed(), _:
            return Place(shape("text"), _computed(place, step))
        case Member(name), Structure() as structure:
            return Place(structure.member(name), place.child(name))
        case Member(name), MapOf(value):
            return Place(shape(value), entry(place.found, name))
        case FirstMember(names), Structure() as structure:
            return Place(structure, place.child(target_name(names)))
    raise TypeError(f"{step} into {place.reached}")  # pragma: no cover - names.py makes no other


def _computed(place: Place, step: Computed) -> Column:
    """The cell of a computed value: Spark sends the texts of the inputs to Python, which has the formula."""
    inputs = []
    for _, prop in step.inputs:
        value_type = prop.kind.type

        def value(cell: Column, value_type: ValueType = value_type) -> Column:
            return F.when(cell.isNotNull(), F.struct(text_of_cell(cell, value_type).alias("text")))

        there = F.filter(all_values(place, prop.steps, value), lambda one: one.isNotNull())
        inputs.append(F.transform(there, lambda one: one.getField("text")))
    return computing(step)(*inputs)


def _pair(place: Place, name: str, pair: Pair) -> Place:
    """The entry of a key in the map that stands beside a list of pairs."""
    if not isinstance(place.reached, Structure) or not isinstance(
        listed := place.reached.member(name), ListOf
    ):  # pragma: no cover - names.py makes no other
        raise TypeError(place.reached)
    return Place(shape(listed.element), entry(place.child(name + BY_KEY), pair.key))


def _extra(steps: tuple[Step, ...]) -> Place:
    """A field that only the data has; its shape is asked for by nobody."""
    path = tuple(step.name for step in steps if isinstance(step, Member))
    return Place(shape("text"), entry(F.col(EXTRAS), extra_key(path)))


def entry(column: Column, key: str) -> Column:
    """The value of a map's key, null where there is none: `element_at` would fail the job under ANSI."""
    return F.try_element_at(column, F.lit(key if is_sayable(key) else None).cast(StringType()))


def is_sayable(text: str) -> bool:
    """Whether UTF-8 can hold a text; half a surrogate pair is in a request at most, and in no record."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
