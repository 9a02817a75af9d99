"""Endpoints to export from: moto's server, and a fake of our own; credentials and a region that are nobody's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.export.fake import Fake, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No credentials or settings of whoever runs the tests, and no proxy between the two ends of a socket."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("AWS_PROFILE", raising=False)


@pytest.fixture
def fake() -> Iterator[Fake]:
    """An endpoint with 25 training jobs, ten a page."""
    with serving(Fake([f"job-{number}" for number in range(25)])) as served:
        yield served


def lines(path: Path) -> list[dict[str, Any]]:
    """The documents in a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
