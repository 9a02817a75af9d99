"""The records that two results share, and those that only one of them has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.errors import InvalidValueError
from smsearch.frozen import frozen
from smsearch.predicate.predicate import all_of, negation

if TYPE_CHECKING:
    from smsearch.reasons.bound_query import BoundQuery
    from smsearch.schema.record import Record


@frozen
class Overlap:
    """Two results side by side.

    Attributes:
        left: Records that only the left one has, in its order.
        right: Records that only the right one has, in its order.
        both: How many records both have.
    """

    left: tuple[Record, ...]
    right: tuple[Record, ...]
    both: int


def overlap(left: BoundQuery, right: BoundQuery) -> Overlap:
    """Compares the matches of two queries over the same records.

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
