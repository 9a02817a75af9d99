"""The contract of an engine, asked of Spark on two workers."""

from __future__ import annotations

import copy
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from smsearch.cluster.engine import SparkEngine
from smsearch.frozen import replace
from smsearch.ingest.archive import write
from smsearch.syntax.ast import SortOrder
from tests.cluster.kinds import interpreting
from tests.engines.contract import ORDERS, QUERIES, EngineContract

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from smsearch.engine.engine import Engine
    from smsearch.schema.record import Record
    from tests.engines.contract import Make


@pytest.fixture(scope="module", autouse=True)
def quick(spark: Any) -> Iterator[None]:  # noqa: ANN401 - pyspark's types are not asked for
    """Spark interprets expressions here; other tests compile."""
    with interpreting(spark):
        yield


@pytest.fixture(scope="class")
def make(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> Make:  # noqa: ANN401 - pyspark's types are not asked for
    """Gives an engine over some records."""

    def engine_of(records: list[Record]) -> Engine:
        folder = tmp_path_factory.mktemp("engine")
        write([replace(record, document=copy.deepcopy(record.document)) for record in records], folder)
        return SparkEngine(spark, str(folder))

    return engine_of


class TestSpark(EngineContract):
    """The contract."""

    def orders(self, query: str) -> Iterable[tuple[str, SortOrder]]:
        """Two of the eight for each query, each of them for some query: each page is some jobs of Spark."""
        every, at = list(product(ORDERS, SortOrder)), QUERIES.index(query)
        return every[at % len(every)], every[(at + 3) % len(every)]
