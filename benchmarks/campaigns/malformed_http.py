"""Bytes that are no HTTP or hardly any: the server answers in HTTP or hangs up, and goes on serving."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, Final

import orjson

from benchmarks.campaigns.campaign import BrokenLawError, Campaign
from benchmarks.campaigns.samples import make_store
from benchmarks.serving import processor_seconds_of, running
from smsearch.server.protocol import HEAD_BYTES_MAX

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.campaigns.campaign import Attempt

PATIENCE_SECONDS: Final = 60
_BODY: Final = b'{"Resource":"TrainingJob","MaxResults":1}'
_LINES: Final = (
    b"POST / HTTP/1.1",
    b"Host: localhost",
    b"X-Amz-Target: SageMaker.Search",
    b"Content-Length: %d" % len(_BODY),
)
RIGHT: Final = b"\r\n".join(_LINES) + b"\r\n\r\n" + _BODY
_EDITS_MAX: Final = 4
_PIECES: Final = (
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\x00",
        b"\xff",
        b" ",
        b":",
        b"\t",
        b"\r\n\r\n",
        b"\r\n ",
        b"%00",
        b"%zz",
        b"//",
        b"/../",
    ),
    *(b"Content-Length: 0\r\n", b"Content-Length: 99999999999999999999\r\n", b"Content-Length: -1\r\n"),
    *(b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: chunked, identity\r\n", b"Connection: close\r\n"),
    *(b"Host: localhost\r\n", b"Host: evil.example\r\n", b"Host:\r\n", b"Origin: http://evil.example\r\n"),
    *(b"Connection: Upgrade\r\nUpgrade: websocket\r\n", b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"),
    *(b"Expect: 100-continue\r\n", b"HTTP/1.0", b"HTTP/2.0", b"HTTP/1.1", b"GET", b"HEAD", b"CONNECT", b"OPTIONS"),
    *(
        b"1\r\nx\r\n0\r\n\r\n",
        b"ffffffffffffffff\r\n",
        b"-1\r\n",
        b"0;x=y\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01",
    ),
    *(b"X: " + b"x" * 2_000 + b"\r\n", b"x" * 5_000, b"a:b\r\n" * 1_000, b"\xe2\x80\xae", b"Cookie: \xff=\xfe; a\r\n"),
    b"X: " + b"x" * (2 * HEAD_BYTES_MAX),
    RIGHT,
)


@contextmanager
def _prepare(folder: Path) -> Iterator[Attempt]:
    serve = ["smsearch", "serve", str(make_store(folder)), "--port", "0"]
    with running(serve, "export AWS_ENDPOINT_URL_SAGEMAKER=http://") as (process, address):
        host, _, port = address.partition(":")
        place = (host, int(port))

        def attempt(chance: random.Random) -> float:
            begun = processor_seconds_of(process.pid)
            content = _changed(chance)
            _send(chance, place, content)
            expect_served(place, f"after {content[:2_000]!r}")
            return processor_seconds_of(process.pid) - begun

        yield attempt


def expect_served(place: tuple[str, int], when: str) -> None:
    """A right request is answered rightly.

    Raises:
        BrokenLawError: It is not.
    """
    with socket.create_connection(place, timeout=PATIENCE_SECONDS) as wire:
        wire.sendall(RIGHT)
        try:
            response = HTTPResponse(wire)
            response.begin()
            answer = orjson.loads(response.read())
        except (HTTPException, OSError, ValueError) as error:
            raise BrokenLawError(f"{when} a right request failed: {error!r}") from None
    if response.status != 200 or len(answer["Results"]) != 1:
        raise BrokenLawError(f"{when} a right request had the answer {answer}")


def _send(chance: random.Random, place: tuple[str, int], content: bytes) -> None:
    """Sends bytes in one or several pieces, says goodbye in one of three ways, and reads what comes.

    Raises:
        BrokenLawError: What comes is no HTTP, or the fault of the server.
    """
    with socket.create_connection(place, timeout=PATIENCE_SECONDS) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        size = chance.choice((1, 3, 100, 5_000, len(content))) if len(content) < 4_000 else len(content)
        try:
            for start in range(0, len(content), max(size, 1)):
                wire.sendall(content[start : start + size])
            if chance.random() < 0.3:
                return  # it hangs up, which resets what is unread
            wire.shutdown(socket.SHUT_WR)
            answer = b""
            while chunk := wire.recv(1 << 16):
                answer += chunk
        except TimeoutError:
            raise BrokenLawError(f"the server neither answered nor hung up: {content[:2_000]!r}") from None
        except OSError:
            return  # it was dropped
    if answer and not answer.startswith((b"HTTP/1.1 2", b"HTTP/1.1 4", b"HTTP/1.1 3", b"HTTP/1.1 100")):
        raise BrokenLawError(f"{answer[:200]!r} was the answer to {content[:2_000]!r}")
    if b"the server has a bug" in answer.lower():
        raise BrokenLawError(f"the server has a bug: {content[:2_000]!r}")


def _changed(chance: random.Random) -> bytes:
    """A right request, changed in a few places."""
    content = bytearray(RIGHT)
    for _ in range(chance.randint(1, _EDITS_MAX)):
        at = chance.randrange(len(content) + 1)
        match chance.randrange(5):
            case 0:
                content[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del content[at : at + chance.choice((1, 2, 10, 50))]
            case 2:
                del content[at:]
            case 3:
                end = content.find(b"\r\n", at) + 2
                content[end:end] = chance.choice(_PIECES)
            case _:
                content[at:at] = chance.choice(_PIECES)
    return bytes(content)


CAMPAIGN: Final = Campaign(
    name="malformed HTTP",
    law="bytes that are hardly HTTP get an answer of HTTP or a hang-up, and a right request afterwards its answer",
    tries=10_000,
    tested=60,
    prepare=_prepare,
)
