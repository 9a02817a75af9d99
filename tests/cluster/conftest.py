"""A real cluster for the whole session: one master, two workers, one driver.

Without pyspark or Java these tests are skipped on a developer's machine and fail in CI, where nobody reads skips.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cluster.standalone import Standalone

_MISSING = [
    what
    for what, is_there in (
        ("pyspark", importlib.util.find_spec("pyspark") is not None),
        ("Java", shutil.which("java") is not None or "JAVA_HOME" in os.environ),
    )
    if not is_there
]
if _MISSING:
    collect_ignore_glob = ["test_*.py"]

_CONFIGURATION = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "768m",
    "spark.executor.memory": "512m",
    "spark.executor.cores": "1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "America/St_Johns",
}
"""Small, strict about casts in every version, and in a time zone that shows who forgets about it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spark 3.5 leaves the sockets of its answers to the garbage collector."""
    for item in items:
        if "cluster" in item.path.parts:
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _MISSING and os.environ.get("CI"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:  # noqa: ANN401 - pytest's own, without a public type
    if _MISSING:
        terminalreporter.write_line(f"tests/cluster was not run: there is no {' and no '.join(_MISSING)}.")


@pytest.fixture(scope="session")
def standalone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    from tests.cluster.standalone import Standalone

    with Standalone(tmp_path_factory.mktemp("standalone"), workers=2) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def spark(standalone: Standalone) -> Iterator[Any]:
    """A session of the cluster, as the command line opens it."""
    from smsearch.cluster.session import SparkAddress, open_session

    arguments = " ".join(f"--conf {name}={value}" for name, value in _CONFIGURATION.items())
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"{arguments} pyspark-shell"
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    session = open_session(SparkAddress(standalone.url))
    yield session
    session.stop()
