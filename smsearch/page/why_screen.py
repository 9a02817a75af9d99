"""Why a record is in the matches of a query, or is not: the truth tree, with links that relax what fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch.errors import NotFoundError, RequestError
from smsearch.frozen import replace
from smsearch.page.addresses import RecordAddress, SearchAddress
from smsearch.page.mending import Mend, single_filter
from smsearch.page.query_text import joined, read_query
from smsearch.page.screen import Screen
from smsearch.reasons.tree import node_text, shown_parts
from smsearch.reasons.truth import Junction
from smsearch.syntax.operators import Operator
from smsearch.syntax.text.formatter import format_filter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.page.addresses import WhyAddress
    from smsearch.reasons.truth import Truth
    from smsearch.reasons.why import Why
    from smsearch.searcher import Searcher

_INCLUSIVE: Final = {
    Operator.GREATER_THAN: Operator.GREATER_THAN_OR_EQUAL_TO,
    Operator.GREATER_THAN_OR_EQUAL_TO: Operator.GREATER_THAN_OR_EQUAL_TO,
    Operator.LESS_THAN: Operator.LESS_THAN_OR_EQUAL_TO,
    Operator.LESS_THAN_OR_EQUAL_TO: Operator.LESS_THAN_OR_EQUAL_TO,
    Operator.EQUALS: Operator.EQUALS,
}


@dataclass(frozen=True, slots=True)
class TruthLine:
    """A line of the tree: how deep it is, whether it holds, what it says, and links that relax it."""

    depth: int
    holds: bool
    text: str
    mends: tuple[Mend, ...]


def why_screen(searcher: Searcher, address: WhyAddress) -> Screen:
    """The screen of a question; a wrong query or name is told in it."""
    kind = address.resource or searcher.default_resource
    values: dict[str, object] = {"kinds": searcher.resources(), "resource": kind, "whys": [], "problem": "", "hint": ""}
    values |= {"search_url": SearchAddress(kind, address.query).url()}
    if address.name:
        try:
            whys = searcher.quiet_result(address.query, resource=kind).why(address.name)
            values["whys"] = [
                (why, list(_lines(why, address)), RecordAddress(why.resource, why.arn or why.name, address.query).url())
                for why in whys
            ]
        except (RequestError, NotFoundError) as error:
            values |= {"problem": error.message, "hint": error.hint}
    return Screen("why.html", "Why", replace(address, resource=kind), values)


def _lines(why: Why, address: WhyAddress) -> Iterator[TruthLine]:
    is_all = why.truth.junction is Junction.ALL
    parts = why.truth.parts if is_all else (why.truth,)
    texts = [part.text for part in parts if part.text]
    if is_all:
        yield TruthLine(0, why.truth.holds, node_text(why.truth), ())
    for place, part in enumerate(parts):
        mends = tuple(_relaxed(part, place, texts, address)) if not part.holds else ()
        yield TruthLine(int(is_all), part.holds, node_text(part), mends)
        yield from _below(part, int(is_all) + 1)


def _below(truth: Truth, depth: int) -> Iterator[TruthLine]:
    for part in shown_parts(truth):
        yield TruthLine(depth, part.holds, node_text(part), ())
        yield from _below(part, depth + 1)


def _relaxed(part: Truth, place: int, texts: list[str], address: WhyAddress) -> Iterator[Mend]:
    """The query with a condition that the record satisfies in the place of one that fails, or without it."""
    query = read_query(address.query)
    others = [*texts[:place], *texts[place + 1 :]]

    def url(conditions: list[str]) -> str:
        return replace(address, query=query.with_conditions(joined(conditions))).url()

    condition = single_filter(part.text)
    operator = _INCLUSIVE.get(condition.operator) if condition is not None else None
    if condition is not None and operator is not None and len(part.values) == 1:
        had = part.values[0]
        text = format_filter(replace(condition, operator=operator, value=had.reading or had.spelling))
        yield Mend(text, url([*texts[:place], text, *texts[place + 1 :]]))
    yield Mend("without it", url(others))
