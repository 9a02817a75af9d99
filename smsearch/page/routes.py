"""The routes of the page for an ASGI server: addresses in, HTML and files out.

Screens are made in threads of their own, a bounded number, so that a request to the endpoint waits for none of them.
Nothing here writes a record, and nothing is kept between two requests.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING, BinaryIO, Final, ParamSpec, TypeVar
from urllib.parse import parse_qs

import orjson
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from smsearch.errors import SmsearchError
from smsearch.page import visible
from smsearch.page.addresses import (
    PATHS,
    ChartsAddress,
    CompareAddress,
    FailuresAddress,
    HomeAddress,
    SearchAddress,
    read,
)
from smsearch.page.downloads import MEDIA_TYPES, chunks, compare_writer, search_writer
from smsearch.page.figure_script import FigureScript, ScriptState
from smsearch.page.narrowing import narrowed
from smsearch.page.screens import screen_of
from smsearch.page.typing_help import checked, completion
from smsearch.page.under_way import GivingWay, UnderWay
from smsearch.plots.library import EXTRA

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from smsearch.page.access import PageAccess
    from smsearch.page.addresses import ScreenAddress
    from smsearch.searcher import Searcher

P = ParamSpec("P")
T = TypeVar("T")
SCREENS_AT_ONCE: Final = 2
"""Threads that make screens: more would only take turns at the interpreter's lock."""
DOWNLOADS_AT_ONCE: Final = 2
"""Threads that write downloads; a third one waits until another has ended."""
TOKEN_BYTES_MAX: Final = 4_096
FIRST_SCREENS: Final = (HomeAddress(), SearchAddress(), ChartsAddress(), FailuresAddress())
"""What the server makes by itself: between them they touch what most screens need."""
WARM_UP_AFTER_SECONDS: Final = 0.5
"""How long the server listens before it makes screens by itself: who starts it and asks at once goes first."""
WARM_UP_SECONDS: Final = 5.0
WARM_UP_FROM: Final = 20_000
"""Records of which first screens take much longer than later ones."""
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
"""What every answer of the page says to the browser: only what this server sends is run, shown or asked for."""
_FIGURE_MESSAGES: Final = {
    ScriptState.BEING_MADE: "The script that draws figures is being made, which takes some seconds.",
    ScriptState.MISSING: f"Figures are drawn with the extra plots: {EXTRA}",
}
_MEDIA_TYPES: Final = {".css": "text/css", ".js": "text/javascript"}


