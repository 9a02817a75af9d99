"""Every case of `tests/conformance/`, asked of Spark in this process or of a cluster over Spark Connect, in turn."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from smsearch.cluster.engine import SparkEngine
from smsearch.ingest import load
from smsearch.ingest.archive import write
from smsearch.ingest.report import Report
from smsearch.searcher import Searcher
from tests.cluster.kinds import interpreting
from tests.test_conformance import CASES, judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.test_conformance import Case

pytestmark = pytest.mark.sessions("local", "connect", in_turn=True)  # the latter is of the cluster


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Archives that were made, by the JSON of their records: many cases share theirs."""
    return {"": tmp_path_factory.mktemp("archives")}


@pytest.fixture(scope="module", autouse=True)
def quick(spark: Any) -> Iterator[None]:  # noqa: ANN401 - pyspark's types are not asked for
    """A dozen records are soonest found by Spark's interpreter; other tests compile."""
    with interpreting(spark):
        yield


def _archived(records: Sequence[object], archives: dict[str, Path]) -> str:
    content = json.dumps(records)
    if content not in archives:
        folder = archives[""] / str(len(archives))
        write(load.from_objects(copy.deepcopy(list(records)), Report()), folder)
        archives[content] = folder
    return str(archives[content])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case, spark: Any, archives: dict[str, Path]) -> None:  # noqa: ANN401 - pyspark's
    judge(case, Searcher(SparkEngine(spark, _archived(case.records, archives)), Report()))
