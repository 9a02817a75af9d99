"""What an evaluator gives back for one page, and what every evaluator can be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.engine.result_columns import Chosen
    from smsearch.engine.value_counts import Tally
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record

Places = tuple[int, ...]
"""Where a page begins: a place in the sort order of each part of the snapshot; `()` is the beginning."""


class NoSuchPlaceError(Exception):
    """Places at which no page of a question can begin, so that no page before has given them out."""


@dataclass(frozen=True, slots=True)
class Page:
    """Consecutive matches along a sort order.

    Attributes:
        records: At most as many as were asked for.
        resume: Where the next match stands, or None if there is none.
        total: How many records match in all.
        stored: The records as a response holds them, in the wire's JSON, if they are at hand as bytes.
    """

    records: Sequence[Record]
    resume: Places | None
    total: int
    stored: Sequence[bytes] | None = None


class Records(Protocol):
    """Records that can be searched: in memory (`live/collection.py`) or in a store (`columnar/engine.py`)."""

    @property
    def snapshot(self) -> str:
        """A name for the content; places mean something only as long as it is the same."""

    def schema(self, resource: str) -> Schema:
        """What can be filtered and sorted on in a resource."""

    def resources(self) -> dict[str, int]:
        """How many records there are of each kind that has any."""

    def main_account(self) -> str:
        """The account that most records belong to, or `""`."""

    def page(
        self, resource: str, predicate: Predicate, key: SortKey, places: Places, size: int, total: int | None
    ) -> Page:
        """At most `size` matches from some places on; `total` is what they count, where that is known or of no matter.

        Raises:
            NoSuchPlaceError: The places are none at which a page of this question begins, whatever its size.
        """

    def matches(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[Record]:
        """Every match in order."""

    def chosen(self, resource: str, predicate: Predicate, key: SortKey, limit: int | None) -> Chosen | None:
        """The matches in order, at most `limit`, as columns; None where the records are not kept as columns."""

    def count(self, resource: str, predicate: Predicate) -> int:
        """How many records match."""

    def tallies(self, resource: str, predicate: Predicate, props: Sequence[Property]) -> Sequence[Tally]:
        """How often each value of some properties occurs among the matches."""

    def having(self, resource: str, predicate: Predicate, props: Sequence[Property]) -> list[int]:
        """For each of some properties, how many of the matches have it."""

    def observed(self, resource: str) -> list[Property] | None:
        """Every property that a record may have, in no order; None if only the records themselves could say it."""

    def find(self, resource: str, name: str) -> list[Record]:
        """The records of a resource with this name or ARN."""

    def dynamic_names(self, resource: str) -> frozenset[str]:
        """The names in the user's own families that the data has."""

    def spellings(self, resource: str, prop: Property, near: str, at_most: int) -> list[str]:
        """Texts that records have under a property; of many, those nearest to a text in code-point order."""

    def explain(self, resource: str, predicate: Predicate, key: SortKey, size: int) -> list[str]:
        """How a first page is found, a line a step."""

    def forget(self) -> None:
        """Drops what was remembered of questions."""
