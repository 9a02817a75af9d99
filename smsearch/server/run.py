"""Listens and serves until it is told to stop: sockets, limits and signals. Knows no operation.

How long it waits for a client stands in `protocol.py`.
"""

from __future__ import annotations

import gc
import ipaddress
import signal
import socket
import sys
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Final

import uvicorn

from smsearch.errors import ServerError
from smsearch.server.protocol import PatientProtocol, StoppableState

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from starlette.types import ASGIApp

CONNECTIONS_MAX: Final = 1_000
IDLE_SECONDS_MAX: Final = 75
"""How long a connection may stay open between requests; boto3 keeps one for about as long."""
TURN_SECONDS: Final = 0.0005
"""How long a thread that makes a screen or a download keeps the interpreter while an answer waits for it: a tenth of
Python's own, since an answer changes threads twice."""
GRACE_SECONDS: Final = 5
"""How long requests under way may take to end when the server is told to stop."""


class _Server(uvicorn.Server):
    """uvicorn's server, which tells when it listens and ends as a program that has done its work."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], object]) -> None:
        super().__init__(config)
        self._listening = listening
        self.server_state = self._state = StoppableState()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Lets no connection go on: one that was accepted in the last moment is not among those that uvicorn ends."""
        self._state.is_stopping = True
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stops on SIGINT, SIGTERM and SIGHUP; unlike uvicorn's own, does not die of them afterwards."""
        before = {number: signal.signal(number, self.handle_exit) for number in _stopping_signals()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _stopping_signals() -> list[signal.Signals]:
    """The signals that end the server: not a hang-up of the terminal where that is ignored, as under nohup."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    return numbers


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
            listener = unless_it_listens.enter_context(socket.socket(family, kind, protocol))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()  # two may bind the same address, one may listen
            unless_it_listens.pop_all()
    except OSError as error:
        hint = "Another program may listen there; --port 0 takes any that is free."
        raise ServerError(f"Cannot listen on {host}, port {port}: {error.strerror}.", hint=hint) from None
    return listener


def url_of(listener: socket.socket) -> str:
    """The URL under which clients on this machine reach a socket."""
    address: str
    address, port = listener.getsockname()[:2]
    loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - it is told, not bound
    return _url(loopback.get(address, address), port)


def _url(address: str, port: int) -> str:
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine reaches a socket."""
    return ipaddress.ip_address(listener.getsockname()[0].partition("%")[0]).is_loopback


def url_beyond(listener: socket.socket) -> str:
    """The URL under which other machines reach a socket, by this one's first address that is not loopback; or `""`."""
    address: str
    address, port = listener.getsockname()[:2]
    if ipaddress.ip_address(address.partition("%")[0]).is_unspecified:
        address = _own_address(listener.family)
    return _url(address, port) if address else ""


def _own_address(family: socket.AddressFamily) -> str:
    """The address from which this machine would send to others; `""` if it has none but loopback."""
    nobody = "2001:db8::1" if family is socket.AF_INET6 else "192.0.2.1"
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((nobody, 9))  # chooses an address, and sends nothing
        return str(probe.getsockname()[0])
    with suppress(OSError):  # without a way to others, what its own name stands for
        addresses = [str(there[0]) for *_, there in socket.getaddrinfo(socket.gethostname(), None, family)]
        return next((one for one in addresses if not ipaddress.ip_address(one.partition("%")[0]).is_loopback), "")
    return ""


def serve(app: ASGIApp, listener: socket.socket, listening: Callable[[], object]) -> None:
    """Serves an application on a socket until SIGINT, SIGTERM or SIGHUP.

    Args:
        app: The application.
        listener: Where to listen; closed at the end.
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
    _Server(config, listening).run(sockets=[listener])
