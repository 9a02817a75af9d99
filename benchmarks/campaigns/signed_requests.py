"""Signed requests that were changed in one place: none is taken for what the owner of the key has sent."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from benchmarks.campaigns.campaign import BrokenLawError, Campaign
from smsearch.errors import ServiceError
from smsearch.server.credentials import Secret
from smsearch.server.signatures import Head, claim_of

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.campaigns.campaign import Attempt

_KEY, _SECRET = "AKIDEXAMPLE", "a secret"
_CODES: Final = frozenset(
    {
        "InvalidSignatureException",
        "UnrecognizedClientException",
        "MissingAuthenticationTokenException",
        "IncompleteSignatureException",
    }
)
_UNSIGNED: Final = frozenset({b"authorization"})


@contextmanager
def _prepare(folder: Path) -> Iterator[Attempt]:
    del folder  # nothing is written

    def attempt(chance: random.Random) -> None:
        body = b'{"Resource":"TrainingJob","MaxResults":%d}' % chance.randrange(100)
        head = _signed(body)
        if _refusal(head, body):
            raise BrokenLawError(f"what botocore has signed is refused: {_refusal(head, body)}")
        changed, changed_body = _changed(chance, head, body)
        if _means(changed, changed_body) == _means(head, body):
            return
        code = _refusal(changed, changed_body)
        if code not in _CODES:
            raise BrokenLawError(f"{code or 'accepted'}: {changed!r} {changed_body!r}")

    yield attempt


def _signed(body: bytes) -> Head:
    headers = {"X-Amz-Target": "SageMaker.Search", "Content-Type": "application/x-amz-json-1.1", "Host": "localhost:1"}
    request = AWSRequest("POST", "http://localhost:1/?a=1", headers, body)
    SigV4Auth(Credentials(_KEY, _SECRET), "sagemaker", "us-east-1").add_auth(request)
    return Head("POST", b"a=1", [(name.lower().encode(), value.encode()) for name, value in request.headers.items()])


def _refusal(head: Head, body: bytes) -> str:
    """The code with which a request is refused; `""` of one that is not."""
    try:
        claim_of(head, {_KEY: Secret(_SECRET)}, datetime.now(UTC)).verify(body)
    except ServiceError as error:
        return error.code
    return ""


def _changed(chance: random.Random, head: Head, body: bytes) -> tuple[Head, bytes]:
    """The request with one byte changed, added or taken away, or without one of its headers."""
    headers = list(head.headers)
    at = chance.randrange(len(headers))
    name, value = headers[at]
    match chance.randrange(5):
        case 0:
            return head, _edited(chance, body)
        case 1:
            return replace(head, query=_edited(chance, head.query)), body
        case 2:
            del headers[at]
        case 3:
            headers.insert(chance.randrange(len(headers)), (name, _edited(chance, value)))
        case _:
            headers[at] = (name, _edited(chance, value))
    return replace(head, headers=headers), body


def _edited(chance: random.Random, content: bytes) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([chance.randrange(256)] * chance.randrange(3)) + content[at + chance.randrange(2) :]


def _means(head: Head, body: bytes) -> tuple[object, ...]:
    """What of a request is signed, without needless blanks; and its header of the signature as it is read."""
    names = sorted({name for name, _ in head.headers})
    values = [(name, head.value(name.decode("latin-1"))) for name in names if name not in _UNSIGNED]
    algorithm, _, rest = head.value("authorization").partition(" ")
    parameters = sorted(part.strip() for part in rest.split(","))
    signed = next((sorted(set(part[14:].split(";"))) for part in parameters if part.startswith("SignedHeaders=")), [])
    others = [part for part in parameters if "=" in part and not part.startswith("SignedHeaders=")]
    query = sorted(pair.partition(b"=")[::2] for pair in head.query.split(b"&") if pair)
    return head.method, query, values, algorithm, signed, others, body


CAMPAIGN: Final = Campaign(
    name="signed requests",
    law="a request that was signed and then changed in one place is refused, in the service's words",
    tries=100_000,
    tested=300,
    prepare=_prepare,
)
