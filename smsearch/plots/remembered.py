"""Matches that several figures are drawn of: what one has asked is not asked again for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from smsearch.facets.facet import Facet
    from smsearch.frames.sample import Sample
    from smsearch.groups.table import GroupTable
    from smsearch.plots.matches import PlottedMatches
    from smsearch.schema.names import Schema
    from smsearch.schema.property import Property
    from smsearch.syntax.grouping import Grouping


class RememberedMatches:
    """The same matches, whose samples are taken once; for the figures of one screen, while the records stay the same.

    Args:
        matches: The matches.
    """

    def __init__(self, matches: PlottedMatches) -> None:
        self._matches = matches
        self._samples: dict[tuple[object, ...], Sample] = {}
        self._coverages: dict[tuple[object, ...], Mapping[Property, int]] = {}

    @property
    def resource(self) -> str:
        """As in `PlottedMatches`."""
        return self._matches.resource

    @property
    def schema(self) -> Schema:
        """As in `PlottedMatches`."""
        return self._matches.schema

    @property
    def total(self) -> int:
        """As in `PlottedMatches`."""
        return self._matches.total

    def sample(self, names: Iterable[str], size: int, seed: int = 0, having: Iterable[str] = ()) -> Sample:
        """As in `PlottedMatches`."""
        question = (tuple(names), size, seed, tuple(having))
        if question not in self._samples:
            self._samples[question] = self._matches.sample(*question)
        return self._samples[question]

    def sampled_coverage(self, size: int, seed: int = 0, having: Iterable[str] = ()) -> Mapping[Property, int]:
        """As in `PlottedMatches`."""
        question = (size, seed, tuple(having))
        if question not in self._coverages:
            self._coverages[question] = self._matches.sampled_coverage(*question)
        return self._coverages[question]

    def facet(self, name: str, limit: int | None = None) -> Facet:
        """As in `PlottedMatches`."""
        return self._matches.facet(name, limit)

    def grouped(self, grouping: Grouping, limit: int | None) -> GroupTable:
        """As in `PlottedMatches`."""
        return self._matches.grouped(grouping, limit)

    def property(self, name: str) -> Property:
        """As in `PlottedMatches`."""
        return self._matches.property(name)
