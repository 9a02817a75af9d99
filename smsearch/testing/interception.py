"""Stands between botocore's SageMaker clients and the network while somebody wants to answer in its place.

Where: the event `before-call`, at which botocore itself lets a handler answer. A request has then been checked against
the service model and spelled out, but neither signed nor sent; so no credentials are needed and nothing is retried. A
call that a test lets fail goes on as far as `before-send`, unsigned, and is answered there, as often as botocore's own
retries ask. The handlers come to a client by its first call in the block, for which `BaseClient._make_api_call` is
wrapped: handlers of a session reach only clients that are made afterwards, and a test cannot know who has made one
before. It knows no record.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial, wraps
from io import BytesIO
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, Protocol

from smsearch.errors import MissingLibraryError, ServiceError, UnansweredError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Answering(Protocol):
    """What answers in the place of the service."""

    def answer(self, operation: str, body: bytes, region: str) -> bytes:
        """An operation's output for its input, both JSON, in a client's region; or raises a ServiceError."""

    def is_to_fail(self, operation: str) -> bool:
        """Whether the next answer is an error that botocore may retry."""


_SERVICE: Final = "sagemaker"
_REGION: Final = "us-east-1"
_CREDENTIALS: Final = {"aws_access_key_id": "smsearch-testing", "aws_secret_access_key": "smsearch-testing"}
_BEFORE_THE_KEY: Final = 5
"""How many arguments of `create_client` after the region's give it an access key: it is the fifth of them."""
_UNKNOWN: Final = "UnknownOperationException"
_PROTOCOL: Final = "json"
_UNSENT: Final = "smsearch-testing-unsent"
"""The mark in the context of a request that goes on and is answered before it would be sent."""
_HEADERS: Final = {
    "x-amzn-requestid": "00000000-0000-0000-0000-000000000000",
    "content-type": "application/x-amz-json-1.1",
}

_lock: Final = RLock()
_answers: Final[list[Answering]] = []
"""Who answers; the last one does."""
_wrapped: Final[list[tuple[type, str, object, object]]] = []
"""The methods that are wrapped: class, name, the original, and what stands in its place."""


@contextmanager
def answering(answer: Answering) -> Iterator[None]:
    """Lets every SageMaker client be answered in the block.

    Args:
        answer: What answers.

    Raises:
        MissingLibraryError: botocore is not installed.
    """
    with _lock:
        if not _answers:
            _wrap()
        _answers.append(answer)
    try:
        yield
    finally:
        with _lock:
            _answers.reverse()
            _answers.remove(answer)  # the innermost, should one be entered twice
            _answers.reverse()
            if not _answers:
                _unwrap()


def _wrap() -> None:
    try:
        from botocore.client import BaseClient
        from botocore.session import Session
    except ImportError:
        raise MissingLibraryError(
            "botocore is not installed, and it is what would be stubbed.", hint="pip install boto3"
        ) from None
    _replace(BaseClient, "_make_api_call", _calling)
    _replace(Session, "create_client", _creating)


def _replace(owner: type, name: str, wrapping: Callable[[Any], object]) -> None:
    original = getattr(owner, name)
    replacement = wrapping(original)
    setattr(owner, name, replacement)
    _wrapped.append((owner, name, original, replacement))


def _unwrap() -> None:
    """Puts the originals back; a method that somebody else has wrapped since stays, and ours in it does nothing."""
    for owner, name, original, replacement in _wrapped:
        if getattr(owner, name) is replacement:
            setattr(owner, name, original)
    _wrapped.clear()


def _calling(original: Any) -> object:  # noqa: ANN401 - botocore is untyped
    @wraps(original)
    def call(client: Any, operation_name: str, api_params: dict[str, Any]) -> object:  # noqa: ANN401
        if _answers and client.meta.service_model.service_name == _SERVICE:
            _register(client.meta.events, client.meta.region_name)
        return original(client, operation_name, api_params)

    return call


def _creating(original: Any) -> object:  # noqa: ANN401 - botocore is untyped
    @wraps(original)
    def create(session: Any, service_name: str, region_name: Any = None, *more: Any, **named: Any) -> object:  # noqa: ANN401
        if _answers and service_name == _SERVICE:
            if region_name is None and session.get_config_variable("region") is None:
                region_name = _REGION
            if len(more) < _BEFORE_THE_KEY and named.get("aws_access_key_id") is None:
                named |= _CREDENTIALS
        return original(session, service_name, region_name, *more, **named)

    return create


