"""The matches of a query in groups: a table whose keys are links to their records, and bars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch.errors import RequestError
from smsearch.facets.facet import Row
from smsearch.frames.summary import status_property
from smsearch.groups import bind as bind_groups
from smsearch.groups.ask import said
from smsearch.page import conditions
from smsearch.page.addresses import SearchAddress
from smsearch.page.item_lists import written_list
from smsearch.page.mending import refusal
from smsearch.page.query_text import read_query
from smsearch.page.screen import Screen
from smsearch.page.shown_figures import shown_figure
from smsearch.plots import bars

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.engine.grouping import GroupKey
    from smsearch.engine.value_counts import Scalar
    from smsearch.groups.table import GroupTable
    from smsearch.page.addresses import GroupsAddress
    from smsearch.result import Result
    from smsearch.searcher import Searcher

GROUPS_SHOWN: Final = 500
COUNT: Final = "count(*)"
_DRAWN_KEYS_MAX: Final = 2


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group: its keys and numbers as texts, and its records."""

    cells: tuple[str, ...]
    url: str


def grouped_screen(searcher: Searcher, address: GroupsAddress) -> Screen:
    """The groups of an address; what cannot be grouped is shown with what is wrong about it."""
    kinds = searcher.resources()
    shared: dict[str, object] = {"kinds": kinds, "resource": address.resource or searcher.default_resource}
    try:
        result = searcher.quiet_result(address.query, resource=address.resource or None)
        keys = address.keys or _usual_keys(result)
        grouping = said(keys, [*keys, COUNT, *address.measures])
        bound = bind_groups.bind(grouping, result.property)
        table = result.grouped(grouping, None)
        figures = []
        if len(keys) <= _DRAWN_KEYS_MAX and len(table):
            place = len(keys) + bool(address.measures)
            figures = [shown_figure(bars.of_table(table, len(keys), place))]
        rows = list(_rows(result, address, table, bound.keys))
    except RequestError as error:
        wrong = refusal(error, SearchAddress(address.resource, address.query))
        return Screen("refused.html", "Groups", address, shared | {"refusal": wrong})
    values: dict[str, object] = {
        "resource": result.resource,
        "header": [column.title for column in table.columns],
        "numeric": [column.kind.is_number for column in table.columns],
        "rows": rows,
        "number": table.total,
        "notes": table.notes,
        "figures": figures,
        "keys": written_list(keys),
        "measures": written_list(address.measures),
    }
    return Screen("grouped.html", f"Groups: {address.query or result.resource}", address, shared | values)


def _usual_keys(result: Result) -> tuple[str, ...]:
    """The status, else the name."""
    status = status_property(result.schema)
    return (status.name if status is not None else ".".join(result.schema.resource.name_path),)


def _rows(result: Result, address: GroupsAddress, table: GroupTable, keys: Sequence[GroupKey]) -> Iterator[GroupRow]:
    query = read_query(address.query)
    for place, texts in enumerate(table.texts()[:GROUPS_SHOWN]):
        own = [_condition(key, table.columns[at].cells[place]) for at, key in enumerate(keys)]
        url = ""
        if all(own):
            url = SearchAddress(
                result.resource, query.with_condition(" AND ".join(own)) if own else address.query
            ).url()
        yield GroupRow(tuple(texts), url)


def _condition(key: GroupKey, cell: Scalar | None) -> str:
    """What the records of a group have under a key; `""` where no query can say it."""
    prop = key.property
    if cell is None:
        return conditions.absent(prop.name)
    row = Row(0, cell)
    if key.buckets is not None and not isinstance(cell, str | bool):
        row = Row(0, None, cell, key.buckets.end(cell))
    return conditions.condition_of(prop.name, row, prop.kind) if conditions.can_be_asked(row, prop.kind) else ""
