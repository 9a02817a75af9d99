"""Makes a searcher of what holds the records: a store, an archive, exports, or objects in memory.

It chooses the engine, and loads the libraries of that engine alone. It knows nothing about requests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from smsearch import policy as policies
from smsearch.errors import StoreError
from smsearch.searcher import Searcher

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping, Sequence

    from smsearch.ingest.progress import Progress
    from smsearch.ingest.report import Report
    from smsearch.live_searcher import LiveSearcher
    from smsearch.policy import Policy
    from smsearch.regular import StrPath
    from smsearch.schema.prices import Prices
    from smsearch.schema.record import Record
    from smsearch.store.store import Store


def read_prices(source: str | os.PathLike[str] | Mapping[str, float]) -> Prices:
    """The prices of a CSV file or a mapping; see `schema/prices.py`."""
    from smsearch.schema import prices  # few searches need them

    return prices.prices_of(source)


def open_sources(sources: Sequence[str], policy: Policy | None = None, progress: Progress | None = None) -> Searcher:
    """A searcher over a store, if that is the one source, else over exports; what `smsearch.open` does.

    Raises:
        StoreError: A store among other sources, of another version, or damaged.
        ExportError: A source that is not there or cannot be opened at all.
    """
    from smsearch.store.manifest import is_store  # it loads no NumPy

    only = (sources[0].rstrip("/") or "/") if len(sources) == 1 else ""
    if only and is_store(only):
        return open_store(only, policy)
    from pathlib import Path  # who searches one store does without

    from smsearch.archive.manifest import is_archive  # it loads no Arrow

    archives = [source for source in sources if is_archive(Path(source))]
    if archives:
        raise StoreError(f"{archives[0]} is an archive, for a cluster.", hint="Search it with the engine spark.")
    stores = [source for source in sources if is_store(Path(source))]
    if stores:
        raise StoreError(f"{stores[0]} is a store, and there are other sources.", hint="Add them with index --add.")
    return open_exports(sources, policy, progress)


def open_store(folder: StrPath, policy: Policy | None = None) -> Searcher:
    """A searcher over a store, as it is now; what `smsearch.open` does with the folder of one.

    Raises:
        StoreError: There is no store, it is of another version, or a file of it is missing or damaged.
    """
    return search_store(open_snapshot(folder), policy)


def open_snapshot(folder: StrPath, like: Store | None = None) -> Store:
    """A store as it is now; it shares what it can with a snapshot that was opened earlier.

    Raises:
        StoreError: As for `open_store`.
    """
    from smsearch.store.store import Store  # NumPy is loaded only for those who have a store

    return Store(folder, like)


def search_store(store: Store, policy: Policy | None = None) -> Searcher:
    """A searcher over a snapshot of a store that is open already."""
    from smsearch.columnar.engine import ColumnarEngine

    engine = ColumnarEngine(store)
    return Searcher(engine, None, policy or policies.DEFAULT, store.reports)  # pyright: ignore[reportArgumentType]


def open_archive(sources: Sequence[str], session: Any = None, policy: Policy | None = None) -> Searcher:  # noqa: ANN401
    """A searcher over an archive, as it is now, on a cluster; what `smsearch.open` does with the engine spark.

    Args:
        sources: One archive, a folder or a URI.
        session: A `SparkSession` or a `LastingSession`; left out, the one that is there or that the environment
            describes.
        policy: Choices where the API is silent.

    Raises:
        StoreError: There is no archive, it is of another version, its manifest is damaged, or there are several.
        ClusterError: pyspark or Java is missing, or Spark cannot read the archive.
    """
    if len(sources) != 1:
        raise StoreError(f"The engine spark searches one archive, not {len(sources)}.", hint="Make one of all of them.")
    from smsearch.cluster.session import open_session

    session = session or open_session()
    from smsearch.cluster.engine import SparkEngine  # after it is known that pyspark is there

    return Searcher(SparkEngine(session, sources[0]), None, policy or policies.DEFAULT, tuple)


def open_exports(
    sources: Iterable[str], policy: Policy | None = None, progress: Progress | None = None
) -> LiveSearcher:
    """A searcher over exports; what `smsearch.open` does.

    Raises:
        ExportError: A source that is not there or cannot be opened at all.
    """
    from smsearch.ingest import load  # who opens a store does without
    from smsearch.ingest.report import Report

    report = Report()
    return _collected(load.read(sources, report, progress), report, policy)


def from_objects(records: object, policy: Policy | None = None) -> LiveSearcher:
    """A searcher over records in memory; what `smsearch.from_records` does.

    Raises:
        ExportError: An object that is no record, or nothing that holds any.
    """
    from smsearch.ingest import load, objects
    from smsearch.ingest.report import Report
    from smsearch.result import Result

    report = Report()
    # A result is a table of Arrow's too, and its records say more than its columns.
    given = records if isinstance(records, Result) else objects.objects_of(records)
    return _collected(load.from_objects(given, report), report, policy)


def _collected(records: Iterable[Record], report: Report, policy: Policy | None) -> LiveSearcher:
    from smsearch.live.collection import collect
    from smsearch.live_searcher import LiveSearcher

    collection, superseded = collect(records)
    report.superseded += superseded
    return LiveSearcher(collection, report, policy or policies.DEFAULT)
