"""Generates `writes.json` from botocore's service model: which operations change something, and how the plain ones do.

An operation reads if its name begins with one of a few verbs; any other writes. Of those that make, stop, remove or tag
a record of the catalogue's kinds it says what a record then has, as far as the model implies it. Nothing imports it but
`generate.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grammar.catalogue.listings import RecordMembers, fold
from grammar.catalogue.operations import described_by, input_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from botocore.model import OperationModel, ServiceModel

READING = ("Describe", "List", "Get", "Search", "Query", "Render", "BatchDescribe")
"""How the names of operations begin that read."""
HANDED_OUT = "Presigned"
"""The word in the names of operations that hand out an address and change nothing, though they are called Create."""
CREATES = {"AddAssociation": "Association"}
"""Operations that make a record under another verb than Create."""
TAGS = {"AddTags": "tag", "DeleteTags": "untag"}
"""Operations that change the tags of a record of any kind."""
UNDER_WAY = (
    "inprogress",
    "creating",
    "starting",
    "pending",
    "initializing",
    "created",
    "active",
)
"""What a new record's status is: the first of these that its enum has."""
ENDED = ("stopped", "completed")
"""What a stopped record's status is."""
TIMES = {
    "created": ("CreationTime", "CreatedAt", "CreateDate"),
    "modified": ("LastModifiedTime", "LastModifiedAt", "LastUpdatedDate"),
}
"""How kinds name the times that a change sets."""


def writes(
    model: ServiceModel, catalogue: Mapping[str, Any], operations: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Every operation that writes, with how it does where the model says enough, else with nothing.

    Args:
        model: The service model.
        catalogue: The kinds of records.
        operations: The operations that describe and list them.
    """
    return {
        name: _written(model.operation_model(name), catalogue, operations) or {}
        for name in sorted(model.operation_names)
        if not name.startswith(READING) and HANDED_OUT not in name
    }


def readings(model: ServiceModel, operations: Mapping[str, Any]) -> list[str]:
    """The operations that neither write nor are answered."""
    answered = {*operations, "Search", "GetSearchSuggestions"}
    return [
        name
        for name in sorted(model.operation_names)
        if (name.startswith(READING) or HANDED_OUT in name) and name not in answered
    ]


def _written(
    operation: OperationModel, catalogue: Mapping[str, Any], operations: Mapping[str, Any]
) -> dict[str, Any] | None:
    if operation.name in TAGS:
        return {"does": TAGS[operation.name], "input": input_of(operation.input_shape), **_output(operation)}
    kind_of = dict(described_by(catalogue))
    for verb in ("Create", "Stop", "Delete"):
        describe = f"Describe{operation.name.removeprefix(verb)}"
        if operation.name.startswith(verb) and describe in kind_of:
            kind = kind_of[describe]
            break
    else:
        if operation.name not in CREATES:
            return None
        verb, describe, kind = "Create", "", CREATES[operation.name]
    record = RecordMembers(kind, catalogue)
    if verb == "Create":
        return _create(operation, kind, record)
    inputs = operations.get(describe, {}).get("input", {})
    demanded = {name for name, member in inputs.items() if member.get("required")}
    if not inputs or not demanded <= operation.input_shape.members.keys():
        return None
    entry = {
        "does": verb.lower(),
        "kind": kind,
        "describe": describe,
        "input": input_of(operation.input_shape),
        **_output(operation),
    }
    return {**entry, **_stopped(record)} if verb == "Stop" else entry


def _create(operation: OperationModel, kind: str, record: RecordMembers) -> dict[str, Any] | None:
    """How an operation makes a record; None if the service gives it a name or an id of its own making."""
    shape = operation.input_shape
    output = operation.output_shape.members if operation.output_shape is not None else {}
    made_up = {name for name in output if name in record.members} - {*shape.members, record.arn}
    if record.name not in shape.required_members or made_up:
        return None
    return {
        "does": "create",
        "kind": kind,
        "input": input_of(shape),
        "takes": [name for name in shape.members if name in record.members],
        **_output(operation),
        "sets": dict(_statuses(record, UNDER_WAY)),
        "times": [name for names in TIMES.values() if (name := record.named(*names))],
        "errors": [error.name for error in operation.error_shapes],
    }


def _stopped(record: RecordMembers) -> dict[str, Any]:
    """What a stopped record has: the status, and the times at which it was changed and ended."""
    ends = [
        name
        for name, reference in record.members.items()
        if reference == "timestamp" and name.endswith(("EndTime", "CompletionTime"))
    ]
    modified = record.named(*TIMES["modified"])
    times = [*([modified] if modified else []), *(ends if len(ends) == 1 else [])]
    return {"sets": dict(_statuses(record, ENDED)), "times": times}


def _statuses(record: RecordMembers, words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The members that say how far a record is, and the first of some words that each may have."""
    for base in ("Status", "SecondaryStatus"):
        name = record.named(base, f"{record.key}{base}", f"{record.name.removesuffix('Name')}{base}")
        spelled = {fold(word): word for word in record.words(name or "")}
        word = next((spelled[word] for word in words if word in spelled), None)
        if name is not None and word is not None:
            yield name, word


def _output(operation: OperationModel) -> dict[str, list[str]]:
    shape = operation.output_shape
    return {"output": list(shape.members) if shape is not None else []}
