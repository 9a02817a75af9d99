"""The contract, held by the engines that need nothing but this package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engines.contract import EngineContract
from tests.engines.segments import SEGMENTS, engine_over

if TYPE_CHECKING:
    from smsearch.engine.engine import Engine
    from smsearch.schema.record import Record
    from tests.engines.contract import Make


@pytest.fixture(scope="class", params=SEGMENTS)
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Gives an engine over some records."""
    segments = SEGMENTS[request.param]

    def engine_of(records: list[Record]) -> Engine:
        return engine_over(records, segments, tmp_path_factory.mktemp("engine"))

    return engine_of


class TestEngine(EngineContract):
    """The contract."""
