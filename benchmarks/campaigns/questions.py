"""Everything that a searcher can be asked, so that whatever reads a store has read it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

import orjson

import smsearch
from smsearch.columnar import short_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from smsearch.searcher import Searcher

_TEXTS: Final = (
    "status = Failed ORDER BY HyperParameters.lr",
    "TrainingJobName CONTAINS 'job-1' ORDER BY Metrics.loss DESC",
    "NOT InputDataConfig[ChannelName = train] ORDER BY CreationTime",
    "New > 0 OR Tags.team = 'team-1' ORDER BY TrainingJobName, CreationTime DESC",
    "HyperParameters.epochs BETWEEN 3 AND 20 ORDER BY ResourceConfig.VolumeSizeInGB",
    "FailureReason LIKE '%fail%' ORDER BY BillableTimeInSeconds",
    "EnableManagedSpotTraining = true ORDER BY EnableNetworkIsolation",
)
_GROUPS: Final = "SELECT status, COUNT(*), MAX(Metrics.loss), MEDIAN(HyperParameters.epochs) GROUP BY status"
_FACETS: Final = ("status", "HyperParameters.lr", "Metrics.loss", "CreationTime", "New", "InputDataConfig.ChannelName")
_HINT: Final = {"PropertyNameQuery": {"PropertyNameHint": "M"}}
_FAILED: Final = ({"Name": "TrainingJobStatus", "Value": "Failed"},)
_NAMED: Final = ({"Name": "TrainingJobName", "Value": "job-1-01"},)


def ask_everything(store: Path) -> int:
    """Asks each question of a store; returns how many were answered.

    Whatever is raised that is neither a StoreError nor an error of the request is the caller's.
    """
    try:
        searcher = smsearch.open(store)
    except smsearch.StoreError:
        return 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", smsearch.SmsearchWarning)  # no record may have what is asked for
        return sum(_is_answered(question) for question in _questions(searcher))


def _is_answered(question: Callable[[], object]) -> bool:
    try:
        question()
    except (smsearch.StoreError, smsearch.RequestError):
        return False
    return True


def _questions(searcher: Searcher) -> Iterator[Callable[[], object]]:
    for text in _TEXTS:
        yield lambda text=text: list(searcher.query(text, resource="TrainingJob"))  # type: ignore[misc]
        yield lambda text=text: searcher.query(text, resource="TrainingJob").to_arrow()  # type: ignore[misc]
    yield lambda: list(searcher.query(_GROUPS, resource="TrainingJob").groups())
    for name in _FACETS:
        yield lambda name=name: searcher.facet(name, "", resource="TrainingJob")  # type: ignore[misc]
    yield lambda: searcher.query("", resource="TrainingJob").explain()
    yield lambda: searcher.schema(resource="TrainingJob")
    yield lambda: searcher.sources("job-1-01")
    yield lambda: [record.document for record in searcher.describe("job-1-01")]
    yield lambda: searcher.get_search_suggestions(Resource="TrainingJob", SuggestionQuery=_HINT)
    yield lambda: searcher.query("cost > 1", resource="TrainingJob").total
    yield lambda: searcher.query("DurationSeconds > 1 ORDER BY DurationSeconds", resource="TrainingJob").total
    yield lambda: _by_the_short_path(searcher)


def _by_the_short_path(searcher: Searcher) -> None:
    """Pages as a process without NumPy finds them."""
    is_open, short_path.is_open = short_path.is_open, lambda: True
    try:
        searcher.forget()
        for conditions in ((), _FAILED, _NAMED, _FAILED + _NAMED):
            members = {"SearchExpression": {"Filters": list(conditions)}} if conditions else {}
            searcher.search_json(orjson.dumps({"Resource": "TrainingJob", "SortBy": "CreationTime", **members}))
    finally:
        short_path.is_open = is_open
