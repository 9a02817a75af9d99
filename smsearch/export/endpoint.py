"""Asks an account, or another endpoint, through boto3: operation, request, response, and errors of ours.

The only module of this room that knows boto3. It retries what the endpoint throttles, at a rate that adapts to what the
endpoint bears; it does not know what is asked or why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch.errors import DeniedError, FetchError, GoneError, MissingLibraryError, RefusedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.model import ServiceModel

ATTEMPTS: Final = 10
"""How often one request is sent before it is given up."""
_WAITS_MAX: Final = 20.0
"""The longest wait in seconds before a request is sent again, as botocore has it."""
_FAILED: Final = 300
"""The least status of an answer that is no success."""
_REGION_OF_OTHERS: Final = "us-east-1"
"""The region for an endpoint of one's own, where none is configured: boto3 has to have one."""
_DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"})
_UNREACHABLE: Final = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "RequestExpired",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "SignatureDoesNotMatch",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "UnrecognizedClientException",
    }
)
"""Codes after which every other request would fail too, as long as nothing is done about it."""
_GONE: Final = frozenset({"ResourceNotFound", "ResourceNotFoundException", "NotFoundException"})
_GONE_SAYS: Final = re.compile(r"not found|could not find|cannot find|does not exist|doesn't exist", re.IGNORECASE)
"""SageMaker answers a ValidationException for a resource that is not there; only its message says so."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to ask, as boto3 takes it; None is what boto3 finds in the environment and its configuration.

    Attributes:
        url: The endpoint's URL.
        region: The region's name.
        profile: The profile whose credentials are used.
    """

    url: str | None = None
    region: str | None = None
    profile: str | None = None


class Endpoint:
    """Something that answers SageMaker's operations; may be used by several threads at once.

    Attributes:
        url: The endpoint's URL.
        region: The region's name.
        profile: The profile's name.
    """

    def __init__(self, address: Address, connections: int) -> None:
        """Raises what `_client` raises."""
        self._client = _client(address, connections)
        self._client.meta.events.register("needs-retry.sagemaker", _wait_of)
        self._client.meta.events.register("after-call.sagemaker", _refuse_half)
        self._methods = {operation: name for name, operation in self._client.meta.method_to_api_mapping.items()}
        self.url = str(self._client.meta.endpoint_url)
        self.region = str(self._client.meta.region_name)
        self.profile = address.profile or ""

    @property
    def model(self) -> ServiceModel:
        """The service model that requests and responses follow."""
        return self._client.meta.service_model

    def ask(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """The response to a request, without what belongs to its transport.

        Raises:
            FetchError: A subclass says what became of it.
        """
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        try:
            response: dict[str, Any] = getattr(self._client, self._methods[operation])(**request)
        except ClientError as error:
            raise _worded(operation, error.response) from None
        except BotoCoreError as error:
            raise UnreachableError(f"{operation}: {error}") from None
        except (AttributeError, TypeError, ValueError, ResponseParserError) as error:
            # a text where boto3's parser knows a structure, or a union with no member
            raise RefusedError(f"{operation}: boto3 cannot read the answer ({error}).") from None
        response.pop("ResponseMetadata", None)
        return response

    def pages(self, operation: str, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """The response to a request, and to each that goes on from there.

        Raises:
            FetchError: As `ask`; or the same page is to follow itself.
        """
        members, before = dict(request), None
        while True:
            page = self.ask(operation, members)
            token = page.pop("NextToken", None)
            yield page
            if not token:
                return
            if token == before:
                raise RefusedError(f"{operation}: the endpoint gives the same NextToken again and again.")
            members["NextToken"] = before = token


def _client(address: Address, connections: int) -> Any:  # noqa: ANN401 - boto3 makes its classes as it goes
    """A client of boto3.

    Raises:
        MissingLibraryError: boto3 is not installed.
        UnreachableError: There is no such profile, or no region.
    """
    try:
        import boto3
    except ImportError:
        raise MissingLibraryError(
            "boto3 is not installed, and it is what asks the service.", hint="pip install 'smsearch-offline[export]'"
        ) from None
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    settings = Config(
        retries={"mode": "adaptive", "total_max_attempts": ATTEMPTS},
        max_pool_connections=connections,
        user_agent_extra="smsearch-export",
    )
    try:
        session = boto3.Session(profile_name=address.profile)
        region = address.region or session.region_name or (_REGION_OF_OTHERS if address.url else None)
        if address.url and session.get_credentials() is None:
            settings = settings.merge(Config(signature_version=UNSIGNED))
        return session.client("sagemaker", region_name=region, endpoint_url=address.url, config=settings)
    except (BotoCoreError, ValueError) as error:
        raise UnreachableError(f"{error}", hint="Check --profile, --region and --endpoint-url.") from None


def _is_half(http: Any) -> bool:  # noqa: ANN401 - botocore is untyped
    """Whether a success is no JSON object: cut off by its connection, or somebody else's. To botocore it is empty."""
    if http.status_code >= _FAILED:
        return False
    try:
        return not isinstance(orjson.loads(http.content), dict)
    except orjson.JSONDecodeError:
        return True


def _wait_of(response: tuple[Any, Any] | None, attempts: int, **_: object) -> float | None:
    """How long to wait before a request is sent again whose answer came in half, in seconds; None leaves it at that."""
    if response is None or attempts >= ATTEMPTS or not _is_half(response[0]):
        return None
    return float(min(0.1 * 2**attempts, _WAITS_MAX))


def _refuse_half(http_response: Any, model: Any, **_: object) -> None:  # noqa: ANN401 - botocore is untyped
    """Raises UnreachableError: every answer came in half."""
    if _is_half(http_response):
        raise UnreachableError(f"{model.name}: the answer breaks off, or is none of the service's.")


def _worded(operation: str, response: Mapping[str, Any]) -> FetchError:
    """The error of ours for an error of the endpoint's."""
    told = response.get("Error", {})
    code, message = str(told.get("Code", "")), str(told.get("Message", ""))
    said = f"{operation}: {code}: {message}".rstrip(": ")
    if code in _DENIED:
        return DeniedError(said, told=code)
    if code in _GONE or (code == "ValidationException" and _GONE_SAYS.search(message)):
        return GoneError(said, told=code)
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _UNREACHABLE or status == _TOO_MANY:
        return UnreachableError(said, told=code)
    return RefusedError(said, told=code)


_TOO_MANY: Final = 429
