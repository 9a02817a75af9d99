"""Stands between botocore's SageMaker clients and the network while somebody wants to answer in its place.

Where: the event `before-call`, at which botocore itself lets a handler answer. A request has then been checked against
the service model and spelled out, but neither signed nor sent; so no credentials are needed and nothing is retried. The
handler comes to a client by its first call in the block, for which `BaseClient._make_api_call` is wrapped: handlers of
a session reach only clients that are made afterwards, and a test cannot know who has made one before. It knows no
record.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from io import BytesIO
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import MissingLibraryError, ServiceError, UnansweredError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Answer = Callable[[str, bytes], bytes]

_SERVICE: Final = "sagemaker"
_REGION: Final = "us-east-1"
_CREDENTIALS: Final = {"aws_access_key_id": "smsearch-testing", "aws_secret_access_key": "smsearch-testing"}
_BEFORE_THE_KEY: Final = 5
"""How many arguments of `create_client` after the region's give it an access key: it is the fifth of them."""
_UNKNOWN: Final = "UnknownOperationException"
_PROTOCOL: Final = "json"

_lock: Final = RLock()
_answers: Final[list[Answer]] = []
"""Who answers; the last one does."""
_wrapped: Final[list[tuple[type, str, object, object]]] = []
"""The methods that are wrapped: class, name, the original, and what stands in its place."""


@contextmanager
def answering(answer: Answer) -> Iterator[None]:
    """Lets every SageMaker client be answered in the block.

    Args:
        answer: Gives an operation's output for its input, both JSON, or raises a ServiceError.

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
            client.meta.events.register_first(f"before-call.{_SERVICE}", _respond, unique_id="smsearch-testing")
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


def _respond(model: Any, params: dict[str, Any], **_: object) -> tuple[object, dict[str, Any]] | None:  # noqa: ANN401
    """The answer to a call, as `before-call` takes it: a response and what is read from it; None lets it go on.

    Raises:
        UnansweredError: The operation is none that records can answer.
    """
    with _lock:
        answer = _answers[-1] if _answers else None
    if answer is None:
        return None
    body = params["body"]
    if model.service_model.resolved_protocol != _PROTOCOL:
        raise UnansweredError(f"{model.name} is spelled in another protocol than JSON.", hint="Use another botocore.")
    try:
        return _response(model, 200, answer(model.name, body.encode() if isinstance(body, str) else bytes(body)))
    except ServiceError as error:
        if error.code == _UNKNOWN:
            raise UnansweredError(
                f"{model.name} is not answered by a stub of records.",
                hint="It answers Search, GetSearchSuggestions, ListTags, and what describes and lists them.",
            ) from None
        return _response(model, error.status, _spelled(error))


def _spelled(error: ServiceError) -> bytes:
    import orjson

    return orjson.dumps({"__type": error.code, "message": error.message})


def _response(model: Any, status: int, body: bytes) -> tuple[object, dict[str, Any]]:  # noqa: ANN401
    """A body, read by botocore's own parser as it reads one from the network."""
    from botocore.awsrequest import AWSResponse
    from botocore.parsers import ResponseParserError, create_parser

    headers = {"x-amzn-requestid": "00000000-0000-0000-0000-000000000000", "content-type": "application/x-amz-json-1.1"}
    raw = {"status_code": status, "headers": headers, "body": body}
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
    return AWSResponse("", status, headers, _Raw(body)), parsed


class _Raw(BytesIO):
    """A body as botocore reads it from its response, for handlers of `after-call` that look at it."""

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        """The whole of it."""
        yield self.read()
