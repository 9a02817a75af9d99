"""The addresses of the screens: each is one frozen value, read from an address and written as one.

`read(path, query) == value` for every value written by `value.url()`. A list stands in one parameter, its items
separated by commas, with the quotes of CSV where an item has a comma itself; a parameter that is repeated is one list,
as a form with check boxes sends it. Beside `q` a form may send `q0`, the same text before its control characters
were written out for people. What an address does not say has its default, and is not written.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Final, get_args
from urllib.parse import parse_qsl, quote, unquote

from smsearch.messages import visible
from smsearch.page.item_lists import read_list, written_list

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PARAMETERS_MAX: Final = 1_000
"""Parameters of one address; a hundred columns written one by one are fewer."""
PAGE_MAX: Final = 1_000_000
_ALL: Final = "all"
_ORIGINAL: Final = "0"
"""Ends the name of a parameter that has a value of another, percent-encoded, as it was before it was written out."""
_SAFE: Final = "/:*,"
"""Characters that stand in a query string as they are: names of properties and lists stay readable."""


class _Written:
    """How an address is written; its parameters are those that its class gives."""

    __slots__ = ()
    path: ClassVar[str]

    def parameters(self) -> dict[str, str]:
        """Names and values, the defaults left out."""
        return {}

    def url(self) -> str:
        """The path, and the parameters if there are any."""
        query = "&".join(f"{name}={_quoted(value)}" for name, value in self.parameters().items())
        return f"{self.path}?{query}" if query else self.path


@dataclass(frozen=True, slots=True)
class HomeAddress(_Written):
    """Home: what is in the dump."""

    path: ClassVar[str] = "/"


@dataclass(frozen=True, slots=True)
class SearchAddress(_Written):
    """The search screen.

    Attributes:
        resource: The kind that is searched; `""` for the usual one.
        query: The text of the query.
        columns: Names of columns, `*` standing for any characters; `()` for the usual ones.
        sort: A property to sort by, descending if it begins with `-`; `""` for the query's own order.
        facets: Names of facets; `()` for the usual ones.
        selected: Names of the records that are selected.
        page: The page, from 1.
        counts_all: Whether the facets count all matches, and not a sample of many.
    """

    path: ClassVar[str] = "/search"
    resource: str = ""
    query: str = ""
    columns: tuple[str, ...] = ()
    sort: str = ""
    facets: tuple[str, ...] = ()
    selected: tuple[str, ...] = ()
    page: int = 1
    counts_all: bool = False

    def parameters(self) -> dict[str, str]:
        """`r`, `q`, `c`, `sort`, `facet`, `sel`, `p`, `counts`."""
        return _said(
            r=self.resource,
            q=self.query,
            c=written_list(self.columns),
            sort=self.sort,
            facet=written_list(self.facets),
            sel=written_list(self.selected),
            p=_page_text(self.page),
            counts=_ALL if self.counts_all else "",
        )

    def download(self, suffix: str) -> str:
        """The address of the same matches as a file: `/search.csv?...`."""
        url = self.url()
        return f"{self.path}.{suffix}{url.removeprefix(self.path)}"


@dataclass(frozen=True, slots=True)
class RecordAddress(_Written):
    """One record, seen from a query.

    Attributes:
        resource: Its kind; `""` for any.
        name: Its name or ARN.
        query: The query among whose matches it is placed; `""` for all records.
    """

    path: ClassVar[str] = "/record"
    resource: str = ""
    name: str = ""
    query: str = ""

    def parameters(self) -> dict[str, str]:
        """`r`, `name`, `q`."""
        return _said(r=self.resource, name=self.name, q=self.query)


@dataclass(frozen=True, slots=True)
class CompareAddress(_Written):
    """Records side by side; `names` are names or ARNs."""

    path: ClassVar[str] = "/compare"
    resource: str = ""
    names: tuple[str, ...] = ()

    def parameters(self) -> dict[str, str]:
        """`r`, `name`."""
        return _said(r=self.resource, name=written_list(self.names))

    def download(self, suffix: str) -> str:
        """The address of the same comparison as a file: `/compare.md?...`."""
        return f"{self.path}.{suffix}{self.url().removeprefix(self.path)}"


@dataclass(frozen=True, slots=True)
class SchemaAddress(_Written):
    """The properties of a kind; `part` is any part of a property's name, `page` the page of the table from 1."""

    path: ClassVar[str] = "/schema"
    resource: str = ""
    part: str = ""
    page: int = 1

    def parameters(self) -> dict[str, str]:
        """`r`, `part`, `p`."""
        return _said(r=self.resource, part=self.part, p=_page_text(self.page))


@dataclass(frozen=True, slots=True)
class WhyAddress(_Written):
    """Why a record is in the matches of a query, or is not."""

    path: ClassVar[str] = "/why"
    resource: str = ""
    name: str = ""
    query: str = ""

    def parameters(self) -> dict[str, str]:
        """`r`, `name`, `q`."""
        return _said(r=self.resource, name=self.name, q=self.query)


