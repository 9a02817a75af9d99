"""Runs an export: one kind after another; several threads fetch records, which are written in the order of the listing.

An interrupted export is the exception: records that were fetched already are written before the one that failed, which
the next run appends.

`fetch.py` knows the operations, and `folder.py` and `journal.py` know the files.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Final, Self

from smsearch.errors import FetchError, GoneError, UnfinishedError, UnreachableError
from smsearch.export.endpoint import Address, Endpoint
from smsearch.export.fetch import Fetched, ListedRecord, RecordFetcher
from smsearch.export.folder import SUFFIXES, Scope, opened
from smsearch.export.journal import Fate
from smsearch.export.report import ExportReport, KindReport
from smsearch.export.routes import route
from smsearch.schema import arns, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

    from smsearch.export.folder import Folder
    from smsearch.export.journal import Partial

THREADS: Final = 8
"""Records fetched at a time by default."""
_AHEAD: Final = 4
"""Records fetched ahead of the one to be written next, for each thread."""

Progress = Callable[[str, int, int | None], None]
"""Called with the kind, the number of its records that are settled, and the number of all, or None."""


@dataclass(frozen=True, slots=True)
class Options:
    """The scope of an export, and its settings.

    Attributes:
        address: The endpoint.
        kinds: The kinds of records; `()` is every kind that Search knows.
        since: The earliest time of change in microseconds since 1970, or None for all records.
        by_search: Whether to fetch records with Search instead of List and Describe.
        suffix: How the files' names end; one of `folder.SUFFIXES`.
        threads: Records fetched at a time.
        restart: Whether to delete the rest of an interrupted export.
    """

    address: Address
    kinds: tuple[str, ...] = ()
    since: int | None = None
    by_search: bool = False
    suffix: str = SUFFIXES[0]
    threads: int = THREADS
    restart: bool = False


def export(path: Path, options: Options, progress: Progress | None = None) -> ExportReport:
    """Fetches records into a folder, one file for each kind; continues an interrupted export.

    Raises:
        MissingLibraryError: boto3 is not installed.
        RefusedError: No operation of the service lists a kind.
        UnfinishedError: The folder holds an interrupted export of another scope, or another process exports to it.
        UnreachableError: The endpoint answers no request any more; the same call continues the export.
    """
    endpoint = Endpoint(options.address, connections=options.threads + 1)
    kinds = options.kinds or catalogue.searchable()
    routes = {kind: route(kind, endpoint.model, by_search=options.by_search) for kind in kinds}
    scope = Scope(
        endpoint.url, endpoint.region, endpoint.profile, kinds, options.since, options.by_search, options.suffix
    )
    report = ExportReport()
    with opened(path, scope, restart=options.restart) as folder:
        _refuse_other_account(folder, {kind: RecordFetcher(endpoint, routes[kind]) for kind in kinds})
        for kind in kinds:
            job = _Job(RecordFetcher(endpoint, routes[kind], options.since), folder, options.threads)
            report.kinds.append(folder.finished.get(kind) or job.run(progress))
        folder.close()
    return report


class _Pool:
    """Daemon threads that fetch records while the context lasts.

    Neither an interruption nor the end of the process waits for them, since a tenth attempt may take minutes. The
    threads of `concurrent.futures` would hold up the end of the process.
    """

    def __init__(self, fetch: Callable[[ListedRecord], Fetched], threads: int) -> None:
        self._fetch = fetch
        self._queue: SimpleQueue[tuple[ListedRecord, Future[Fetched]] | None] = SimpleQueue()
        self._threads = [Thread(target=self._run, daemon=True, name="smsearch-export") for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(self, record: ListedRecord) -> Future[Fetched]:
        """The outcome of a record, once a thread has fetched it."""
        future: Future[Fetched] = Future()
        self._queue.put((record, future))
        return future

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drops the records that no thread has begun, and ends the threads."""
        with suppress(Empty):
            while True:
                self._queue.get_nowait()
        for _ in self._threads:
            self._queue.put(None)
        if error is None or isinstance(error, Exception):
            for thread in self._threads:
                thread.join()

    def _run(self) -> None:
        while (entry := self._queue.get()) is not None:
            record, future = entry
            try:
                future.set_result(self._fetch(record))
            except BaseException as error:  # noqa: BLE001 - raised by the future's result
                future.set_exception(error)


