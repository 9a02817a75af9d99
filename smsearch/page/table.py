"""The table of matches: chosen or usual columns, grouped by what they belong to.

Without chosen columns it shows what tells records apart, then the metrics, hyperparameters and tags in which the rows
differ. Those that are the same in all rows are named beside it, and those for which there is no room are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch.frames.summary import Look
from smsearch.frames.table_text import RecordCells
from smsearch.frozen import replace
from smsearch.page.addresses import RecordAddress
from smsearch.page.cells import Cell, column_cells
from smsearch.page.item_lists import written_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from smsearch.page.addresses import SearchAddress
    from smsearch.result import Result
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record

OWN_COLUMNS_MAX: Final = 14
"""Columns of the user's own (metrics, hyperparameters, tags) that are shown where nobody has chosen columns."""
_FIRST_FAMILIES: Final = ("Metrics", "HyperParameters", "Parameters", "Tags")


@dataclass(frozen=True, slots=True)
class TableHeading:
    """The head of a column.

    Attributes:
        name: The property.
        label: Its name without that of its group.
        group: What it belongs to: `Metrics`, or `""` for the record itself.
        sort_url: The same screen sorted by it; the other way round if it is already.
        order: `ascending`, `descending`, or `none`.
        is_number: Whether it holds numbers.
        left_url: The same screen with the column one place to the left, or `""`; the first names the row, and stays.
        right_url: The same with the column one place to the right, or `""`.
    """

    name: str
    label: str
    group: str
    sort_url: str
    order: str
    is_number: bool
    left_url: str = ""
    right_url: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A match: its name, the name as a form sends it, where its record is, whether it is selected, and its cells."""

    name: str
    item: str
    url: str
    is_selected: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class MatchTable:
    """What the table shows.

    Attributes:
        groups: The groups of its columns in order, each with how many columns it spans.
        headings: The columns.
        rows: The matches.
        same: Properties that are the same in all rows, with the value.
        left_out: How many columns of the user's own are not shown, for want of room.
    """

    groups: tuple[tuple[str, int], ...]
    headings: tuple[TableHeading, ...]
    rows: tuple[TableRow, ...]
    same: tuple[tuple[str, str], ...]
    left_out: int

    @property
    def names(self) -> tuple[str, ...]:
        """The properties of its columns."""
        return tuple(heading.name for heading in self.headings)


def table_of(
    result: Result, records: Sequence[Record], address: SearchAddress, counts: Mapping[Property, int]
) -> MatchTable:
    """The table of some matches.

    Raises:
        UnknownPropertyError: A chosen column is one that the resource does not have.
    """
    columns = address.columns or result.query.columns
    if columns:
        props: Sequence[Property] = result.columns_of(records, columns)
        own: list[Property] = []
    else:
        props = _usual(result, records, counts)
        own = _own(result, counts, props)
    grid = list(map(RecordCells([*props, *own]), records))
    raws = [[row[place] for row in grid] for place in range(len(props) + len(own))]
    can_be_same = range(1, len(raws)) if not columns and len(records) > 1 else ()
    same = [place for place in can_be_same if _is_same(raws[place])]
    varied = [place for place in range(len(props), len(raws)) if place not in same]
    places = [*(place for place in range(len(props)) if place not in same), *varied[:OWN_COLUMNS_MAX]]
    every = [*props, *own]
    cells = [column_cells(raws[place], every[place]) for place in places]
    headings = _movable([_heading(every[place], result, address) for place in places], address)
    shown_same = tuple((every[place].name, column_cells(raws[place][:1], every[place])[0].text) for place in same)
    rows = tuple(_row(record, [column[at] for column in cells], address, result) for at, record in enumerate(records))
    return MatchTable(_groups(headings), headings, rows, shown_same, len(varied) - len(varied[:OWN_COLUMNS_MAX]))


def _usual(result: Result, records: Sequence[Record], counts: Mapping[Property, int]) -> list[Property]:
    """What tells records apart, and what the query mentions: the summary without what is made of several properties.

    A metric that nobody asked about is among the user's own.
    """
    columns = (column for column in result.summary_of(records, counts) if column.look is Look.VALUE)
    return [prop for column in columns for prop in column.properties if not column.is_unasked_metric]


def _own(result: Result, counts: Mapping[Property, int], props: Iterable[Property]) -> list[Property]:
    """The user's own properties that the records have: metrics first, in each family those that most have."""
    families = list(dict.fromkeys(map(family_of_name, result.schema.families())))
    there = {prop.name for prop in props}
    own = [prop for prop in counts if prop.name not in there and family_of_name(prop.name) in families]
    ranking = dict.fromkeys((*_FIRST_FAMILIES, *families))
    order = {family: place for place, family in enumerate(ranking)}
    return sorted(own, key=lambda prop: (order[family_of_name(prop.name)], -counts[prop]))


def family_of_name(name: str) -> str:
    """What a property's name begins with, up to its first dot; `""` for one without a dot."""
    return name.partition(".")[0] if "." in name else ""


def _is_same(raws: Sequence[object]) -> bool:
    return raws[0] is not None and all(raw == raws[0] for raw in raws)


def _heading(prop: Property, result: Result, address: SearchAddress) -> TableHeading:
    group = family_of_name(prop.name)
    sorted_by, is_descending = _order(result)
    is_sorted = prop.name == sorted_by
    sort = prop.name if is_sorted and is_descending else f"-{prop.name}"
    order = ("descending" if is_descending else "ascending") if is_sorted else "none"
    label = prop.name.removeprefix(f"{group}.") if group else prop.name
    return TableHeading(prop.name, label, group, replace(address, sort=sort, page=1).url(), order, prop.kind.is_number)


def _movable(headings: Sequence[TableHeading], address: SearchAddress) -> tuple[TableHeading, ...]:
    """The headings with the links that move their columns; the first column stays."""
    names = [heading.name for heading in headings]

    def swapped(at: int) -> str:
        """The screen with the columns at a place and after it in each other's place."""
        if not 1 <= at < len(names) - 1:
            return ""
        return replace(address, columns=(*names[:at], names[at + 1], names[at], *names[at + 2 :])).url()

    return tuple(
        replace(heading, left_url=swapped(at - 1), right_url=swapped(at)) for at, heading in enumerate(headings)
    )


def _order(result: Result) -> tuple[str, bool]:
    """The property that the matches are sorted by, and whether they descend."""
    query = result.query
    if not query.sort_by:
        return "", True
    return result.property(query.sort_by).name, query.sort_order != "Ascending"


def _groups(headings: Sequence[TableHeading]) -> tuple[tuple[str, int], ...]:
    groups: list[tuple[str, int]] = []
    for heading in headings:
        if groups and groups[-1][0] == heading.group:
            groups[-1] = (heading.group, groups[-1][1] + 1)
        else:
            groups.append((heading.group, 1))
    return tuple(groups)


def _row(record: Record, cells: Sequence[Cell], address: SearchAddress, result: Result) -> TableRow:
    name = record.name or record.arn
    url = RecordAddress(result.resource, name, address.query).url()
    return TableRow(name, written_list([name]), url, name in address.selected, tuple(cells))
