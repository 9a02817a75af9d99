"""Carries out operations that make, stop, remove and tag records, on the records of a stub.

One rule for all kinds: `schema/writes.py` says which members an operation sets, and the record has those, the members
of the input, the time, and an ARN. It knows nothing of botocore, and runs no job: a job that was made is under way
until a test says otherwise (row L10).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson

from smsearch.errors import ServiceError
from smsearch.schema import catalogue
from smsearch.schema.catalogue import Scalar
from smsearch.service.existing import is_held, refuse_existing, words_of
from smsearch.service.inputs import VALIDATION, checked, request_members
from smsearch.service.missing import arn_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smsearch.live_searcher import LiveSearcher
    from smsearch.schema.record import Record
    from smsearch.schema.writes import Write
    from smsearch.service import Service

_TAGS: Final = "Tags"
_OVER: Final = frozenset({"completed", "failed", "stopped", "deleting", "deleted", "cancelled"})
"""Statuses of what cannot be stopped any more."""


class Writer:
    """Changes the records of a searcher as operations say."""

    def __init__(self, searcher: LiveSearcher, service: Service) -> None:
        self._searcher = searcher
        self._service = service

    def answer(self, write: Write, body: bytes, region: str) -> bytes:
        """Carries an operation out.

        Args:
            write: The operation.
            body: Its input, in the wire's JSON.
            region: The region that the request is for.

        Returns:
            Its output, in the wire's JSON.

        Raises:
            ServiceError: What the service would answer in its place; nothing is changed then.
        """
        inputs = checked(write, request_members(body), partial(is_held, write, self._searcher))
        output = self._ways[write.does](self, write, inputs, region)
        return orjson.dumps({name: output[name] for name in write.output if name in output})

    def _create(self, write: Write, inputs: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        refuse_existing(write, inputs, self._searcher, region)
        kind = catalogue.resource(write.kind)
        members = {name: inputs[name] for name in write.takes if name in inputs}
        arn, name = kind.arn[-1], inputs[kind.name_path[-1]]
        parts = [str(inputs[path[-1]]) for path in kind.key if path[-1] in inputs] or [name]
        members.setdefault(arn, arn_of(kind.name, "/".join(parts), self._searcher, region))
        members |= {member: word for member, word in write.sets.items() if member not in inputs}
        now = datetime.now(UTC)
        members |= dict.fromkeys(write.times, now)
        version = kind.root.member(kind.version) if kind.version in kind.root.members else None
        if isinstance(version, Scalar) and version.kind.is_whole:
            members.setdefault(kind.version, 1)
        self._searcher.put(kind.name, {kind.inner: members} if kind.inner else members)
        return members

    def _stop(self, write: Write, inputs: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        record = self._service.record(write.describe, inputs, region)
        for member in write.sets:
            status = str(record.document.get(member, ""))
            if status.lower() in _OVER:
                message = f"The request was rejected because the {words_of(record.resource)} is in status {status}."
                raise ServiceError(VALIDATION, message)
        return self._changed(record, {**write.sets, **dict.fromkeys(write.times, datetime.now(UTC))})

    def _delete(self, write: Write, inputs: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        record = self._service.record(write.describe, inputs, region)
        self._searcher.remove(record.arn or record.name, record.resource)
        return _members(record)

    def _tag(self, _write: Write, inputs: Mapping[str, Any], _region: str) -> Mapping[str, Any]:
        tags = {tag["Key"]: tag for tag in self._tags(inputs["ResourceArn"])}
        tags |= {tag["Key"]: tag for tag in inputs[_TAGS]}
        return self._retagged(inputs["ResourceArn"], list(tags.values()))

    def _untag(self, _write: Write, inputs: Mapping[str, Any], _region: str) -> Mapping[str, Any]:
        tags = [tag for tag in self._tags(inputs["ResourceArn"]) if tag["Key"] not in inputs["TagKeys"]]
        return self._retagged(inputs["ResourceArn"], tags)

    def _tags(self, arn: str) -> list[dict[str, str]]:
        tags = _members(self._service.record_of(arn)).get(_TAGS)
        return tags if isinstance(tags, list) else []

    def _retagged(self, arn: str, tags: list[dict[str, str]]) -> Mapping[str, Any]:
        record = self._service.record_of(arn)
        if _TAGS not in catalogue.resource(record.resource).described.members:
            raise ServiceError(VALIDATION, f"A {words_of(record.resource)} has no tags.")
        return self._changed(record, {_TAGS: tags})

    def _changed(self, record: Record, change: Mapping[str, Any]) -> Mapping[str, Any]:
        """Puts a record with some members changed in its place; gives the members that Describe shows."""
        inner = catalogue.resource(record.resource).inner
        members = {**_members(record), **change}
        whole = {**record.document, **record.exported}
        whole = {**whole, inner: members} if inner else {**whole, **change}
        self._searcher.put(record.resource, whole, is_partial=record.is_partial)
        return members

    _ways: Final[Mapping[str, Callable[[Writer, Write, Mapping[str, Any], str], Mapping[str, Any]]]] = {  # pyright: ignore[reportAssignmentType]
        "create": _create,
        "delete": _delete,
        "stop": _stop,
        "tag": _tag,
        "untag": _untag,
    }


def _members(record: Record) -> dict[str, Any]:
    """The members of a record that Describe returns."""
    return catalogue.resource(record.resource).described_members(record.document)
