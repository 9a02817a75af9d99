"""What is said of groups, bound to the properties of a resource: keys and aggregates for an engine, and the columns.

A column is a key, an aggregate, or what is made of several aggregates. Those that only HAVING or the order needs are
asked for too, and not shown. This module knows no engine and no rows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from smsearch.engine.grouping import Aggregate, Function, GroupKey, takes
from smsearch.errors import InvalidValueError, UnknownPropertyError
from smsearch.facets.periods import UNITS
from smsearch.frozen import replace
from smsearch.groups.buckets import Bins, Periods
from smsearch.groups.columns import AggregateColumn, Column, KeyColumn, ObjectiveColumn
from smsearch.groups.having import bind_having
from smsearch.messages import listed, nearest, shortened
from smsearch.schema import values
from smsearch.schema.property import EachMember, Entries
from smsearch.syntax.grouping import Term

if TYPE_CHECKING:
    from collections.abc import Callable

    from smsearch.engine.grouping import Buckets
    from smsearch.groups.having import Having
    from smsearch.schema.property import Property
    from smsearch.syntax.ast import SortOrder
    from smsearch.syntax.grouping import Grouping

FUNCTIONS: Final = {
    **{function.value: function for function in Function if function is not Function.COUNT_DISTINCT},
    "mean": Function.AVG,
}
"""Aggregates by the name that a text has."""
PERIODS: Final = {unit.name: Periods(unit) for unit in UNITS if unit.name in {"day", "week", "month", "year"}}
BIN: Final = "bin"
_RECORDS: Final = "*"
_COUNT: Final = Term(_RECORDS, "count")
_OBJECTIVE: Final = "ObjectiveMetric.Value"
"""How the value of a tuning job's objective is called; its Type, beside it, says whether it is to be small."""
_OBJECTIVE_TYPES: Final = ("HyperParameterTuningJobConfig.HyperParameterTuningJobObjective.Type",)


@dataclass(frozen=True, slots=True)
class BoundGrouping:
    """A grouping that an engine can be asked for.

    Attributes:
        keys: What records are grouped by.
        aggregates: What is asked of each group, each once.
        columns: What is shown.
        having: Which groups are shown; None for all.
        order: What they are sorted by, the first column first.
    """

    keys: tuple[GroupKey, ...]
    aggregates: tuple[Aggregate, ...]
    columns: tuple[Column, ...]
    having: Having | None
    order: tuple[tuple[Column, SortOrder], ...]


def bind(grouping: Grouping, property_of: Callable[[str], Property]) -> BoundGrouping:
    """Binds a grouping.

    Args:
        grouping: What was said.
        property_of: Gives the property that a name or an alias means; raises UnknownPropertyError.

    Raises:
        InvalidValueError: A function that there is not or that a property does not take, a column that is no key.
        UnknownPropertyError: A name that the resource does not have.
    """
    return _Binding(grouping, property_of).bound()


