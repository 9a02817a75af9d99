"""Right requests while other connections do everything that a client should not."""

from __future__ import annotations

import random
import socket
import struct
import threading
import time
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Final

import orjson

from benchmarks.campaigns.campaign import BrokenLawError, Campaign
from benchmarks.campaigns.malformed_http import PATIENCE_SECONDS, RIGHT
from benchmarks.campaigns.samples import make_store
from benchmarks.serving import memory_of, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.campaigns.campaign import Attempt

NUISANCES: Final = 8
"""Threads that each hold or misuse some connections at a time."""
_HELD: Final = 12
_MEMORY_MB_MAX: Final = 64.0
"""How much the server's own memory may grow."""
_HEADERS: Final = {"X-Amz-Target": "SageMaker.Search"}
_LARGE: Final = b'{"Resource":"TrainingJob","MaxResults":100}'
_RESET: Final = struct.pack("ii", 1, 0)


@contextmanager
def _prepare(folder: Path) -> Iterator[Attempt]:
    serve = ["smsearch", "serve", str(make_store(folder)), "--port", "0", "-q"]
    with running(serve, "export AWS_ENDPOINT_URL_SAGEMAKER=http://") as (process, address):
        host, _, port = address.partition(":")
        place, over = (host, int(port)), threading.Event()
        connection = HTTPConnection(*place, timeout=PATIENCE_SECONDS)
        names = _names(connection, 10)
        memory = memory_of(process.pid)["RssAnon"]
        threads = [threading.Thread(target=_trouble, args=(place, over, seed)) for seed in range(NUISANCES)]
        for thread in threads:
            thread.start()

        def attempt(chance: random.Random) -> float:
            begun = time.perf_counter()
            count = chance.randint(1, len(names))
            if chance.random() < 0.01:
                connection.close()
            if _names(connection, count) != names[:count]:
                raise BrokenLawError(f"the first {count} jobs are others")
            grown = memory_of(process.pid)["RssAnon"] - memory
            if grown > _MEMORY_MB_MAX:
                raise BrokenLawError(f"the server holds {grown:.0f} MB more than when it began")
            return (time.perf_counter() - begun) * 1e3

        try:
            yield attempt
        finally:
            over.set()
            for thread in threads:
                thread.join()
            connection.close()


def _names(connection: HTTPConnection, count: int) -> list[str]:
    """The names of the first jobs.

    Raises:
        BrokenLawError: There is no answer.
    """
    body = orjson.dumps({"Resource": "TrainingJob", "MaxResults": count, "SortBy": "TrainingJobName"})
    try:
        connection.request("POST", "/", body, _HEADERS)
        response = connection.getresponse()
        answer = orjson.loads(response.read())
    except (HTTPException, OSError, ValueError) as error:
        connection.close()
        raise BrokenLawError(f"no answer: {error!r}") from None
    if response.status != 200:
        raise BrokenLawError(f"the answer is {response.status} {answer}")
    return [record["TrainingJob"]["TrainingJobName"] for record in answer["Results"]]


def _trouble(place: tuple[str, int], over: threading.Event, seed: int) -> None:
    """Opens one connection after another, misuses each, and holds the last ones open."""
    chance, held = random.Random(seed), list[socket.socket]()
    while not over.wait(1):
        with suppress(OSError):
            wire = socket.create_connection(place, timeout=1)
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            chance.choice(_NUISANCES)(wire)
            held.append(wire)
        while len(held) > _HELD:
            _goodbye(held.pop(chance.randrange(len(held))), chance)
    for wire in held:
        wire.close()


def _goodbye(wire: socket.socket, chance: random.Random) -> None:
    with suppress(OSError):
        match chance.randrange(3):
            case 0:
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            case 1:
                wire.shutdown(socket.SHUT_RDWR)
            case _:
                pass
    wire.close()


def _half_a_head(wire: socket.socket) -> None:
    wire.sendall(RIGHT[:60])


def _byte_by_byte(wire: socket.socket) -> None:
    for at in range(len(RIGHT)):
        wire.sendall(RIGHT[at : at + 1])


def _half_a_body(wire: socket.socket) -> None:
    wire.sendall(RIGHT[:-5])


def _many_headers(wire: socket.socket) -> None:
    wire.sendall(RIGHT[:60] + b"a: b\r\n" * 20_000)


def _unread(wire: socket.socket) -> None:
    head = RIGHT.partition(b"Content-Length")[0] + b"Content-Length: %d\r\n\r\n" % len(_LARGE)
    for _ in range(10):
        wire.sendall(head + _LARGE)


def _half_closed(wire: socket.socket) -> None:
    wire.sendall(RIGHT)
    wire.shutdown(socket.SHUT_WR)


def _page(wire: socket.socket) -> None:
    wire.sendall(b"GET /search.csv HTTP/1.1\r\nHost: localhost\r\n\r\n")


def _too_long(wire: socket.socket) -> None:
    wire.sendall(RIGHT.partition(b"Content-Length")[0] + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(40):
        wire.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def _noise(wire: socket.socket) -> None:
    wire.sendall(random.Random(0).randbytes(5_000))


def _nothing(wire: socket.socket) -> None:
    del wire  # it is only there


_NUISANCES: Final[tuple[Callable[[socket.socket], None], ...]] = (
    _half_a_head,
    _byte_by_byte,
    _half_a_body,
    _many_headers,
    _unread,
    _half_closed,
    _page,
    _too_long,
    _noise,
    _nothing,
)

CAMPAIGN: Final = Campaign(
    name="load",
    law="while other connections stall, reset, flood, or do not read, a right request has its whole right answer",
    tries=100_000,
    tested=100,
    prepare=_prepare,
    unit="ms to the answer",
)
