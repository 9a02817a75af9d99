"""Stored documents as records: the JSON of a response, parsed when a record is asked for.

It knows no store and no archive; both keep their documents in this form.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, cast, overload

from smsearch.errors import StoreError
from smsearch.schema import catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from smsearch.schema.catalogue import Resource
    from smsearch.schema.record import Record


class ParsedDocuments(Sequence["Record"]):
    """Stored documents as records, parsed when they are asked for.

    Args:
        resource: Their resource.
        stored: `{"TrainingJob":{...}}` each, in the wire's JSON; views of a file are copied when the first record is
            asked for.
        exported: Called when a record is asked for, gives what the export had in other types, as
            `notation.other_types_of` wrote it, by the place of the record. None where no record has any.
        file_of: The name of the file that a document is from, for errors, by its place.
    """

    def __init__(
        self,
        resource: str,
        stored: Sequence[bytes | memoryview],
        exported: Callable[[], Mapping[int, bytes]] | None = None,
        file_of: Callable[[int], str] = lambda _: "a stored document",
    ) -> None:
        self._resource = catalogue.resource(resource)
        self._documents = stored
        self._read_exported = exported
        self._file_of = file_of

    @cached_property
    def _stored(self) -> list[bytes]:
        return [*map(bytes, self._documents)]

    @cached_property
    def _exported(self) -> Mapping[int, bytes]:
        return {} if self._read_exported is None else self._read_exported()

    def __len__(self) -> int:
        return len(self._documents)

    @overload
    def __getitem__(self, at: int) -> Record: ...

    @overload
    def __getitem__(self, at: slice) -> ParsedDocuments: ...

    def __getitem__(self, at: int | slice) -> Record | ParsedDocuments:
        if isinstance(at, slice):
            places = range(len(self))[at]
            chosen = {new: self._exported[old] for new, old in enumerate(places) if old in self._exported}
            return ParsedDocuments(
                self._resource.name, self._stored[at], lambda: chosen, lambda new: self._file_of(places[new])
            )
        place = range(len(self))[at]
        other_types = self._exported.get(place)
        try:
            return self._record_of(self._stored[place], other_types, self._resource)
        except (AttributeError, LookupError, TypeError, ValueError) as error:  # who wrote it has not read it
            message = (
                f"{self._file_of(place)} is damaged: it holds a document that is no {self._resource.name}: {error}."
            )
            raise StoreError(message, hint="Restore it, or build the store again.") from None

    @cached_property
    def _record_of(self) -> Callable[[bytes, bytes | None, Resource], Record]:
        from smsearch.schema.stored_document import record_of  # who wants the documents as they are does without

        return record_of

    def __iter__(self) -> Iterator[Record]:
        return (self[at] for at in range(len(self)))

    def iso_documents(self) -> list[bytes] | None:
        """Each as it is stored with its times in ISO 8601; None where bytes alone do not tell of one."""
        from smsearch.schema import iso_documents

        spelled = [iso_documents.document(stored, self._resource, is_exact=True) for stored in self._stored]
        return None if None in spelled else cast("list[bytes]", spelled)

    def lines(self) -> Iterator[bytes]:
        """Each as `notation.line` gives it."""
        from smsearch.schema import iso_documents, notation

        for place, stored in enumerate(self._stored):
            spelled = None if place in self._exported else iso_documents.members(stored, self._resource)
            yield notation.line(self[place]) if spelled is None else spelled + b"\n"