def _register(events: Any, region: str) -> None:  # noqa: ANN401 - botocore is untyped
    """Sets the handlers in a client's way, once."""
    for event, handler in (
        ("before-call", partial(_respond, region=region)),
        ("choose-signer", _unsigned),
        ("before-send", partial(_send, region=region)),
    ):
        events.register_first(f"{event}.{_SERVICE}", handler, unique_id=f"smsearch-testing-{event}")


def _innermost() -> Answering | None:
    with _lock:
        return _answers[-1] if _answers else None


def _respond(model: Any, params: dict[str, Any], region: str, **_: object) -> tuple[object, dict[str, Any]] | None:  # noqa: ANN401
    """The answer to a call, as `before-call` takes it: a response and what is read from it; None lets it go on.

    Raises:
        UnansweredError: The operation is none that records can answer.
    """
    answer = _innermost()
    if answer is None:
        return None
    if _protocol_of(model.service_model) != _PROTOCOL:
        raise UnansweredError(f"{model.name} is spelled in another protocol than JSON.", hint="Use another botocore.")
    if answer.is_to_fail(model.name):
        params["context"][_UNSENT] = True
        return None
    status, body = _answered(answer, model.name, params["body"], region)
    return _response(model, status, body)


def _protocol_of(service_model: Any) -> str:  # noqa: ANN401 - botocore is untyped
    """How the client spells a call; an older botocore has no choice of several."""
    protocol: str = getattr(service_model, "resolved_protocol", service_model.protocol)
    return protocol


def _unsigned(context: dict[str, Any], **_: object) -> object:
    """That a request which will not be sent is not signed, as `choose-signer` takes it; None leaves others alone."""
    from botocore import UNSIGNED

    return UNSIGNED if _UNSENT in context else None


def _send(request: Any, event_name: str, region: str, **_: object) -> object:  # noqa: ANN401 - botocore is untyped
    """The answer to one attempt of a call that a test lets fail, as `before-send` takes it; None sends the request.

    Raises:
        UnansweredError: The operation is none that records can answer.
    """
    from botocore.awsrequest import AWSResponse

    answer = _innermost()
    if answer is None:
        return None
    status, body = _answered(answer, event_name.rpartition(".")[2], request.body, region)
    return AWSResponse(request.url, status, _HEADERS, _Raw(body))


def _answered(answer: Answering, name: str, body: str | bytes, region: str) -> tuple[int, bytes]:
    """The status and the body of an answer, errors spelled as the wire has them."""
    try:
        return 200, answer.answer(name, body.encode() if isinstance(body, str) else bytes(body), region)
    except ServiceError as error:
        if error.code == _UNKNOWN:
            raise UnansweredError(
                f"{name} is not answered by a stub of records.",
                hint="It answers Search, and what describes, lists, makes, stops, deletes and tags records.",
            ) from None
        return error.status, _spelled(error)


def _spelled(error: ServiceError) -> bytes:
    import orjson

    return orjson.dumps({"__type": error.code, "message": error.message})


def _response(model: Any, status: int, body: bytes) -> tuple[object, dict[str, Any]]:  # noqa: ANN401
    """A body, read by botocore's own parser as it reads one from the network."""
    from botocore.awsrequest import AWSResponse
    from botocore.parsers import ResponseParserError, create_parser

    raw = {"status_code": status, "headers": _HEADERS, "body": body}
    try:
        parsed: dict[str, Any] = create_parser(_PROTOCOL).parse(raw, model.output_shape)
    except (
        AttributeError,
        TypeError,
        ValueError,
        ResponseParserError,
    ) as error:  # what its parser meets in a text where a structure should be, or in a union with no member
        raise UnansweredError(
            f"{model.name}: a record has not the shape that botocore reads ({error}).", hint="Mend the record."
        ) from None
    parsed["ResponseMetadata"]["RetryAttempts"] = 0
    return AWSResponse("", status, _HEADERS, _Raw(body)), parsed


class _Raw(BytesIO):
    """A body as botocore reads it from its response, for handlers of `after-call` that look at it."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        """The whole of it."""
        yield self.read()
