"""Puts reasons together from a question and the records that were asked; imported only when someone wants a reason."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from smsearch.errors import InvalidValueError, NotFoundError
from smsearch.predicate.predicate import all_of, negation
from smsearch.reasons.spread import parted
from smsearch.reasons.truth import truth
from smsearch.reasons.why import PLACES_MAX, Why

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smsearch.engine.engine import Engine
    from smsearch.policy import Policy
    from smsearch.predicate.bound import BoundExpression
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.names import Schema
    from smsearch.schema.origin import RecordSource
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record
    from smsearch.syntax.query import Query

NEAREST_AMONG: Final = 2_000
"""Spellings among which the nearest one is looked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a result holds it: the records, and what is asked of them."""

    engine: Engine
    schema: Schema
    query: Query
    policy: Policy
    bound: BoundExpression
    key: SortKey

    @property
    def predicate(self) -> Predicate:
        """The condition."""
        return self.bound.predicate

    @property
    def resource(self) -> str:
        """The resource that is asked."""
        return self.schema.resource.name

    def spellings(self, prop: Property, near: str) -> list[str]:
        """Texts that records have under a property, those around one that is looked for."""
        return self.engine.spellings(self.resource, prop, near, NEAREST_AMONG)


def nearest(written: str, spellings: list[str]) -> str:
    """The spelling that differs least, in case first, or `""`."""
    folded = {spelling.lower(): spelling for spelling in reversed(spellings)}
    near = difflib.get_close_matches(written.lower(), folded, n=1)
    return folded[near[0]] if near else ""


def why(asked: Asked, name: str) -> tuple[Why, ...]:
    """Why the records of a name are in a result, or are not; see `Result.why`."""
    found = asked.engine.find(asked.resource, name)
    if not found:
        own = asked.schema.property(".".join(asked.schema.resource.name_path))
        near = nearest(name, asked.spellings(own, name))
        hint = f"Did you mean {near}?" if near else ""
        raise NotFoundError(f"No {asked.resource} is called {name!r}.", hint=hint)
    total = asked.engine.count(asked.resource, asked.predicate)
    sources: Sequence[RecordSource | None] = asked.engine.sources(asked.resource, name) or [None] * len(found)
    return tuple(_why(asked, record, source, total) for record, source in zip(found, sources, strict=True))


def _why(asked: Asked, record: Record, source: RecordSource | None, total: int) -> Why:
    tree = truth(asked.bound, record.document)
    return Why(
        resource=asked.resource,
        name=record.name or record.arn,
        arn=record.arn,
        truth=tree,
        place=_place(asked, record) if tree.holds else None,
        matches=total,
        limit=asked.query.limit,
        order=f"{asked.key.property.name} {asked.key.order}",
        parted=tuple(parted(asked.bound, record.document, asked.schema, asked.policy)),
        source=source,
    )


def _place(asked: Asked, record: Record) -> int | None:
    """Where a match stands among the matches, from 1, if it is among those that are gone through."""
    at_most = max(PLACES_MAX, asked.query.limit or 0)
    matches = islice(asked.engine.records(asked.resource, asked.predicate, asked.key), at_most)
    places = (place for place, match in enumerate(matches, 1) if (match.arn, match.name) == (record.arn, record.name))
    return next(places, None)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two results side by side.

    Attributes:
        left: Engine that only the left one has, in its order.
        right: Engine that only the right one has, in its order.
        both: How many records both have.
    """

    left: tuple[Record, ...]
    right: tuple[Record, ...]
    both: int


def overlap(left: Asked, right: Asked) -> Overlap:
    """What two questions to the same records have in common, whatever their LIMITs.

    Raises:
        InvalidValueError: They ask for different resources or records, or one of them has a LIMIT.
    """
    if left.engine is not right.engine:
        raise InvalidValueError("The two results are of different records.", hint="Ask both of one searcher.")
    if left.resource != right.resource:
        raise InvalidValueError(
            f"One query asks for {left.resource} and the other for {right.resource}.", hint="Compare like with like."
        )
    if left.query.limit is not None or right.query.limit is not None:
        raise InvalidValueError("A query with a LIMIT was to be compared.", hint="Leave the LIMIT out.")
    ours, theirs = left.predicate, right.predicate
    engine = left.engine
    return Overlap(
        tuple(engine.records(left.resource, all_of([ours, negation(theirs)]), left.key)),
        tuple(engine.records(left.resource, all_of([theirs, negation(ours)]), right.key)),
        engine.count(left.resource, all_of([ours, theirs])),
    )
