"""Asks an account, or another endpoint, through boto3: operation, request, response, and errors of ours.

The only module of this room that knows boto3. It retries what the endpoint throttles, at a rate that adapts to what the
endpoint bears; it does not know what is asked or why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import DeniedError, FetchError, GoneError, MissingLibraryError, RefusedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from botocore.model import ServiceModel

ATTEMPTS: Final = 10
"""How often one request is sent before it is given up."""
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

        try:
            response: dict[str, Any] = getattr(self._client, self._methods[operation])(**request)
        except ClientError as error:
            raise _worded(operation, error.response) from None
        except BotoCoreError as error:
            raise UnreachableError(f"{operation}: {error}") from None
        except (AttributeError, TypeError, ValueError) as error:  # a text where boto3's parser knows a structure
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
