"""Bars of groups: what a grouping counts, by one key, parted by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from smsearch.errors import InvalidValueError
from smsearch.groups.ask import said
from smsearch.plots.figure import Figure, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.groups.table import GroupTable, TableColumn
    from smsearch.plots.figure import Spec
    from smsearch.plots.matches import PlottedMatches

GROUPS_MAX: Final = 500
"""Groups that are drawn."""
COUNT: Final = "count(*)"
_KEYS_MAX: Final = 2


def bars(matches: PlottedMatches, keys: Sequence[str], measure: str = COUNT) -> Figure:
    """A bar for each value of the first key, parted by the second; as long as what is asked of the group.

    Args:
        matches: The matches.
        keys: One or two of what `group` groups by: `Tags.team`, `month(created)`.
        measure: What is asked of each group: `count(*)`, `sum(BillableTimeInSeconds)`.

    Raises:
        InvalidValueError: There are more keys, or the measure gives no number.
        UnknownPropertyError: A name that the resource does not have.
        LimitExceededError: There are more groups than an answer may have.
    """
    if not 1 <= len(keys) <= _KEYS_MAX:
        raise InvalidValueError("Bars have one key, and may be parted by another.", hint="Name one or two.")
    table = matches.grouped(said(keys, [*keys, measure]), None)
    return of_table(table, len(keys), len(keys))


def of_table(table: GroupTable, keys: int, place: int) -> Figure:
    """The bars of a table of groups.

    Args:
        table: The groups; its first columns are its keys.
        keys: How many keys there are, one or two.
        place: The column of the measure.

    Raises:
        InvalidValueError: The measure gives no number.
    """
    measured = table.columns[place]
    lengths = table.to_arrow().column(place).combine_chunks()
    if not (
        pa.types.is_integer(lengths.type) or pa.types.is_floating(lengths.type) or pa.types.is_decimal(lengths.type)
    ):
        raise InvalidValueError(f"{measured.title} gives no number.", hint="Ask for a count or a sum.")
    columns: dict[str, pa.Array] = {"key": _labels(table.columns[0])}
    titles = {"key": table.columns[0].title}
    if keys == _KEYS_MAX:
        columns["part"], titles["part"] = _labels(table.columns[1]), table.columns[1].title
    columns["length"], titles["length"] = lengths.cast(pa.float64(), safe=False), measured.title
    data = table_of(columns).slice(0, GROUPS_MAX)
    notes = list(table.notes)
    if data.num_rows < table.total:
        notes.append(f"The first {data.num_rows:,} of {table.total:,} groups.")
    title = f"{measured.title} by {', '.join(column.title for column in table.columns[:keys])}"
    return Figure("bars", title, data, titles, _drawing(titles), tuple(notes))


def _labels(column: TableColumn) -> pa.Array:
    return pa.array([text or "(absent)" for text in column.texts()], pa.string())


def _drawing(titles: dict[str, str]) -> Spec:
    across = {"field": "length", "type": "quantitative", "title": titles["length"]}
    encoding: Spec = {
        "x": across,
        "y": {"field": "key", "type": "nominal", "title": titles["key"], "sort": None},
        "tooltip": [{"field": field, "title": title} for field, title in titles.items()],
    }
    if "part" in titles:
        encoding["color"] = {"field": "part", "type": "nominal", "title": titles["part"]}
    return {"mark": "bar", "encoding": encoding}
