"""The contract of an engine, asked of Spark on two workers."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from smsearch.cluster.engine import SparkEngine
from smsearch.frozen import replace
from smsearch.ingest.archive import write
from tests.engines.contract import EngineContract

if TYPE_CHECKING:
    from smsearch.engine.engine import Engine
    from smsearch.schema.record import Record
    from tests.engines.contract import Make


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
