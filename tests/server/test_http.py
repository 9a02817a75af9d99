"""What clients send over HTTP, the hostile and the broken among them; the next one is served all the same."""

from __future__ import annotations

import json
import socket
import time
from http.client import HTTPConnection, HTTPResponse
from typing import TYPE_CHECKING, Any

import pytest

from smsearch.server import app, protocol
from tests.server.served import Served, serving

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SEARCH = {"X-Amz-Target": "SageMaker.Search", "Content-Type": "application/x-amz-json-1.1"}
HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: SageMaker.Search\r\n"
JOBS = b'{"Resource":"TrainingJob","MaxResults":1}'


def send(
    served: Served, body: bytes = JOBS, headers: Mapping[str, str] = SEARCH, method: str = "POST", path: str = "/"
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(*served.address, timeout=20)
    try:
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def assert_it_serves(served: Served) -> None:
    response, body = send(served)
    assert response.status == 200
    assert json.loads(body)["TotalHits"]["Value"] > 100


def test_an_answer_has_the_headers_of_the_protocol(served: Served) -> None:
    response, _ = send(served)
    assert response.headers["Content-Type"] == "application/x-amz-json-1.1"
    assert len(response.headers["x-amzn-RequestId"]) == 36
    assert "Access-Control-Allow-Origin" not in response.headers


def refused(response: HTTPResponse, body: bytes) -> tuple[int, str]:
    error: dict[str, Any] = json.loads(body)
    assert sorted(error) == ["__type", "message"]
    assert error["message"]
    assert response.headers["x-amzn-ErrorType"] == error["__type"]
    return response.status, error["__type"]


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"{", SEARCH, (400, "SerializationException")),
        (b"[1]", SEARCH, (400, "SerializationException")),
        (b"\xff\xfe", SEARCH, (400, "SerializationException")),
        (b"[" * 100_000, SEARCH, (400, "SerializationException")),
        (b"", SEARCH, (400, "ValidationException")),
        (b'{"Resource":"\\ud800"}', SEARCH, (400, "SerializationException")),
        (b'{"Resource":"TrainingJob","NextToken":"x"}', SEARCH, (400, "ValidationException")),
        (JOBS, {}, (400, "UnknownOperationException")),
        (JOBS, {"X-Amz-Target": "SageMaker."}, (400, "UnknownOperationException")),
        (JOBS, {"X-Amz-Target": "DynamoDB_20120810.Query"}, (400, "UnknownOperationException")),
        (JOBS, {"X-Amz-Target": "SageMaker.__class__"}, (400, "UnknownOperationException")),
        (JOBS, {**SEARCH, "Host": "evil.example"}, (403, "AccessDeniedException")),
        (JOBS, {**SEARCH, "Host": "127.0.0.1.evil.example:80"}, (403, "AccessDeniedException")),
        (JOBS, {**SEARCH, "Host": ""}, (403, "AccessDeniedException")),
    ],
)
def test_what_is_wrong_is_refused_in_the_protocols_form(
    served: Served, body: bytes, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    assert refused(*send(served, body, headers)) == expected
    assert_it_serves(served)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:8173", "10.1.2.3:80"])
def test_addresses_and_localhost_are_hosts(served: Served, host: str) -> None:
    assert send(served, headers={**SEARCH, "Host": host})[0].status == 200


def test_the_endpoint_has_two_paths_beside_the_page(served: Served) -> None:
    response, body = send(served, b"", {}, "GET", "/healthz")
    assert (response.status, body) == (200, b'{"status":"ok"}')
    assert send(served, b"", {"Host": "evil.example"}, "GET", "/healthz")[0].status == 403
    assert send(served, b"", {}, "GET")[0].headers["Content-Type"].startswith("text/html")
    assert send(served, b"", {}, "OPTIONS")[0].status == 405
    assert send(served, path="/../etc/passwd")[0].status == 404


def test_a_body_that_is_too_long_is_refused_before_it_is_read(served: Served) -> None:
    with socket.create_connection(served.address, timeout=20) as wire:
        head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(served.address, timeout=20) as wire:
        wire.sendall(head + b"29\r\n" + JOBS + b"\r\n0\r\n\r\n")
        assert wire.recv(1_000).startswith(b"HTTP/1.1 200 ")
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with socket.create_connection(served.address, timeout=20) as wire:
        wire.sendall(head + chunk * (app.BODY_BYTES_MAX // 0x10000 + 1))
        assert wire.recv(1_000).startswith(b"HTTP/1.1 413 ")
    assert_it_serves(served)


def test_a_head_that_never_ends_is_dropped(served: Served) -> None:
    with socket.create_connection(served.address, timeout=20) as wire:
        wire.sendall(b"POST / HTTP/1.1\r\nX-Filling: ")
        with pytest.raises(OSError, match=r"reset|pipe"):
            wire.sendall(b"x" * 1_000 * protocol.HEAD_BYTES_MAX)
    assert_it_serves(served)


def test_clients_that_stop_in_the_middle_harm_nobody(served: Served) -> None:
    for part in (b"", b"POST / HT", b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"):
        with socket.create_connection(served.address, timeout=20) as wire:
            wire.sendall(part)
    stalled = [socket.create_connection(served.address, timeout=20) for _ in range(100)]
    for wire in stalled:
        wire.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\n")
    assert_it_serves(served)
    for wire in stalled:
        wire.close()


IMPATIENT = """
from smsearch.server import app, protocol
app.BODY_SECONDS_MAX = protocol.HEAD_SECONDS_MAX = 0.2
"""


def test_clients_that_are_too_slow_are_dropped(repository: Path, tmp_path: Path) -> None:
    sources = repository / "data" / "exports" / "training-jobs"
    with serving(tmp_path / "log", sources, before=IMPATIENT) as running:
        for sent in (b"", HEAD):
            with socket.create_connection(running.address, timeout=20) as wire:
                wire.sendall(sent)
                assert wire.recv(1_000) == b""
        with socket.create_connection(running.address, timeout=20) as wire:
            wire.sendall(HEAD + b"Content-Length: 50\r\n\r\n{")
            assert wire.recv(1_000).startswith(b"HTTP/1.1 408 ")
        with socket.create_connection(running.address, timeout=20) as wire:
            wire.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(JOBS) + JOBS)
            assert wire.recv(1_000).startswith(b"HTTP/1.1 200 ")
            wire.sendall(b"POST / HT")  # the next head on the same connection has no more time than the first
            while wire.recv(1_000):
                pass


def test_what_is_no_http_is_answered_with_400(served: Served) -> None:
    with socket.create_connection(served.address, timeout=20) as wire:
        wire.sendall(b"\x16\x03\x01\x02\x00 a handshake of another protocol\r\n\r\n")
        assert wire.recv(1_000).startswith(b"HTTP/1.1 400 ")
    assert_it_serves(served)


def test_one_connection_serves_many_requests(served: Served) -> None:
    connection = HTTPConnection(*served.address, timeout=20)
    for body, status in ((JOBS, 200), (b"{", 400), (JOBS, 200)):
        connection.request("POST", "/", body, dict(SEARCH))
        response = connection.getresponse()
        response.read()
        assert response.status == status
    connection.close()


def _logged(served: Served, last: str) -> list[str]:
    """The last two lines of the log once the one of an operation is there: it is written behind the answer."""
    ends = time.monotonic() + 10
    while True:
        lines = served.log.read_text(encoding="utf-8").splitlines()[-2:]
        if last in lines[-1] or time.monotonic() > ends:
            return lines
        time.sleep(0.05)


def test_the_log_has_a_line_a_request_and_nothing_that_clients_make_up(served: Served) -> None:
    send(served, headers={"X-Amz-Target": "SageMaker.a 200 line"})
    send(served, headers={"X-Amz-Target": "SageMaker.ListTrainingJobs"}, body=b"{}")
    made_up, listed = _logged(served, "ListTrainingJobs")
    assert made_up.split()[1:3] == ["-", "400"]
    moment, operation, status, sent, took = listed.split()
    assert (moment[-1], operation, status) == ("Z", "ListTrainingJobs", "200")
    assert int(sent) > 100
    assert float(took.removesuffix("ms")) >= 0
