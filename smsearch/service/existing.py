"""What the service says when what an operation would make is there already.

The codes and texts are those that public clients of the service test for, or that public reports quote
(docs/semantics.md, row L8, has the sources). It knows records and inputs, and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from smsearch.errors import ServiceError
from smsearch.schema import arns, catalogue
from smsearch.service.inputs import VALIDATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsearch.schema.record import Record
    from smsearch.schema.writes import Write
    from smsearch.searcher import Searcher

IN_USE: Final = "ResourceInUse"
_UNIQUE: Final = "{Words} names must be unique within an AWS account and region"
_NAMED: Final = f"{_UNIQUE}. {{Words}} with name ({{name}}) already exists."
_WITH_ARN: Final = f"{_UNIQUE}, and {{a}} {{words}} with this name already exists ({{arn}})"
_WORDINGS: Final[Mapping[str, tuple[str, str]]] = {
    "Association": (VALIDATION, "An association between {arn} and {name} already exists."),
    "Endpoint": (VALIDATION, 'Cannot create already existing endpoint "{arn}".'),
    "EndpointConfig": (VALIDATION, 'Cannot create already existing endpoint configuration "{arn}".'),
    "Experiment": (VALIDATION, _NAMED),
    "ExperimentTrial": (VALIDATION, _NAMED),
    "ExperimentTrialComponent": (VALIDATION, _NAMED),
    "FeatureGroup": (
        IN_USE,
        "Resource Already Exists: FeatureGroup with name {name} already exists. Choose a different name.",
    ),
    "Model": (VALIDATION, 'Cannot create already existing model "{arn}".'),
    "ModelPackageGroup": (VALIDATION, "Model Package Group already exists: {arn}"),
    "Pipeline": (VALIDATION, _NAMED),
}


def refuse_existing(write: Write, members: Mapping[str, Any], searcher: Searcher, region: str = "") -> None:
    """Refuses to make a record that is there.

    Args:
        write: The operation that would make it.
        members: Its input, checked.
        searcher: Where to look.
        region: Where the record would be, or `""`: then one of any region counts.

    Raises:
        ServiceError: There is a record of this name.
    """
    record = _existing(write, members, searcher, region)
    if record is None:
        return
    otherwise = IN_USE if IN_USE in write.errors else VALIDATION
    code, wording = _WORDINGS.get(record.resource, (otherwise, _WITH_ARN))
    words = words_of(record.resource)
    article = "an" if words[0] in "aeiou" else "a"
    text = wording.format(Words=words[:1].upper() + words[1:], a=article, words=words, name=record.name, arn=record.arn)
    raise ServiceError(code, text)


def is_held(write: Write, searcher: Searcher, _member: str, text: str) -> bool:
    """Whether a record that an operation may change has a text for its name or ARN (row E2)."""
    kinds = [write.kind] if write.kind else list(searcher.resources())
    return any(searcher.engine.find(kind, text) for kind in kinds)


def words_of(kind: str) -> str:
    """A kind as people call it: `training job`."""
    return {"ExperimentTrial": "trial", "ExperimentTrialComponent": "trial component"}.get(
        kind, catalogue.resource(kind).arn_type.partition("/")[0].replace("-", " ")
    )


def _existing(write: Write, members: Mapping[str, Any], searcher: Searcher, region: str) -> Record | None:
    """The record that has all that the input tells of the identity of the record that it asks for."""
    kind = catalogue.resource(write.kind)
    paths = [*((kind.arn,) if kind.arn_is_shared else ()), *kind.key]
    identity = {path[-1]: members.get(path[-1]) for path in paths}
    for record in searcher.engine.find(write.kind, members[kind.name_path[-1]]):
        is_here = not region or kind.arn[-1] in members or arns.region_of(record.arn) in {"", region}
        if is_here and all(record.document.get(name) == value for name, value in identity.items()):
            return record
    return None
