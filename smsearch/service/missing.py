"""What the service says when a record is not there; its wordings differ from operation to operation.

The codes and texts are those that public clients of the service test for, or that public reports quote
(docs/semantics.md, row L7, has the sources); an operation without one of its own has the error that the service model
declares for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.errors import ServiceError
from smsearch.predicate.order import SortKey
from smsearch.predicate.predicate import Always
from smsearch.schema import arns, catalogue
from smsearch.service.inputs import VALIDATION
from smsearch.syntax.ast import SortOrder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.schema.operations import Operation
    from smsearch.searcher import Searcher

NOT_FOUND: Final = "ResourceNotFound"
_PLAIN: Final = "Requested resource not found."
_UNKNOWN_REGION: Final = "us-east-1"
_UNKNOWN_ACCOUNT: Final = "000000000000"
_TUNING: Final = "Amazon SageMaker can't find {a_job} called {name}. Type another name."
_WORDINGS: Final[Mapping[str, tuple[str, str]]] = {
    "TrainingJob": (VALIDATION, _PLAIN),
    "ProcessingJob": (VALIDATION, "Could not find requested job with name: {name}"),
    "TransformJob": (VALIDATION, "Could not find requested job with name: {name}"),
    "Endpoint": (VALIDATION, 'Could not find endpoint "{arn}".'),
    "EndpointConfig": (VALIDATION, 'Could not find endpoint configuration "{arn}".'),
    "Model": (VALIDATION, 'Could not find model "{arn}".'),
    "ModelPackageGroup": (VALIDATION, "ModelPackageGroup {arn} does not exist."),
    "ModelPackage": (VALIDATION, "Could not find model package {arn}: it does not exist."),
    "Project": (VALIDATION, "Project {name} does not exist."),
    "CodeRepository": (VALIDATION, "Cannot find CodeRepository: {arn}"),
    "NotebookInstance": (VALIDATION, "RecordNotFound"),
    "App": (VALIDATION, "RecordNotFound"),
    "Space": (VALIDATION, "RecordNotFound"),
    "DeviceFleet": (VALIDATION, "No devicefleet with name: {name} found in this account."),
    "HyperParameterTuningJob": (NOT_FOUND, _TUNING.replace("{a_job}", "a tuning job")),
    "AutoMLJob": (NOT_FOUND, _TUNING.replace("{a_job}", "an AutoML job")),
    "FeatureGroup": (
        NOT_FOUND,
        "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name {name}.",
    ),
}


def not_found(operation: Operation, kind: str, name: str, searcher: Searcher, region: str = "") -> ServiceError:
    """The error for a record of a kind, in the place where an operation looked for it under a name.

    Args:
        operation: Which operation looked for it.
        kind: The record's kind.
        name: The name or ARN that was asked for.
        searcher: Whose records they are.
        region: The region that the request is for, or `""`.
    """
    if kind in _WORDINGS:
        code, wording = _WORDINGS[kind]
        return ServiceError(code, wording.format(name=name, arn=arn_of(kind, name, searcher, region)))
    if NOT_FOUND in operation.errors:
        key = catalogue.resource(kind).record_key
        return ServiceError(NOT_FOUND, f"{key} '{name}' does not exist.")
    return ServiceError(VALIDATION, _PLAIN)


def arn_of(kind: str, name: str, searcher: Searcher, region: str) -> str:
    """The ARN that a record of a kind would have: in the dump's account, and the request's region or the dump's."""
    if name.startswith("arn:"):
        return name
    account = searcher.engine.main_account() or _UNKNOWN_ACCOUNT
    own_type = catalogue.resource(kind).arn_type
    return f"arn:aws:sagemaker:{region or _region_of(searcher)}:{account}:{own_type}/{name.lower()}"


def _region_of(searcher: Searcher) -> str:
    """The region of some record with an ARN."""
    for kind in searcher.resources():
        resource = catalogue.resource(kind)
        schema = searcher.engine.schema(kind)
        key = SortKey(schema.property(".".join(resource.arn)), SortOrder.ASCENDING)
        for record in searcher.engine.page(kind, Always(), key, b"", 1, 0).records:
            if region := arns.region_of(record.arn):
                return region
    return _UNKNOWN_REGION
