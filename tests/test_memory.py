"""Requests for names that nobody has asked for before: what is remembered of them is bounded, and can be forgotten."""

from __future__ import annotations

import gc
import tracemalloc
from typing import TYPE_CHECKING

import pytest

import smsearch
from benchmarks.campaigns import new_names, samples
from smsearch import prepared
from smsearch.columnar import compiled_queries, compiled_query, engine, short_path
from smsearch.live import collection
from smsearch.schema import names
from smsearch.service.service import Service

if TYPE_CHECKING:
    from pathlib import Path

    from smsearch.searcher import Searcher

FEW = 16
WARM, ASKED = 30, 220
"""Names; of each there are four requests, and of every eighth nine."""
KIB_MAX = 200
"""Of memory that may be more after `ASKED` names; 25 KiB for each request was what it once was."""


@pytest.fixture(name="searcher", params=["store", "store without NumPy", "records in memory"])
def _searcher(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Searcher:
    store = samples.make_store(tmp_path)
    monkeypatch.setattr(short_path, "is_open", lambda: request.param == "store without NumPy")
    return smsearch.open(tmp_path / "jobs.json" if request.param == "records in memory" else store)


@pytest.fixture(autouse=True)
def _few_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "PREPARED_MAX", FEW)
    monkeypatch.setattr(prepared, "FORMS_MAX", FEW)
    monkeypatch.setattr(compiled_queries, "QUERIES_MAX", FEW)
    monkeypatch.setattr(compiled_queries, "PAGES_MAX", FEW)
    monkeypatch.setattr(engine, "SHORT_CURSORS_MAX", FEW)
    monkeypatch.setattr(compiled_query, "CURSORS_MAX", FEW)
    monkeypatch.setattr(collection, "_COUNTS_MAX", FEW)
    monkeypatch.setattr(collection, "_ORDERS_MAX", FEW)
    monkeypatch.setattr(names, "_RESOLVED_MAX", FEW)


def held() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def test_memory_does_not_grow_with_the_names_that_requests_hold(searcher: Searcher) -> None:
    service = Service(searcher)
    for at in range(WARM):
        new_names.ask(searcher, service, f"warm{at:06}")
    searcher.forget()
    tracemalloc.start()
    try:
        for at in range(FEW):
            new_names.ask(searcher, service, f"before{at:06}")
        before = held()
        for at in range(ASKED):
            new_names.ask(searcher, service, f"name{at:06}", in_text=at % 8 == 0)
        assert held() - before < KIB_MAX << 10
        searcher.forget()
        assert held() < before
    finally:
        tracemalloc.stop()
