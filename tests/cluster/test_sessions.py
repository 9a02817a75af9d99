"""Sessions that cannot be had, that keep a caller waiting, and that die while a server needs them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import smsearch
from smsearch.cluster.connect import need_master, need_server
from smsearch.cluster.session import SparkAddress, open_session
from smsearch.cluster.spark_errors import reason_of
from smsearch.cluster.waiting import notice_of_waiting
from smsearch.errors import ClusterError
from tests.cluster.kinds import SUBMIT_ARGUMENTS
from tests.cluster.standalone import START_SECONDS, ConnectServer, Standalone, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWER_SECONDS = 180
"""How long an answer may take on a busy machine; Spark's own client tries to reach a server for ten minutes."""

SETTINGS = bytes((0, 0, 0, 4, 0, 0, 0, 0, 0))
"""The first frame of a server of HTTP/2."""


@contextmanager
def _server(answer: bytes | None, connections: list[socket.socket] | None = None) -> Iterator[str]:
    """Accepts connections and sends each the answer; None sends nothing. Gives the URL as for Spark Connect."""
    connections = [] if connections is None else connections
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                connections.append(connection)
                if answer is not None:
                    connection.recv(100)
                    connection.sendall(answer)
                    connection.close()

        threading.Thread(target=accept, daemon=True).start()
        yield f"sc://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        for connection in connections:
            connection.close()


def test_a_silent_server_is_given_up_after_the_limit() -> None:
    with _server(None) as url, pytest.raises(ClusterError, match=r"has answered in 0\.2 seconds"):
        need_server(url, 0.2)


def test_an_error_says_what_another_server_answered() -> None:
    answer = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
    with _server(answer) as url, pytest.raises(ClusterError, match=r"it answered 'HTTP/1\.1 400 Bad Request'"):
        need_server(url, 5)


def test_a_server_that_closes_the_connection_is_none() -> None:
    with _server(b"") as url, pytest.raises(ClusterError, match="it closed the connection"):
        need_server(url, 5)


def test_a_server_of_http_2_is_taken() -> None:
    with _server(SETTINGS) as url:
        need_server(url, 5)


def test_one_address_of_a_master_is_enough() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        need_master(f"spark://127.0.0.1:1,{address}", 5)
        need_master("local[2]", 5)
    with pytest.raises(ClusterError, match=f"No master at spark://{address}: .*refused"):
        open_session(SparkAddress(f"spark://{address}"))


@pytest.mark.parametrize(
    "text",
    [
        "An error occurred while calling None.a.b.Session.\n: java.lang.IllegalStateException: No room\n\tat a.b",
        "(java.lang.RuntimeException) java.lang.IllegalStateException: No room\n\nJVM stacktrace:\njava.lang.Runtime",
        "No room",
    ],
)
def test_an_error_is_one_line_without_a_class_of_java(text: str) -> None:
    assert reason_of(RuntimeError(text)) == "No room"


def test_sigterm_ends_the_wait_for_a_silent_server(tmp_path: Path) -> None:
    with _server(None) as url:
        process = _start("count", str(tmp_path), "--engine", "spark", "--remote", url)
        time.sleep(3)
        assert process.poll() is None, "it should be waiting"
        process.terminate()
        assert process.wait(timeout=10) == 143
        assert process.communicate()[1] == ""


@pytest.mark.parametrize(("seconds", "number"), [("5", None), ("600", signal.SIGTERM)])
def test_a_server_of_http_2_that_is_no_spark_is_left_at_once(
    seconds: str, number: signal.Signals | None, tmp_path: Path
) -> None:
    connections: list[socket.socket] = []
    with _server(SETTINGS, connections) as url:
        process = _start("count", str(tmp_path), "--engine", "spark", "--remote", url, "--timeout", seconds)
        if number is not None:
            until = time.monotonic() + ANSWER_SECONDS
            while len(connections) < 2 and time.monotonic() < until:  # the second one is of Spark's client
                time.sleep(0.1)
            process.send_signal(number)
        message = process.communicate(timeout=ANSWER_SECONDS)[1]
    if number is None:
        assert process.returncode == 3
        assert f"Spark at {url} has not answered in {seconds} seconds" in message
    else:
        assert process.returncode == 128 + number
        assert message == ""


def test_no_java_is_needed_where_the_environment_names_a_connect_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with _server(None) as url:
        monkeypatch.setenv("SPARK_REMOTE", url)
        with pytest.raises(ClusterError, match=f"No server at {url} has answered"):
            open_session(SparkAddress(seconds=0.2))


