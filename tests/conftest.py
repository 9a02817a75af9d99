"""What every test shares: how Hypothesis searches and where the repository lies. Knows no module of ours."""

from __future__ import annotations

import os
import signal
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

import pytest
from botocore.loaders import JSONFileLoader
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

ALLOWED_SKIPS: Final = (
    # What a machine has not, and nobody can bring along.
    "the shared folder is beside checkouts only",
    "the twenty lines are not there",
    "there is no bash",
    "there is no zsh",
    "there is no fish",
    "there is no device that is full",
    "the AWS CLI is not installed",
    "the file system takes UTF-8 only",
    "the transcript is recorded in tmux",
    "there is no compiled reader",
    "there is no compiler",
    "there the signal for a file too large ends the process",
    "counts open files as Linux shows them",
    # What cannot be asked of each kind of record that a test goes through.
    "Search does not know it",
    "the catalogue has no such kind",
    "the service does not describe it",
    "the service does not list it without being asked for more",
    # Lanes of what is fetched if it can be had.
    "* is not installed: make test-clients does, or says why not",
    "the client * is not there: *",
    "Spark Connect needs pyspark?connect?",
)
"""Reasons for which a test may be skipped, as patterns of fnmatch. A skip for any other reason is a failure."""

# A change is judged by the same examples as what it changes, and a red run is red again when it is repeated. Who
# searches for new faults asks for other examples. How long an example takes to draw says how busy the machine is.
_IN_ANY_TIME: Final = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", _IN_ANY_TIME, derandomize=True, database=None)
settings.register_profile("others", _IN_ANY_TIME)
settings.load_profile("others" if os.environ.get("SMSEARCH_OTHER_EXAMPLES") else "same")

# A shell starts what it runs in the background deaf to Ctrl-C, and so would be every process that the tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # and nohup to a hang-up


@pytest.fixture(scope="session", autouse=True)
def service_models_read_once() -> Iterator[None]:
    """Clients share what botocore has read, as those of one session do."""
    models: dict[str, Any] = {}
    load = JSONFileLoader.load_file

    def load_once(loader: JSONFileLoader, path: str) -> Any:  # noqa: ANN401 - parsed JSON
        if path not in models:
            models[path] = load(loader, path)
        return models[path]

    with mock.patch.object(JSONFileLoader, "load_file", load_once):
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout: the folder that holds `pyproject.toml`."""
    return Path(__file__).resolve().parent.parent


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Makes a failure of a skip that the list does not allow."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not any(fnmatch(reason, allowed) for allowed in ALLOWED_SKIPS):
            report.outcome = "failed"
            report.longrepr = f"Skipped for a reason that ALLOWED_SKIPS of tests/conftest.py does not list: {reason}"
    return report