@dataclass(frozen=True, slots=True)
class ChartsAddress(_Written):
    """Figures of the matches of a query.

    Attributes:
        resource: The kind that is searched; `""` for the usual one.
        query: The text of the query.
        charts: The figures, each a kind and names, as `request_of` in `charts.py` reads it; `()` for the usual ones.
    """

    path: ClassVar[str] = "/charts"
    resource: str = ""
    query: str = ""
    charts: tuple[tuple[str, ...], ...] = ()

    def parameters(self) -> dict[str, str]:
        """`r`, `q`, `chart`: a list whose items are lists."""
        return _said(r=self.resource, q=self.query, chart=written_list(map(written_list, self.charts)))


@dataclass(frozen=True, slots=True)
class GroupsAddress(_Written):
    """The matches of a query in groups.

    Attributes:
        resource: The kind that is searched; `""` for the usual one.
        query: The text of the query.
        keys: What the matches are grouped by; `()` for their status.
        measures: What is asked of each group, after the count.
    """

    path: ClassVar[str] = "/groups"
    resource: str = ""
    query: str = ""
    keys: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()

    def parameters(self) -> dict[str, str]:
        """`r`, `q`, `by`, `m`."""
        return _said(r=self.resource, q=self.query, by=written_list(self.keys), m=written_list(self.measures))


@dataclass(frozen=True, slots=True)
class FailuresAddress(_Written):
    """Why the matches of a query failed; `page` is the page of the table from 1."""

    path: ClassVar[str] = "/failures"
    resource: str = ""
    query: str = ""
    page: int = 1

    def parameters(self) -> dict[str, str]:
        """`r`, `q`, `p`."""
        return _said(r=self.resource, q=self.query, p=_page_text(self.page))


@dataclass(frozen=True, slots=True)
class TuningAddress(_Written):
    """How a tuning job went; `name` is its name."""

    path: ClassVar[str] = "/tuning"
    name: str = ""

    def parameters(self) -> dict[str, str]:
        """`name`."""
        return _said(name=self.name)


ScreenAddress = (
    HomeAddress
    | SearchAddress
    | RecordAddress
    | CompareAddress
    | SchemaAddress
    | WhyAddress
    | ChartsAddress
    | GroupsAddress
    | FailuresAddress
    | TuningAddress
)
PATHS: Final = tuple(screen.path for screen in get_args(ScreenAddress))


def read(path: str, query: str) -> ScreenAddress | None:
    """The address that a path and a query string say, or None if no screen is there.

    Parameters that a screen does not have are passed over, and so is a page that is no number.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=PARAMETERS_MAX)
    except ValueError:
        pairs = []
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    for name, values in lists.items():
        originals = map(unquote, lists.get(f"{name}{_ORIGINAL}", ()))
        by_shown = {visible(original): original for original in originals}
        lists[name] = [by_shown.get(value, value) for value in values]
    text = {name: values[-1] for name, values in lists.items()}
    return _address(path, text, lists)


def _address(path: str, text: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> ScreenAddress | None:
    resource, name, query = text.get("r", ""), text.get("name", ""), text.get("q", "")
    match path:
        case HomeAddress.path:
            return HomeAddress()
        case SearchAddress.path:
            return SearchAddress(
                resource,
                query,
                read_list(lists.get("c", ())),
                text.get("sort", ""),
                read_list(lists.get("facet", ())),
                read_list(lists.get("sel", ())),
                _page(text.get("p", "")),
                text.get("counts", "") == _ALL,
            )
        case RecordAddress.path:
            return RecordAddress(resource, name, query)
        case CompareAddress.path:
            return CompareAddress(resource, read_list(lists.get("name", ())))
        case SchemaAddress.path:
            return SchemaAddress(resource, text.get("part", ""), _page(text.get("p", "")))
        case WhyAddress.path:
            return WhyAddress(resource, name, query)
    return _figures_address(path, text, lists)


def _figures_address(path: str, text: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> ScreenAddress | None:
    """The address of a screen that draws."""
    resource, query = text.get("r", ""), text.get("q", "")
    match path:
        case TuningAddress.path:
            return TuningAddress(text.get("name", ""))
        case FailuresAddress.path:
            return FailuresAddress(resource, query, _page(text.get("p", "")))
        case GroupsAddress.path:
            return GroupsAddress(resource, query, read_list(lists.get("by", ())), read_list(lists.get("m", ())))
        case ChartsAddress.path:
            return ChartsAddress(resource, query, _charts(text, lists))
    return None


def _charts(text: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """The figures of an address, and the one that a form adds: its `kind`, and each `of` that is filled in."""
    rows = [row for line in read_list(lists.get("chart", ())) if (row := read_list([line]))]
    chart = (text.get("kind", ""), *filter(None, lists.get("of", ())))
    return tuple(dict.fromkeys([*rows, *([chart] if chart[0] else [])]))


@lru_cache(maxsize=1_024)
def _quoted(value: str) -> str:
    """A value as it stands in a query string; the hundreds of links of a screen have most of their values in common."""
    return quote(value, safe=_SAFE)


def _said(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _page_text(page: int) -> str:
    return "" if page == 1 else str(page)


def _page(digits: str) -> int:
    if not digits.isascii() or not digits.isdigit() or len(digits) > len(str(PAGE_MAX)):
        return 1
    return min(max(int(digits), 1), PAGE_MAX)
