"""Why a record is in a result, or is not: the truth tree, the place in the order, and what different elements met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from smsearch.reasons.tree import INDENTED, lines
from smsearch.reasons.truth import Junction, placed

if TYPE_CHECKING:
    from smsearch.reasons.seen import Seen
    from smsearch.reasons.spread import Parted
    from smsearch.reasons.tree import Style
    from smsearch.reasons.truth import Truth
    from smsearch.schema.origin import RecordSource

PLACES_MAX: Final = 10_000
"""Matches that are gone through to find a record's place in the order; as many as the LIMIT, if that is more."""


@dataclass(frozen=True, slots=True)
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
        parted: Conditions that it meets with different elements only.
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
    parted: tuple[Parted, ...] = ()
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
            others = f"{self.matches:,} other record{'' if self.matches == 1 else 's'}"
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
        shown = [*lines(self.truth, style), self.verdict()]
        shown += [sentence(parted) for parted in self.parted]
        if self.source is not None:
            shown.append(f"read from {self.source}")
        return "\n".join(map(_visible, shown))

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
                        for text, places in zip(parted.spread.texts, parted.places, strict=True)
                    ],
                    "Suggestion": parted.spread.suggestion,
                }
                for parted in self.parted
            ],
            "Source": None if self.source is None else self.source.members(),
        }


def _visible(line: str) -> str:
    """A line that no text of a record or a query can break, or make a terminal obey."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in line)


def sentence(parted: Parted) -> str:
    """What different elements met, and how to ask for one."""
    name = parted.spread.nested.nested_property_name
    met = (
        f"{text} by {' and '.join(placed(name, (place,)) for place in places)}"
        for text, places in zip(parted.spread.texts, parted.places, strict=True)
    )
    return (
        f"met by different elements only: {', '.join(met)}; for one element that meets all: {parted.spread.suggestion}"
    )


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


def _value(value: Seen) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Value": value.spelling,
        "Type": value.type,
        "ComparedAs": value.compared.value,
        "Passes": value.passes,
    }
    if value.is_coerced:
        found["CoercedFromText"] = True
    if value.reading:
        found["ReadAs"] = value.reading
    if value.places:
        found["Elements"] = list(value.places)
    return found
