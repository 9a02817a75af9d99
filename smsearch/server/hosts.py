"""From where a request may come: under which names this machine is reached, and from which pages.

A page of another site can make its own name lead here, but it cannot have an address for a name; and whatever it sends
by script or form says where it comes from.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names, beside its addresses, under which this machine may be reached, in lower case."""

    names: frozenset[str]

    def is_host(self, request: Request) -> bool:
        """Whether the Host header names this machine: an address, `localhost`, or a name that was allowed."""
        header = request.headers.get("host", "")
        before, _, port = header.rpartition(":")
        name = before if port.isdigit() else header
        if name.lower().rstrip(".") in self.names:
            return True
        try:
            ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
        except ValueError:
            return False
        return True


def is_foreign(request: Request) -> bool:
    """Whether a request says that a page of another origin sent it; clients that are no browsers say nothing."""
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower()


class OwnPagesOnly:
    """An application that only this machine's own names reach, and only its own pages and people's links ask."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or answers it with 403."""
        app = self._app
        if scope["type"] == "http":
            request = Request(scope)
            if not self._hosts.is_host(request):
                app = PlainTextResponse("The page has another name; smsearch serve --allow-host adds one.", 403)
            elif is_foreign(request):
                app = PlainTextResponse("The page does not answer pages of another origin.", 403)
        await app(scope, receive, send)
