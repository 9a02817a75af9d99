"""SageMaker Search, offline: point it at exported job JSON and get the answer the Search API would give.

jobs = smsearch.open("dump/")
page = jobs.search(Resource="TrainingJob", SearchExpression={...}, SortBy="Metrics.acc")
best = jobs.query("Metrics.train:loss < 0.3 ORDER BY Metrics.acc DESC")

This module only opens the door: the hall behind it is `searcher.py`, loaded at the first call.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from smsearch.errors import ExportError, RequestError, SmsearchError, StoreError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from smsearch.policy import Policy
    from smsearch.searcher import Searcher

try:
    __version__ = version("smsearch-offline")
except PackageNotFoundError:  # pragma: no cover - a checkout that was never installed
    __version__ = "0+unknown"

__all__ = ["ExportError", "RequestError", "SmsearchError", "StoreError", "from_records", "open"]


def open(*sources: str | os.PathLike[str], policy: Policy | None = None) -> Searcher:  # noqa: A001 - the verb users expect
    """Reads exports of any shape into a collection that can be searched and changed.

    Args:
        sources: Files, folders or globs of exports, plain or compressed; `-` is standard input.
        policy: Choices where the API is silent.

    Returns:
        The searcher; its `report` says what was read and what was left out and why.

    Raises:
        ExportError: A source that is not there or cannot be opened at all. What is broken inside one is
            reported.
    """
    import os

    from smsearch import searcher

    return searcher.open_exports([os.fspath(source) for source in sources], policy)


def from_records(records: Iterable[object], *, policy: Policy | None = None) -> Searcher:
    """A collection of records that are in memory already.

    Args:
        records: Describe responses, Search results (`{"TrainingJob": {...}}`) or whole responses; they are
            not changed.
        policy: Choices where the API is silent.

    Raises:
        ExportError: An object that is no record; it says which.
    """
    from smsearch import searcher

    return searcher.from_objects(records, policy)
