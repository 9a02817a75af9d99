"""The records behind stubbed clients, which a test and the clients may change. It knows nothing of botocore."""

from __future__ import annotations

import os
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Final

import smsearch
from smsearch.errors import FixedRecordsError, InvalidValueError, ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smsearch.live_searcher import LiveSearcher
    from smsearch.searcher import Searcher

    Path = str | os.PathLike[str]
    Records = Searcher | Path | Mapping[str, object] | Iterable[object]

_MESSAGES: Final = {"ThrottlingException": "Rate exceeded"}
"""What the service says with an error of a code."""
_STATUSES: Final = {
    "InternalFailure": 500,
    "InternalServerError": 500,
    "ServiceUnavailable": 503,
}
"""The statuses of errors that are the service's own fault."""


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
        self._failures: defaultdict[str, deque[ServiceError]] = defaultdict(deque)

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

    def fail(self, operation: str, code: str, times: int = 1, *, message: str = "", status: int | None = None) -> None:
        """Lets the next calls of an operation fail; botocore retries them as it would retry those of the service.

        Args:
            operation: The operation's name as the service spells it, such as `Search`.
            code: The error's code, such as `ThrottlingException`.
            times: How many attempts fail; each retry is one. Then calls are answered again. Failures of several calls
                of `fail` come one after another.
            message: What the error says; left out, a text of its own.
            status: The status of the HTTP response; left out, 500 or 503 for the codes that have it, else 400.

        Raises:
            InvalidValueError: The service has no such operation, or `times` is less than 1.
        """
        from smsearch.schema import writes

        if not writes.is_operation(operation):
            raise InvalidValueError(f"SageMaker has no operation {operation!r}.", hint="It is spelled as in Search.")
        if times < 1:
            raise InvalidValueError(f"times is {times}, and must be at least 1.")
        text = message or _MESSAGES.get(code, "The test lets this call fail.")
        error = ServiceError(code, text, status or _STATUSES.get(code, 400))
        with self._lock:
            self._failures[operation].extend([error] * times)

    def is_to_fail(self, operation: str) -> bool:
        """Whether the next call of an operation fails."""
        return bool(self._failures[operation])

    def answer(self, operation: str, body: bytes, region: str = "") -> bytes:
        """An operation's output in the wire's JSON, given its input.

        Args:
            operation: The operation's name.
            body: Its input.
            region: The region that the client is of, or `""`.

        Raises:
            FixedRecordsError: The operation changes records, and they are those of a store.
            ServiceError: What the service would answer in its place.
        """
        from smsearch.schema import writes
        from smsearch.service.read_only import DENIED
        from smsearch.testing.writing import Writer

        with self._lock:
            self.calls.append((operation, body))
            if self._failures[operation]:
                raise self._failures[operation].popleft()
            write = writes.write(operation)
            if write is not None:
                return Writer(self._live, self._service).answer(write, body, region)
            try:
                return self._service.answer(operation, body, region)
            except ServiceError as error:
                if error.code != DENIED:
                    raise
                raise ServiceError("UnknownOperationException", error.message) from None

    @property
    def _live(self) -> LiveSearcher:
        from smsearch.live_searcher import LiveSearcher

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
        The stub: its records can be changed, and it keeps the calls.

    Raises:
        ExportError: An object that is no record, or a path where nothing is.
        MissingLibraryError: botocore is not installed.
        StoreError: A store that is damaged or of another version.
    """
    from smsearch.testing.interception import answering

    current = Stub(_searcher_of(records))
    with answering(current):
        yield current


def _searcher_of(records: Records) -> Searcher:
    from smsearch.searcher import Searcher

    if isinstance(records, Searcher):
        return records
    if isinstance(records, str | os.PathLike):
        return smsearch.open(records)
    if isinstance(records, Mapping) or hasattr(records, "__arrow_c_stream__"):
        return smsearch.from_records(records)
    entries = list(records)
    paths = [entry for entry in entries if isinstance(entry, str | os.PathLike)]
    if paths and len(paths) == len(entries):
        return smsearch.open(*paths)
    return smsearch.from_records(entries)
