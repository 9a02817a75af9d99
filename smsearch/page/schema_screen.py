"""The schema screen: the properties that records have, counted as the verb `schema` counts them, fifty at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from smsearch import property_rows
from smsearch.facets.wording import percent
from smsearch.frames import columns as frame_columns
from smsearch.page.addresses import SchemaAddress, SearchAddress
from smsearch.page.cells import kind_text
from smsearch.page.screen import Screen
from smsearch.property_rows import PropertyRow
from smsearch.schema.value_kinds import ValueType
from smsearch.syntax.text.lexer import write_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.result import Result
    from smsearch.schema.property import Property
    from smsearch.searcher import Searcher

PROPERTIES_SHOWN: Final = 50
"""Properties on one page of the table."""
EXAMPLES_AMONG_MAX: Final = 10_000
"""Different values up to which the most frequent are shown; of more, hardly one is frequent."""
ALL_COUNTED_MAX: Final = 50_000
"""Records up to which all properties are counted: those inside of lists and derived ones take a look at each record."""


@dataclass(frozen=True, slots=True)
class SchemaRow:
    """A property as the table shows it: its type, and where its values are counted.

    What was not counted is `""` or None.
    """

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
    can_count_all = in_all <= ALL_COUNTED_MAX
    having: Mapping[Property, int | None]
    having = property_rows.having(result, address.part) if can_count_all else _of_many(searcher, result, address.part)
    pages = max(-(-len(having) // PROPERTIES_SHOWN), 1)
    page = min(address.page, pages)
    props = list(having)[(page - 1) * PROPERTIES_SHOWN : page * PROPERTIES_SHOWN]
    countable = [prop for prop in props if having[prop] is not None]
    tallies = dict(zip(countable, result.value_counts(countable), strict=True))
    here = replace(address, resource=result.resource, page=page)
    values: dict[str, object] = {
        "kinds": searcher.resources(),
        "resource": result.resource,
        "in_all": in_all,
        "rows": [_row(PropertyRow(prop, tallies.get(prop), having[prop] or 0), in_all, here) for prop in props],
        "number": len(having),
        "first": (page - 1) * PROPERTIES_SHOWN + 1,
        "before_url": replace(here, page=page - 1).url() if page > 1 else "",
        "after_url": replace(here, page=page + 1).url() if page < pages else "",
        "has_uncounted": len(countable) < len(props),
    }
    return Screen("schema.html", f"Schema of {result.resource}", here, values)


def _of_many(searcher: Searcher, result: Result, part: str) -> dict[Property, int | None]:
    """As `property_rows.having`, with None for what is inside of lists or derived: it may be in no record."""
    observed = searcher.engine.observed_properties(result.resource) or result.schema.properties()
    parted = (prop for prop in observed if property_rows.has_part(prop, part))
    props = frame_columns.in_order(parted, result.schema)
    single = [prop for prop in props if not prop.is_many]
    counts = dict(zip(single, result.presence_counts(single), strict=True))
    derived = [prop for prop in result.schema.derived.values() if property_rows.has_part(prop, part)]
    return {prop: counts.get(prop) for prop in (*props, *derived) if counts.get(prop, 1)}


def _row(row: PropertyRow, in_all: int, address: SchemaAddress) -> SchemaRow:
    distinct = row.distinct
    has_examples = distinct is not None and distinct <= EXAMPLES_AMONG_MAX
    return SchemaRow(
        name=row.name,
        type=row.type,
        having=row.records if row.tally is not None else None,
        percent=percent(row.records, in_all) if row.tally is not None else "",
        distinct=distinct,
        examples=", ".join(kind_text(example, row.prop.kind) for example in row.examples) if has_examples else "",
        conflict=row.conflict if has_examples or row.prop.kind.type is not ValueType.TEXT_OR_NUMBER else "",
        facet_url=SearchAddress(address.resource, facets=(row.name,)).url(),
        url=SearchAddress(address.resource, f"{write_name(row.name)} EXISTS").url(),
    )
