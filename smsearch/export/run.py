"""Runs an export: kind after kind, several records at a time, each written as soon as those before it are.

It knows neither operations nor files in detail: `fetch.py` and `folder.py` do.
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
from smsearch.export.fetch import Fetched, Found, Source
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
"""Records fetched at a time, unless somebody says otherwise."""
_AHEAD: Final = 4
"""Records that are asked for ahead of the one to be written next, for each thread."""

Progress = Callable[[str, int, int | None], None]
"""Is told the kind, how many of its records are settled, and how many there are, or None."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is exported, and how.

    Attributes:
        address: Where to ask.
        kinds: The kinds of records; `()` is every kind that Search knows.
        since: The earliest time of change in microseconds since 1970, or None for all records.
        by_search: Whether to take records as Search has them, instead of by List and Describe.
        suffix: How the files' names end; one of `folder.SUFFIXES`.
        threads: Records fetched at a time.
        restart: Whether to throw away what an export that was broken off has left.
    """

    address: Address
    kinds: tuple[str, ...] = ()
    since: int | None = None
    by_search: bool = False
    suffix: str = SUFFIXES[0]
    threads: int = THREADS
    restart: bool = False


def export(path: Path, options: Options, progress: Progress | None = None) -> ExportReport:
    """Fetches records into a folder, a file for each kind; goes on where an earlier run was broken off.

    Raises:
        MissingLibraryError: boto3 is not installed.
        RefusedError: A kind that no operation of the service gives.
        UnfinishedError: The folder holds an unfinished export of something else, or is another process's.
        UnreachableError: Nothing can be asked any more; the same call goes on from there.
    """
    endpoint = Endpoint(options.address, connections=options.threads + 1)
    kinds = options.kinds or catalogue.searchable()
    routes = {kind: route(kind, endpoint.model, by_search=options.by_search) for kind in kinds}
    scope = Scope(
        endpoint.url, endpoint.region, endpoint.profile, kinds, options.since, options.by_search, options.suffix
    )
    report = ExportReport()
    with opened(path, scope, restart=options.restart) as folder:
        _refuse_other_account(folder, {kind: Source(endpoint, routes[kind]) for kind in kinds})
        for kind in kinds:
            if kind not in folder.finished:
                job = _Job(Source(endpoint, routes[kind], options.since), folder, options.threads)
                report.kinds.append(job.run(progress))
            else:
                report.kinds.append(folder.finished[kind])
        folder.close()
    return report


class _Pool:
    """Threads that fetch records, as long as its context lasts.

    An interruption does not wait for them, nor does the process: they may be at their tenth attempt for minutes.
    """

    def __init__(self, fetch: Callable[[Found], Fetched], threads: int) -> None:
        self._fetch = fetch
        self._asked: SimpleQueue[tuple[Found, Future[Fetched]] | None] = SimpleQueue()
        self._threads = [Thread(target=self._run, daemon=True, name="smsearch-export") for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(self, found: Found) -> Future[Fetched]:
        """What becomes of a record, once a thread has fetched it."""
        future: Future[Fetched] = Future()
        self._asked.put((found, future))
        return future

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drops what none of the threads has begun, and lets them end."""
        with suppress(Empty):
            while True:
                self._asked.get_nowait()
        for _ in self._threads:
            self._asked.put(None)
        if error is None or isinstance(error, Exception):
            for thread in self._threads:
                thread.join()

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            found, future = asked
            try:
                future.set_result(self._fetch(found))
            except BaseException as error:  # noqa: BLE001 - it is raised where the result is wanted
                future.set_exception(error)


class _Job:
    """The export of one kind."""

    def __init__(self, source: Source, folder: Folder, threads: int) -> None:
        self._source = source
        self._folder = folder
        self._threads = threads
        self._report = KindReport(source.route.resource.name)

    def run(self, progress: Progress | None) -> KindReport:
        """Fetches what is not there yet, and finishes the file."""
        report = self._report
        with self._folder.partial(report.kind) as partial:
            report.before = partial.before
            total = self._source.count() if progress else None
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
        """Records, one after another, as soon as it is known and noted what became of each."""
        waiting: deque[tuple[str, Future[Fetched]]] = deque()
        with _Pool(self._source.fetch, self._threads) as pool:
            try:
                for found in self._missing(partial):
                    waiting.append((found.key, pool.submit(found)))
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

    def _missing(self, partial: Partial) -> Iterator[Found]:
        """The records that are listed and not settled yet, each once."""
        seen: set[str] = set()
        for found in self._source.find(self._refused):
            if not seen:
                _refuse_unless(found, _accounts(partial))
            if found.key not in seen and not partial.is_settled(found.key):
                yield found
            seen.add(found.key)

    def _note(self, partial: Partial, key: str, future: Future[Fetched]) -> None:
        fetched = future.result()
        partial.add(key, fetched.fate, fetched.line)
        if fetched.reason:
            self._report.problem(fetched.reason, is_loss=fetched.is_loss)

    def _refused(self, error: FetchError) -> None:
        self._report.problem(error.message, is_loss=not isinstance(error, GoneError))


def _accounts(partial: Partial) -> frozenset[str]:
    """Whose records are in a file under way."""
    return frozenset(map(arns.account_of, partial.fates)) - {""}


def _refuse_other_account(folder: Folder, sources: Mapping[str, Source]) -> None:
    """Looks at the first record of a kind that is finished: is it still the same account that answers?

    Only records of one kind are compared, since an account may see those of others (hubs and packages are shared).

    Raises:
        UnfinishedError: It is not.
    """
    for report in folder.finished.values():
        if report.accounts:
            first = next(sources[report.kind].find(lambda _: None), None)
            if first is not None:
                _refuse_unless(first, frozenset(report.accounts))
            return


def _refuse_unless(found: Found, there: frozenset[str]) -> None:
    """Refuses a record of an account that none of those is that are there.

    Raises:
        UnfinishedError: It is of another.
    """
    account = arns.account_of(found.key)
    if account and there and account not in there:
        message = f"The unfinished export is of account {', '.join(sorted(there))}, and {account} answers now."
        raise UnfinishedError(message, hint="Use the same credentials, take another folder, or --restart.")
