"""Several threads may ask one searcher."""

from __future__ import annotations

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

import smsearch

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).resolve().parent.parent / "data" / "exports"
CONDITIONS = (
    [{"Name": "TrainingJobStatus", "Value": "Failed"}],
    [{"Name": "Metrics.accuracy", "Operator": "GreaterThan", "Value": "0.5"}],
    [{"Name": "TrainingJobName", "Operator": "Contains", "Value": "bert"}],
    [{"Name": "InputDataConfig.ChannelName", "Value": "train"}, {"Name": "Tags.team", "Operator": "Exists"}],
    [{"Name": "HyperParameters.learning_rate", "Operator": "LessThan", "Value": "0.01"}],
)
SORTS = ("CreationTime", "Metrics.accuracy", "HyperParameters.batch_size", "TrainingJobName")
REQUESTS = [
    orjson.dumps(
        {
            "Resource": "TrainingJob",
            "SearchExpression": {"Filters": filters},
            "SortBy": sort_by,
            "MaxResults": 7,
        }
    )
    for filters in CONDITIONS
    for sort_by in SORTS
]


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads that take turns far more often than they usually do."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("source", ["store", "exports"])
def test_threads_that_share_a_searcher_get_the_answers_that_one_gets(source: str, tmp_path: Path) -> None:
    place = DATA
    if source == "store":
        place = tmp_path / "store"
        smsearch.build([str(DATA)], place)
    alone = smsearch.open(place)
    expected = {request: alone.search_json(request) for request in REQUESTS}
    shared = smsearch.open(place)

    def ask(seed: int) -> list[bytes]:
        chance = random.Random(seed)
        wrong = []
        for _ in range(60):
            request = chance.choice(REQUESTS)
            if chance.random() < 0.1:
                shared.forget()
            if shared.search_json(request) != expected[request]:
                wrong.append(request)
        return wrong

    with ThreadPoolExecutor(8) as pool:
        assert [wrong for found in pool.map(ask, range(8)) for wrong in found] == []
