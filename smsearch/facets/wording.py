"""Facets in words: a value, a bin, a share, and the sentence above the values.

Times are ISO 8601 in UTC, numbers have all their digits. It knows no terminal and no format.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from smsearch.messages import counted, visible
from smsearch.schema import notation, values
from smsearch.schema.values import spelled

if TYPE_CHECKING:
    from smsearch.engine.value_counts import Scalar
    from smsearch.facets.facet import Facet, Row
    from smsearch.schema.value_kinds import Kind


def value_of(value: Scalar | None, kind: Kind) -> object:
    """A value for `orjson.dumps`."""
    if isinstance(value, Decimal):
        return notation.ISO.number(int(value) if _is_short_integer(value) else value)
    if kind.is_time and isinstance(value, int):
        return _iso(value)
    return value


def _is_short_integer(number: Decimal) -> bool:
    return number.is_finite() and number == number.to_integral_value() and abs(number) < 1 << 53


def _iso(micros: int) -> str:
    """A time; the end of all times, which is one too many to be said, as the last one."""
    try:
        return values.iso_of(micros)
    except OverflowError:
        return values.iso_of(micros - 1)


def text_of(value: Scalar, kind: Kind) -> str:
    """A value as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return spelled(value)
    return _iso(value) if kind.is_time and isinstance(value, int) else str(value)


def percent(part: int, whole: int) -> str:
    """A share in whole percent; what is not all or nothing does not look like it."""
    share = part / whole if whole else 0.0
    if part and share < 0.005:  # noqa: PLR2004 - half a percent
        return "<1%"
    return ">99%" if part < whole and share >= 0.995 else f"{share:.0%}"  # noqa: PLR2004 - the same


def headline(facet: Facet) -> str:
    """`BillableTimeInSeconds: integer, 61 of 66 matches (92%), 40 different`."""
    name, kind = visible(facet.name), facet.kind.word
    share = f" ({percent(facet.having, facet.matching)})" if facet.matching else ""
    matches = counted(facet.matching, "match", "matches")
    head = f"{name}: {kind}, in {facet.having:,} of {matches}{share}, {facet.distinct:,} different"
    return f"{head}, {facet.unreadable:,} unreadable" if facet.unreadable else head


def remarks(facet: Facet, hint: str = "") -> list[str]:
    """How numbers and times are spread, and how many values are left out, with a hint how to see them; a line each."""
    lines = []
    if facet.spread is not None:
        spread = facet.spread
        named = {
            "min": spread.minimum,
            "25%": spread.lower_quartile,
            "median": spread.median,
            "75%": spread.upper_quartile,
            "max": spread.maximum,
        }
        lines.append("  ".join(f"{name} {text_of(value, facet.kind)}" for name, value in named.items()))
    if facet.more:
        lines.append(f"{facet.more:,} more{hint}")
    return lines


def cells(facet: Facet) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a table: value or bin, records, share."""
    title = facet.unit.capitalize() or ("Value" if facet.kind.has_values else "Name")
    count = "Values" if _counts_values(facet) else "Records"
    rows = [[_shown(row, facet), f"{row.records:,}", percent(row.records, facet.matching)] for row in facet.rows]
    return [title, count, "Share"], rows


def _counts_values(facet: Facet) -> bool:
    """Whether a record may be in one bin several times."""
    return sum(row.records for row in facet.rows if row.low is not None) > facet.having


def _shown(row: Row, facet: Facet) -> str:
    if row.value is not None:
        return visible(text_of(row.value, facet.kind)) or '""'
    if row.label or row.low is None or row.high is None:
        return row.label
    return f"{text_of(row.low, facet.kind)} to <{text_of(row.high, facet.kind)}"
