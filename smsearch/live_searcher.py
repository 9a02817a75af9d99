"""The entry point of the library where records change: what a searcher answers, over records in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch import policy as policies
from smsearch.searcher import Searcher

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.ingest.report import Report
    from smsearch.live.collection import Collection
    from smsearch.policy import Policy


class LiveSearcher(Searcher):
    """A searcher over records in memory, which can be added, replaced and removed.

    While one thread changes them, no other may ask.
    """

    def __init__(self, collection: Collection, report: Report, policy: Policy = policies.DEFAULT) -> None:
        super().__init__(collection, report, policy)
        self._collection = collection

    def upsert(self, *records: object) -> None:
        """Adds records, each in the place of the same resource's record if there is one.

        Args:
            records: What `from_records` takes.

        Raises:
            ExportError: An object that is no record; none of the others is added.
        """
        from smsearch.ingest import load

        for record in list(load.from_objects(records, self.report)):
            self._collection.upsert(record)

    def put(self, kind: str, members: Mapping[str, object], *, is_partial: bool = False) -> None:
        """Adds a record of a known kind in the place of the same resource's record if there is one.

        Args:
            kind: A kind of the catalogue.
            members: The record's members, as Describe or boto3 has them; not changed.
            is_partial: Whether they are those of a summary.

        Raises:
            ExportError: It has neither ARN nor name, or holds what JSON cannot say.
        """
        from smsearch.ingest import load

        self._collection.upsert(load.of_kind(kind, members, self.report, is_partial=is_partial))

    def remove(self, name: str, resource: str | None = None) -> int:
        """Removes the records with this name or ARN; returns how many there were.

        Raises:
            InvalidValueError: There is no such kind.
        """
        return sum(self._collection.remove(kind, name) for kind in self._kinds(resource))
