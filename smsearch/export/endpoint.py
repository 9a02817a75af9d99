"""Calls the operations of an account, or of another endpoint, with boto3, and translates its errors into ours.

This is the only module of the package that imports boto3. boto3 retries throttled requests at a rate that adapts to the
endpoint. This module knows no kind and no file.
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
"""How often one request is sent before it fails."""
_DELAY_MAX: Final = 20.0
"""Seconds before a request is sent again, at most; as in botocore."""
_FIRST_FAILURE_STATUS: Final = 300
_TOO_MANY_REQUESTS: Final = 429
_DEFAULT_REGION: Final = "us-east-1"
"""The region of a client for another endpoint, if none is configured: boto3 requires one."""
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
"""Codes after which every other request would fail too, until somebody acts."""
_GONE: Final = frozenset({"ResourceNotFound", "ResourceNotFoundException", "NotFoundException"})
_GONE_MESSAGE: Final = re.compile(r"not found|could not find|cannot find|does not exist|doesn't exist", re.IGNORECASE)
"""SageMaker answers a ValidationException for a resource that does not exist; only its message says so."""


@dataclass(frozen=True, slots=True)
class Address:
    """An endpoint as boto3 takes it; None is what boto3 finds in the environment and its configuration.

    Attributes:
        url: The endpoint's URL.
        region: The region's name.
        profile: The profile whose credentials are used.
    """

    url: str | None = None
    region: str | None = None
    profile: str | None = None


class Endpoint:
    """An endpoint with SageMaker's operations; several threads may use it at once.

    Attributes:
        url: The endpoint's URL.
        region: The region's name.
        profile: The profile's name.
    """

    def __init__(self, address: Address, connections: int) -> None:
        """Raises what `_client` raises."""
        self._client = _client(address, connections)
        self._client.meta.events.register("needs-retry.sagemaker", _retry_delay)
        self._client.meta.events.register("after-call.sagemaker", _refuse_incomplete)
        self._methods = {operation: name for name, operation in self._client.meta.method_to_api_mapping.items()}
        self.url = str(self._client.meta.endpoint_url)
        self.region = str(self._client.meta.region_name)
        self.profile = address.profile or ""

    @property
    def model(self) -> ServiceModel:
        """The service model that requests and responses follow."""
        return self._client.meta.service_model

    def ask(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """The response to a request, without ResponseMetadata.

        Raises:
            FetchError: A subclass says why there is no response.
        """
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        try:
            response: dict[str, Any] = getattr(self._client, self._methods[operation])(**request)
        except ClientError as error:
            raise _error_of(operation, error.response) from None
        except BotoCoreError as error:
            raise UnreachableError(f"{operation}: {error}") from None
        except (AttributeError, TypeError, ValueError, ResponseParserError) as error:
            # a text where boto3's parser expects a structure, or a union without a member
            raise RefusedError(f"{operation}: boto3 cannot read the answer ({error}).") from None
        response.pop("ResponseMetadata", None)
        return response

    def pages(self, operation: str, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """The pages of a response.

        Raises:
            FetchError: As for `ask`; or a page has the NextToken of the page before it.
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
        region = address.region or session.region_name or (_DEFAULT_REGION if address.url else None)
        if address.url and session.get_credentials() is None:
            settings = settings.merge(Config(signature_version=UNSIGNED))
        return session.client("sagemaker", region_name=region, endpoint_url=address.url, config=settings)
    except (BotoCoreError, ValueError) as error:
        raise UnreachableError(f"{error}", hint="Check --profile, --region and --endpoint-url.") from None


def _is_incomplete(http: Any) -> bool:  # noqa: ANN401 - botocore is untyped
    """Whether a success is no JSON object: cut off, or from another program. botocore reads such a body as empty."""
    if http.status_code >= _FIRST_FAILURE_STATUS:
        return False
    try:
        return not isinstance(orjson.loads(http.content), dict)
    except orjson.JSONDecodeError:
        return True


def _retry_delay(response: tuple[Any, Any] | None, attempts: int, **_: object) -> float | None:
    """Seconds before a request with an incomplete response is sent again; None does not send it again."""
    if response is None or attempts >= ATTEMPTS or not _is_incomplete(response[0]):
        return None
    return float(min(0.1 * 2**attempts, _DELAY_MAX))


def _refuse_incomplete(http_response: Any, model: Any, **_: object) -> None:  # noqa: ANN401 - botocore is untyped
    """Raises UnreachableError for an incomplete response: every attempt gave one."""
    if _is_incomplete(http_response):
        raise UnreachableError(f"{model.name}: the answer breaks off, or is none of the service's.")


def _error_of(operation: str, response: Mapping[str, Any]) -> FetchError:
    """Our error for the endpoint's error response."""
    error = response.get("Error", {})
    code, message = str(error.get("Code", "")), str(error.get("Message", ""))
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    kind: type[FetchError] = RefusedError
    if code in _DENIED:
        kind = DeniedError
    elif code in _GONE or (code == "ValidationException" and _GONE_MESSAGE.search(message)):
        kind = GoneError
    elif code in _UNREACHABLE or status == _TOO_MANY_REQUESTS:
        kind = UnreachableError
    return kind(f"{operation}: {code}: {message}".rstrip(": "), endpoint_code=code)