class _Job:
    """The export of one kind."""

    def __init__(self, fetcher: RecordFetcher, folder: Folder, threads: int) -> None:
        self._fetcher = fetcher
        self._folder = folder
        self._threads = threads
        self._report = KindReport(fetcher.route.resource.name)

    def run(self, progress: Progress | None) -> KindReport:
        """Fetches the missing records, and finishes the file."""
        report = self._report
        with self._folder.partial(report.kind) as partial:
            report.before = partial.before
            total = self._fetcher.count() if progress else None
            for _ in self._settled(partial):
                if progress:
                    progress(report.kind, len(partial.fates), total)
            self._count(partial)
            if report.is_there:
                self._folder.finish(report, partial)
        return report

    def _count(self, partial: Partial) -> None:
        report = self._report
        report.found = len(partial.fates)
        report.accounts = sorted(_accounts(partial))
        report.written = partial.count(Fate.WRITTEN, Fate.UNTAGGED)
        report.untagged = partial.count(Fate.UNTAGGED)
        report.older, report.gone = partial.count(Fate.OLDER), partial.count(Fate.GONE)
        report.failed = partial.count(Fate.FAILED)
        report.is_complete = report.is_complete and not report.failed and not report.untagged
        report.is_there = report.is_complete or report.found > 0

    def _settled(self, partial: Partial) -> Iterator[None]:
        """Fetches the missing records; yields once for each, after the journal has its outcome."""
        waiting: deque[tuple[str, Future[Fetched]]] = deque()
        with _Pool(self._fetcher.fetch, self._threads) as pool:
            try:
                for record in self._missing(partial):
                    waiting.append((record.key, pool.submit(record)))
                    if len(waiting) > self._threads * _AHEAD:
                        self._note(partial, *waiting.popleft())
                        yield
                while waiting:
                    self._note(partial, *waiting.popleft())
                    yield
            except UnreachableError:
                while waiting and waiting[0][1].done() and waiting[0][1].exception() is None:
                    self._note(partial, *waiting.popleft())
                raise

    def _missing(self, partial: Partial) -> Iterator[ListedRecord]:
        """The listed records that are not settled yet, each once."""
        keys: set[str] = set()
        for record in self._fetcher.find(self._refuse):
            if not keys:
                _refuse_unless(record, _accounts(partial))
            if record.key not in keys and not partial.is_settled(record.key):
                yield record
            keys.add(record.key)

    def _note(self, partial: Partial, key: str, future: Future[Fetched]) -> None:
        fetched = future.result()
        partial.add(key, fetched.fate, fetched.line)
        if fetched.reason:
            self._report.problem(fetched.reason, is_loss=fetched.is_loss)

    def _refuse(self, error: FetchError) -> None:
        self._report.problem(error.message, is_loss=not isinstance(error, GoneError))


def _accounts(partial: Partial) -> frozenset[str]:
    """The accounts of the records in an unfinished file."""
    return frozenset(map(arns.account_of, partial.fates)) - {""}


def _refuse_other_account(folder: Folder, fetchers: Mapping[str, RecordFetcher]) -> None:
    """Checks with the first record of a finished kind that the same account still answers.

    Only records of one kind are compared, since an account may see those of others (hubs and packages are shared).

    Raises:
        UnfinishedError: Another account answers.
    """
    for report in folder.finished.values():
        if report.accounts:
            first = next(fetchers[report.kind].find(lambda _: None), None)
            if first is not None:
                _refuse_unless(first, frozenset(report.accounts))
            return


def _refuse_unless(record: ListedRecord, accounts: frozenset[str]) -> None:
    """Refuses a record of an account that is not among some accounts.

    Raises:
        UnfinishedError: The record belongs to another account.
    """
    account = arns.account_of(record.key)
    if account and accounts and account not in accounts:
        message = f"The unfinished export is of account {', '.join(sorted(accounts))}, and {account} answers now."
        raise UnfinishedError(message, hint="Use the same credentials, take another folder, or --restart.")
