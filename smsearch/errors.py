"""What can go wrong, by whose fault it is.

A `RequestError` is the caller's: it becomes a ValidationException on the wire and exit code 2 on the command
line. An `ExportError` belongs to a file that was read, a `StoreError` to a store. Each leaf has a stable
`code` that programs may test; its prose may change. This module knows nothing of requests, files or stores
beyond those words.
"""

from __future__ import annotations

from typing import ClassVar, Self

from smsearch.frozen import frozen


@frozen
class Suggestion:
    """What a part of a request probably means: a program may put `right` in the place of `wrong`."""

    wrong: str
    right: str


class SmsearchWarning(UserWarning):
    """A query that is correct and probably meant otherwise."""


class SmsearchError(Exception):
    """Anything smsearch refuses to do, with a stable `code`.

    Attributes:
        code: The stable name of the kind of error.
        message: What was wrong, without where it was.
        hint: What would be right, or `""`.
    """

    code: ClassVar[str] = "Smsearch"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class RequestError(SmsearchError):
    """The request is wrong; nothing was searched.

    Attributes:
        path: Where in the request, as a JSON path (`SearchExpression.Filters[0].Value`), or `""`.
        row: The row of `docs/semantics.md` that the request breaks (`E3`), where one stands for it, or `""`.
        is_verbatim: Whether the message is the service's own, word for word.
        suggestion: What would be right, as a value; None where only the hint says it.
        response: The same error as boto3's `ClientError.response` shows it.
    """

    code = "Request"

    def __init__(
        self, message: str, *, path: str = "", hint: str = "", row: str = "", is_verbatim: bool = False
    ) -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.row = row
        self.is_verbatim = is_verbatim
        self.suggestion: Suggestion | None = None

    def with_suggestion(self, wrong: str, right: str) -> Self:
        """The same error, with what a part of the request probably means."""
        self.suggestion = Suggestion(wrong, right)
        return self

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return where + super().__str__()

    @property
    def wire_message(self) -> str:
        """The message as the wire has it: the service's own stands alone, since clients compare it (row W1)."""
        return self.message if self.is_verbatim else str(self)

    @property
    def response(self) -> dict[str, dict[str, str]]:
        """The error as boto3 gives it: `{"Error": {"Code": "ValidationException", "Message": ...}}`."""
        return {"Error": {"Code": "ValidationException", "Message": self.wire_message}}


class TextSyntaxError(RequestError):
    """A text query that the grammar, or the API behind it, cannot say.

    Attributes:
        line: Line of the offending place, counted from 1.
        column: Column of the offending place, counted from 1.
        excerpt: The offending line with a caret under the place, or `""`.
    """

    code = "TextSyntax"

    def __init__(self, message: str, *, line: int = 1, column: int = 1, excerpt: str = "", hint: str = "") -> None:
        super().__init__(message, path=f"line {line}, column {column}", hint=hint)
        self.line = line
        self.column = column
        self.excerpt = excerpt

    def __str__(self) -> str:
        return f"{super().__str__()}\n{self.excerpt}" if self.excerpt else super().__str__()


class ShapeError(RequestError):
    """A member of the wrong JSON type, a missing member, or one the API does not have."""

    code = "Shape"


class LimitExceededError(RequestError):
    """A documented limit is not met: a length, a number, a count, an empty expression."""

    code = "LimitExceeded"


class UnknownPropertyError(RequestError):
    """A property that the resource does not have."""

    code = "UnknownProperty"

    @property
    def wire_message(self) -> str:
        """The service's message has no path before it; the nearest name follows (row F6)."""
        return f"{self.message} {self.hint}".rstrip()


class AmbiguousNameError(RequestError):
    """A bare name that may stand for several properties of the records."""

    code = "AmbiguousName"


class OperatorNotSupportedError(RequestError):
    """An operator that the property's type does not have."""

    code = "OperatorNotSupported"


class InvalidValueError(RequestError):
    """A value that cannot be read as what it should be."""

    code = "InvalidValue"


class InvalidNextTokenError(RequestError):
    """A NextToken that was changed, has expired, or belongs to another request."""

    code = "InvalidNextToken"


class NotFoundError(SmsearchError):
    """A name or an ARN that no record has."""

    code = "NotFound"


class ExportError(SmsearchError):
    """An export, or a part of one, that cannot be read.

    Attributes:
        file: The file's name as the caller gave it, or `""`.
        line: The line in it, counted from 1, or 0.
    """

    code = "Export"

    def __init__(self, message: str, *, file: str = "", line: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.file = file
        self.line = line

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        return place + super().__str__()


class StoreError(SmsearchError):
    """A store or an archive that is not there, unfinished, of another version, or damaged."""

    code = "Store"


class MissingFileError(StoreError):
    """A file that a store's manifest names is not there."""

    code = "MissingFile"


class ServiceError(Exception):
    """What an operation answers in place of its output, with the service's own name for it.

    Attributes:
        code: `ValidationException`, `ResourceNotFound`, `SerializationException` or `UnknownOperationException`.
        message: The service's wording where it is known.
        status: The status of the HTTP response.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


class ServerError(SmsearchError):
    """The server cannot be started."""

    code = "Server"


class MissingLibraryError(SmsearchError):
    """A library that only some of smsearch needs, and that is not installed."""

    code = "MissingLibrary"


class FetchError(SmsearchError):
    """An account or another endpoint that does not answer a request.

    Attributes:
        endpoint_code: The error code in the endpoint's response, or `""`.
    """

    code = "Fetch"

    def __init__(self, message: str, *, endpoint_code: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.endpoint_code = endpoint_code


class GoneError(FetchError):
    """There is no such resource, or none any more."""

    code = "Gone"


class DeniedError(FetchError):
    """The credentials do not allow it."""

    code = "Denied"


class RefusedError(FetchError):
    """The endpoint answers with another error: it does not know the operation, or will not have the request."""

    code = "Refused"


class UnreachableError(FetchError):
    """Nothing can be asked: no connection, no credentials, or throttling that outlasts every patience."""

    code = "Unreachable"


class UnfinishedError(FetchError):
    """A folder with an unfinished export of something else, or one that another process is at work on."""

    code = "Unfinished"


class FixedRecordsError(SmsearchError):
    """Records that cannot be changed were to be changed."""

    code = "FixedRecords"


class UnansweredError(SmsearchError):
    """A stubbed client was asked what records cannot answer."""

    code = "Unanswered"


class ClusterError(SmsearchError):
    """A cluster that is not there, cannot be asked, or has failed."""

    code = "Cluster"
