"""SageMaker Search, offline: point it at exported job JSON and get the answer the Search API would give.

```python
jobs = smsearch.open("dump/")
page = jobs.search(Resource="TrainingJob", SearchExpression={...}, SortBy="Metrics.acc")
best = jobs.query("Metrics.train:loss < 0.3 ORDER BY Metrics.acc DESC")
```

This module is the entry point; `opening.py` makes the searcher and is loaded at the first call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smsearch.errors import ClusterError, ExportError, RequestError, SmsearchError, SmsearchWarning, StoreError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from typing import Any, Literal

    from smsearch.ingest.objects import ArrowStream
    from smsearch.ingest.progress import Progress
    from smsearch.ingest.report import Report
    from smsearch.live_searcher import LiveSearcher
    from smsearch.policy import Policy
    from smsearch.searcher import Searcher

__all__ = [
    "ClusterError",
    "ExportError",
    "RequestError",
    "SmsearchError",
    "SmsearchWarning",
    "StoreError",
    "__version__",
    "build",
    "build_archive",
    "check",
    "from_records",
    "open",
]

__version__ = "0.2.0"


def open(  # noqa: A001 - the verb users expect
    *sources: str | os.PathLike[str],
    policy: Policy | None = None,
    engine: Literal["local", "spark"] = "local",
    session: Any = None,  # noqa: ANN401 - pyspark is loaded only for those who have it
    prices: str | os.PathLike[str] | Mapping[str, float] | None = None,
) -> Searcher:
    """Opens a store, or reads exports of any shape into memory, or opens an archive on a cluster, to be searched.

    Args:
        sources: A store that `build` made; or files, folders or globs of exports, plain or compressed, `-` being
            standard input; with `engine="spark"`, one archive that `build_archive` made, a folder or a URI.
        policy: Choices where the API is silent.
        engine: Who does the work.
        session: A `SparkSession`; left out, the one that is there or that the environment describes.
        prices: What an hour of each instance type costs, a mapping or a CSV file, for the derived property Cost.

    Returns:
        The searcher; its `report` says what was read and what was left out and why.

    Raises:
        ExportError: A source that is not there or cannot be opened at all. What is broken inside one is reported.
        StoreError: A store or an archive that is damaged, of another version, or named among other sources.
        ClusterError: pyspark or Java is missing, or Spark cannot read the archive.
        InvalidValueError: The prices are none.
    """
    import os

    from smsearch import opening

    names = [os.fspath(source) for source in sources]
    priced = None if prices is None else opening.read_prices(prices)
    is_spark = engine == "spark"
    opened = opening.open_archive(names, session, policy) if is_spark else opening.open_sources(names, policy)
    opened.prices = priced
    return opened


def build(
    sources: Iterable[str | os.PathLike[str]],
    store: str | os.PathLike[str],
    *,
    add: bool = False,
    compress: bool = False,
    progress: Progress | None = None,
    written: Progress | None = None,
) -> Report:
    """Makes a store of exports, or adds them to one; memory does not grow with the exports.

    Args:
        sources: Files, folders or globs of exports, plain or compressed; `-` is standard input.
        store: The folder of the store; made if it is not there.
        add: Whether to keep what the store holds; several snapshots of one record tell together what it is.
        compress: Whether to compress documents, each by itself: they take an eighth, and a page 0.2 ms more. A
            compressed store that is added to stays so.
        progress: Is told how many bytes were read, and of how many.
        written: Is told afterwards how many bytes were written, and of about how many.

    Returns:
        What was read, stored, superseded and skipped; it adds up.

    Raises:
        ExportError: A source that is not there.
        StoreError: Another writer is at work, or the store to add to is damaged or of another version.
    """
    import os
    from pathlib import Path

    from smsearch.ingest import build as builder

    names = [os.fspath(source) for source in sources]
    return builder.build(names, Path(store), add=add, compress=compress, progress=progress, written=written)


def build_archive(
    sources: Iterable[str | os.PathLike[str]],
    archive: str | os.PathLike[str],
    *,
    add: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Makes an archive of exports and stores, or adds them to one: Parquet files that a cluster can search.

    Args:
        sources: Stores; files, folders or globs of exports, plain or compressed; `-` is standard input.
        archive: The folder of the archive; made if it is not there.
        add: Whether to keep what the archive holds; several snapshots of one record tell together what it is.
        progress: Is told how many bytes of exports were read, and of how many.

    Returns:
        What was read, kept, superseded and skipped; it adds up.

    Raises:
        ExportError: A source that is not there.
        StoreError: Another writer is at work, or a store or the archive is damaged or of another version.
    """
    import os
    from pathlib import Path

    from smsearch.ingest import archive as builder

    return builder.build([os.fspath(source) for source in sources], Path(archive), add=add, progress=progress)


def check(store: str | os.PathLike[str], *, deep: bool = False) -> list[str]:
    """What is wrong with a store, a sentence each, with the file's name; nothing if it is whole.

    Args:
        store: The folder of the store.
        deep: Whether to read each document again, and compare every column with it: that takes as long as `build`.

    Raises:
        StoreError: There is no store, or its manifest cannot be read.
    """
    from pathlib import Path

    if deep:
        from smsearch.ingest.recheck import recheck

        return list(recheck(Path(store)))
    from smsearch.store import check as checking

    return list(checking.check(Path(store)))


def from_records(
    records: Mapping[str, object] | Iterable[object] | ArrowStream,
    *,
    policy: Policy | None = None,
    prices: str | os.PathLike[str] | Mapping[str, float] | None = None,
) -> LiveSearcher:
    """A collection of records that are in memory already.

    Args:
        records: Describe responses, Search results (`{"TrainingJob": {...}}`) or whole responses: one, a dict of names
            to them, or an iterable; or a data frame of pandas, Polars or Arrow, a row a record, whose NaN, NaT, NA and
            nulls are absent (row F5). They are not changed.
        policy: Choices where the API is silent.
        prices: As for `open`.

    Raises:
        ExportError: An object that is no record, and which; or nothing that holds records, and what would.
        InvalidValueError: The prices are none.
    """
    from smsearch import opening

    opened = opening.from_objects(records, policy)
    opened.prices = None if prices is None else opening.read_prices(prices)
    return opened
