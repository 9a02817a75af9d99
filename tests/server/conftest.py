"""The exports in data/, built into a store and served to all tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from tests.server.served import ROOT, Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "store"
    smsearch.build([ROOT / "data" / "exports"], folder)
    return folder


@pytest.fixture(scope="session")
def served(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("log") / "errors", store) as running:
        yield running


@pytest.fixture(scope="session")
def client(served: Served) -> Any:  # noqa: ANN401 - boto3's clients have no type
    return served.client()
