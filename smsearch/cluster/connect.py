"""Asks whether a server of Spark listens at an address, before Spark's own client does.

Spark's client tries a silent server again for minutes and says nothing. gRPC speaks HTTP/2, and either side of HTTP/2
begins with a SETTINGS frame; so a server that does not answer one with its own is no gRPC server. This module knows no
session.
"""

from __future__ import annotations

import socket
from typing import Final
from urllib.parse import parse_qs, urlsplit

from smsearch.errors import ClusterError

_PORT: Final = 15002
_SETTINGS: Final = 4
"""The type of a SETTINGS frame (RFC 9113, section 6.5)."""
_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes((0, 0, 0, _SETTINGS, 0, 0, 0, 0, 0))
"""A client's first bytes: the preface of section 3.4 and an empty SETTINGS frame."""
_HEAD_BYTES: Final = 9
"""A frame's length (3 bytes), type, flags and stream (4 bytes)."""
_ANSWER_MAX: Final = 80
"""Characters of a wrong answer that the error shows."""
_HINT: Final = "Check the URL, sc://HOST:PORT, and that a Spark Connect server runs there."
_MASTER_HINT: Final = "Check the URL, spark://HOST:PORT, and that a master runs there."


def need_server(remote: str, seconds: float) -> None:
    """Returns when an HTTP/2 server has answered at a Spark Connect URL; over TLS, when a server has accepted.

    Args:
        remote: `sc://HOST[:PORT][/;OPTION=VALUE]`; of other URLs Spark's client says itself what is wrong.
        seconds: How long to wait for the connection, and again for the answer.

    Raises:
        ClusterError: Nobody listens, nobody answers in time, or another kind of server answers.
    """
    url = urlsplit(remote)
    if url.scheme != "sc" or url.hostname is None:
        return
    try:
        address = url.hostname, url.port or _PORT
        with socket.create_connection(address, timeout=seconds) as connection:
            if _uses_tls(url.path):
                return
            connection.sendall(_PREFACE)
            answer = _first_bytes(connection)
    except TimeoutError:
        raise ClusterError(f"No server at {remote} has answered in {seconds:g} seconds.", hint=_HINT) from None
    except (OSError, ValueError) as error:
        raise ClusterError(f"No server at {remote}: {error}.", hint=_HINT) from None
    if len(answer) < _HEAD_BYTES or answer[3] != _SETTINGS:
        line = answer.partition(b"\r\n")[0].decode("ascii", "replace")[:_ANSWER_MAX]
        what = f"answered {line!r}" if line else "closed the connection"
        raise ClusterError(f"The server at {remote} is no Spark Connect server: it {what}.", hint=_HINT)


def need_master(master: str, seconds: float) -> None:
    """Returns when somebody listens at an address of a standalone master; of other masters nothing is asked.

    Args:
        master: `spark://HOST:PORT`, with more addresses after commas.
        seconds: How long to wait for each connection.

    Raises:
        ClusterError: Nobody listens at any of them.
    """
    scheme, _, addresses = master.partition("://")
    if scheme != "spark":
        return
    reasons = []
    for host, _, port in (address.rpartition(":") for address in addresses.split(",")):
        try:
            socket.create_connection((host, int(port)), timeout=seconds).close()
        except (OSError, ValueError) as error:
            reasons.append(str(error))
        else:
            return
    raise ClusterError(f"No master at {master}: {', '.join(reasons)}.", hint=_MASTER_HINT)


def _uses_tls(path: str) -> bool:
    """Whether the URL's options ask for TLS; a token does so too."""
    options = parse_qs(path.lstrip("/").lstrip(";").replace(";", "&"))
    return options.get("use_ssl", ["false"])[-1].lower() == "true" or "token" in options


def _first_bytes(connection: socket.socket) -> bytes:
    """The head of the server's first frame, or what it sends instead."""
    answer = b""
    while len(answer) < _HEAD_BYTES and (more := connection.recv(_ANSWER_MAX)):
        answer += more
    return answer
