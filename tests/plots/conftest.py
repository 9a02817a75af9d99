"""The exports in data/ as a searcher, from a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import smsearch
from tests.exports_once import stored_exports

if TYPE_CHECKING:
    from smsearch.searcher import Searcher

EXPORTS = Path(__file__).resolve().parents[2] / "data" / "exports"


@pytest.fixture(scope="session", params=["memory", "store"])
def searcher(request: pytest.FixtureRequest) -> Searcher:
    return smsearch.open(EXPORTS if request.param == "memory" else stored_exports())
