"""The search screen: a query, what it finds as a table with facets, and what to do when it finds nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch.errors import RequestError
from smsearch.frames.columns import coverage
from smsearch.frozen import replace
from smsearch.page import facet_panel, mending, table
from smsearch.page.copies import copies_of
from smsearch.page.groups_screen import groups_screen
from smsearch.page.item_lists import written_list
from smsearch.page.query_text import ordered
from smsearch.page.screen import Screen

if TYPE_CHECKING:
    from smsearch.page.addresses import SearchAddress
    from smsearch.result import Result
    from smsearch.searcher import Searcher

ROWS: Final = 50
"""Matches on one page of the table."""
DOWNLOADS: Final = ("csv", "json", "parquet", "md")


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page of the table is: the places of its first and last row from 1, and the pages beside it.

    Attributes:
        first: The place of the first row.
        last: The place of the last row.
        given: How many rows all pages have.
        before_url: The page before, or `""`.
        after_url: The page after, or `""`.
    """

    first: int
    last: int
    given: int
    before_url: str
    after_url: str


def result_of(searcher: Searcher, address: SearchAddress) -> Result:
    """The matches of an address in its order.

    Raises:
        RequestError: Its query is none, or its order names no property.
    """
    text = ordered(address.query, address.sort) if address.sort else address.query
    return searcher.quiet_result(text, resource=address.resource or None)


def search_screen(searcher: Searcher, address: SearchAddress) -> Screen:
    """The screen of an address; a wrong query is shown with what is wrong about it."""
    start = time.perf_counter()
    kinds = searcher.resources()
    shared: dict[str, object] = {"kinds": kinds, "resource": address.resource or searcher.default_resource}
    try:
        result = result_of(searcher, address)
        if result.query.grouping is not None:
            return groups_screen(result, address, shared)
        values = _matches(result, address)
    except RequestError as error:
        shared["refusal"] = mending.refusal(error, address)
        return Screen("refused.html", "Search", address, shared)
    shared |= {"resource": result.resource, "in_all": kinds.get(result.resource, 0)}
    milliseconds = (time.perf_counter() - start) * 1_000
    title = address.query or result.resource
    return Screen("search.html", title, address, shared | values | {"milliseconds": round(milliseconds)})


def _matches(result: Result, address: SearchAddress) -> dict[str, object]:
    count = len(result)
    pages = max(-(-count // ROWS), 1)
    page = min(address.page, pages)
    first = (page - 1) * ROWS
    records = result.between(first, first + ROWS)
    counts = coverage(records, result.schema)
    match_table = table.table_of(result, records, address, counts)
    panels, wrong = facet_panel.panels(result, address, counts)
    downloads = replace(address, columns=match_table.names, page=1, selected=(), facets=())
    diagnosis = result.diagnose() if not count and result.query.limit != 0 else None
    return {
        "total": result.total,
        "paging": Paging(
            first + 1 if count else 0,
            first + len(records),
            count,
            replace(address, page=page - 1).url() if page > 1 else "",
            replace(address, page=page + 1).url() if page < pages else "",
        ),
        "table": match_table,
        "chosen": written_list(address.columns or match_table.names),
        "usual_url": replace(address, columns=()).url(),
        "every_url": replace(address, columns=(*match_table.names, *_families(match_table))).url(),
        "facets": panels,
        "facet_names": written_list(panel.name for panel in panels),
        "wrong_facets": wrong,
        "warnings": result.warnings(),
        "copies": copies_of(result, match_table.names),
        "downloads": [(suffix, downloads.download(suffix)) for suffix in DOWNLOADS],
        "diagnosis": diagnosis,
        "conditions": mending.conditions_of(diagnosis, address) if diagnosis is not None else (),
    }


def _families(match_table: table.MatchTable) -> list[str]:
    """The groups of a table's columns, each as a pattern of all that belongs to it."""
    return [f"{group}.*" for group, _ in match_table.groups if group]
