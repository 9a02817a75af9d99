"""Turns what is chosen on a figure into conditions: a range of an axis, or some of its values."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from smsearch.page import conditions
from smsearch.page.item_lists import read_list
from smsearch.page.query_text import read_query
from smsearch.plots.series import ABSENT, OTHERS
from smsearch.schema import values
from smsearch.syntax.text.lexer import write_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from smsearch.engine.value_counts import Number
    from smsearch.result import Result
    from smsearch.schema.value_kinds import Kind

_DIGITS: Final = 6
"""Significant digits of a bound: as exact as a hand draws."""
_BOUNDS: Final = 2


def narrowed(result: Result, text: str, ranges: Iterable[str], choices: Iterable[str]) -> str:
    """A query with conditions more.

    Args:
        result: The matches of the query.
        text: The query.
        ranges: Lines of CSV: a property, and its least and greatest number; of times, milliseconds since 1970.
        choices: Lines of CSV: a property, and its values.

    Raises:
        RequestError: The query is none, or a property is not there.
    """
    for line in ranges:
        name, *bounds = read_range(line)
        condition = _range(result, name, bounds)
        text = read_query(text).with_condition(condition) if condition else text
    for line in choices:
        name, *items = read_list([line]) or ("",)
        condition = _any_of(result, name, items) if items else ""
        text = read_query(text).with_condition(condition) if condition else text
    return text


def read_range(line: str) -> tuple[str, ...]:
    """A property and its two bounds, which may be equal; `("",)` if the line is none."""
    name, first, last = line.rsplit(",", _BOUNDS) if line.count(",") >= _BOUNDS else ("", "", "")
    return (*read_list([name]), first, last) if name else ("",)


def _range(result: Result, name: str, bounds: Sequence[str]) -> str:
    """From the first to the second of two bounds; `""` where they are none."""
    if len(bounds) != _BOUNDS:
        return ""
    try:
        numbers = sorted(Decimal(bound) for bound in bounds)
    except InvalidOperation:
        return ""
    if not all(number.is_finite() for number in numbers):
        return ""
    prop = result.property(name)
    low, high = (conditions.bound(_value(number, prop.kind), prop.kind) for number in numbers)
    return f"{write_name(prop.name)} >= {low} AND {write_name(prop.name)} <= {high}"


def _value(number: Decimal, kind: Kind) -> Number:
    """A bound as a value of the property: a time in microseconds, or a number of a few digits."""
    if kind.is_time:
        return min(max(int(number * 1_000), values.MICROS_MIN), values.MICROS_MAX)
    return Decimal(f"{number:.{_DIGITS}g}")


def _any_of(result: Result, name: str, items: Sequence[str]) -> str:
    """One of some values, or none at all."""
    prop = result.property(name)
    parts = [conditions.equals(prop.name, item, prop.kind) for item in items if item not in {ABSENT, OTHERS}]
    parts += [conditions.absent(prop.name)] if ABSENT in items else []
    return " OR ".join(parts)
