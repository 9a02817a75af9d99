"""What every engine can be asked.

An engine holds records and answers queries over them: `live/` in memory, `columnar/` in a store, `cluster/` in an
archive. They must give the same answers; `tests/engines/` holds each of them to it. This module knows no engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from smsearch.engine.cursor import Cursor
    from smsearch.engine.grouping import Aggregate, GroupedRows, GroupKey
    from smsearch.engine.page import Page
    from smsearch.engine.result_columns import ResultColumns
    from smsearch.engine.value_counts import ValueCounts
    from smsearch.predicate.order import SortKey
    from smsearch.predicate.predicate import Predicate
    from smsearch.schema.names import Schema
    from smsearch.schema.origin import RecordSource
    from smsearch.schema.property import Property
    from smsearch.schema.record import Record


class Engine(Protocol):
    """Records that can be searched.

    A resource is a name of the catalogue (`TrainingJob`). A predicate and a sort key are bound to `schema(resource)`.
    """

    @property
    def snapshot(self) -> str:
        """A name for the content: a cursor is good only while the snapshot is the same."""

    def schema(self, resource: str) -> Schema:
        """What can be filtered and sorted on in a resource."""

    def resources(self) -> dict[str, int]:
        """The number of records of each resource that has any, in the catalogue's order."""

    def main_account(self) -> str:
        """The account that most records belong to, or `""`; of several, the first in order."""

    def page(
        self, resource: str, predicate: Predicate, key: SortKey, cursor: Cursor, size: int, total: int | None
    ) -> Page:
        """At most `size` matches from a cursor on.

        Args:
            resource: The resource.
            predicate: The condition.
            key: The order.
            cursor: Where the page begins; `b""` is the beginning.
            size: At most how many records the page holds.
            total: The number of matches, if the caller knows it or does not need it; None counts them.

        Raises:
            InvalidCursorError: No page of this query begins at the cursor, whatever its size.
        """

    def records(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[Record]:
        """Every match in order."""

    def names(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[str]:
        """What every match is called (`Record.called`), in order."""

    def lines(self, resource: str, predicate: Predicate, key: SortKey) -> Iterator[bytes]:
        """Every match in order, as `notation.line` gives it."""

    def columns(self, resource: str, predicate: Predicate, key: SortKey, limit: int | None) -> ResultColumns | None:
        """At most `limit` matches in order, as columns; None if the engine does not hold records as columns."""

    def sample(self, resource: str, predicate: Predicate, size: int, seed: int) -> ResultColumns | None:
        """At most `size` of the matches as columns, in no order; None if the engine does not hold records as columns.

        Args:
            resource: The resource.
            predicate: The condition.
            size: At most how many matches are taken; where there are no more, all.
            seed: Equal seeds take equal matches, as long as the snapshot is the same.
        """

    def count(self, resource: str, predicate: Predicate) -> int:
        """How many records match."""

    def counts_quickly(self, resource: str) -> bool:
        """Whether a count takes milliseconds, so that counts may tell what a query probably means."""

    def value_counts(
        self, resource: str, predicate: Predicate, props: Sequence[Property], sample: int | None = None
    ) -> Sequence[ValueCounts]:
        """For each property, how many of the matches have each of its values.

        Args:
            resource: The resource.
            predicate: The condition.
            props: The properties.
            sample: Of how many matches it is enough to count the values where counting those of all takes longer; the
                same ones each time. `ValueCounts.matching` says how many were counted. None counts all.
        """

    def group(
        self, resource: str, predicate: Predicate, keys: Sequence[GroupKey], aggregates: Sequence[Aggregate]
    ) -> GroupedRows:
        """The groups of the matches, and what is asked of each.

        Args:
            resource: The resource.
            predicate: The condition.
            keys: What records are grouped by; none makes one group of all matches, even where there is no match.
            aggregates: What is asked of each group. A property of a key or an aggregate is one with values (COUNT takes
                a structure too) that is no choice of several members.

        Raises:
            LimitExceededError: There are more than `GROUPS_MAX` groups.
        """

    def presence_counts(self, resource: str, predicate: Predicate, props: Sequence[Property]) -> list[int]:
        """For each property, how many of the matches have it."""

    def observed_properties(self, resource: str) -> list[Property] | None:
        """Every property that a record may have, in no order; None if only the records themselves tell."""

    def find(self, resource: str, name: str) -> list[Record]:
        """The records of a resource with this name or ARN."""

    def sources(self, resource: str, name: str) -> list[RecordSource]:
        """Where each of the records that `find` returns came from, in the same order; empty if that is not kept."""

    def snapshots(self, resource: str, name: str) -> list[tuple[Record, ...]]:
        """For each of the records that `find` returns the other snapshots of it that are kept, in order of arrival."""

    def dynamic_names(self, resource: str) -> frozenset[str]:
        """The names in the user's own families that the data has (`Metrics.loss`, `Tags.team`)."""

    def spellings(self, resource: str, prop: Property, near: str, at_most: int) -> list[str]:
        """Texts that records have under a property, of many those nearest to `near` in code-point order.

        Where numbers may stand, a text that spells one is none of them.
        """

    def explain(self, resource: str, predicate: Predicate, key: SortKey, size: int) -> list[str]:
        """How a first page is found, one line a step."""

    def forget(self) -> None:
        """Drops what the engine remembers of earlier queries."""
