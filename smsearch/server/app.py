"""The endpoint as an ASGI application: a request of the wire becomes an operation's name and a body.

Signatures are verified only if access keys are given (`signatures.py`). Always checked are the Host header, so that a
web page cannot reach the endpoint under a name of its own, and how much and how slowly a client sends. It knows no
socket.
"""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from smsearch.errors import ClusterError, ServiceError, SmsearchError
from smsearch.page.routes import PageRoutes
from smsearch.page.under_way import UnderWay
from smsearch.server.access import AccessLog
from smsearch.server.hosts import Hosts, OwnPagesOnly, is_foreign
from smsearch.server.signatures import Head, claim_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping

    from starlette.types import ASGIApp

    from smsearch.page.access import PageAccess
    from smsearch.searcher import Searcher
    from smsearch.server.credentials import Secret
    from smsearch.service import FreshService, Service

BODY_BYTES_MAX: Final = 1 << 20
"""Far beyond the largest request that Search takes: 50 conditions of some 1,300 characters."""
BODY_SECONDS_MAX: Final = 10.0
TARGET: Final = "SageMaker."
MEDIA_TYPE: Final = "application/x-amz-json-1.1"
_SCOPE: Final = re.compile(r"Credential=[^/,\s]+/\d{8}/([a-z0-9-]+)/")
"""The scope of a credential in a signature: a date, a region, a service."""
_LOG: Final = logging.getLogger(__name__)


