"""The schema screen: the properties that records have, and how many records have each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from smsearch.facets.wording import percent, text_of
from smsearch.frozen import replace
from smsearch.page.addresses import SearchAddress
from smsearch.page.screen import Screen
from smsearch.property_rows import EXAMPLES, PropertyRow
from smsearch.schema.value_kinds import ValueType
from smsearch.syntax.text.lexer import write_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.engine.value_counts import ValueCounts
    from smsearch.page.addresses import SchemaAddress
    from smsearch.result import Result
    from smsearch.schema.property import Property
    from smsearch.searcher import Searcher

PROPERTIES_SHOWN: Final = 100
EXAMPLES_AMONG_MAX: Final = 10_000
"""Different values up to which the most frequent are shown; of more, hardly one is frequent."""
COUNTED_IN_LISTS_MAX: Final = 50_000
"""Records up to which properties inside of lists are counted: each of their elements has to be looked at."""


@dataclass(frozen=True, slots=True)
class SchemaRow:
    """A property: its type, and where its values are counted; a number is None where it was not counted."""

    name: str
    type: str
    having: int | None
    percent: str
    distinct: int | None
    examples: str
    conflict: str
    facet_url: str
    url: str


def schema_screen(searcher: Searcher, address: SchemaAddress) -> Screen:
    """The properties whose names hold a part, in any case.

    Raises:
        RequestError: There is no such kind.
    """
    result = searcher.quiet_result("", resource=address.resource or None)
    in_all = result.total
    props = [prop for prop in _observed(searcher, result) if address.part.lower() in prop.name.lower()]
    counted = [prop for prop in props if not _is_costly(prop, in_all)]
    present = dict(zip(counted, _presence(searcher, result, counted), strict=True))
    there = [prop for prop in props if present.get(prop, 1)]
    shown = there[:PROPERTIES_SHOWN]
    counts = dict(zip(shown, _value_counts(result, shown, in_all), strict=True))
    values: dict[str, object] = {
        "kinds": searcher.resources(),
        "resource": result.resource,
        "in_all": in_all,
        "rows": [_row(prop, counts[prop], present.get(prop), in_all, result.resource) for prop in shown],
        "number": len(there),
        "has_uncounted": any(counts[prop] is None for prop in shown),
    }
    return Screen("schema.html", f"Schema of {result.resource}", replace(address, resource=result.resource), values)


def _observed(searcher: Searcher, result: Result) -> list[Property]:
    """The properties that a record may have; a store tells them without a look at its records."""
    observed = searcher.engine.observed_properties(result.resource)
    if observed is None:
        return list(result.coverage())
    order = {prop.name: place for place, prop in enumerate(result.schema.properties())}
    return sorted(observed, key=lambda prop: (order.get(prop.name, len(order)), prop.name))


def _is_costly(prop: Property, in_all: int) -> bool:
    return prop.is_many and in_all > COUNTED_IN_LISTS_MAX


def _presence(searcher: Searcher, result: Result, props: Sequence[Property]) -> list[int]:
    from smsearch.predicate.predicate import ALWAYS

    return list(searcher.engine.presence_counts(result.resource, ALWAYS, props))


def _value_counts(result: Result, props: Sequence[Property], in_all: int) -> list[ValueCounts | None]:
    cheap = [prop for prop in props if not _is_costly(prop, in_all)]
    counts = dict(zip(cheap, result.value_counts(cheap), strict=True))
    return [counts.get(prop) for prop in props]


def _row(prop: Property, counts: ValueCounts | None, having: int | None, in_all: int, resource: str) -> SchemaRow:
    is_valued = prop.kind.has_values and counts is not None
    has_examples = is_valued and counts is not None and counts.distinct <= EXAMPLES_AMONG_MAX
    top = counts.top(EXAMPLES) if has_examples and counts is not None else []
    examples = [text_of(value, prop.kind) or '""' for value, _ in top]
    return SchemaRow(
        name=prop.name,
        type=PropertyRow(prop).type,
        having=having,
        percent=percent(having, in_all) if having is not None else "",
        distinct=counts.distinct if counts is not None and is_valued else None,
        examples=", ".join(examples),
        conflict=_conflict(prop, counts),
        facet_url=SearchAddress(resource, facets=(prop.name,)).url(),
        url=SearchAddress(resource, f"{write_name(prop.name)} EXISTS").url(),
    )


def _conflict(prop: Property, counts: ValueCounts | None) -> str:
    """Of which types the values are, where they are of several."""
    if counts is None:
        return ""
    parts = [f"unreadable in {counts.unreadable:,}"] if counts.unreadable else []
    if prop.kind.type is ValueType.TEXT_OR_NUMBER and 0 < counts.distinct_numbers < counts.distinct:
        texts = counts.distinct - counts.distinct_numbers
        parts.append(f"{counts.distinct_numbers:,} values are numbers, {texts:,} are texts")
    return ", ".join(parts)
