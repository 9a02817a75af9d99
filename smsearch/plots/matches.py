"""What a figure asks of the matches that it is of; a `Result` answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from smsearch.facets.facet import Facet
    from smsearch.frames.sample import Sample
    from smsearch.groups.table import GroupTable
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property
    from smsearch.syntax.grouping import Grouping


class PlottedMatches(Protocol):
    """All matches of a query, whatever its LIMIT."""

    @property
    def resource(self) -> str:
        """The resource that was searched."""

    @property
    def schema(self) -> Schema:
        """What can be asked of the resource."""

    @property
    def total(self) -> int:
        """How many records match."""

    def property(self, name: str) -> Property:
        """The property that a name means."""

    def sample(self, names: Iterable[str], size: int, seed: int = 0, having: Iterable[str] = ()) -> Sample:
        """Some of the matches that have some properties, as a table of columns."""

    def sampled_coverage(self, size: int, seed: int = 0, having: Iterable[str] = ()) -> Mapping[Property, int]:
        """The properties that some of the matches have, with how many of those have each."""

    def facet(self, name: str, limit: int | None = None) -> Facet:
        """The values of a property, counted."""

    def grouped(self, grouping: Grouping, limit: int | None) -> GroupTable:
        """The matches in groups."""
