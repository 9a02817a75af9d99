"""The engines that need nothing but this package: a collection in memory, and a store of one segment and of three."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smsearch.columnar.engine import ColumnarEngine
from smsearch.live.collection import collect
from tests.columnar.test_engine import write_store
from tests.engines.contract import EngineContract

if TYPE_CHECKING:
    from smsearch.engine.engine import Engine
    from smsearch.schema.record import Record
    from tests.engines.contract import Make

SEGMENTS = {"live": 0, "a store of one segment": 1, "a store of three segments": 3}


@pytest.fixture(scope="class", params=SEGMENTS)
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Gives an engine over some records."""
    segments = SEGMENTS[request.param]

    def engine_of(records: list[Record]) -> Engine:
        if not segments:
            return collect(records)[0]
        resources = dict.fromkeys(record.resource for record in records)
        of_each = [[record for record in records if record.resource == resource] for resource in resources]
        parts = [own[at::segments] for own in of_each for at in range(segments)]
        return ColumnarEngine(write_store(tmp_path_factory.mktemp("engine"), [part for part in parts if part]))

    return engine_of


class TestEngine(EngineContract):
    """The contract."""
