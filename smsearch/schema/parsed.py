"""Stored documents as records: the JSON of a response, parsed when a record is asked for.

It knows no store and no archive; both keep their documents in this form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast, overload

from smsearch.schema import catalogue, notation
from smsearch.schema.decode import loads
from smsearch.schema.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator


class ParsedDocuments(Sequence[Record]):
    """Stored documents as records, parsed when they are asked for."""

    def __init__(self, resource: str, stored: list[bytes]) -> None:
        self._resource = catalogue.resource(resource)
        self._stored = stored

    def __len__(self) -> int:
        return len(self._stored)

    @overload
    def __getitem__(self, at: int) -> Record: ...

    @overload
    def __getitem__(self, at: slice) -> ParsedDocuments: ...

    def __getitem__(self, at: int | slice) -> Record | ParsedDocuments:
        if isinstance(at, slice):
            return ParsedDocuments(self._resource.name, self._stored[at])
        stored = self._stored[at]
        document = cast("dict[str, dict[str, Any]]", loads(stored))[self._resource.record_key]
        if b'Infinity"' in stored:
            document = cast("dict[str, Any]", notation.with_infinities(document, self._resource.root))
        arn, name = (text_at(document, path) for path in (self._resource.arn, self._resource.name_path))
        return Record(self._resource.name, arn, name, document)

    def __iter__(self) -> Iterator[Record]:
        return (self[at] for at in range(len(self)))


def text_at(document: Any, path: tuple[str, ...]) -> str:  # noqa: ANN401 - any JSON value
    """The text of a member, such as a record's name; `""` where there is none."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return "" if document is None else str(document)