@dataclass(slots=True)
class _Binding:
    grouping: Grouping
    property_of: Callable[[str], Property]
    aggregates: list[Aggregate] = field(default_factory=list)
    keys: tuple[GroupKey, ...] = ()

    def bound(self) -> BoundGrouping:
        keys = [self._meant(term) for term in self.grouping.keys]
        self.keys = tuple(map(self._key, keys))
        columns = tuple(map(self._column, self.grouping.columns or (*keys, _COUNT)))
        for title, count in Counter(column.title for column in columns).items():
            if count > 1:
                raise _invalid(f"{count} columns are called {title}.", "Name them apart with AS.")
        having = self.grouping.having
        order = [(self._column(self._meant(one.term)), one.order) for one in self.grouping.order]
        test = None if having is None else bind_having(having, lambda term: self._column(self._meant(term)))
        return BoundGrouping(self.keys, tuple(self.aggregates), columns, test, tuple(order))

    def _meant(self, term: Term) -> Term:
        """The column that a label or a number stands for; else the term itself."""
        columns = self.grouping.columns or (*self.grouping.keys, _COUNT)
        if term.function:
            return term
        if term.name.isdecimal() and term.name.isascii():
            if not 0 < int(term.name) <= len(columns):
                raise _invalid(f"There is no column {term.name}.", f"There are {len(columns)}; the first is 1.")
            return columns[int(term.name) - 1]
        return next((one for one in columns if one.label == term.name), term)

    def _key(self, term: Term) -> GroupKey:
        if term.function in FUNCTIONS:
            raise _invalid(f"Records cannot be grouped by {term.text}.", "Write it in HAVING or among the columns.")
        prop = self._property(term)
        if not prop.kind.has_values:
            raise _invalid(f"{prop.name} is {prop.kind.noun}.", "Group by one of the properties in it.")
        return GroupKey(prop, self._buckets(term, prop))

    def _buckets(self, term: Term, prop: Property) -> Buckets | None:
        match term.function:
            case "":
                return None
            case _ if term.function == BIN:
                width = values.parse_number(term.argument)
                if width is None or width <= 0 or width.adjusted() < -_WIDTH_DIGITS or width.adjusted() > _WIDTH_DIGITS:
                    raise _invalid(f"'{shortened(term.argument)}' is no width of bins.", f"Write bin({term.name}, 10).")
                if not takes(Function.SUM, prop.kind):
                    raise _invalid(f"{prop.name} has no numbers: it is {prop.kind.noun}.", "Bins are of numbers.")
                return Bins(width)
            case _ if term.function in PERIODS:
                if not prop.kind.is_time:
                    raise _invalid(f"{prop.name} is no time: it is {prop.kind.noun}.", "Periods are of times.")
                return PERIODS[term.function]
        raise self._unknown_function(term)

    def _unknown_function(self, term: Term) -> InvalidValueError:
        every = [*FUNCTIONS, *PERIODS, BIN]
        near = nearest(term.function, every)
        hint = f"Did you mean {near}()?" if near else f"There are {listed([f'{one}()' for one in every], 'and')}."
        return _invalid(f"There is no function {shortened(term.function)}().", hint)

    def _property(self, term: Term) -> Property:
        prop = self.property_of(term.name)
        if isinstance(prop.steps[-1], EachMember | Entries):
            raise _invalid(f"{prop.name} stands for several properties.", "Name one of them.")
        return prop

    def _column(self, term: Term) -> Column:
        if term.function in FUNCTIONS:
            column = self._aggregate(term)
        else:
            key = self._key(term)
            if key not in self.keys:
                choices = ", ".join(one.text for one in (*self.grouping.keys, replace(term, label="")))
                raise _invalid(f"{term.text} is no key of the groups.", f"Write GROUP BY {choices}, or a function.")
            column = KeyColumn(_title(term, key.property), key, self.keys.index(key))
        return replace(column, title=term.label) if term.label else column

    def _aggregate(self, term: Term) -> Column:
        function: Function = FUNCTIONS[term.function]
        if term.name == _RECORDS:
            if function is not Function.COUNT or term.is_distinct:
                raise _invalid(f"{term.text} has no property.", f"Write {term.function}(name).")
            return self._asked(term.text, Function.COUNT, None)
        prop = self._property(term)
        title = _title(term, prop)
        if term.is_distinct and function is not Function.COUNT:
            raise _invalid(f"DISTINCT is for count, not for {term.function}.", "Leave it out.")
        function = Function.COUNT_DISTINCT if term.is_distinct else function
        if term.argument:
            function = _turned(function, term)
        if not takes(function, prop.kind):
            distinct = "DISTINCT" if term.is_distinct else ""
            raise _invalid(
                f"{term.function}({distinct}) is not for {prop.name}: it is {prop.kind.noun}.", _hint_of(function)
            )
        is_objective = prop.name.endswith(_OBJECTIVE) and function is Function.BEST and not term.argument
        return self._objective(title, prop) if is_objective else self._asked(title, function, prop)

    def _asked(self, title: str, function: Function, prop: Property | None) -> AggregateColumn:
        aggregate = Aggregate(function, prop)
        if aggregate not in self.aggregates:
            self.aggregates.append(aggregate)
        return AggregateColumn(title, aggregate, self.aggregates.index(aggregate))

    def _objective(self, title: str, prop: Property) -> ObjectiveColumn:
        """The best of tuning jobs: the smallest where every Type of the group says so (row A8)."""
        beside = f"{prop.name.removesuffix('Value')}Type"
        best, worst = (self._asked(title, function, prop) for function in (Function.BEST, Function.WORST))
        types = [
            self._asked(title, function, self.property_of(name))
            for name in (beside, *_OBJECTIVE_TYPES)
            if self._knows(name)
            for function in (Function.MIN, Function.MAX)
        ]
        return ObjectiveColumn(title, best, worst, tuple(types))

    def _knows(self, name: str) -> bool:
        try:
            self.property_of(name)
        except UnknownPropertyError:
            return False
        return True


_WIDTH_DIGITS: Final = 300
"""Bins from 1e-300 to 1e300: between them lies whatever a double holds."""


def _title(term: Term, prop: Property) -> str:
    return replace(term, name=prop.name).text


def _turned(function: Function, term: Term) -> Function:
    """`best(x, min)` is the smallest, `best(x, max)` the largest."""
    ways = {"max": Function.BEST, "min": Function.WORST}
    if function is not Function.BEST or term.argument.lower() not in ways:
        raise _invalid(f"{term.text} has too many arguments.", "best(name, min) and bin(name, 10) have two.")
    return ways[term.argument.lower()]


def _hint_of(function: Function) -> str:
    match function:
        case Function.COUNT_DISTINCT:
            return "Count the different values of one of the properties in it."
        case Function.MIN | Function.MAX:
            return "It takes numbers, times and text."
        case Function.MEDIAN | Function.BEST | Function.WORST:
            return "It takes numbers and times."
        case _:
            return "It takes numbers."


def _invalid(message: str, hint: str) -> InvalidValueError:
    return InvalidValueError(message, hint=hint)
