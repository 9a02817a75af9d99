"""uvicorn's protocol with an end to its patience, and with what it leaves out of HTTP.

A client that opens a connection and says nothing, or half a request, or does not read its answer, is dropped after a
while. A head is bounded however it is sent, and so are requests that are sent before their turn. A request with two
Host headers is refused. A client that says that it will send no more gets its answer. It knows no application.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

if TYPE_CHECKING:
    import asyncio

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

HEAD_SECONDS_MAX: Final = 10.0
"""How long the head of a request may take to come."""
REST_SECONDS_MAX: Final = 20.0
"""How long the rest of a request may take, also where nobody reads it; the endpoint refuses it before."""
HEAD_BYTES_MAX: Final = 64 << 10
HEADERS_MAX: Final = 200
"""Clients of the service send some twelve; each costs more than its bytes say."""
UNREAD_SECONDS_MAX: Final = 75.0
"""How long a client may leave an answer unread."""
AHEAD_BYTES_MAX: Final = 1 << 20
"""What a client may send before the request that it belongs to has its turn."""
_PIECE_BYTES: Final = 4 << 10
"""What the parser is fed at once: how far past its bound a head can go, and how many requests can wait as objects."""


class StoppableState(ServerState):
    """What the connections of a server share.

    Attributes:
        is_stopping: Whether the server was told to stop: each connection ends with the answer that it waits for.
    """

    is_stopping = False


class PatientProtocol(HttpToolsProtocol):
    """A connection: a request's head must come in time and be of a size, and its answer must be read."""

    _deadline: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None
    _is_in_head = True
    _head_bytes = 0
    _silent_bytes = 0
    """Bytes since the parser last made something of them: one header that never ends is counted here."""
    _ahead = b""
    _idle_since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """The first request must begin, and its head be whole, within the time; there is room for it."""
        super().connection_made(transport)
        self._await_more(HEAD_SECONDS_MAX)
        self._idle_since = self.loop.time()
        if self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        """Either it belongs to a request whose head is whole, or the head is still to come."""
        self._ahead += data
        self._feed()
        if len(self._ahead) > AHEAD_BYTES_MAX:
            self._give_up()
        elif self._ahead:
            self.flow.pause_reading()

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn's says nothing, which closes
        """Whether to stay open: a client that will send no more gets the answers to what it has asked."""
        if self._is_idle or self.cycle.more_body:
            return False
        self.cycle.keep_alive = False
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._forget_deadline()
        self._forget_unread()
        self._ahead = b""
        super().connection_lost(exc)

    def timeout_keep_alive_handler(self) -> None:
        """Drops an idle connection, even one that has not read its answer."""
        self._give_up()

    def on_message_begin(self) -> None:
        """A head begins."""
        self._is_in_head = True
        self._head_bytes = self._silent_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """A part of the target."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; what comes like one behind a body in chunks is counted, and says nothing."""
        self._count(len(name) + len(value) + len(b": \r\n"))
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole; it names one host, or the request is refused."""
        self._is_in_head = False
        self._forget_deadline()
        if self.transport.is_closing():
            return
        if sum(name == b"host" for name, _ in self.headers) > 1:
            self.send_400_response("A request has one Host header.")
        else:
            super().on_headers_complete()
            self._await_more(REST_SECONDS_MAX)
            if self._is_stopping:
                self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """A part of a body; how long that may be is the application's business."""
        self._silent_bytes = 0
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._silent_bytes = 0
        self._forget_deadline()
        if not self.transport.is_closing():
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is written, and the next request has its turn."""
        super().on_response_complete()
        self._idle_since = self.loop.time()
        if self._ahead:
            self.loop.call_soon(self._feed)
        self._watch_closing()

    def pause_writing(self) -> None:
        """The client does not read as fast as is written."""
        super().pause_writing()
        self._await_reader()

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        self._forget_unread()
        self._watch_closing()

    @property
    def _is_stopping(self) -> bool:
        return isinstance(self.server_state, StoppableState) and self.server_state.is_stopping

    @property
    def _is_idle(self) -> bool:
        """Whether no request is being answered."""
        cycle: RequestResponseCycle | None = self.cycle  # None until the first head is whole
        return cycle is None or cycle.response_complete

    def _make_room(self) -> None:
        """Drops the client that has asked nothing for longest: those that only wait shut nobody out."""
        others = (one for one in self.connections if isinstance(one, PatientProtocol) and one is not self)
        waiting = [one for one in others if one._is_idle and not one.transport.is_closing()]  # noqa: SLF001 - its own class
        if waiting:
            min(waiting, key=lambda one: one._idle_since)._give_up()  # noqa: SLF001

    def _feed(self) -> None:
        """Gives the parser what has come, as long as no request waits for another to be answered."""
        if not self._ahead:  # the connection may have been lost meanwhile
            return
        data, start = self._ahead, 0
        while start < len(data) and not self.pipeline and not self.transport.is_closing():
            piece = data[start : start + _PIECE_BYTES]
            start += len(piece)
            self._silent_bytes += len(piece)
            super().data_received(piece)
            is_long = self._head_bytes + self._silent_bytes > HEAD_BYTES_MAX
            if is_long or len(self.headers or ()) > HEADERS_MAX:
                self._give_up()
        self._ahead = data[start:]
        if self._is_idle and self._deadline is None:
            self._await_more(HEAD_SECONDS_MAX)
        self._watch_closing()

    def _count(self, size: int) -> None:
        self._head_bytes += size
        self._silent_bytes = 0

    def _watch_closing(self) -> None:
        """A connection closes when all is written, which needs a client that reads."""
        if self.transport.is_closing():
            self._await_reader()

    def _await_more(self, seconds: float) -> None:
        self._deadline = self.loop.call_later(seconds, self._give_up)

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _await_reader(self) -> None:
        if self._unread is None:
            self._unread = self.loop.call_later(UNREAD_SECONDS_MAX, self._give_up)

    def _forget_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _give_up(self) -> None:
        if self.transport is not None:
            self.transport.abort()
