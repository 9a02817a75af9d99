"""Why a record is in a result, or is not: the truth tree, the place in the order, and what different elements met."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import NotFoundError
from smsearch.messages import counted, nearest, visible
from smsearch.notebook import html
from smsearch.reasons.cross_element import cross_element_matches
from smsearch.reasons.tree import INDENTED, item, lines
from smsearch.reasons.truth import Junction, placed, truth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.reasons.bound_query import BoundQuery
    from smsearch.reasons.cross_element import CrossElementMatch
    from smsearch.reasons.tree import Style
    from smsearch.reasons.truth import Truth
    from smsearch.reasons.value_trace import ValueTrace
    from smsearch.schema.origin import RecordSource
    from smsearch.schema.record import Record

PLACES_MAX: Final = 10_000
"""Matches that are gone through to find a record's place in the order; as many as the LIMIT, if that is more."""


@dataclass(frozen=True, slots=True, repr=False)
class Why:
    """A record under a query; `str` of it is the tree for people.

    Attributes:
        resource: Its kind.
        name: Its name, or the ARN of a record that has none.
        arn: Its ARN, or `""`.
        truth: The query as a truth tree.
        place: Where it stands among the matches, from 1; None if it is none, or stands beyond `PLACES_MAX`.
        matches: How many records match.
        limit: The query's LIMIT, or None.
        order: What the matches are ordered by.
        cross_element: Conditions that it meets with different elements only.
        source: Where the record came from; None if that is not kept.
    """

    resource: str
    name: str
    arn: str
    truth: Truth
    place: int | None
    matches: int
    limit: int | None
    order: str
    cross_element: tuple[CrossElementMatch, ...] = ()
    source: RecordSource | None = None

    @property
    def is_match(self) -> bool:
        """Whether the record satisfies the conditions, whatever the LIMIT."""
        return self.truth.holds

    @property
    def is_in_result(self) -> bool:
        """Whether it is among what the query gives; a place that was not found is beyond the LIMIT."""
        if not self.is_match or self.limit is None:
            return self.is_match
        return self.place is not None and self.place <= self.limit

    def verdict(self) -> str:
        """The end of the matter in a sentence."""
        if not self.is_match:
            others = counted(self.matches, "other record")
            return f"{self.name} does not match; {others} {'does' if self.matches == 1 else 'do'}"
        if self.place is None:
            where = f"beyond place {max(PLACES_MAX, self.limit or 0):,} of {self.matches:,}"
        else:
            where = f"at place {self.place:,} of {self.matches:,}"
        if not self.is_in_result:
            return f"{self.name} matches, and LIMIT {self.limit} cuts it off: it stands {where}, by {self.order}"
        return f"{self.name} is in the result, {where}, by {self.order}"

    def text(self, style: Style = INDENTED) -> str:
        """The tree, the verdict, and what different elements met."""
        return "\n".join(map(visible, [*lines(self.truth, style), self.verdict(), *self._remarks()]))

    def _remarks(self) -> list[str]:
        remarks = [sentence(match) for match in self.cross_element]
        return remarks if self.source is None else [*remarks, f"read from {self.source}"]

    def _repr_html_(self) -> str:
        """The verdict and the tree, for a notebook."""
        tree = html.element("ul", [item(self.truth)], "list-style:none;padding-left:0")
        return html.figure(self.verdict(), [tree], self._remarks())

    def __repr__(self) -> str:
        return f"<smsearch.Why: {visible(self.verdict())}>"

    def __str__(self) -> str:
        return self.text()

    def members(self) -> dict[str, Any]:
        """It as JSON, for programs."""
        return {
            "Resource": self.resource,
            "Name": self.name,
            "Arn": self.arn,
            "InResult": self.is_in_result,
            "Matches": self.is_match,
            "Place": self.place,
            "Total": self.matches,
            "OrderedBy": self.order,
            "Truth": _node(self.truth),
            "MetByDifferentElements": [
                {
                    "Conditions": [
                        {"Text": text, "Elements": list(places)}
                        for text, places in zip(match.conditions.texts, match.places, strict=True)
                    ],
                    "Suggestion": match.conditions.suggestion,
                }
                for match in self.cross_element
            ],
            "Source": None if self.source is None else self.source.members(),
        }


