"""Requests that name what no record has, each a name of its own: memory does not grow with their number."""

from __future__ import annotations

import gc
import resource
import warnings
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import orjson

import smsearch
from benchmarks.campaigns.campaign import BrokenLawError, Campaign
from benchmarks.campaigns.samples import make_store
from smsearch.errors import ServiceError
from smsearch.service.service import Service

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.campaigns.campaign import Attempt
    from smsearch.searcher import Searcher

REQUESTS: Final = 100
"""Requests of a try."""
_MIB_MAX: Final = 24.0
"""How much more memory there may have been at one time than in the first try: what is remembered comes and goes."""
_TEXTS_SHARE: Final = 0.05
"""Names that texts are asked of as well, which takes fifty times as long as the rest."""


def ask(searcher: Searcher, service: Service, name: str, *, in_text: bool = True) -> None:
    """Asks by every door of a name that nobody has asked of before; in texts, too, or not."""
    filters = [
        {"Name": f"HyperParameters.{name}", "Operator": "GreaterThan", "Value": "1"},
        {"Name": f"Metrics.{name}", "Operator": "Exists"},
        {"Name": "TrainingJobName", "Operator": "Contains", "Value": name},
    ]
    nested = {"NestedPropertyName": "InputDataConfig", "Filters": [{"Name": "ChannelName", "Value": name}]}
    expression = {"Filters": filters, "NestedFilters": [nested], "Operator": "Or"}
    request = {"Resource": "TrainingJob", "SearchExpression": expression, "SortBy": f"Tags.{name}"}
    searcher.search_json(orjson.dumps(request))
    _ask_service(service, "DescribeTrainingJob", {"TrainingJobName": name})
    _ask_service(service, "ListTrainingJobs", {"NameContains": name})
    _ask_service(service, name, {})
    for question in _texts(searcher, name) if in_text else ():
        with suppress(smsearch.RequestError), warnings.catch_warnings():
            warnings.simplefilter("ignore", smsearch.SmsearchWarning)
            question()


def _ask_service(service: Service, operation: str, members: dict[str, Any]) -> None:
    with suppress(ServiceError):
        service.answer(operation, orjson.dumps(members))


def _texts(searcher: Searcher, name: str) -> Iterator[Callable[[], object]]:
    yield lambda: searcher.quiet_result(f"Tags.`{name}` = '{name}' ORDER BY Environment.{name}").total
    yield lambda: searcher.quiet_result(f"{name} > 1")
    yield lambda: searcher.quiet_result("").facet(f"HyperParameters.{name}")
    yield lambda: searcher.quiet_result(f"SELECT Tags.{name}, COUNT(*) GROUP BY Tags.{name}").groups()
    hint = {"PropertyNameQuery": {"PropertyNameHint": name}}
    yield lambda: searcher.get_search_suggestions(Resource="TrainingJob", SuggestionQuery=hint)


@contextmanager
def _prepare(folder: Path) -> Iterator[Attempt]:
    searcher = smsearch.open(make_store(folder))
    service = Service(searcher)
    peaks: list[float] = []

    def attempt(chance: random.Random) -> float:
        for _ in range(REQUESTS):
            ask(searcher, service, f"n{chance.getrandbits(64):x}", in_text=chance.random() < _TEXTS_SHARE)
        gc.collect()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        peaks.append(peak)
        if peak > peaks[0] + _MIB_MAX:
            raise BrokenLawError(f"there were {peak:.0f} MiB, {peak - peaks[0]:.0f} more than at first")
        return peak

    yield attempt


CAMPAIGN: Final = Campaign(
    name="new names",
    law=f"after any number of requests, {REQUESTS} a try, that name what no other named, memory is what it was",
    tries=250,
    tested=2,
    prepare=_prepare,
    unit="MiB at most",
)