class PageRoutes:
    """Answers `GET` with screens.

    Args:
        current: Gives the searcher over the records as they are now.
        access: Who may see the page.
        answers: What the endpoint is answering; screens are not begun meanwhile, and downloads wait.
    """

    def __init__(self, current: Callable[[], Awaitable[Searcher]], access: PageAccess, answers: UnderWay) -> None:
        self._current = current
        self._access = access
        self._answers = answers
        self._under_way = UnderWay()
        self._screens = ThreadPoolExecutor(SCREENS_AT_ONCE, thread_name_prefix="screens")
        self._downloads = ThreadPoolExecutor(DOWNLOADS_AT_ONCE, thread_name_prefix="downloads")
        self._files = _static_files()
        self._screens.submit(visible.compile_templates)
        self._figure_script = FigureScript()

    def app(self) -> Starlette:
        """The application; `POST /` is not one of its routes, since that is the endpoint's."""
        routes = [
            Route("/token", self.take_token, methods=["POST"]),
            Route("/token", self.ask_for_token, methods=["GET"]),
            Route("/static/{name}", self.file, methods=["GET"]),
            *(Route(path, self.screen, methods=["GET"]) for path in PATHS),
            *(Route(f"{SearchAddress.path}.{suffix}", self.download, methods=["GET"]) for suffix in MEDIA_TYPES),
            Route("/vega", self.figure_state, methods=["GET"]),
            Route("/vega.js", self.figure_script, methods=["GET"]),
            Route("/narrow", self.narrow, methods=["GET"]),
            Route("/complete", self.help_typing, methods=["GET"]),
            Route("/check", self.help_typing, methods=["GET"]),
            Route(f"{CompareAddress.path}.md", self.download, methods=["GET"]),
        ]
        return Starlette(routes=routes, exception_handlers={404: _missing})

    async def warm_up(self) -> None:
        """Makes the screens that people see first, and drops them: the next ones find modules and columns ready.

        Each waits until the endpoint is idle, as every screen does. After `WARM_UP_SECONDS` no other one is begun.
        There is none over few records, and none over an archive, where a screen is work for a cluster.
        """
        await asyncio.sleep(WARM_UP_AFTER_SECONDS)
        end = time.monotonic() + WARM_UP_SECONDS
        with suppress(SmsearchError):  # whoever asks for a screen is told
            searcher = await self._current()
            kind = searcher.default_resource
            if searcher.resources().get(kind, 0) < WARM_UP_FROM or not searcher.engine.counts_quickly(kind):
                return
            for address in FIRST_SCREENS:
                if time.monotonic() < end:
                    await self._in_turn(_made, searcher, address)

    def close(self) -> None:
        """Ends the threads; screens that were not begun are dropped."""
        self._screens.shutdown(wait=False, cancel_futures=True)
        self._downloads.shutdown(wait=False, cancel_futures=True)

    async def screen(self, request: Request) -> Response:
        """The screen at an address."""
        if not self._access.admits(request.headers.get("cookie", "")):
            return _page("token.html", {"title": "Token", "is_wrong": False}, 401)
        address = read(request.url.path, request.scope["query_string"].decode("latin-1"))
        if address is None:
            return await _missing(request, None)
        searcher = await self._current()
        content, status = await self._in_turn(_made, searcher, address)
        return Response(content, status, HEADERS, "text/html")

    async def download(self, request: Request) -> Response:
        """What an address shows, as a file."""
        if not self._access.admits(request.headers.get("cookie", "")):
            return _page("token.html", {"title": "Token", "is_wrong": False}, 401)
        path, _, suffix = request.url.path.rpartition(".")
        address = read(path, request.scope["query_string"].decode("latin-1"))
        searcher = await self._current()
        give_way = GivingWay(self._answers, self._under_way)
        loop = asyncio.get_running_loop()
        try:
            write = await loop.run_in_executor(self._downloads, _writer, searcher, address, suffix, give_way)
        except SmsearchError as error:
            return _page("missing.html", {"title": "Not found", "message": str(error)}, 404)
        name = f'attachment; filename="smsearch.{suffix}"'
        headers = {**HEADERS, "Content-Disposition": name, "Content-Type": MEDIA_TYPES[suffix]}
        return StreamingResponse(chunks(write, self._downloads, give_way), 200, headers)

    async def _in_turn(self, make: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What a function makes in one of the threads for screens, once the endpoint is idle or has been waited for."""

        def work() -> T:
            GivingWay(self._answers)()
            return make(*args, **kwargs)

        with self._under_way.one_more():
            return await asyncio.get_running_loop().run_in_executor(self._screens, work)

    async def help_typing(self, request: Request) -> Response:
        """What may follow in a query, or what is wrong with it, as JSON for the page's own script."""
        if not self._access.admits(request.headers.get("cookie", "")):
            return Response(b"{}", 401, HEADERS, "application/json")
        help_with = completion if request.url.path == "/complete" else checked
        kind, text = request.query_params.get("r", ""), request.query_params.get("q", "")
        searcher = await self._current()
        try:
            answer = await self._in_turn(help_with, searcher, kind, text)
        except SmsearchError as error:
            answer = {"message": error.message, "choices": []}
        return Response(orjson.dumps(answer), 200, HEADERS, "application/json")

    async def file(self, request: Request) -> Response:
        """A style sheet or a script of the package; they hold nothing of any record."""
        name = request.path_params["name"]
        content = self._files.get(name)
        if content is None:
            return Response("There is no such file.", 404, HEADERS, "text/plain")
        mark = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        return _with_mark(request, content, mark, _MEDIA_TYPES[name[name.rindex(".") :]])

    async def figure_state(self, _request: Request) -> Response:
        """Whether the script for figures is there, as JSON; where it is not, it is being made from now on."""
        state = await self._in_turn(self._figure_script.state)
        answer = {"state": state, "message": _FIGURE_MESSAGES.get(state, "")}
        return Response(orjson.dumps(answer), 200, HEADERS, "application/json")

    async def figure_script(self, request: Request) -> Response:
        """The script for figures, once it is there; it holds nothing of any record."""
        content = self._figure_script.content
        if content is None:
            return Response("It is not there yet.", 404, HEADERS, "text/plain")
        return _with_mark(request, content, self._figure_script.mark, _MEDIA_TYPES[".js"])

    async def narrow(self, request: Request) -> Response:
        """The charts of fewer matches: those in the ranges, or with the values, that were chosen on a figure."""
        if not self._access.admits(request.headers.get("cookie", "")):
            return _page("token.html", {"title": "Token", "is_wrong": False}, 401)
        address = read(ChartsAddress.path, request.scope["query_string"].decode("latin-1"))
        ranges, chosen = request.query_params.getlist("range"), request.query_params.getlist("in")
        searcher = await self._current()
        try:
            url = await self._in_turn(_narrowed_url, searcher, address, ranges, chosen)
        except SmsearchError as error:
            return _page("missing.html", {"title": "Not found", "message": str(error)}, 404)
        return RedirectResponse(url, 303, HEADERS)

    async def ask_for_token(self, _request: Request) -> Response:
        """The form that asks for the token."""
        return _page("token.html", {"title": "Token", "is_wrong": False}, 200)

    async def take_token(self, request: Request) -> Response:
        """`POST /token`: the form with the token; answers with the cookie, and Home."""
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > TOKEN_BYTES_MAX:
                return _page("token.html", {"title": "Token", "is_wrong": True}, 413)
        given = parse_qs(body.decode("utf-8", "replace")).get("token", [""])[-1]
        cookie = self._access.cookie_of(given)
        if cookie is None:
            return _page("token.html", {"title": "Token", "is_wrong": True}, 403)
        return RedirectResponse(HomeAddress().url(), 303, {**HEADERS, "Set-Cookie": cookie})


async def _missing(_request: Request, _error: Exception | None) -> Response:
    return _page("missing.html", {"title": "Not found", "message": "There is no such screen."}, 404)


def _with_mark(request: Request, content: bytes, mark: str, media_type: str) -> Response:
    """A file, or that the browser's copy of it is still good."""
    headers = {**HEADERS, "ETag": mark}
    if request.headers.get("if-none-match") == mark:
        return Response(status_code=304, headers=headers)
    return Response(content, 200, headers, media_type)


def _narrowed_url(searcher: Searcher, address: ScreenAddress | None, ranges: list[str], choices: list[str]) -> str:
    """The charts of an address with conditions more."""
    charts = address if isinstance(address, ChartsAddress) else ChartsAddress()
    result = searcher.quiet_result(charts.query, resource=charts.resource or None)
    return replace(charts, query=narrowed(result, charts.query, ranges, choices)).url()


def _writer(
    searcher: Searcher, address: ScreenAddress | None, suffix: str, give_way: Callable[[], None]
) -> Callable[[BinaryIO], object]:
    """What writes the file of an address."""
    if isinstance(address, CompareAddress):
        return compare_writer(searcher, address)
    search = address if isinstance(address, SearchAddress) else SearchAddress()
    return search_writer(searcher, search, suffix, give_way)


def _made(searcher: Searcher, address: ScreenAddress) -> tuple[bytes, int]:
    """A screen as HTML, with its status; an error of ours is a screen too."""
    try:
        screen = screen_of(searcher, address)
        return screen.html(), screen.status
    except SmsearchError as error:
        values = {"title": "Not found", "message": str(error)}
        return visible.html("missing.html", values), 404


def _page(template: str, values: Mapping[str, object], status: int) -> Response:
    return Response(visible.html(template, values), status, HEADERS, "text/html")


def _static_files() -> dict[str, bytes]:
    folder = resources.files("smsearch.page") / "static"
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name.endswith(tuple(_MEDIA_TYPES))}
