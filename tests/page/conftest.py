"""The exports in data/ as an application, asked without a socket."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import smsearch
from tests.page.browsing import app_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from smsearch.searcher import Searcher

EXPORTS = Path(__file__).resolve().parents[2] / "data" / "exports"


@pytest.fixture(scope="session")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    store = tmp_path_factory.mktemp("page") / "store"
    smsearch.build([EXPORTS], store)
    return smsearch.open(store)


@pytest.fixture(scope="session")
def app(searcher: Searcher) -> ASGIApp:
    return app_of(searcher)
