"""The exports in data/ as an application, asked without a socket."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import smsearch
from tests.exports_once import stored_exports
from tests.page.browsing import app_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from smsearch.searcher import Searcher

EXPORTS = Path(__file__).resolve().parents[2] / "data" / "exports"


@pytest.fixture(scope="session")
def searcher() -> Searcher:
    return smsearch.open(stored_exports())


@pytest.fixture(scope="session")
def app(searcher: Searcher) -> ASGIApp:
    return app_of(searcher)
