"""The exports in data/, built into a store and served to all tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.exports_once import stored_exports
from tests.server.served import Served, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def store() -> Path:
    return stored_exports()


@pytest.fixture(scope="session")
def served(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("log") / "errors", store) as running:
        yield running


@pytest.fixture(scope="session")
def client(served: Served) -> Any:  # noqa: ANN401 - boto3's clients have no type
    return served.client()
