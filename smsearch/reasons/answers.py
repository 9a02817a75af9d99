"""Puts reasons together from a question and the records that were asked; imported only when someone wants a reason."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from smsearch.errors import NotFoundError
from smsearch.reasons.spread import parted
from smsearch.reasons.truth import Judge
from smsearch.reasons.why import PLACES_MAX, Why

if TYPE_CHECKING:
    from smsearch.policy import Policy
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.page import Records
    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.names import Schema
    from smsearch.schema.record import Record
    from smsearch.syntax.query import Query

NEAREST_AMONG: Final = 2_000
"""Spellings among which the nearest one is looked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a result holds it: the records, and what is asked of them."""

    records: Records
    schema: Schema
    query: Query
    policy: Policy
    predicate: Predicate
    key: SortKey

    @property
    def resource(self) -> str:
        """The resource that is asked."""
        return self.schema.resource.name

    def nearest(self, name: str, near: str) -> str:
        """The spelling nearest to one that no record has under a property, or `""`."""
        spellings = self.records.spellings(self.resource, self.schema.property(name), near, NEAREST_AMONG)
        return nearest(near, spellings)


def nearest(written: str, spellings: list[str]) -> str:
    """The spelling that differs least, in case first, or `""`."""
    folded = {spelling.lower(): spelling for spelling in reversed(spellings)}
    near = difflib.get_close_matches(written.lower(), folded, n=1)
    return folded[near[0]] if near else ""


def why(asked: Asked, name: str) -> tuple[Why, ...]:
    """Why the records of a name are in a result, or are not; see `Result.why`."""
    found = asked.records.find(asked.resource, name)
    if not found:
        own = ".".join(asked.schema.resource.name_path)
        near = asked.nearest(own, name)
        hint = f"Did you mean {near}?" if near else ""
        raise NotFoundError(f"No {asked.resource} is called {name!r}.", hint=hint)
    total = asked.records.count(asked.resource, asked.predicate)
    return tuple(_why(asked, record, total) for record in found)


def _why(asked: Asked, record: Record, total: int) -> Why:
    judge = Judge(asked.schema, asked.policy)
    truth = judge.truth(asked.query.expression, record.document)
    return Why(
        resource=asked.resource,
        name=record.name or record.arn,
        arn=record.arn,
        truth=truth,
        place=_place(asked, record) if truth.holds else None,
        matches=total,
        limit=asked.query.limit,
        order=f"{asked.key.property.name} {asked.key.order}",
        parted=tuple(parted(asked.query.expression, record.document, judge)),
    )


def _place(asked: Asked, record: Record) -> int | None:
    """Where a match stands among the matches, from 1, if it is among those that are gone through."""
    matches = islice(asked.records.matches(asked.resource, asked.predicate, asked.key), PLACES_MAX)
    places = (place for place, match in enumerate(matches, 1) if (match.arn, match.name) == (record.arn, record.name))
    return next(places, None)
