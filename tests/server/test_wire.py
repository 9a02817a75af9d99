"""The wire itself: heads that are sent in odd ways, two Host headers, requests before their turn, half a goodbye."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import pytest

from smsearch.server import protocol
from tests.server.served import Served, serving
from tests.server.test_http import HEAD, JOBS, assert_it_serves

if TYPE_CHECKING:
    from pathlib import Path

REQUEST = HEAD + b"Content-Length: %d\r\n\r\n" % len(JOBS) + JOBS
LINE = b"X-Filling: " + b"x" * 500 + b"\r\n"
LINES_TOO_MANY = protocol.HEAD_BYTES_MAX // len(LINE) + 20


def connected(served: Served) -> socket.socket:
    wire = socket.create_connection(served.address, timeout=20)
    wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return wire


def rest(wire: socket.socket) -> bytes:
    """What comes until the server closes; of a connection that it drops, what had come before."""
    content = b""
    try:
        while chunk := wire.recv(65_536):
            content += chunk
    except ConnectionError:
        pass
    return content


def sent_in_pieces(wire: socket.socket, content: bytes, size: int) -> None:
    """Sends until all is sent or the server has dropped the connection."""
    try:
        for start in range(0, len(content), size):
            wire.sendall(content[start : start + size])
    except ConnectionError:
        pass


@pytest.mark.parametrize("size", [1, 7, 4_096, 1 << 20])
@pytest.mark.parametrize(
    "head",
    [
        HEAD + LINE * LINES_TOO_MANY,
        HEAD + b"X-Filling: " + b"x" * protocol.HEAD_BYTES_MAX,
        HEAD + b"x" * protocol.HEAD_BYTES_MAX,
        b"POST /" + b"x" * protocol.HEAD_BYTES_MAX + b" HTTP/1.1\r\nHost: localhost\r\n",
        HEAD + b"a:\r\n" * (protocol.HEAD_BYTES_MAX // 4),
        b"\r\n" * protocol.HEAD_BYTES_MAX + HEAD,
    ],
    ids=["lines", "value", "name", "target", "empty lines", "blank lines"],
)
def test_a_head_is_bounded_however_it_is_sent(served: Served, head: bytes, size: int) -> None:
    with connected(served) as wire:
        sent_in_pieces(wire, head + LINE * 20 + b"Content-Length: 2\r\n\r\n{}", size)
        assert b" 200 " not in rest(wire)
    assert_it_serves(served)


def test_a_head_just_below_the_bound_is_answered(served: Served) -> None:
    head = HEAD + LINE * (protocol.HEAD_BYTES_MAX // len(LINE) - 20)
    for size in (1_000, 1 << 20):
        with connected(served) as wire:
            sent_in_pieces(wire, head + REQUEST.removeprefix(HEAD), size)
            assert wire.recv(1_000).startswith(b"HTTP/1.1 200 ")


def test_a_second_head_on_a_connection_is_bounded_as_the_first(served: Served) -> None:
    with connected(served) as wire:
        wire.sendall(REQUEST + HEAD)  # the second begins before the first is answered
        sent_in_pieces(wire, LINE * LINES_TOO_MANY + b"\r\n", 100)
        assert rest(wire).count(b"HTTP/1.1 ") <= 1


def test_what_follows_a_body_in_chunks_is_bounded_and_no_header(served: Served) -> None:
    chunked = HEAD.replace(b"X-Amz-Target: SageMaker.Search\r\n", b"") + b"Transfer-Encoding: chunked\r\n\r\n"
    with connected(served) as wire:
        wire.sendall(chunked + b"2\r\n{}\r\n0\r\nX-Amz-Target: SageMaker.Search\r\n\r\n")
        assert b"UnknownOperationException" in wire.recv(1_000)
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n29\r\n" + JOBS + b"\r\n"
    for endless in (b"0\r\n" + LINE * LINES_TOO_MANY, b"0\r\nX: " + b"x" * 200_000, b"1;" + b"x" * 200_000):
        with connected(served) as wire:
            sent_in_pieces(wire, chunked + endless, 1 << 20)
            assert b" 200 " not in rest(wire)


@pytest.mark.parametrize(
    "second", [b"Host: localhost\r\n", b"HOST: 127.0.0.1\r\n", b"host: evil.example\r\n", b"Host:\r\n"]
)
@pytest.mark.parametrize("path", [b"POST /", b"GET /healthz", b"GET /search"])
def test_two_host_headers_are_refused(served: Served, path: bytes, second: bytes) -> None:
    with connected(served) as wire:
        wire.sendall(REQUEST.replace(b"POST /", path).replace(b"Content-Length", second + b"Content-Length"))
        answer = rest(wire)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert answer.endswith(b"\r\n\r\nA request has one Host header.")
        assert answer.count(b"HTTP/1.1") == 1


def test_who_says_that_it_sends_no_more_gets_its_answers(served: Served) -> None:
    for count in (1, 3):
        with connected(served) as wire:
            wire.sendall(REQUEST * count)
            wire.shutdown(socket.SHUT_WR)
            answers = rest(wire)
            assert answers.count(b"HTTP/1.1 200 ") == count
            assert answers.endswith(b"}")  # it says that it closes only if the goodbye came before the answer


def test_half_a_request_and_a_goodbye_get_no_answer(served: Served) -> None:
    for part in (b"", b"POST / HT", HEAD + b"\r\n"[:1], REQUEST[:-1]):
        with connected(served) as wire:
            wire.sendall(part)
            wire.shutdown(socket.SHUT_WR)
            assert rest(wire) == b""
    assert_it_serves(served)


def test_requests_before_their_turn_are_answered_in_turn_and_bounded(served: Served) -> None:
    with connected(served) as wire:
        wire.sendall(REQUEST * 300 + REQUEST.replace(b"Host", b"Connection: close\r\nHost"))
        assert rest(wire).count(b"HTTP/1.1 200 ") == 301
    blank = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connected(served) as wire:
        wire.settimeout(0.5)
        try:
            for _ in range(1_000):
                wire.sendall(blank * 1_000)
        except OSError:  # dropped, or left waiting: the server does not read on for ever
            pass
        else:
            pytest.fail("it took 40 MB of requests and answered none")
    assert_it_serves(served)


def test_clients_that_only_wait_shut_nobody_out(store: Path, tmp_path: Path) -> None:
    before = "from smsearch.server import run; run.CONNECTIONS_MAX = 20"
    with serving(tmp_path / "log", store, before=before) as running:
        waiting = [connected(running) for _ in range(60)]
        for _ in range(5):
            assert_it_serves(running)
        assert waiting[0].recv(1) == b""
        waiting[-1].sendall(REQUEST)
        assert waiting[-1].recv(1_000).startswith(b"HTTP/1.1 200 ")
        for wire in waiting:
            wire.close()


IMPATIENT = """
import socket
from smsearch.server import protocol, run
listen = run.listen

