"""The records behind stubbed clients, which a test may change between two calls. It knows nothing of botocore."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING

import smsearch
from smsearch.errors import FixedRecordsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.searcher import Searcher

    Path = str | os.PathLike[str]
    Records = Searcher | Path | Mapping[str, object] | Iterable[object]


class Stub:
    """What answers the clients while a stub is entered; may be used by several threads.

    Attributes:
        searcher: The records; ask it whatever a searcher can be asked.
        calls: The operations that clients have asked so far, each with its request's JSON.
    """

    def __init__(self, searcher: Searcher) -> None:
        from smsearch.service import Service

        self.searcher = searcher
        self.calls: list[tuple[str, bytes]] = []
        self._service = Service(searcher)
        self._lock = RLock()

    def upsert(self, *records: object) -> None:
        """Adds records, or replaces those that are there; the next call sees them.

        Args:
            records: What `smsearch.from_records` takes.

        Raises:
            ExportError: An object that is no record; none of the others is added.
            FixedRecordsError: The records are those of a store, which does not change.
        """
        with self._lock:
            self._live.upsert(*records)

    def remove(self, name: str, resource: str | None = None) -> int:
        """Removes the records with this name or ARN; returns how many there were.

        Raises:
            FixedRecordsError: The records are those of a store, which does not change.
        """
        with self._lock:
            return self._live.remove(name, resource)

    def answer(self, operation: str, body: bytes) -> bytes:
        """An operation's output in the wire's JSON, given its input.

        Raises:
            ServiceError: What the service would answer in its place.
        """
        with self._lock:
            self.calls.append((operation, body))
            return self._service.answer(operation, body)

    @property
    def _live(self) -> smsearch.searcher.LiveSearcher:
        from smsearch.searcher import LiveSearcher

        if not isinstance(self.searcher, LiveSearcher):
            raise FixedRecordsError(
                "The records of a store do not change.", hint="Stub with exports or records instead."
            )
        return self.searcher


@contextmanager
def stub(records: Records = ()) -> Iterator[Stub]:
    """Answers every SageMaker client of boto3 from some records, as long as the block lasts.

    Whichever session, thread or library made the client, in the block or before it; the innermost of several stubs
    answers. A client that is made in the block has made-up credentials, so that it can do no harm when it outlives the
    block, and a made-up region if none is configured.

    Args:
        records: Records as `smsearch.from_records` takes them, one alone, paths of exports or of a store, or a
            searcher.

    Yields:
        The stub: its records can be changed, and it has kept what was asked.

    Raises:
        ExportError: An object that is no record, or a path where nothing is.
        MissingLibraryError: botocore is not installed.
        StoreError: A store that is damaged or of another version.
    """
    from smsearch.testing.interception import answering

    made = Stub(_searcher_of(records))
    with answering(made.answer):
        yield made


def _searcher_of(records: Records) -> Searcher:
    from smsearch.searcher import Searcher

    if isinstance(records, Searcher):
        return records
    if isinstance(records, str | os.PathLike):
        return smsearch.open(records)
    given = [records] if isinstance(records, Mapping) else list(records)
    if given and all(isinstance(one, str | os.PathLike) for one in given):
        return smsearch.open(*given)
    return smsearch.from_records(given)
