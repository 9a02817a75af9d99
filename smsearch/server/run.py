"""Listens and serves until it is told to stop: sockets, limits and signals. Knows no operation.

A client that opens a connection and says nothing, or half a request, or does not read its answer, is dropped after a
while and in the meantime costs one of a bounded number of connections.
"""

from __future__ import annotations

import gc
import ipaddress
import signal
import socket
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from smsearch.errors import ServerError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Generator

    from starlette.types import ASGIApp
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

CONNECTIONS_MAX: Final = 1_000
HEAD_SECONDS_MAX: Final = 10.0
"""How long the head of a request may take to come."""
HEAD_BYTES_MAX: Final = 64 << 10
IDLE_SECONDS_MAX: Final = 75
"""How long a connection may stay open between requests, and an answer unread; boto3 keeps one for about as long."""
TURN_SECONDS: Final = 0.0005
"""How long a thread that makes a screen or a download keeps the interpreter while an answer waits for it: a tenth of
Python's own, since an answer changes threads twice."""
GRACE_SECONDS: Final = 5
"""How long requests under way may take to end when the server is told to stop."""


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol, with an end to its patience: a request's head must come in time and be of a size."""

    _deadline: asyncio.TimerHandle | None = None
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """The first request must begin, and its head be whole, within the time."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Either it belongs to a request whose head is whole, or the head is still to come."""
        super().data_received(data)
        cycle: RequestResponseCycle | None = self.cycle  # None until the first head is whole
        if cycle is not None and not cycle.response_complete:
            self._forget_head()
            return
        self._head_bytes += len(data)
        if self._head_bytes > HEAD_BYTES_MAX:
            self._give_up()
        elif self._deadline is None:
            self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._forget_head()
        super().connection_lost(exc)

    def timeout_keep_alive_handler(self) -> None:
        """Drops an idle connection, even one that has not read its answer."""
        self._give_up()

    def _await_head(self) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS_MAX, self._give_up)

    def _forget_head(self) -> None:
        self._head_bytes = 0
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        if self.transport is not None:
            self.transport.abort()


class _Server(uvicorn.Server):
    """uvicorn's server, which tells when it listens and ends as a program that has done its work."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], object]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stops on SIGINT and SIGTERM; unlike uvicorn's own, does not die of them afterwards."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens at an address: nobody else can take it, and clients wait until it is served.

    Args:
        host: An address or a name of this machine.
        port: A port, or 0 for any that is free.

    Raises:
        ServerError: It cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as unless_it_listens:
            bound = unless_it_listens.enter_context(socket.socket(family, kind, protocol))
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
            bound.listen()  # two may bind the same address, one may listen
            unless_it_listens.pop_all()
    except OSError as error:
        hint = "Another program may listen there; --port 0 takes any that is free."
        raise ServerError(f"Cannot listen on {host}, port {port}: {error.strerror}.", hint=hint) from None
    return bound


def url_of(bound: socket.socket) -> str:
    """The URL under which clients on this machine reach a socket."""
    address, port = bound.getsockname()[:2]
    if bound.family is socket.AF_INET6:
        return f"http://[{'::1' if address == '::' else address}]:{port}"
    return f"http://{'127.0.0.1' if address == '0.0.0.0' else address}:{port}"  # noqa: S104 - it is told, not bound


def is_loopback(bound: socket.socket) -> bool:
    """Whether only this machine reaches a socket."""
    return ipaddress.ip_address(bound.getsockname()[0].partition("%")[0]).is_loopback


def serve(app: ASGIApp, bound: socket.socket, listening: Callable[[], object]) -> None:
    """Serves an application on a socket until SIGINT or SIGTERM.

    Args:
        app: The application.
        bound: Where to listen; closed at the end.
        listening: Is called once connections are accepted.
    """
    sys.setswitchinterval(TURN_SECONDS)
    gc.collect()
    gc.freeze()  # what was loaded stays; to look through it for garbage would stop every answer for some 30 ms
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=CONNECTIONS_MAX,
        timeout_keep_alive=IDLE_SECONDS_MAX,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    _Server(config, listening).run(sockets=[bound])
