"""A query as everything needs it that explains an answer: the records, the bound conditions and the order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.frozen import frozen

if TYPE_CHECKING:
    from smsearch.engine.engine import Engine
    from smsearch.policy import Policy
    from smsearch.predicate.bound import BoundExpression
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property
    from smsearch.syntax.query import Query

NEAREST_AMONG: Final = 2_000
"""Texts of a property among which the nearest one is looked for."""


@frozen
class BoundQuery:
    """A query bound to the schema of its resource, and the engine that answers it."""

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
        """The resource that is searched."""
        return self.schema.resource.name

    def spellings(self, prop: Property, near: str) -> list[str]:
        """Texts that records have under a property, at most `NEAREST_AMONG` around `near`."""
        return self.engine.spellings(self.resource, prop, near, NEAREST_AMONG)
