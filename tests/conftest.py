"""What every test shares: how Hypothesis searches and where the repository lies. Knows no module of ours."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# On a developer's machine each run looks elsewhere; in CI a red run must be red again when it is repeated.
settings.register_profile("here", deadline=None)
settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# A shell starts what it runs in the background deaf to Ctrl-C, and so would be every process that the tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout: the folder that holds `pyproject.toml`."""
    return Path(__file__).resolve().parent.parent
