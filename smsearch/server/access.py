"""One line for each request: when, which operation, how it ended, how many bytes, how long it took.

It stands around an application and changes nothing of what passes.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_WORD: Final = re.compile(rb"[A-Za-z]{1,80}")
"""What an operation's name looks like; anything else a client sends stays out of the log."""


class AccessLog:
    """An application that tells of each of its requests."""

    def __init__(self, app: ASGIApp, log: Callable[[str], object]) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on; tells of a request once it has been answered or its client has gone."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status, sent = 0, 0

        async def counted(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            took_ms = (time.perf_counter() - began) * 1_000
            now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            self._log(f"{now} {_operation(scope)} {status or '-'} {sent} {took_ms:.1f}ms")


def _operation(scope: Scope) -> str:
    """The operation that a request names, or `-`."""
    target = next((value for name, value in scope["headers"] if name == b"x-amz-target"), b"")
    word = target.rpartition(b".")[2]
    if _WORD.fullmatch(word):
        return str(word.decode("ascii"))
    return "healthz" if scope["path"] == "/healthz" else "-"
