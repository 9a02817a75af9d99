"""The exports in data/ as a searcher, from a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import smsearch

if TYPE_CHECKING:
    from smsearch.searcher import Searcher

EXPORTS = Path(__file__).resolve().parents[2] / "data" / "exports"


@pytest.fixture(scope="session", params=["memory", "store"])
def searcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    if request.param == "memory":
        return smsearch.open(EXPORTS)
    store = tmp_path_factory.mktemp("plots") / "store"
    smsearch.build([EXPORTS], store)
    return smsearch.open(store)
