"""What the service says when a record is not there; its wordings differ from operation to operation.

The codes and texts are those that public clients of the service test for; an operation without one of its own has the
error that the service model declares for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from smsearch.errors import ServiceError
from smsearch.service.inputs import VALIDATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.schema.operations import Operation

NOT_FOUND: Final = "ResourceNotFound"
_PLAIN: Final = "Requested resource not found."
_WORDINGS: Final[Mapping[str, tuple[str, str]]] = {
    "TrainingJob": (VALIDATION, _PLAIN),
    "ProcessingJob": (VALIDATION, "Could not find requested job with name: {name}"),
    "TransformJob": (VALIDATION, "Could not find requested job with name: {name}"),
    "Endpoint": (VALIDATION, 'Could not find endpoint "{name}".'),
    "EndpointConfig": (VALIDATION, 'Could not find endpoint configuration "{name}".'),
    "Model": (VALIDATION, 'Could not find model "{name}".'),
    "ModelPackageGroup": (VALIDATION, "ModelPackageGroup {name} does not exist."),
    "ModelPackage": (VALIDATION, "ModelPackage {name} does not exist."),
    "Project": (VALIDATION, "Project {name} does not exist."),
    "CodeRepository": (VALIDATION, "Cannot find CodeRepository: {name}"),
    "HyperParameterTuningJob": (
        NOT_FOUND,
        "Amazon SageMaker can't find a tuning job with the name {name}. Check the name and try again.",
    ),
    "FeatureGroup": (
        NOT_FOUND,
        "Resource Not Found: Amazon SageMaker can't find a FeatureGroup with name {name}.",
    ),
}


def not_found(operation: Operation, kind: str, key: str, name: str) -> ServiceError:
    """The error for a record of a kind, in the place where an operation looked for it under a name."""
    if kind in _WORDINGS:
        code, wording = _WORDINGS[kind]
        return ServiceError(code, wording.format(name=name))
    if NOT_FOUND in operation.errors:
        return ServiceError(NOT_FOUND, f"{key} '{name}' does not exist.")
    return ServiceError(VALIDATION, _PLAIN)
