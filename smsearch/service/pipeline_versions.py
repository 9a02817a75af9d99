"""What DescribePipeline shows of one version of a pipeline, as far as the dump tells it.

The dump has the definition that DescribePipeline showed when it was exported, which is the latest version's; a record
of a version has its names and aliases, and no definition. It knows one record, and not how it was found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import ServiceError
from smsearch.frozen import replace
from smsearch.service.inputs import VALIDATION
from smsearch.service.missing import NOT_FOUND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.schema.record import Record
    from smsearch.searcher import Searcher

ID: Final = "PipelineVersionId"
ALIAS: Final = "PipelineVersionAlias"
_ALIASES: Final = "PipelineVersionAliases"
_OF_A_VERSION: Final = ("PipelineVersionDisplayName", "PipelineVersionDescription", _ALIASES)
"""The members of a version's record that DescribePipeline shows."""


def of_version(record: Record, members: Mapping[str, Any], searcher: Searcher) -> Record:
    """A pipeline's record as it is for the version that an input names; the record itself if it names none.

    Raises:
        ServiceError: ResourceNotFound: the pipeline has no such version. ValidationException: the input names a
            version in two ways, or one whose definition the dump does not have.
    """
    if ID in members and ALIAS in members:
        raise ServiceError(VALIDATION, f"{ID} and {ALIAS} cannot both be given.")
    if not {ID, ALIAS} & members.keys() or members.get(ALIAS) in (record.document.get(_ALIASES) or ()):
        return record
    member = ID if ID in members else ALIAS
    versions = [one.document for one in searcher.engine.find("PipelineVersion", record.arn)]
    numbers = [number for one in versions if isinstance(number := one.get(ID), int)]
    if not numbers:
        message = f"DescribePipeline cannot answer {member}: the dump has no versions of pipeline {record.name}."
        raise ServiceError(VALIDATION, f"{message} `smsearch export` writes them.")
    version = next((one for one in versions if _is_named(one, members)), None)
    if version is None:
        raise ServiceError(NOT_FOUND, f"Pipeline '{record.name}' has no version '{members[member]}'.")
    if version.get(ID) != max(numbers):
        message = f"DescribePipeline cannot answer {member} offline: of pipeline {record.name} the dump has the"
        raise ServiceError(
            VALIDATION, f"{message} definition of version {max(numbers)} alone, the latest. Leave it out."
        )
    own: dict[str, Any] = {name: version[name] for name in _OF_A_VERSION if name in version}
    return replace(record, document={**record.document, **own})


def _is_named(version: Mapping[str, Any], members: Mapping[str, Any]) -> bool:
    """Whether an input names a version, by its number or by an alias."""
    if ID in members:
        return bool(version.get(ID) == members[ID])
    return members[ALIAS] in (version.get(_ALIASES) or ())
