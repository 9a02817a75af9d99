"""Signature Version 4: whether the sender of a request knows the secret of the access key that it names.

Written after AWS's description of the algorithm; refusals have the codes and, as far as they are known, the words of
the service. The head of a request is judged before its body is read. It knows no operation and no socket.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from smsearch.errors import ServiceError
from smsearch.messages import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from smsearch.server.credentials import Secret

ALGORITHM: Final = "AWS4-HMAC-SHA256"
SERVICE: Final = "sagemaker"
SKEW_MINUTES: Final = 15
"""How far the clocks of a client and of this machine may differ."""
_TERMINATOR: Final = "aws4_request"
_PARAMETERS: Final = ("Credential", "Signature", "SignedHeaders")
_SIGNED: Final = {"host": "'Host' or ':authority'", "x-amz-date": "'X-Amz-Date'", "x-amz-target": "'X-Amz-Target'"}
"""Headers that must be signed, since they say what is asked of whom, and when."""
_MOMENT: Final = "%Y%m%dT%H%M%SZ"
_ISO_BASIC: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a request to `/`, as it is signed.

    Attributes:
        method: `POST`.
        query: What follows the `?` of its target, as it was sent.
        headers: Names in lower case and values, in order.
    """

    method: str
    query: bytes
    headers: Sequence[tuple[bytes, bytes]]

    def values(self, name: str) -> list[bytes]:
        """The values of a header, as often as it was sent, each without needless blanks."""
        return [b" ".join(value.split()) for other, value in self.headers if other == name.encode("latin-1", "replace")]

    def value(self, name: str) -> str:
        """The values of a header as one, as they are signed; `""` without one."""
        return b",".join(self.values(name)).decode("latin-1")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a head says about its sender: enough to verify it with the body.

    Attributes:
        secret: That of the access key which it names.
        moment: When it was signed, as it says.
        scope: Date, region, service and `aws4_request`.
        signature: In hexadecimal digits.
        canonical: The canonical request, but for the digest of the body at its end.
    """

    secret: Secret
    moment: str
    scope: str
    signature: str
    canonical: bytes

    def verify(self, body: bytes) -> None:
        """Refuses a request that another than the owner of the key has made or changed.

        Raises:
            ServiceError: The signature does not match.
        """
        digest = sha256(self.canonical + sha256(body).hexdigest().encode()).hexdigest()
        key = f"AWS4{self.secret.key}".encode()
        for part in self.scope.split("/"):
            key = _signed(key, part)
        signature = _signed(key, f"{ALGORITHM}\n{self.moment}\n{self.scope}\n{digest}").hex()
        if not hmac.compare_digest(signature.encode(), self.signature.encode()):
            message = (
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                "Access Key and signing method. Consult the service documentation for details."
            )
            raise ServiceError("InvalidSignatureException", message)


def claim_of(head: Head, secrets: Mapping[str, Secret], now: datetime) -> Claim:
    """What a head says about its sender.

    Args:
        head: The head.
        secrets: By the access key ids that are accepted.
        now: The present moment, with its time zone.

    Raises:
        ServiceError: Nobody has signed the request; not as the algorithm asks; at another time; or with a key that is
            not accepted.
    """
    match head.values("authorization"):
        case []:
            raise ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token")
        case [_, _, *_]:
            raise ServiceError("IncompleteSignatureException", "A request has one Authorization header.")
    parameters = _parameters(head)
    moment = head.value("x-amz-date")
    key_id, scope = _scope(parameters["Credential"], moment)
    _refuse_skew(moment, now)
    names = parameters["SignedHeaders"].split(";")
    canonical = _canonical(head, names)
    secret = secrets.get(key_id)
    token = head.value("x-amz-security-token")
    if secret is None or not hmac.compare_digest(secret.session_token.encode(), token.encode()):
        raise ServiceError("UnrecognizedClientException", "The security token included in the request is invalid.")
    return Claim(secret, moment, scope, parameters["Signature"], canonical)


def _signed(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _parameters(head: Head) -> dict[str, str]:
    """The parameters of the Authorization header, every one that the algorithm asks for."""
    algorithm, _, rest = head.value("authorization").partition(" ")
    pairs = (pair.strip().partition("=") for pair in rest.split(","))
    parameters = {name: value for name, _, value in pairs if value} if algorithm == ALGORITHM else {}
    lacks = [f"Authorization header requires '{name}' parameter." for name in _PARAMETERS if name not in parameters]
    if not head.values("x-amz-date"):
        lacks.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    if lacks:
        raise ServiceError("IncompleteSignatureException", " ".join(lacks))
    return parameters


def _scope(credential: str, moment: str) -> tuple[str, str]:
    """The access key id of a credential, and its scope if it is one of this service and of the moment's day."""
    if not _ISO_BASIC.fullmatch(moment):
        message = f"Date must be in ISO-8601 'basic format'. Got '{shortened(moment)}'."
        raise ServiceError("IncompleteSignatureException", message)
    key_id, *scope = credential.split("/")
    match scope:
        case [day, _, service, terminator]:
            pass
        case _:
            message = "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term."
            raise ServiceError("IncompleteSignatureException", message)
    faults = []
    if terminator != _TERMINATOR:
        faults.append(f"Credential should be scoped with a valid terminator: '{_TERMINATOR}'.")
    if service != SERVICE:
        faults.append(f"Credential should be scoped to correct service: '{SERVICE}'.")
    if day != moment[:8]:
        faults.append(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{shortened(day)}' != '{moment[:8]}', from '{moment}'."
        )
    if faults:
        raise ServiceError("InvalidSignatureException", " ".join(faults))
    return key_id, "/".join(scope)


def _refuse_skew(moment: str, now: datetime) -> None:
    """Refuses what was signed too long ago, or will be."""
    skew = timedelta(minutes=SKEW_MINUTES)
    earliest, latest = ((now.astimezone(UTC) + by).strftime(_MOMENT) for by in (-skew, skew))
    here = now.astimezone(UTC).strftime(_MOMENT)
    message = ""
    if moment < earliest:
        message = f"Signature expired: {moment} is now earlier than {earliest} ({here} - {SKEW_MINUTES} min.)"
    elif moment > latest:
        message = f"Signature not yet current: {moment} is still later than {latest} ({here} + {SKEW_MINUTES} min.)"
    if message:
        raise ServiceError("InvalidSignatureException", message)


def _canonical(head: Head, names: Iterable[str]) -> bytes:
    """The canonical request up to the digest of its body.

    Raises:
        ServiceError: A header that must be signed is not, or one is named that was not sent.
    """
    signed_names = sorted(set(names))
    for name, words in _SIGNED.items():
        if name not in signed_names:
            raise ServiceError(
                "InvalidSignatureException", f"{words} must be a 'SignedHeader' in the AWS Authorization."
            )
    lines = []
    for name in signed_names:
        if not head.values(name):
            message = f"'{shortened(name)}' is named as a SignedHeader, but it does not exist in the HTTP request."
            raise ServiceError("IncompleteSignatureException", message)
        lines.append(f"{name}:{head.value(name)}\n")
    pairs = sorted(pair.partition(b"=")[::2] for pair in head.query.split(b"&") if pair)
    query = b"&".join(b"=".join(pair) for pair in pairs)
    head_lines = "".join(lines).encode("latin-1")
    return b"\n".join([head.method.encode(), b"/", query, head_lines, ";".join(signed_names).encode("latin-1"), b""])