def with_small_buffer(*place):
    bound = listen(*place)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
    return bound

run.listen = with_small_buffer
protocol.UNREAD_SECONDS_MAX = protocol.REST_SECONDS_MAX = 0.3
"""


def test_who_does_not_read_or_goes_on_after_a_refusal_is_dropped(store: Path, tmp_path: Path) -> None:
    large = b'{"Resource":"TrainingJob","MaxResults":100}'
    request = HEAD + b"Content-Length: %d\r\n\r\n" % len(large) + large
    with serving(tmp_path / "log", store, before=IMPATIENT) as running:
        for more in (b"", b"Connection: close\r\n"):
            with socket.socket() as wire:
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
                wire.settimeout(20)
                wire.connect(running.address)
                wire.sendall(request.replace(b"Content", more + b"Content"))
                time.sleep(1.5)
                answer = rest(wire)
                length = int(answer.partition(b"content-length: ")[2].partition(b"\r\n")[0])
                assert len(answer.partition(b"\r\n\r\n")[2]) < length
        with connected(running) as wire:
            wire.sendall(HEAD + b"Content-Length: 99999999\r\n\r\n")
            assert wire.recv(1_000).startswith(b"HTTP/1.1 413 ")
            time.sleep(0.6)
            with pytest.raises(ConnectionError):
                wire.sendall(b" " * 20_000_000)
        assert_it_serves(running)