class _Endpoint:
    """Answers requests with one thread for all of them.

    Answers are computed, not waited for, so that more threads would only take turns at the interpreter's lock, and
    collections in memory need no other lock than that there is one reader. The event loop stays free meanwhile.

    Attributes:
        under_way: The answers that are being computed, or wait for their turn.
    """

    def __init__(
        self, service: Service | FreshService, hosts: Hosts, secrets: Mapping[str, Secret] | None = None
    ) -> None:
        self._service = service
        self._hosts = hosts
        self._secrets = secrets
        self._is_closed = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="answers")
        self.under_way = UnderWay()

    async def answer(self, request: Request) -> Response:
        """`POST /`: the operation that X-Amz-Target names."""
        try:
            return self._respond(200, await self._answered(request))
        except ServiceError as error:
            return self._refused(error)
        except ClusterError as error:
            _LOG.warning("%s", error)
            return self._refused(ServiceError("ServiceUnavailable", str(error), 503))
        except SmsearchError as error:
            _LOG.exception("a record could not be read")
            return self._refused(ServiceError("InternalFailure", str(error), 500))
        except ClientDisconnect:
            return self._refused(ServiceError("RequestAbortedException", "The client has gone.", 400))
        except asyncio.CancelledError:  # by uvicorn, when the time for requests under way is over
            return self._refused(_stopped())
        except Exception:  # noqa: BLE001 - the last resort: one request fails, the server goes on
            _LOG.exception("the server has a bug")
            return self._refused(ServiceError("InternalFailure", "The server has a bug; its log says more.", 500))

    async def health(self, request: Request) -> Response:
        """`GET /healthz`: that the server answers at all, whatever it is busy with."""
        if not self._hosts.is_host(request):
            return self._refused(_strange_host(request))
        return Response(b'{"status":"ok"}', media_type="application/json")

    async def current(self) -> Searcher:
        """The searcher over the records as they are now."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._service.current_searcher)

    def close(self) -> None:
        """Ends the thread; answers that were not begun are refused, and so is what is asked from now on."""
        self._is_closed = True
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _answered(self, request: Request) -> bytes:
        if not self._hosts.is_host(request):
            raise _strange_host(request)
        if is_foreign(request):
            raise ServiceError("AccessDeniedException", "The endpoint does not answer pages of another origin.", 403)
        claim = None if self._secrets is None else claim_of(_head_of(request), self._secrets, datetime.now(UTC))
        target = request.headers.get("x-amz-target", "")
        if not target.startswith(TARGET):
            message = f"The header X-Amz-Target names no operation; it would be {TARGET}Search, for one."
            raise ServiceError("UnknownOperationException", message)
        body = await _body_of(request)
        if claim is not None:
            claim.verify(body)
        if self._is_closed:
            raise _stopped()
        loop = asyncio.get_running_loop()
        operation, region = target.removeprefix(TARGET), _region_of(request)
        with self.under_way.one_more():
            return await loop.run_in_executor(self._thread, self._service.answer, operation, body, region)

    def _refused(self, error: ServiceError) -> Response:
        content = orjson.dumps({"__type": error.code, "message": _utf8(error.message)})
        response = self._respond(error.status, content)
        response.headers["x-amzn-ErrorType"] = error.code
        return response

    def _respond(self, status: int, content: bytes) -> Response:
        headers = {"x-amzn-RequestId": str(uuid.uuid4())}
        return Response(content, status, headers, MEDIA_TYPE)


def make_app(
    service: Service | FreshService,
    hosts: Iterable[str] = (),
    log: Callable[[str], object] | None = None,
    access: PageAccess | None = None,
    secrets: Mapping[str, Secret] | None = None,
) -> ASGIApp:
    """The application: the endpoint, and the page if somebody may see it.

    Args:
        service: What answers.
        hosts: Names beside `localhost` under which clients may reach it; addresses need not be named.
        log: Is told one line for each request.
        access: Who may see the page; None for no page.
        secrets: The access keys of which one must have signed a request to the endpoint; None for no such check.
    """
    own_hosts = Hosts(frozenset({"localhost", *(host.lower() for host in hosts)}))
    endpoint = _Endpoint(service, own_hosts, secrets)
    routes: list[Route | Mount] = [
        Route("/", endpoint.answer, methods=["POST"]),
        Route("/healthz", endpoint.health, methods=["GET"]),
    ]
    page = PageRoutes(endpoint.current, access, endpoint.under_way) if access is not None else None
    if page is not None:
        routes.append(Mount("/", OwnPagesOnly(page.app(), own_hosts)))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        warming = asyncio.create_task(page.warm_up()) if page is not None else None
        yield
        if warming is not None:
            warming.cancel()
        endpoint.close()
        if page is not None:
            page.close()

    app: ASGIApp = Starlette(routes=routes, lifespan=lifespan)
    return app if log is None else AccessLog(app, log)


async def _body_of(request: Request) -> bytes:
    """A request's body, if it is not too long and does not come too slowly."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdigit() or int(announced) > BODY_BYTES_MAX:
        raise _too_long()
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS_MAX):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_BYTES_MAX:
                    raise _too_long()  # of its own: kept in this frame, it would keep the body
    except TimeoutError:
        message = f"The body did not come within {BODY_SECONDS_MAX:g} seconds."
        raise ServiceError("RequestTimeoutException", message, 408) from None
    return bytes(body)


def _stopped() -> ServiceError:
    return ServiceError("ServiceUnavailable", "The server has been stopped.", 503)


def _too_long() -> ServiceError:
    return ServiceError("RequestEntityTooLargeException", f"A body has {BODY_BYTES_MAX:,} bytes at most.", 413)


def _head_of(request: Request) -> Head:
    return Head(request.method, request.scope["query_string"], request.scope["headers"])


def _region_of(request: Request) -> str:
    """The region in the scope of a request's credential, which clients sign for; `""` without a signature."""
    match = _SCOPE.search(request.headers.get("authorization", ""))
    return match[1] if match is not None else ""


def _strange_host(request: Request) -> ServiceError:
    name = request.headers.get("host", "")[:100]
    message = f"The endpoint does not answer under the name {name!r}; smsearch serve --allow-host adds one."
    return ServiceError("AccessDeniedException", message, 403)


def _utf8(text: str) -> str:
    """A text that can be written, half a surrogate pair from a request's escapes made visible."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