def test_a_notice_comes_once_where_something_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsearch.cluster.waiting.NOTICE_SECONDS", 0.05)
    notices: list[str] = []
    for missing in ("a worker", None):
        with notice_of_waiting(lambda: missing, notices.append):  # noqa: B023 - it is called at once
            time.sleep(0.3)
    assert notices == ["a worker"]


@pytest.fixture
def archive(repository: Path, tmp_path: Path) -> str:
    smsearch.build_archive([repository / "data" / "exports"], tmp_path / "archive")
    return str(tmp_path / "archive")


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    """A master without workers."""
    with Standalone(tmp_path_factory.mktemp("idle"), workers=0) as cluster:
        yield cluster


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_master_without_workers_is_waited_for_aloud_and_not_for_ever(
    number: signal.Signals, archive: str, idle: Standalone
) -> None:
    process = _start("count", archive, "status = Failed", "--engine", "spark", "--master", idle.url)
    assert process.stderr is not None
    assert any(f"waiting for a worker of {idle.url}" in line for line in process.stderr)
    process.send_signal(number)
    assert process.wait(timeout=20) == 128 + number
    assert "Exception" not in process.stderr.read()
    process.communicate()


def test_serve_refuses_within_the_limit_while_its_master_has_no_workers(archive: str, idle: Standalone) -> None:
    with _serving(archive, "--master", idle.url, "--timeout", "4") as (endpoint, _):
        begun = time.monotonic()
        code, answer = _search(endpoint)
        assert code == 503
        assert time.monotonic() - begun > 4
        assert f"No worker of {idle.url} has taken up a task in 4 seconds. Its workers have gone" in answer["message"]
        idle.add_worker()
        until = time.monotonic() + START_SECONDS  # its executor has to start, which may take longer than the limit
        while (code := _search(endpoint)[0]) == 503 and time.monotonic() < until:
            pass
        assert code == 200
        idle.kill_worker()
        assert _search(endpoint, "Stopped")[0] == 503


@contextmanager
def _serving(archive: str, *at: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The URL of `smsearch serve` over Spark, and its process."""
    process = _start("serve", archive, "--port", "0", "--engine", "spark", *at)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().partition("=")[2].strip(), process
    finally:
        process.terminate()
        process.communicate(timeout=90)


def test_serve_outlives_its_connect_server(archive: str, tmp_path: Path) -> None:
    pytest.importorskip("grpc", reason="Spark Connect needs pyspark[connect]")
    connect = ConnectServer(tmp_path, free_port())
    try:
        with _serving(archive, "--remote", connect.url) as (endpoint, _):
            before = _search(endpoint)
            assert before[0] == 200
            connect.stop()
            begun = time.monotonic()
            code, answer = _search(endpoint, "Stopped")
            assert code == 503
            assert time.monotonic() - begun < ANSWER_SECONDS
            assert "ServiceUnavailable" in json.dumps(answer)
            assert f"Spark has gone. No server at {connect.url}" in answer["message"]
            connect.start()
            assert _search(endpoint) == before
            assert _search(endpoint, "Stopped")[0] == 200
    finally:
        connect.stop()


def test_serve_outlives_its_java(archive: str, repository: Path) -> None:
    query = "duration > 10m"  # a formula that Spark runs in Python
    expected = list(smsearch.open(repository / "data" / "exports").query(query, resource="TrainingJob").names())
    with _serving(archive, "--master", "local[1]") as (endpoint, process):
        before = _search(endpoint)
        assert _names_of_page(endpoint, query) == sorted(expected) != []
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8").split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        assert _names_of_page(endpoint, query) == sorted(expected)
        assert _search(endpoint) == before


def _names_of_page(endpoint: str, query: str) -> list[str]:
    """The names that a download of the page lists, in order."""
    url = f"{endpoint}/search.csv?{urllib.parse.urlencode({'q': query, 'r': 'TrainingJob', 'c': 'TrainingJobName'})}"
    with urllib.request.urlopen(url, timeout=ANSWER_SECONDS) as response:  # noqa: S310 - loopback
        return sorted(response.read().decode().split()[1:])


def _search(endpoint: str, status: str = "Failed") -> tuple[int, Any]:
    body = {
        "Resource": "TrainingJob",
        "SearchExpression": {"Filters": [{"Name": "TrainingJobStatus", "Operator": "Equals", "Value": status}]},
    }
    headers = {"X-Amz-Target": "SageMaker.Search", "Content-Type": "application/x-amz-json-1.1"}
    request = urllib.request.Request(endpoint, json.dumps(body).encode(), headers)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as response:  # noqa: S310 - loopback
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def _start(*arguments: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "PYSPARK_SUBMIT_ARGS": SUBMIT_ARGUMENTS,
    }
    command = [sys.executable, "-m", "smsearch", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