class WhyEach(tuple[Why, ...]):
    """A `Why` for each record of one name; `str` of it is their trees, and a notebook shows them."""

    __slots__ = ()

    def __repr__(self) -> str:
        more = f" and {len(self) - 1:,} more" if len(self) > 1 else ""
        return f"<smsearch.WhyEach: {visible(self[0].verdict())}{more}>"

    def __str__(self) -> str:
        return "\n".join(map(str, self))

    def _repr_html_(self) -> str:
        """The verdicts and the trees, for a notebook."""
        return html.element("div", [html.Html(why._repr_html_()) for why in self])


def why_of(query: BoundQuery, name: str) -> WhyEach:
    """Why the records of a name are in a result, or are not; see `Result.why`."""
    records = query.engine.find(query.resource, name)
    if not records:
        own = query.schema.property(".".join(query.schema.resource.name_path))
        near = nearest(name, query.spellings(own, name))
        hint = f"Did you mean {near}?" if near else ""
        raise NotFoundError(f"No {query.resource} is called {name!r}.", hint=hint)
    total = query.engine.count(query.resource, query.predicate)
    sources: Sequence[RecordSource | None] = query.engine.sources(query.resource, name) or [None] * len(records)
    return WhyEach(_why(query, record, source, total) for record, source in zip(records, sources, strict=True))


def _why(query: BoundQuery, record: Record, source: RecordSource | None, total: int) -> Why:
    tree = truth(query.bound, record.document)
    return Why(
        resource=query.resource,
        name=record.name or record.arn,
        arn=record.arn,
        truth=tree,
        place=_place(query, record) if tree.holds else None,
        matches=total,
        limit=query.query.limit,
        order=str(query.key),
        cross_element=tuple(cross_element_matches(query.bound, record.document, query.schema, query.policy)),
        source=source,
    )


def _place(query: BoundQuery, record: Record) -> int | None:
    """Where a match stands among the matches, from 1, if it is among those that are gone through."""
    at_most = max(PLACES_MAX, query.query.limit or 0)
    matches = islice(query.engine.records(query.resource, query.predicate, query.key), at_most)
    places = (place for place, match in enumerate(matches, 1) if (match.arn, match.name) == (record.arn, record.name))
    return next(places, None)


def sentence(match: CrossElementMatch) -> str:
    """What different elements met, and how to ask for one."""
    conditions = match.conditions
    name = conditions.nested.nested_property_name
    met = (
        f"{text} by {' and '.join(placed(name, (place,)) for place in places)}"
        for text, places in zip(conditions.texts, match.places, strict=True)
    )
    return f"met by different elements only: {', '.join(met)}; for one element that meets all: {conditions.suggestion}"


def _node(truth: Truth) -> dict[str, Any]:
    node: dict[str, Any] = {"Text": truth.text, "Holds": truth.holds}
    if truth.junction is not Junction.NONE:
        node["Junction"] = truth.junction.value
        node["Parts"] = [_node(part) for part in truth.parts]
    else:
        node["Values"] = [_value(value) for value in truth.values]
    if truth.label:
        node["Label"] = truth.label
    return node


def _value(value: ValueTrace) -> dict[str, Any]:
    members: dict[str, Any] = {
        "Value": value.spelling,
        "Type": value.type,
        "ComparedAs": value.compared.value,
        "Passes": value.passes,
    }
    if value.is_coerced:
        members["CoercedFromText"] = True
    if value.reading:
        members["ReadAs"] = value.reading
    if value.places:
        members["Elements"] = list(value.places)
    return members
