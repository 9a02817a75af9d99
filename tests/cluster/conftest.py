"""A real cluster for the whole session: one master, two workers, one driver.

Without pyspark or Java these tests are skipped on a developer's machine and fail in CI, where nobody reads skips.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.cluster.kinds import JAVA, KINDS, interpreting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cluster.kinds import Judge
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
    "spark.driver.extraJavaOptions": JAVA,
    "spark.executor.extraJavaOptions": JAVA,
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.session.timeZone": "America/St_Johns",
}
"""Small, strict about casts in every version, and in a time zone that shows who forgets about it."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "sessions(*kinds, in_turn=False): the kinds of session that a test is asked of, if not the cluster's;"
        " in turn, each case is asked of one of them, unless SMSEARCH_EVERY_SESSION is set",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "spark" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("sessions")
        metafunc.parametrize("spark", KINDS[:1] if marker is None else marker.args, indirect=True, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Lets the tests of one kind of session follow one another. Spark 3.5 leaves sockets to the garbage collector."""
    if "SMSEARCH_EVERY_SESSION" not in os.environ:
        config.hook.pytest_deselected(items=[item for item in items if not _is_in_turn(item)])
        items[:] = filter(_is_in_turn, items)
    for item in items:
        if "cluster" in item.path.parts:
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore:PySpark does not yet fully support:FutureWarning"))
    items.sort(key=_turn)


def _is_in_turn(item: pytest.Item) -> bool:
    """Whether a case is asked of its kind of session: where they take turns, the first case of the first kind, ..."""
    marker = item.get_closest_marker("sessions")
    if marker is None or not marker.kwargs.get("in_turn") or not isinstance(item, pytest.Function):
        return True
    kind = marker.args.index(item.callspec.params["spark"])
    return bool(item.callspec.indices["case"] % len(marker.args) == kind)


def _turn(item: pytest.Item) -> int:
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return KINDS.index(parameters["spark"]) if "spark" in parameters else -1


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
def spark(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session of one of `KINDS`, as the command line opens it."""
    from smsearch.cluster.session import SparkAddress, open_session, stop_session

    arguments = " ".join(f"--conf {name}={value}" for name, value in _CONFIGURATION.items())
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"{arguments} pyspark-shell"
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    with contextlib.ExitStack() as stack:
        match request.param:
            case "cluster":
                address = SparkAddress(request.getfixturevalue("standalone").url)
            case "local":
                address = SparkAddress("local[2]")
            case _:
                master, folder = request.getfixturevalue("standalone").url, tmp_path_factory.mktemp("connect")
                address = SparkAddress(remote=stack.enter_context(_connect_server(master, folder)))
        session = open_session(address)
        yield session
        stop_session(session)


@pytest.fixture
def interpreted(spark: Any) -> Iterator[None]:  # noqa: ANN401 - pyspark's types are not asked for
    """Lets Spark interpret expressions; a test without this fixture has them compiled."""
    with interpreting(spark):
        yield


@pytest.fixture
def judge(request: pytest.FixtureRequest, spark: Any) -> Judge:  # noqa: ANN401 - pyspark's types are not asked for
    """Judges `law(spark, data, ...)` by random examples: four on the cluster, two in each other kind of session.

    Each example is some jobs of Spark, so a failure is not shrunk: it names the request.
    """
    count = 4 if request.node.callspec.params["spark"] == KINDS[0] else 2
    batch = settings(
        deadline=None,
        max_examples=count,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )

    def judge(law: Callable[..., None], *arguments: object) -> None:
        def judged(data: st.DataObject) -> None:
            law(spark, data, *arguments)

        judged.__name__ = law.__name__  # by which the same examples are drawn each time
        batch(given(st.data())(judged))()

    return judge


@contextlib.contextmanager
def _connect_server(master: str, folder: Path) -> Iterator[str]:
    """The URL of a server over the cluster. Only meanwhile do pyspark's functions make columns for Spark Connect."""
    from tests.cluster.standalone import ConnectServer, free_port

    pytest.importorskip("grpc", reason="Spark Connect needs pyspark[connect]")
    server = ConnectServer(folder, free_port(), master, _CONFIGURATION)
    try:
        yield server.url
    finally:
        os.environ.pop("SPARK_CONNECT_MODE_ENABLED", None)  # set by pyspark
        server.stop()
