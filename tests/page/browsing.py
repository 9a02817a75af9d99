"""Asks the application as a browser does, without a socket."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from smsearch.page.access import PageAccess
from smsearch.server.app import make_app
from smsearch.service import Service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message

    from smsearch.searcher import Searcher

HOST = "127.0.0.1:8173"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser receives."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def html(self) -> str:
        return self.body.decode()

    @property
    def links(self) -> dict[str, str]:
        """The links by their texts, or by their labels where they have one; of several the first."""
        reader = _Links()
        reader.feed(self.html)
        return reader.links

    @property
    def text(self) -> str:
        """What is read on the screen, blanks drawn together."""
        reader = _Links()
        reader.feed(self.html)
        return " ".join(" ".join(reader.words).split())


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.words: list[str] = []
        self._open: tuple[str, str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self._open = (str(values["href"]), values.get("aria-label") or "", len(self.words))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open is not None:
            url, label, start = self._open
            self.links.setdefault(label or " ".join("".join(self.words[start:]).split()), url)
            self._open = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def app_of(searcher: Searcher, access: PageAccess | None = None) -> ASGIApp:
    return make_app(Service(searcher), access=access or PageAccess())


def browse(
    app: ASGIApp, url: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes = b""
) -> Answer:
    """The answer to one request."""
    path, _, query = url.partition("?")
    given = {"host": HOST} | {name.lower(): value for name, value in (headers or {}).items()}
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
        "server": ("127.0.0.1", 8173),
        "client": ("127.0.0.1", 1),
    }
    sent: list[Message] = []
    bodies: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def run() -> None:
        async def receive() -> Message:
            if not bodies:
                await asyncio.Event().wait()  # the client neither sends more nor leaves
            return bodies.pop(0)

        async def send(message: Message) -> None:
            sent.append(message)

        await app(scope, receive, send)

    asyncio.run(run())
    head = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], head, b"".join(message.get("body", b"") for message in sent[1:]))
